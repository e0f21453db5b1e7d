"""The line at the bottom: the queue's progress with Cancel, the latest notice, and what the program is not."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QProgressBar, QPushButton, QWidget

from app.domain.errors import Notice, Severity
from app.domain.session import Session
from app.i18n.language import tr
from app.services.threads.signals import TypedSignal
from app.ui.look.theme import icon, pixmap
from app.ui.look.widgets import ElidedLabel, in_row, name_control, plain_label
from app.ui.window.banner import severity_colour
from app.ui.window.done_line import DoneLine
from app.ui.window.network_button import NetworkButton
from app.ui.window.watch_button import WatchButton
from app.ui.wishes import Wishes
from app.ui.words.words import RESEARCH_USE, import_words, notice_words, severity_word

ICONS = {Severity.INFO: "info", Severity.WARNING: "error", Severity.ERROR: "error"}
BAR_WIDTH = 120
READS = ("progress", "import_report", "exporting")  # fields of a session that are shown here


class Footer(QFrame):
    """Never steals the focus and never opens a window by itself.

    Signals:
        report_requested: show the import report. notices_requested: show all notices.
        speaking: whether a notice, or what was just done, is said now.
    """

    report_requested = TypedSignal[()]()
    notices_requested = TypedSignal[()]()
    speaking = TypedSignal[bool]()

    def __init__(self, wishes: Wishes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("footer")
        self._stopped = self._running = False
        self.shown_notice: Notice | None = None
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setFixedWidth(BAR_WIDTH)
        self.progress_text = plain_label("", "muted")
        self.cancel = self._button(tr("Cancel"), tr("Stop importing, scoring and exporting"), wishes.cancel_requested)
        self.resume = self._button(tr("Resume"), tr("Score what was stopped"), wishes.resume_requested)
        self.report = self._button(
            tr("Import report…"), tr("Which files were left out, and why"), self.report_requested
        )
        self.watch = WatchButton(wishes)
        self.network = NetworkButton(wishes)
        self.notice_icon = QLabel()
        self.notice = ElidedLabel()
        self.details = self._button(tr("All notices…"), tr("All notices with their details"), self.notices_requested)
        self.dismiss = QPushButton()
        self.dismiss.setIcon(icon("close"))
        self.dismiss.setProperty("flat", True)
        name_control(self.dismiss, tr("Dismiss the notice"), tr("Dismiss the notice"))
        self.dismiss.clicked.connect(self.clear_notice)
        work = (self.progress, self.progress_text, self.cancel, self.resume, self.report, self.watch, self.network)
        said = (self.notice_icon, (self.notice, 1), self.details, self.dismiss)
        self.done = DoneLine(wishes)
        self.done.told.connect(self._tell)
        in_row(
            *work,
            *said,
            self.done,
            plain_label(tr(RESEARCH_USE), "research"),
            of=self,
            margins=(12, 3, 12, 3),
            spacing=8,
        )
        self.setFixedHeight(self.fontMetrics().height() + 20)
        self.clear_notice()

    def _button(self, words: str, tip: str, signal: TypedSignal[()]) -> QPushButton:
        button = QPushButton(words)
        button.setProperty("flat", True)
        name_control(button, words, tip)
        button.clicked.connect(signal)
        return button

    def render_session(self, old: Session | None, new: Session) -> None:
        """Show progress of queue and import, the watched folder and the network."""
        self.watch.render_session(old, new)
        self.network.render_session(old, new)
        self.done.render_session(old, new)
        if not new.differs(old, *READS):
            return
        report, progress = new.import_report, new.progress
        importing = report is not None and report.running
        exporting = new.exporting.running and not (importing or progress.running)
        shown = new.exporting if exporting else progress
        self.progress.setVisible(importing or shown.running)
        self.progress.setRange(0, 0 if importing and not shown.total else max(shown.total, 1))
        self.progress.setValue(shown.done)
        self.cancel.setVisible(importing or progress.running or new.exporting.running)
        self.report.setVisible(report is not None and not report.running)
        self._running = importing or progress.running
        self.resume.setVisible(self._stopped and not self._running)
        words = []
        if report is not None and importing:
            words.append(import_words(report))
        if (exporting_now := new.exporting).running:
            number, total = exporting_now.done + 1, exporting_now.total
            words.append(tr("Exporting {number} of {total}").format(number=number, total=total))
        if progress.running:
            words.append(tr("Analysing {number} of {total}").format(number=progress.done + 1, total=progress.total))
        elif not importing and progress.total:
            words.append(tr("{number} analysed").format(number=progress.done))
        if report is not None and not report.running:
            left_out = tr("1 file left out") if report.left_out == 1 else tr("{number} files left out")
            words.append(left_out.format(number=report.left_out) if report.left_out else "")
        self.progress_text.setText("  ·  ".join(word for word in words if word))

    def show_stopped(self, stopped: bool) -> None:
        """Whether there is work that was stopped and can be resumed."""
        self._stopped = stopped
        self.resume.setVisible(stopped and not self._running)

    def show_notice(self, notice: Notice) -> None:
        """Show one notice until the next."""
        self.shown_notice = notice
        colour = severity_colour(notice.severity)
        self.notice_icon.setPixmap(pixmap(ICONS[notice.severity], colour, 16, self.devicePixelRatioF()))
        self.notice_icon.setAccessibleName(severity_word(notice.severity))
        self.notice.set_whole(notice_words(notice))
        for widget in (self.notice_icon, self.details, self.dismiss):
            widget.show()
        self._tell()

    def clear_notice(self) -> None:
        """Nothing to say."""
        self.shown_notice = None
        self.notice.set_whole("")
        for widget in (self.notice_icon, self.details, self.dismiss):
            widget.hide()
        self.notice.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        self._tell()

    def _tell(self) -> None:
        self.speaking.emit(self.shown_notice is not None or self.done.is_telling)
