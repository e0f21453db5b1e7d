"""The normal image that SQUID imagines for this patient: at once the score's own, then the finer picture of it."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.domain.session import Session
from app.i18n.language import tr
from app.ui.panes.image_pane import ImagePane, Place, model_greys, model_value, same_greys
from app.ui.panes.state_label import tone_words
from app.ui.panes.view_link import ViewLink
from app.ui.words.pane_words import WAITS_FOR, waiting_message


class ReconstructionPane(ImagePane):
    """The normal image, placed over the anatomy it belongs to."""

    READS = (*ImagePane.READS, *WAITS_FOR, "maps", "what_if_maps", "invert")
    VALUE_OF = ("shown_detection", "maps", "what_if_maps")

    def __init__(self, link: ViewLink, parent: QWidget | None = None) -> None:
        super().__init__(tr("Normal reconstruction"), link, parent)

    def _render(self, old: Session | None, new: Session) -> None:
        super()._render(old, new)
        if new.differs(old, "shown_normal"):
            self.show_of_model(new.shown_detection, new.shown_normal, model_greys(new))
        elif old is not None and new.shown_normal is not None and not same_greys(old, new):
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
        detection, normal = session.shown_detection, session.shown_normal
        if detection is None or normal is None or session.cursor is None:
            return ""
        value = model_value(detection, normal, session.cursor)
        return "" if value is None else f"{value:.3f}"
