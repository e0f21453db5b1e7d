"""The panes in their layout: one, two side by side, or four; a double click shows one alone."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QSplitter, QToolButton, QWidget

from app.domain.layout import places
from app.domain.orientation import Orientation
from app.domain.presenting import Presented
from app.domain.session import Session
from app.domain.settings import DisplaySettings, Layout, PaneName
from app.i18n.language import tr
from app.services.threads.signals import TypedSignal
from app.ui.look.widgets import NO_MARGINS, in_column, name_control
from app.ui.panes.difference_pane import DifferencePane
from app.ui.panes.image_pane import ImagePane
from app.ui.panes.memory_pane import MemoryPane
from app.ui.panes.original_pane import OriginalPane
from app.ui.panes.prior_pane import PriorPane
from app.ui.panes.reconstruction_pane import ReconstructionPane
from app.ui.panes.view_link import ViewLink, ViewState
from app.ui.wishes import Wishes

COLUMNS = 2
EQUAL = 1000  # what a splitter shares out in proportion


class PaneGrid(QWidget):
    """Holds the panes and the link between them.

    Signals:
        pane_wanted: place (0, 1) and PaneName that is to stand there.
        arranged: other panes are on the screen now.
    """

    arranged = TypedSignal[()]()
    pane_wanted = TypedSignal[int, PaneName]()

    def __init__(self, wishes: Wishes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wishes = wishes
        self.link = ViewLink(self)
        self.original = OriginalPane(self.link)
        self.reconstruction = ReconstructionPane(self.link)
        self.difference = DifferencePane(self.link)
        self.memory = MemoryPane(self.link, wishes)
        self.prior = PriorPane(ViewLink(self, leader=self.link), wishes)
        self._comparing = False
        self._sizes: list[list[int]] = []  # of the rows before another study came beside the current one
        self._by_name: dict[PaneName, ImagePane] = {
            PaneName.ORIGINAL: self.original,
            PaneName.RECONSTRUCTION: self.reconstruction,
            PaneName.DIFFERENCE: self.difference,
            PaneName.MEMORY: self.memory,
        }
        self._display = DisplaySettings()
        self._active: ImagePane = self.original
        self._maximised: ImagePane | None = None
        self._rows = [QSplitter(Qt.Orientation.Horizontal), QSplitter(Qt.Orientation.Horizontal)]
        self._whole = whole = QSplitter(Qt.Orientation.Vertical)
        for row in self._rows:
            row.setChildrenCollapsible(False)
            whole.addWidget(row)
        whole.setChildrenCollapsible(False)
        in_column(whole, of=self, margins=NO_MARGINS)
        self._choosers = {name: self._chooser(name, pane) for name, pane in self._by_name.items()}
        self._arrange()
        self._share_out()
        self.original.leave_key_to(lambda: self.difference in self.shown)
        self.arranged.connect(self.original.show_key)
        for pane in self.all_panes:
            pane.maximise_requested.connect(partial(self.toggle_maximised, pane))
            pane.view.focused.connect(partial(self._on_focus, pane))

    @property
    def panes(self) -> tuple[ImagePane, ...]:
        """Original, reconstruction, difference, memory."""
        return self.original, self.reconstruction, self.difference, self.memory

    @property
    def all_panes(self) -> tuple[ImagePane, ...]:
        """The four, and the one for another study of the patient."""
        return *self.panes, self.prior

    @property
    def shown(self) -> tuple[ImagePane, ...]:
        """Those on the screen, from the left and from above."""
        if self._maximised is not None:
            return (self._maximised,)
        if self._comparing:
            return self.original, self.prior
        return tuple(self._by_name[name] for name in places(self._display))

    @property
    def active(self) -> ImagePane:
        """The pane on the screen that keys act on: the last one that had the focus."""
        return self._active if self._active in self.shown else self.shown[0]

    def name_of(self, pane: ImagePane) -> PaneName:
        """What the settings call a pane; the prior's stands for the original."""
        return next((name for name, other in self._by_name.items() if other is pane), PaneName.ORIGINAL)

    @property
    def maximised(self) -> ImagePane | None:
        """The pane that is shown alone."""
        return self._maximised

    def toggle_maximised(self, pane: ImagePane) -> None:
        """Show `pane` alone, or the layout again."""
        self._maximised = None if self._maximised is pane else pane
        self._show()
        pane.view.setFocus()

    def ask_for(self, name: PaneName) -> None:
        """Show a pane: give it the focus where it is, or the place of the active pane."""
        pane = self._by_name[name]
        if pane in self.shown:
            pane.view.setFocus()
            return
        if self._maximised is not None:
            self.toggle_maximised(self._maximised)
        if pane not in self.shown and self._comparing:
            self._wishes.beside_wanted.emit("")
        if pane not in self.shown:
            self._active, place = pane, self.shown.index(self.active)
            self.pane_wanted.emit(place, name)
        pane.view.setFocus()

    def step_focus(self, step: int) -> None:
        """Give the focus to the next (1) or previous (-1) pane on the screen."""
        at = self.shown.index(self.active) + (step if self.active.view.hasFocus() else 0)
        self.shown[at % len(self.shown)].view.setFocus()

    def render_session(self, old: Session | None, new: Session) -> None:
        """Show what changed between two sessions."""
        comparing = new.beside is not None
        arranged = old is not None and (old.display is new.display or places(old.display) == places(new.display))
        if not arranged or comparing != self._comparing:
            began, ended = comparing and not self._comparing, self._comparing and not comparing
            other_layout = self._display.layout is not new.display.layout
            if other_layout:
                self._sizes = []  # they were those of another layout
            elif began:
                self._sizes = [row.sizes() for row in self._rows]
            self._display, self._comparing = new.display, comparing
            self._arrange()
            if began or other_layout or (ended and not self._sizes):
                self._share_out()
            elif ended:
                for row, widths in zip(self._rows, self._sizes, strict=True):
                    row.setSizes(widths)
        self._link_prior(old, new)
        another = new.radiograph is not None and new.differs(old, "radiograph")
        if new.extent is not None and (another or new.differs(old, "extent")):
            self.link.set_image(*new.extent)
        elif old is not None and new.differs(old, "presented"):
            self._lay(new.presented)
        for pane in self.all_panes:
            pane.render_session(old, new)

    def _lay(self, presented: Presented | None) -> None:
        """Turn and zoom as a presentation state asks; the whole image upright without one."""
        if presented is None:
            self.link.show(ViewState())
            return
        state, view = presented.presentation, self.original.view
        self.link.show(ViewState(orientation=Orientation(state.mirrored, state.quarters)))
        if state.area is not None:
            size = view.viewport().size()
            self.link.show_area(state.area, size.width(), size.height(), view.devicePixelRatioF())

    def _link_prior(self, old: Session | None, new: Session) -> None:
        radiograph = new.beside.radiograph if new.beside else None
        if radiograph is not None and radiograph is not (old.beside.radiograph if old and old.beside else None):
            height, width = radiograph.pixels.shape[:2]
            self.prior.link.set_image((height, width), radiograph.aspect)

    def show_actual_size(self) -> None:
        """One pixel of the original is one pixel of the screen, in the active pane."""
        view = self.active.view
        size = view.viewport().size()
        fitted = self.active.link.fit_zoom(size.width(), size.height())
        self.link.set_magnification(1 / (view.devicePixelRatioF() * fitted))

    def _arrange(self) -> None:
        """Put the panes into their places; those that are not wanted wait behind them, out of sight."""
        self._maximised = None
        held = any(pane.view.hasFocus() for pane in self.all_panes)
        wanted = list(self.shown)
        rest = [pane for pane in self.all_panes if pane not in wanted]
        for number, pane in enumerate([*wanted, *rest]):
            row = min(number // COLUMNS, len(self._rows) - 1)
            column = number - row * COLUMNS
            if self._rows[row].indexOf(pane) != column:
                self._rows[row].insertWidget(column, pane)
        self._show()
        if held and not any(pane.view.hasFocus() for pane in self.all_panes):
            self.active.view.setFocus()

    def _share_out(self) -> None:
        """Equal room for all."""
        for splitter in (*self._rows, self._whole):
            splitter.setSizes([EQUAL] * splitter.count())

    def _show(self) -> None:
        for pane in self.all_panes:
            pane.setVisible(pane in self.shown)
        for row in self._rows:
            row.setVisible(any(row.indexOf(pane) >= 0 for pane in self.shown))
        for chooser in self._choosers.values():
            free = self._display.layout is not Layout.FOUR and not self._comparing
            chooser.setVisible(free and self._maximised is None)
        self.arranged.emit()

    def _on_focus(self, pane: ImagePane, has_focus: bool) -> None:
        if has_focus:
            self._active = pane

    def _chooser(self, name: PaneName, pane: ImagePane) -> QToolButton:
        """The button in a pane's bar that puts another pane into its place."""
        button, menu, group = QToolButton(), QMenu(pane), QActionGroup(pane)
        for other, shown in self._by_name.items():
            action = menu.addAction(shown.title.text())
            action.setCheckable(True)
            action.setChecked(other is name)
            action.triggered.connect(lambda _=False, other=other: self._choose(pane, other))
            group.addAction(action)
        menu.aboutToShow.connect(lambda: group.actions()[list(self._by_name).index(name)].setChecked(True))
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setProperty("small", True)
        name_control(button, tr("Another pane in the place of this one"), tr("Another pane in the place of this one"))
        pane.bar.insertWidget(0, button)
        return button

    def _choose(self, pane: ImagePane, name: PaneName) -> None:
        if pane in self.shown and self._by_name[name] is not pane:
            self._active = self._by_name[name]
            self.pane_wanted.emit(self.shown.index(pane), name)
