"""The drift watch: whether the detector's percentiles still fit the hospital."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QTableWidget,
    QWidget,
)

from app.domain.drift.watch import WINDOWS, DriftPage, DriftQuestion
from app.domain.session import Session
from app.i18n.language import join, tr
from app.services.threads.signals import TypedSignal
from app.ui.dialogs.drift_plots import SpreadPlot, WeeksPlot
from app.ui.dialogs.lists import PlainDialog, plain_table, write_row
from app.ui.look.theme import font
from app.ui.look.widgets import in_column, in_row, name_control, plain_label, tool_tip
from app.ui.wishes import Wishes
from app.ui.words.drift_words import (
    HEADINGS,
    explanation,
    headline,
    how_tested,
    page_text,
    reason_rows,
    station_rows,
    window_words,
)

WIDTH = 960
INSIDE = (10, 8, 10, 8)  # pixels round what scrolls
FRAME = 48  # what the desktop may draw round a window
HEADLINE_POINTS = 15.0
ROWS, ROW_HEIGHT = 6, 25  # of a table, before it scrolls; logical pixels


class DriftDialog(PlainDialog):
    """Asks when it opens and whenever the reader changes the question; shows the answer that the session holds.

    Signals:
        learning_wanted: open what a hospital's normals can teach.
    """

    READS = ("drift",)
    learning_wanted = TypedSignal[()]()

    def __init__(self, wishes: Wishes, question: DriftQuestion, parent: QWidget | None = None) -> None:
        super().__init__(tr("Drift watch"), parent, width=WIDTH)
        self._wishes, self._question = wishes, question
        self._page: DriftPage | None = None
        self.last, self.weights, self.abnormal = QComboBox(), QComboBox(), QSpinBox()
        self.column.addLayout(self._controls())
        self.headline = plain_label(tr("Looking…"))
        self.headline.setFont(font(HEADLINE_POINTS, bold=True))
        self.explanation = plain_label("", wrap=True)
        self.proposal = plain_label("", "cardWarning", wrap=True)
        self.learn = QPushButton(tr("Learn this hospital…"))
        self.learn.setAutoDefault(False)
        self.learn.clicked.connect(self.learning_wanted)
        self.spread, self.weeks = SpreadPlot(), WeeksPlot()
        self.stations = _table(self, tr("Stations"), [tr(heading) for heading in HEADINGS])
        self.reasons = _table(self, tr("Not scored"), (tr("Images"), tr("Not scored because")))
        self.tested = plain_label("", "muted", wrap=True)
        spread_title = plain_label(tr("The newest studies, and where their line may run"), "sectionTitle")
        weeks_title = plain_label(tr("Week by week: median and middle half"), "sectionTitle")
        left, right = in_column(spread_title, self.spread), in_column(weeks_title, self.weeks)
        plots = in_row((left, 2), (right, 3), spacing=20)
        proposal = in_row((self.proposal, 1), self.learn, spacing=10)
        parts = (self.explanation, proposal, plots, self.stations, self.tested, self.reasons)
        self.area, inside = QScrollArea(), QWidget()
        self._body = in_column(*parts, of=inside, margins=INSIDE, spacing=12)
        self.area.setWidget(inside)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        name_control(self.area, tr("Drift watch"))
        self.column.addWidget(self.headline)
        self.column.addWidget(self.area)
        self.copy = QPushButton(tr("Copy as text"))
        self.copy.clicked.connect(self._copy)
        self.again = QPushButton(tr("Look again"))
        self.again.clicked.connect(lambda: self._ask())
        self.finish(self.again, self.copy)
        self._show_parts(shown=False)
        wishes.drift_asked.emit(self._question)

    def _controls(self) -> QHBoxLayout:
        for last in WINDOWS:
            self.last.addItem(window_words(last), last)
        self.last.setCurrentIndex(WINDOWS.index(self._question.last))
        self.weights.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.abnormal.setRange(0, 90)
        self.abnormal.setSingleStep(5)
        self.abnormal.setSuffix("%")
        self.abnormal.setValue(round(100 * self._question.abnormal))
        tip = tr("Of the patients on this list, as you know your hospital. Rather too many than too few.")
        names = (tr("Studies"), tr("Weights"), tr("Abnormal at most"))
        parts: list[QWidget | int] = []
        for control, name in zip((self.last, self.weights, self.abnormal), names, strict=True):
            name_control(control, name, tip if control is self.abnormal else "")
            label = plain_label(name, "muted")
            label.setBuddy(control)
            parts += [label, control]
        self.last.activated.connect(lambda _: self._ask(last=self.last.currentData()))
        self.weights.activated.connect(lambda _: self._ask(bundle=self.weights.currentData()))
        self.abnormal.valueChanged.connect(lambda value: self._ask(abnormal=value / 100))
        return in_row(*parts, 1, spacing=10)

    def render_session(self, session: Session) -> None:
        """Show the answer, if it is one to the question that was asked last."""
        page = session.drift
        if page is None or replace(page.question, bundle="") != replace(self._question, bundle=""):
            return
        self._page = page
        with QSignalBlocker(self.weights):
            self.weights.clear()
            for bundle in page.bundles:
                self.weights.addItem(
                    tr("{name} ({count} results)").format(name=bundle.name, count=bundle.results), bundle.fingerprint
                )
            self.weights.setCurrentIndex(self.weights.findData(page.question.bundle))
        said = headline(page)
        self.headline.setText(said)
        self.explanation.setText(explanation(page))
        self.proposal.setText(_proposal(page))
        self.tested.setText(join((how_tested(page), _others(page))))
        self.spread.show_page(page, join((said, self.explanation.text())))
        self.weeks.show_weeks(page.weeks, page_text(page))
        _fill(self.stations, station_rows(page))
        _fill(self.reasons, reason_rows(page))
        self._show_parts(shown=page.whole.count > 0)
        self.column.activate()
        self._make_room()

    def _make_room(self) -> None:
        """As high as what there is to see, as far as the screen allows; then it scrolls."""
        self.column.activate()
        wanted = self._body.heightForWidth(self.area.viewport().width())
        around = self.height() - self.area.height()
        room = self.screen().availableGeometry().height() - FRAME - around
        self.area.setFixedHeight(max(0, min(wanted, room)))
        self.adjustSize()

    def _show_parts(self, *, shown: bool) -> None:
        """Nothing is drawn of nothing."""
        for widget in (self.area, self.copy):
            widget.setVisible(shown)
        self.reasons.setVisible(self.reasons.rowCount() > 0)
        for label in (self.explanation, self.proposal, self.tested):
            label.setVisible(bool(label.text()))
        self.learn.setVisible(bool(self.proposal.text()))

    def _ask(self, **changes: object) -> None:
        self._question = replace(self._question, **changes)  # type: ignore[arg-type]
        self._wishes.drift_asked.emit(self._question)

    def _copy(self) -> None:
        if self._page is not None:
            QGuiApplication.clipboard().setText(page_text(self._page))


def _proposal(page: DriftPage) -> str:
    if not page.asks_to_learn:
        return ""
    return tr("Teach the detector the normals of this hospital, from studies that you called normal.")


def _others(page: DriftPage) -> str:
    if not page.others:
        return ""
    words = tr("Left out: {count} images scored with weights that are not here any more.")
    return words.format(count=page.others)


def _table(parent: QWidget, name: str, headings: Sequence[str]) -> QTableWidget:
    table = plain_table(parent, name, headings, 0, wide=len(headings) - 1)
    table.setWordWrap(False)  # its rows are of one height, and so is it
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    table.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
    return table


def _fill(table: QTableWidget, rows: Sequence[Sequence[str]]) -> None:
    table.setRowCount(len(rows))
    for at, texts in enumerate(rows):
        write_row(table, at, texts)
        if (last := table.item(at, len(texts) - 1)) is not None:
            last.setToolTip(tool_tip(texts[-1]))
    around = table.horizontalHeader().sizeHint().height() + 2 * table.frameWidth()
    table.setFixedHeight(around + min(len(rows), ROWS) * ROW_HEIGHT)
