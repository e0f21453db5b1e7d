"""Input less reconstruction, or another map of what the networks see, drawn over its anatomy."""

from __future__ import annotations

from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.session import Session
from app.domain.settings import EvidenceMap
from app.i18n.language import tr
from app.ui.keys.bindings import key_of
from app.ui.look import colour_maps
from app.ui.look.widgets import plain_label, tool_tip
from app.ui.panes.colour_bar import ColourBar
from app.ui.panes.evidence_map import drawn, map_badge, map_name, map_values, missing_words, what_it_is_not
from app.ui.panes.image_pane import ImagePane, Notes, Place, pixel_at
from app.ui.panes.view_link import ViewLink
from app.ui.words.agreement_words import agreement_of, agreement_words, disagreement_short
from app.ui.words.pane_words import WAITS_FOR, waiting_message
from squid_core.contracts.detection import Detection
from squid_core.contracts.radiograph import FloatArray


class DifferencePane(ImagePane):
    """A map in colours, with its key, a sentence on what it is not, and a warning where the maps disagree."""

    READS = (*ImagePane.READS, *WAITS_FOR, "maps", "what_if_maps", "card", "keys")
    VALUE_OF = ("shown_detection", "maps", "what_if_maps", "display")

    def __init__(self, link: ViewLink, parent: QWidget | None = None) -> None:
        super().__init__(map_name(EvidenceMap.DIFFERENCE), link, parent)
        self.colour_bar = ColourBar()
        self.caption = plain_label(what_it_is_not(EvidenceMap.DIFFERENCE, Session()), "caption", wrap=True)
        self.disagreement = plain_label(" ", "disagreement")
        room = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        room.setRetainSizeWhenHidden(True)  # the maps come after the picture, and must not move it
        self.disagreement.setSizePolicy(room)
        self.disagreement.hide()
        self.add_note(self.colour_bar)
        self.add_note(self.caption)
        self.add_note(self.disagreement)

    def put_notes(self, place: Notes) -> None:
        """See ImagePane; one line below the picture, as many as it takes beside it."""
        super().put_notes(place)
        self.disagreement.setWordWrap(place is Notes.ASIDE)

    def _render(self, old: Session | None, new: Session) -> None:
        super()._render(old, new)
        if new.differs(old, "shown_detection", "detection", "shown_maps", "display", "card", "keys"):
            self._show(new)
        if new.differs(old, "shown_detection", "shown_maps", "keys", "radiograph", "study", "image_key"):
            self._say_disagreement(new)
        self.set_text(Place.TOP_LEFT, tr("What-if") if new.what_if is not None else "")
        self.set_message(waiting_message(new) or missing_words(new.display.pane_map, new))

    def value_text(self, session: Session) -> str:
        """The value under the cursor, before smoothing and threshold."""
        detection, kind = session.shown_detection, session.display.pane_map
        values = map_values(kind, session)
        if detection is None or values is None or session.cursor is None:
            return ""
        if kind is EvidenceMap.PATCHES:
            percentile = value_at(detection, detection.patch_percentiles, session.cursor)
            return "" if percentile is None else tr("percentile {value:.0f}").format(value=percentile)
        value = value_at(detection, values, session.cursor)
        if value is None:
            return ""
        return f"{value:+.3f}".replace("-", "−") if kind is EvidenceMap.DIFFERENCE else f"{value:.2f}"

    def _show(self, session: Session) -> None:
        kind, display = session.display.pane_map, session.display
        self.title.setText(map_name(kind))
        self.setAccessibleName(tr("{title} pane").format(title=map_name(kind)))
        self.colour_bar.follow(kind, display)
        self.caption.setText(what_it_is_not(kind, session))
        shown = drawn(kind, session)
        if shown is None:
            self.image.clear()
            self.set_badge("")
            return
        self.image.set_source(shown.values, shown.place, shown.index, colour_maps.table(display.colour_map))
        self.view.refresh(self.image)
        self.set_badge(*map_badge(kind, session))

    def _say_disagreement(self, session: Session) -> None:
        found = agreement_of(session)
        words = disagreement_short(found, key_of(session.keys, "score"))
        self.disagreement.setText(words or " ")
        self.disagreement.setVisible(bool(words))
        whole = agreement_words(found, session) if found is not None and words else ""
        self.disagreement.setToolTip(tool_tip(whole))
        self.disagreement.setAccessibleDescription(whole)


def value_at(detection: Detection, values: FloatArray, cursor: tuple[float, float]) -> float | None:
    """The value of a map of any size, laid over the model's image, at an original (row, column); None outside."""
    row, column = detection.geometry.to_model(*cursor)
    height, width = detection.geometry.model_shape
    value = pixel_at(
        values, (row + 0.5) * values.shape[0] / height - 0.5, (column + 0.5) * values.shape[1] / width - 0.5
    )
    return None if value is None else float(value)
