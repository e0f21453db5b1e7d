"""What cannot be saved now is kept, seen by every question, and saved in the same session."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.errors import Notice
from app.domain.jobs import JobState
from app.domain.marks.measurements import Note
from app.domain.study import Judgement, Reading
from app.storage import connections, database_file
from app.storage.database import Action, Database, ScoredImage
from app.storage.detections import EncodedResult
from app.storage.faults import FULL, GONE, LOCKED, READ_ONLY, SAVED, UnavailableError
from squid_core.audit import examine
from tests.app.samples import detection, image, save, scored

BUNDLE = "fingerprint"
RUNS = int(os.environ.get("SQUID_PROPERTY_RUNS", "8"))


@pytest.fixture(autouse=True)
def _short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "BUSY_SECONDS", 0.05)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "home" / "worklist.sqlite"


@contextmanager
def locked(file: Path, *, against_reading: bool = False) -> Iterator[None]:
    """Another program holds the file."""
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        if against_reading:
            other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


def full(store: Database, spare: int = 0) -> Callable[[], None]:
    """SQLite's own way to say that the disk is full but for so many pages; what is given back frees it again."""
    connection = store._file._connection
    assert connection is not None
    pages = connection.execute("PRAGMA main.page_count").fetchone()[0]
    connection.execute(f"PRAGMA main.max_page_count = {pages + spare}")

    def free() -> None:
        connection.execute("PRAGMA main.max_page_count = 1073741823")

    return free


def read_a_session(store: Database) -> None:
    """All that a session writes."""
    result = detection()
    for number in range(5):
        save(store, scored(image(f"after {number}", f"2.{number}"), result), result, BUNDLE)
    store.save_images([image("before", "1.1", state=JobState.ERROR, message="Gone."), image("new", "3.1")])
    store.judge(["1.1"], "before", Judgement.ACCEPTED)
    store.judge(["1.2"], "other", Judgement.NONE)
    store.remove_images([image("taken off").key])
    store.record(Action.OPEN, "before")


def begun(file: Path, notices: list[Notice]) -> Database:
    """A worklist with a session behind it."""
    store = Database(file, notices.append)
    store.save_images([image("before", "1.1"), image("taken off", "1.2")])
    store.judge(["1.2"], "other", Judgement.REJECTED)
    return store


def check(store: Database) -> None:
    """Everything of both sessions is there."""
    result = detection()
    found = {item.key: item for item in store.images()}
    assert sorted(found) == sorted(
        image(name).key for name in ("before", "new", *(f"after {number}" for number in range(5)))
    )
    assert found[image("before").key].state is JobState.ERROR
    for number in range(5):
        item = scored(image(f"after {number}", f"2.{number}"), result)
        assert found[item.key].score == result.score
        (number_of, found_again) = store.result(item.digest, BUNDLE, result.trial.settings) or (0, None)
        assert found_again is not None
        assert found[item.key].result == number_of
        assert store.result_of(found[item.key]) is not None
    assert store.judgements() == {"1.1": Judgement.ACCEPTED}
    trail = [entry.action for entry in store.audit()]
    assert trail == [
        Action.JUDGE, *[Action.SCORE] * 5, Action.JUDGE, Action.JUDGE, Action.DELETE, Action.OPEN,
    ]  # fmt: skip


def on_disk(file: Path) -> None:
    """What another program would find in the file."""
    with closing(sqlite3.connect(file)) as other:
        assert other.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    store = Database(file, lambda _: None)
    check(store)
    store.close()


def test_a_lock_leaves_a_session_whole_seen_and_saved_once_it_goes(file: Path) -> None:
    notices: list[Notice] = []
    store = begun(file, notices)
    with locked(file):
        read_a_session(store)
        assert store.unsaved
        check(store)
        assert not store.retry()
    assert notices == [LOCKED]
    assert store.retry()
    assert not store.unsaved
    check(store)
    assert notices == [LOCKED, SAVED]
    assert not list(file.parent.glob("*.pending*"))
    store.close()
    on_disk(file)


def test_a_full_disk_leaves_a_session_whole_seen_and_saved_once_it_is_free(file: Path) -> None:
    notices: list[Notice] = []
    store = begun(file, notices)
    free = full(store)
    read_a_session(store)
    check(store)
    assert not store.retry()
    free()
    assert store.retry()
    assert notices == [FULL, SAVED]
    store.close()
    on_disk(file)


