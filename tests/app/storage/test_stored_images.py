"""A stored worklist is made a slice at a time: what is shown first, then the rest, in the order of reading."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.jobs import JobState
from app.domain.study import ImageItem
from app.domain.worklist import Worklist
from app.storage.database import Database
from tests.app.ui import synthetic

STUDIES = 60


def study(number: int) -> ImageItem:
    """Scores anywhere in the list; two studies of a patient lie thirty apart; every fifth has none."""
    score = None if number % 5 == 4 else number * 7 % STUDIES / STUDIES
    state = JobState.SCORED if score is not None else JobState.ERROR if number % 2 else JobState.VIEWABLE
    identity = synthetic.identity(number, patient_id=f'P"{number % 30}ø ')
    return synthetic.item(number, score, state, identity=identity)


@pytest.fixture
def database() -> Database:
    made = Database(None, lambda notice: pytest.fail(notice.title))
    made.save_images(study(number) for number in range(STUDIES))
    return made


def test_what_is_read_first_comes_first_with_all_of_its_patients(database: Database) -> None:
    order = [one.top_image.key for one in Worklist(database.images()).studies]
    last = order[40]
    stored = database.stored_images()
    first = stored.first(10, last)
    keys = {item.key for item in first}
    assert {*order[:10], last} <= keys
    for key in (order[0], last):
        number = int(key.removeprefix("key-"))
        assert {f"key-{number % 30}", f"key-{number % 30 + 30}"} <= keys
    assert len(first) <= 10 + 4
    rest = []
    while part := stored.take(7):
        assert len(part) <= 7
        rest += [item.key for item in part]
    assert rest == [key for key in order if key not in keys]
    assert stored.left_out == 0


def test_every_image_of_the_first_study_is_there_at_once(database: Database) -> None:
    top = Worklist(database.images()).studies[0].top_image
    lateral = replace(top, key="lateral", score=None, state=JobState.VIEWABLE, path=Path("lateral.dcm"), digest="")
    database.save_images([lateral])
    first = database.stored_images().first(1, "")
    assert {top.key, "lateral"} <= {item.key for item in first}


def test_rows_that_make_no_sense_end_nothing(database: Database) -> None:
    order = [one.top_image.key for one in Worklist(database.images()).studies]
    database._file.run(lambda db: db.execute("UPDATE images SET state = 'odd' WHERE key != ?", (order[-1],)))
    stored = database.stored_images()
    assert stored.first(10, "") == ()
    assert [item.key for item in stored.take(20)] == [order[-1]]
    assert stored.take(20) == ()
    assert stored.left_out == STUDIES - 1
