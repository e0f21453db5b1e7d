"""What is looked for in another system: the fields of a question."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import QDate
from PySide6.QtWidgets import QComboBox, QDateEdit, QGridLayout, QLineEdit, QWidget

from app.i18n.language import QT_TR_NOOP, tr
from app.ui.look.widgets import NO_MARGINS, in_row, name_control, plain_label
from squid_core.contracts.network import Question
from squid_core.network.configuration import NetworkSettings, Role

TODAY, YESTERDAY, WEEK, RANGE, ANY = "today", "yesterday", "week", "range", "any"
DAY_WORDS = (
    (TODAY, QT_TR_NOOP("Today")),
    (YESTERDAY, QT_TR_NOOP("Yesterday")),
    (WEEK, QT_TR_NOOP("Last 7 days")),
    (RANGE, QT_TR_NOOP("From … to …")),
    (ANY, QT_TR_NOOP("Any day")),
)
MODALITIES = (("CR", "DX"), ("CR",), ("DX",), ())
WEEK_DAYS = 7
DAYS_WIDTH = 405  # of the choice with both days, so that nothing moves when they come
DAY_FORMAT = "yyyy-MM-dd"
WILDCARDS = frozenset("*?")


class QueryForm(QWidget):
    """System, days, modality, patient, accession number, part of the body."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.system = _choice(tr("System"), tr("Which system is asked."))
        self.days = _choice(tr("Days"), tr("When the study was made."))
        for value, words in DAY_WORDS:
            self.days.addItem(tr(words), value)
        self.first, self.last = _day(tr("First day")), _day(tr("Last day"))
        self.modality = _choice(tr("Modality"), tr("What the study was made with."))
        for codes in MODALITIES:
            self.modality.addItem(tr(", ").join(codes) or tr("Any"), codes)
        self.name = _line(tr("Patient's name"), tr("Its beginning is enough; * and ? stand for any letters."))
        self.patient_id = _line(tr("Patient ID"), tr("The whole number; * and ? stand for any characters."))
        self.accession = _line(tr("Accession number"), tr("The whole number; * and ? stand for any characters."))
        self.body_part = _line(tr("Body part"), tr("As the device states it, such as CHEST; leave it empty for any."))
        self._lay_out()
        self.days.currentIndexChanged.connect(lambda _: self._follow_days())
        self.first.dateChanged.connect(lambda day: self.last.setMinimumDate(day))
        self._follow_days()

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(*NO_MARGINS)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(3)
        dash = plain_label("–", "muted")
        days = QWidget()
        days.setMinimumWidth(DAYS_WIDTH)
        in_row((self.days, 1), self.first, dash, self.last, of=days, margins=NO_MARGINS, spacing=5)
        self._between = dash
        rows = (
            ((self.system, tr("System")), (days, tr("Days")), (self.modality, tr("Modality"))),
            ((self.name, tr("Patient's name")), (self.patient_id, tr("Patient ID")), (self.accession, tr("Accession"))),
        )
        for row, fields in enumerate(rows):
            for column, (field, words) in enumerate(fields):
                label = plain_label(words, "muted")
                label.setBuddy(self.days if field is days else field)
                grid.addWidget(label, 2 * row, column)
                grid.addWidget(field, 2 * row + 1, column)
        label = plain_label(tr("Body part"), "muted")
        label.setBuddy(self.body_part)
        grid.addWidget(label, 2, 3)
        grid.addWidget(self.body_part, 3, 3)
        for column, share in enumerate((3, 4, 3, 2)):
            grid.setColumnStretch(column, share)
        for before, after in zip(self.fields, self.fields[1:], strict=False):
            QWidget.setTabOrder(before, after)

    @property
    def fields(self) -> tuple[QWidget, ...]:
        """In the order of the Tab key."""
        return (
            self.system, self.days, self.first, self.last, self.modality,
            self.name, self.patient_id, self.accession, self.body_part,
        )  # fmt: skip

    @property
    def lines(self) -> tuple[QLineEdit, ...]:
        """Those in which something is typed."""
        return self.name, self.patient_id, self.accession, self.body_part

    @property
    def peer(self) -> str:
        """Name of the system that is asked; '' for none."""
        return str(self.system.currentData() or "")

    def question(self) -> Question:
        """What is asked for now."""
        first, last = self._days()
        return Question(
            first,
            last,
            modalities=tuple(self.modality.currentData()),
            patient_name=_beginning(self.name.text()),
            patient_id=self.patient_id.text().strip(),
            accession_number=self.accession.text().strip(),
            body_part=self.body_part.text().strip().upper(),
        )

    def show_systems(self, settings: NetworkSettings) -> None:
        """Offer the systems that can be asked; the chosen one stays."""
        chosen, names = self.peer, [peer.name for peer in settings.peers if Role.QUERY in peer.roles]
        if names == [self.system.itemData(at) for at in range(self.system.count())]:
            return
        self.system.clear()
        for name in names:
            self.system.addItem(name, name)
        self.system.setCurrentIndex(max(self.system.findData(chosen), 0) if names else -1)

    def show_question(self, peer: str, question: Question, *, masked: bool) -> None:
        """Show what was asked before; who the patient is only where names are not masked."""
        self.system.setCurrentIndex(max(self.system.findData(peer), 0))
        first, last, today = question.first_day, question.last_day, _today()
        week = today - timedelta(days=WEEK_DAYS - 1)
        yesterday = today - timedelta(days=1)
        known = {(today, today): TODAY, (yesterday, yesterday): YESTERDAY, (week, today): WEEK}
        days = known.get((first, last), RANGE) if first is not None and last is not None else ANY
        self.days.setCurrentIndex(self.days.findData(days))
        if first is not None and last is not None:
            self.first.setDate(QDate(first.year, first.month, first.day))
            self.last.setDate(QDate(last.year, last.month, last.day))
        at = next((at for at, codes in enumerate(MODALITIES) if codes == question.modalities), None)
        self.modality.setCurrentIndex(at if at is not None else len(MODALITIES) - 1)
        self.body_part.setText(question.body_part)
        if not masked:
            self.name.setText(question.patient_name)
            self.patient_id.setText(question.patient_id)
            self.accession.setText(question.accession_number)

    def forget_patient(self) -> None:
        """Names are masked now: who was looked for is not shown any more."""
        for line in (self.name, self.patient_id, self.accession):
            line.clear()

    def _days(self) -> tuple[date | None, date | None]:
        today, chosen = _today(), self.days.currentData()
        if chosen == RANGE:
            return _of(self.first.date()), _of(self.last.date())
        if chosen == ANY:
            return None, None
        back = {TODAY: 0, YESTERDAY: 1, WEEK: WEEK_DAYS - 1}[chosen]
        return today - timedelta(days=back), today - timedelta(days=1) if chosen == YESTERDAY else today

    def _follow_days(self) -> None:
        for part in (self.first, self._between, self.last):
            part.setVisible(self.days.currentData() == RANGE)


def _today() -> date:
    return date.today()  # noqa: DTZ011 - the reader's day


def _of(day: QDate) -> date:
    return date(day.year(), day.month(), day.day())


def _beginning(text: str) -> str:
    """A name as DICOM matches it: its beginning is enough, and a comma parts family and given name (PS3.5 6.2.1)."""
    name = "^".join(part.strip() for part in text.strip().split(",", 1))
    return name if not name or WILDCARDS & set(name) else f"{name}*"


def _choice(name: str, tip: str) -> QComboBox:
    combo = QComboBox()
    name_control(combo, name, tip)
    return combo


def _day(name: str) -> QDateEdit:
    edit = QDateEdit(QDate.currentDate())
    edit.setDisplayFormat(DAY_FORMAT)
    name_control(edit, name)
    return edit


def _line(name: str, tip: str) -> QLineEdit:
    line = QLineEdit()
    name_control(line, name, tip)
    return line
