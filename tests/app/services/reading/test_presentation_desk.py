"""A state that an import found is offered at its image, shown when it is wanted, and left again."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.domain.presenting import FoundState, Offer
from app.services.reading import presentation_desk
from app.services.reading.presentation_desk import PresentationDesk
from app.storage.database import Action
from squid_core.contracts.errors import SquidError
from squid_core.contracts.presentation import Presentation, StateHead
from squid_core.contracts.radiograph import Content, Window
from squid_core.dicom.source import Source
from tests.app.services.fakes import FakeReaders
from tests.app.services.reading.desks import ScoredRoom

AS_READ = Window(1200, 800)


class StateReaders(FakeReaders):
    """Answers with a state when the test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[Path | Source, Path | Source]] = []
        self.futures: list[Future[Presentation]] = []

    def present(
        self, state: Path | Source, image: Path | Source, content: Content, pivot: float | None
    ) -> Future[Presentation]:
        assert content.digest
        assert pivot is None
        self.asked.append((state, image))
        self.futures.append(Future())
        return self.futures[-1]


class Room(ScoredRoom):
    """The desk of presentation states beside the reading desk, and two states of its first image."""

    def __init__(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("tests.app.services.reading.desks.FakeReaders", StateReaders)
        super().__init__(tmp_path)
        assert isinstance(self.readers, StateReaders)
        self.states = self.readers
        self.presenting = PresentationDesk(self.holder, self.database, self.readers, self.courier, self.notifier)
        who = self.scored.identity
        self.found = [
            FoundState(
                Source(Path("/films") / name),
                StateHead(replace(who, sop_instance_uid=name), (who.sop_instance_uid,), name),
            )
            for name in ("first", "second")
        ]

    def shown(self, qtbot: QtBot) -> None:
        self.opened(qtbot)
        self.presenting.keep(self.found)
        qtbot.waitUntil(lambda: len(self.state.offer.states) == 2)

    def present(self, qtbot: QtBot, number: int = 0, presentation: Presentation | None = None) -> None:
        """Ask for a state, and have the readers answer."""
        before = self.state.presented
        self.presenting.show(self.found[number].key)
        head = self.found[number].head
        self.states.futures[-1].set_result(presentation or Presentation(head, AS_READ, invert=True))
        qtbot.waitUntil(lambda: self.state.presented is not before or bool(self.notices))


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    room = Room(tmp_path, monkeypatch)
    yield room
    room.close()


def test_a_state_that_was_found_before_is_offered_with_its_image_and_with_no_other(qtbot: QtBot, room: Room) -> None:
    room.presenting.keep(room.found)
    room.opened(qtbot)
    qtbot.waitUntil(lambda: room.state.offer.states == tuple(room.found))
    room.desk.select_study("other")
    assert room.state.offer == Offer()
    qtbot.waitUntil(lambda: room.state.radiograph is not None)
    room.database.ask(lambda _: None).result()
    qtbot.wait(20)
    assert room.state.offer == Offer()


def test_the_image_is_shown_by_the_state_and_then_as_in_the_file_again(qtbot: QtBot, room: Room) -> None:
    room.shown(qtbot)
    assert room.state.radiograph is not None
    pixels, detection = room.state.radiograph.pixels, room.state.detection
    room.present(qtbot)
    assert room.states.asked == [(room.found[0].source, room.scored.source)]
    assert room.state.presented is not None
    assert (room.state.presented.key, room.state.window, room.state.invert) == (room.found[0].key, AS_READ, True)
    assert room.state.radiograph.pixels is pixels
    assert room.state.detection is detection
    assert not room.process.asked, "the detector never hears of it"
    room.presenting.show(room.found[0].key)
    assert room.state.presented is None
    assert (room.state.window, room.state.invert) == (room.state.radiograph.window, False)
    trail = room.database.ask(lambda database: database.audit()).result()
    assert (Action.OPEN, room.found[0].key) in [(line.action, line.subject) for line in trail]


def test_a_state_without_a_window_leaves_the_file_s(qtbot: QtBot, room: Room) -> None:
    room.shown(qtbot)
    assert room.state.radiograph is not None
    room.present(qtbot, presentation=Presentation(room.found[0].head))
    assert (room.state.window, room.state.invert) == (room.state.radiograph.window, False)


def test_a_key_walks_through_the_states_and_back_to_the_file(qtbot: QtBot, room: Room) -> None:
    room.shown(qtbot)
    for number in range(2):
        room.presenting.step(1)
        room.states.futures[-1].set_result(Presentation(room.found[number].head, AS_READ))
        wanted = room.found[number].key
        qtbot.waitUntil(lambda: room.state.presented is not None and room.state.presented.key == wanted)  # noqa: B023
    room.presenting.step(1)
    assert room.state.presented is None
    room.presenting.step(-1)
    assert room.states.asked[-1][0] == room.found[1].source


def test_an_answer_about_an_image_that_is_shown_no_more_is_dropped(qtbot: QtBot, room: Room) -> None:
    room.shown(qtbot)
    room.presenting.show(room.found[0].key)
    room.desk.select_image(room.second.key)
    qtbot.waitUntil(lambda: room.state.radiograph is not None)
    window = room.state.window
    room.states.futures[-1].set_result(Presentation(room.found[0].head, AS_READ))
    qtbot.wait(20)
    assert (room.state.presented, room.state.window) == (None, window)


def test_what_cannot_be_read_is_said(qtbot: QtBot, room: Room) -> None:
    room.shown(qtbot)
    room.presenting.show(room.found[0].key)
    room.states.futures[-1].set_exception(SquidError("The file is no longer there.", "Open it again."))
    qtbot.waitUntil(lambda: bool(room.notices))
    assert room.notices[0].title == "The file is no longer there."
    assert room.state.presented is None


def test_another_state_in_the_place_of_one_is_not_shown_for_it(qtbot: QtBot, room: Room) -> None:
    room.shown(qtbot)
    room.present(qtbot, 0, Presentation(room.found[1].head, AS_READ))
    assert room.notices == [presentation_desk.ANOTHER]
    assert room.state.presented is None


def test_a_state_of_another_patient_is_counted_and_not_offered(qtbot: QtBot, room: Room) -> None:
    room.opened(qtbot)
    head = room.found[0].head
    strange = replace(room.found[0], head=replace(head, identity=replace(head.identity, patient_id="Q")))
    room.presenting.keep([strange])
    qtbot.waitUntil(lambda: room.state.offer.strangers == 1)
    room.presenting.show(strange.key)
    assert not room.states.asked
