"""How results are drawn; nothing here reaches the detector."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.domain.session import Session
from app.domain.settings import ColourMap, DisplaySettings, EvidenceMap
from app.i18n.language import QT_TR_NOOP, tr
from app.ui.keys.bindings import with_key
from app.ui.look.fixed import lock_fixed
from app.ui.panes.difference_map import DIFFERENCE_RANGE
from app.ui.panes.evidence_map import MAP_WORDS
from app.ui.side_panel.section import QuietCombo, Section, silenced, translated
from app.ui.wishes import Wishes

PER_UNIT = 100  # slider steps per 1.0 of threshold and opacity
PER_PIXEL = 4  # slider steps per model pixel of smoothing
MAX_SMOOTHING = 6.0
COLOUR_MAP_TIP = QT_TR_NOOP("Signed maps show brighter in orange and darker in blue; the others show the size alone.")
PANE_MAP_TIP = QT_TR_NOOP("What the difference pane draws.")
OVERLAY_MAP_TIP = QT_TR_NOOP("What is drawn over the original.")
COLOUR_MAP_WORDS = (
    (ColourMap.DARK_CENTRE.value, QT_TR_NOOP("Signed, dark")),
    (ColourMap.LIGHT_CENTRE.value, QT_TR_NOOP("Signed, light")),
    (ColourMap.INFERNO.value, QT_TR_NOOP("Size, inferno")),
    (ColourMap.CIVIDIS.value, QT_TR_NOOP("Size, cividis")),
)


class DisplaySection(Section):
    """Threshold, smoothing, colours, overlay, grid and texts."""

    def __init__(self, wishes: Wishes, parent: QWidget | None = None) -> None:
        super().__init__(tr("Difference and panes"), parent)
        self._wishes, self._display = wishes, DisplaySettings()
        names = translated(MAP_WORDS)
        self.pane_map = QuietCombo(names, tr("Map in the pane"), tr(PANE_MAP_TIP))
        self.add_row(tr("Pane shows"), self.pane_map)
        high, tip = round(DIFFERENCE_RANGE * PER_UNIT), tr("Differences smaller than this are drawn as none.")
        self.threshold, self._threshold_value = self.add_slider(tr("Threshold"), 0, high, tip)
        high, tip = round(MAX_SMOOTHING * PER_PIXEL), tr("Width of the blur over the difference, in model pixels.")
        self.smoothing, self._smoothing_value = self.add_slider(tr("Smoothing"), 0, high, tip)
        self.colour_map = QuietCombo(translated(COLOUR_MAP_WORDS), tr("Colour map"), tr(COLOUR_MAP_TIP))
        self.add_row(tr("Colours"), self.colour_map)
        self.overlay_map = QuietCombo(names, tr("Map over the original"), tr(OVERLAY_MAP_TIP))
        self.overlay = self.add_check(tr("Over the original"), tr("Draw a map over the original"))
        self.add_row(tr("Overlay shows"), self.overlay_map)
        tip = tr("Of the map over the original.")
        self.opacity, self._opacity_value = self.add_slider(tr("Opacity"), 0, PER_UNIT, tip)
        self.patch_grid = self.add_check(tr("Patch grid"), tr("Draw the patches in the memory pane"))
        self.corner_text = self.add_check(tr("Corner text"), tr("Write window, zoom and scale into the corners"))
        tip = tr("Draw a file's overlays, and hide what its shutter hides")
        self.graphics = self.add_check(tr("Graphics of the file"), tip)
        self._controls: dict[str, QWidget] = {
            "display.pane_map": self.pane_map,
            "display.difference_threshold": self.threshold,
            "display.smoothing": self.smoothing,
            "display.colour_map": self.colour_map,
            "display.overlay_map": self.overlay_map,
            "display.overlay": self.overlay,
            "display.overlay_opacity": self.opacity,
            "display.patch_grid": self.patch_grid,
            "display.corner_text": self.corner_text,
            "display.graphics": self.graphics,
        }
        self.threshold.valueChanged.connect(lambda value: self._tell(difference_threshold=value / PER_UNIT))
        self.smoothing.valueChanged.connect(lambda value: self._tell(smoothing=value / PER_PIXEL))
        self.opacity.valueChanged.connect(lambda value: self._tell(overlay_opacity=value / PER_UNIT))
        self.colour_map.picked.connect(lambda value: self._tell(colour_map=ColourMap(value)))
        self.pane_map.picked.connect(lambda value: self._tell(pane_map=EvidenceMap(value)))
        self.overlay_map.picked.connect(lambda value: self._tell(overlay_map=EvidenceMap(value)))
        self.overlay.toggled.connect(lambda value: self._tell(overlay=value))
        self.patch_grid.toggled.connect(lambda value: self._tell(patch_grid=value))
        self.corner_text.toggled.connect(lambda value: self._tell(corner_text=value))
        self.graphics.toggled.connect(lambda value: self._tell(graphics=value))

    def render_session(self, old: Session | None, new: Session) -> None:
        """Show the display settings, and the keys of what has one."""
        if new.differs(old, "keys"):
            self.overlay.setText(with_key(tr("Over the original"), new.keys, "overlay"))
            self.corner_text.setText(with_key(tr("Corner text"), new.keys, "corner_text"))
            self.graphics.setText(with_key(tr("Graphics of the file"), new.keys, "graphics"))
        if not new.differs(old, "display"):
            return
        self._display = display = new.display
        sliders = (self.threshold, self.smoothing, self.opacity)
        boxes = (self.overlay, self.patch_grid, self.corner_text, self.graphics)
        with silenced(*sliders, *boxes):
            self.threshold.setValue(round(display.difference_threshold * PER_UNIT))
            self.smoothing.setValue(round(display.smoothing * PER_PIXEL))
            self.opacity.setValue(round(display.overlay_opacity * PER_UNIT))
            self.overlay.setChecked(display.overlay)
            self.patch_grid.setChecked(display.patch_grid)
            self.corner_text.setChecked(display.corner_text)
            self.graphics.setChecked(display.graphics)
        self.colour_map.show_value(display.colour_map.value)
        self.pane_map.show_value(display.pane_map.value)
        self.overlay_map.show_value(display.overlay_map.value)
        self.opacity.setEnabled(display.overlay)
        lock_fixed(new, self._controls)
        self._threshold_value.setText(f"{display.difference_threshold:.2f}")
        self._smoothing_value.setText(f"{display.smoothing:.2f} px" if display.smoothing else tr("off"))
        self._opacity_value.setText(f"{display.overlay_opacity * 100:.0f}%")

    def _tell(self, **changes: object) -> None:
        self._wishes.display_changed.emit(self._display.model_copy(update=changes))
