"""Small pictures of a study of several images: one at a time, once, and never before the image that is looked at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.services.reading.thumbnail_desk import SIDE, ThumbnailDesk
from squid_core.contracts.errors import SquidError
from tests.app.services.fakes import done
from tests.app.services.reading.desks import ScoredRoom


class Room(ScoredRoom):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.thumbnails = ThumbnailDesk(self.holder, self.readers, self.courier)

    @property
    def made(self) -> list[str]:
        return [one.key for one in self.state.thumbnails]


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Path) -> Iterator[Room]:
    room = Room(tmp_path)
    yield room
    room.close()


def test_a_study_of_several_images_has_a_picture_of_each(qtbot: QtBot, room: Room) -> None:
    room.opened(qtbot)
    qtbot.waitUntil(lambda: len(room.made) == 2)
    assert set(room.made) == {room.scored.key, room.second.key}
    pixels = room.state.thumbnails[0].pixels
    assert pixels is not None
    assert pixels.shape == (SIDE, SIDE // 2)
    assert not pixels.flags.writeable


def test_nothing_is_made_while_somebody_waits_for_an_image(qtbot: QtBot, room: Room) -> None:
    study = room.store.worklist.study("first")
    room.holder.update(study=study, image_key=room.scored.key, loading="Reading the image")
    assert room.readers.shrunk == []
    room.holder.update(loading="")
    qtbot.waitUntil(lambda: len(room.made) == 2)


def test_going_back_and_forth_makes_none_twice(qtbot: QtBot, room: Room) -> None:
    room.opened(qtbot)
    qtbot.waitUntil(lambda: len(room.made) == 2)
    room.desk.select_study("other")
    assert room.made == []  # a single image needs no strip
    room.desk.select_study("first")
    assert len(room.made) == 2
    assert sorted(room.readers.shrunk) == ["scored", "second"]


def test_another_image_in_its_place_is_not_shown(qtbot: QtBot, room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = room.readers.small_picture

    def moved(source: object, side: int) -> object:
        made = honest(source, side).result()  # type: ignore[arg-type]
        return done(replace(made, content=replace(made.content, digest="0" * 64)))

    monkeypatch.setattr(room.readers, "small_picture", moved)
    room.opened(qtbot)
    qtbot.waitUntil(lambda: len(room.made) == 2)
    shown = {one.key: one.pixels is not None for one in room.state.thumbnails}
    assert not shown[room.scored.key]


def test_what_cannot_be_read_has_no_picture_and_holds_nobody_up(
    qtbot: QtBot, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room.readers, "small_picture", lambda *_: done(SquidError("The picture is damaged.")))
    room.opened(qtbot)
    qtbot.waitUntil(lambda: len(room.made) == 2)
    assert all(one.pixels is None for one in room.state.thumbnails)
