"""The settings in force, and the user's file: read once, written a moment after the last change."""

from __future__ import annotations

import dataclasses
from concurrent.futures import Future, wait
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer

from app.domain.errors import Notice
from app.domain.layers.chosen import load_chosen, save_chosen
from app.domain.layers.policy import load_policy
from app.domain.settings import Settings
from app.services.state.notifier import Notifier
from app.services.threads.courier import Courier
from app.services.threads.disk import ask_disk
from squid_core.privacy import new_key

SAVE_SETTINGS_MS = 500


class SettingsKeeper(QObject):
    """Holds the settings; says what is wrong with their file and with the policy of this computer.

    Attributes:
        base: what they are where the user has chosen nothing.
        fixed: names of those that are the administrator's; nothing here changes them.
    """

    def __init__(self, path: Path, courier: Courier, notifier: Notifier) -> None:
        super().__init__()
        self._path, self._courier, self._notifier = path, courier, notifier
        self._policy, complaint = load_policy()
        self._chosen, notice = load_chosen(path)
        self._now = self._chosen.settings(self._policy)
        self.base, self.fixed = self._policy.base, self._policy.names
        self._saving = QTimer(self, singleShot=True, interval=SAVE_SETTINGS_MS)
        self._saving.timeout.connect(self._save)
        self._saved: Future[Notice | None] = Future()  # of the last save
        self._saved.set_result(None)
        for said in (complaint, notice):
            self._say(said)
        if not self._now.mask_key:
            self._keep(self._now.model_copy(update={"mask_key": new_key()}))

    @property
    def now(self) -> Settings:
        """The settings as they are."""
        return self._now

    def change(self, **changes: object) -> None:
        """Other values for some of them, which nobody checks: they come from the program itself."""
        self.replace(self._now.model_copy(update=changes))

    def replace(self, settings: Settings) -> None:
        """Other settings from now on, but for what is fixed."""
        self._keep(self.allowed(settings))
        self._saving.start()

    def allowed(self, settings: Settings) -> Settings:
        """These settings with what is fixed; the very same where they have it."""
        return self._policy.applied(settings)

    def fixed_value(self, name: str) -> Any:  # noqa: ANN401 - whatever the field holds
        """The value of a setting that is the administrator's; None where it is the user's."""
        return self._now.value(name) if name in self.fixed else None

    def close(self) -> None:
        """Write them now, and for the last time."""
        self._saving.stop()
        wait([self._saved])
        save_chosen(self._path, self._chosen)

    def _keep(self, settings: Settings) -> None:
        self._chosen = self._chosen.changed(self._now, settings, self._policy)
        self._now = settings

    def _save(self) -> None:
        """On a thread of its own: a busy disk takes a second to be sure of a file."""
        if not self._saved.done():
            self._saving.start()  # once that one is through
            return
        path, chosen = self._path, self._chosen
        self._chosen = dataclasses.replace(chosen, damaged=False)
        self._saved = ask_disk(lambda: save_chosen(path, chosen))
        self._courier.when_done(self._saved, lambda saved: self._say(saved.result()))

    def _say(self, notice: Notice | None) -> None:
        if notice is not None:
            self._notifier.post(notice)
