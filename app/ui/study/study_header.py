"""Over the panes: whose image this is, what the detector says of it in words, and the what-if beside it."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QFrame, QToolButton, QWidget

from app.domain.session import Session
from app.i18n.language import join, say, tr
from app.services.threads.signals import TypedSignal
from app.ui.keys.bindings import with_key
from app.ui.look.theme import font, icon
from app.ui.look.widgets import NO_MARGINS, ElidedLabel, in_column, in_row, name_control, plain_label, tool_tip
from app.ui.study.judgement_buttons import JudgementButtons
from app.ui.study.prior_button import PriorButton
from app.ui.wishes import Wishes
from app.ui.words.score_words import change_words, time_words
from app.ui.words.words import (
    DOT,
    UNSOUND_WORDS,
    WHAT_IF_BADGE,
    file_words,
    judgement_words,
    patient_words,
    percentile_medium,
    percentile_words,
    person_parts,
    score_words,
    state_word,
    study_words,
    weights_words,
)
from squid_core.contracts.detection import Detection

SCORE_POINTS = 20.0
STEP_ICON = 12
NAME_POINTS = 12.0
# Fields of a session that are shown here: of the image and its score, and of what is tried beside it.
READS = ("study", "image_key", "radiograph", "detection", "weights_reason", "mask_names", "mask_key")
TRIED = ("detection", "what_if", "trial", "what_if_running")
WHAT_IF_POINTS = 8.5
WHO, SAYS = 11, 10  # shares of the room beside the score


def score_lines(detection: Detection, reason: str) -> tuple[str, str, str]:
    """Three lines on a locked detection: place among normals; weights; the paper's A, time and device."""
    where = time_words(detection) if detection.seconds else tr("on {device}").format(device=detection.device)
    paper = tr("paper's A {score}").format(score=f"{detection.paper_score:.2f}")
    return (
        tr(UNSOUND_WORDS).capitalize() if detection.outside_memory else percentile_words(detection.percentile),
        weights_words(detection.model, reason),
        f"{paper}  ·  {where}",
    )