def test_a_disk_that_fills_in_the_middle_of_a_group_of_results_keeps_it_whole(file: Path) -> None:
    notices: list[Notice] = []
    store, result = begun(file, notices), detection()
    save(store, scored(image("first", "2.0"), result), result, BUNDLE)
    free = full(store, spare=3 * len(EncodedResult.of(result).payload) // 4096)
    save(store, scored(image("fits", "2.1"), result), result, BUNDLE)
    assert not notices
    group = [scored(image(f"group {number}", f"3.{number}"), result) for number in range(4)]
    encoded = [EncodedResult.of(replace(result, digest=item.digest)) for item in group]
    saved = store.save_results([ScoredImage(*one, BUNDLE) for one in zip(group, encoded, strict=True)])
    assert notices == [FULL]
    with closing(sqlite3.connect(file)) as other:
        assert other.execute("SELECT count(*) FROM results").fetchone() == (2,), "none of the group is half there"
        assert other.execute("SELECT count(*) FROM audit WHERE action = 'score'").fetchone() == (2,)
        assert other.execute("SELECT count(*) FROM images").fetchone() == (4,)
    assert len({item.result for item in saved}) == 4
    free()
    assert store.retry()
    assert notices == [FULL, SAVED]
    store.close()
    again = Database(file, lambda _: None)
    assert [item for item in again.images() if item.key in {one.key for one in saved}] == list(saved)
    assert all(again.result_of(item) is not None for item in saved)
    assert [line.subject for line in again.audit() if line.action == Action.SCORE][2:] == [item.key for item in saved]
    again.close()


def test_a_kill_while_the_file_is_locked_loses_nothing(file: Path) -> None:
    store = begun(file, [])
    with locked(file):
        read_a_session(store)
        left = file.with_name(f"{file.name}.pending")
        assert left.stat().st_mode & 0o077 == 0
        # As a kill would leave it: nothing more is done with this store. Its connection is closed for the test's sake.
        assert store._file._connection is not None
        store._file._connection.close()
    on_disk(file)
    assert not left.exists()


def test_a_kill_between_saving_and_clearing_saves_nothing_twice(file: Path) -> None:
    store = begun(file, [])
    left = file.with_name(f"{file.name}.pending")
    with locked(file):
        read_a_session(store)
        before = left.read_bytes()
    assert store.retry()
    left.write_bytes(before)
    store.close()
    on_disk(file)


@pytest.mark.parametrize("trouble", ["lock", "full"])
def test_what_cannot_be_saved_until_the_end_is_saved_at_the_next_start(file: Path, trouble: str) -> None:
    store = begun(file, [])
    if trouble == "lock":
        with locked(file):
            read_a_session(store)
            assert store.close() == 0
    else:
        full(store)
        read_a_session(store)
        assert store.close() == 0
    on_disk(file)


def test_a_file_locked_against_reading_answers_later(file: Path) -> None:
    notices: list[Notice] = []
    begun(file, notices).close()
    with locked(file, against_reading=True):
        store = Database(file, notices.append)
        with pytest.raises(UnavailableError):
            store.images()
        with pytest.raises(UnavailableError):
            store.record(Action.OPEN, "key")
        assert not store.retry()
    assert store.retry()
    assert len(store.images()) == 2
    assert notices == [LOCKED, SAVED]
    store.close()


def test_a_home_that_cannot_be_made_is_filled_once_it_can(tmp_path: Path) -> None:
    way = tmp_path / "in the way"
    way.write_text("")
    notices: list[Notice] = []
    store = Database(way / "worklist.sqlite", notices.append)
    store.save_images([image("before", "1.1"), image("taken off", "1.2")])
    store.judge(["1.2"], "other", Judgement.REJECTED)
    read_a_session(store)
    check(store)
    assert not store.retry()
    way.unlink()
    assert store.retry()
    assert notices == [GONE, SAVED]
    store.close()
    on_disk(way / "worklist.sqlite")


def test_a_trail_that_has_gone_on_elsewhere_is_one_chain_in_the_end(tmp_path: Path) -> None:
    """The home cannot be reached at the start; when it can, there is a worklist in it."""
    home = tmp_path / "home"
    other = begun(home / "worklist.sqlite", [])
    other.close()
    home.rename(tmp_path / "away")
    home.write_text("in the way")
    store = Database(home / "worklist.sqlite", lambda _: None)
    store.record(Action.OPEN, "without the home")
    store.judge(["1.9"], "key", Judgement.ACCEPTED)
    home.unlink()
    (tmp_path / "away").rename(home)
    assert store.retry()
    assert [line.subject for line in store.audit()] == ["other", "without the home", "key"]
    assert not examine(store.audit()).breaches
    assert store.judgements() == {"1.2": Judgement.REJECTED, "1.9": Judgement.ACCEPTED}
    assert len(store.images()) == 2
    store.close()


def test_a_folder_deleted_under_the_program_is_made_again_with_all_that_was_in_it(file: Path) -> None:
    notices: list[Notice] = []
    store = begun(file, notices)
    for path in sorted(file.parent.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    file.parent.rmdir()
    read_a_session(store)
    check(store)
    assert store.retry()
    assert notices == [GONE, SAVED]
    check(store)
    store.close()
    on_disk(file)


def test_results_wait_for_room_when_too_much_is_pending(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = begun(file, [])
    free = full(store)
    monkeypatch.setattr(database_file, "MAX_IN_MEMORY", 300_000)  # 190 kB of it are empty tables
    result = detection()
    kept = 0
    for number in range(1000):
        item = scored(image(f"many {number}", f"4.{number}"), result)
        try:
            save(store, item, result, BUNDLE)
        except UnavailableError:
            break
        kept += 1
    assert 1 < kept < 100
    with pytest.raises(UnavailableError):
        store.record(Action.OPEN, "in its order")
    assert len(store.images()) == kept + 2, "questions are answered all the same"
    free()
    assert store.retry()
    store.record(Action.OPEN, "in its order")
    assert len(store.images()) == kept + 2
    store.close()


def test_a_fault_of_the_program_is_no_fault_of_the_disk(file: Path) -> None:
    notices: list[Notice] = []
    store = begun(file, notices)
    with locked(file):
        store.record(Action.OPEN, "key")
        with pytest.raises(sqlite3.OperationalError, match="cannot modify audit"):
            store._file.run(lambda db: db.execute("DELETE FROM audit"))
    with pytest.raises(sqlite3.OperationalError, match="syntax"):
        store._file.read(lambda db: db.execute("NONSENSE"))
    store.close()
    assert notices == [LOCKED]


def test_a_newer_row_wins_over_an_older_one_that_was_pending(file: Path) -> None:
    store = begun(file, [])
    with locked(file):
        store.save_images([image("before", "1.1", state=JobState.CANCELLED)])
        store.save_images([replace(image("before", "1.1"), message="newest", state=JobState.ERROR)])
        store.remove_images([image("taken off").key])
        store.save_images([image("taken off", "1.2", state=JobState.ERROR, message="back")])
    store.retry()
    store.close()
    again = Database(file, lambda _: None)
    assert sorted(item.message for item in again.images()) == ["back", "newest"]
    again.close()


@pytest.mark.parametrize("code", [sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL])
def test_every_write_step_may_fail_and_all_is_saved_in_the_end(file: Path, code: int) -> None:
    """The n-th statement that writes fails, for each n; nothing is half-written."""
    store = begun(file, [])
    store.close()
    said = {sqlite3.SQLITE_READONLY: READ_ONLY, sqlite3.SQLITE_IOERR: GONE, sqlite3.SQLITE_FULL: FULL}[code]
    for number in range(12):
        notices: list[Notice] = []
        store = Database(file, notices.append)
        assert store._file._connection is not None
        failing = _Failing(store._file._connection, number, code)
        store._file._connection = failing  # type: ignore[assignment]
        read_a_session(store)
        failing.left = -1
        store.retry()
        assert not store.unsaved
        assert notices in ([], [said, SAVED])
        check_once = {item.key for item in store.images()}
        assert len(check_once) == 7
        store.close()


class _Failing:
    """A connection whose n-th transaction cannot be committed."""

    def __init__(self, connection: sqlite3.Connection, left: int, code: int) -> None:
        self._connection, self.left, self._code = connection, left, code

    def execute(self, statement: str, *arguments: Any) -> object:
        if statement == "COMMIT":
            self.left -= 1
            if self.left == -1:
                error = sqlite3.OperationalError("injected")
                error.sqlite_errorcode = self._code
                raise error
        return self._connection.execute(statement, *arguments)

    def __getattr__(self, name: str) -> object:
        return getattr(self._connection, name)


NAMES = [f"image {number}" for number in range(4)]
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("save"), st.sampled_from(NAMES), st.sampled_from([JobState.ERROR, JobState.CANCELLED])),
        st.tuples(st.just("score"), st.sampled_from(NAMES), st.sampled_from(["one bundle", "another"])),
        st.tuples(st.just("remove"), st.sampled_from(NAMES), st.none()),
        st.tuples(st.just("judge"), st.sampled_from(NAMES), st.sampled_from(list(Judgement))),
        st.tuples(st.just("read"), st.sampled_from(NAMES), st.sampled_from(list(Reading))),
        st.tuples(st.just("mark"), st.sampled_from(NAMES), st.sampled_from(["this", "that"])),
        st.tuples(st.just("take over"), st.sampled_from(NAMES), st.none()),
        st.tuples(st.just("trouble"), st.sampled_from(["lock", "full"]), st.none()),
        st.tuples(st.just("end of trouble"), st.none(), st.none()),
        st.tuples(st.just("restart"), st.none(), st.none()),
    ),
    max_size=25,
)


