"""Keys that change only what is seen: zoom, greys, presets, flicker."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from app.domain.session import Session
from app.services.session_holder import SessionHolder
from app.ui.file_windows import FileWindows
from app.ui.pane_grid import PaneGrid
from app.ui.window_presets import PRESETS, Preset, next_file_window, preset_window

ZOOM_STEP = 1.25


class ViewKeys(QObject):
    """Connects the view actions with the panes and with the session's window, inversion and cursor."""

    def __init__(
        self,
        actions: dict[str, QAction],
        holder: SessionHolder,
        panes: PaneGrid,
        file_windows: FileWindows,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._actions, self._holder, self._panes = actions, holder, panes
        link = panes.link
        actions["fit"].triggered.connect(link.fit)
        actions["actual_size"].triggered.connect(panes.show_actual_size)
        actions["zoom_in"].triggered.connect(lambda: link.set_magnification(link.magnification * ZOOM_STEP))
        actions["zoom_out"].triggered.connect(lambda: link.set_magnification(link.magnification / ZOOM_STEP))
        actions["reset"].triggered.connect(self.reset)
        actions["invert"].toggled.connect(lambda on: holder.update(invert=on))
        for preset in PRESETS:
            action = actions[f"preset_{preset.key}"]
            action.triggered.connect(lambda _=False, preset=preset: self.use_preset(preset))
        panes.original.window_changed.connect(lambda window: holder.update(window=window))
        for pane in panes.panes:
            pane.cursor_moved.connect(self._on_cursor)
            pane.flicker_requested.connect(panes.original.toggle_flicker)
        file_windows.chosen.connect(lambda window: holder.update(window=window))
        holder.changed.connect(self._on_session)
        self._on_session(None, holder.state)

    def use_preset(self, preset: Preset) -> None:
        """Set the window of a preset; of the file's windows the next, once one of them is shown."""
        radiograph = self._holder.state.radiograph
        if radiograph is None or radiograph.is_colour:
            return
        of_file = preset.low is None
        window = next_file_window(radiograph, self._holder.state.window) if of_file else None
        self._holder.update(window=window or preset_window(radiograph, preset))

    def reset(self) -> None:
        """The whole image, under the window of the file, not inverted."""
        self._panes.link.fit()
        radiograph = self._holder.state.radiograph
        if radiograph is not None:
            self._holder.update(window=radiograph.window, invert=False)

    def _on_cursor(self, position: tuple[float, float] | None) -> None:
        """The cursor exists only over the image."""
        if position is not None:
            height, width = self._panes.link.shape
            if not (-0.5 <= position[0] < height - 0.5 and -0.5 <= position[1] < width - 0.5):
                position = None
        if self._holder.state.radiograph is not None:
            self._holder.update(cursor=position)

    def _on_session(self, old: Session | None, new: Session) -> None:
        if old is None or old.invert != new.invert:
            self._actions["invert"].setChecked(new.invert)
        if old is None or old.radiograph is not new.radiograph:
            for name in ("fit", "actual_size", "zoom_in", "zoom_out", "reset", "invert"):
                self._actions[name].setEnabled(new.radiograph is not None)
            grey = new.radiograph is not None and not new.radiograph.is_colour
            for preset in PRESETS:
                self._actions[f"preset_{preset.key}"].setEnabled(grey)
