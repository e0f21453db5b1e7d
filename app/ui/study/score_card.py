"""The score in words and picture; opened with a click on its mark or S, and it follows what is shown."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QLabel, QWidget

from app.domain.listing.levels import level_of
from app.domain.session import Session
from app.i18n.language import join, tr
from app.services.threads.signals import TypedSignal
from app.ui.dialogs.lists import PlainDialog
from app.ui.look.levels import level_marks
from app.ui.look.theme import font
from app.ui.look.widgets import action_button, in_column, in_row, plain_label
from app.ui.study.component_bars import ComponentBars, level_words
from app.ui.study.histogram import Histogram, ScorePointers
from app.ui.words.score_words import (
    caution,
    doubt_sentences,
    facts,
    operating_points,
    operating_sentence,
    place_sentence,
    what_if_sentence,
)
from app.ui.words.words import score_words
from squid_core.contracts.detection import Detection

WIDTH = 880
SCORE_POINTS = 17.0


class ScoreCard(PlainDialog):
    """A window beside the reading room; it takes no decision and stays until it is closed.

    While what is shown has no score it is out of sight, and back with the next score.

    Signals:
        card_wanted: name of the weights whose card the reader wants to see.
    """

    card_wanted = TypedSignal[str]()
    # Fields of a session that are shown here.
    READS = ("detection", "what_if", "maps", "card", "weights_reason", "radiograph", "study", "image_key")

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("The score in words and picture"), parent, width=WIDTH)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)  # it comes back by itself
        self._weights = ""
        self.comes_back = False  # closed by no one: only what is shown has no score
        self.score = plain_label("", "cardScore")
        self.score.setFont(font(SCORE_POINTS, bold=True))
        self.level = plain_label("", "cardLevel")  # says by its number what the pointer's colour says
        self.level.setFont(font(SCORE_POINTS))
        self.place = plain_label("", wrap=True)
        self.outside = plain_label("", "cardWarning", wrap=True)
        self.pose = plain_label("", "muted", wrap=True)
        self.what_if = plain_label("", "whatIfCaption", wrap=True)
        self.histogram = Histogram()
        self.operating = plain_label("", "muted", wrap=True)
        self.operating.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.components = ComponentBars()
        self.facts = QFormLayout()
        self.facts.setHorizontalSpacing(14)
        self.facts.setVerticalSpacing(5)
        self._values: list[QLabel] = []
        self.column.addLayout(in_row(self.score, self.level, 1, spacing=10))
        for widget in (self.place, self.outside, self.pose, self.what_if):
            self.column.addWidget(widget)
        among = plain_label(tr("Among normal images"), "sectionTitle")
        made_of = plain_label(tr("Made of (standard deviations from normal)"), "sectionTitle")
        left = in_column(among, self.histogram, self.operating, 1)
        right = in_column(made_of, self.components, plain_label(level_words(), "muted", wrap=True), 1)
        self.column.addLayout(in_row((left, 1), (right, 1), spacing=28))
        self.column.addWidget(plain_label(tr("How it was found"), "sectionTitle"))
        self.column.addLayout(self.facts)
        self.column.addWidget(plain_label(caution(), "muted", wrap=True))
        tip = tr("What these weights were made of, what was measured, and what they are not good for")
        self.weights_card = action_button(
            tr("Card of these weights…"), tip, lambda: self.card_wanted.emit(self._weights)
        )
        self.finish(self.weights_card)

    def render_session(self, session: Session) -> None:
        """Show the locked score of what is shown, and the what-if beside it."""
        detection, card = session.detection, session.card
        if detection is None:
            self.comes_back = self.comes_back or self.isVisible()
            self.hide()
            return
        self._weights = detection.model
        calibration = card.calibration if card else None
        self.score.setText(tr("Score {score}").format(score=score_words(detection.score, detection.outside_memory)))
        points = operating_points(calibration) if calibration else ()
        level = _level(detection, points)
        self.level.setText(level_marks(level or 0))
        normals = calibration.held_out_normals if calibration else None
        self.place.setText("" if detection.outside_memory else place_sentence(detection, normals))
        grave, quiet = doubt_sentences(detection)
        self.outside.setText(grave)
        self.pose.setText(quiet)
        self.what_if.setText(what_if_sentence(session))
        for label in (self.place, self.outside, self.pose, self.what_if):
            label.setVisible(bool(label.text()))
        self.operating.setText("" if detection.outside_memory else operating_sentence(detection.score, points))
        for widget in (self.histogram, self.operating):
            widget.setVisible(calibration is not None)
        if calibration is not None:
            what_if = session.what_if.score if session.what_if else None
            pointers = ScorePointers(detection.score, level, points, what_if)
            words = join((self.place.text(), self.operating.text()))
            self.histogram.show_scores(calibration.quantiles, pointers, words)
        self.components.show_components(detection.components)
        self._show_facts(facts(session))
        # Labels that wrap do not tell a window how high they are; it never shrinks under the reader's eyes.
        self.resize(self.width(), max(self.height(), self.column.heightForWidth(self.width())))
        if self.comes_back:
            self.comes_back = False
            self.show()

    def _show_facts(self, rows: tuple[tuple[str, str], ...]) -> None:
        if len(self._values) != len(rows):
            for name, _ in rows:
                value = plain_label("", wrap=True)
                value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                label = plain_label(name, "muted")
                label.setAlignment(Qt.AlignmentFlag.AlignTop)
                self.facts.addRow(label, value)
                self._values.append(value)
        for label, (name, words) in zip(self._values, rows, strict=True):
            label.setText(words)
            label.setAccessibleName(f"{name}: {words}")


def _level(detection: Detection, points: tuple[tuple[int, float], ...]) -> int | None:
    """How many operating points are reached, by those that are drawn and said; None where the score means little."""
    if detection.outside_memory:
        return None
    return sum(detection.score >= at for _, at in points) if points else level_of(detection.percentile)
