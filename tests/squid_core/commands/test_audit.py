"""`squid audit`: it reads the window's own database, also while that is in use, and writes nothing."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from app.storage.database import Action, Database
from app.storage.schema import MIGRATIONS
from squid_core.cli import main
from squid_core.home import DATABASE, HEAD
from squid_core.text import csv_cell

Said = Callable[..., tuple[int, list[str], str]]
LINES = 12
RENUMBER = "UPDATE audit SET id ="


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home of the viewer"
    store = Database(folder / DATABASE, lambda _: None)
    for number in range(LINES):
        store.record(Action.EXPORT if number % 4 == 3 else Action.OPEN, f"key {number}", "=1+1")
    store.close()
    return folder


@pytest.fixture
def said(home: Path, capsys: pytest.CaptureFixture[str]) -> Said:
    def run(*words: str) -> tuple[int, list[str], str]:
        code = main(["audit", *words, "--home", str(home)])
        out, err = capsys.readouterr()
        return code, out.splitlines(), err

    return run


def contents(home: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in home.rglob("*") if path.is_file() and not path.name.endswith("-shm")}


def forge(home: Path, *statements: str) -> None:
    """As somebody with a tool of SQLite would."""
    connection = sqlite3.connect(home / DATABASE)
    connection.executescript(
        f"DROP TRIGGER audit_is_never_changed; DROP TRIGGER audit_is_never_shortened; {';'.join(statements)}"
    )
    connection.close()


def test_a_whole_trail_is_said_to_be_whole_and_where_it_ends(home: Path, said: Said) -> None:
    code, lines, _ = said("verify")
    assert (code, lines) == (0, ["12 lines, whole.", f"The last is {(home / HEAD).read_text().strip()}"])


@pytest.mark.parametrize(
    ("statement", "harm"),
    [
        ("UPDATE audit SET user = 'another' WHERE id = 5", "Line 5 (2"),
        ("DELETE FROM audit WHERE id IN (5, 6)", "Lines 5 to 6 are missing."),
        ("DELETE FROM audit WHERE id > 9", "Lines 10 to 12 are missing."),
        ("DELETE FROM audit WHERE id > 9; DELETE FROM sqlite_sequence", "Lines 10 to 12 are missing."),
        ("DELETE FROM audit", "Lines 1 to 12 are missing."),
        (f"{RENUMBER} 0 WHERE id = 3; {RENUMBER} 3 WHERE id = 8; {RENUMBER} 8 WHERE id = 0", "were swapped."),
        ("INSERT INTO audit (at, action, subject, detail) VALUES ('2026', 'open', 'key', '')", "Line 13 (2026) was"),
        ("UPDATE audit SET subject = CAST(x'ff00fe' AS TEXT) WHERE id = 5", "Line 5 (2"),
    ],
)
def test_what_was_done_to_the_trail_is_said_and_is_a_failure(home: Path, said: Said, statement: str, harm: str) -> None:
    forge(home, statement)
    code, lines, _ = said("verify")
    assert code == 1
    assert harm in lines[0]
    assert "not whole" in lines[1]


def test_lines_that_were_taken_from_the_end_stay_missing_when_the_program_goes_on(home: Path, said: Said) -> None:
    forge(home, "DELETE FROM audit WHERE id > 9; DELETE FROM sqlite_sequence")
    store = Database(home / DATABASE, lambda _: None)
    for _ in range(9):
        store.record(Action.OPEN, "key")
    store.close()
    code, lines, _ = said("verify")
    assert code == 1
    assert "Line 12" in lines[0]
    assert "written anew" in lines[0]


def test_a_head_that_was_kept_elsewhere_shows_that_all_was_written_anew(home: Path, said: Said) -> None:
    _, (_, last), _ = said("verify")
    noted = last.removeprefix("The last is ")
    assert said("verify", "--noted", noted)[0] == 0
    shutil.rmtree(home)
    store = Database(home / DATABASE, lambda _: None)
    for _ in range(20):
        store.record(Action.OPEN, "key")
    store.close()
    assert said("verify")[0] == 0
    code, lines, _ = said("verify", "--noted", noted)
    assert code == 1
    assert "Line 12" in lines[0]


def test_the_trail_is_shown_while_the_window_is_at_work_and_nothing_is_written(home: Path, said: Said) -> None:
    store = Database(home / DATABASE, lambda _: None)
    store.record(Action.JUDGE, "key 99", "accepted")
    before = contents(home)
    code, lines, _ = said("show")
    assert code == 0
    assert len(lines) == 1 + LINES + 1
    assert lines[-1].split()[-4:] == ["judge", "key", "99", "accepted"]
    assert said("verify")[0] == 0
    assert contents(home) == before
    store.close()
    left = contents(home)
    assert said("verify")[0] == said("show")[0] == 0
    assert contents(home) == left


def test_lines_are_chosen_by_action_and_time_and_come_as_json_and_cells(said: Said) -> None:
    everything = json.loads("\n".join(said("show", "--json")[1]))
    assert [line["number"] for line in everything] == list(range(1, LINES + 1))
    assert set(everything[0]) == {"number", "at", "user", "action", "subject", "detail", "link"}
    exports = json.loads("\n".join(said("show", "--json", "--action", "export")[1]))
    assert [line["subject"] for line in exports] == ["key 3", "key 7", "key 11"]
    later = json.loads("\n".join(said("show", "--json", "--since", everything[8]["at"])[1]))
    assert [line["number"] for line in later] == [9, 10, 11, 12]
    assert json.loads("\n".join(said("show", "--json", "--since", "2999-01-01")[1])) == []
    rows = list(csv.DictReader(io.StringIO("\n".join(said("show", "--csv")[1]))))
    assert [row["detail"] for row in rows] == [csv_cell("=1+1")] * LINES
    assert rows[0]["link"] == everything[0]["link"]


@pytest.mark.parametrize("task", ["verify", "show"])
def test_what_cannot_be_read_is_another_failure_and_said(home: Path, said: Said, task: str) -> None:
    path = home / DATABASE
    path.write_bytes(path.read_bytes()[:5000])
    code, _, error = said(task)
    assert code == 2
    assert "cannot be read" in error
    path.write_bytes(b"this is no database")
    assert said(task)[0] == 2
    path.unlink()
    code, _, error = said(task)
    assert code == 2
    assert "There is no audit trail" in error


def test_a_trail_from_before_the_chain_is_linked_by_the_window(home: Path, said: Said) -> None:
    path = home / DATABASE
    shutil.rmtree(home)
    home.mkdir()
    connection = sqlite3.connect(path)
    connection.executescript(f"{MIGRATIONS[0]} PRAGMA user_version = 1;")
    rows = [("2026-01-02", "open", f"key {number}", "") for number in range(50)]
    connection.executemany("INSERT INTO audit (at, action, subject, detail) VALUES (?, ?, ?, ?)", rows)
    connection.commit()
    connection.close()
    code, _, error = said("verify")
    assert code == 2
    assert "earlier version" in error
    store = Database(path, lambda _: None)
    store.record(Action.OPEN, "key")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        store._file.run(lambda db: db.execute("UPDATE audit SET link = ''"))
    store.close()
    assert said("verify")[1][0] == "51 lines, whole."
    forge(home, "UPDATE audit SET at = '2026-01-03' WHERE id = 20")
    assert "Line 20 (2026-01-03) was changed" in said("verify")[1][0]


def test_a_damaged_note_of_the_last_line_is_said(home: Path, said: Said) -> None:
    (home / HEAD).write_text("nothing of use")
    code, _, error = said("verify")
    assert code == 2
    assert HEAD in error


def test_a_time_or_a_head_that_is_none_is_a_wrong_option(said: Said) -> None:
    assert said("show", "--since", "yesterday")[0] == 2
    assert said("verify", "--noted", "12")[0] == 2
