"""One other system: how it is reached, what it is used for, and what happens with it by itself."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from app.i18n.language import QT_TR_NOOP, tr
from app.services.threads.signals import TypedSignal
from app.ui.look.widgets import NO_MARGINS, in_column, in_row, name_control, plain_label
from app.ui.preferences.form import FormDialog, FormGrid, TlsFields, port_box, text_line, tick_box
from app.ui.side_panel.section import QuietCount
from app.ui.words.network_words import SENT_KINDS
from squid_core.network.configuration import (
    NetworkSettings,
    Peer,
    Retrieval,
    Role,
    SendRule,
    Standing,
)

WIDTH = 900
FIRST_PORT = 104
MOST_MINUTES = 1440
RETRIEVAL_WORDS = {
    Retrieval.GET: QT_TR_NOOP("On the same connection (C-GET)"),
    Retrieval.MOVE: QT_TR_NOOP("Sent to the node here (C-MOVE)"),
}
PASSWORD_AGAIN = QT_TR_NOOP("Type the password again: it is kept under the system's name and user.")


class SystemForm(FormDialog):
    """Asks, and changes nothing itself.

    Args:
        settings: as they are.
        name: of the system that is changed; '' for a new one.
        parent: the window it belongs to.

    Signals:
        wanted: the settings with the system in them. password_typed: the system's name, and its password.
    """

    wanted = TypedSignal[NetworkSettings]()
    password_typed = TypedSignal[str, str]()

    def __init__(self, settings: NetworkSettings, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(tr("Change a system") if name else tr("Add a system"), parent)
        self._settings, self._old = settings, name
        self.setMinimumWidth(WIDTH)
        self.name = text_line(tr("Name"), tr("What you call it, such as PACS."))
        self._build_dicom()
        self._build_web()
        self._build_use()
        self._build_automatic()
        left, right = QWidget(), QWidget()
        in_column(
            *self._section(tr("System")), *self._section(tr("DICOMweb")), 1, of=left, margins=NO_MARGINS, spacing=8
        )
        in_column(
            *self._section(tr("Used for")), *self._section(tr("By itself")), 1, of=right, margins=NO_MARGINS, spacing=8
        )
        self.column.addLayout(in_row((left, 11), (right, 9), spacing=28))
        self.finish(self._take)
        self._show(next((peer for peer in settings.peers if peer.name == name), None))
        self.name.setFocus()

    def _section(self, title: str) -> tuple[QWidget, QWidget]:
        return plain_label(title, "sectionTitle"), self._parts[title]

    @property
    def _parts(self) -> dict[str, QWidget]:
        return {
            tr("System"): self._dicom,
            tr("DICOMweb"): self._web,
            tr("Used for"): self._use,
            tr("By itself"): self._automatic,
        }

    def _build_dicom(self) -> None:
        self.ae_title = text_line(tr("AE title"), tr("What the system calls itself in DICOM; 16 letters at most."))
        self.host = text_line(tr("Host"), tr("Name or address of its machine, such as 10.0.0.5."))
        self.port = port_box(tr("Port"), tr("Of its DICOM services; often 104 or 11112."))
        self.retrieval = QComboBox()
        name_control(self.retrieval, tr("Studies come"), tr("How studies are fetched over DICOM."))
        for value, words in RETRIEVAL_WORDS.items():
            self.retrieval.addItem(tr(words), value)
        trust = tr("PEM file; leave it empty for what this computer trusts.")
        self.tls = TlsFields(tr("Encrypted (TLS)"), tr("The system asks for TLS."), trust)
        self._dicom = QWidget()
        grid = FormGrid(self._dicom)
        for field in (self.name, self.ae_title, self.host, self.port, self.retrieval):
            grid.add(field.accessibleName(), field)
        grid.addWidget(self.tls, grid.rowCount(), 0, 1, 2)

    def _build_web(self) -> None:
        tip = tr("Where the system has DICOMweb services, they are used before DICOM.")
        self.web = text_line(tr("Address"), tip, "https://pacs/dicom-web")
        self.user = text_line(tr("User"), tr("Leave it empty where none is asked for."))
        self.password = text_line(tr("Password"), tr("It goes into the key ring of this computer, not into a file."))
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self._web = QWidget()
        grid = FormGrid(self._web)
        for field in (self.web, self.user, self.password):
            grid.add(field.accessibleName(), field)

    def _build_use(self) -> None:
        self.roles = {
            Role.QUERY: tick_box(tr("Query and fetch studies")),
            Role.SEND: tick_box(tr("Send results")),
        }
        self._use = QWidget()
        in_column(*self.roles.values(), of=self._use, margins=NO_MARGINS, spacing=3)

    def _build_automatic(self) -> None:
        self.sends = tick_box(tr("Send results of every scored study"))
        self.kinds = {kind: tick_box(tr(words)) for kind, words in SENT_KINDS.items()}
        self.only_read = tick_box(tr("Only of studies that are read"), tr("That you judged or marked read."))
        self.fetches = tick_box(tr("Fetch today's studies every"))
        self.minutes = QuietCount()
        self.minutes.setRange(1, MOST_MINUTES)
        self.minutes.setSuffix(" " + tr("min"))
        name_control(self.minutes, tr("Minutes between two questions"))
        self.modalities = text_line(tr("Modalities"), tr("Of which one is in the study, such as CR, DX."))
        self.body_part = text_line(
            tr("Body part"), tr("As the device states it, such as CHEST; leave it empty for any.")
        )
        self.priors = tick_box(tr("Fetch earlier studies of the open patient"), tr("From one system only."))
        rule, query = QWidget(), QWidget()
        in_column(*self.kinds.values(), self.only_read, of=rule, margins=(23, 0, 0, 6), spacing=2)
        grid = FormGrid(query)
        grid.setContentsMargins(23, 0, 0, 6)
        for field in (self.modalities, self.body_part):
            grid.add(field.accessibleName(), field)
        every = in_row(self.fetches, self.minutes, 1, spacing=8)
        self._automatic = QWidget()
        in_column(self.sends, rule, every, query, self.priors, of=self._automatic, margins=NO_MARGINS, spacing=3)
        for box, parts in ((self.sends, (rule,)), (self.fetches, (self.minutes, query))):
            for part in parts:
                box.toggled.connect(part.setEnabled)
                part.setEnabled(False)
        for role, boxes in ((Role.SEND, (self.sends,)), (Role.QUERY, (self.fetches, self.priors))):
            self.roles[role].toggled.connect(lambda on, boxes=boxes: _allow(boxes, on=on))

    # -- in and out

    def _show(self, peer: Peer | None) -> None:
        settings = self._settings
        self.roles[Role.QUERY].setChecked(peer is None or Role.QUERY in peer.roles)
        self.roles[Role.SEND].setChecked(peer is None or Role.SEND in peer.roles)
        rule = next((rule for rule in settings.rules if rule.peer == self._old), None)
        standing = next((one for one in settings.standing if one.peer == self._old), None)
        for box, on in ((self.sends, rule), (self.fetches, standing)):
            box.setChecked(peer is not None and on is not None)
        kinds, only_read = (rule.kinds, rule.only_read) if rule is not None else (("sr", "sc"), False)
        for kind, box in self.kinds.items():
            box.setChecked(kind in kinds)
        self.only_read.setChecked(only_read)
        shown = standing or Standing(peer=self._old)
        self.minutes.setValue(shown.minutes)
        self.modalities.setText(", ".join(shown.modalities))
        self.body_part.setText(shown.body_part)
        self.priors.setChecked(peer is not None and settings.priors_from == peer.name)
        self.port.setValue(FIRST_PORT if peer is None else peer.port)
        if peer is None:
            return
        self.name.setText(peer.name)
        self.ae_title.setText(peer.ae_title)
        self.host.setText(peer.host)
        self.retrieval.setCurrentIndex(self.retrieval.findData(peer.retrieval))
        self.tls.show_tls(peer.tls)
        self.web.setText(peer.dicomweb)
        self.user.setText(peer.user)
        if peer.user:
            self.password.setPlaceholderText(tr("as it is in the key ring"))

    def _take(self) -> str:
        settings, new = self._settings, self._peer()
        before = next((peer for peer in settings.peers if peer.name == self._old), None)
        kept = before is not None and (before.name, before.user) == (new.name, new.user)
        if before is not None and before.user and new.user and not kept and not self.password.text():
            return tr(PASSWORD_AGAIN)
        if _on(self.sends) and not any(box.isChecked() for box in self.kinds.values()):
            return tr("Choose what shall be sent.")
        others_priors = settings.priors_from if settings.priors_from != self._old else ""
        changed = {
            "peers": [new if peer is before else peer for peer in settings.peers] + ([new] if before is None else []),
            "rules": self._rules(new.name),
            "standing": self._standings(new.name),
            "priors_from": new.name if _on(self.priors) else others_priors,
        }
        self.wanted.emit(NetworkSettings.model_validate({**dict(settings), **changed}))
        if new.user and self.password.text():
            self.password_typed.emit(new.name, self.password.text())
        elif before is not None and before.user and not new.user:
            self.password_typed.emit(before.name, "")
        return ""

    def _peer(self) -> Peer:
        return Peer.model_validate(
            {
                "name": self.name.text().strip(),
                "ae_title": self.ae_title.text(),
                "host": self.host.text().strip(),
                "port": self.port.value(),
                "tls": self.tls.tls(),
                "dicomweb": self.web.text().strip(),
                "user": self.user.text().strip(),
                "retrieval": self.retrieval.currentData(),
                "roles": [role for role, box in self.roles.items() if box.isChecked()],
            }
        )

    def _rules(self, name: str) -> list[SendRule]:
        """Of all systems; of this one as the form has it, and further ones that only a hand writes."""
        own = [rule for rule in self._settings.rules if rule.peer == self._old]
        rules = [rule for rule in self._settings.rules if rule.peer != self._old]
        if _on(self.sends):
            kinds = [kind for kind, box in self.kinds.items() if box.isChecked()]
            rules.append(
                SendRule.model_validate({"peer": name, "kinds": kinds, "only_read": self.only_read.isChecked()})
            )
            rules += [rule.model_copy(update={"peer": name}) for rule in own[1:]]
        return rules

    def _standings(self, name: str) -> list[Standing]:
        """The same of what is fetched by itself."""
        own = [one for one in self._settings.standing if one.peer == self._old]
        standing = [one for one in self._settings.standing if one.peer != self._old]
        if _on(self.fetches):
            codes = [code.strip().upper() for code in self.modalities.text().split(",")]
            standing.append(
                Standing(
                    peer=name,
                    minutes=self.minutes.value(),
                    modalities=tuple(code for code in codes if code),
                    body_part=self.body_part.text().strip().upper(),
                )
            )
            standing += [one.model_copy(update={"peer": name}) for one in own[1:]]
        return standing


def _on(box: QCheckBox) -> bool:
    return box.isEnabled() and box.isChecked()


def _allow(boxes: tuple[QCheckBox, ...], *, on: bool) -> None:
    """What a system is not used for does not happen by itself either."""
    for box in boxes:
        box.setEnabled(on)
        if not on:
            box.setChecked(False)
