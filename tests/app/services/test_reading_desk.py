from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.domain.errors import Notice
from app.domain.jobs import JobEvent
from app.domain.session import Session
from app.services.archive import Archive
from app.services.bundles import Bundles
from app.services.courier import Courier
from app.services.inference_client import InferenceClient
from app.services.notifier import Notifier
from app.services.reading_desk import OUTSIDE_MEMORY, ReadingDesk
from app.services.session_holder import SessionHolder
from app.services.worklist_store import WorklistStore
from squid_core.contracts import Detection, DetectorSettings, SquidError
from tests.app.samples import detection, image, scored
from tests.app.services.fakes import FakeProcess, FakeReaders, done


class Room:
    """A desk with one scored study of two images, one unscored study, fake readers and a fake process."""

    def __init__(self, tmp_path: Path) -> None:
        self.holder, self.store, self.readers, self.process = (
            SessionHolder(), WorklistStore(), FakeReaders(), FakeProcess(),
        )  # fmt: skip
        self.archive = Archive(tmp_path / "worklist.sqlite", lambda _: None)
        self.courier, self.notifier = Courier(), Notifier()
        self.notices: list[Notice] = []
        self.notifier.posted.connect(self.notices.append)
        self.notifier.flush()
        bundles = Bundles()
        adult = bundles.choose("adult", None)
        self.result = replace(
            detection(0.8, model_hash=adult.card.weights_sha256), settings=adult.settings, model=adult.card.name
        )
        self.client = InferenceClient(self.courier, self.notifier, self.process)
        self.desk = ReadingDesk(
            self.holder, self.store, self.archive, self.readers, self.client, bundles, self.courier, self.notifier
        )
        self.scored = scored(image("scored", "first"), self.result)
        self.second = image("second", "first", arrival=1)
        self.waiting = image("waiting", "other", arrival=2)
        self.store.upsert(self.scored, self.second, self.waiting)
        self.archive.tell(lambda store: store.save_result(self.scored, self.result, "bundle"))

    @property
    def state(self) -> Session:
        return self.holder.state

    def opened(self, qtbot: QtBot) -> None:
        self.desk.select_study("first")
        qtbot.waitUntil(lambda: self.state.detection is not None and self.state.radiograph is not None)

    def answer(self, number: int, value: object) -> None:
        self.process.asked[number][3].set_result(value)


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Path) -> Iterator[Room]:
    room = Room(tmp_path)
    yield room
    room.courier.close()
    room.archive.close()


def test_opening_a_study_shows_its_most_abnormal_image_with_its_stored_result(qtbot: QtBot, room: Room) -> None:
    room.desk.select_study("first")
    assert (room.state.image_key, room.state.loading) == (room.scored.key, "Reading the image")
    room.opened(qtbot)
    assert room.state.loading == ""
    assert room.state.detection is not None
    assert room.state.detection.score == 0.8
    assert room.state.radiograph is not None
    assert room.state.window == room.state.radiograph.window
    assert sorted(room.state.notices) == sorted(("The spacing was guessed.", OUTSIDE_MEMORY))
    assert room.state.memory_slots == 200
    assert room.state.weights_reason == "chosen by age 45"
    trail = room.archive.ask(lambda store: store.audit()).result(5)
    assert ("open", room.scored.key) in [(entry.action, entry.subject) for entry in trail]


def test_an_image_that_waits_for_its_score_is_shown_and_filled_when_it_comes(qtbot: QtBot, room: Room) -> None:
    room.desk.select_study("other")
    qtbot.waitUntil(lambda: room.state.radiograph is not None)
    assert room.state.detection is None
    room.desk.show_result(room.scored.key, room.result)  # another image's
    assert room.state.detection is None
    room.desk.show_result(room.waiting.key, room.result)
    assert room.state.detection is room.result


def test_going_back_and_forth_reads_no_file_twice(qtbot: QtBot, room: Room) -> None:
    room.opened(qtbot)
    room.desk.select_image(room.second.key)
    qtbot.waitUntil(lambda: room.state.radiograph is not None)
    assert room.state.detection is None
    room.desk.select_image(room.scored.key)
    assert room.state.radiograph is not None
    assert room.readers.read_names == ["scored", "second"]


