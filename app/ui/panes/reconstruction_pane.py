"""The normal image that SQUID imagines for this patient."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.domain.session import Session
from app.i18n.language import tr
from app.ui.panes.image_pane import WAITS_FOR, ImagePane, Place, model_greys, model_value, same_greys, waiting_message
from app.ui.panes.state_label import tone_words
from app.ui.panes.view_link import ViewLink


class ReconstructionPane(ImagePane):
    """The student's in-painted reconstruction, placed over the anatomy it belongs to."""

    READS = (*ImagePane.READS, *WAITS_FOR, "invert")
    VALUE_OF = ("detection", "what_if")

    def __init__(self, link: ViewLink, parent: QWidget | None = None) -> None:
        super().__init__(tr("Normal reconstruction"), link, parent)

    def _render(self, old: Session | None, new: Session) -> None:
        super()._render(old, new)
        detection = new.shown_detection
        if old is None or old.shown_detection is not detection:
            self.show_of_model(detection, lambda found: found.reconstruction, model_greys(new))
        elif detection is not None and not same_greys(old, new):
            self.image.redisplay(model_greys(new))
        self.set_text(Place.TOP_LEFT, tr("What-if") if new.what_if is not None else "")
        self.set_message(waiting_message(new))

    def state_words(self, session: Session) -> tuple[str, ...]:
        """See ImagePane."""
        if session.shown_detection is None:
            return ()
        return tr("Inverted") if session.invert else "", tone_words(session.display)

    def value_text(self, session: Session) -> str:
        """Grey value 0..1 under the cursor."""
        detection = session.shown_detection
        if detection is None or session.cursor is None:
            return ""
        value = model_value(detection, detection.reconstruction, session.cursor)
        return "" if value is None else f"{value:.3f}"
