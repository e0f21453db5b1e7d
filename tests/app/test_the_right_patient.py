"""Another image in the place of one that is known: what was found in the one is never shown, kept or written as the
other's. Each of these was produced on the program as it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydicom import dcmread
from pytestqt.qtbot import QtBot

from app.domain.errors import Severity
from app.domain.exporting import ExportOrder
from app.domain.jobs import JobState
from app.domain.marks.annotations import Annotations
from app.domain.marks.measurements import Note
from app.domain.study import Judgement
from app.services.services import REPLACED
from squid_core.export.request import ExportKind
from tests.app.world import LONG_AGO_NS, Face, World, hurried, score_of

ANN, BOB = Face(1, 1, 1, code=80), Face(2, 2, 1, code=32)
CHILD = Face(3, 3, 1, code=48, age=6)
ANN_AGAIN = Face(1, 1, 1, code=96)  # Ann's image with other pixels
NOTE = Note(((5.0, 6.0),), "here")


@pytest.fixture
def world(qtbot: QtBot, tmp_path: Path) -> Iterator[World]:
    with hurried():
        made = World(tmp_path)
        yield made
        made.check()
        made.check_store()
        made.close()


def read(world: World) -> None:
    """Ann's image is scored, shown, drawn on and judged."""
    world.put("a", ANN)
    world.open()
    world.settle()
    world.show(ANN)
    world.settle()
    world.drawn[ANN.digest], world.judged[ANN.digest] = (NOTE,), Judgement.REJECTED
    annotations = Annotations().added(NOTE)
    world.holder.update(annotations=annotations)
    world.services.annotations.save(world.row(ANN).key, annotations)
    world.services.judge(Judgement.REJECTED)
    world.check()
    assert world.holder.state.detection is not None


@pytest.mark.parametrize("other", [BOB, ANN_AGAIN], ids=["another patient", "other pixels"])
@pytest.mark.parametrize("when", ["while it runs", "while it is closed"])
def test_a_file_that_was_replaced_at_the_same_size_and_time_shows_nothing_of_the_former(
    world: World, other: Face, when: str
) -> None:
    read(world)
    key = world.row(ANN).key
    world.put("a", other)  # nothing that a file system says is another
    if when == "while it is closed":
        world.restart()
        world.settle()
        world.services.desk.select_image(key)
    else:
        world.services.desk.clear()
        world.services.desk.source._kept.clear()  # as after many other images
        world.services.desk.select_image(key)
    world.settle()
    world.check()
    assert world.rows()[other.names] == score_of(other.code, "adult")
    world.show(other)
    world.settle()
    state = world.holder.state
    assert state.radiograph is not None
    assert state.detection is not None
    assert state.annotations.marks == ()
    assert world.row(other).judgement is Judgement.NONE


def test_of_a_file_that_was_replaced_no_result_is_written(world: World, tmp_path: Path) -> None:
    read(world)
    key = world.row(ANN).key
    world.put("a", BOB)
    kinds = (ExportKind.STRUCTURED_REPORT, ExportKind.SECONDARY_CAPTURE)
    world.services.exporter.start(ExportOrder(folder=tmp_path / "out", keys=(key,), kinds=kinds))
    world.settle()
    assert not list((tmp_path / "out").rglob("*.dcm"))
    assert world.notices[-1].severity is Severity.ERROR
    assert "changed since it was read" in world.notices[-1].text


def test_what_is_written_of_an_image_is_its_own(world: World, tmp_path: Path) -> None:
    for name, face in (("a", ANN), ("b", BOB)):
        world.put(name, face)
    world.open()
    world.settle()
    keys = tuple(world.row(face).key for face in (ANN, BOB))
    order = ExportOrder(folder=tmp_path / "out", keys=keys, kinds=(ExportKind.STRUCTURED_REPORT,))
    world.services.exporter.start(order)
    world.settle()
    written = {str(dcmread(path).PatientID): str(dcmread(path)) for path in (tmp_path / "out").rglob("*.dcm")}
    assert set(written) == {"P1", "P2"}
    assert "0.625" in written["P1"]
    assert "0.25" in written["P2"]


def test_an_image_that_is_overwritten_while_it_is_open_is_not_shown_beside_the_score_of_the_new_one(
    world: World,
) -> None:
    read(world)
    world.put("a", CHILD, LONG_AGO_NS + 1)
    world.services.inbox.start([world.folder])  # as the watched folder does
    world.settle()
    world.check()
    assert world.rows() == {ANN.names: score_of(80, "adult"), CHILD.names: score_of(48, "paediatric")}
    world.show(CHILD)
    world.settle()
    assert world.holder.state.radiograph is not None
    assert world.holder.state.weights_reason == "chosen by age 6"


