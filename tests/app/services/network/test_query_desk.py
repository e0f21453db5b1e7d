"""What is asked of other systems: the last question is answered, in words where it cannot be."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app.domain.network import PeerTest
from app.services.network.query_desk import CANCELLED, QueryDesk
from squid_core.contracts.errors import SquidError
from squid_core.contracts.network import Answer, FoundStudy, Outcome, Question
from tests.app.services.network.desks import DONE, DOWN, Room

TODAY, YESTERDAY = Question(modalities=("CR",)), Question(modalities=("DX",))


@pytest.fixture
def desk(room: Room) -> QueryDesk:
    return QueryDesk(room.keeper, room.holder, room.messenger, room.courier)


def test_what_was_found_is_in_the_session(qtbot: QtBot, room: Room, desk: QueryDesk) -> None:
    desk.find("PACS", TODAY)
    assert room.holder.state.elsewhere.running
    assert desk.running
    studies = (FoundStudy("1.2.3"), FoundStudy("1.2.4"))
    room.messenger.answer(Answer(DONE, studies, more=True))
    qtbot.waitUntil(lambda: not desk.running)
    page = room.holder.state.elsewhere
    assert (page.peer, page.question, page.studies, page.more, page.said) == ("PACS", TODAY, studies, True, DONE)


def test_of_two_questions_the_last_is_answered(qtbot: QtBot, room: Room, desk: QueryDesk) -> None:
    desk.find("PACS", TODAY)
    desk.find("PACS", YESTERDAY)
    first = room.messenger.asked[0][2]
    assert first.cancelled()  # and its process ended
    room.messenger.answer(Answer(DONE, (FoundStudy("1.2.4"),)))
    qtbot.waitUntil(lambda: not desk.running)
    assert room.holder.state.elsewhere.question == YESTERDAY
    assert room.holder.state.elsewhere.studies == (FoundStudy("1.2.4"),)


def test_a_search_can_be_stopped(qtbot: QtBot, room: Room, desk: QueryDesk) -> None:
    desk.find("PACS", TODAY)
    desk.cancel()
    assert room.holder.state.elsewhere.said == CANCELLED
    assert room.messenger.waiting == 0
    qtbot.wait(20)
    assert room.holder.state.elsewhere.said == CANCELLED


def test_what_fails_is_said_in_words(qtbot: QtBot, room: Room, desk: QueryDesk) -> None:
    for error, sentence in (
        (SquidError("The other system did not finish in time.", "Try again."), "did not finish in time. Try again."),
        (RuntimeError("0010,0010 DOE^JANE"), "could not be asked"),
    ):
        desk.find("PACS", TODAY)
        room.messenger.answer(error)
        qtbot.waitUntil(lambda: not desk.running)
        said = room.holder.state.elsewhere.said
        assert said is not None
        assert said.outcome is Outcome.FAILED
        assert sentence in said.sentence
        assert "DOE" not in said.sentence + said.detail


def test_a_system_that_is_not_configured_is_not_asked(qtbot: QtBot, room: Room, desk: QueryDesk) -> None:
    desk.find("Elsewhere", TODAY)
    qtbot.waitUntil(lambda: not desk.running)
    said = room.holder.state.elsewhere.said
    assert said is not None
    assert "No such system is configured." in said.sentence
    assert room.messenger.asked == []


def test_a_test_says_how_it_went(qtbot: QtBot, room: Room, desk: QueryDesk) -> None:
    answered: list[str] = []
    desk.answered.connect(answered.append)
    desk.test("PACS")
    assert room.holder.state.peers_tested == (PeerTest("PACS"),)
    room.messenger.answer(DOWN)
    qtbot.waitUntil(lambda: room.holder.state.peers_tested == (PeerTest("PACS", DOWN),))
    assert answered == []
    desk.test("PACS")
    room.messenger.answer(DONE)
    qtbot.waitUntil(lambda: room.holder.state.peers_tested == (PeerTest("PACS", DONE),))
    assert answered == ["PACS"]
