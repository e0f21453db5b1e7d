"""Learn this hospital: what can be learned from, what it would be worth, and what was learned before."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QMessageBox,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QWidget,
)

from app.domain.learning import Judged, LearnedWeights, Learning, LearningPhase, Population
from app.domain.session import Session
from app.i18n.language import QT_TR_NOOP, join, tr
from app.services.threads.signals import TypedSignal
from app.ui.dialogs.lists import PlainDialog
from app.ui.dialogs.tenths_plot import TenthsPlot
from app.ui.look.fixed import lock_fixed
from app.ui.look.widgets import NO_MARGINS, in_column, in_row, name_control, plain_label
from app.ui.wishes import Wishes
from app.ui.words.learning_words import (
    INTRODUCTION,
    PHASES,
    SAMPLE,
    abnormal_words,
    advice_sentence,
    after_words,
    count_words,
    device_words,
    learned_words,
    left_out_words,
    plot_words,
    population_words,
    worth_sentence,
)
from app.ui.words.words import notice_words

DELETED = QT_TR_NOOP(
    "What they found stays readable. If they are in use, new studies are scored with the weights that ship."
)
WIDTH = 640
LOOK_AGAIN_MS = 1000  # after the worklist has changed
PER_CENT = 100
READS = ("learning", "weights_in_use")  # fields of a session that are shown here
COUNTED = ("study", "progress")  # fields after which there may be more to learn from


class LearningDialog(PlainDialog):
    """Stays open beside the window, which goes on, and follows the session; decides nothing itself.

    Signals:
        card_wanted: name of the weights whose card the reader wants to see.
    """

    card_wanted = TypedSignal[str]()

    def __init__(self, wishes: Wishes, parent: QWidget | None = None) -> None:
        super().__init__(tr("Learn this hospital"), parent, width=WIDTH)
        self._wishes = wishes
        self._judged, self._idle = Judged(), True
        self._session = Session()
        self._shown: object = None  # of the list of what was learned before
        self._look = QTimer(self, singleShot=True, interval=LOOK_AGAIN_MS)
        self._look.timeout.connect(wishes.learning_looked_at)
        self.column.addWidget(plain_label(tr(INTRODUCTION), wrap=True))
        self.choices = {population: QRadioButton() for population in Population}
        self.details = plain_label("", "muted", wrap=True)
        self.learn = _button(tr("Learn"), lambda: wishes.learning_wanted.emit(self.chosen), primary=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.phase = plain_label("", "muted")
        self.stop = _button(tr("Stop"), wishes.learning_stopped.emit)
        self.error = plain_label("", "cardWarning", wrap=True)
        self._add_choices()
        self.offer = self._offer_box()
        self.kept = QWidget()
        self._rows = in_column(of=self.kept, margins=NO_MARGINS, spacing=4)
        self.column.addWidget(self.kept)
        self.column.addStretch(1)
        self.finish()

    def render_session(self, old: Session | None, new: Session) -> None:
        """Follow the session."""
        if old is not None and new.differs(old, *COUNTED):
            self._look.start()
        if not new.differs(old, *READS):
            return
        learning = new.learning
        self._render_choices(learning)
        self._render_progress(learning)
        self._render_offer(learning)
        self._session = new
        self._render_kept(learning, dict(new.weights_in_use))
        self._make_room()

    def showEvent(self, event: QShowEvent) -> None:
        """Tall enough for all its lines."""
        super().showEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """Labels that wrap do not tell a window how high they are; it never shrinks under the reader's eyes."""
        self.resize(self.width(), max(self.height(), self.column.totalHeightForWidth(max(self.width(), WIDTH))))

    # -- built once

    def _add_choices(self) -> None:
        group = QButtonGroup(self)
        for button in self.choices.values():
            group.addButton(button)
            self.column.addWidget(button)
        self.choices[Population.ADULT].setChecked(True)
        group.buttonClicked.connect(lambda _: self._follow_choice())
        self.column.addWidget(self.details)
        self.column.addWidget(plain_label(tr(SAMPLE), "hint", wrap=True))
        self.column.addLayout(in_row(self.learn, self.bar, self.stop, self.phase, 1, spacing=10))
        self.column.addWidget(self.error)

    def _offer_box(self) -> QWidget:
        self.worth = plain_label("", wrap=True)
        self.advice = plain_label("", "patientName", wrap=True)
        self.not_used = plain_label("", "muted", wrap=True)
        self.before, self.after = TenthsPlot(tr("Now")), TenthsPlot(tr("With the learned weights"))
        self.use = _button(tr("Use for new studies"), self._wishes.learned_used.emit, primary=True)
        self.discard = _button(tr("Discard"), self._wishes.learned_discarded.emit)
        box = QWidget()
        lines = (plain_label(tr("What it would be worth"), "sectionTitle"), self.worth, self.advice)
        plots = in_row(self.before, self.after, spacing=18)
        estimated = plain_label(after_words(), "muted", wrap=True)
        buttons = in_row(self.use, self.discard, 1, spacing=10)
        in_column(*lines, plots, estimated, self.not_used, buttons, of=box, margins=NO_MARGINS, spacing=8)
        self.column.addWidget(box)
        return box

    # -- following the session

    @property
    def chosen(self) -> Population:
        """Whose normals are to be learned."""
        return next(population for population, button in self.choices.items() if button.isChecked())

    def choose(self, population: Population) -> None:
        """Choose whose."""
        self.choices[population].setChecked(True)
        self._follow_choice()

    def _render_choices(self, learning: Learning) -> None:
        self._judged = learning.judged
        for population, button in self.choices.items():
            button.setText(count_words(learning.judged.of(population)))
            button.setEnabled(learning.phase is LearningPhase.IDLE)
        self._idle = learning.phase is LearningPhase.IDLE
        self._follow_choice()

    def _follow_choice(self) -> None:
        normals = self._judged.of(self.chosen)
        said = (device_words(normals), left_out_words(dict(normals.left_out)), abnormal_words(self._judged.abnormal))
        self.details.setText(join(said))
        self.details.setVisible(bool(self.details.text()))
        self.learn.setEnabled(normals.enough and self._idle)

    def _render_progress(self, learning: Learning) -> None:
        at_work = learning.phase in PHASES
        self.learn.setVisible(learning.phase is LearningPhase.IDLE)
        for widget in (self.bar, self.phase):
            widget.setVisible(at_work)
        self.stop.setVisible(learning.running)
        self.phase.setText(tr(PHASES[learning.phase]) if at_work else "")
        self.bar.setRange(0, PER_CENT)
        self.bar.setValue(round(PER_CENT * learning.share))
        self.error.setText(notice_words(learning.error) if learning.error else "")
        self.error.setVisible(learning.error is not None)

    def _render_offer(self, learning: Learning) -> None:
        offered = learning.offered
        self.offer.setVisible(offered is not None)
        if offered is None:
            return
        adapted = offered.adapted
        self.worth.setText(worth_sentence(adapted))
        self.advice.setText(advice_sentence(adapted))
        self.not_used.setText(left_out_words(adapted.not_used))
        self.not_used.setVisible(bool(adapted.not_used))
        highest = float(max(*adapted.before.tenths, *adapted.after.tenths, 1))
        for plot, estimate in ((self.before, adapted.before), (self.after, adapted.after)):
            plot.show_tenths(estimate.tenths, highest, plot_words(estimate, adapted.normals))
        for button in (self.use, self.discard):
            button.setEnabled(learning.phase is LearningPhase.OFFERED)

    def _render_kept(self, learning: Learning, in_use: dict[str, str]) -> None:
        wanted = (learning.learned, tuple(in_use.items()))
        if wanted == self._shown:
            return
        self._shown = wanted
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.kept.setVisible(bool(learning.learned))
        if not learning.learned:
            return
        self._rows.addWidget(plain_label(tr("Learned before"), "sectionTitle"))
        names = {one.name for one in learning.learned}
        for one in learning.learned:
            self._rows.addWidget(self._row(one, used=in_use.get(one.population) == one.name))
        for population in Population:
            if learning.learned_for(population):
                self._rows.addWidget(self._shipped_row(population, used=in_use.get(population) not in names))

    def _row(self, one: LearnedWeights, *, used: bool) -> QWidget:
        delete = _button(
            tr("Delete…"), partial(self._ask_to_delete, one.name), tr("Delete {name}").format(name=one.name)
        )
        label = plain_label(f"{one.name}  ·  {learned_words(one)}")
        row = QWidget()
        card = _button(
            tr("Card…"), partial(self.card_wanted.emit, one.name), tr("Card of {name}").format(name=one.name)
        )
        use = self._use_or_used(one.population, one.name, used=used)
        in_row((label, 1), card, use, delete, of=row, margins=NO_MARGINS)
        return row

    def _shipped_row(self, population: Population, *, used: bool) -> QWidget:
        label = plain_label(tr("{population}: the weights that ship").format(population=population_words(population)))
        row = QWidget()
        in_row((label, 1), self._use_or_used(population, "", used=used), of=row, margins=NO_MARGINS)
        return row

    def _use_or_used(self, population: Population, name: str, *, used: bool) -> QWidget:
        if used:
            return plain_label(tr("in use"), "muted")
        tip = tr("Use {name} for new studies").format(name=name or population_words(population))
        button = _button(tr("Use"), partial(self._wishes.learned_chosen.emit, population, name), tip)
        lock_fixed(self._session, {"weights": button, f"{population}_weights": button})
        return button

    def _ask_to_delete(self, name: str) -> None:
        question = QMessageBox(self)
        question.setIcon(QMessageBox.Icon.Question)
        question.setWindowTitle(tr("Learn this hospital"))
        question.setTextFormat(Qt.TextFormat.PlainText)
        question.setText(tr("Delete the learned weights {name}?").format(name=name))
        question.setInformativeText(tr(DELETED))
        yes = question.addButton(tr("Delete"), QMessageBox.ButtonRole.AcceptRole)
        question.addButton(QMessageBox.StandardButton.Cancel)
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        question.buttonClicked.connect(
            lambda button: self._wishes.learned_deleted.emit(name) if button is yes else None
        )
        question.open()


def _button(words: str, does: Callable[[], object], tip: str = "", *, primary: bool = False) -> QPushButton:
    button = QPushButton(words)
    button.setAutoDefault(False)
    button.setProperty("primary", primary)
    name_control(button, tip or words)
    button.clicked.connect(lambda _=False: does())
    return button
