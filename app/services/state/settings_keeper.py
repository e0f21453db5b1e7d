"""What the user has chosen, and its file: read once, written a moment after the last change."""

from __future__ import annotations

from concurrent.futures import Future, wait
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from app.domain.errors import Notice
from app.domain.settings import Settings, load_settings, save_settings
from app.services.state.notifier import Notifier
from app.services.threads.courier import Courier
from app.services.threads.disk import ask_disk
from squid_core.privacy import new_key

SAVE_SETTINGS_MS = 500


class SettingsKeeper(QObject):
    """Holds the settings; says what is wrong with their file."""

    def __init__(self, path: Path, courier: Courier, notifier: Notifier) -> None:
        super().__init__()
        self._path, self._courier, self._notifier = path, courier, notifier
        self._now, notice = load_settings(path)
        if not self._now.mask_key:
            self._now = self._now.model_copy(update={"mask_key": new_key()})
        self._saving = QTimer(self, singleShot=True, interval=SAVE_SETTINGS_MS)
        self._saving.timeout.connect(self._save)
        self._saved: Future[Notice | None] = Future()  # of the last save
        self._saved.set_result(None)
        self._say(notice)

    @property
    def now(self) -> Settings:
        """The settings as they are."""
        return self._now

    def change(self, **changes: object) -> None:
        """Other values for some of them, which nobody checks: they come from the program itself."""
        self.replace(self._now.model_copy(update=changes))

    def replace(self, settings: Settings) -> None:
        """Other settings from now on."""
        self._now = settings
        self._saving.start()

    def close(self) -> None:
        """Write them now, and for the last time."""
        self._saving.stop()
        wait([self._saved])
        save_settings(self._path, self._now)

    def _save(self) -> None:
        """On a thread of its own: a busy disk takes a second to be sure of a file."""
        if not self._saved.done():
            self._saving.start()  # once that one is through
            return
        path, settings = self._path, self._now
        self._saved = ask_disk(lambda: save_settings(path, settings))
        self._courier.when_done(self._saved, lambda saved: self._say(saved.result()))

    def _say(self, notice: Notice | None) -> None:
        if notice is not None:
            self._notifier.post(notice)
