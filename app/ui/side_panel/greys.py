"""Gamma and local contrast of what is on the screen; nothing here reaches the detector."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.domain.session import Session
from app.domain.settings import CLAHE_RANGE, GAMMA_RANGE, DisplaySettings
from app.domain.tone import PLAIN_GAMMA
from app.i18n.language import QT_TR_NOOP, tr
from app.ui.look.fixed import lock_fixed
from app.ui.side_panel.section import Section, silenced
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
        tip = tr("Above 1 brightens the middle greys, below 1 darkens them.")
        self.gamma, self._gamma_value = self.add_slider(tr("Gamma"), low, high, tip)
        self.clahe = self.add_check(tr(CLAHE_WORDS), tr(CLAHE_WORDS), tr(CLAHE_TIP))
        low, high = (round(end * LIMIT_STEPS) for end in CLAHE_RANGE)
        tip = tr("How far the contrast may rise.")
        self.limit, self._limit_value = self.add_slider(tr("Strength"), low, high, tip)
        self.gamma.valueChanged.connect(lambda value: self._tell(gamma=value / GAMMA_STEPS))
        self.clahe.toggled.connect(lambda on: self._tell(clahe=on))
        self.limit.valueChanged.connect(lambda value: self._tell(clahe_limit=value / LIMIT_STEPS))

    def render_session(self, old: Session | None, new: Session) -> None:
        """Show the display settings."""
        if not new.differs(old, "display"):
            return
        self._display = display = new.display
        with silenced(self.gamma, self.clahe, self.limit):
            self.gamma.setValue(round(display.gamma * GAMMA_STEPS))
            self.clahe.setChecked(display.clahe)
            self.limit.setValue(round(display.clahe_limit * LIMIT_STEPS))
        self.limit.setEnabled(display.clahe)
        controls: dict[str, QWidget] = {
            "display.gamma": self.gamma, "display.clahe": self.clahe, "display.clahe_limit": self.limit,
        }  # fmt: skip
        lock_fixed(new, controls)
        self._gamma_value.setText(tr("off") if display.gamma == PLAIN_GAMMA else f"{display.gamma:.2f}")
        self._limit_value.setText(f"{display.clahe_limit:.1f}" if display.clahe else tr("off"))

    def _tell(self, **changes: object) -> None:
        self._wishes.display_changed.emit(self._display.model_copy(update=changes))
