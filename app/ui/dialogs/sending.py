"""Which results of a study, or of several, go to which system."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QDialogButtonBox, QWidget

from app.domain.network import SendOrder
from app.domain.session import Session
from app.domain.study import Study
from app.i18n.language import QT_TR_NOOP, join, tr
from app.ui.look.theme import font
from app.ui.look.widgets import action_button, in_column, in_row, name_control, plain_label
from app.ui.wishes import Wishes
from app.ui.words.network_words import NOWHERE_TO_SEND, SENT_KINDS, address_words
from app.ui.words.words import RESEARCH_USE, called
from squid_core.export.request import ExportKind
from squid_core.network.configuration import Role

WIDTH = 520
FIRST_KINDS = ("sr", "sc")
NAMED = QT_TR_NOOP(
    "What is sent names the patient as the image's file does, so that it is filed under the right study."
)
MASKED = QT_TR_NOOP("Names are masked (View menu), so nothing that names a patient is sent. Show names to send.")
NOT_SCORED = QT_TR_NOOP("Nothing here is scored: only your marks and your judgement can be sent.")


class SendDialog(QDialog):
    """Asks, and sends nothing itself.

    Args:
        studies: whose results are sent; all images of all of them.
        session: its systems can be chosen, and its switch says whether anything may leave.
        wishes: told what is to be sent.
        parent: the window it belongs to.
        last: what was sent last; its system and kinds are offered.
    """

    def __init__(
        self,
        studies: Sequence[Study],
        session: Session,
        wishes: Wishes,
        parent: QWidget | None = None,
        last: SendOrder | None = None,
    ) -> None:
        super().__init__(parent)
        self._studies, self._wishes = studies, wishes
        self._rules = {rule.peer: rule.kinds for rule in reversed(session.network.rules)}
        self._masked = session.mask_names
        peers = [peer for peer in session.network.peers if Role.SEND in peer.roles and not session.network_fault]
        self.setWindowTitle(tr("Send results"))
        self.setMinimumWidth(WIDTH)
        heading = plain_label(tr("Send results"))
        heading.setFont(font(13.0, bold=True))
        column = in_column(heading, of=self, margins=(18, 16, 18, 14), spacing=9)
        several = tr("{count} studies").format(count=len(studies))
        column.addWidget(plain_label(several if len(studies) > 1 else called(session.masking.study(studies[0]))))
        self.system = QComboBox()
        name_control(self.system, tr("System"), tr("Where the results go; the settings of the network list them."))
        for peer in peers:
            self.system.addItem(f"{peer.name}  ({address_words(peer)})", peer.name)
        label = plain_label(tr("To"))
        label.setBuddy(self.system)
        self.set_up = action_button(tr("Set up…"), tr("Open the settings of the network."), self._set_up)
        column.addLayout(in_row(label, (self.system, 1), self.set_up, spacing=10))
        self.boxes = {kind: QCheckBox(tr(SENT_KINDS[kind.value])) for kind in ExportKind if kind.value in SENT_KINDS}
        for kind, box in self.boxes.items():
            name_control(box, tr(SENT_KINDS[kind.value]))
            column.addWidget(box)
        self.note = plain_label("", "muted", wrap=True)
        column.addWidget(self.note)
        buttons = QDialogButtonBox()
        self.send = buttons.addButton(tr("Send"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.send.setProperty("primary", True)
        self.send.setDefault(True)
        buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column.addStretch(1)
        column.addLayout(in_row((plain_label(tr(RESEARCH_USE), "research"), 1), buttons))
        self._offer(last)
        self.system.currentIndexChanged.connect(lambda _: self._offer(None))
        for box in self.boxes.values():
            box.toggled.connect(lambda _: self._follow())
        self._follow()
        (self.send if peers else self.set_up).setFocus()

    @property
    def chosen(self) -> tuple[ExportKind, ...]:
        """The kinds that are ticked."""
        return tuple(kind for kind, box in self.boxes.items() if box.isChecked())

    def order(self) -> SendOrder:
        """What is asked for now."""
        keys = tuple(image.key for study in self._studies for image in study.images)
        return SendOrder(keys, self.chosen, str(self.system.currentData()))

    def accept(self) -> None:
        """Hand the order over and close."""
        self._wishes.results_sent.emit(self.order())
        super().accept()

    def _set_up(self) -> None:
        self.reject()
        self._wishes.network_settings_requested.emit()

    def _offer(self, last: SendOrder | None) -> None:
        """The kinds that were sent last, else those that the system's rule sends, else report and picture."""
        if last is not None and self.system.findData(last.peer) >= 0:
            self.system.setCurrentIndex(self.system.findData(last.peer))
            offered: Sequence[str] = [kind.value for kind in last.kinds]
        else:
            offered = self._rules.get(str(self.system.currentData()), FIRST_KINDS)
        for kind, box in self.boxes.items():
            box.setChecked(kind.value in offered)

    def _follow(self) -> None:
        scored = any(study.score is not None for study in self._studies)
        nowhere, nothing = not self.system.count(), not self.chosen
        said = [tr(NOWHERE_TO_SEND)] if nowhere else [tr(MASKED)] if self._masked else []
        if not said:
            said = ["" if scored else tr(NOT_SCORED), tr("Choose what shall be sent.") if nothing else tr(NAMED)]
        self.note.setText(join(said))
        self.set_up.setVisible(nowhere)
        self.send.setEnabled(not (nowhere or nothing or self._masked))
