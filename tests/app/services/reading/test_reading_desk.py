from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.domain.jobs import JobEvent
from app.services.reading.reading_desk import chosen_because
from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import Window
from squid_core.inference.doubts import OUTSIDE_MEMORY
from tests.app.samples import image, scored
from tests.app.services.fakes import done
from tests.app.services.reading.desks import ScoredRoom
from tests.app.ui import synthetic


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Path) -> Iterator[ScoredRoom]:
    room = ScoredRoom(tmp_path)
    yield room
    room.close()


def test_opening_a_study_shows_its_most_abnormal_image_with_its_stored_result(qtbot: QtBot, room: ScoredRoom) -> None:
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
    trail = room.database.ask(lambda database: database.audit()).result(5)
    assert ("open", room.scored.key) in [(entry.action, entry.subject) for entry in trail]


def test_an_image_whose_file_hides_the_lungs_begins_with_the_automatic_window(
    qtbot: QtBot, room: ScoredRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    hidden = synthetic.radiograph(window=Window(9000, 10))
    plain = room.readers.read(room.scored.source).result()
    found = replace(hidden, identity=plain.identity, content=plain.content)
    monkeypatch.setattr(room.readers, "read", lambda path, frame=0: done(found))
    room.opened(qtbot)
    assert room.state.window_replaced
    assert room.state.window is not None
    assert room.state.window.name == "Automatic"
    assert room.state.radiograph is not None
    assert room.state.radiograph.window == Window(9000, 10)  # what the file says is known all the same


def test_the_window_says_why_weights_were_chosen() -> None:
    assert chosen_because("auto", 4) == "chosen by age 4"
    assert chosen_because("auto", None) == "age unknown, adult assumed"
    assert chosen_because("zhanglab", 80) == "chosen by you"


def test_an_image_that_waits_for_its_score_is_shown_and_filled_when_it_comes(qtbot: QtBot, room: ScoredRoom) -> None:
    room.desk.select_study("other")
    qtbot.waitUntil(lambda: room.state.radiograph is not None)
    assert room.state.detection is None
    room.desk.show_result(room.scored.key)  # another image's
    room.desk.show_result(room.waiting.key)  # which has none, as a fault of ours would say
    found = room.finds(room.waiting)
    qtbot.wait(50)
    assert room.state.detection is None
    room.desk.show_result(room.waiting.key)
    qtbot.waitUntil(lambda: room.state.detection is not None)
    assert room.state.detection is not None
    assert (room.state.detection.digest, room.state.detection.score) == (found.digest, found.score)


def test_going_back_and_forth_reads_no_file_twice(qtbot: QtBot, room: ScoredRoom) -> None:
    room.opened(qtbot)
    room.desk.select_image(room.second.key)
    qtbot.waitUntil(lambda: room.state.radiograph is not None)
    assert room.state.detection is None
    room.desk.select_image(room.scored.key)
    assert room.state.radiograph is not None
    assert room.readers.read_names == ["scored", "second"]


def test_an_image_that_cannot_be_read_says_why(qtbot: QtBot, room: ScoredRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    error = SquidError("The picture is damaged.", "Ask for it again.")
    monkeypatch.setattr(room.readers, "read", lambda path, frame=0: done(error))
    room.desk.select_study("other")
    qtbot.waitUntil(lambda: room.state.error is not None)
    assert room.state.error is not None
    assert (room.state.error.text, room.state.loading) == ("The picture is damaged. Ask for it again.", "")


def test_a_score_whose_result_cannot_be_read_back_is_asked_for_again(qtbot: QtBot, room: ScoredRoom) -> None:
    missing: list[str] = []
    room.desk.result_missing.connect(missing.append)
    lost = scored(image("lost", "lost"), room.result)
    room.store.upsert(lost)
    room.desk.select_study("lost")
    qtbot.waitUntil(lambda: missing == [lost.key])


def test_the_worklists_news_reach_the_shown_study_without_moving_it(qtbot: QtBot, room: ScoredRoom) -> None:
    room.opened(qtbot)
    better = replace(room.second, state=room.scored.state, score=0.99)
    room.store.upsert(better, image("new", "newcomer", score=1.0))
    qtbot.waitUntil(lambda: room.state.study is not None and room.state.study.score == 0.99)
    assert room.state.image_key == room.scored.key
    room.store.upsert(room.scored.advanced(JobEvent.REQUEST))
    qtbot.waitUntil(lambda: room.state.detection is None)
    assert room.state.radiograph is not None


def test_removing_the_shown_study_empties_the_panes(qtbot: QtBot, room: ScoredRoom) -> None:
    room.opened(qtbot)
    room.store.remove([room.scored.key, room.second.key])
    qtbot.waitUntil(lambda: room.state.study is None)
    assert (room.state.radiograph, room.state.detection, room.state.image_key) == (None, None, "")


def test_the_card_of_the_weights_comes_with_the_result(qtbot: QtBot, room: ScoredRoom) -> None:
    room.opened(qtbot)
    assert room.state.card is not None
    assert room.state.card.weights_sha256 == room.result.model_hash
    room.desk.select_image(room.second.key)
    assert room.state.card is None
