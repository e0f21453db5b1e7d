"""A store, and the same file past it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.storage.database import Database


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "home" / "worklist.sqlite"


@pytest.fixture
def store(file: Path) -> Iterator[Database]:
    made = Database(file, lambda notice: pytest.fail(str(notice)))
    yield made
    made.close()


@pytest.fixture
def db(file: Path, store: Database) -> Iterator[sqlite3.Connection]:
    """The same file, past the store."""
    with closing(sqlite3.connect(file, isolation_level=None)) as made:
        yield made
