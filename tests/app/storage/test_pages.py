"""Rows read from the pages themselves are those that SQLite reads."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.storage.pages import rows_on_leaves

VALUES = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False).filter(lambda value: not value.is_integer()),  # whole ones are stored as integers
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=200),
    st.binary(max_size=9000),
)


@given(
    rows=st.lists(st.tuples(st.integers(-(2**63), 2**63 - 1), VALUES, VALUES), max_size=25, unique_by=lambda r: r[0])
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.parametrize("page_size", [512, 4096, 65536])
def test_every_row_is_found_with_its_number_and_values(
    tmp_path: Path, page_size: int, rows: list[tuple[int, object, object]]
) -> None:
    file = tmp_path / "database"
    file.unlink(missing_ok=True)
    with closing(sqlite3.connect(file)) as database, database:
        database.execute(f"PRAGMA page_size = {page_size}")
        database.execute("CREATE TABLE t (a, b)")
        database.executemany("INSERT INTO t (rowid, a, b) VALUES (?, ?, ?)", rows)
    assert sorted(rows_on_leaves(file, 2), key=_number) == sorted(map(_pair, rows), key=_number)


def _pair(row: tuple[int, object, object]) -> tuple[int, tuple[object, object]]:
    return row[0], row[1:]


@pytest.mark.parametrize("seed", range(20))
def test_noise_on_the_pages_is_passed_over(tmp_path: Path, seed: int) -> None:
    file = tmp_path / "database"
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("CREATE TABLE t (a, b)")
        database.executemany(
            "INSERT INTO t VALUES (?, ?)", [("x" * number, bytes(number * 10)) for number in range(900)]
        )
    content = bytearray(file.read_bytes())
    random = np.random.default_rng(seed)
    for at in random.integers(4096, len(content) - 64, 200):
        content[at : at + 64] = random.bytes(64)
    file.write_bytes(content)
    assert len(list(rows_on_leaves(file, 2))) > 0


def _number(row: tuple[int, object]) -> int:
    return row[0]
