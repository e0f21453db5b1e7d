"""Results are sent by hand: to which system, which of them, and never while names are masked."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.network import SendOrder
from app.domain.session import Session
from app.domain.study import Study
from app.ui.dialogs.sending import SendDialog
from app.ui.wishes import Wishes
from squid_core.export.request import ExportKind
from squid_core.network.configuration import NetworkSettings, Peer, SendRule
from tests.app.ui import networked, synthetic
from tests.app.ui.conftest import Room
from tests.app.ui.hands import ALT, CTRL, LEFT

SR, SC, SEG = ExportKind.STRUCTURED_REPORT, ExportKind.SECONDARY_CAPTURE, ExportKind.SEGMENTATION
TWO = NetworkSettings(
    peers=(Peer(name="PACS", dicomweb="https://pacs/"), Peer(name="Teaching", dicomweb="https://teaching/")),
    rules=(SendRule(peer="Teaching", kinds=("seg",)),),
)


@pytest.fixture
def study() -> Study:
    image = synthetic.item(0, 0.83)
    return Study(image.study_uid, (image, synthetic.item(1, 0.2)))


def opened(qtbot: QtBot, study: Study, session: Session, wishes: Wishes, last: SendOrder | None = None) -> SendDialog:
    made = SendDialog((study,), session, wishes, None, last)
    qtbot.addWidget(made)
    made.show()
    return made


def test_report_and_picture_of_all_images_go_to_the_one_system_by_two_keys(room: Room, qtbot: QtBot) -> None:
    image = synthetic.radiograph()
    room.open(image, synthetic.detection(image))
    room.holder.update(network=networked.NETWORK)
    QTest.keyClick(room.window, Qt.Key.Key_S, CTRL | ALT)
    dialog = room.window.sending.dialog
    assert dialog is not None
    with qtbot.waitSignal(room.wishes.results_sent) as told:
        QTest.keyClick(dialog, Qt.Key.Key_Return)
    order = told.args[0]
    assert (order.peer, order.keys, set(order.kinds)) == ("PACS", ("key-0",), {SR, SC})


def test_systems_that_only_answer_questions_get_nothing(
    qtbot: QtBot, styled: QApplication, study: Study, wishes: Wishes
) -> None:
    dialog = opened(qtbot, study, networked.CONFIGURED, wishes)
    assert [dialog.system.itemData(at) for at in range(dialog.system.count())] == ["PACS"]


def test_the_kinds_of_a_systems_rule_are_offered_else_what_was_sent_last(
    qtbot: QtBot, styled: QApplication, study: Study, wishes: Wishes
) -> None:
    dialog = opened(qtbot, study, Session(network=TWO), wishes)
    dialog.system.setFocus()
    QTest.keyClick(dialog.system, Qt.Key.Key_Down)
    assert dialog.chosen == (SEG,)
    again = opened(qtbot, study, Session(network=TWO), wishes, SendOrder(("key-0",), (SR,), "Teaching"))
    assert again.order() == SendOrder(("key-0", "key-1"), (SR,), "Teaching")


def test_nothing_can_be_sent_nowhere(qtbot: QtBot, styled: QApplication, study: Study, wishes: Wishes) -> None:
    dialog = opened(qtbot, study, Session(), wishes)
    assert dialog.note.text() == "No system is set up that results can be sent to."
    assert not dialog.send.isEnabled()
    with qtbot.waitSignal(wishes.network_settings_requested):
        QTest.mouseClick(dialog.set_up, LEFT)
    assert not dialog.isVisible()


def test_nothing_is_sent_while_names_are_masked(
    qtbot: QtBot, styled: QApplication, study: Study, wishes: Wishes
) -> None:
    dialog = opened(qtbot, study, replace(networked.CONFIGURED, mask_names=True, mask_key="k"), wishes)
    assert not dialog.send.isEnabled()
    assert "Names are masked" in dialog.note.text()
    assert "Lindqvist" not in " ".join(label.text() for label in dialog.findChildren(type(dialog.note)))


def test_without_a_kind_nothing_is_sent(qtbot: QtBot, styled: QApplication, study: Study, wishes: Wishes) -> None:
    dialog = opened(qtbot, study, networked.CONFIGURED, wishes)
    for box in dialog.boxes.values():
        if box.isChecked():
            QTest.keyClick(box, Qt.Key.Key_Space)
    assert not dialog.send.isEnabled()
    assert dialog.note.text() == "Choose what shall be sent."


def test_several_studies_go_from_the_menu_of_the_worklist(room: Room, qtbot: QtBot) -> None:
    room.fill(*(synthetic.item(number, 0.5) for number in range(3)))
    room.holder.update(network=networked.NETWORK)
    room.window.worklist.list.selectAll()
    room.window.worklist_actions.show(QPoint(20, 20))
    menu = room.window.worklist_actions.menu
    assert menu is not None
    action = next(action for action in menu.actions() if "Send" in action.text())
    assert action.text() == "Send results of 3 studies…"
    action.trigger()
    menu.close()
    dialog = room.window.sending.dialog
    assert dialog is not None
    with qtbot.waitSignal(room.wishes.results_sent) as told:
        QTest.mouseClick(dialog.send, LEFT)
    assert sorted(told.args[0].keys) == ["key-0", "key-1", "key-2"]
