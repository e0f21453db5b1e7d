"""Input less reconstruction: where this image differs from the normal one that SQUID imagines."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from app.domain.session import Session
from app.services.language import QT_TR_NOOP, tr
from app.ui import colour_maps
from app.ui.panes.colour_bar import ColourBar
from app.ui.panes.difference_map import difference_field, to_index
from app.ui.panes.image_pane import ImagePane, Place, model_badge, model_value, unit_to_uint8, waiting_message
from app.ui.view_link import ViewLink
from app.ui.widgets import plain_label

WHAT_IT_IS_NOT = QT_TR_NOOP("The score does not read this map. SQUID does not localise to the pixel.")


class DifferencePane(ImagePane):
    """The difference in colours, with its key and a sentence on what it is not."""

    def __init__(self, link: ViewLink, parent: QWidget | None = None) -> None:
        super().__init__(tr("Difference"), link, parent)
        self.colour_bar = ColourBar()
        self.caption = plain_label(tr(WHAT_IT_IS_NOT), "caption", wrap=True)
        self.column.addWidget(self.colour_bar)
        self.column.addWidget(self.caption)

    def render_session(self, old: Session | None, new: Session) -> None:
        """See ImagePane."""
        super().render_session(old, new)
        if old is None or old.shown_detection is not new.shown_detection or old.display is not new.display:
            self._show(new)
        self.set_text(Place.TOP_LEFT, tr("What-if") if new.what_if is not None else "")
        self.set_message(waiting_message(new))

    def value_text(self, session: Session) -> str:
        """Signed difference under the cursor, before smoothing and threshold."""
        detection = session.shown_detection
        if detection is None or session.cursor is None:
            return ""
        value = model_value(detection, detection.difference, session.cursor)
        return "" if value is None else f"{value:+.3f}".replace("-", "−")

    def _show(self, session: Session) -> None:
        detection, display = session.shown_detection, session.display
        self.colour_bar.set_display(display)
        if detection is None:
            self.image.set_source(None, (0.0, 0.0, 1.0, 1.0), unit_to_uint8)
            self.set_badge("")
            return
        signed = colour_maps.is_signed(display.colour_map)
        self.image.set_table(colour_maps.table(display.colour_map))
        self.image.set_source(
            difference_field(detection.difference, display),
            detection.geometry.extent,
            partial(to_index, threshold=display.difference_threshold, signed=signed),
        )
        self.image.refresh(self.view.rect_shown, self.view.devicePixelRatioF())
        self.set_badge(*model_badge(detection))
