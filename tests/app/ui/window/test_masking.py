"""One switch, and nothing on the screen tells who a patient is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.domain.errors import Notice, Severity
from app.domain.study import Study
from app.ui.dialogs.export import ExportDialog
from app.ui.worklist.model import MASKED_ROLE, UID_ROLE
from tests.app.ui import synthetic
from tests.app.ui.conftest import Room

CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
CANARY = synthetic.identity(
    0,
    patient_name="Zzcanary, Phi",
    patient_id="PHI-7731",
    accession_number="ACC-7731",
    study_description="of Zzcanary",
    patient_birth_date=date(1959, 11, 23),
)
SECRETS = ("zzcanary", "7731", "1959", CANARY.study_date.isoformat() if CANARY.study_date else "")


@pytest.fixture
def opened(room: Room, settle: Callable[[], None]) -> Room:
    image = synthetic.radiograph(identity=CANARY)
    found = synthetic.detection(image)
    room.fill(*synthetic.reading_list()[1:])
    room.open(image, found, synthetic.item(0, found.score, identity=CANARY))
    room.holder.update(mask_key="a secret of this installation")
    settle()
    return room


def said(window: QWidget) -> str:
    """Every word of every widget: texts, tool tips, names and descriptions for a screen reader, titles."""
    words = [window.windowTitle()]
    for widget in [window, *window.findChildren(QWidget)]:
        words += [widget.toolTip(), widget.accessibleName(), widget.accessibleDescription(), widget.windowTitle()]
        words += [widget.statusTip(), widget.whatsThis()]
        if isinstance(widget, QLabel):
            words.append(widget.text())
        interface = QAccessible.queryAccessibleInterface(widget)
        if interface is not None:
            words += [interface.text(kind) for kind in (QAccessible.Text.Name, QAccessible.Text.Value)]
    return "\n".join(words)


def rows(room: Room) -> str:
    model = room.window.worklist.list.studies
    roles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole)
    return "\n".join(str(model.index(row).data(role)) for row in range(model.rowCount()) for role in roles)


def secrets_in(words: str) -> list[str]:
    return [secret for secret in SECRETS if secret in words.lower()]


def press(room: Room) -> None:
    QTest.keyClick(room.window, Qt.Key.Key_M, CTRL_SHIFT)
    QApplication.processEvents()


def test_without_it_the_name_is_there(opened: Room) -> None:
    assert "zzcanary" in secrets_in(said(opened.window))
    assert "zzcanary" in secrets_in(rows(opened))
    header = opened.window.header
    assert header.person.whole == "ID PHI-7731  ·  born 1959-11-23, 54 y  ·  F"
    assert header.kind.whole.endswith("DX CHEST PA  ·  Accession ACC-7731")


def test_a_key_masks_every_word_of_the_window_and_the_same_key_brings_them_back(opened: Room, qtbot: QtBot) -> None:
    with qtbot.waitSignal(opened.wishes.masking_changed) as told:
        press(opened)
    assert told.args == [True]
    assert opened.window.actions_by_name["mask_names"].isChecked()
    assert secrets_in(said(opened.window)) == []
    assert secrets_in(rows(opened)) == []
    assert opened.window.header.name.whole.startswith("Patient ")
    assert "54 y" in opened.window.header.person.whole
    assert "date masked" in opened.window.header.kind.whole
    press(opened)
    assert opened.window.header.name.whole == "Zzcanary, Phi"
    assert "zzcanary" in secrets_in(rows(opened))


def test_the_pseudonym_is_the_same_in_header_and_worklist(opened: Room) -> None:
    press(opened)
    name = opened.window.header.name.whole
    assert name in rows(opened)
    assert sum(name in line for line in rows(opened).splitlines()) == 3  # one study, three ways of saying it


def test_order_selection_and_keys_are_not_changed(opened: Room, qtbot: QtBot) -> None:
    model = opened.window.worklist.list.studies
    before = [model.index(row).data(UID_ROLE) for row in range(model.rowCount())]
    with qtbot.assertNotEmitted(opened.wishes.study_selected, wait=20):
        press(opened)
    assert [model.index(row).data(UID_ROLE) for row in range(model.rowCount())] == before
    assert opened.window.worklist.list.selected_uid == "1.2.3.0"
    assert model.index(0).data(MASKED_ROLE) is True


def test_a_name_that_is_sought_does_not_find_its_patient(opened: Room) -> None:
    opened.holder.update(study=opened.store.worklist.study("1.2.3.1"), image_key="key-1")
    listed = opened.window.worklist.list
    listed.keyboardSearch("Zzc")
    model = listed.studies
    assert model.row_of("1.2.3.0") is not None, "without masking it does"
    press(opened)
    assert model.row_of("1.2.3.0") is None
    assert [model.study(row).uid for row in range(model.rowCount())] == ["1.2.3.1"]  # the open one


def test_what_comes_later_is_masked_too(opened: Room) -> None:
    press(opened)
    late = replace(CANARY, study_instance_uid="1.2.99")
    opened.fill(synthetic.item(99, 0.9, identity=late))
    study = Study("1.2.99", (synthetic.item(99, 0.9, identity=late),))
    opened.holder.update(study=study, image_key="key-99", radiograph=None, loading="Reading the image")
    opened.notifier.post(Notice(Severity.INFO, "Import finished."))
    assert secrets_in(said(opened.window) + rows(opened)) == []


def test_a_picture_that_may_show_the_name_is_warned_of_while_names_are_masked(opened: Room) -> None:
    state = opened.holder.state
    assert state.radiograph is not None
    opened.holder.update(radiograph=replace(state.radiograph, burned_in=True))
    press(opened)
    assert any("may show the patient's name" in line.text.text() for line in opened.window.banners.lines)


def test_the_export_dialog_says_no_name_and_de_identifies(opened: Room) -> None:
    press(opened)
    QTest.keyClick(opened.window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    dialog = opened.window.findChild(ExportDialog)
    assert isinstance(dialog, ExportDialog)
    assert secrets_in(said(dialog)) == []
    assert dialog.deidentify.isChecked()
    assert not dialog.deidentify.isEnabled()
    dialog.close()


def test_the_key_is_the_readers_to_choose(opened: Room, qtbot: QtBot) -> None:
    opened.holder.update(keys={"mask_names": ("F8",)})
    press(opened)  # the former key
    assert not opened.holder.state.mask_names
    QTest.keyClick(opened.window, Qt.Key.Key_F8)
    assert opened.holder.state.mask_names
