"""What is at hand before it is asked for, and the patient's other studies beside the current one."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.domain.study import ImageItem
from app.services.reading import image_source
from app.services.reading.prefetch import Prefetch
from app.services.reading.prior_desk import PriorDesk
from squid_core.contracts.errors import SquidError
from squid_core.contracts.preview import Preview
from squid_core.contracts.radiograph import Radiograph, Window
from squid_core.dicom.errors import UnreachedError
from squid_core.dicom.readers import PREVIEW_SIDE, ReaderPool
from squid_core.dicom.source import Source
from tests.app.samples import image
from tests.app.services.fakes import content_of, done, radiograph
from tests.app.services.reading.desks import DeskRoom

CUT_SHORT = SquidError("The file is cut short.", "Ask for it again.")


class SlowReaders(ReaderPool):
    """Reads when the test says so."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.futures: dict[str, Future[Radiograph]] = {}

    def read(self, source: Path | Source, frame: int = 0) -> Future[Radiograph]:
        assert frame == 0
        name = Source.of(source).path.stem
        self.asked.append(name)
        self.futures[name] = future = Future[Radiograph]()
        return future

    def preview(self, source: Path | Source, frame: int = 0, side: int = PREVIEW_SIDE) -> Future[Preview | None]:
        return done(None)


def of(name: str, score: float, patient_id: str = "", view: str = "PA", study: str = "", year: int = 2020) -> ImageItem:
    made = image(name, study or name, score, arrival=round(100 - score * 100))
    identity = replace(
        made.identity, patient_id=patient_id, view_position=view, study_date=date(year, 1, 1), patient_name=f"N{year}"
    )
    return replace(made, identity=identity)


class Room(DeskRoom):
    """A desk with prefetch and priors over a worklist a, b, c, d in this order; b and d are one patient's."""

    def __init__(self, tmp_path: Path) -> None:
        self.readers = SlowReaders()
        super().__init__(tmp_path, self.readers)
        self.prefetch = Prefetch(self.holder, self.store, self.desk.source)
        self.priors = PriorDesk(self.holder, self.store, self.database, self.desk.source, self.courier)
        self.store.upsert(
            of("a", 0.9), of("b", 0.8, "P1", year=2023), of("c", 0.7),
            of("d", 0.6, "P1", "LL", year=2019), of("dpa", 0.5, "P1", "PA", study="d", year=2019),
        )  # fmt: skip

    def answer(self, qtbot: QtBot, name: str, value: Radiograph | None = None) -> None:
        """The readers are done with a file, and everybody has heard of it."""
        heard: list[bool] = []
        future = self.readers.futures[name]
        self.courier.when_done(future, lambda _: heard.append(True))
        item = next(item for item in self.store.worklist.images() if item.path.stem == name)
        read = replace(value or radiograph(), identity=item.identity, content=content_of(item.path))
        future.set_result(read)
        qtbot.waitUntil(lambda: bool(heard))

    def fail(self, qtbot: QtBot, name: str, error: SquidError = CUT_SHORT) -> None:
        self.readers.futures[name].set_exception(error)
        qtbot.wait(30)


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Path) -> Iterator[Room]:
    room = Room(tmp_path)
    yield room
    room.close()


def test_the_next_study_is_at_hand_before_it_is_asked_for(qtbot: QtBot, room: Room) -> None:
    room.desk.select_study("a")
    assert room.readers.asked == ["a"]  # nothing ahead of what the user waits for
    room.answer(qtbot, "a")
    assert room.readers.asked == ["a", "b"]
    room.answer(qtbot, "b")
    room.desk.select_study("b")
    assert room.state.radiograph is not None  # at once
    assert room.state.loading == ""
    assert room.readers.asked == ["a", "b", "c"]  # and the one after it is on its way; a is kept


def test_going_up_the_worklist_the_study_above_comes_first(qtbot: QtBot, room: Room) -> None:
    room.desk.select_study("d")
    room.answer(qtbot, "d")
    room.desk.select_study("c")
    room.answer(qtbot, "dpa")  # was under way when the selection moved
    room.answer(qtbot, "c")
    assert room.readers.asked[-1] == "b"


def test_a_jump_forgets_what_was_to_be_fetched(qtbot: QtBot, room: Room) -> None:
    room.desk.select_study("a")
    room.answer(qtbot, "a")
    room.desk.select_study("d")
    room.answer(qtbot, "b")
    assert room.readers.asked == ["a", "b", "d"]  # neither c nor anything else before d is there


