"""Marks are kept with their file, and damaged ones are dropped without harm."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from app.domain.errors import Notice
from app.domain.marks.measurements import Angle, Arrow, CardiothoracicRatio, KnownLength, Length, Note, Roi, RoiShape
from app.storage.annotations import decode_marks, encode_marks
from app.storage.database import Action, Database
from app.storage.schema import MIGRATIONS
from squid_core.contracts.errors import SquidError
from tests.app.samples import digest_of, image

MARKS = (
    Length(((1.25, 2.0), (3.0, 4.1))),
    Angle(((1.0, 2.0), (3.0, 4.0), (5.0, 6.0))),
    CardiothoracicRatio(((1.0, 2.0), (3.0, 4.0), (5.0, 6.0), (7.0, 8.0))),
    Roi(((-0.5, -0.5), (9.0, 9.0)), RoiShape.ELLIPSE),
    Roi(((1.0, 1.0), (9.0, 9.0)), RoiShape.RECTANGLE),
    Arrow(((1.0, 1.0), (9.0, 9.0))),
    Arrow(((1.0, 1.0), (9.0, 9.0)), "結節"),
    KnownLength(((1.0, 2.0), (3.0, 4.0)), 62.5),
    Note(((1.0, 1.0),), 'say "so" <b>'),
)


def test_marks_come_back_exactly() -> None:
    assert decode_marks(encode_marks(MARKS)) == MARKS
    assert decode_marks(encode_marks(())) == ()


def stored(**changes: object) -> str:
    mark = {"kind": "length", "points": [[1.0, 2.0], [3.0, 4.0]], **changes}
    return json.dumps({"format": 1, "marks": [mark]})


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "{",
        "[]",
        '{"format": 2, "marks": []}',
        stored(kind="laser"),
        stored(points=[[1.0, 2.0]]),
        stored(points=[[1.0, 2.0], [3.0]]),
        stored(points=[[1.0, 2.0], [3.0, 1e9]]),
        stored(points=[[1.0, 2.0], [3.0, "4"]]),
        stored(kind="region"),
        stored(kind="note", points=[[1.0, 2.0]], text=""),
        stored(kind="note", points=[[1.0, 2.0]], text="two\nlines"),
        stored(kind="arrow", text="x" * 201),
        stored(kind="calibration"),
        stored(kind="calibration", length_mm=-1.0),
        stored(surprise=1),
        stored().replace("1.0", "NaN"),
        json.dumps({"format": 1, "marks": [json.loads(stored())["marks"][0]] * 201}),
        "[" * 100_000,
    ],
)
def test_damaged_marks_are_refused_with_a_sentence(payload: str) -> None:
    with pytest.raises(SquidError, match="damaged"):
        decode_marks(payload)


def silent(notice: Notice) -> None:
    raise AssertionError(notice.text)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "worklist.sqlite"


def test_marks_outlive_the_program_and_every_change_is_on_record(path: Path) -> None:
    item, other = image("a"), image("b")
    store = Database(path, silent)
    assert store.marks(digest_of(item.path.name)) == ()
    store.save_marks(digest_of(item.path.name), item.key, MARKS)
    store.save_marks(digest_of(item.path.name), item.key, MARKS[:3])
    store.save_marks(digest_of(other.path.name), other.key, MARKS[3:4])
    store.close()
    again = Database(path, silent)
    assert again.marks(digest_of(item.path.name)) == MARKS[:3]
    assert again.marks(digest_of(other.path.name)) == MARKS[3:4]
    trail = [(entry.action, entry.subject, entry.detail) for entry in again.audit()]
    assert trail == [
        (Action.ANNOTATE, item.key, f"marks: {len(MARKS)}"),
        (Action.ANNOTATE, item.key, "marks: 3"),
        (Action.ANNOTATE, other.key, "marks: 1"),
    ]
    again.close()


def test_a_database_from_before_there_were_marks_keeps_its_images(path: Path) -> None:
    item = image("a", score=0.5)
    with sqlite3.connect(path) as connection:
        connection.executescript(f"{MIGRATIONS[0]} PRAGMA user_version = 1;")
        connection.execute("INSERT INTO audit (at, action, subject, detail) VALUES ('2026', 'open', 'key', '')")
    connection.close()
    store = Database(path, silent)
    store.save_images([item])
    store.save_marks(digest_of(item.path.name), item.key, MARKS)
    assert store.marks(digest_of(item.path.name)) == MARKS
    assert [entry.action for entry in store.audit()] == [Action.OPEN, Action.ANNOTATE]
    store.close()


def test_marks_belong_to_the_bytes_and_not_to_their_place(path: Path) -> None:
    store = Database(path, silent)
    store.save_marks("one", "key", MARKS)
    store.save_marks("other", "key", MARKS[:1])
    assert (store.marks("one"), store.marks("other"), store.marks("a third")) == (MARKS, MARKS[:1], ())
    store.close()


def test_a_damaged_row_is_dropped_and_said_once(path: Path) -> None:
    item = image("a")
    store = Database(path, silent)
    store.save_marks(digest_of(item.path.name), item.key, MARKS)
    store.close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE annotations SET payload = 'rubbish'")
    connection.close()
    again = Database(path, silent)
    with pytest.raises(SquidError, match="damaged"):
        again.marks(digest_of(item.path.name))
    assert again.marks(digest_of(item.path.name)) == ()
    again.close()
