"""What the window shows before there is a study."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QWidget

from app.domain.session import Session
from app.i18n.language import QT_TR_NOOP, tr
from app.services.threads.signals import TypedSignal
from app.ui.look.theme import app_icon, font, icon
from app.ui.look.widgets import in_column, in_row, name_control, plain_label
from app.ui.wishes import Wishes
from app.ui.words.words import RESEARCH_USE

ICON = 88
PATIENCE_MS = 700  # with the stored worklist, before it is said that it is being read
DROP_HERE = QT_TR_NOOP("Drop a folder of DICOM files here")
WHAT_HAPPENS = QT_TR_NOOP(
    "Chest radiographs are scored in the background and sorted by how little they resemble normal ones. "
    "Files stay where they are; nothing is written beside them and nothing leaves this computer."
)


class EmptyView(QWidget):
    """A place to drop a folder.

    Signals:
        folder_wanted: ask for a folder to open.
    """

    folder_wanted = TypedSignal[()]()

    def __init__(self, wishes: Wishes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        picture = QLabel()
        picture.setPixmap(app_icon().pixmap(ICON, ICON))
        picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.title = plain_label(tr(DROP_HERE), "emptyTitle")
        self.title.setFont(font(16.0, bold=True))
        self.title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.words = plain_label(tr(WHAT_HAPPENS), "muted", wrap=True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.words.setFixedWidth(460)
        self.open = QPushButton(tr("Open folder…"))
        self.open.setIcon(icon("folder"))
        self.open.setProperty("primary", True)
        name_control(self.open, tr("Open folder"))
        self.demo = QPushButton(tr("Open demonstration"))
        self.demo.setIcon(icon("play"))
        name_control(self.demo, tr("Open demonstration"))
        self.open.clicked.connect(self.folder_wanted)
        self.demo.clicked.connect(wishes.demo_requested)
        buttons = in_row(1, self.open, self.demo, 1, spacing=10)
        research = plain_label(tr(RESEARCH_USE), "research")
        self.card = QFrame()
        self.card.setObjectName("emptyCard")
        lines = (picture, self.title, self.words, buttons, research)
        column = in_column(*lines, of=self.card, margins=(56, 44, 56, 40), spacing=16)
        for part in (picture, self.title, self.words, research):
            column.setAlignment(part, Qt.AlignmentFlag.AlignHCenter)
        self.waiting = plain_label(tr("Reading the stored worklist…"), "muted")
        self.waiting.hide()
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(self.waiting.show)
        column = in_column(self.card, self.waiting, of=self)
        column.setAlignment(self.card, Qt.AlignmentFlag.AlignCenter)
        column.setAlignment(self.waiting, Qt.AlignmentFlag.AlignCenter)

    def render_session(self, old: Session | None, new: Session) -> None:
        """Say what is going on before the first study appears; nothing while a stored worklist may come."""
        if new.differs(old, "restored"):
            self.card.setVisible(new.restored)
            self.waiting.hide()
            if new.restored:
                self._patience.stop()
            else:
                self._patience.start()
        if not new.differs(old, "import_report"):
            return
        report = new.import_report
        if report is not None and report.running:
            self.title.setText(tr("Looking through the folder…"))
        elif report is not None and report.found and not report.images:
            self.title.setText(tr("No images were found there"))
        else:
            self.title.setText(tr(DROP_HERE))

    def set_dropping(self, dropping: bool) -> None:
        """A folder hovers over the window."""
        self.card.setProperty("dropping", dropping)
        self.card.style().unpolish(self.card)
        self.card.style().polish(self.card)
