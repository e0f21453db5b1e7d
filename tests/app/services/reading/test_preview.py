"""A preview stands in for an image while it is read, and no longer; it is never another image's."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.domain.study import ImageItem
from squid_core.contracts.errors import SquidError
from squid_core.contracts.preview import Preview
from squid_core.contracts.radiograph import Radiograph
from squid_core.dicom.source import Source
from tests.app.services.fakes import done, path_of, radiograph
from tests.app.services.reading.desks import ScoredRoom


class SlowRoom(ScoredRoom):
    """A desk whose readers answer when the test says so: whole images and previews, by file name."""

    def __init__(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__(tmp_path)
        self.whole: dict[str, Future[Radiograph]] = {}
        self.previews = self.readers.previews
        for item in (self.scored, self.second, self.waiting):
            self.whole[item.path.name], self.previews[item.path.name] = Future(), Future()
        monkeypatch.setattr(self.readers, "read", lambda source: self.whole[path_of(source).name])

    def image_of(self, item: ImageItem) -> Radiograph:
        content = self.readers.content(Source.of(item.source).path)
        return replace(radiograph(), identity=item.identity, content=content)

    def preview_of(self, item: ImageItem) -> Preview:
        return Preview(self.image_of(item), (256, 384), 2)

    def send_preview(self, qtbot: QtBot, item: ImageItem) -> None:
        """Have it come, and a while for it to be shown."""
        self.previews[item.path.name].set_result(self.preview_of(item))
        qtbot.wait(20)


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SlowRoom]:
    room = SlowRoom(tmp_path, monkeypatch)
    yield room
    room.close()


def test_a_preview_stands_in_until_the_image_is_there(qtbot: QtBot, room: SlowRoom) -> None:
    room.desk.select_image(room.scored.key)
    room.send_preview(qtbot, room.scored)
    assert room.state.preview is not None
    assert (room.state.radiograph, room.state.window, room.state.loading) == (None, None, "Reading the image")
    assert room.state.extent == ((256, 384), 1.0)
    assert room.state.shown_detection is None
    assert room.desk.source.kept(room.scored) is None
    room.whole[room.scored.path.name].set_result(whole := room.image_of(room.scored))
    qtbot.waitUntil(lambda: room.state.radiograph is whole)
    shown = room.state
    assert shown.preview is None
    assert shown.loading == ""
    assert room.desk.source.kept(room.scored) is whole


def test_a_preview_that_comes_after_its_image_is_dropped(qtbot: QtBot, room: SlowRoom) -> None:
    room.desk.select_image(room.scored.key)
    room.whole[room.scored.path.name].set_result(room.image_of(room.scored))
    qtbot.waitUntil(lambda: room.state.radiograph is not None)
    room.send_preview(qtbot, room.scored)
    assert room.state.preview is None


def test_a_preview_of_what_was_asked_for_before_is_dropped(qtbot: QtBot, room: SlowRoom) -> None:
    room.desk.select_image(room.scored.key)
    room.desk.select_image(room.waiting.key)
    room.send_preview(qtbot, room.scored)
    assert room.state.preview is None
    room.send_preview(qtbot, room.waiting)
    assert room.state.preview is not None
    assert room.state.preview.picture.identity == room.waiting.identity


def test_another_image_at_the_place_is_not_previewed(qtbot: QtBot, room: SlowRoom) -> None:
    room.desk.select_image(room.scored.key)
    room.previews[room.scored.path.name].set_result(room.preview_of(room.second))
    qtbot.wait(20)
    assert room.state.preview is None


@pytest.mark.parametrize("leave", ["an error", "another image", "nothing"])
def test_a_preview_goes_with_the_wait(qtbot: QtBot, room: SlowRoom, leave: str) -> None:
    room.desk.select_image(room.scored.key)
    room.send_preview(qtbot, room.scored)
    assert room.state.preview is not None
    if leave == "an error":
        room.whole[room.scored.path.name].set_exception(SquidError("The picture is damaged."))
        qtbot.waitUntil(lambda: room.state.error is not None)
    elif leave == "another image":
        room.desk.select_image(room.second.key)
    else:
        room.desk.clear()
    assert room.state.preview is None
    assert room.state.extent is None or room.state.error is not None


def test_an_image_at_hand_needs_no_preview(qtbot: QtBot, room: SlowRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room.readers, "read", lambda _: done(room.image_of(room.scored)))
    room.desk.source.fetch_ahead([room.scored])
    qtbot.waitUntil(lambda: room.desk.source.kept(room.scored) is not None)
    monkeypatch.setattr(room.readers, "preview", lambda *_: pytest.fail("a preview was asked for"))
    room.desk.select_image(room.scored.key)
    assert room.state.radiograph is not None
