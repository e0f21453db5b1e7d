"""Worklist on the left, reading on the right; the worklist has its share until the user moves the divider."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from app.ui.look.widgets import NO_MARGINS, in_column

SHARE = 0.16  # of the window that the worklist has
BOUNDS = (268, 420)  # pixels: two lines of a study with its score; names as long as they come


class ReadingSplitter(QSplitter):
    """The divider between worklist and reading.

    Attributes:
        list_place: where the worklist stands, while it has no window of its own.
        own_width: pixels of the worklist as the user has chosen them, whatever the window; 0 until then.
    """

    def __init__(self, worklist: QWidget, reading: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.own_width = 0
        self._worklist, self.list_place = worklist, QWidget()
        in_column(worklist, of=self.list_place, margins=NO_MARGINS)
        self.addWidget(self.list_place)
        self.addWidget(reading)
        self.setStretchFactor(1, 1)
        self.setChildrenCollapsible(False)
        self.splitterMoved.connect(self._on_moved)

    def let_list_out(self) -> None:
        """Do without the worklist, which gets a window of its own."""
        self.list_place.hide()

    def take_list_back(self) -> None:
        """Have the worklist again."""
        layout = self.list_place.layout()
        if layout is not None:
            layout.addWidget(self._worklist)
        self.list_place.show()
        self._share_out()

    def bring_back(self, own_width: int) -> None:
        """Give the worklist the width that the user had chosen; 0 has it follow the window."""
        self.own_width = own_width
        self._share_out()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A larger window has a wider worklist, or one as wide as the user wants it."""
        super().resizeEvent(event)
        self._share_out()

    def _on_moved(self) -> None:
        self.own_width = self.sizes()[0]

    def _share_out(self) -> None:
        width = self.own_width or min(max(round(SHARE * self.window().width()), BOUNDS[0]), BOUNDS[1])
        self.setSizes([width, max(self.width() - width - self.handleWidth(), 1)])
