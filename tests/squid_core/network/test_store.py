from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from squid_core.contracts.errors import SquidError
from squid_core.network import store
from squid_core.network.store import FILE, MIGRATIONS, open_store, transaction

INSERT = "INSERT INTO standing (query, open_day) VALUES (?, '2026-11-30')"


def days(home: Path) -> int:
    with closing(open_store(home)) as connection:
        return int(connection.execute("SELECT count(*) FROM standing").fetchone()[0])


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
def test_it_is_for_this_user_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with closing(open_store(home)) as connection, transaction(connection):
        connection.execute(INSERT, ("a",))
        for file in home.iterdir():  # what SQLite makes beside it, too
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


def test_a_transaction_is_all_or_nothing(tmp_path: Path) -> None:
    def interrupted(connection: sqlite3.Connection) -> None:
        with transaction(connection):
            connection.execute(INSERT, ("a",))
            raise KeyboardInterrupt

    def mistaken(connection: sqlite3.Connection) -> None:
        with transaction(connection):
            connection.execute(INSERT, ("b",))
            connection.execute("INSERT INTO nothing VALUES (1)")

    with closing(open_store(tmp_path)) as connection:
        with pytest.raises(KeyboardInterrupt):
            interrupted(connection)
        with pytest.raises(SquidError, match="cannot be read or written"):
            mistaken(connection)
    assert days(tmp_path) == 0


def test_processes_and_threads_may_open_it_for_the_first_time_at_once(tmp_path: Path) -> None:
    script = (
        "import sys; from contextlib import closing; from pathlib import Path\n"
        "from squid_core.network.store import open_store, transaction\n"
        "for number in range(20):\n"
        "    with closing(open_store(Path(sys.argv[1]))) as store, transaction(store):\n"
        f"        store.execute({INSERT!r}, (f'{{sys.argv[2]}} {{number}}',))\n"
    )
    others = [subprocess.Popen([sys.executable, "-c", script, str(tmp_path), str(number)]) for number in range(2)]
    failed: list[BaseException] = []

    def write(name: str) -> None:
        try:
            for number in range(20):
                with closing(open_store(tmp_path)) as connection, transaction(connection):
                    connection.execute(INSERT, (f"{name} {number}",))
        except SquidError as error:
            failed.append(error.__cause__ or error)

    threads = [threading.Thread(target=write, args=(f"thread {number}",)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert [other.wait(30) for other in others] == [0, 0]
    assert failed == []
    assert days(tmp_path) == 80


def test_an_earlier_file_is_brought_up_and_a_later_one_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(store, "MIGRATIONS", MIGRATIONS[:1])
        with closing(open_store(tmp_path)) as connection, transaction(connection):
            connection.execute(INSERT, ("a",))
    assert days(tmp_path) == 1
    with closing(sqlite3.connect(tmp_path / FILE)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(SquidError, match="later version"):
        open_store(tmp_path)
    assert (tmp_path / FILE).read_bytes() == before


def test_what_is_no_database_is_a_sentence_and_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"no database" * 500)
    with pytest.raises(SquidError, match="cannot be read or written"):
        open_store(tmp_path)
    assert (tmp_path / FILE).read_bytes() == b"no database" * 500
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(SquidError, match="cannot be read or written"):
        open_store(tmp_path / "file")


def test_who_holds_it_for_too_long_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_store(tmp_path).close()
    monkeypatch.setattr(store, "BUSY_SECONDS", 0.1)
    with closing(open_store(tmp_path)) as first, closing(open_store(tmp_path)) as second:
        first.execute("BEGIN IMMEDIATE")
        with pytest.raises(SquidError, match="cannot be read or written"), transaction(second):
            pass
        first.execute("ROLLBACK")
