"""Actions that change the display settings: layout, maps, marks and texts over the image, gamma, CLAHE, magnifier."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from app.domain.hanging.layout import with_pane, with_shares
from app.domain.session import Session
from app.domain.settings import GAMMA_RANGE, DisplaySettings, EvidenceMap, Layout, PaneName
from app.services.state.session_holder import SessionHolder
from app.ui.actions.held_key import HeldKey
from app.ui.keys.specs import on_triggered
from app.ui.panes.pane_grid import PaneGrid
from app.ui.wishes import Wishes

GAMMA_STEP = 0.1
MAGNIFIERS = (2, 3, 4)
# Actions that are on while the setting of the same name is.
SWITCHES = ("overlay", "marks", "corner_text", "graphics", "clahe", "magnifier")


class DisplayActions(QObject):
    """Connects the actions with the display settings, and their check marks with what is set."""

    def __init__(
        self, actions: dict[str, QAction], holder: SessionHolder, panes: PaneGrid, wishes: Wishes, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._actions, self._holder, self._panes, self._wishes = actions, holder, panes, wishes
        for name in SWITCHES:
            actions[name].toggled.connect(lambda on, name=name: self.change(**{name: on}))
        held = HeldKey(actions["magnifier"], self)
        held.let_go.connect(lambda: self.change(magnifier=False))
        actions["magnifier"].triggered.connect(held.watch)
        does = {
            **{f"layout_{layout.value}": partial(self._lay_out, layout) for layout in Layout},
            **{f"magnifier_{times}": partial(self._magnify, times) for times in MAGNIFIERS},
            "gamma_up": partial(self._change_gamma, GAMMA_STEP),
            "gamma_down": partial(self._change_gamma, -GAMMA_STEP),
            "overlay_map": partial(self._next_map, "overlay_map", overlay=True),
            "pane_map": partial(self._next_map, "pane_map"),
        }
        on_triggered(actions, does)
        panes.pane_wanted.connect(self._put_pane)
        panes.turned.connect(lambda portrait: holder.update(portrait=portrait))
        actions["hanging_reset"].triggered.connect(lambda _=False: wishes.hanging_reset.emit())
        panes.shared_out.connect(
            lambda arrangement, shares: wishes.display_changed.emit(
                with_shares(holder.state.display, arrangement, shares)
            )
        )
        holder.changed.connect(self._on_session)
        self._show(holder.state.display)

    def change(self, **changes: object) -> None:
        """Ask for other display settings; silent where they are so already."""
        display = self._holder.state.display
        wanted = display.model_copy(update=changes)
        if wanted != display:
            self._wishes.display_changed.emit(wanted)
            self._show(self._holder.state.display)  # as it is now, whether or not the wish was granted

    def _magnify(self, times: int) -> None:
        self.change(magnifier=True, magnifier_times=times)
        self._show(self._holder.state.display)  # Qt has turned the check mark round already

    def _change_gamma(self, step: float) -> None:
        wanted = round(self._holder.state.display.gamma + step, 2)
        self.change(gamma=min(max(wanted, GAMMA_RANGE[0]), GAMMA_RANGE[1]))

    def _next_map(self, name: str, **also: object) -> None:
        """The next map in the pane, or over the original, which is then shown."""
        kinds = list(EvidenceMap)
        following = kinds[(kinds.index(getattr(self._holder.state.display, name)) + 1) % len(kinds)]
        self.change(**{name: following}, **also)

    def _lay_out(self, layout: Layout) -> None:
        """One pane: the active one. Two: it, and the other it last stood beside."""
        display = self._holder.state.display
        active = self._panes.name_of(self._panes.active)
        wanted = display.model_copy(update={"layout": layout})
        few = layout in (Layout.ONE, Layout.TWO)
        if (
            few
            and display.layout is not layout
            and active not in wanted.layout_panes[: 1 if layout is Layout.ONE else 2]
        ):
            wanted = with_pane(wanted, 0 if layout is Layout.ONE else 1, active)
        if wanted == display:
            self._actions[f"layout_{layout.value}"].setChecked(True)
        else:
            self._wishes.display_changed.emit(wanted)
            self._show(self._holder.state.display)

    def _put_pane(self, place: int, name: PaneName) -> None:
        self._wishes.display_changed.emit(with_pane(self._holder.state.display, place, name))

    def _on_session(self, old: Session, new: Session) -> None:
        if new.differs(old, "display"):
            self._show(new.display)

    def _show(self, display: DisplaySettings) -> None:
        for name in SWITCHES:
            self._actions[name].setChecked(getattr(display, name))
        for times in MAGNIFIERS:
            self._actions[f"magnifier_{times}"].setChecked(display.magnifier_times == times)
        for layout in Layout:
            self._actions[f"layout_{layout.value}"].setChecked(display.layout is layout)
