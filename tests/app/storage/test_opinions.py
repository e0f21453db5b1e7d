"""Who judged a study, and when, comes from the judgement's own line in the audit trail."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.domain.study import Judgement
from app.storage.database import Database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(tmp_path / "worklist.sqlite", lambda _: None)
    yield made
    made.close()


def test_a_judgement_has_its_reader_and_time(database: Database) -> None:
    began = datetime.now(UTC)
    database.judge(("a", "b"), "key", Judgement.ACCEPTED)
    database.judge(("c",), "other", Judgement.REJECTED)
    said = database.opinions()
    assert [(said[digest].code, said[digest].reader) for digest in "abc"] == [
        ("accepted", getpass.getuser()),
        ("accepted", getpass.getuser()),
        ("rejected", getpass.getuser()),
    ]
    at = said["a"].at
    assert at is not None
    assert timedelta(0) <= at - began < timedelta(seconds=30)
    assert set(database.opinions("b")) == {"b"}


def test_the_last_word_counts_and_what_was_taken_back_is_none(database: Database) -> None:
    database.judge(("a",), "key", Judgement.ACCEPTED)
    database.judge(("a",), "key", Judgement.NORMAL)
    assert database.opinions("a")["a"].code == "normal"
    database.judge(("a",), "key", Judgement.NONE)
    assert database.opinions() == {}


def test_a_judgement_without_a_line_has_no_reader(database: Database) -> None:
    """As after a damaged file, from which the judgements came and the trail did not."""
    database.save_judgements({"a": Judgement.ACCEPTED})
    said = database.opinions("a")["a"]
    assert (said.code, said.reader) == ("accepted", "")
