"""States, wishes and notices, as a user meets them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QTableWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.domain.errors import Notice, Severity
from app.domain.importing import ImportReport
from app.domain.jobs import JobState
from app.domain.session import Progress, Session
from app.domain.settings import ColourMap, DisplaySettings, EvidenceMap
from app.domain.study import Study
from app.ui.dialogs.import_report import ImportReportDialog
from app.ui.dialogs.keys import KeysDialog
from app.ui.dialogs.lists import NoticesDialog, PlainDialog
from app.ui.keys.bindings import native, portable
from app.ui.keys.specs import SPECS
from app.ui.panes.evidence_map import what_it_is_not
from app.ui.study.study_header import score_lines
from app.ui.wishes import Wishes
from app.ui.words.words import RESEARCH_USE, WHAT_IF_BADGE, row_words
from squid_core.contracts.detection import DetectorSettings, Gate, Pose, Shrinkage, Trial
from squid_core.contracts.radiograph import Decision, Verdict
from squid_core.inference.doubts import MIRRORED, NOT_REGISTERED, OUTSIDE_MEMORY, doubts
from tests.app.ui import synthetic
from tests.app.ui.conftest import Room

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def opened(room: Room) -> Room:
    image = synthetic.radiograph()
    room.open(image, synthetic.detection(image))
    room.holder.update(weights_reason="chosen by age 54", weights_available=("adult", "zhanglab"))
    return room


def select(room: Room, key: str, **changes: object) -> None:
    """Select an image of the full reading list."""
    items = {item.key: item for item in synthetic.reading_list()}
    room.fill(*items.values())
    room.holder.update(study=Study(items[key].study_uid, (items[key],)), image_key=key, **changes)


def cell(table: QTableWidget, row: int, column: int) -> str:
    return str(table.model().index(row, column).data())


def test_an_empty_room_invites(room: Room, qtbot: QtBot) -> None:
    assert room.window.empty.isVisible()
    assert "Drop a folder" in room.window.empty.title.text()
    assert not room.window.dock.isVisible()
    with qtbot.waitSignal(room.wishes.demo_requested):
        QTest.mouseClick(room.window.empty.demo, LEFT)


def test_it_always_says_what_it_is_not(room: Room) -> None:
    words = [label.text() for label in room.window.footer.findChildren(QWidget, "research")]  # type: ignore[attr-defined]
    assert words == [RESEARCH_USE]
    assert room.window.windowTitle() == "SQUID Viewer"


def test_a_dropped_folder_is_opened(room: Room, qtbot: QtBot, tmp_path: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path))])
    actions, buttons, keys = Qt.DropAction.CopyAction, LEFT, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPointF(10, 10).toPoint(), actions, mime, buttons, keys)
    QApplication.sendEvent(room.window, enter)
    assert enter.isAccepted()
    with qtbot.waitSignal(room.wishes.open_requested) as blocker:
        QApplication.sendEvent(room.window, QDropEvent(QPointF(10, 10), actions, mime, buttons, keys))
    assert blocker.args == [[tmp_path]]


def test_the_score_is_said_in_words(opened: Room) -> None:
    header = opened.window.header
    assert header.score.text() == "0.83"
    assert header.place.whole == "97th percentile of held-out normals"
    assert header.source.whole == "adult weights, chosen by age 54"
    assert header.more.whole == "paper's A 0.71  ·  0.8 s on cpu"
    detection = opened.holder.state.detection
    assert detection is not None
    assert score_lines(replace(detection, seconds=0.0414), "")[2].endswith("41 ms on cpu")


def test_a_score_outside_memory_is_said_beside_the_doubt_that_was_accepted(room: Room) -> None:
    image = synthetic.radiograph()
    found = replace(synthetic.detection(image), outside_memory=True)
    ask = Verdict(Decision.ASK, "Is this a frontal chest X-ray? The body part says RIBCAGE.")
    item = synthetic.item(0, found.score, verdict=ask, accepted=True, outside_memory=True)
    room.open(image, found, item)
    room.holder.update(notices=(OUTSIDE_MEMORY,))
    assert room.window.header.score.text() == "(0.83)"
    assert room.window.header.place.whole == "Unlike anything in memory: the score means little"
    said = [line.text.text() for line in room.window.banners.lines]
    assert any("because you asked" in text and "RIBCAGE" in text for text in said)
    assert any("resembles nothing in the detector's memory" in text for text in said)


def test_a_chest_that_looks_mirrored_is_a_warning(room: Room) -> None:
    image = synthetic.radiograph()
    found = replace(synthetic.detection(image), pose=Pose(0.8, registered=True, mirrored=True))
    item = synthetic.item(0, found.score, message=MIRRORED)
    room.open(image, found, item)
    room.holder.update(notices=doubts(found))
    (line,) = room.window.banners.lines
    assert line.text.text() == MIRRORED
    assert line.property("severity") == "warning"
    assert MIRRORED in row_words(Study(item.study_uid, (item,)))
    apart = replace(found, pose=Pose(0.1, registered=False))
    room.holder.update(detection=apart, notices=doubts(apart))
    (line,) = room.window.banners.lines
    assert (line.text.text(), line.property("severity")) == (NOT_REGISTERED, "info")


def test_the_difference_says_what_it_is_not(opened: Room) -> None:
    assert opened.window.panes.difference.caption.text() == what_it_is_not(EvidenceMap.DIFFERENCE, Session())
    panes = opened.window.panes
    for pane in (panes.reconstruction, panes.difference, panes.memory):
        assert pane.badge.text() == "128 px, enlarged"
        assert pane.badge.isVisible()
    assert not panes.original.badge.isVisible()


def test_a_question_is_put_and_can_be_answered(room: Room, qtbot: QtBot) -> None:
    select(room, "key-7", radiograph=synthetic.radiograph())
    (line,) = room.window.banners.lines
    assert "RIBCAGE" in line.text.text()
    assert room.window.header.place.whole == "Question"
    with qtbot.waitSignal(room.wishes.analyse_anyway) as blocker:
        QTest.mouseClick(line.button, LEFT)
    assert blocker.args == ["key-7"]
    everywhere = room.window.actions_by_name["analyse_alike"]
    with qtbot.waitSignal(room.wishes.analyse_alike) as blocker:
        everywhere.trigger()
    assert blocker.args == ["key-7"]
    select(room, "key-8", radiograph=synthetic.radiograph())
    assert not everywhere.isEnabled(), "nothing is asked about it"


def test_a_refused_image_is_shown_with_the_reason(room: Room) -> None:
    image = synthetic.radiograph()
    select(room, "key-8", radiograph=image, window=image.window)
    (line,) = room.window.banners.lines
    assert line.text.text().startswith("Not analysed. The body part is TIBIA")
    assert room.window.panes.original.image.source is image.pixels
    assert room.window.panes.reconstruction.message == "Not analysed"


def test_an_error_is_said_plainly(room: Room) -> None:
    error = Notice(Severity.ERROR, "The file ends before its picture does.", "Ask for it to be sent again.")
    select(room, "key-9", error=error)
    (line,) = room.window.banners.lines
    assert line.text.text() == f"{error.text} File file-9.dcm in .."
    assert line.property("severity") == "error"
    assert room.window.panes.original.message == error.text


def test_reading_is_said_where_the_image_will_be(room: Room) -> None:
    select(room, "key-5", loading="Reading the image…")
    assert room.window.panes.original.message == "Reading the image…"
    assert room.window.panes.difference.message == "Not scored yet"


def test_a_what_if_stands_beside_the_locked_score(opened: Room) -> None:
    header, panel = opened.window.header, opened.window.settings.what_if
    assert not header.what_if.isVisible()
    settings = DetectorSettings(12, Shrinkage.GUMBEL, Gate.SOFT, 0.8)
    opened.holder.update(trial=Trial(settings), what_if_running=True)
    assert header.what_if.isVisible()
    assert header.what_if.score.text() == "What-if …"
    image = opened.holder.state.radiograph
    assert image is not None
    found = synthetic.detection(image, 0.79, 95.0, settings)
    opened.holder.update(what_if=found, what_if_running=False)
    assert header.score.text() == "0.83"
    assert header.what_if.score.text() == "What-if 0.79 (−0.04)"
    assert WHAT_IF_BADGE in header.what_if.toolTip()
    assert panel.badge.isVisible()
    assert (panel.top_k.value(), panel.gate.value, panel.rho.value()) == (12, "soft", 0.8)
    opened.holder.update(what_if=None, trial=None)
    assert not header.what_if.isVisible()
    assert not panel.badge.isVisible()
    assert panel.top_k.value() == 5


def test_moving_top_k_asks_for_a_what_if_and_back(opened: Room, qtbot: QtBot) -> None:
    panel = opened.window.settings.what_if
    with qtbot.waitSignal(opened.wishes.what_if_changed) as blocker:
        QTest.keyClick(panel.top_k_slider, Qt.Key.Key_Right)
    assert blocker.args == [DetectorSettings(6)]
    with qtbot.waitSignal(opened.wishes.what_if_reset):
        QTest.keyClick(panel.top_k_slider, Qt.Key.Key_Left)
    with qtbot.waitSignal(opened.wishes.what_if_changed) as blocker:
        panel.gate.setFocus()
        QTest.keyClick(panel.gate, Qt.Key.Key_Down)
    assert blocker.args == [DetectorSettings(5, gate=Gate.SOFT)]


def test_the_one_click_back(opened: Room, qtbot: QtBot) -> None:
    opened.holder.update(trial=Trial(DetectorSettings(9)))
    with qtbot.waitSignal(opened.wishes.what_if_reset):
        QTest.mouseClick(opened.window.settings.what_if.reset_button, LEFT)


def test_rendering_settings_asks_for_nothing(opened: Room, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(opened.wishes.what_if_changed), qtbot.assertNotEmitted(opened.wishes.display_changed):
        opened.holder.update(trial=Trial(DetectorSettings(33, Shrinkage.HARD, Gate.BERNOULLI, 0.5)))
        opened.holder.update(display=DisplaySettings(difference_threshold=0.2, overlay=True))


def test_display_settings_are_drawn_and_told(opened: Room, qtbot: QtBot) -> None:
    section = opened.window.settings.display
    with qtbot.waitSignal(opened.wishes.display_changed) as blocker:
        section.threshold.setValue(20)
    assert blocker.args[0].difference_threshold == pytest.approx(0.2)
    assert opened.holder.state.display.difference_threshold == pytest.approx(0.2)
    section.colour_map.setFocus()
    QTest.keyClick(section.colour_map, Qt.Key.Key_Down)
    assert opened.holder.state.display.colour_map is ColourMap.LIGHT_CENTRE
    opened.window.panes.original.view.setFocus()  # letters in a choice search it
    QTest.keyClick(opened.window, Qt.Key.Key_G)
    assert opened.holder.state.display.overlay
    assert opened.window.panes.original.overlay.source is not None
    assert section.overlay.isChecked()
    QTest.keyClick(opened.window, Qt.Key.Key_T)
    assert not opened.holder.state.display.corner_text


def test_device_and_weights_can_be_chosen(opened: Room, qtbot: QtBot) -> None:
    section = opened.window.settings.detector
    assert "chosen by age 54" in section.reason.text()
    with qtbot.waitSignal(opened.wishes.weights_changed) as blocker:
        QTest.keyClick(section.weights, Qt.Key.Key_Down)
    assert blocker.args == ["adult"]
    with qtbot.waitSignal(opened.wishes.device_changed) as blocker:
        QTest.keyClick(section.device, Qt.Key.Key_Down)
    assert blocker.args == ["cuda"]


def test_the_queue_shows_its_progress_and_can_be_stopped(opened: Room, qtbot: QtBot) -> None:
    footer = opened.window.footer
    assert not footer.cancel.isVisible()
    opened.holder.update(progress=Progress(3, 12))
    assert footer.progress_text.text() == "Analysing 4 of 12"
    with qtbot.waitSignal(opened.wishes.cancel_requested):
        QTest.mouseClick(footer.cancel, LEFT)
    opened.fill(synthetic.item(5, state=JobState.CANCELLED))
    opened.holder.update(progress=Progress(3, 3))
    with qtbot.waitSignal(opened.wishes.resume_requested):
        QTest.mouseClick(footer.resume, LEFT)


def test_the_import_report_counts_what_was_left_out(opened: Room, qtbot: QtBot) -> None:
    report = ImportReport(14, 11, (("A DICOMDIR is a list, not an image.", 1), ("This is no DICOM file.", 2)))
    opened.holder.update(import_report=report)
    assert "3 files left out" in opened.window.footer.progress_text.text()
    dialog = ImportReportDialog(report, parent=opened.window)
    qtbot.addWidget(dialog)
    assert [cell(dialog.table, 0, column) for column in (0, 1)] == ["2", "This is no DICOM file."]


def test_notices_wait_for_the_window_and_are_kept(opened: Room, qtbot: QtBot) -> None:
    opened.notifier.post(Notice(Severity.WARNING, "The detector stopped.", "It was started again.", "exit -9"))
    footer = opened.window.footer
    assert footer.notice.whole == "The detector stopped. It was started again."
    QTest.mouseClick(footer.dismiss, LEFT)
    assert footer.notice.whole == ""
    dialog = NoticesDialog([Notice(Severity.WARNING, "One."), Notice(Severity.ERROR, "Two.")], opened.window)
    qtbot.addWidget(dialog)
    assert [cell(dialog.table, row, 1) for row in (0, 1)] == ["Two.", "One."]


def test_windows_open_on_request_only_and_close(opened: Room) -> None:
    for name in ("shortcuts", "about", "notices"):
        opened.window.actions_by_name[name].trigger()
        dialogs = [child for child in opened.window.findChildren(PlainDialog) if child.isVisible()]
        assert len(dialogs) == 1
        dialogs[0].close()
        QApplication.processEvents()


def test_every_key_is_in_the_help_and_used_once(qtbot: QtBot, styled: QApplication, wishes: Wishes) -> None:
    keys = [key for spec in SPECS for key in spec.keys]
    assert len(keys) == len(set(keys))
    dialog = KeysDialog({}, wishes)
    qtbot.addWidget(dialog)
    shown = " ".join(cell(dialog.table, row, 1) for row in range(dialog.table.rowCount()))
    assert all(native(portable(key)) in shown for key in keys)


def test_several_images_of_a_study_can_be_walked(room: Room, qtbot: QtBot) -> None:
    first, second = synthetic.item(0, 0.4), replace(synthetic.item(0, 0.7), key="key-0b", arrival=2)
    room.fill(first, second)
    room.holder.update(study=Study(first.study_uid, (first, second)), image_key="key-0")
    assert room.window.header.image_count.text() == "1 / 2"
    room.window.panes.original.view.setFocus()
    with qtbot.waitSignal(room.wishes.image_selected) as blocker:
        QTest.keyClick(room.window.panes.original.view, Qt.Key.Key_Down)
    assert blocker.args == ["key-0b"]
    with qtbot.assertNotEmitted(room.wishes.image_selected, wait=20):
        QTest.keyClick(room.window, Qt.Key.Key_Up)


def test_a_study_can_be_taken_off_the_worklist(opened: Room, qtbot: QtBot) -> None:
    with qtbot.waitSignal(opened.wishes.remove_requested) as blocker:
        opened.window.actions_by_name["remove"].trigger()
    assert blocker.args == [("1.2.3.0",)]
    opened.holder.update(study=None, image_key="")
    assert not opened.window.actions_by_name["remove"].isEnabled()


def test_the_settings_panel_can_be_put_away(opened: Room) -> None:
    assert opened.window.dock.isVisible()
    QTest.keyClick(opened.window, Qt.Key.Key_F9)
    assert not opened.window.dock.isVisible()
    QTest.keyClick(opened.window, Qt.Key.Key_F9)
    assert opened.window.dock.isVisible()


def test_what_is_unclear_about_an_image_is_said_over_it_and_in_its_row(room: Room) -> None:
    item = replace(synthetic.item(0, 0.83), replaced=True)
    namesake = replace(synthetic.item(1, 0.4), identity=replace(synthetic.item(0).identity, patient_id="another"))
    room.fill(item, namesake)
    study = room.store.worklist.study_of(item.key)
    assert study is not None
    error = Notice(Severity.ERROR, "Another image lies at this place now.")
    room.holder.update(study=study, image_key=item.key, error=error)
    said = [line.text.text() for line in room.window.banners.lines]
    assert len(said) == 2, "the same is not said twice"
    assert "score is of the image that was read" in said[0]
    assert "same study number" in said[1]
    row = row_words(study)
    assert all(words in row for words in said)
    other = room.store.worklist.study_of(namesake.key)
    assert other is not None
    assert "same study number" in row_words(other)
