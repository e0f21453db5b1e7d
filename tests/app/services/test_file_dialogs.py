"""Which folders file dialogs have shown is kept where it can be forgotten, and is for nobody else."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from app.paths import AppPaths
from app.services.file_dialogs import keep_folders_shown
from squid_core.forgetting import forget, order_forgetting

NATIVE, USER = QSettings.Format.NativeFormat, QSettings.Scope.UserScope


@pytest.fixture
def paths(tmp_path: Path) -> Iterator[AppPaths]:
    users = tmp_path / "settings of Qt"
    QSettings.setPath(NATIVE, USER, str(users))
    before = os.umask(0)
    made = AppPaths(tmp_path / "home")
    made.root.mkdir(mode=0o700)
    yield made
    os.umask(before)
    assert not users.exists()


def choose(folder: Path) -> None:
    """In the dialog that is open."""
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QFileDialog)
    dialog.setDirectory(str(folder))
    dialog.accept()


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="there the desktop has file dialogs of its own")
def test_a_folder_that_was_chosen_is_remembered_in_the_programs_own_folder_and_forgotten(
    qtbot: QtBot, paths: AppPaths, tmp_path: Path
) -> None:
    keep_folders_shown(paths)
    film = tmp_path / "DOE JANE"
    film.mkdir()
    QTimer.singleShot(50, lambda: choose(film))
    assert QFileDialog.getExistingDirectory(None, "Open") == str(film)
    qtbot.waitUntil(lambda: b"DOE%20JANE" in paths.file_dialogs.read_bytes())
    assert [stat.S_IMODE(path.stat().st_mode) for path in paths.root.iterdir()] == [0o600]
    keep_folders_shown(paths)  # of the next start
    assert b"DOE%20JANE" in paths.file_dialogs.read_bytes()
    order_forgetting(paths.root)
    assert forget(paths.root) is not None
    assert not paths.file_dialogs.exists()


def test_a_folder_that_cannot_be_written_is_no_trouble(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    keep_folders_shown(AppPaths(tmp_path / "file" / "home"))