@given(STEPS)
@settings(max_examples=RUNS, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happens_while_there_is_trouble_all_is_as_if_there_had_been_none(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, Any, Any]]
) -> None:
    """One store has locks, full disks and restarts, the other none; what they hold is the same throughout."""
    home = tmp_path_factory.mktemp("home")
    file = home / "troubled" / "worklist.sqlite"
    troubled, sound = Database(file, lambda _: None), Database(home / "sound" / "worklist.sqlite", lambda _: None)
    lock: Any = None
    free: Callable[[], None] = lambda: None  # noqa: E731
    clock = [0]

    def calm() -> None:
        nonlocal lock, free
        if lock is not None:
            lock.__exit__(None, None, None)
        free()
        lock, free = None, lambda: None

    for at, (what, name, value) in enumerate([*steps, ("end of trouble", None, None)]):
        if what == "trouble" and lock is None:
            calm()
            if name == "lock":
                lock = locked(file)
                lock.__enter__()
            elif not troubled.unsaved:
                free = full(troubled)
        elif what == "end of trouble":
            calm()
            assert troubled.retry()
        elif what == "restart":
            troubled.close()
            free = lambda: None  # noqa: E731 - a new connection has no limit
            calm()
            troubled = Database(file, lambda _: None)
        else:
            for store in (troubled, sound):
                clock[0] = at
                with pytest.MonkeyPatch.context() as patch:
                    patch.setattr("app.storage.database._now", lambda: f"2026-01-01T00:00:00.{clock[0]:06}+00:00")
                    do(store, what, name, value)
        assert contents(troubled) == contents(sound)
    troubled.close()
    sound.close()


