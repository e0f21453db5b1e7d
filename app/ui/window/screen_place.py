"""A window whose monitor is gone comes back to one that is there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

GRIP = 120  # pixels of a window's upper edge that must be on a screen, so that it can be got hold of
GRIP_HEIGHT = 40


def place_on(screens: Sequence[QRect], window: QRect) -> QRect:
    """Where a window should be.

    Args:
        screens: what may be used of each, the main one first; not empty.
        window: where it was.

    Returns:
        The same where enough of its upper edge can be reached; else in the middle of the main screen, no larger than
        that.
    """
    for screen in screens:
        seen = screen.intersected(QRect(window.left(), window.top(), window.width(), GRIP_HEIGHT))
        if seen.width() >= min(GRIP, window.width()) and seen.height() >= GRIP_HEIGHT // 2:
            return window
    main = screens[0]
    size = window.size().boundedTo(main.size())
    placed = QRect(main.topLeft(), size)
    placed.moveCenter(main.center())
    return placed


def bring_onto_screen(window: QWidget) -> None:
    """Move a window that lies where no screen is any more."""
    if window.isMaximized() or window.isFullScreen():
        return  # the window manager gives it a screen
    main = QGuiApplication.primaryScreen()
    screens = [main, *(screen for screen in QGuiApplication.screens() if screen is not main)]
    placed = place_on([screen.availableGeometry() for screen in screens], window.geometry())
    if placed != window.geometry():
        window.setGeometry(placed)
