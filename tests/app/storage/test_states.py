"""Presentation states are kept by place and found by the images that they name."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.domain.errors import Notice
from app.domain.presenting import FoundState
from app.domain.study import ImageItem
from app.storage import database
from app.storage.database import Database
from squid_core.contracts.presentation import StateHead
from squid_core.contracts.radiograph import Identity
from squid_core.dicom.source import Source
from tests.app.samples import image

WHO = Identity("1.2", sop_instance_uid="9.1", patient_name="Doe, Jäne", patient_orientation=("L", "F"))
HEAD = StateHead(WHO, ("1.2.1", "1.2.2"), "READ", "as read", "Roe, Richard", date(2024, 3, 1))
FOUND = FoundState(Source(Path("/films/a.zip"), "state"), HEAD)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "worklist.sqlite"


@pytest.fixture
def store(file: Path) -> Iterator[Database]:
    notices: list[Notice] = []
    store = Database(file, notices.append)
    yield store
    store.close()
    assert not notices


def test_what_was_found_comes_back_for_each_image_that_it_names(store: Database, file: Path) -> None:
    store.save_states([FOUND])
    again = Database(file, lambda _: None)
    assert again.states("1.2.1") == again.states("1.2.2") == (FOUND,)
    assert again.states("1.2.3") == ()
    again.close()


def test_what_lies_at_a_place_now_takes_the_place_of_what_lay_there(store: Database) -> None:
    other = replace(FOUND, head=replace(HEAD, identity=replace(WHO, sop_instance_uid="9.2"), images=("1.2.2",)))
    store.save_states([FOUND])
    store.save_states([other])
    assert store.states("1.2.1") == ()
    assert store.states("1.2.2") == (other,)


def test_what_was_found_last_comes_first(store: Database) -> None:
    elsewhere = replace(FOUND, source=Source(Path("/usb/b")))
    store.save_states([elsewhere])
    store.save_states([FOUND])
    assert store.states("1.2.1") == (FOUND, elsewhere)


def test_while_the_file_is_locked_they_are_kept_all_the_same(file: Path) -> None:
    store = Database(file, lambda _: None)
    store.save_states([FOUND])
    lock = sqlite3.connect(file, isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    elsewhere = replace(FOUND, source=Source(Path("/usb/b")))
    store.save_states([elsewhere])
    assert store.unsaved
    assert store.states("1.2.1") == (elsewhere, FOUND)
    lock.execute("ROLLBACK")
    lock.close()
    assert store.retry()
    assert store.states("1.2.1") == (elsewhere, FOUND)
    store.close()


def test_a_row_that_makes_no_sense_is_left_out(store: Database, file: Path) -> None:
    store.save_states([FOUND, replace(FOUND, source=Source(Path("/usb/b")))])
    with sqlite3.connect(file) as db:
        db.execute("UPDATE states SET head = ? WHERE member = ''", ('{"images": 3}',))
    db.close()
    assert store.states("1.2.1") == (FOUND,)


def listed(name: str, uid: str) -> ImageItem:
    made = image(name)
    return replace(made, identity=replace(made.identity, sop_instance_uid=uid))


def test_a_state_goes_with_the_last_of_its_images_that_is_taken_off_the_worklist(store: Database) -> None:
    items = listed("one", "1.2.1"), listed("two", "1.2.2"), listed("other", "1.2.3")
    other = replace(FOUND, source=Source(Path("/usb/b")), head=replace(HEAD, images=("1.2.3",)))
    store.save_images(items)
    store.save_states([FOUND, other])
    store.remove_images([items[0].key])
    assert store.states("1.2.2") == (FOUND,)
    store.remove_images([items[1].key])
    assert store.states("1.2.1") == store.states("1.2.2") == ()
    assert store.states("1.2.3") == (other,)


def test_a_state_waits_a_day_for_its_image(store: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    other = replace(FOUND, source=Source(Path("/usb/b")), head=replace(HEAD, images=("1.2.3",)))
    store.save_images([listed("other", "1.2.3")])
    store.save_states([FOUND, other])
    store.note_unlisted()
    assert store.states("1.2.1") == (FOUND,)
    monkeypatch.setattr(database, "STATES_WAIT", timedelta(0))
    store.note_unlisted()
    assert (store.states("1.2.1"), store.states("1.2.3")) == ((), (other,))
