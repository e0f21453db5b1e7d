"""Actions on the view that is shown now: zoom, place, orientation, greys, which pane, flicker, swipe."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from app.domain.greys.starting_window import chosen_window, starting_window
from app.domain.greys.window_presets import OF_THE_FILE, PRESETS, next_file_window
from app.domain.priors import Beside
from app.domain.session import Session
from app.domain.settings import OWN_KEYS, PaneName
from app.domain.tone import PLAIN_GAMMA
from app.domain.window_level import dragged
from app.services.state.session_holder import SessionHolder
from app.ui.actions.display import DisplayActions
from app.ui.actions.file_windows import FileWindows
from app.ui.actions.flicker import Flicker
from app.ui.keys.specs import on_triggered
from app.ui.keys.view_specs import PANE_ACTIONS
from app.ui.panes.pane_grid import PaneGrid
from squid_core.contracts.radiograph import Window

ZOOM_STEP = 1.25
PAN_STEP = 0.1  # of what the pane shows
CURSOR_STEP = 8.0  # screen pixels
WINDOW_STEP = 10.0  # screen pixels of a drag that one press of a key stands for
SWIPE_STEP = 0.05  # of the pane's width
MIDDLE = 0.5
DIRECTIONS = {"left": (-1.0, 0.0), "right": (1.0, 0.0), "up": (0.0, -1.0), "down": (0.0, 1.0)}
WINDOW_DRAGS = {
    "window_narrower": (-1.0, 0.0),
    "window_wider": (1.0, 0.0),
    "level_lower": (0.0, -1.0),
    "level_higher": (0.0, 1.0),
}
OF_AN_IMAGE = (
    "fit", "actual_size", "zoom_in", "zoom_out", "reset", "invert", "maximise",
    "turn_left", "turn_right", "flip", "upend", "upright",
    *(f"{what}_{where}" for what in ("pan", "cursor") for where in DIRECTIONS),
)  # fmt: skip
OF_GREYS = (*WINDOW_DRAGS, *(f"preset_{preset.key}" for preset in PRESETS))
WINDOW_KEYS = (*(preset.key for preset in PRESETS), *OWN_KEYS)
OF_A_DETECTION = ("flicker", "swipe", "swipe_left", "swipe_right")


class ViewActions(QObject):
    """Connects the view actions with the panes and with the session's window, inversion, cursor and swipe."""

    def __init__(
        self,
        actions: dict[str, QAction],
        holder: SessionHolder,
        panes: PaneGrid,
        display: DisplayActions,
        file_windows: FileWindows,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._actions, self._holder, self._panes, self._link = actions, holder, panes, panes.link
        self._display = display
        self._connect_places()
        self._connect_greys()
        self._connect_looks()
        file_windows.chosen.connect(lambda window: holder.update(window=window))
        holder.changed.connect(self._on_session)
        self._on_session(None, holder.state)

    def _connect_places(self) -> None:
        link = self._link
        does = {
            "fit": link.fit,
            "actual_size": self._panes.show_actual_size,
            "zoom_in": lambda: link.set_magnification(link.magnification * ZOOM_STEP),
            "zoom_out": lambda: link.set_magnification(link.magnification / ZOOM_STEP),
            "reset": self.reset,
            "turn_left": lambda: link.turn(-1),
            "turn_right": lambda: link.turn(1),
            "flip": link.flip,
            "upend": link.upend,
            "upright": link.set_upright,
        }
        on_triggered(self._actions, does)
        for where, direction in DIRECTIONS.items():
            pan, cursor = self._actions[f"pan_{where}"], self._actions[f"cursor_{where}"]
            pan.triggered.connect(lambda _=False, direction=direction: self._pan(*direction))
            cursor.triggered.connect(lambda _=False, direction=direction: self._move_cursor(*direction))
        for pane in self._panes.panes:
            pane.cursor_moved.connect(self._on_cursor)

    def _connect_greys(self) -> None:
        self._actions["invert"].toggled.connect(lambda on: self._holder.update(invert=on))
        on_triggered(self._actions, {f"preset_{key}": partial(self.use_window, key) for key in WINDOW_KEYS})
        for name, (right, down) in WINDOW_DRAGS.items():
            self._actions[name].triggered.connect(lambda _=False, right=right, down=down: self._drag(right, down))
        self._panes.original.window_changed.connect(lambda window: self._holder.update(window=window))
        self._panes.prior.window_changed.connect(self._use_prior_window)

    def _connect_looks(self) -> None:
        actions, panes = self._actions, self._panes
        for action, name in PANE_ACTIONS.items():
            actions[action].triggered.connect(lambda _=False, name=name: panes.ask_for(name))
        actions["maximise"].triggered.connect(lambda: panes.toggle_maximised(panes.active))
        actions["next_pane"].triggered.connect(lambda: panes.step_focus(1))
        actions["previous_pane"].triggered.connect(lambda: panes.step_focus(-1))
        panes.arranged.connect(lambda: actions["maximise"].setChecked(panes.maximised is not None))
        self.flicker = Flicker(actions["flicker"], panes, self)
        actions["swipe"].toggled.connect(self._swipe)
        actions["swipe_left"].triggered.connect(lambda: self._move_swipe(-SWIPE_STEP))
        actions["swipe_right"].triggered.connect(lambda: self._move_swipe(SWIPE_STEP))
        panes.original.swipe_moved.connect(lambda share: self._holder.update(swipe=share))

    def use_window(self, key: int) -> None:
        """Set the window behind a number key, of the prior where it has the focus; of the file's windows the next."""
        session, prior = self._holder.state, self._active_prior
        if key in OWN_KEYS and session.display.own_window(key) is None:
            return
        if prior is not None and prior.radiograph is not None:
            if not prior.radiograph.is_colour:
                self._use_prior_window(chosen_window(prior.radiograph, key, session.display))
            return
        radiograph = session.radiograph
        if radiograph is None or radiograph.is_colour:
            return
        of_file = key == OF_THE_FILE.key
        next_one = next_file_window(radiograph, session.window) if of_file else None
        self._holder.update(window=next_one or chosen_window(radiograph, key, session.display))

    @property
    def _active_prior(self) -> Beside | None:
        """The study beside the current one, where its pane is the one that keys act on."""
        return self._holder.state.beside if self._panes.active is self._panes.prior else None

    def _use_prior_window(self, window: Window) -> None:
        beside = self._holder.state.beside
        if beside is not None:
            self._holder.update(beside=beside.with_window(window))

    def reset(self) -> None:
        """The whole image as it lies in the file, under the window it began with; not inverted, no gamma, no CLAHE."""
        self._link.set_upright()
        self._link.fit()
        radiograph = self._holder.state.radiograph
        if radiograph is not None:
            window, _ = starting_window(radiograph, self._holder.state.display)
            self._holder.update(window=window, invert=False, presented=None)
        beside = self._holder.state.beside
        if beside is not None and beside.radiograph is not None:
            self._use_prior_window(starting_window(beside.radiograph, self._holder.state.display)[0])
        self._display.change(gamma=PLAIN_GAMMA, clahe=False)

    def let_go(self) -> bool:
        """Leave what is laid over the panes, one at a time; whether there was something."""
        if self._panes.original.swiping:
            self._holder.update(swipe=None)
        elif self._holder.state.display.magnifier:
            self._display.change(magnifier=False)
        elif self._panes.maximised is not None:
            self._panes.toggle_maximised(self._panes.maximised)
        else:
            return False
        return True

    def _pan(self, right: float, down: float) -> None:
        view = self._panes.active.view
        size = view.viewport().size()
        self._link.pan(*view.rect_shown.step(right * PAN_STEP * size.width(), down * PAN_STEP * size.height()))

    def _move_cursor(self, right: float, down: float) -> None:
        """By some pixels of the screen, but at least one of the image; from the middle where it is nowhere."""
        view = self._panes.active.view.rect_shown
        step = max(CURSOR_STEP, view.zoom, view.row_zoom)
        rows, columns = view.step(right * step, down * step)
        row, column = self._holder.state.cursor or self._link.centre
        height, width = self._link.shape
        moved = (min(max(row + rows, 0.0), height - 1.0), min(max(column + columns, 0.0), width - 1.0))
        self._holder.update(cursor=moved)

    def _on_cursor(self, position: tuple[float, float] | None) -> None:
        """The cursor exists only over the image."""
        if self._holder.state.extent is not None:
            self._holder.update(cursor=position if position is not None and self._link.holds(position) else None)

    def _drag(self, right: float, down: float) -> None:
        window, prior = self._holder.state.window, self._active_prior
        if prior is not None and prior.window is not None:
            self._use_prior_window(dragged(prior.window, right * WINDOW_STEP, down * WINDOW_STEP))
        elif window is not None:
            self._holder.update(window=dragged(window, right * WINDOW_STEP, down * WINDOW_STEP))

    def _swipe(self, on: bool) -> None:
        if on and self._panes.original not in self._panes.shown:
            self._panes.ask_for(PaneName.ORIGINAL)
        if on != (self._holder.state.swipe is not None):
            self._holder.update(swipe=MIDDLE if on else None)

    def _move_swipe(self, step: float) -> None:
        share = self._holder.state.swipe
        if share is not None:
            self._holder.update(swipe=min(max(share + step, 0.0), 1.0))

    def _on_session(self, old: Session | None, new: Session) -> None:
        if new.differs(old, "invert"):
            self._actions["invert"].setChecked(new.invert)
        if new.differs(old, "swipe"):
            self._actions["swipe"].setChecked(new.swipe is not None)
        if new.differs(old, "extent"):
            for name in OF_AN_IMAGE:
                self._actions[name].setEnabled(new.extent is not None)
        if new.differs(old, "radiograph"):
            grey = new.radiograph is not None and not new.radiograph.is_colour
            for name in OF_GREYS:
                self._actions[name].setEnabled(grey)
        if new.differs(old, "shown_detection"):
            for name in OF_A_DETECTION:
                self._actions[name].setEnabled(new.shown_detection is not None)