class WhatIfBox(QFrame):
    """The what-if score right below the locked one, in one short line; panel and panes say what it is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("whatIf")
        self.score = plain_label("", "whatIfScore")
        self.score.setFont(font(WHAT_IF_POINTS, bold=True))
        in_row(self.score, of=self, margins=(5, 1, 5, 2))
        self.hide()

    def render_session(self, session: Session) -> None:
        """Show score and change, or that the answer is on its way."""
        self.setVisible(session.trial is not None)
        name = tr("What-if")
        self.setToolTip(tool_tip(tr(WHAT_IF_BADGE)))
        if session.what_if is None:
            self.score.setText(f"{name} …" if session.what_if_running else f"{name} –")
            return
        text = f"{name} {score_words(session.what_if.score, session.what_if.outside_memory)}"
        if session.detection is not None:
            text += f" ({change_words(session.what_if.score - session.detection.score)})"
        if session.what_if_running:
            text += " …"
        self.score.setText(text)
        self.setToolTip(tool_tip("  ·  ".join((tr(WHAT_IF_BADGE), percentile_words(session.what_if.percentile)))))


class StudyHeader(QFrame):
    """One band of three lines.

    Signals:
        image_stepped: -1 or +1, the previous or next image of the study.
        score_requested: show the score in words and picture.
    """

    image_stepped = TypedSignal[int]()
    score_requested = TypedSignal[()]()

    def __init__(self, wishes: Wishes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("header")
        self.name = ElidedLabel("", "patientName")
        self.name.setFont(font(NAME_POINTS, bold=True))
        self.person = ElidedLabel("", "muted")
        self.kind = ElidedLabel("", "muted")
        self.score = plain_label("", "score")
        self.score.setFont(font(SCORE_POINTS, bold=True))
        self.place = ElidedLabel("", "place")
        self.source = ElidedLabel("", "muted")
        self.more = ElidedLabel("", "muted")
        self.what_if = WhatIfBox()
        self.why = QToolButton()
        self.why.setIcon(icon("info"))
        self.why.setProperty("small", True)
        name_control(self.why, tr("The score in words and picture"))
        self.why.clicked.connect(self.score_requested)
        self.judgement = JudgementButtons()
        self.priors = PriorButton(wishes)
        self.stepper = QWidget()
        self.image_count = plain_label("", "muted")
        self._previous = self._step_button("previous", tr("Previous image of the study"), -1)
        self._next = self._step_button("next", tr("Next image of the study"), 1)
        self._lay_out()

    def _step_button(self, picture: str, name: str, step: int) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon(picture))
        button.setProperty("small", True)
        button.setIconSize(QSize(STEP_ICON, STEP_ICON))
        name_control(button, name, name)
        button.clicked.connect(lambda: self.image_stepped.emit(step))
        return button

    def _lay_out(self) -> None:
        in_row(self._previous, self.image_count, self._next, of=self.stepper, margins=NO_MARGINS, spacing=2)
        kind = in_row(self.stepper, (self.kind, 1), self.priors, spacing=6)
        who = in_column(self.name, self.person, kind, spacing=1)
        scores = in_column(1, in_row(1, self.score, self.why, 1, spacing=8), self.what_if, 1, spacing=1)
        says = in_column(self.place, self.source, self.more, spacing=1)
        in_row((who, WHO), scores, (says, SAYS), self.judgement, of=self, margins=(12, 7, 10, 7), spacing=8)
        self.setFixedHeight(self.fontMetrics().height() * 3 + 28)

    def render_session(self, old: Session | None, new: Session) -> None:
        """Show what changed between two sessions."""
        self.priors.render_session(old, new)
        if new.differs(old, "keys"):
            self.why.setToolTip(tool_tip(with_key(tr("The score in words and picture"), new.keys, "score")))
            self.judgement.name_keys(new.keys)
        if new.differs(old, *READS):
            self._render_identity(new)
            self._render_score(new)
        if new.differs(old, *TRIED):
            self.what_if.render_session(new)

    def _render_identity(self, session: Session) -> None:
        item, study = session.image, session.study
        if study is None:
            for label in (self.name, self.person, self.kind):
                label.set_whole("")
            self.stepper.hide()
            return
        known = session.radiograph.identity if session.radiograph else (item or study.images[0]).identity
        identity = session.masking.identity(known, study.uid)
        self.name.set_whole(patient_words(identity, file_words(study.images[0])))
        self.person.set_whole(DOT.join(person_parts(identity)))
        self.kind.set_whole(study_words(identity, session.mask_names))
        number = next((at for at, image in enumerate(study.images, 1) if image.key == session.image_key), 1)
        self.image_count.setText(f"{number} / {len(study.images)}")
        self.image_count.setAccessibleName(
            tr("Image {number} of {total}").format(number=number, total=len(study.images))
        )
        self.stepper.setVisible(len(study.images) > 1)
        self._previous.setEnabled(number > 1)
        self._next.setEnabled(number < len(study.images))

    def _render_score(self, session: Session) -> None:
        item, detection = session.image, session.detection
        more = short = ""
        self.why.setVisible(detection is not None)
        self.judgement.render_study(session.study)
        self.score.setAccessibleName(tr("Anomaly score"))
        if detection is not None:
            self.score.setText(score_words(detection.score, detection.outside_memory))
            place, source, more = score_lines(detection, session.weights_reason)
            short = "" if detection.outside_memory else percentile_medium(detection.percentile)
        elif item is not None and item.score is not None:
            self.score.setText(score_words(item.score, item.outside_memory))
            place = "" if item.percentile is None else percentile_words(item.percentile)
            place = tr(UNSOUND_WORDS).capitalize() if item.outside_memory else place
            source = weights_words(item.weights, "") if item.weights else ""
        else:
            self.score.setText("–" if item is not None else "")
            place = "" if item is None else state_word(item)
            source = tr("no score") if item is not None else ""
        self.place.set_whole(place, short)
        self.source.set_whole(source)
        judged = judgement_words(session.study.judgement) if session.study else ""
        self.more.set_whole("  ·  ".join(part for part in (judged, more) if part))
        self.score.setToolTip("" if detection is None else tool_tip(component_words(detection)))


def component_words(detection: Detection) -> str:
    """What the score is made of, and which weights gave it."""
    parts = tr(", ").join(f"{say(name)} {value:+.1f}" for name, value in detection.components.items())
    made_of = tr("Standard deviations from held-out normals: {parts}.").format(parts=parts) if parts else ""
    score = tr("Score {score}.").format(score=f"{detection.score:.3f}")
    weights = tr("Weights {name}, {hash}.").format(name=detection.model, hash=detection.model_hash[:12])
    return join((score, made_of, weights))
