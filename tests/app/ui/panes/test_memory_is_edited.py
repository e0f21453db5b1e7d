"""Entries are taken out of memory and put back, memory is shuffled, by mouse and by key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.session import Session
from app.ui.panes.memory_entries import EntriesList, Sources, entry_rows
from app.ui.words.memory_words import edit_words, picture_change, tried_words
from squid_core.contracts.detection import DetectorSettings, MemoryMatch, Region, RegionShape, RemovedEntry, Trial
from tests.app.ui import explained, synthetic
from tests.app.ui.conftest import Room

PATCH = 2 * synthetic.GRID + 1
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def opened(room: Room, settle: Callable[[], None]) -> Room:
    image = synthetic.radiograph()
    found = synthetic.detection(image)
    room.open(image, found)
    room.holder.update(patch=PATCH, entries=explained.entries(found, PATCH), card=explained.card())
    settle()
    return room


def listed(room: Room) -> EntriesList:
    return room.window.panes.memory.list


def place(entries: EntriesList, row: int) -> QPoint:
    entries.scrollTo(entries.entries.index(row))
    return entries.visualRect(entries.entries.index(row)).center()


def slot(room: Room, row: int) -> int:
    found = listed(room).entries.rows[row].slot
    assert found is not None
    return found


def test_a_click_on_an_entry_takes_it_out_and_a_click_on_the_patch_does_nothing(opened: Room, qtbot: QtBot) -> None:
    entries = listed(opened)
    wanted = slot(opened, 2)
    with qtbot.waitSignal(opened.wishes.entry_toggled) as blocker:
        QTest.mouseClick(entries.viewport(), LEFT, pos=place(entries, 2))
    assert blocker.args == [wanted]
    with qtbot.assertNotEmitted(opened.wishes.entry_toggled):
        QTest.mouseClick(entries.viewport(), LEFT, pos=place(entries, 0))


@pytest.mark.parametrize("key", [Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_Return])
def test_keys_walk_from_the_patch_to_its_entries_and_take_one_out(opened: Room, qtbot: QtBot, key: Qt.Key) -> None:
    view = opened.window.panes.memory.view
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Return)
    entries = listed(opened)
    assert entries.hasFocus()
    QTest.keyClick(entries, Qt.Key.Key_Down)
    with qtbot.waitSignal(opened.wishes.entry_toggled) as blocker:
        QTest.keyClick(entries, key)
    assert blocker.args == [slot(opened, 2)]


def test_a_removed_entry_stays_in_its_place_struck_through_and_says_how_to_put_it_back(opened: Room) -> None:
    found = opened.holder.state.detection
    assert found is not None
    what_if, gone = explained.without(found, PATCH, 1)
    edit = {"trial": what_if.trial}
    opened.holder.update(**edit, what_if_running=True)
    rows = listed(opened).entries.rows
    assert [row.removed for row in rows] == [False, False, True, False, False, False], "at once, while it is computed"
    opened.holder.update(what_if=what_if, what_if_running=False)
    rows = listed(opened).entries.rows
    assert [row.slot for row in rows[1:]] == [
        found.matches[PATCH][0].slot, gone.match.slot, *(match.slot for match in found.matches[PATCH][2:]), 199,
    ]  # fmt: skip
    assert rows[2].removed
    assert rows[2].title == f"weight {gone.match.weight:.2f}"
    assert rows[3].title.startswith("2.  "), "the rest is counted anew"
    assert "Delete puts it back" in rows[2].spoken
    assert rows[2].picture is not None
    assert opened.window.panes.memory.edit.text().startswith("One entry removed.")
    assert opened.window.settings.what_if.tried.text() == "Also tried: one memory entry removed."
    assert opened.window.header.what_if.score.text() == "What-if 0.78 (−0.05)"


def test_a_removed_entry_looks_different_without_its_colour(opened: Room, settle: Callable[[], None]) -> None:
    entries = listed(opened)
    place(entries, 2)
    before = entries.grab().toImage().convertToFormat(entries.grab().toImage().Format.Format_Grayscale8)
    found = opened.holder.state.detection
    assert found is not None
    _, gone = explained.without(found, PATCH, 1)
    opened.holder.update(trial=replace(found.trial, removed=(gone,)))
    settle()
    after = entries.grab().toImage().convertToFormat(before.format())
    area = entries.visualRect(entries.entries.index(2))
    assert before.copy(area) != after.copy(area)
    other = entries.visualRect(entries.entries.index(1))
    assert before.copy(other) == after.copy(other)


def test_m_and_the_button_shuffle_memory_and_the_pane_says_what_that_means(opened: Room, qtbot: QtBot) -> None:
    memory = opened.window.panes.memory
    with qtbot.waitSignal(opened.wishes.shuffle_toggled) as blocker:
        QTest.keyClick(opened.window, Qt.Key.Key_M)
    assert blocker.args == [True]
    with qtbot.waitSignal(opened.wishes.shuffle_toggled):
        QTest.mouseClick(memory.shuffle, LEFT)
    found = opened.holder.state.detection
    assert found is not None
    what_if = explained.shuffled(found)
    opened.holder.update(trial=what_if.trial, what_if=what_if)
    assert memory.shuffle.isChecked()
    by_hand = float(np.abs(what_if.reconstruction - found.reconstruction).mean())
    assert picture_change(opened.holder.state) == pytest.approx(by_hand)
    assert f"changes by {100 * by_hand:.1f}% of the grey range" in memory.edit.text()
    assert "Hardly any change would mean that memory does not draw it." in memory.edit.text()
    with qtbot.waitSignal(opened.wishes.shuffle_toggled) as blocker:
        QTest.keyClick(opened.window, Qt.Key.Key_M)
    assert blocker.args == [False]


def test_one_click_back_undoes_the_edits_too(opened: Room, qtbot: QtBot) -> None:
    found = opened.holder.state.detection
    assert found is not None
    shuffled = replace(found.trial, shuffled=True)
    opened.holder.update(trial=shuffled)
    panel = opened.window.settings.what_if
    with qtbot.waitSignal(opened.wishes.what_if_reset):
        QTest.mouseClick(panel.reset_button, LEFT)
    with qtbot.waitSignal(opened.wishes.what_if_reset):
        QTest.keyClick(opened.window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    with qtbot.waitSignal(opened.wishes.what_if_changed), qtbot.assertNotEmitted(opened.wishes.what_if_reset):
        QTest.keyClick(panel.top_k_slider, Qt.Key.Key_Right)
        opened.holder.update(trial=replace(shuffled, settings=replace(shuffled.settings, top_k=6)))
        QTest.keyClick(panel.top_k_slider, Qt.Key.Key_Left)  # locked again, but memory is still shuffled


def test_training_images_are_named_only_on_demand(opened: Room) -> None:
    memory = opened.window.panes.memory
    assert not memory.sources.isVisible()
    found = opened.holder.state.detection
    assert found is not None
    named = tuple(tuple(replace(match, source="Doe^Jane.png") for match in own) for own in found.matches)
    opened.holder.update(detection=replace(found, matches=named))
    assert memory.sources.isVisible()
    assert not any("Doe" in row.spoken for row in listed(opened).entries.rows)
    QTest.mouseClick(memory.sources, LEFT)
    assert all("Doe^Jane.png" in row.lines for row in listed(opened).entries.rows[1:])
    masked = entry_rows(opened.holder.state, Sources.MASKED)
    assert not any("Doe" in row.spoken for row in masked)
    assert all("source masked" in row.lines for row in masked[1:])


def test_nothing_tried_has_no_words() -> None:
    assert (edit_words(Session()), tried_words(Session())) == ("", "")
    region = Region(RegionShape.ELLIPSE, 0, 0, 4, 4)
    removed = tuple(RemovedEntry(patch, MemoryMatch(slot, 0.5, 0.5, 0)) for patch, slot in ((0, 1), (3, 2)))
    two = Session(trial=Trial(DetectorSettings(5), removed, shuffled=True, region=region))
    assert tried_words(two).startswith(
        "Also tried: memory shuffled, 2 memory entries removed, a region replaced by normal."
    )
    assert "No fall proves nothing" in tried_words(two)


def test_the_colours_of_the_patches_have_a_key(opened: Room) -> None:
    legend = opened.window.panes.memory.legend
    assert legend.isVisible()
    assert "up to the 50th pct." in legend.accessibleName()
