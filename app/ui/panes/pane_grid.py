"""The panes in their layout, as `app.domain.hanging.layout` arranges them; a double click shows one alone."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QActionGroup, QResizeEvent
from PySide6.QtWidgets import QMenu, QSplitter, QToolButton, QWidget

from app.domain.hanging.layout import WHOLE, Arrangement, arranged, places, shares_of
from app.domain.orientation import Orientation
from app.domain.presenting import Presented
from app.domain.session import Session
from app.domain.settings import DisplaySettings, Layout, PaneName
from app.i18n.language import tr
from app.services.threads.signals import TypedSignal
from app.ui.look.widgets import NO_MARGINS, in_column, name_control
from app.ui.panes.difference_pane import DifferencePane
from app.ui.panes.image_pane import ImagePane, Notes, Place
from app.ui.panes.memory_pane import MemoryPane
from app.ui.panes.original_pane import OriginalPane
from app.ui.panes.prior_pane import PriorPane
from app.ui.panes.reconstruction_pane import ReconstructionPane
from app.ui.panes.view_link import ViewLink, ViewRect, ViewState
from app.ui.wishes import Wishes
from squid_core.contracts.radiograph import PixelArray

IMAGES_ONLY = {"layout": Layout.ONE, "layout_panes": (PaneName.ORIGINAL, PaneName.RECONSTRUCTION)}
MOVED_MS = 400  # after a divider was moved last, until its place is kept
SAME_SCALE = 0.02  # share that two zooms may differ by


class PaneGrid(QWidget):
    """Holds the panes and the link between them.

    Signals:
        pane_wanted: place (0, 1) and PaneName that is to stand there.
        arranged: other panes are on the screen now.
        turned: whether the window is higher than wide, which it was not before or is no longer.
        shared_out: the user has given the panes of an arrangement other sizes, see `Arrangement.shares`.
    """

    arranged = TypedSignal[()]()
    turned = TypedSignal[bool]()
    shared_out = TypedSignal[Arrangement, tuple[tuple[int, ...], ...]]()
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
        self._comparing = self._portrait = self._images_only = False
        self._by_name: dict[PaneName, ImagePane] = {
            PaneName.ORIGINAL: self.original,
            PaneName.RECONSTRUCTION: self.reconstruction,
            PaneName.DIFFERENCE: self.difference,
            PaneName.MEMORY: self.memory,
        }
        self._drawn = False  # whether there is anything of the detector's
        self._display = DisplaySettings()
        self._active: ImagePane = self.original
        self._maximised: ImagePane | None = None
        self._outside: list[ImagePane] = []  # in windows of their own
        self._alone_before: ImagePane | None = None  # of `show_images_only`
        self._rows = [QSplitter(), QSplitter()]
        self._whole = whole = QSplitter()
        self._moved = QTimer(self, singleShot=True, interval=MOVED_MS)
        self._moved.timeout.connect(self._keep_shares)
        for line in self._rows:
            whole.addWidget(line)
        for splitter in (whole, *self._rows):
            splitter.setChildrenCollapsible(False)
            splitter.splitterMoved.connect(lambda *_: self._moved.start())
        in_column(whole, of=self, margins=NO_MARGINS)
        self._choosers = {name: self._chooser(name, pane) for name, pane in self._by_name.items()}
        self._arrange()
        self.original.leave_key_to(lambda: self.difference in self.shown)
        self.arranged.connect(self.original.show_key)
        self.arranged.connect(self._say_scales)
        self.original.view.view_changed.connect(lambda _: self._say_scales())
        for pane in self.panes[1:]:
            pane.view.view_changed.connect(partial(self._on_view_of, pane))
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
        """Those on the screen, from the left and from above; those in windows of their own last."""
        inside: list[ImagePane] = [self._maximised] if self._maximised else self._inside(self.arrangement.panes)
        return *inside, *self._outside

    def _inside(self, names: tuple[PaneName | None, ...]) -> list[ImagePane]:
        return [pane for name in names if (pane := self._pane(name)) not in self._outside]

    def let_out(self, pane: ImagePane) -> None:
        """Do without a pane, which gets a window of its own."""
        self._outside.append(pane)
        pane.put_notes(Notes.BELOW)
        self._arrange()

    def take_back(self, pane: ImagePane) -> None:
        """Have a pane again where the layout says."""
        self._outside.remove(pane)
        self._rows[-1].addWidget(pane)
        self._arrange()

    @property
    def arrangement(self) -> Arrangement:
        """Where the panes stand while none is shown alone."""
        return arranged(self._layout, beside=self._comparing, portrait=self._portrait)

    @property
    def _layout(self) -> DisplaySettings:
        return self._display.model_copy(update=IMAGES_ONLY) if self._images_only else self._display

    def show_images_only(self, on: bool) -> None:
        """The original, and what stands beside it, in the place of the layout; until another layout is chosen."""
        alone, self._images_only = self._maximised, on
        self._arrange()
        if on:
            self._alone_before = alone
            self.original.view.setFocus()
        elif self._alone_before is not None:
            self.toggle_maximised(self._alone_before)

    @property
    def active(self) -> ImagePane:
        """The pane on the screen that keys act on: the last one that had the focus."""
        return self._active if self._active in self.shown else self.shown[0]

    def name_of(self, pane: ImagePane) -> PaneName:
        """What the settings call a pane; the prior's stands for the original."""
        return next((name for name, other in self._by_name.items() if other is pane), PaneName.ORIGINAL)

    @property
    def pane_names(self) -> dict[str, ImagePane]:
        """All panes by names that are all their own."""
        return {**{name.value: pane for name, pane in self._by_name.items()}, "beside": self.prior}

    def own_name(self, pane: ImagePane) -> str:
        """The name of a pane in `pane_names`."""
        return next(name for name, other in self.pane_names.items() if other is pane)

    @property
    def maximised(self) -> ImagePane | None:
        """The pane that is shown alone."""
        return self._maximised

    def toggle_maximised(self, pane: ImagePane) -> None:
        """Show `pane` alone, or the layout again; one in a window of its own is alone already."""
        if pane in self._outside:
            return
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
        same = old is not None and (old.display is new.display or _places(old.display) == _places(new.display))
        if not same or comparing != self._comparing:
            self._moved.stop()
            if not same:
                self._images_only = False
            self._display, self._comparing = new.display, comparing
            self._arrange()
        key = self.arrangement.key
        forgotten = key in self._display.shares and key not in new.display.shares
        self._display = new.display
        if forgotten:
            self._share_out()
        self._link_prior(old, new)
        another = _pixels(new) is not None and _pixels(new) is not _pixels(old) and not _was_previewed(old, new)
        if new.extent is not None and (another or new.differs(old, "extent")):
            self.link.set_image(*new.extent)
        elif old is not None and new.differs(old, "presented"):
            self._lay(new.presented)
        for pane in self.all_panes:
            pane.render_session(old, new)
        if new.differs(old, "shown_detection"):
            self._drawn = new.shown_detection is not None
            self._say_scales()

    def _say_scales(self) -> None:
        for pane in self.panes[1:]:
            self._say_scale(pane)

    def _on_view_of(self, pane: ImagePane, _: ViewRect) -> None:
        self._say_scale(pane)

    def _say_scale(self, pane: ImagePane) -> None:
        """A picture of the detector's says its zoom where it is another than that of the original beside it."""
        words = ""
        if self._drawn and pane in self.shown and self.original in self.shown:
            zoom, lead = pane.view.rect_shown.zoom, self.original.view.rect_shown.zoom
            if abs(zoom / lead - 1) > SAME_SCALE:
                percent = f"{zoom * pane.view.devicePixelRatioF() * 100:.0f}"
                words = tr("Zoom {percent}%").format(percent=percent)
        pane.set_text(Place.BOTTOM_RIGHT, words)

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
        arrangement = self.arrangement
        self._whole.setOrientation(_direction(across=not arrangement.down))
        waiting = [pane for pane in self.all_panes if pane not in self.shown]
        for number, splitter in enumerate(self._rows):
            line = arrangement.lines[number] if number < len(arrangement.lines) else None
            panes = self._inside(line.panes) if line else []
            if line is not None:
                splitter.setOrientation(_direction(across=line.across))
            if number == len(arrangement.lines) - 1:
                panes += waiting
            for place, pane in enumerate(panes):
                if splitter.indexOf(pane) != place:
                    splitter.insertWidget(place, pane)
        self._show()
        self._share_out()
        aside = Notes.UNDER if arrangement.down else Notes.ASIDE
        for pane in self.panes:
            if pane in self._outside:
                continue
            of_three = self._layout.layout is Layout.MAIN and pane is not self.original
            pane.put_notes(aside if of_three else Notes.BELOW)
        if held and not any(pane.view.hasFocus() for pane in self.all_panes):
            self.active.view.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A window that is higher than wide now, or no longer, has its panes the other way."""
        super().resizeEvent(event)
        size = self.window().size()
        if (size.height() > size.width()) != self._portrait:
            alone, self._portrait = self._maximised, not self._portrait
            self._arrange()
            if alone is not None:
                self.toggle_maximised(alone)
            self.turned.emit(self._portrait)

    def _pane(self, name: PaneName | None) -> ImagePane:
        """The pane of a name; of none the one beside the original."""
        return self.prior if name is None else self._by_name[name]

    def _share_out(self) -> None:
        """The user's sizes of this arrangement, or those that ship."""
        for splitter, shares in zip(
            (self._whole, *self._rows), shares_of(self._layout, self.arrangement), strict=False
        ):
            splitter.setSizes([*shares, *[WHOLE] * (splitter.count() - len(shares))])

    def _keep_shares(self) -> None:
        if self._maximised is None and not self._outside:
            arrangement, splitters = self.arrangement, (self._whole, *self._rows)
            shares = []
            for splitter, shipped in zip(splitters, arrangement.shares, strict=False):
                sizes = splitter.sizes()[: len(shipped)]
                shares.append(tuple(size * WHOLE // max(sum(sizes), 1) for size in sizes))
            self.shared_out.emit(arrangement, tuple(shares))

    def _show(self) -> None:
        for pane in self.all_panes:
            pane.setVisible(pane in self.shown)
        for line in self._rows:
            line.setVisible(any(line.indexOf(pane) >= 0 for pane in self.shown))
        for name, chooser in self._choosers.items():
            few = self._layout.layout in (Layout.ONE, Layout.TWO)
            free = few and not self._comparing and not self._images_only
            chooser.setVisible(free and self._maximised is None and self._by_name[name] not in self._outside)
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


def _pixels(session: Session | None) -> PixelArray | None:
    """Of the shown image; they stay where only its words are read anew."""
    return session.radiograph.pixels if session is not None and session.radiograph is not None else None


def _was_previewed(old: Session | None, new: Session) -> bool:
    """Whether the image was on the screen at a lower resolution already: it stays where it is."""
    return old is not None and old.preview is not None and old.image_key == new.image_key


def _places(display: DisplaySettings) -> tuple[object, ...]:
    """What the places of the panes depend on, but for the user's sizes."""
    return display.layout, places(display)


def _direction(*, across: bool) -> Qt.Orientation:
    return Qt.Orientation.Horizontal if across else Qt.Orientation.Vertical
