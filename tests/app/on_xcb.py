"""Run by test_xcb.py under a virtual screen: the real window, keys through the X server's own path, a picture.

`python -m tests.app.on_xcb HOME FILM PICTURE` writes what it found as JSON to the standard output.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from app.headless.headless import Script, play, seconds
from app.main import Program, application
from app.paths import AppPaths

SETTLE = 0.4


def script(program: Program, film: Path, picture: Path, found: dict[str, object]) -> Script:
    """Open a film, use it by key and mouse, and leave."""
    program.open([film])
    yield lambda: program.idle
    holder, window = program.holder, program.window
    yield lambda: holder.state.detection is not None and holder.state.radiograph is not None
    yield seconds(SETTLE)
    found["platform"] = QGuiApplication.platformName()
    window.activateWindow()  # there is no window manager to do it
    yield lambda: window.isActiveWindow()
    window.let_go()  # of the tour
    view = window.panes.original.view
    view.setFocus()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_I)
    found["inverted"] = holder.state.invert
    fitted = window.panes.link.magnification
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Plus)
    found["zoomed"] = window.panes.link.magnification > fitted
    before, middle = holder.state.window, view.viewport().rect().center()
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle)
    for step in range(1, 5):
        QTest.mouseMove(view.viewport(), middle + QPoint(12 * step, 5 * step))
        yield seconds(0.05)
    end = middle + QPoint(48, 20)
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, end)
    found["windowed"] = holder.state.window != before
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_F11)
    yield seconds(SETTLE)
    found["full_screen"] = window.isFullScreen()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Escape)
    yield seconds(SETTLE)
    found["left_full_screen"] = not window.isFullScreen()
    window.actions_by_name["shortcuts"].trigger()
    yield seconds(SETTLE)
    dialog = QGuiApplication.modalWindow()
    found["dialog"] = dialog is not None
    if dialog is not None:
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
    yield seconds(SETTLE)
    screen = QGuiApplication.primaryScreen()
    screen.grabWindow(0).save(str(picture), "PNG")  # what the X server shows, not what Qt would draw
    found["screen"] = [screen.geometry().width(), screen.geometry().height()]


def main(home: Path, film: Path, picture: Path) -> None:
    """See the module."""
    application()
    program = Program(AppPaths(home), "cpu")
    found: dict[str, object] = {}
    try:
        play(program, script(program, film, picture, found), 120)
    finally:
        program.close()
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:]))
