"""Worklist on the left, reading on the right; the worklist has its share until the user moves the divider."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

SHARE = 0.16  # of the window that the worklist has
BOUNDS = (268, 420)  # pixels: two lines of a study with its score; names as long as they come


class ReadingSplitter(QSplitter):
    """The divider between worklist and reading.

    Attributes:
        moved: the user has chosen the width of the worklist; it stays as it is when the window grows.
    """

    def __init__(self, worklist: QWidget, reading: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.moved = False
        self.addWidget(worklist)
        self.addWidget(reading)
        self.setStretchFactor(1, 1)
        self.setChildrenCollapsible(False)
        self.splitterMoved.connect(self._on_moved)

    @property
    def own_place(self) -> QByteArray:
        """Where the user has put the divider; empty where it has not been moved."""
        return self.saveState() if self.moved else QByteArray()

    def bring_back(self, place: QByteArray) -> None:
        """Put the divider where the user had it; with an empty place it follows the window again."""
        self.moved = not place.isEmpty() and self.restoreState(place)
        self._share_out()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A larger window has a wider worklist."""
        super().resizeEvent(event)
        self._share_out()

    def _on_moved(self) -> None:
        self.moved = True

    def _share_out(self) -> None:
        if not self.moved:
            width = min(max(round(SHARE * self.window().width()), BOUNDS[0]), BOUNDS[1])
            self.setSizes([width, max(self.width() - width - self.handleWidth(), 1)])
