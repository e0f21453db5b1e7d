"""Key rings of the tests: never the one of whoever runs them."""

from __future__ import annotations

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError


class FakeRing(KeyringBackend):
    """In memory."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.held: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.held[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.held.pop((service, username), None) is None:
            raise PasswordDeleteError("not found")


class LockedRing(FakeRing):
    """The user does not unlock it."""

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked(f"locked: {service} {username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise KeyringLocked(f"locked: {service} {username} {password}")

    def delete_password(self, service: str, username: str) -> None:
        raise KeyringLocked("locked")


class OddRing(LockedRing):
    """Whose errors are its own, and say what was asked for."""

    def get_password(self, service: str, username: str) -> str | None:
        raise RuntimeError(f"dbus broke over {username}")
