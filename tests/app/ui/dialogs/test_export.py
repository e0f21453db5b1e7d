"""The export dialog, through real events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from app.domain.exporting import ExportMemory, ExportOrder
from app.domain.marks.annotations import Annotations, Marks
from app.domain.marks.measurements import Length, Note
from app.domain.orientation import Orientation
from app.domain.study import Judgement, Study
from app.ui.dialogs.export import ExportDialog
from squid_core.export.request import NEED_DETECTION, OF_MARKS, OF_OPINION, ExportKind
from squid_core.privacy import BURNED_IN_UNKNOWN
from tests.app.ui import synthetic
from tests.app.ui.conftest import Room

LEFT, CTRL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def opened(room: Room, settle: Callable[[], None]) -> Room:
    image = synthetic.radiograph()
    room.open(image, synthetic.detection(image))
    settle()
    return room


def show(room: Room) -> ExportDialog:
    QTest.keyClick(room.window, Qt.Key.Key_E, CTRL)
    QApplication.processEvents()
    dialog = room.window.findChild(ExportDialog)
    assert isinstance(dialog, ExportDialog)
    return dialog


def order_of(room: Room, dialog: ExportDialog, qtbot: QtBot) -> ExportOrder:
    with qtbot.waitSignal(room.wishes.export_ordered) as told:
        QTest.mouseClick(dialog.export, LEFT)
    (order,) = told.args or [None]
    assert isinstance(order, ExportOrder)
    return order


def test_ticks_and_a_folder_make_an_order(
    opened: Room, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = show(opened)
    assert not dialog.export.isEnabled()
    assert dialog.note.text() == "Choose a folder."
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    QTest.mouseClick(dialog.browse, LEFT)
    assert dialog.folder.text() == str(tmp_path)
    for kind, box in dialog.boxes.items():
        if box.isChecked() != (kind in (ExportKind.PDF, ExportKind.SOURCE)):
            QTest.mouseClick(box, LEFT, pos=QPoint(8, box.height() // 2))
    QTest.mouseClick(dialog.deidentify, LEFT, pos=QPoint(8, dialog.deidentify.height() // 2))
    order = order_of(opened, dialog, qtbot)
    assert order.keys == ("key-0",)
    assert (order.folder, set(order.kinds)) == (tmp_path, {ExportKind.PDF, ExportKind.SOURCE})
    assert order.deidentify
    assert not order.insist
    assert order.words == "dicom pdf, de-identified"


def test_folder_and_ticks_are_there_the_next_time(opened: Room, qtbot: QtBot, tmp_path: Path) -> None:
    opened.window.exports.memory = ExportMemory(tmp_path, (ExportKind.PNG,))
    dialog = show(opened)
    assert (dialog.folder.text(), dialog.chosen) == (str(tmp_path), (ExportKind.PNG,))
    QTest.mouseClick(dialog.boxes[ExportKind.PDF], LEFT, pos=QPoint(8, 8))
    order_of(opened, dialog, qtbot)
    assert set(opened.window.exports.memory.kinds) == {ExportKind.PNG, ExportKind.PDF}


def test_without_a_tick_it_says_what_is_missing(opened: Room, tmp_path: Path) -> None:
    opened.window.exports.memory = ExportMemory(tmp_path, (ExportKind.PDF,))
    dialog = show(opened)
    QTest.mouseClick(dialog.boxes[ExportKind.PDF], LEFT, pos=QPoint(8, 8))
    assert not dialog.export.isEnabled()
    assert dialog.note.text() == "Choose what shall be written."
    dialog.close()


def test_an_image_without_a_score_has_no_results_to_write(room: Room, tmp_path: Path) -> None:
    room.open(synthetic.radiograph())
    room.window.exports.memory = ExportMemory(tmp_path)
    dialog = show(room)
    assert {kind for kind, box in dialog.boxes.items() if not box.isEnabled()} == NEED_DETECTION
    assert "Not scored" in dialog.note.text()
    dialog.close()


@pytest.mark.parametrize(
    ("marks", "judgement", "writable"),
    [
        ((Length(((10.0, 10.0), (10.0, 40.0))),), Judgement.NONE, OF_MARKS),
        ((), Judgement.ACCEPTED, OF_OPINION),
    ],
)
def test_without_a_score_what_the_reader_drew_or_said_can_be_written(
    room: Room, tmp_path: Path, marks: Marks, judgement: Judgement, writable: frozenset[ExportKind]
) -> None:
    room.open(synthetic.radiograph(), item=replace(synthetic.item(0), judgement=judgement))
    room.holder.update(annotations=Annotations(marks))
    room.window.exports.memory = ExportMemory(tmp_path)
    dialog = show(room)
    assert {kind for kind, box in dialog.boxes.items() if not box.isEnabled()} == NEED_DETECTION - writable
    assert "your marks and your judgement can be written" in dialog.note.text()
    dialog.close()


def test_a_study_of_several_images_can_go_as_a_whole(opened: Room, qtbot: QtBot, tmp_path: Path) -> None:
    other = replace(synthetic.item(1, 0.2), identity=synthetic.identity(0))
    study = Study("1.2.3.0", (synthetic.item(0, 0.83), other))
    opened.holder.update(study=study)
    opened.window.exports.memory = ExportMemory(tmp_path)
    dialog = show(opened)
    assert dialog.whole_study.text() == "All 2 images of this study"
    QTest.mouseClick(dialog.whole_study, LEFT, pos=QPoint(8, 8))
    assert order_of(opened, dialog, qtbot).keys == ("key-0", "key-1")


def test_text_burned_into_the_picture_needs_a_look_before_it_is_de_identified(
    opened: Room, qtbot: QtBot, tmp_path: Path
) -> None:
    opened.holder.update(radiograph=synthetic.radiograph(burned_in=True))
    opened.window.exports.memory = ExportMemory(tmp_path)
    dialog = show(opened)
    assert "may show the patient's name" in dialog.warning.text()
    assert dialog.warning.isVisible()
    assert not dialog.insist.isVisible()
    QTest.mouseClick(dialog.deidentify, LEFT, pos=QPoint(8, 8))
    assert dialog.insist.isVisible()
    assert not dialog.export.isEnabled()
    QTest.mouseClick(dialog.insist, LEFT, pos=QPoint(8, 8))
    assert order_of(opened, dialog, qtbot).insist


def test_a_secondary_capture_that_is_silent_on_it_is_warned_of(opened: Room) -> None:
    opened.holder.update(radiograph=synthetic.radiograph(notices=(BURNED_IN_UNKNOWN,)))
    dialog = show(opened)
    assert dialog.warning.text() == BURNED_IN_UNKNOWN
    dialog.close()


def test_it_says_what_of_the_reader_will_be_on_it(room: Room, qtbot: QtBot, settle: Callable[[], None]) -> None:
    image = synthetic.radiograph()
    item = replace(synthetic.item(0, 0.8), judgement=Judgement.REJECTED)
    marks = (Length(((10.0, 10.0), (10.0, 40.0))), Note(((5.0, 5.0),), "see May"))
    room.open(image, synthetic.detection(image), item)
    room.holder.update(annotations=Annotations(marks))
    room.window.panes.link.flip()
    settle()
    dialog = show(room)
    said = dialog.shows.text()
    assert "2 marks with their figures" in said
    assert "your judgement with your login name and its time" in said
    assert "left out" not in said
    dialog.deidentify.setChecked(True)
    said = dialog.shows.text()
    assert "your judgement." in said
    assert "Notes, the words of arrows, who read it and when are left out." in said
    dialog.folder.setText("/somewhere")
    order = order_of(room, dialog, qtbot)
    assert order.orientation == Orientation(mirrored=True)


def test_of_several_images_it_says_that_only_the_open_one_is_as_on_the_screen(
    room: Room, settle: Callable[[], None]
) -> None:
    image = synthetic.radiograph()
    first, second = synthetic.item(0, 0.8), replace(synthetic.item(1, 0.2), identity=synthetic.item(0, 0.8).identity)
    room.open(image, synthetic.detection(image), first)
    room.holder.update(study=Study(first.study_uid, (first, second)))
    settle()
    dialog = show(room)
    assert "the others as in their files" not in dialog.shows.text()
    dialog.whole_study.setChecked(True)
    assert "the others as in their files" in dialog.shows.text()
    assert "left out" not in dialog.shows.text()
    dialog.mask_names.setChecked(True)
    assert "who read it and when are left out." in dialog.shows.text()
    dialog.close()
