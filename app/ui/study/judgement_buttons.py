"""The reader's own word on a study: finding right, finding wrong, all normal. It moves no score and no place."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QToolButton, QWidget

from app.domain.study import Judgement, Study
from app.i18n.language import join, tr
from app.services.threads.signals import TypedSignal
from app.ui.keys.bindings import with_key
from app.ui.look.theme import icon, tokens
from app.ui.look.widgets import NO_MARGINS, in_column, name_control
from app.ui.words.words import judgement_icon


class JudgementButtons(QWidget):
    """Three buttons; the one that is pressed says what was decided.

    Signals:
        judged: what was chosen, and whether the reader stays on the study: with Shift.
    """

    judged = TypedSignal[Judgement, bool]()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now = Judgement.NONE
        self._tip = tr("Kept with the study; changes neither score nor order. The next unread study follows.")
        self._stays = tr("With Shift this one stays.")
        self.buttons = {
            Judgement.ACCEPTED: self._button(Judgement.ACCEPTED, tr("Accept the finding")),
            Judgement.REJECTED: self._button(Judgement.REJECTED, tr("Reject the finding")),
            Judgement.NORMAL: self._button(Judgement.NORMAL, tr("The whole study is normal")),
        }
        in_column(1, *self.buttons.values(), 1, of=self, margins=NO_MARGINS, spacing=1)
        self.render_study(None)

    def name_keys(self, keys: Mapping[str, tuple[str, ...]]) -> None:
        """Say in the tool tips which keys do the same."""
        for button, action in zip(self.buttons.values(), ("accept", "reject", "normal"), strict=True):
            name = button.accessibleName()
            named = tr("{name}. {more}").format(name=with_key(name, keys, action), more=self._tip)
            tip = join((named, self._stays))
            name_control(button, name, tip)

    def render_study(self, study: Study | None) -> None:
        """Show what was decided on a study: of a finding where there is a score, of all where there is a picture."""
        self.setVisible(study is not None and any(image.has_picture for image in study.images))
        for judgement in (Judgement.ACCEPTED, Judgement.REJECTED):
            self.buttons[judgement].setEnabled(study is not None and study.score is not None)
        self._now = Judgement.NONE if study is None else study.judgement
        self._render()

    def _render(self) -> None:
        for judgement, button in self.buttons.items():
            pressed = judgement is self._now
            button.setChecked(pressed)
            button.setIcon(icon(judgement_icon(judgement), tokens().text if pressed else tokens().muted))

    def _button(self, judgement: Judgement, name: str) -> QToolButton:
        button = QToolButton()
        button.setCheckable(True)
        button.setProperty("judgement", True)
        name_control(button, name)
        button.clicked.connect(lambda: self._on_click(judgement))
        return button

    def _on_click(self, judgement: Judgement) -> None:
        self._render()  # Qt has pressed it; what is so comes with the session
        stays = QApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier
        self.judged.emit(judgement, bool(stays))
