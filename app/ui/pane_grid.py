"""The four panes, two by two, in splitters; a double click shows one alone."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from app.domain.session import Session
from app.ui.panes.difference_pane import DifferencePane
from app.ui.panes.image_pane import ImagePane
from app.ui.panes.memory_pane import MemoryPane
from app.ui.panes.original_pane import OriginalPane
from app.ui.panes.reconstruction_pane import ReconstructionPane
from app.ui.view_link import ViewLink


class PaneGrid(QWidget):
    """Holds the panes and the link between them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.link = ViewLink(self)
        self.original = OriginalPane(self.link)
        self.reconstruction = ReconstructionPane(self.link)
        self.difference = DifferencePane(self.link)
        self.memory = MemoryPane(self.link)
        self._maximised: ImagePane | None = None
        self._rows = [QSplitter(Qt.Orientation.Horizontal), QSplitter(Qt.Orientation.Horizontal)]
        self._rows[0].addWidget(self.original)
        self._rows[0].addWidget(self.reconstruction)
        self._rows[1].addWidget(self.difference)
        self._rows[1].addWidget(self.memory)
        whole = QSplitter(Qt.Orientation.Vertical)
        for row in self._rows:
            row.setChildrenCollapsible(False)
            row.setSizes([1000, 1000])
            whole.addWidget(row)
        whole.setChildrenCollapsible(False)
        whole.setSizes([1000, 1000])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(whole)
        for pane in self.panes:
            pane.maximise_requested.connect(lambda pane=pane: self.toggle_maximised(pane))

    @property
    def panes(self) -> tuple[ImagePane, ...]:
        """Original, reconstruction, difference, memory."""
        return self.original, self.reconstruction, self.difference, self.memory

    @property
    def maximised(self) -> ImagePane | None:
        """The pane that is shown alone."""
        return self._maximised

    def toggle_maximised(self, pane: ImagePane) -> None:
        """Show `pane` alone, or all four again."""
        self._maximised = None if self._maximised is pane else pane
        for other in self.panes:
            other.setVisible(self._maximised in (None, other))
        for row in self._rows:
            members = [row.widget(number) for number in range(row.count())]
            row.setVisible(self._maximised is None or self._maximised in members)
        pane.view.setFocus()

    def render_session(self, old: Session | None, new: Session) -> None:
        """Show what changed between two sessions."""
        if new.radiograph is not None and (old is None or old.radiograph is not new.radiograph):
            height, width = new.radiograph.pixels.shape[:2]
            self.link.set_image((height, width), new.radiograph.aspect)
        for pane in self.panes:
            pane.render_session(old, new)

    def show_actual_size(self) -> None:
        """One pixel of the original is one pixel of the screen, in the original's pane."""
        size = self.original.view.viewport().size()
        ratio = self.original.view.devicePixelRatioF()
        self.link.set_magnification(1 / (ratio * self.link.fit_zoom(size.width(), size.height())))
