"""The header of the shown file, read in a reader, never another file's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.services.reading.header_desk import HeaderDesk
from squid_core.contracts.errors import SquidError
from squid_core.contracts.header import ElementKind, HeaderLine, HeaderListing
from squid_core.dicom.source import Source
from squid_core.export import errand
from tests.app.services.fakes import done
from tests.app.services.reading.desks import ScoredRoom

LINE = HeaderLine(0, ElementKind.TEXT, "(0008,0060)", "Modality", "CS", "DX")


class Room(ScoredRoom):
    """The desk, with a reader that the test answers for."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.headers = HeaderDesk(self.holder, self.readers, self.courier)
        self.asked: list[str] = []
        self.error: SquidError | None = None
        self.moved = False

    def carry_out(self, work: Callable[[], HeaderListing], clear: Callable[[], None]) -> Future[HeaderListing]:
        if self.error is not None:
            return done(self.error)
        return done(work())

    def header(self, source: Source) -> HeaderListing:
        self.asked.append(source.path.name)
        item = next(image for image in self.store.worklist.images() if image.path == source.path)
        content = self.readers.content(item.path)
        if self.moved:
            content = replace(content, digest="0" * 64)
        return HeaderListing((LINE,), item.identity, content=content)


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    room = Room(tmp_path)
    monkeypatch.setattr(room.readers, "carry_out", room.carry_out)
    monkeypatch.setattr(errand, "header", room.header)
    yield room
    room.close()


def test_it_follows_the_image_while_somebody_looks(qtbot: QtBot, room: Room) -> None:
    room.opened(qtbot)
    room.headers.look()
    qtbot.waitUntil(lambda: room.state.header is not None and room.state.header.lines == (LINE,))
    room.desk.select_image(room.second.key)
    qtbot.waitUntil(lambda: room.state.header is not None and room.state.header.lines == (LINE,))
    assert room.state.header is not None
    assert room.state.header.key == room.second.key
    room.headers.close()
    room.desk.select_image(room.scored.key)
    assert room.state.header is None
    assert room.asked == ["scored", "second"]


def test_another_file_in_its_place_is_not_shown(qtbot: QtBot, room: Room) -> None:
    room.opened(qtbot)
    room.moved = True
    room.headers.look()
    qtbot.waitUntil(lambda: room.state.header is not None and room.state.header.error is not None)
    assert room.state.header is not None
    assert room.state.header.lines == ()


def test_what_cannot_be_read_says_why(qtbot: QtBot, room: Room) -> None:
    room.opened(qtbot)
    room.error = SquidError("The file is damaged.")
    room.headers.look()
    qtbot.waitUntil(lambda: room.state.header is not None and room.state.header.error is not None)
    assert room.state.header is not None
    assert room.state.header.error is not None
    assert room.state.header.error.title == "The file is damaged."
