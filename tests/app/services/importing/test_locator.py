"""Files that are gone are found where they lie now, and are known by their bytes."""

from __future__ import annotations

import os
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from app.domain.errors import Notice, Severity
from app.domain.jobs import JobState
from app.domain.study import ImageItem
from app.services.importing import locator
from app.services.importing.locator import NOTHING_FOUND
from app.storage.database import Action
from squid_core.dicom.source import Source
from tests.app.world import LONG_AGO_NS, Face, World, hurried

ONE, TWO, THREE = Face(1, 1, 1, 40), Face(2, 2, 1, 60), Face(3, 3, 1, 80)


@pytest.fixture
def world(qtbot: QtBot, tmp_path: Path) -> Iterator[World]:
    with hurried():
        world = World(tmp_path)
        yield world
        world.close()


@pytest.fixture
def scored(world: World) -> World:
    """Three images on a stick, all of one size, in two folders; scored."""
    for folder, name, face in (("a", "1.dcm", ONE), ("a", "2.dcm", TWO), ("b", "1.dcm", THREE)):
        (world.folder / folder).mkdir(exist_ok=True)
        world.put(f"{folder}/{name}", face)
    world.open()
    world.settle()
    assert len(world.rows()) == 3
    return world


def locate(world: World, face: Face, folder: Path) -> list[Notice]:
    """Ask for it; what was said of the outcome."""
    before = len(world.notices)
    world.services.locate(world.row(face).key, folder)
    world.settle()
    assert not world.holder.state.locating
    return world.notices[before:]


def places(world: World, below: Path) -> list[str]:
    return sorted(image.path.relative_to(below).as_posix() for image in world.store.worklist.images())


def kept(world: World) -> list[ImageItem]:
    return sorted(
        world.services.database.ask(lambda database: database.images()).result(5), key=lambda item: item.arrival
    )


def test_all_that_lay_on_a_stick_is_found_at_another_place_with_its_scores_and_nothing_is_scored_anew(
    scored: World, tmp_path: Path
) -> None:
    rows, results = scored.rows(), [item.result for item in kept(scored)]
    scored.folder.rename(tmp_path / "E")
    scored.restart()
    scored.settle()
    examined: list[Path] = []
    scored.direct.before = examined.append
    scored.show(ONE)
    scored.settle()
    assert scored.holder.state.error is not None
    said = locate(scored, ONE, tmp_path / "E")
    assert said == [Notice(Severity.INFO, "The missing files were found.", "Images that have their files again: 3.")]
    assert places(scored, tmp_path / "E") == ["a/1.dcm", "a/2.dcm", "b/1.dcm"]
    assert scored.rows() == rows
    scored.settle()
    state = scored.holder.state
    assert state.radiograph is not None
    assert (state.error, state.radiograph.content.digest) == (None, ONE.digest)
    scored.restart()
    scored.settle()
    assert places(scored, tmp_path / "E") == ["a/1.dcm", "a/2.dcm", "b/1.dcm"]
    assert [item.result for item in kept(scored)] == results
    trail = scored.services.database.ask(lambda database: database.audit()).result(5)
    assert sorted(line.subject for line in trail if line.action == Action.LOCATE) == sorted(
        image.key for image in scored.store.worklist.images()
    )


def test_the_names_may_be_others_for_bytes_are_compared(scored: World, tmp_path: Path) -> None:
    scored.folder.rename(tmp_path / "E")
    pile = tmp_path / "pile" / "deep"
    pile.mkdir(parents=True)
    for number, face in enumerate((THREE, ONE, TWO)):
        (pile / f"film {number}").write_bytes(face.data)
    locate(scored, TWO, tmp_path / "pile")
    assert places(scored, pile) == ["film 0", "film 1", "film 2"]
    assert {image.path.name: image.digest for image in scored.store.worklist.images()} == {
        "film 0": THREE.digest, "film 1": ONE.digest, "film 2": TWO.digest,
    }  # fmt: skip
    scored.check()
    scored.check_store()


def test_a_file_of_the_same_name_and_size_with_other_bytes_is_not_taken_for_it(scored: World, tmp_path: Path) -> None:
    before = places(scored, scored.folder)
    scored.folder.rename(tmp_path / "gone")
    (tmp_path / "E" / "a").mkdir(parents=True)
    (tmp_path / "E" / "a" / "1.dcm").write_bytes(Face(1, 1, 1, 41).data)  # the same patient and image, other pixels
    assert locate(scored, ONE, tmp_path / "E") == [NOTHING_FOUND]
    assert places(scored, scored.folder) == before
    (tmp_path / "E" / "a" / "2.dcm").write_bytes(TWO.data)
    (notice,) = locate(scored, ONE, tmp_path / "E")
    assert notice.title == "Some of the missing files were not found in that folder."
    assert notice.advice == (
        "Images that have their files again: 1. Images still without: 2; what is stored of them stays."
    )
    assert scored.row(TWO).path == tmp_path / "E" / "a" / "2.dcm"
    assert scored.row(ONE).path == scored.folder / "a" / "1.dcm"


def test_what_still_lies_where_it_lay_stays_there(scored: World, tmp_path: Path) -> None:
    (tmp_path / "E").mkdir()
    for name, face in (("1.dcm", ONE), ("2.dcm", TWO)):
        (tmp_path / "E" / name).write_bytes(face.data)
    (scored.folder / "a" / "1.dcm").unlink()
    locate(scored, ONE, tmp_path / "E")
    assert scored.row(ONE).path == tmp_path / "E" / "1.dcm"
    assert scored.row(TWO).path == scored.folder / "a" / "2.dcm"


