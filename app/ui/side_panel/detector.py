"""Where the detector runs and which weights it uses."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.domain.session import Session
from app.i18n.language import QT_TR_NOOP, say, tr
from app.ui.look.fixed import lock_fixed
from app.ui.look.widgets import plain_label
from app.ui.side_panel.section import QuietCombo, Section, translated
from app.ui.wishes import Wishes

DEVICE_WORDS = (
    ("auto", QT_TR_NOOP("Automatic")),
    ("cuda", QT_TR_NOOP("GPU (CUDA)")),
    ("cpu", QT_TR_NOOP("Processor")),
)
AUTO_WEIGHTS = ("auto", QT_TR_NOOP("By age"))


class DetectorSection(Section):
    """Device and weights."""

    def __init__(self, wishes: Wishes, parent: QWidget | None = None) -> None:
        super().__init__(tr("Detector"), parent)
        self.device = QuietCombo(translated(DEVICE_WORDS), tr("Device"), tr("Where the detector computes."))
        self.weights = QuietCombo(
            translated((AUTO_WEIGHTS,)), tr("Weights"), tr("Which trained detector scores; by age picks for you.")
        )
        self.reason = plain_label("", "hint", wrap=True)
        self.add_row(tr("Device"), self.device)
        self.add_row(tr("Weights"), self.weights)
        self.column.addWidget(self.reason)
        self.device.picked.connect(wishes.device_changed)
        self.weights.picked.connect(wishes.weights_changed)

    def render_session(self, old: Session | None, new: Session) -> None:
        """Show the choices and what they led to."""
        if new.differs(old, "weights_available", "weights"):
            self.weights.set_choices((*translated((AUTO_WEIGHTS,)), *((name, name) for name in new.weights_available)))
            self.weights.show_value(new.weights)
        lock_fixed(new, {"device": self.device, "weights": self.weights})
        if new.differs(old, "device"):
            self.device.show_value(new.device)
        if not new.differs(old, "detection", "what_if", "weights_reason"):
            return
        detection = new.what_if or new.detection
        words = ""
        if detection is not None:
            reason = new.weights_reason
            words = tr("{weights} weights on {device}, {reason}") if reason else tr("{weights} weights on {device}")
            words = words.format(weights=detection.model, device=detection.device, reason=say(reason))
        self.reason.setText(words)
        self.reason.setVisible(bool(words))