def test_an_image_that_cannot_be_read_says_why(qtbot: QtBot, room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    error = SquidError("The picture is damaged.", "Ask for it again.")
    monkeypatch.setattr(room.readers, "read", lambda path, frame=0: done(error))
    room.desk.select_study("other")
    qtbot.waitUntil(lambda: room.state.error is not None)
    assert room.state.error is not None
    assert (room.state.error.text, room.state.loading) == ("The picture is damaged. Ask for it again.", "")


def test_a_patch_shows_pictures_of_its_entries_in_the_order_of_their_weight(qtbot: QtBot, room: Room) -> None:
    room.opened(qtbot)
    room.desk.select_patch(2)
    _, name, args, _ = room.process.asked[0]
    assert (name, args[2], args[3]) == ("entries", 2, (20, 21))
    pictures = np.zeros((2, 8, 8), dtype=np.float32)
    room.answer(0, pictures)
    qtbot.waitUntil(lambda: room.state.entries is not None)
    assert room.state.patch == 2
    assert room.state.entries is not None
    assert room.state.entries.pictures is pictures
    room.desk.select_patch(-1)
    left = room.holder.state
    assert (left.patch, left.entries) == (None, None)
    room.desk.select_patch(99)
    assert room.state.patch is None


def test_pictures_of_a_patch_that_was_left_are_not_shown(qtbot: QtBot, room: Room) -> None:
    room.opened(qtbot)
    room.desk.select_patch(2)
    room.desk.select_patch(1)
    room.answer(0, np.zeros((2, 8, 8), dtype=np.float32))
    qtbot.waitUntil(lambda: len(room.process.asked) == 2)
    assert room.state.entries is None
    assert room.process.asked[1][2][2] == 1


def what_if(room: Room, settings: DetectorSettings, score: float) -> Detection:
    return replace(room.result, settings=settings, score=score)


def test_a_what_if_stands_beside_the_locked_score_and_goes_without_trace(qtbot: QtBot, room: Room) -> None:
    room.opened(qtbot)
    locked = room.state.detection
    settings = DetectorSettings(1)
    room.desk.try_settings(settings)
    assert (room.state.what_if_running, room.state.what_if_settings) == (True, settings)
    qtbot.waitUntil(lambda: len(room.process.asked) == 1)
    model_input = room.process.asked[0][2][2]
    assert model_input.image is room.result.input_image or (model_input.image == room.result.input_image).all()
    room.answer(0, what_if(room, settings, 0.3))
    qtbot.waitUntil(lambda: room.state.what_if is not None)
    assert room.state.detection is locked
    assert room.state.shown_detection is room.state.what_if
    item = room.store.worklist.image(room.scored.key)
    assert item is not None
    assert item.score == 0.8  # the worklist never moves
    room.desk.reset_settings()
    assert (room.state.what_if, room.state.what_if_settings) == (None, None)
    assert room.state.shown_detection is locked


def test_a_what_if_of_an_image_that_was_left_is_not_shown(qtbot: QtBot, room: Room) -> None:
    room.opened(qtbot)
    room.desk.try_settings(DetectorSettings(1))
    qtbot.waitUntil(lambda: len(room.process.asked) == 1)
    room.desk.select_image(room.second.key)
    room.answer(0, what_if(room, DetectorSettings(1), 0.3))
    qtbot.wait(50)
    assert room.state.what_if is None


def test_a_what_if_at_the_locked_settings_is_none(qtbot: QtBot, room: Room) -> None:
    room.opened(qtbot)
    room.desk.try_settings(room.result.settings)
    assert (room.state.what_if_running, room.process.asked) == (False, [])


def test_a_what_if_that_fails_says_so_and_returns_to_the_locked_settings(qtbot: QtBot, room: Room) -> None:
    room.opened(qtbot)
    room.desk.try_settings(DetectorSettings(900))
    qtbot.waitUntil(lambda: len(room.process.asked) == 1)
    room.process.asked[0][3].set_exception(SquidError("The memory has 200 entries a patch."))
    qtbot.waitUntil(lambda: bool(room.notices))
    assert room.notices[0].title == "The memory has 200 entries a patch."
    assert (room.state.what_if_settings, room.state.what_if_running) == (None, False)


def test_results_of_weights_that_are_gone_can_be_read_but_not_tried_on(qtbot: QtBot, room: Room) -> None:
    gone = replace(room.result, model_hash="f" * 64, outside_memory=False)
    room.desk.select_study("other")
    room.desk.show_result(room.waiting.key, gone)
    assert room.state.detection is gone
    assert any("not installed" in notice for notice in room.state.notices)
    room.desk.try_settings(DetectorSettings(1))
    qtbot.waitUntil(lambda: bool(room.notices))
    assert room.process.asked == []


def test_a_score_whose_result_cannot_be_read_back_is_asked_for_again(qtbot: QtBot, room: Room) -> None:
    missing: list[str] = []
    room.desk.result_missing.connect(missing.append)
    lost = scored(image("lost", "lost"), room.result)
    room.store.upsert(lost)
    room.desk.select_study("lost")
    qtbot.waitUntil(lambda: missing == [lost.key])


def test_the_worklists_news_reach_the_shown_study_without_moving_it(qtbot: QtBot, room: Room) -> None:
    room.opened(qtbot)
    better = replace(room.second, state=room.scored.state, score=0.99)
    room.store.upsert(better, image("new", "newcomer", score=1.0))
    qtbot.waitUntil(lambda: room.state.study is not None and room.state.study.score == 0.99)
    assert room.state.image_key == room.scored.key
    room.store.upsert(room.scored.advanced(JobEvent.REQUEST))
    qtbot.waitUntil(lambda: room.state.detection is None)
    assert room.state.radiograph is not None


def test_removing_the_shown_study_empties_the_panes(qtbot: QtBot, room: Room) -> None:
    room.opened(qtbot)
    room.store.remove("first")
    qtbot.waitUntil(lambda: room.state.study is None)
    assert (room.state.radiograph, room.state.detection, room.state.image_key) == (None, None, "")
