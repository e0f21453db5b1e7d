"""The what-if: the detector's knobs, beside the locked score and never in its place."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from app.domain.session import Session
from app.i18n.language import QT_TR_NOOP, tr
from app.ui.look.theme import icon
from app.ui.look.widgets import name_control, plain_label
from app.ui.side_panel.section import QuietCombo, QuietCount, QuietNumber, QuietSlider, Section, translated
from app.ui.words.memory_words import tried_words
from app.ui.words.words import WHAT_IF_BADGE
from squid_core.contracts.detection import DetectorSettings, Gate, Shrinkage

DEFAULT_RHO = 0.95  # of the paper
DEFAULT_SLOTS = 200  # of the paper; the bound of top-k until the bundle in use has said its own
SHRINKAGE_WORDS = (
    (Shrinkage.GUMBEL.value, QT_TR_NOOP("Gumbel, exact k")),
    (Shrinkage.HARD.value, QT_TR_NOOP("Hard threshold")),
    (Shrinkage.SOFTMAX.value, QT_TR_NOOP("None (softmax)")),
)
GATE_WORDS = (
    (Gate.OFF.value, QT_TR_NOOP("Off (as locked)")),
    (Gate.SOFT.value, QT_TR_NOOP("Soft")),
    (Gate.BERNOULLI.value, QT_TR_NOOP("Bernoulli")),
)
# Fields of a session that are shown here.
READS = ("detection", "memory_slots", "what_if", "what_if_settings", "what_if_edit", "what_if_region")
NO_DETECTION = QT_TR_NOOP("Select a scored image to try other settings.")


class WhatIfSection(Section):
    """Sliders that re-run the shown image.

    Signals:
        changed: DetectorSettings that differ from the locked ones.
        reset: the settings are the locked ones again.
    """

    changed = Signal(object)
    reset = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("What-if"), parent)
        self._locked: DetectorSettings | None = None
        self.badge = plain_label(tr(WHAT_IF_BADGE), "whatIfBadge")
        self.hint = plain_label(tr(NO_DETECTION), "hint", wrap=True)
        tip = tr("How many memory entries each patch may use.")
        self.top_k = QuietCount()
        self.top_k.setRange(1, DEFAULT_SLOTS)
        self.top_k.setKeyboardTracking(False)
        name_control(self.top_k, tr("Top-k, number"), tip)
        self.top_k_slider = QuietSlider(1, DEFAULT_SLOTS, tr("Top-k, slider"), tip)
        self.shrinkage = QuietCombo(
            translated(SHRINKAGE_WORDS), tr("Shrinkage"), tr("How similarities become memory weights.")
        )
        self.gate = QuietCombo(
            translated(GATE_WORDS),
            tr("Gate"),
            tr("Whether encoded features may pass by the memory. Off is the paper's inference."),
        )
        self.rho = QuietNumber()
        self.rho.setRange(0.0, 1.0)
        self.rho.setSingleStep(0.05)
        self.rho.setDecimals(2)
        self.rho.setValue(DEFAULT_RHO)
        self.rho.setKeyboardTracking(False)
        name_control(self.rho, tr("Rho"), tr("Share of in-painted features where the gate is on."))
        self._also_tried = False
        self.tried = plain_label("", "hint", wrap=True)
        self.reset_button = QPushButton(tr("Back to locked settings"))
        self.reset_button.setIcon(icon("reset"))
        name_control(self.reset_button, tr("Back to locked settings"))
        self.column.addWidget(self.badge)
        self.column.addWidget(self.hint)
        self.add_row(tr("Top-k"), self.top_k)
        self.column.addWidget(self.top_k_slider)
        self.add_row(tr("Shrinkage"), self.shrinkage)
        self.add_row(tr("Gate"), self.gate)
        self.add_row(tr("Rho"), self.rho)
        self.column.addWidget(self.tried)
        self.column.addWidget(self.reset_button)
        self.top_k_slider.valueChanged.connect(self.top_k.setValue)
        self.top_k.valueChanged.connect(self._on_top_k)
        self.shrinkage.picked.connect(self._tell)
        self.gate.picked.connect(self._tell)
        self.rho.valueChanged.connect(self._tell)
        self.reset_button.clicked.connect(self.reset)

    def render_session(self, old: Session | None, new: Session) -> None:
        """Show the settings in force."""
        if not new.differs(old, *READS):
            return
        self._locked = new.detection.settings if new.detection else None
        shown = new.what_if_settings or self._locked
        self.badge.setVisible(new.what_if_settings is not None)
        self.hint.setVisible(shown is None)
        words = tried_words(new)
        self._also_tried = bool(words)
        self.tried.setText(words)
        self.tried.setVisible(bool(words))
        controls = (self.top_k, self.top_k_slider, self.shrinkage, self.gate)
        for control in controls:
            control.setEnabled(shown is not None)
        self.reset_button.setEnabled(new.what_if_settings is not None)
        self.rho.setEnabled(shown is not None and shown.gate is not Gate.OFF)
        self._show(shown, new.memory_slots or DEFAULT_SLOTS)

    def _show(self, settings: DetectorSettings | None, slots: int) -> None:
        blockers = [QSignalBlocker(widget) for widget in (self.top_k, self.top_k_slider, self.rho)]
        self.top_k.setMaximum(slots)
        self.top_k_slider.setMaximum(slots)
        if settings is not None:
            self.top_k.setValue(settings.top_k)
            self.top_k_slider.setValue(settings.top_k)
            self.shrinkage.show_value(settings.shrinkage.value)
            self.gate.show_value(settings.gate.value)
            self.rho.setValue(settings.rho)
        for blocker in blockers:
            blocker.unblock()

    def _on_top_k(self, value: int) -> None:
        with QSignalBlocker(self.top_k_slider):
            self.top_k_slider.setValue(value)
        self._tell()

    def _tell(self, *_: object) -> None:
        wanted = DetectorSettings(
            self.top_k.value(), Shrinkage(self.shrinkage.value), Gate(self.gate.value), round(self.rho.value(), 4)
        )
        if wanted == self._locked and not self._also_tried:
            self.reset.emit()
        else:
            self.changed.emit(wanted)
