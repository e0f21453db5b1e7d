"""Lines above the panes: why an image is not analysed, a question, what was repaired."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QSizePolicy, QWidget

from app.domain.errors import Notice, Severity
from app.domain.jobs import JobState
from app.domain.session import Session
from app.i18n.language import join, say, tr
from app.services.threads.signals import TypedSignal
from app.ui.look.theme import pixmap, tokens
from app.ui.look.widgets import NO_MARGINS, in_column, in_row, name_control, plain_label
from app.ui.wishes import Wishes
from app.ui.words.file_words import file_sentence
from app.ui.words.presentation_words import offer_words, shortcomings, stranger_words
from app.ui.words.words import SAME_PATIENT, doubts_about, notice_words, severity_word
from squid_core.contracts.radiograph import Decision
from squid_core.inference.doubts import is_mirrored
from squid_core.privacy import BURNED_IN

# Fields of a session that `banners` reads.
READS = (
    "study", "image_key", "radiograph", "detection", "error", "notices", "beside", "mask_names", "locating", "offer",
    "presented",
)  # fmt: skip


def severity_colour(severity: Severity) -> str:
    """The colour that goes with the icon and the words."""
    theme = tokens()
    return {Severity.INFO: theme.accent, Severity.WARNING: theme.warning, Severity.ERROR: theme.error}[severity]


class BannerLine(QFrame):
    """One line: icon, words, and a button where something can be done at once.

    Signals:
        locate_wanted: key of the image whose file is gone.
    """

    locate_wanted = TypedSignal[str]()

    def __init__(self, banner: Banner, wishes: Wishes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self.setProperty("severity", banner.severity.value)
        self.text = plain_label(banner.text, wrap=True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        picture = QLabel()
        picture.setPixmap(pixmap(banner.icon, severity_colour(banner.severity), 16, self.devicePixelRatioF()))
        picture.setAccessibleName(severity_word(banner.severity))
        row = in_row(picture, (self.text, 1), of=self, margins=(9, 5, 9, 5), spacing=9)
        row.setAlignment(picture, Qt.AlignmentFlag.AlignTop)
        if banner.ask_key:
            self.button = QPushButton(tr("Analyse anyway"))
            self.button.setProperty("primary", True)
            tip = tr("Score this image although the program is not sure it may.")
            name_control(self.button, tr("Analyse anyway"), tip)
            self.button.clicked.connect(lambda: wishes.analyse_anyway.emit(banner.ask_key))
            row.addWidget(self.button)
        elif banner.lost_key:
            words = tr("Looking…") if banner.locating else tr("Locate…")
            self.button = QPushButton(words)
            tip = tr("Say in which folder this file, and those that are gone with it, lie now; Esc stops the search.")
            name_control(self.button, words, tip)
            self.button.setEnabled(not banner.locating)
            self.button.clicked.connect(lambda: self.locate_wanted.emit(banner.lost_key))
            row.addWidget(self.button)
        elif (damaged := banner.damaged) is not None:
            self.button = QPushButton(tr("Try again"))
            name_control(self.button, tr("Try again"), tr("Read this file once more."))
            self.button.clicked.connect(lambda: wishes.again_requested.emit([damaged]))
            row.addWidget(self.button)


class BannerStack(QWidget):
    """All lines of the shown image.

    Signals:
        locate_wanted: key of the image whose file is gone.
    """

    locate_wanted = TypedSignal[str]()

    def __init__(self, wishes: Wishes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wishes = wishes
        self._shown: tuple[Banner, ...] = ()
        self.lines: list[BannerLine] = []
        self._layout = in_column(of=self, margins=NO_MARGINS, spacing=2)
        self.hide()

    @property
    def said(self) -> tuple[str, ...]:
        """The lines in words."""
        return tuple(banner.text for banner in self._shown)

    def render_session(self, old: Session | None, new: Session) -> None:
        """Show the lines of a session."""
        if not new.differs(old, *READS):
            return
        wanted = banners(new)
        if wanted == self._shown:
            return
        self._shown = wanted
        for line in self.lines:
            self._layout.removeWidget(line)
            line.hide()
            line.deleteLater()
        self.lines = [BannerLine(banner, self._wishes, self) for banner in wanted]
        for line in self.lines:
            line.locate_wanted.connect(self.locate_wanted)
            self._layout.addWidget(line)
        self.setVisible(bool(wanted))


@dataclass(frozen=True)
class Banner:
    """One line above the panes.

    Attributes:
        ask_key: key of the image whose question it puts; '' for none.
        lost_key: key of the image whose file is gone; '' for none. locating: it is being looked for.
        damaged: the file that may be read once more; None for none.
    """

    severity: Severity
    text: str
    icon: str
    ask_key: str = ""
    lost_key: str = ""
    locating: bool = False
    damaged: Path | None = None


def _damaged(session: Session, words: str) -> Banner:
    """A file that cannot be read: why, which one, and that it can be tried again."""
    item = session.image
    if item is None:
        return Banner(Severity.ERROR, words, "error")
    named = file_sentence(item.path, item.member, session.mask_names)
    return Banner(Severity.ERROR, join((words, named)), "error", damaged=item.path)


def _fault(session: Session, error: Notice) -> Banner:
    """Why the image cannot be shown, and what is shown in its place."""
    words = notice_words(error, session.mask_names)
    if error.place is None:
        return _damaged(session, words)
    shown = tr("What is shown comes from its stored result.") if session.detection is not None else ""
    return Banner(
        Severity.WARNING, join((words, shown)), "error", lost_key=session.image_key, locating=session.locating
    )


def banners(session: Session) -> tuple[Banner, ...]:
    """What a reader must know of the shown image, most important first."""
    made: list[Banner] = []
    item = session.image
    if session.error is not None and not (item is not None and item.replaced):  # which is said below
        made.append(_fault(session, session.error))
    elif item is not None and item.state is JobState.ERROR:
        made.append(_damaged(session, say(item.message) or tr("This file could not be read.")))
    if session.study is not None and item is not None:
        made += [Banner(Severity.WARNING, words, "error") for words in doubts_about(session.study, item)]
    if item is not None and item.asks:
        made.append(Banner(Severity.WARNING, say(item.message), "question", item.key))
    elif item is not None and item.state is JobState.VIEWABLE:
        reason = item.message or (item.verdict.reason if item.verdict else "")
        made.append(Banner(Severity.INFO, join((tr("Not analysed."), say(reason))), "viewable"))
    elif item is not None and item.state is JobState.CANCELLED:
        made.append(Banner(Severity.INFO, tr("Not analysed: the queue was stopped before this image."), "stopped"))
    if item is not None and item.accepted and item.verdict and item.verdict.decision is Decision.ASK:
        words = join((tr("Analysed because you asked for it."), say(item.verdict.reason)))
        made.append(Banner(Severity.INFO, words, "info"))
    if session.mask_names and session.radiograph is not None and session.radiograph.burned_in:
        made.append(Banner(Severity.WARNING, join((tr("Names are masked."), say(BURNED_IN))), "error"))
    if session.beside is not None and session.beside.error is not None:
        prior = notice_words(session.beside.error, session.mask_names)
        which = tr("The other view:") if session.beside.other_view else tr("The prior:")
        made.append(Banner(Severity.WARNING, join((which, prior)), "error"))
    if session.beside is not None and session.beside.name_differs:
        made.append(Banner(Severity.WARNING, tr(SAME_PATIENT), "error"))
    if words := stranger_words(session):
        made.append(Banner(Severity.WARNING, words, "error"))
    if words := offer_words(session) or shortcomings(session):
        made.append(Banner(Severity.INFO, words, "info"))
    if session.notices:
        detection = session.detection  # not a what-if: the notices are of the image at the locked settings
        # One of the notices says so.
        grave = detection is not None and (detection.outside_memory or is_mirrored(detection))
        severity, picture = (Severity.WARNING, "error") if grave else (Severity.INFO, "info")
        made.append(Banner(severity, join(say(text) for text in session.notices), picture))
    return tuple(made)
