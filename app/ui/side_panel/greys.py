"""Gamma and local contrast of what is on the screen; nothing here reaches the detector."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QCheckBox, QLabel, QWidget

from app.domain.session import Session
from app.domain.settings import CLAHE_RANGE, GAMMA_RANGE, DisplaySettings
from app.domain.tone import PLAIN_GAMMA
from app.i18n.language import QT_TR_NOOP, tr
from app.ui.look.widgets import name_control, plain_label
from app.ui.side_panel.section import QuietSlider, Section
from app.ui.wishes import Wishes

CLAHE_WORDS = QT_TR_NOOP("Even contrast (CLAHE)")
CLAHE_TIP = QT_TR_NOOP(
    "Evens out the contrast over what is on the screen, so the same structure may look different elsewhere."
)
GAMMA_STEPS = 20  # of the slider per 1.0
LIMIT_STEPS = 2


class GreysSection(Section):
    """Gamma, CLAHE and its strength."""

    def __init__(self, wishes: Wishes, parent: QWidget | None = None) -> None:
        super().__init__(tr("Greys on the screen"), parent)
        self._wishes, self._display = wishes, DisplaySettings()
        low, high = (round(end * GAMMA_STEPS) for end in GAMMA_RANGE)
        self.gamma, self._gamma_value = self._slider(
            tr("Gamma"), low, high, tr("Above 1 brightens the middle greys, below 1 darkens them.")
        )
        self.clahe = QCheckBox(tr(CLAHE_WORDS))
        name_control(self.clahe, tr(CLAHE_WORDS), tr(CLAHE_TIP))
        self.column.addWidget(self.clahe)
        low, high = (round(end * LIMIT_STEPS) for end in CLAHE_RANGE)
        self.limit, self._limit_value = self._slider(tr("Strength"), low, high, tr("How far the contrast may rise."))
        self.gamma.valueChanged.connect(lambda value: self._tell(gamma=value / GAMMA_STEPS))
        self.clahe.toggled.connect(lambda on: self._tell(clahe=on))
        self.limit.valueChanged.connect(lambda value: self._tell(clahe_limit=value / LIMIT_STEPS))

    def _slider(self, name: str, low: int, high: int, tip: str) -> tuple[QuietSlider, QLabel]:
        value = plain_label("", "muted")
        value.setAlignment(Qt.AlignmentFlag.AlignRight)
        slider = QuietSlider(low, high, name, tip)
        self.add_row(name, value)
        self.column.addWidget(slider)
        return slider, value

    def render_session(self, old: Session | None, new: Session) -> None:
        """Show the display settings."""
        if not new.differs(old, "display"):
            return
        self._display = display = new.display
        blockers = [QSignalBlocker(widget) for widget in (self.gamma, self.clahe, self.limit)]
        self.gamma.setValue(round(display.gamma * GAMMA_STEPS))
        self.clahe.setChecked(display.clahe)
        self.limit.setValue(round(display.clahe_limit * LIMIT_STEPS))
        for blocker in blockers:
            blocker.unblock()
        self.limit.setEnabled(display.clahe)
        self._gamma_value.setText(tr("off") if display.gamma == PLAIN_GAMMA else f"{display.gamma:.2f}")
        self._limit_value.setText(f"{display.clahe_limit:.1f}" if display.clahe else tr("off"))

    def _tell(self, **changes: object) -> None:
        self._wishes.display_changed.emit(self._display.model_copy(update=changes))