def test_the_open_image_whose_bytes_change_is_read_again(world: World) -> None:
    read(world)
    world.put("a", ANN_AGAIN, LONG_AGO_NS + 1)
    world.services.inbox.start([world.folder])
    world.settle()
    state = world.holder.state
    assert state.radiograph is not None
    assert state.detection is not None
    assert state.radiograph.content.digest == state.detection.digest == ANN_AGAIN.digest
    assert state.annotations.marks == ()
    world.put("a", ANN, LONG_AGO_NS + 2)
    world.services.inbox.start([world.folder])
    world.settle()
    assert world.holder.state.annotations.marks == (NOTE,), "what was drawn is with the bytes it was drawn on"
    assert world.row(ANN).judgement is Judgement.REJECTED


def test_weights_are_chosen_by_the_age_that_was_read_with_the_pixels(world: World) -> None:
    world.put("a", BOB)

    def swap(path: Path) -> None:
        world.direct.before = lambda _: None
        world.put("a", CHILD)

    world.direct.before = swap  # between import and reading
    world.open()
    world.settle()
    assert world.rows()[CHILD.names] == score_of(48, "paediatric")
    assert world.row(CHILD).weights == "zhanglab"
    (bob,) = (item for item in world.store.worklist.images() if item.identity.image == BOB.names)
    assert (bob.state, bob.score, bob.replaced) == (JobState.ERROR, None, True)
    assert "before this one was read" in bob.message


def test_the_former_patient_stays_on_the_worklist_and_it_is_said(world: World) -> None:
    read(world)
    world.put("a", BOB, LONG_AGO_NS + 1)
    world.open()
    world.settle()
    assert REPLACED in world.notices
    assert world.rows() == {ANN.names: score_of(80, "adult"), BOB.names: score_of(32, "adult")}
    assert world.row(ANN).replaced
    assert world.row(ANN).judgement is Judgement.REJECTED
    world.put("a", ANN, LONG_AGO_NS + 2)  # the first disc again
    world.open()
    world.settle()
    assert (world.row(ANN).replaced, world.row(BOB).replaced) == (False, True)
    world.show(ANN)
    world.settle()
    assert world.holder.state.annotations.marks == (NOTE,)


def test_one_study_number_on_two_patients_makes_two_studies_and_is_told(world: World) -> None:
    twin = Face(2, 1, 2, code=32)
    world.put("a", ANN)
    world.put("b", twin)
    world.open()
    world.settle()
    studies = world.store.worklist.studies
    assert [(study.identity.patient_id, study.score) for study in studies] == [("P1", 0.625), ("P2", 0.25)]
    assert all(study.shares_uid for study in studies)
    world.services.removing.remove([studies[0].uid])
    assert [study.shares_uid for study in world.store.worklist.studies] == [False]


def test_one_image_number_on_two_images_is_told(world: World) -> None:
    world.put("a", ANN)
    world.put("b", ANN_AGAIN)
    world.open()
    world.settle()
    (study,) = world.store.worklist.studies
    assert sorted(image.score or 0 for image in study.images) == [0.625, 0.75]
    assert study.shares_image_uid


def test_a_clock_that_is_set_back_changes_no_score(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    read(world)
    monkeypatch.setattr("app.storage.database._now", lambda: "1999-01-01T00:00:00.000000+00:00")
    world.services.use_weights("zhanglab")
    world.settle()
    world.restart()
    world.settle()
    world.show(ANN)
    world.settle()
    assert world.row(ANN).score == score_of(80, "paediatric")
    assert world.holder.state.detection is not None
    assert world.holder.state.detection.score == score_of(80, "paediatric")


def test_a_file_that_was_moved_keeps_what_was_found_drawn_and_said(world: World) -> None:
    read(world)
    (world.folder / "a").rename(world.folder / "b")
    world.open()
    world.settle()
    assert world.row(ANN).path == world.folder / "b"
    assert world.holder.state.radiograph is not None, "what is on the screen follows"
    assert world.holder.state.image_key == world.row(ANN).key
    assert world.holder.state.annotations.marks == (NOTE,)
    assert world.row(ANN).judgement is Judgement.REJECTED


def test_a_file_that_is_still_being_written_is_scored_once_it_is_whole(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.triage_queue.REST_SECONDS", 0.02)
    half = Face(1, 1, 1, code=16)
    world.faces[ANN.digest] = ANN
    path = world.put("a", half)
    looks: list[Path] = []

    def write_on(path: Path) -> None:
        looks.append(path)
        if len(looks) < 4:
            size = len(ANN.data)
            path.write_bytes(ANN.data[: size // 2] + bytes(size - size // 2))  # its room is reserved
        elif len(looks) == 4:
            world.put("a", ANN)

    world.direct.before = write_on
    world.open()
    world.settle()
    assert len(looks) >= 5
    assert world.rows() == {ANN.names: score_of(80, "adult")}
    assert path.read_bytes() == ANN.data
