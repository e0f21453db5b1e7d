"""Standing queries: each study is fetched once, over a restart too, and failures make no storm."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from app.services.network import standing_desk
from app.services.network.faults import PeerFaults
from app.services.network.fetch_desk import FetchDesk
from app.services.network.standing_desk import StandingDesk
from squid_core.contracts.network import Answer, Fetched, FoundStudy
from squid_core.network.configuration import NetworkSettings, Standing
from tests.app.services.network.desks import DONE, DOWN, PACS, SETTINGS, Room

EVERY = Standing(peer="PACS", minutes=1)


class Queries:
    """The desk, a PACS that the test fills, and a clock that it moves."""

    def __init__(self, room: Room) -> None:
        self.room, self.now = room, datetime(2026, 11, 30, 4, tzinfo=UTC)
        self.studies: list[str] = []
        self.down = False
        self.days: list[Any] = []
        self.fetched: list[str] = []
        self.hands: set[str] = set()  # studies of another part of the body
        self.parts: list[str] = []  # studies whose part was asked for
        room.messenger.answers = {"find": self._find, "fetch_study": self._fetch}
        faults = PeerFaults(room.holder, room.notifier)
        fetching = FetchDesk(room.home, room.keeper, room.holder, room.messenger, room.courier)
        self.desk = StandingDesk(
            room.home, room.keeper, fetching, room.holder, room.messenger, faults, room.courier, lambda: self.now
        )

    def _find(self, settings: object, peer: str, password: str, question: Any, most: int) -> Answer:
        assert (peer, password) == ("PACS", "")
        assert question.modalities == ("CR", "DX")
        if uid := question.study_instance_uid:
            assert (question.body_part, most) == ("CHEST", 1)
            self.parts.append(uid)
            return Answer(DONE, () if uid in self.hands else (FoundStudy(uid, instances=1),))
        assert question.body_part == ""
        assert most > 500
        self.days.append(question.first_day)
        return Answer(DOWN) if self.down else Answer(DONE, tuple(FoundStudy(uid, instances=1) for uid in self.studies))

    def _fetch(self, settings: object, peer: str, password: str, uid: str, *_: object) -> Fetched:
        self.fetched.append(uid)
        return Fetched(DONE, files=1)

    def ended(self) -> bool:
        return not self.desk.running


@pytest.fixture
def queries(room: Room) -> Iterator[Queries]:
    made = Queries(room)
    yield made
    made.desk.close()


@pytest.fixture(autouse=True)
def _short_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing_desk, "MINUTE_MS", 20)


def test_asked_again_and_again_and_each_study_fetched_once(qtbot: QtBot, room: Room, queries: Queries) -> None:
    queries.studies = ["1", "2"]
    room.holder.update(network=NetworkSettings(peers=(PACS,), standing=(EVERY,)))
    queries.desk.use()
    qtbot.waitUntil(lambda: len(queries.days) >= 3)
    queries.studies.append("3")
    qtbot.waitUntil(lambda: queries.fetched == ["1", "2", "3"])
    queries.desk.close()
    qtbot.waitUntil(queries.ended)

    again = Queries(room)  # the program is started anew, days later
    again.studies, again.now = ["1", "2", "3"], queries.now + timedelta(days=2)
    again.desk.use()
    qtbot.waitUntil(lambda: len(set(again.days)) == 3)
    again.desk.close()
    qtbot.waitUntil(again.ended)
    assert again.fetched == []


def test_what_fails_is_a_quiet_sentence_until_it_works(qtbot: QtBot, room: Room, queries: Queries) -> None:
    queries.down = True
    room.holder.update(network=NetworkSettings(peers=(PACS,), standing=(EVERY,)))
    queries.desk.use()
    qtbot.waitUntil(lambda: len(queries.days) >= 4)
    assert room.holder.state.peer_faults == {"PACS": DOWN.sentence}
    queries.down = False
    qtbot.waitUntil(lambda: room.holder.state.peer_faults == {})
    assert room.notices == []


def test_what_is_configured_no_more_is_asked_no_more(qtbot: QtBot, room: Room, queries: Queries) -> None:
    room.holder.update(network=NetworkSettings(peers=(PACS,), standing=(EVERY,)))
    queries.desk.use()
    qtbot.waitUntil(lambda: len(queries.days) >= 1)
    room.holder.update(network=SETTINGS)
    queries.desk.use()
    qtbot.waitUntil(queries.ended)
    count = len(queries.days)
    qtbot.wait(100)
    assert len(queries.days) == count


def test_a_study_of_another_part_is_asked_for_its_series_once_and_not_fetched(
    qtbot: QtBot, room: Room, queries: Queries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing_desk, "MINUTE_MS", 20)
    queries.studies, queries.hands = ["chest", "hand"], {"hand"}
    room.holder.update(network=NetworkSettings(peers=(PACS,), standing=(EVERY,)))
    queries.desk.use()
    qtbot.waitUntil(lambda: len(queries.days) >= 4)
    assert queries.fetched == ["chest"]
    assert queries.parts == ["chest", "hand"]


def test_several_are_asked_one_after_another(qtbot: QtBot, room: Room, queries: Queries) -> None:
    several = tuple(Standing(peer="PACS", minutes=60, modalities=those) for those in (("CR",), ("DX",), ("MG",)))
    room.messenger.answers.pop("find")
    room.holder.update(network=NetworkSettings(peers=(PACS,), standing=several))
    queries.desk.use()
    for standing in several:
        qtbot.waitUntil(lambda: room.messenger.waiting == 1)
        assert room.messenger.asked[-1][1][3].modalities == standing.modalities
        room.messenger.answer(Answer(DONE))
    qtbot.waitUntil(queries.ended)
    assert room.messenger.names() == ["find"] * 3
