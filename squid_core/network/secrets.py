"""Passwords of DICOMweb services, in the system's key ring and nowhere else.

A password is kept for a user at an address: a settings file that names another address gets none. The key ring may
prompt, so it is asked on a thread or in a child, never on the window's thread.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit

from squid_core.contracts.errors import SquidError
from squid_core.network.configuration import Peer

T = TypeVar("T")

SERVICE = "SQUID Viewer"


def password(peer: Peer) -> str:
    """The password of the peer's user at its address; '' where the peer has no user, or none is kept.

    Raises:
        SquidError: there is no key ring, or it stays locked.
    """
    if not peer.user or not peer.dicomweb:
        return ""
    import keyring

    return _asked(lambda: keyring.get_password(SERVICE, _entry(peer))) or ""


def keep(peer: Peer, secret: str) -> None:
    """Keep a password for the peer's user at its address.

    Raises:
        SquidError: there is no key ring, or it stays locked; or the peer has no user.
    """
    if not peer.user or not peer.dicomweb:
        raise SquidError("This system has no user.", "Give the address of its DICOMweb services and a user first.")
    import keyring

    _asked(lambda: keyring.set_password(SERVICE, _entry(peer), secret))


def forget(peer: Peer) -> None:
    """Remove a password; one that is not there is no error.

    Raises:
        SquidError: there is no key ring, or it stays locked.
    """
    if not peer.user or not peer.dicomweb:
        return
    import keyring
    from keyring.errors import PasswordDeleteError

    def delete() -> None:
        try:
            keyring.delete_password(SERVICE, _entry(peer))
        except PasswordDeleteError:  # also where there is none
            if keyring.get_password(SERVICE, _entry(peer)) is not None:
                raise

    _asked(delete)


def _entry(peer: Peer) -> str:
    parts = urlsplit(peer.dicomweb)
    return f"{peer.user}@{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}"


def _asked(question: Callable[[], T]) -> T:
    from keyring.errors import InitError, KeyringLocked, NoKeyringError

    try:
        return question()
    except KeyringLocked as error:
        raise SquidError("The system's key ring is locked.", "Unlock it, then try again.", "KeyringLocked") from error
    except (NoKeyringError, InitError) as error:
        raise SquidError(
            "This system has no key ring that can be used.",
            "Passwords are kept nowhere else: set one up, or use a system that asks for none.",
            type(error).__name__,
        ) from error
    except Exception as error:  # noqa: BLE001 - each back end raises its own, whose texts may quote the entry
        raise SquidError(
            "The system's key ring does not answer as it should.", "Look at it, then try again.", type(error).__name__
        ) from None