def test_images_that_were_never_read_are_known_by_their_headers_and_read_there(world: World, tmp_path: Path) -> None:
    """Their folder went away before their turn came: they wait, and go on at the new place."""
    paths = [world.put(f"{number}.dcm", face) for number, face in enumerate((ONE, TWO))]

    def pull(_: Path) -> None:
        if world.folder.exists():
            world.folder.rename(tmp_path / "E")

    world.direct.before = pull
    world.open()
    world.settle()
    assert [image.state for image in world.store.worklist.images()] == [JobState.QUEUED] * 2
    key = next(image.key for image in world.store.worklist.images() if image.path == paths[0])
    world.services.locate(key, tmp_path / "E")
    world.settle()
    assert world.rows().keys() == {ONE.names, TWO.names}
    assert [image.state for image in world.store.worklist.images()] == [JobState.SCORED] * 2
    world.check_store()


def test_a_picture_is_known_by_its_bytes_alone_for_it_says_nothing_of_itself(
    world: World, tmp_path: Path, qtbot: QtBot
) -> None:
    for name, grey in (("one.png", 0), ("two.png", 100)):
        bright = np.add.outer(np.arange(256), np.arange(256)) % 100 + grey
        Image.fromarray(bright.astype(np.uint8)).save(world.folder / name, compress_level=0)
    world.open()
    qtbot.waitUntil(lambda: world.services.idle and len(world.store.worklist) == 2)
    first, second = sorted(world.store.worklist.images(), key=lambda image: image.path.name)
    assert first.is_read
    assert first.size == second.size
    world.folder.rename(tmp_path / "gone")
    (tmp_path / "E").mkdir()
    (tmp_path / "gone" / "two.png").rename(tmp_path / "E" / "one.png")
    data = (tmp_path / "E" / "one.png").read_bytes()
    (tmp_path / "E" / "zero.png").write_bytes(data.replace(b"\x64", b"\x65"))  # of the same size
    unread = replace(first, digest="")  # as if its turn had not come
    world.store.upsert(unread)
    world.services.locate(second.key, tmp_path / "E")
    qtbot.waitUntil(lambda: world.services.idle)
    worklist = world.store.worklist
    assert [image.path for image in map(worklist.image, (first.key, second.key)) if image is not None] == [
        world.folder / "one.png",
        tmp_path / "E" / "one.png",
    ]


def test_a_place_that_was_opened_meanwhile_gives_no_second_row(scored: World, tmp_path: Path) -> None:
    scored.folder.rename(tmp_path / "E")
    scored.services.importer.found.disconnect()  # they are in the list, and not read yet
    scored.services.open([tmp_path / "E"])
    scored.settle()
    assert len(list(scored.store.worklist.images())) == 6
    locate(scored, ONE, tmp_path / "E")
    assert places(scored, tmp_path / "E") == ["a/1.dcm", "a/2.dcm", "b/1.dcm"]
    assert [image.state for image in scored.store.worklist.images()] == [JobState.SCORED] * 3
    assert len(kept(scored)) == 3


def test_members_of_an_archive_are_found_with_it(world: World, tmp_path: Path) -> None:
    with zipfile.ZipFile(world.folder / "films.zip", "w") as archive:
        for name, face in (("1.dcm", ONE), ("2.dcm", TWO)):
            world.faces[face.digest] = face
            archive.writestr(name, face.data)
    os.utime(world.folder / "films.zip", ns=(LONG_AGO_NS, LONG_AGO_NS))
    world.open()
    world.settle()
    (tmp_path / "E").mkdir()
    (world.folder / "films.zip").rename(tmp_path / "E" / "renamed.zip")
    locate(world, ONE, tmp_path / "E")
    assert {(image.path.name, image.member) for image in world.store.worklist.images()} == {
        ("renamed.zip", "1.dcm"), ("renamed.zip", "2.dcm"),
    }  # fmt: skip
    assert world.store.worklist.at_place(world.folder / "films.zip", "1.dcm") == ()


def test_a_folder_that_is_not_there_is_said(scored: World, tmp_path: Path) -> None:
    scored.folder.rename(tmp_path / "E")
    assert [notice.title for notice in locate(scored, ONE, tmp_path / "F")] == ["This file or folder cannot be found."]


def test_a_search_can_be_stopped_and_says_nothing_then(
    scored: World, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    scored.folder.rename(tmp_path / "E")
    before, walked, ended = len(scored.notices), threading.Event(), threading.Event()

    def slow(_: Path, __: object, stop: threading.Event) -> list[Source]:
        walked.set()
        assert stop.wait(5)
        ended.set()
        return []

    monkeypatch.setattr(locator, "_of_these_sizes", slow)
    (tmp_path / "F").mkdir()
    scored.services.locate(scored.row(ONE).key, tmp_path / "F")
    qtbot.waitUntil(walked.is_set)
    assert scored.holder.state.locating
    assert scored.holder.state.busy
    scored.services.cancel()
    scored.settle()
    assert ended.wait(5)
    assert not scored.holder.state.locating
    assert scored.notices[before:] == []
