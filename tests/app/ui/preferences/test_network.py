"""Other systems and the node in the settings: set up by keys, checked in words, tested, removed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from app.domain.network import NodeState, NodeStatus, PeerTest
from app.domain.session import Session
from app.domain.settings import Settings
from app.ui.preferences.dialog import SettingsDialog
from app.ui.preferences.network import AE_TITLE, NAME, NetworkGroup
from app.ui.preferences.node_form import NodeForm
from app.ui.preferences.system_form import SystemForm
from app.ui.wishes import Wishes
from squid_core.contracts.network import Outcome, Said
from squid_core.network.configuration import (
    Caller,
    Listening,
    NetworkSettings,
    Peer,
    Retrieval,
    Role,
    SendRule,
    Standing,
    Tls,
)
from tests.app.ui import networked
from tests.app.ui.hands import LEFT

Key = Qt.Key
NETWORK = networked.NETWORK


@pytest.fixture
def group(wishes: Wishes) -> NetworkGroup:
    made = NetworkGroup(wishes)
    made.render_session(None, networked.CONFIGURED)
    return made


@pytest.fixture
def dialog(qtbot: QtBot, styled: QApplication, group: NetworkGroup) -> SettingsDialog:
    made = SettingsDialog(Settings(), None, None, group)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.go_to_network()
    return made


def form_of(dialog: SettingsDialog, kind: type[QDialog]) -> QDialog:
    found = [form for form in dialog.findChildren(kind) if form.isVisible()]
    assert len(found) == 1
    assert isinstance(found[0], QDialog)
    return found[0]


def form(qtbot: QtBot, settings: NetworkSettings = NETWORK, name: str = "") -> SystemForm:
    made = SystemForm(settings, name)
    qtbot.addWidget(made)
    made.show()
    return made


def type_over(line: QWidget, text: str) -> None:
    line.setFocus()
    QTest.keyClick(line, Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(line, text)


def test_it_stands_in_the_list_and_is_found(dialog: SettingsDialog, group: NetworkGroup) -> None:
    assert group.visibleRegion().boundingRect().height() > 200
    for sought in ("pacs", "NODE", "network"):
        dialog.search.setText(sought)
        assert group.isVisible(), sought
    dialog.search.setText("opacity")
    assert not group.isVisible()


def test_a_system_is_added_by_keys_alone(
    dialog: SettingsDialog, group: NetworkGroup, wishes: Wishes, qtbot: QtBot
) -> None:
    group.render_session(networked.CONFIGURED, Session())
    group.add.setFocus()
    QTest.keyClick(group.add, Key.Key_Space)
    asked = form_of(dialog, SystemForm)
    assert isinstance(asked, SystemForm)
    for line, text in ((asked.name, "PACS"), (asked.ae_title, "ORTHANC"), (asked.host, "10.0.0.5")):
        QTest.keyClicks(line, text)
    type_over(asked.port, "4242")
    with qtbot.waitSignal(wishes.network_settings_changed) as told:
        QTest.keyClick(asked, Key.Key_Return)
    peer = Peer(name="PACS", ae_title="ORTHANC", host="10.0.0.5", port=4242)
    assert told.args == [NetworkSettings(peers=(peer,))]
    assert not asked.isVisible()
    group.render_session(Session(), Session(network=told.args[0]))
    first = (group.table.item(0, NAME), group.table.item(0, AE_TITLE))
    assert [cell.text() for cell in first if cell is not None] == ["PACS", "ORTHANC"]
    assert group.chosen == "PACS"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "Give the system a name of at most 40 letters."),
        ({"name": "X"}, "Give an AE title, a host and a port, or the address of its DICOMweb services."),
        ({"name": "X", "ae_title": "SEVENTEEN_LETTERS"}, "An AE title has at most 16 letters, digits or signs, and"),
        ({"name": "X", "web": "pacs/dicom-web"}, "The address of DICOMweb services begins with http:// or https://"),
        ({"name": "PACS", "web": "https://pacs/"}, "Two systems have the same name."),
    ],
)
def test_what_is_wrong_is_said_and_the_form_stays(
    qtbot: QtBot, styled: QApplication, typed: dict[str, str], words: str
) -> None:
    asked = form(qtbot)
    for field, text in typed.items():
        QTest.keyClicks(getattr(asked, field), text)
    with qtbot.assertNotEmitted(asked.wanted, wait=10):
        QTest.keyClick(asked, Key.Key_Return)
    assert asked.isVisible()
    assert asked.wrong.isVisible()
    assert words in asked.wrong.text()


def test_opening_and_closing_a_form_changes_nothing(qtbot: QtBot, styled: QApplication) -> None:
    for name in ("PACS", "Archive"):
        asked = form(qtbot, NETWORK, name)
        with qtbot.waitSignal(asked.wanted) as told, qtbot.assertNotEmitted(asked.password_typed):
            QTest.keyClick(asked, Key.Key_Return)
        assert told.args == [NETWORK]


def test_every_field_of_a_system_can_be_set(qtbot: QtBot, styled: QApplication) -> None:
    asked = form(qtbot, NetworkSettings())
    for line, text in (
        (asked.name, "Main"), (asked.ae_title, "MAIN"), (asked.host, "main"), (asked.web, "https://main/dicom-web"),
        (asked.user, "reader"), (asked.password, "secret"),
    ):  # fmt: skip
        QTest.keyClicks(line, text)
    asked.retrieval.setFocus()
    QTest.keyClick(asked.retrieval, Key.Key_Down)
    QTest.keyClick(asked.tls.on, Key.Key_Space)
    for field, text in ((asked.tls.authority, "/a.pem"), (asked.tls.certificate, "/c.pem"), (asked.tls.key, "/k.pem")):
        QTest.keyClicks(field.line, text)
    for box in (asked.sends, asked.kinds["ko"], asked.kinds["sc"], asked.only_read, asked.fetches, asked.priors):
        QTest.keyClick(box, Key.Key_Space)
    type_over(asked.minutes, "7")
    type_over(asked.modalities, "dx")
    type_over(asked.body_part, "")
    QTest.keyClick(asked.body_part, Key.Key_Delete)
    told: list[object] = []
    asked.wanted.connect(told.append)
    asked.password_typed.connect(lambda *password: told.append(password))
    QTest.mouseClick(asked.ok, LEFT)
    assert not asked.wrong.text()
    assert told == [
        NetworkSettings(
            peers=(
                Peer(
                    name="Main",
                    ae_title="MAIN",
                    host="main",
                    port=104,
                    tls=Tls(authority="/a.pem", certificate="/c.pem", key="/k.pem"),
                    dicomweb="https://main/dicom-web",
                    user="reader",
                    retrieval=Retrieval.MOVE,
                ),
            ),
            rules=(SendRule(peer="Main", kinds=("sr", "ko"), only_read=True),),
            standing=(Standing(peer="Main", minutes=7, modalities=("DX",), body_part=""),),
            priors_from="Main",
        ),
        ("Main", "secret"),
    ]


def test_further_rules_of_a_system_stay_until_it_sends_nothing(qtbot: QtBot, styled: QApplication) -> None:
    rules = (*NETWORK.rules, SendRule(peer="PACS", kinds=("ko",), only_read=True))
    asked = form(qtbot, NETWORK.model_copy(update={"rules": rules}), "PACS")
    with qtbot.waitSignal(asked.wanted) as told:
        QTest.keyClick(asked, Key.Key_Return)
    assert told.args[0].rules == rules
    again = form(qtbot, told.args[0], "PACS")
    QTest.keyClick(again.sends, Key.Key_Space)
    with qtbot.waitSignal(again.wanted) as told:
        QTest.keyClick(again, Key.Key_Return)
    assert told.args[0].rules == ()


def test_another_name_is_another_name_everywhere(qtbot: QtBot, styled: QApplication) -> None:
    asked = form(qtbot, NETWORK, "PACS")
    type_over(asked.name, "Main")
    with qtbot.waitSignal(asked.wanted) as told:
        QTest.keyClick(asked, Key.Key_Return)
    settings = told.args[0]
    assert [peer.name for peer in settings.peers] == ["Main", "Archive"]
    assert (settings.rules[0].peer, settings.standing[0].peer, settings.priors_from) == ("Main", "Main", "Archive")


def test_a_password_is_asked_for_again_with_another_name_or_user(qtbot: QtBot, styled: QApplication) -> None:
    asked = form(qtbot, NETWORK, "Archive")
    type_over(asked.user, "somebody")
    with qtbot.assertNotEmitted(asked.wanted, wait=10):
        QTest.keyClick(asked, Key.Key_Return)
    assert asked.wrong.text().startswith("Type the password again")
    QTest.keyClicks(asked.password, "new")
    with qtbot.waitSignal(asked.password_typed) as told:
        QTest.keyClick(asked, Key.Key_Return)
    assert told.args == ["Archive", "new"]


def test_a_system_that_has_no_user_any_more_has_no_password(qtbot: QtBot, styled: QApplication) -> None:
    asked = form(qtbot, NETWORK, "Archive")
    type_over(asked.user, "")
    QTest.keyClick(asked.user, Key.Key_Delete)
    with qtbot.waitSignal(asked.password_typed) as told:
        QTest.keyClick(asked, Key.Key_Return)
    assert told.args == ["Archive", ""]


def test_what_a_system_is_not_used_for_does_not_happen_by_itself(qtbot: QtBot, styled: QApplication) -> None:
    asked = form(qtbot, NETWORK, "PACS")
    QTest.keyClick(asked.roles[Role.SEND], Key.Key_Space)
    assert not asked.sends.isEnabled()
    with qtbot.waitSignal(asked.wanted) as told:
        QTest.keyClick(asked, Key.Key_Return)
    assert told.args[0].rules == ()
    assert told.args[0].standing == NETWORK.standing


def test_a_system_is_removed_with_its_rules_after_a_question(
    dialog: SettingsDialog, group: NetworkGroup, wishes: Wishes, qtbot: QtBot
) -> None:
    group.table.selectRow(0)
    QTest.mouseClick(group.remove, LEFT)
    question = dialog.findChild(QMessageBox)
    assert isinstance(question, QMessageBox)
    assert question.text() == "Remove PACS?"
    yes = next(button for button in question.buttons() if button.text() == "Remove")
    with qtbot.waitSignal(wishes.network_settings_changed) as told:
        QTest.mouseClick(yes, LEFT)
    settings = told.args[0]
    assert [peer.name for peer in settings.peers] == ["Archive"]
    assert (settings.rules, settings.standing, settings.priors_from) == ((), (), "Archive")
    assert settings.listening == NETWORK.listening


def test_what_was_added_or_changed_is_chosen(group: NetworkGroup) -> None:
    group.table.selectRow(0)
    first, second = NETWORK.peers
    peers = (first.model_copy(update={"name": "Main"}), second)
    renamed = replace(networked.CONFIGURED, network=NetworkSettings(peers=peers))
    group.render_session(networked.CONFIGURED, renamed)
    assert group.chosen == "Main"
    added = replace(renamed, network=NetworkSettings(peers=(*peers, first)))
    group.render_session(renamed, added)
    assert group.chosen == "PACS"
    group.table.selectRow(1)
    group.render_session(added, renamed)
    assert group.chosen == "Archive"
    group.deleteLater()


def test_a_test_is_answered_beneath_by_sign_and_sentence(
    dialog: SettingsDialog, group: NetworkGroup, wishes: Wishes, qtbot: QtBot
) -> None:
    group.table.selectRow(0)
    with qtbot.waitSignal(wishes.peer_tested) as told:
        QTest.mouseClick(group.test, LEFT)
    assert told.args == ["PACS"]
    asking = replace(networked.CONFIGURED, peers_tested=(PeerTest("PACS"),))
    group.render_session(networked.CONFIGURED, asking)
    assert group.tested.text.text() == "Asking PACS…"
    assert not group.test.isEnabled()
    refused = replace(asking, peers_tested=(PeerTest("PACS", networked.REFUSED),))
    group.render_session(asking, refused)
    assert group.tested.text.text() == f"PACS: {networked.NOT_KNOWN}"
    assert group.tested.sign.accessibleName() == "fault"
    well = replace(asking, peers_tested=(PeerTest("PACS", Said(Outcome.DONE, "It answers.")),))
    group.render_session(refused, well)
    assert group.tested.sign.accessibleName() == "good"
    group.table.selectRow(1)
    assert not group.tested.isVisible(), "the other was not tested"


def test_what_happens_by_itself_is_said(group: NetworkGroup, qtbot: QtBot, styled: QApplication) -> None:
    qtbot.addWidget(group)
    group.show()
    group.table.selectRow(0)
    assert (
        group.automatic.text() == "SR, SC of every scored study go there. Today's studies are fetched every 5 minutes."
    )
    group.table.selectRow(1)
    assert group.automatic.text() == "Earlier studies of the open patient are fetched."


def test_what_the_node_does_is_said(group: NetworkGroup, qtbot: QtBot, styled: QApplication) -> None:
    qtbot.addWidget(group)
    group.show()
    assert group.node.text.text().startswith(
        "SQUID listens on port 11112, on all addresses of this machine. 212 objects"
    )
    assert group.node.sign.accessibleName() == "good"
    group.render_session(networked.CONFIGURED, networked.FAULT)
    assert group.node.text.text().startswith("SQUID does not listen on port 11112. The port is taken")
    assert group.node.sign.accessibleName() == "fault"
    group.render_session(networked.FAULT, Session())
    assert group.node.text.text() == "Off: nothing listens, and no other system can connect."
    assert not group.node.sign.isVisible()


def test_damaged_settings_are_said_and_not_written_over(dialog: SettingsDialog, group: NetworkGroup) -> None:
    group.render_session(networked.CONFIGURED, Session(network_fault="The network settings are damaged."))
    assert group.fault.isVisible()
    assert group.fault.text.text() == "The network settings are damaged."
    assert not any(
        button.isEnabled() for button in (group.add, group.edit, group.remove, group.test, group.change_node)
    )


def test_the_node_is_set_up(dialog: SettingsDialog, group: NetworkGroup, wishes: Wishes, qtbot: QtBot) -> None:
    group.render_session(networked.CONFIGURED, Session())
    QTest.mouseClick(group.change_node, LEFT)
    asked = form_of(dialog, NodeForm)
    assert isinstance(asked, NodeForm)
    qtbot.waitUntil(asked.isActiveWindow)
    assert not asked.on.isChecked()
    QTest.keyClick(asked.on, Key.Key_Space)
    QTest.mouseClick(asked.add, LEFT)
    editor = QApplication.focusWidget()
    assert editor is not None
    QTest.keyClicks(editor, "PACS")
    QTest.keyClick(editor, Key.Key_Return)
    QApplication.processEvents()  # what was typed is taken a moment after the key
    assert asked.isVisible(), "Enter ended the typing, not the form"
    cell = asked.callers.item(0, 1)
    assert cell is not None
    cell.setText("10.0.0.300")
    QTest.mouseClick(asked.ok, LEFT)
    assert asked.wrong.text() == "Name an IP address, such as 10.0.0.5, or a network, such as 10.0.0.0/24."
    cell.setText("10.0.0.5")
    with qtbot.waitSignal(wishes.network_settings_changed) as told:
        QTest.mouseClick(asked.ok, LEFT)
    callers = (Caller(ae_title="PACS", address="10.0.0.5"),)
    assert told.args == [NetworkSettings(listening=Listening(ae_title="SQUID", port=11112, callers=callers))]


def test_the_node_is_switched_off_and_keeps_what_was_set(qtbot: QtBot, styled: QApplication) -> None:
    asked = NodeForm(NETWORK.listening)
    qtbot.addWidget(asked)
    asked.show()
    QTest.keyClick(asked.on, Key.Key_Space)
    with qtbot.waitSignal(asked.wanted) as told:
        QTest.mouseClick(asked.ok, LEFT)
    assert told.args == [NETWORK.listening.model_copy(update={"port": 0})]
    again = NodeForm(NETWORK.listening)
    qtbot.addWidget(again)
    with qtbot.waitSignal(again.wanted) as told:
        again.accept()
    assert told.args == [NETWORK.listening]


def test_limits_that_the_form_does_not_show_stay(qtbot: QtBot, styled: QApplication) -> None:
    listening = NETWORK.listening.model_copy(update={"associations": 3, "free_gb": 7.5, "host": "10.0.0.9"})
    asked = NodeForm(listening)
    qtbot.addWidget(asked)
    with qtbot.waitSignal(asked.wanted) as told:
        asked.accept()
    assert told.args == [listening]


def test_a_node_that_nobody_may_reach_says_so() -> None:
    listening = Listening(ae_title="SQUID", port=11112)
    made = NetworkGroup(Wishes())
    made.render_session(
        None, Session(network=NetworkSettings(listening=listening), node=NodeStatus(NodeState.LISTENING))
    )
    assert "Nobody may connect yet" in made.node.text.text()
    made.deleteLater()
