"""What the reader has just done, with a way back, for some seconds, in a place that is kept for it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import QPushButton, QWidget

from app.domain.session import Session
from app.domain.undoing import DeedSaid, Way
from app.i18n.language import tr
from app.services.threads.signals import TypedSignal
from app.ui.look.widgets import NO_MARGINS, ElidedLabel, in_row, name_control
from app.ui.wishes import Wishes
from app.ui.words.undoing_words import JUDGED, MARKED, REMOVED, said_words

SHOWN_MS = 5000
READS = ("undoing",)


class DoneLine(QWidget):
    """Keeps its width while it has nothing to say, so that nothing beside it ever moves.

    Signals:
        told: whether something is said now.
    """

    told = TypedSignal[bool]()

    def __init__(self, wishes: Wishes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wishes = wishes
        self._said: DeedSaid | None = None
        self.words = ElidedLabel()
        self.words.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.button = QPushButton()
        self.button.setProperty("flat", True)
        self.button.clicked.connect(self._on_click)
        in_row((self.words, 1), self.button, of=self, margins=NO_MARGINS, spacing=6)
        policy = self.button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.button.setSizePolicy(policy)
        self._timer = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._timer.timeout.connect(lambda: self._show(None))
        self._show(None)

    def sizeHint(self) -> QSize:
        """Room for whatever a key may do to one study."""
        sentences = (*JUDGED.values(), *(one for one, _ in MARKED.values()), REMOVED[0])
        widest = max(self.fontMetrics().horizontalAdvance(tr(text)) for text in sentences)
        return QSize(widest + 10 + self.button.sizeHint().width(), super().sizeHint().height())

    def render_session(self, old: Session | None, new: Session) -> None:
        """Say what has been done since; a new window does not say again what an old one has said."""
        if old is not None and new.differs(old, *READS):
            self._show(new.undoing.said)

    def _show(self, said: DeedSaid | None) -> None:
        self._said = said
        self.words.set_whole("" if said is None else said_words(said))
        self.button.setVisible(said is not None)
        undone = said is not None and said.way is Way.UNDONE
        words = tr("Redo") if undone else tr("Undo")
        self.button.setText(words)
        name_control(self.button, words)
        if said is None:
            self._timer.stop()
        else:
            self._timer.start()
        self.told.emit(said is not None)

    @property
    def is_telling(self) -> bool:
        """Whether something is said now."""
        return self._said is not None

    def _on_click(self) -> None:
        if self._said is not None:
            undone = self._said.way is Way.UNDONE
            (self._wishes.redo_requested if undone else self._wishes.undo_requested).emit()
