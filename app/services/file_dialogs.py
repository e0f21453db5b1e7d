"""What Qt's own file dialogs remember lies in the program's own folder: a folder's name may be a patient's."""

from __future__ import annotations

import contextlib

from PySide6.QtCore import QSettings

from app.paths import AppPaths


def keep_folders_shown(paths: AppPaths) -> None:
    """Have them keep there which folders they have shown, for this user alone, and not in the user's settings of Qt.

    Where the desktop has file dialogs of its own, as Windows and macOS do, those remember what they will.
    """
    with contextlib.suppress(OSError):  # where the folder cannot be written, nothing is remembered
        paths.file_dialogs.touch(0o600)  # Qt keeps the rights of a file that is there
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(paths.root))
