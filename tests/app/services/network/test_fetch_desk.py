"""Studies come one after another, what the user asked for first, and go on where they stopped."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app.domain.network import FetchState
from app.services.network.fetch_desk import STOPPED, FetchDesk
from squid_core.contracts.network import Fetched, Outcome, Said
from tests.app.services.network.desks import DONE, DOWN, Room

WHOLE = Fetched(DONE, files=2)


@pytest.fixture
def desk(room: Room) -> FetchDesk:
    return FetchDesk(room.home, room.keeper, room.holder, room.messenger, room.courier)


def states(room: Room) -> list[FetchState]:
    return [item.state for item in room.holder.state.fetching.items]


def uids(room: Room) -> list[str]:
    return [args[3] for name, args, _ in room.messenger.asked if name == "fetch_study"]


def test_one_study_after_another(qtbot: QtBot, room: Room, desk: FetchDesk) -> None:
    came: list[bool] = []
    desk.came.connect(lambda: came.append(True))
    desk.fetch("PACS", ("1", "2", "3"))
    assert states(room) == [FetchState.FETCHING, FetchState.WAITING, FetchState.WAITING]
    assert (room.holder.state.fetching.done, room.holder.state.fetching.total) == (0, 3)
    room.messenger.answer(WHOLE)
    qtbot.waitUntil(lambda: len(uids(room)) == 2)
    room.messenger.answer(Fetched(Said(Outcome.PARTLY, "One object is missing."), files=1, had=1, missing=1))
    qtbot.waitUntil(lambda: len(uids(room)) == 3)
    room.messenger.answer(Fetched(DOWN))
    qtbot.waitUntil(lambda: not desk.running)
    assert states(room) == [FetchState.DONE, FetchState.PARTLY, FetchState.FAILED]
    assert [item.files for item in room.holder.state.fetching.items] == [2, 2, 0]
    assert [item.sentence for item in room.holder.state.fetching.items] == ["", "One object is missing.", DOWN.sentence]
    assert not room.holder.state.fetching.running
    assert len(came) == 3


def test_what_is_on_its_way_is_not_asked_for_twice(qtbot: QtBot, room: Room, desk: FetchDesk) -> None:
    desk.fetch("PACS", ("1", "2"))
    desk.fetch("PACS", ("2", "3", "3"))
    for _ in range(3):
        qtbot.waitUntil(lambda: room.messenger.waiting == 1)
        room.messenger.answer(WHOLE)
    qtbot.waitUntil(lambda: not desk.running)
    assert uids(room) == ["1", "2", "3"]


def test_stopped_and_gone_on_with(qtbot: QtBot, room: Room, desk: FetchDesk) -> None:
    desk.fetch("PACS", ("1", "2"))
    desk.cancel()
    qtbot.waitUntil(lambda: not desk.running)
    assert states(room) == [FetchState.CANCELLED, FetchState.CANCELLED]
    assert {item.sentence for item in room.holder.state.fetching.items} == {STOPPED}
    assert room.messenger.asked[0][2].cancelled()
    desk.fetch("PACS", ("1", "2"))
    for _ in range(2):
        qtbot.waitUntil(lambda: room.messenger.waiting == 1)
        room.messenger.answer(WHOLE)
    qtbot.waitUntil(lambda: not desk.running)
    assert states(room) == [FetchState.DONE, FetchState.DONE]


def test_what_is_fetched_by_itself_waits_for_the_user_and_is_not_shown(
    qtbot: QtBot, room: Room, desk: FetchDesk
) -> None:
    behind: list[Fetched] = []
    desk.fetch("PACS", ("1", "2"))
    desk.fetch_behind("Archive", "9", ("CR",), behind.append)
    for _ in range(2):
        qtbot.waitUntil(lambda: room.messenger.waiting == 1)
        room.messenger.answer(WHOLE)
    qtbot.waitUntil(lambda: "password" in room.messenger.names())
    room.messenger.answer("geheim")
    qtbot.waitUntil(lambda: uids(room) == ["1", "2", "9"])
    desk.cancel()  # is for what the user has asked for
    room.messenger.answer(WHOLE)
    qtbot.waitUntil(lambda: behind == [WHOLE])
    assert room.holder.state.fetching.total == 2
    _, args, _ = room.messenger.asked[-1]
    assert args[1:3] == ("Archive", "geheim")
    assert args[4:] == (room.home / "incoming", ("CR",))


def test_other_systems_end_what_was_fetched_by_itself(qtbot: QtBot, room: Room, desk: FetchDesk) -> None:
    behind: list[Outcome] = []
    for uid in ("8", "9"):
        desk.fetch_behind("PACS", uid, (), lambda fetched: behind.append(fetched.said.outcome))
    desk.cancel_behind()
    qtbot.waitUntil(lambda: not desk.running)
    assert behind == [Outcome.CANCELLED, Outcome.CANCELLED]
    assert uids(room) == ["8"]
