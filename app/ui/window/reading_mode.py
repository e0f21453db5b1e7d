"""Reading mode: images, name strip and score, and nothing else; everything comes back as it was."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.ui.panes.pane_grid import PaneGrid


class ReadingMode(QObject):
    """Hides what is not read, and shows it again.

    Args:
        panes: the original, and what stands beside it, stay.
        rest: goes, and comes back.
        foot: goes too, but comes while it has something to say.
        settle: has what decides by itself whether it is shown look again.
    """

    def __init__(
        self, panes: PaneGrid, rest: Sequence[QWidget], foot: QWidget, settle: Callable[[], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._panes, self._rest, self._foot, self._settle = panes, rest, foot, settle
        self.on = False

    def switch(self, on: bool) -> None:
        """Begin or end it."""
        if on == self.on:
            return
        self.on = on
        for part in (*self._rest, self._foot):
            part.setVisible(not on)
        self._panes.show_images_only(on)
        self._settle()

    def say(self, speaking: bool) -> None:
        """The foot has something to say now, or no longer."""
        if self.on:
            self._foot.setVisible(speaking)
