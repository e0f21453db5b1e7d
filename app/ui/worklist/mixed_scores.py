"""A line over the worklist while scores of several weights stand in it: they do not compare, and it says so."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from app.domain.session import Session
from app.domain.worklist import Worklist
from app.i18n.language import tr
from app.ui.look.widgets import in_column, in_row, name_control, plain_label
from app.ui.wishes import Wishes
from app.ui.words.learning_words import mixed_words


class MixedScores(QFrame):
    """What is mixed, and a button that has it scored alike; out of sight while there is nothing to say."""

    def __init__(self, wishes: Wishes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self.setProperty("severity", "warning")
        self.words = plain_label("", wrap=True)
        self.again = QPushButton(tr("Score these again"))
        name_control(self.again, tr("Score these again"), tr("With the weights that new studies get."))
        self.again.clicked.connect(wishes.scored_alike)
        in_column(self.words, in_row(self.again, 1), of=self, margins=(10, 6, 10, 7), spacing=5)
        self._scored_by: dict[tuple[str, str], int] = {}
        self._in_use: dict[str, str] = {}
        self.hide()

    def set_worklist(self, worklist: Worklist) -> None:
        """Follow the worklist."""
        self._scored_by = worklist.scored_by
        self._render()

    def render_session(self, old: Session | None, new: Session) -> None:
        """Follow which weights read new studies."""
        if new.differs(old, "weights_in_use"):
            self._in_use = dict(new.weights_in_use)
            self._render()

    def _render(self) -> None:
        self.words.setText(mixed_words(self._scored_by, self._in_use))
        self.setVisible(bool(self.words.text()))
