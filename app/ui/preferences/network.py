"""The network in the settings dialog: other systems, and this program as a node. A change counts at once."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMessageBox, QWidget

from app.domain.network import NodeState
from app.domain.session import Session
from app.i18n.language import QT_TR_NOOP, say, tr
from app.ui.dialogs.lists import plain_table, write_row
from app.ui.dialogs.said_line import SaidLine
from app.ui.look.fixed import FIXED, lock
from app.ui.look.widgets import action_button, in_column, in_row, open_dialog, plain_label, tool_tip
from app.ui.preferences.node_form import NodeForm
from app.ui.preferences.system_form import SystemForm
from app.ui.wishes import Wishes
from app.ui.words.network_words import address_words, automatic_words, calling_words, node_words, role_words
from squid_core.contracts.network import Outcome
from squid_core.network.configuration import NetworkSettings
from squid_core.policy import NETWORK

TITLE = QT_TR_NOOP("Network")
NOTE = QT_TR_NOOP(
    "Nothing is asked of, fetched from or sent to a system that is not in this list, and nothing listens until you say "
    "so. Passwords are kept in the key ring of this computer."
)
SEARCHED = "network pacs dicom dicomweb ae title port host tls node query send outbox orthanc"
TABLE_HEIGHT = 124
NAME, AE_TITLE, ADDRESS, USED = range(4)


class NetworkGroup(QWidget):
    """A heading with two parts: the table of systems, and the node.

    Args:
        wishes: told what is to be changed and tested.
    """

    READS = ("network", "network_fault", "node", "peers_tested", "peer_faults")

    def __init__(self, wishes: Wishes) -> None:
        super().__init__()
        self._wishes = wishes
        self._session = Session()
        self.fault = SaidLine()
        self.administrator = plain_label(tr(FIXED), "fixed")
        self.table = plain_table(
            self, tr("Other systems"), (tr("Name"), tr("AE title"), tr("Address"), tr("Used for")), 0, wide=ADDRESS
        )
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setTabKeyNavigation(False)
        self.table.setFixedHeight(TABLE_HEIGHT)
        self.table.horizontalHeader().setSectionResizeMode(NAME, QHeaderView.ResizeMode.ResizeToContents)
        self.add = action_button(tr("Add…"), tr("One more system."), lambda: self._open_form(""))
        self.edit = action_button(tr("Change…"), tr("The chosen system."), lambda: self._open_form(self.chosen))
        self.remove = action_button(
            tr("Remove…"), tr("The chosen system, with what happens with it by itself."), self._ask
        )
        self.test = action_button(tr("Test"), tr("Ask the chosen system whether it hears this program."), self._test)
        self.tested = SaidLine()
        self.automatic = plain_label("", "muted", wrap=True)
        self.node = SaidLine()
        self.calling = plain_label("", "muted", wrap=True)
        self.change_node = action_button(
            tr("Set up…"), tr("Whether this program listens, where, and who may connect."), self._open_node
        )
        self._lay_out()
        self.table.itemSelectionChanged.connect(self._follow_choice)
        self.table.itemDoubleClicked.connect(lambda _: self._open_form(self.chosen))

    def _lay_out(self) -> None:
        buttons = in_row(self.add, self.edit, self.remove, self.test, 1, spacing=8)
        in_column(
            plain_label(tr(TITLE), "sectionTitle"),
            plain_label(tr(NOTE), "hint", wrap=True),
            self.fault,
            self.administrator,
            plain_label(tr("Other systems"), "patientName"),
            self.table,
            buttons,
            self.tested,
            self.automatic,
            plain_label(tr("This program as a node"), "patientName"),
            self.node,
            self.calling,
            in_row(self.change_node, 1),
            of=self,
            margins=(0, 0, 0, 14),
            spacing=8,
        )

    @property
    def chosen(self) -> str:
        """Name of the system that is chosen; '' for none."""
        row, peers = self.table.currentRow(), self._session.network.peers
        return peers[row].name if self.table.selectedItems() and 0 <= row < len(peers) else ""

    def render_session(self, old: Session | None, new: Session) -> None:
        """Follow the session."""
        if not new.differs(old, *self.READS):
            return
        chosen, before = self.chosen, self._session.network.peers
        self._session = new
        self.fault.say(say(new.network_fault), well=False)
        self.fault.setVisible(bool(new.network_fault))
        if old is None or new.network.peers != before:
            self._fill(chosen, {peer.name for peer in before})
        state = new.node.state
        well = {NodeState.LISTENING: True, NodeState.FAULT: False}.get(state) if new.network.listening.wanted else None
        self.node.say(node_words(new.node, new.network.listening), well=well)
        self.calling.setText(calling_words(new.network))
        self._follow_choice()

    def search(self, words: list[str]) -> bool:
        """Show it where all words of a search are found, or nothing is sought; whether it is shown."""
        said = " ".join((SEARCHED, tr(TITLE), tr(NOTE), tr("Other systems"), tr("This program as a node"))).casefold()
        found = all(word in said for word in words)
        self.setVisible(found)
        return found

    def _fill(self, chosen: str, before: set[str]) -> None:
        """Show the systems. One that was added or has another name is chosen then, else the same as before."""
        peers = self._session.network.peers
        self.table.setRowCount(len(peers))
        for row, peer in enumerate(peers):
            write_row(self.table, row, (peer.name, peer.ae_title, address_words(peer), role_words(peer)))
            cell = self.table.item(row, ADDRESS)
            if cell is not None:
                cell.setToolTip(tool_tip(cell.text()))
        names = [peer.name for peer in peers]
        new = [name for name in names if name not in before]
        wanted = new[0] if len(new) == 1 else chosen
        if names:
            self.table.selectRow(names.index(wanted) if wanted in names else 0)

    def _follow_choice(self) -> None:
        name, session = self.chosen, self._session
        usable = not session.network_fault
        for button in (self.edit, self.remove, self.test):
            button.setEnabled(bool(name) and usable)
        self.add.setEnabled(usable)
        self.change_node.setEnabled(usable)
        fixed = session.is_fixed(NETWORK)
        self.administrator.setVisible(fixed)
        if fixed:
            for button in (self.edit, self.remove, self.add, self.change_node):
                lock(button)
        peer = next((peer for peer in session.network.peers if peer.name == name), None)
        self.automatic.setText(automatic_words(peer, session.network) if peer is not None else "")
        self.automatic.setVisible(bool(self.automatic.text()))
        test = next((test for test in session.peers_tested if test.peer == name), None)
        fault = session.peer_faults.get(name, "")
        if test is not None and test.said is None:
            self.tested.say(tr("Asking {system}…").format(system=name))
            self.test.setEnabled(False)
        elif test is not None and test.said is not None:
            words = tr("{system}: {sentence}").format(system=name, sentence=say(test.said.sentence))
            self.tested.say(words, well=test.said.outcome is Outcome.DONE, detail=test.said.detail)
        else:
            words = tr("{system}: {sentence}").format(system=name, sentence=say(fault)) if fault else ""
            self.tested.say(words, well=False)
        self.tested.setVisible(bool(self.tested.text.text()))

    # -- what the user does

    def _open_form(self, name: str) -> None:
        if self._session.is_fixed(NETWORK):  # a double click
            return
        form = SystemForm(self._session.network, name, self.window())
        form.wanted.connect(self._wishes.network_settings_changed.emit)
        form.password_typed.connect(self._wishes.password_kept.emit)
        open_dialog(form)

    def _open_node(self) -> None:
        form = NodeForm(self._session.network.listening, self.window())
        form.wanted.connect(
            lambda listening: self._wishes.network_settings_changed.emit(
                self._session.network.model_copy(update={"listening": listening})
            )
        )
        open_dialog(form)

    def _test(self) -> None:
        self._wishes.peer_tested.emit(self.chosen)

    def _ask(self) -> None:
        name, question = self.chosen, QMessageBox(self.window())
        question.setIcon(QMessageBox.Icon.Question)
        question.setWindowTitle(tr("Settings"))
        question.setTextFormat(Qt.TextFormat.PlainText)
        question.setText(tr("Remove {system}?").format(system=name))
        words = tr(
            "Nothing is fetched from it or sent to it any more. What waits to be sent to it stays in the outbox."
        )
        question.setInformativeText(words)
        yes = question.addButton(tr("Remove"), QMessageBox.ButtonRole.AcceptRole)
        question.addButton(QMessageBox.StandardButton.Cancel)
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        question.buttonClicked.connect(lambda button: self._remove(name) if button is yes else None)
        question.open()

    def _remove(self, name: str) -> None:
        settings = self._session.network
        user = next((peer.user for peer in settings.peers if peer.name == name), "")
        self._wishes.network_settings_changed.emit(
            NetworkSettings(
                listening=settings.listening,
                peers=tuple(peer for peer in settings.peers if peer.name != name),
                rules=tuple(rule for rule in settings.rules if rule.peer != name),
                standing=tuple(one for one in settings.standing if one.peer != name),
                priors_from="" if settings.priors_from == name else settings.priors_from,
            )
        )
        if user:
            self._wishes.password_kept.emit(name, "")