def test_an_image_that_is_being_fetched_is_not_read_twice(qtbot: QtBot, room: Room) -> None:
    room.desk.select_study("a")
    room.answer(qtbot, "a")
    room.desk.select_study("b")
    assert room.readers.asked == ["a", "b"]
    room.answer(qtbot, "b")
    assert room.state.radiograph is not None
    assert room.state.image is not None
    assert room.state.image.path.stem == "b"


def test_memory_for_images_is_bounded(qtbot: QtBot, room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    large = replace(radiograph(), pixels=np.zeros((1000, 1000), np.uint16))
    monkeypatch.setattr(image_source, "MAX_BYTES", 5_000_000)
    for name in ("a", "b", "c"):
        item = room.store.worklist.study(name)
        assert item is not None
        room.desk.source.read(item.top_image)
        room.answer(qtbot, name, large)
    kept = [study.uid for study in room.store.worklist.studies if room.desk.source.kept(study.top_image)]
    assert kept == ["b", "c"]


def test_a_prior_is_offered_and_shown_in_the_same_view_beside_the_current_study(qtbot: QtBot, room: Room) -> None:
    room.desk.select_study("b")
    room.answer(qtbot, "b")
    assert [study.uid for study in room.state.others] == ["d"]
    room.priors.step(1)
    beside = room.state.beside
    assert beside is not None
    image = beside.study.image(beside.image_key)
    assert image is not None
    assert image.path.stem == "dpa"  # the current one is PA too, though the lateral scores higher
    assert beside.name_differs
    room.answer(qtbot, "c")  # fetched ahead meanwhile
    room.answer(qtbot, "dpa")
    assert room.state.beside is not None
    assert room.state.beside.radiograph is not None
    assert room.state.study_uid == "b"  # the current study stays
    room.priors.step(1)
    assert room.state.beside is None
    trail = room.database.ask(lambda database: database.audit()).result(5)
    assert [entry.subject for entry in trail if entry.action == "open"][-1] == beside.image_key


def test_the_prior_has_its_own_window_and_its_other_images(qtbot: QtBot, room: Room) -> None:
    room.desk.select_study("b")
    room.answer(qtbot, "b")
    room.priors.show("d")
    room.answer(qtbot, "dpa")
    beside, own = room.state.beside, room.state.window
    assert beside is not None
    room.holder.update(beside=beside.with_window(Window(1, 2)))
    assert room.state.window is own
    room.priors.step_image(1)
    assert room.readers.asked[-1] == "d"
    assert room.state.beside is not None
    assert room.state.beside.loading


def test_a_prior_that_cannot_be_read_says_so_and_leaves_the_current_study_alone(qtbot: QtBot, room: Room) -> None:
    room.desk.select_study("b")
    room.answer(qtbot, "b")
    room.priors.show("d")
    room.fail(qtbot, "dpa")
    assert room.state.beside is not None
    assert room.state.beside.error is not None
    assert room.state.error is None
    assert room.state.radiograph is not None


def test_a_prior_whose_file_is_gone_says_where_it_lay(qtbot: QtBot, room: Room) -> None:
    room.desk.select_study("b")
    room.answer(qtbot, "b")
    room.priors.show("d")
    room.fail(qtbot, "dpa", UnreachedError.of(FileNotFoundError()))
    beside = room.state.beside
    assert beside is not None
    assert beside.error is not None
    assert beside.error.place == beside.study.images[0].path.parent


def test_another_study_has_no_prior_beside_it_until_it_is_asked_for(qtbot: QtBot, room: Room) -> None:
    room.desk.select_study("b")
    room.answer(qtbot, "b")
    room.priors.show("d")
    room.desk.select_study("a")
    assert room.state.beside is None
    assert room.state.others == ()
    room.priors.show("a")  # itself
    assert room.state.beside is None


def test_a_prior_that_leaves_the_worklist_leaves_the_screen(qtbot: QtBot, room: Room) -> None:
    room.desk.select_study("b")
    room.answer(qtbot, "b")
    room.priors.show("d")
    room.store.remove(image.key for image in room.store.worklist.study("d").images)  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: room.state.beside is None)
    assert room.state.others == ()