def do(store: Database, what: str, name: str, value: Any) -> None:
    result = detection()
    item = scored(image(name, f"1.{name}"), result)
    if what == "save":
        store.save_images([replace(item, state=value)])
    elif what == "score":
        save(store, item, result, value)
    elif what == "remove":
        store.remove_images([item.key])
    elif what == "judge":
        store.judge([item.digest, item.stand_ins[0]], item.key, value)
    elif what == "read":
        store.save_readings({item.digest: value, item.stand_ins[0]: value}, item.key)
    elif what == "mark":
        store.save_marks(item.stand_ins[1] if value == "this" else item.digest, item.key, (Note(((1.0, 2.0),), value),))
    else:
        store.take_over(item)


def contents(store: Database) -> list[list[tuple[object, ...]]]:
    tables = ("images", "results", "annotations", "judgements", "readings", "audit")
    return store._file.read(
        lambda db: [sorted(db.execute(f"SELECT * FROM {name}").fetchall(), key=repr) for name in tables]  # noqa: S608
    )


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_kill_nine_while_the_file_is_locked_loses_no_row(file: Path) -> None:
    """A real process, killed at its n-th write."""
    for number in (1, 3, 7):
        begun(file, []).close()
        code = (
            "import os, signal; from pathlib import Path; from app.storage import connections;"
            "from app.storage.database import Action, Database; connections.BUSY_SECONDS = 0.02;"
            f"store = Database(Path({str(file)!r}), print);"
            f"[store.record(Action.OPEN, f'kill {number} {{at}}') for at in range({number})];"
            "os.kill(os.getpid(), signal.SIGKILL)"
        )
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")  # read, but not written, while another has it
            ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
            other.execute("ROLLBACK")
        assert ended.returncode == -signal.SIGKILL, ended.stderr
        store = Database(file, lambda _: None)
        subjects = [entry.subject for entry in store.audit() if entry.subject.startswith(f"kill {number} ")]
        assert subjects == [f"kill {number} {at}" for at in range(number)]
        store.close()
