"""What is tried on the shown image, and what the detector is asked about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.domain.undoing import Deed
from app.services.detector.process import Urgency
from app.services.reading.what_if_desk import MAPS_DEBOUNCE_MS, WHAT_IF_DEBOUNCE_MS
from squid_core.contracts.detection import (
    Detection,
    DetectorSettings,
    Maps,
    MemoryEdit,
    Region,
    RegionShape,
    Trial,
)
from squid_core.contracts.errors import SquidError
from tests.app.services.reading.desks import ScoredRoom


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Path) -> Iterator[ScoredRoom]:
    room = ScoredRoom(tmp_path)
    yield room
    room.close()


def what_if(room: ScoredRoom, settings: DetectorSettings, score: float) -> Detection:
    return replace(room.result, trial=Trial(settings), score=score)


def requests(room: ScoredRoom, name: str) -> list[int]:
    """Numbers of the requests of a kind that the process has got."""
    return [at for at, asked in enumerate(room.process.asked) if asked[1] == name]


def last(qtbot: QtBot, room: ScoredRoom, name: str, count: int = 1) -> int:
    """Number of the newest request of a kind, once there are so many."""
    qtbot.waitUntil(lambda: len(requests(room, name)) >= count)
    return requests(room, name)[-1]


def answered(room: ScoredRoom, number: int, **changes: object) -> Detection:
    """What a detector would say to a what-if."""
    _, _, (_, _, locked, trial), _ = room.process.asked[number]
    found: Detection = replace(locked, trial=trial, **changes)
    return found


def some_maps() -> Maps:
    return Maps(np.zeros((32, 32), np.float32), 2, np.zeros((4, 4), np.float32), 0.5)


def test_a_patch_shows_pictures_of_its_entries_in_the_order_of_their_weight(qtbot: QtBot, room: ScoredRoom) -> None:
    room.opened(qtbot)
    room.what_ifs.select_patch(2)
    _, name, args, _ = room.process.asked[0]
    assert (name, args[2], args[3]) == ("entries", 2, (20, 21))
    pictures = np.zeros((2, 8, 8), dtype=np.float32)
    room.answer(0, pictures)
    qtbot.waitUntil(lambda: room.state.entries is not None)
    assert room.state.patch == 2
    assert room.state.entries is not None
    assert room.state.entries.pictures is pictures
    room.what_ifs.select_patch(-1)
    left = room.holder.state
    assert (left.patch, left.entries) == (None, None)
    room.what_ifs.select_patch(99)
    assert room.state.patch is None


def test_a_patch_that_is_pointed_at_shows_its_entries_until_one_is_kept(qtbot: QtBot, room: ScoredRoom) -> None:
    room.opened(qtbot)
    room.what_ifs.peek_patch(2)
    assert (room.state.patch, room.state.peeked, room.state.shown_patch) == (None, 2, 2)
    pictures = np.zeros((2, 8, 8), dtype=np.float32)
    room.answer(0, pictures)
    qtbot.waitUntil(lambda: room.state.entries is not None)
    shown = room.state.entries
    room.what_ifs.select_patch(2)
    assert (room.state.patch, room.state.peeked) == (2, None)
    assert room.state.entries is shown, "they are the same"
    room.what_ifs.peek_patch(1)
    assert room.state.shown_patch == 2, "one that is kept stays"
    room.what_ifs.select_patch(-1)
    room.what_ifs.peek_patch(1)
    room.what_ifs.peek_patch(-1)
    left = room.holder.state
    assert (left.shown_patch, left.entries) == (None, None)
    assert len(room.process.asked) == 2


def test_pictures_that_have_come_once_are_not_asked_for_again(qtbot: QtBot, room: ScoredRoom) -> None:
    room.opened(qtbot)
    pictures = np.zeros((2, 8, 8), dtype=np.float32)
    for number, patch in enumerate((2, 1)):
        room.what_ifs.peek_patch(patch)
        room.answer(number, pictures)
        qtbot.waitUntil(lambda: room.state.entries is not None)
    for patch in (2, 1, 2):
        room.what_ifs.peek_patch(patch)
        assert room.state.entries is not None, "at once"
        assert room.state.entries.patch == patch
    assert len(room.process.asked) == 2


def test_who_takes_an_entry_out_keeps_its_patch(qtbot: QtBot, room: ScoredRoom) -> None:
    room.opened(qtbot)
    room.what_ifs.peek_patch(2)
    room.what_ifs.toggle_entry(21)
    assert room.state.patch == 2
    assert room.state.trial is not None
    assert [(entry.patch, entry.match.slot) for entry in room.state.trial.removed] == [(2, 21)]


def test_pictures_of_a_patch_that_was_left_are_not_shown(qtbot: QtBot, room: ScoredRoom) -> None:
    room.opened(qtbot)
    room.what_ifs.select_patch(2)
    room.what_ifs.select_patch(1)
    room.answer(0, np.zeros((2, 8, 8), dtype=np.float32))
    qtbot.waitUntil(lambda: len(room.process.asked) == 2)
    assert room.state.entries is None
    assert room.process.asked[1][2][2] == 1


def test_a_what_if_stands_beside_the_locked_score_and_goes_without_trace(qtbot: QtBot, room: ScoredRoom) -> None:
    room.opened(qtbot)
    locked = room.state.detection
    settings = DetectorSettings(1)
    room.what_ifs.try_settings(settings)
    assert (room.state.what_if_running, room.state.trial) == (True, Trial(settings))
    qtbot.waitUntil(lambda: len(room.process.asked) == 1)
    assert room.process.asked[0][2][2] is room.state.detection
    room.answer(0, what_if(room, settings, 0.3))
    qtbot.waitUntil(lambda: room.state.what_if is not None)
    assert room.state.detection is locked
    assert room.state.shown_detection is room.state.what_if
    item = room.store.worklist.image(room.scored.key)
    assert item is not None
    assert item.score == 0.8  # the worklist never moves
    room.what_ifs.reset_settings()
    assert (room.state.what_if, room.state.trial) == (None, None)
    assert room.state.shown_detection is locked


def test_dragging_a_slider_asks_once_for_where_it_stopped(qtbot: QtBot, room: ScoredRoom) -> None:
    room.opened(qtbot)
    for top_k in range(3, 20):
        room.what_ifs.try_settings(DetectorSettings(top_k))
    qtbot.waitUntil(lambda: len(requests(room, "what_if")) == 1)
    (first,) = requests(room, "what_if")
    urgency, _, (_, _, _, trial), _ = room.process.asked[first]
    assert (urgency, trial) == (Urgency.READER, Trial(DetectorSettings(19)))
    room.what_ifs.try_settings(DetectorSettings(30))
    qtbot.wait(WHAT_IF_DEBOUNCE_MS + 40)
    assert len(requests(room, "what_if")) == 1, "one in flight"
    room.answer(first, answered(room, first))
    second = last(qtbot, room, "what_if", 2)
    assert room.state.what_if is None
    room.answer(second, answered(room, second))
    qtbot.waitUntil(lambda: room.state.what_if is not None)
    assert room.state.what_if is not None
    assert room.state.what_if.trial == Trial(DetectorSettings(30))


def test_a_what_if_of_an_image_that_was_left_is_not_shown(qtbot: QtBot, room: ScoredRoom) -> None:
    room.opened(qtbot)
    room.what_ifs.try_settings(DetectorSettings(1))
    qtbot.waitUntil(lambda: len(room.process.asked) == 1)
    room.desk.select_image(room.second.key)
    room.answer(0, what_if(room, DetectorSettings(1), 0.3))
    qtbot.wait(50)
    assert room.state.what_if is None


def test_a_what_if_at_the_locked_settings_is_none(qtbot: QtBot, room: ScoredRoom) -> None:
    room.opened(qtbot)
    room.what_ifs.try_settings(room.result.trial.settings)
    assert (room.state.what_if_running, room.process.asked) == (False, [])


def test_a_what_if_that_fails_says_so_and_returns_to_the_locked_settings(qtbot: QtBot, room: ScoredRoom) -> None:
    room.opened(qtbot)
    room.what_ifs.try_settings(DetectorSettings(900))
    qtbot.waitUntil(lambda: len(room.process.asked) == 1)
    room.process.asked[0][3].set_exception(SquidError("The memory has 200 entries a patch."))
    qtbot.waitUntil(lambda: bool(room.notices))
    assert room.notices[0].title == "The memory has 200 entries a patch."
    assert (room.state.trial, room.state.what_if_running) == (None, False)


def test_results_of_weights_that_are_gone_can_be_read_but_not_tried_on(qtbot: QtBot, room: ScoredRoom) -> None:
    room.finds(room.waiting, model_hash="f" * 64, outside_memory=False)
    room.desk.select_study("other")
    qtbot.waitUntil(lambda: room.state.detection is not None)
    assert room.state.detection is not None
    assert room.state.detection.model_hash == "f" * 64
    assert any("not installed" in notice for notice in room.state.notices)
    room.what_ifs.try_settings(DetectorSettings(1))
    qtbot.waitUntil(lambda: bool(room.notices))
    assert room.process.asked == []


def test_an_entry_taken_away_is_not_read_stays_listed_and_can_be_put_back(qtbot: QtBot, room: ScoredRoom) -> None:
    room.opened(qtbot)
    room.what_ifs.select_patch(2)
    room.answer(requests(room, "entries")[0], np.zeros((2, 8, 8), dtype=np.float32))
    qtbot.waitUntil(lambda: room.state.entries is not None)
    room.what_ifs.toggle_entry(21)
    assert room.state.trial is not None
    assert room.state.trial.edit == MemoryEdit(frozenset({(2, 21)}))
    assert room.state.trial.settings == room.result.trial.settings
    number = last(qtbot, room, "what_if")
    assert room.process.asked[number][2][3:] == (room.state.trial,)
    others = tuple((match, replace(match, slot=99)) for match, _ in room.result.matches)
    room.answer(number, answered(room, number, matches=others, score=0.7))
    qtbot.waitUntil(lambda: room.state.what_if is not None)
    assert [(entry.patch, entry.match.slot) for entry in room.state.trial.removed] == [(2, 21)]
    assert room.process.asked[last(qtbot, room, "entries", 2)][2][3] == (20, 99, 21), "pictures of the removed one too"
    room.what_ifs.toggle_entry(99)
    assert room.state.trial.edit.removed == {(2, 21), (2, 99)}
    room.what_ifs.toggle_entry(99)
    room.what_ifs.toggle_entry(21)
    state = room.holder.state
    assert state.trial is None
    assert state.shown_detection is state.detection


def test_a_slot_that_is_not_read_cannot_be_taken_away(qtbot: QtBot, room: ScoredRoom) -> None:
    room.opened(qtbot)
    room.what_ifs.toggle_entry(21)
    room.what_ifs.select_patch(2)
    room.what_ifs.toggle_entry(7)
    assert room.state.trial is None


def test_memory_is_shuffled_a_region_made_normal_and_one_click_undoes_both(qtbot: QtBot, room: ScoredRoom) -> None:
    room.opened(qtbot)
    region = Region(RegionShape.ELLIPSE, 4.0, 6.0, 20.0, 40.0)
    room.what_ifs.shuffle_memory(True)
    room.what_ifs.replace_region(region)
    room.what_ifs.try_settings(DetectorSettings(3))
    number = last(qtbot, room, "what_if")
    assert len(requests(room, "what_if")) == 1, "debounced"
    _, _, (_, _, locked, trial), _ = room.process.asked[number]
    assert trial == Trial(DetectorSettings(3), shuffled=True, region=region)
    np.testing.assert_array_equal(locked.reconstruction, room.result.reconstruction)
    np.testing.assert_array_equal(locked.input_image, room.result.input_image)
    room.answer(number, answered(room, number, score=0.5))
    qtbot.waitUntil(lambda: room.state.what_if is not None)
    room.what_ifs.reset_settings()
    state = room.holder.state
    assert (state.what_if, state.trial) == (None, None)
    item = room.store.worklist.image(room.scored.key)
    assert item is not None
    assert item.score == 0.8
    assert room.database.ask(lambda database: database.result_of(room.scored)).result(5).score == 0.8  # type: ignore[union-attr]


def test_an_answer_to_another_edit_is_not_shown(qtbot: QtBot, room: ScoredRoom) -> None:
    room.opened(qtbot)
    room.what_ifs.shuffle_memory(True)
    number = last(qtbot, room, "what_if")
    room.what_ifs.replace_region(Region(RegionShape.RECTANGLE, 0, 0, 9, 9))
    room.answer(number, answered(room, number))
    last(qtbot, room, "what_if", 2)
    assert room.state.what_if is None
    assert room.state.what_if_running


def test_an_edit_that_fails_leaves_the_one_before(qtbot: QtBot, room: ScoredRoom) -> None:
    room.opened(qtbot)
    room.what_ifs.shuffle_memory(True)
    number = last(qtbot, room, "what_if")
    room.answer(number, answered(room, number))
    qtbot.waitUntil(lambda: room.state.what_if is not None)
    room.what_ifs.replace_region(Region(RegionShape.RECTANGLE, 0, 0, 0.1, 0.1))
    number = last(qtbot, room, "what_if", 2)
    room.process.asked[number][3].set_exception(SquidError("The region is smaller than a pixel of the model."))
    qtbot.waitUntil(lambda: bool(room.notices))
    assert room.state.trial is not None
    assert (room.state.trial.region, room.state.trial.shuffled) == (None, True)
    assert room.state.what_if is not None
    assert not room.state.what_if_running


def test_the_maps_of_an_image_come_by_themselves_and_are_computed_once(qtbot: QtBot, room: ScoredRoom) -> None:
    room.opened(qtbot)
    number = last(qtbot, room, "maps")
    assert room.process.asked[number][0] is Urgency.READER
    assert room.process.asked[number][2][2] is room.state.detection
    maps = some_maps()
    room.answer(number, maps)
    qtbot.waitUntil(lambda: room.state.maps is maps)
    room.desk.select_image(room.second.key)
    assert room.state.maps is None
    room.desk.select_image(room.scored.key)
    qtbot.waitUntil(lambda: room.state.maps is maps)
    qtbot.wait(MAPS_DEBOUNCE_MS + 50)
    assert len(requests(room, "maps")) == 1


def test_a_what_if_has_maps_of_its_own(qtbot: QtBot, room: ScoredRoom) -> None:
    room.opened(qtbot)
    number = last(qtbot, room, "maps")
    locked, tried = some_maps(), some_maps()
    room.answer(number, locked)
    room.what_ifs.shuffle_memory(True)
    number = last(qtbot, room, "what_if")
    room.answer(number, answered(room, number))
    qtbot.waitUntil(lambda: room.state.what_if is not None)
    assert room.state.shown_maps is None, "nothing is drawn that belongs to another result"
    room.answer(last(qtbot, room, "maps", 2), tried)
    qtbot.waitUntil(lambda: room.state.shown_maps is tried)
    room.what_ifs.reset_settings()
    assert room.state.shown_maps is locked


def test_whatever_is_tried_is_taken_back_in_its_turn(qtbot: QtBot, room: ScoredRoom) -> None:
    room.opened(qtbot)
    region = Region(RegionShape.ELLIPSE, 0.0, 0.0, 10.0, 10.0)
    locked = room.result.trial.settings
    for top_k in (7, 8, 9):
        room.what_ifs.try_settings(replace(locked, top_k=top_k))
    room.what_ifs.replace_region(region)
    room.what_ifs.shuffle_memory(True)
    room.what_ifs.reset_settings()
    trials = []
    for _ in range(5):
        trial = room.state.trial
        trials.append((trial.settings.top_k, trial.region, trial.shuffled) if trial else None)
        room.history.undo()
    assert trials == [None, (9, region, True), (9, region, False), (9, None, False), None]
    room.history.redo()
    number = last(qtbot, room, "what_if")
    room.answer(number, answered(room, number, score=0.4))
    qtbot.waitUntil(lambda: room.state.what_if is not None)
    assert room.state.trial is not None
    assert room.state.trial.settings.top_k == 9


def test_what_was_tried_on_an_image_that_was_left_cannot_be_taken_back(qtbot: QtBot, room: ScoredRoom) -> None:
    room.opened(qtbot)
    room.what_ifs.shuffle_memory(True)
    assert room.state.undoing.undo is Deed.WHAT_IF
    room.desk.select_image(room.second.key)
    assert room.state.undoing.undo is None
    room.history.undo()
    assert room.state.trial is None


def test_a_what_if_that_fails_leaves_nothing_to_take_back(qtbot: QtBot, room: ScoredRoom) -> None:
    room.opened(qtbot)
    room.what_ifs.shuffle_memory(True)
    room.process.asked[last(qtbot, room, "what_if")][3].set_exception(SquidError("No memory left."))
    qtbot.waitUntil(lambda: room.state.trial is None)
    assert room.state.undoing.undo is None
