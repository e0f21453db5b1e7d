from __future__ import annotations

import getpass
import json
import os
import sqlite3
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

import pytest

from app.domain.errors import Notice
from app.domain.jobs import JobState
from app.domain.marks.measurements import Note
from app.domain.study import Judgement, Reading, image_key
from app.storage.annotations import encode_marks
from app.storage.database import Action, Database, ScoredImage
from app.storage.detections import EncodedResult, encode, settings_key
from app.storage.faults import NEWER
from app.storage.salvage import DAMAGED
from app.storage.schema import MIGRATIONS
from squid_core.audit import examine
from squid_core.contracts.detection import DetectorSettings
from squid_core.contracts.radiograph import Decision, Identity, Verdict
from tests.app.samples import detection, digest_of, image, save, scored

File = Path
BUNDLE = "fingerprint"


@pytest.fixture
def file(tmp_path: Path) -> File:
    return tmp_path / "home of the viewer" / "worklist.sqlite"


def reopened(file: File, work: Callable[[Database], object], notices: list[Notice] | None = None) -> Database:
    """A store on a file after another one worked with it and was closed."""
    heard = [] if notices is None else notices
    first = Database(file, heard.append)
    work(first)
    first.close()
    return Database(file, heard.append)


def test_the_worklist_comes_back_as_it_was_left(file: File) -> None:
    items = (
        replace(scored(image("a", "1.1"), detection()), arrival=0),
        replace(
            image("b", "1.2", state=JobState.VIEWABLE, message="Is this a chest?", arrival=1),
            verdict=Verdict(Decision.ASK, "Is this a chest?"),
        ),
        image("c", "1.3", state=JobState.ERROR, message="The file ends too early.", arrival=2),
        replace(
            image("d", "", arrival=3, state=JobState.CANCELLED),
            identity=Identity("", patient_birth_date=date(1962, 1, 1)),
        ),
        replace(image("e.zip", "1.4", arrival=4), key=image_key(Path("/somewhere/e.zip"), "ST/IM1"), member="ST/IM1"),
    )
    store = reopened(file, lambda store: store.save_images(items))
    assert store.images() == items
    store.close()


@pytest.mark.parametrize("state", [JobState.QUEUED, JobState.READING, JobState.SCORING])
def test_what_was_in_hand_when_the_program_ended_is_queued_again(file: File, state: JobState) -> None:
    store = reopened(file, lambda store: store.save_images([image(state=state)]))
    assert [item.state for item in store.images()] == [JobState.QUEUED]
    store.close()


@pytest.mark.skipif(os.name == "nt", reason="names of files are text there")
def test_a_worklist_of_the_version_before_archives_is_taken_over(file: File) -> None:
    file.parent.mkdir(parents=True)
    connection = sqlite3.connect(file)
    connection.executescript(f"{MIGRATIONS[0]} PRAGMA user_version = 1;")
    connection.execute(
        "INSERT INTO images VALUES ('k', ?, '{\"study_instance_uid\": \"1.2\"}', 10, 20, 'viewable', '', NULL, '',"
        " 0, NULL, NULL, '', 0, 7)",
        (b"/data/one",),
    )
    connection.commit()
    connection.close()
    notices: list[Notice] = []
    store = Database(file, notices.append)
    (item,) = store.images()
    assert (item.path, item.member, item.arrival) == (Path("/data/one"), "", 7)
    assert not notices
    store.close()


def test_a_file_name_that_is_no_text_survives(file: File) -> None:
    item = replace(image(), path=Path(os.fsdecode(b"/data/\xff\xfe.dcm")))
    store = reopened(file, lambda store: store.save_images([item]))
    assert store.images()[0].path == item.path
    store.close()


def test_a_result_is_found_again_for_the_very_same_bytes_bundle_and_settings_only(file: File) -> None:
    result = detection()
    item = scored(image(), result)
    store = reopened(file, lambda store: save(store, item, result, BUNDLE))
    found = store.result(item.digest, BUNDLE, result.trial.settings)
    assert found is not None
    assert (found[1].score, found[1].digest) == (result.score, item.digest)
    assert store.result(item.digest, "another", result.trial.settings) is None
    assert store.result(item.digest, BUNDLE, DetectorSettings(3)) is None
    assert store.result(digest_of("another"), BUNDLE, result.trial.settings) is None
    assert store.has_result(item.digest, BUNDLE, result.trial.settings)
    assert not store.has_result(item.digest, "another", result.trial.settings)
    store.close()


def test_an_image_shows_the_result_that_was_committed_for_it_whatever_the_clock_says(file: File) -> None:
    store = Database(file, lambda _: None)
    first, then = detection(0.2, model_hash="a" * 64), detection(0.4, model_hash="b" * 64)
    save(store, scored(image(), first), first, "one")
    now = save(store, scored(image(), then), then, "other")
    store._file.run(lambda db: db.execute("UPDATE results SET scored_at = '1999' WHERE bundle = 'other'"))
    store.close()
    again = Database(file, lambda _: None)
    assert again.images() == (now,)
    shown = again.result_of(now)
    assert shown is not None
    assert (shown.score, shown.model_hash) == (0.4, "b" * 64)
    assert again.result_of(replace(now, score=0.2)) is None, "the row and its result must agree"
    assert again.result_of(replace(now, digest=digest_of("other bytes"))) is None
    again.close()


def test_a_result_is_not_kept_under_other_bytes_than_it_was_found_in(file: File) -> None:
    store = Database(file, lambda _: None)
    result = detection()
    for digest in ("", digest_of("other bytes")):
        other = EncodedResult.of(replace(result, digest=digest))
        with pytest.raises(ValueError, match="belongs to the bytes"):
            store.save_results([ScoredImage(scored(image(), result), other, BUNDLE)])
    assert store.images() == ()
    store.close()


def test_results_outlive_the_removal_of_their_study(file: File) -> None:
    result = detection()
    item = scored(image(), result)
    store = Database(file, lambda _: None)
    save(store, item, result, BUNDLE)
    store.remove_images([item.key])
    assert store.images() == ()
    assert store.result(item.digest, BUNDLE, result.trial.settings) is not None
    store.close()


def test_a_damaged_result_is_as_good_as_none(file: File) -> None:
    result = detection()
    store = Database(file, lambda _: None)
    item = save(store, scored(image(), result), result, BUNDLE)
    store._file.run(lambda db: db.execute("UPDATE results SET payload = x'00'"))
    assert store.result_of(item) is None
    assert store.result(item.digest, BUNDLE, result.trial.settings) is None
    store.close()


def test_the_audit_trail_names_actions_and_times_but_nobody(file: File) -> None:
    result = detection()
    item = scored(image(), result)

    def work(store: Database) -> None:
        store.record(Action.OPEN, item.key)
        save(store, item, result, BUNDLE)
        store.record(Action.EXPORT, item.key, "picture")
        store.remove_images([item.key])

    store = reopened(file, work)
    trail = store.audit()
    assert [entry.action for entry in trail] == [Action.OPEN, Action.SCORE, Action.EXPORT, Action.DELETE]
    assert all(entry.at.endswith("+00:00") for entry in trail)
    assert {entry.user for entry in trail} == {getpass.getuser()}
    assert examine(trail).breaches == ()
    text = repr(trail)
    assert "Doe" not in text
    assert "somewhere" not in text
    store.close()


def test_a_user_without_a_name_is_on_the_trail_by_number(file: File, monkeypatch: pytest.MonkeyPatch) -> None:
    def nameless() -> str:
        raise KeyError("getpwuid(): uid not found")

    monkeypatch.setattr(getpass, "getuser", nameless)
    store = Database(file, lambda _: None)
    store.record(Action.OPEN, "key")
    assert [entry.user for entry in store.audit()] == [f"user {os.getuid()}" if hasattr(os, "getuid") else "unknown"]
    store.close()


def test_a_line_and_what_it_records_are_written_together_or_not_at_all(file: File) -> None:
    store = Database(file, lambda _: None)
    store.save_images([image("a")])
    store._file.run(
        lambda db: db.execute(
            "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'as on a full disk'); END"
        )
    )
    with pytest.raises(sqlite3.IntegrityError):
        store.remove_images([store.images()[0].key])
    assert len(store.images()) == 1
    assert store.audit() == ()
    store.close()


@pytest.mark.parametrize("statement", ["UPDATE audit SET action = 'open'", "DELETE FROM audit"])
def test_the_audit_trail_can_only_grow(file: File, statement: str) -> None:
    store = reopened(file, lambda store: store.record(Action.OPEN, "key"))
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        store._file.run(lambda db: db.execute(statement))
    assert len(store.audit()) == 1
    store.close()


@pytest.mark.parametrize("junk", [b"this is no database", b"SQLite format 3\0" + b"\xff" * 4000])
def test_a_damaged_file_is_set_aside_with_a_notice_and_work_goes_on(file: File, junk: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(junk)
    notices: list[Notice] = []
    store = reopened(file, lambda store: store.save_images([image()]), notices)
    (notice,) = notices
    assert notice.title.startswith(DAMAGED)
    assert len(store.images()) == 1
    aside = [path for path in file.parent.iterdir() if ".damaged-" in path.name]
    assert [path.read_bytes() for path in aside] == [junk]
    store.close()


def test_a_database_of_a_later_version_is_left_alone(file: File) -> None:
    reopened(file, lambda store: store.save_images([image()])).close()
    connection = sqlite3.connect(file)
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    connection.close()
    before = file.read_bytes()
    notices: list[Notice] = []
    store = Database(file, notices.append)
    store.save_images([image("b")])
    store.close()
    assert notices == [NEWER]
    assert file.read_bytes() == before


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")
def test_nobody_else_may_read_the_database(file: File) -> None:
    Database(file, lambda _: None).close()
    assert file.stat().st_mode & 0o077 == 0
    assert file.parent.stat().st_mode & 0o077 == 0


def test_a_store_without_a_file_keeps_everything_in_memory() -> None:
    store = Database(None, lambda _: None)
    store.save_images([image()])
    assert not store.unsaved
    assert len(store.images()) == 1
    store.close()


def test_how_far_the_reader_has_come_is_kept(file: File) -> None:
    def work(store: Database) -> None:
        store.save_readings({"1.2.3": Reading.READ, "1.2.4": Reading.READING, "1.2.5": Reading.READING})
        store.save_readings({"1.2.5": Reading.UNREAD}, "key")

    store = reopened(file, work)
    assert store.readings() == {"1.2.3": Reading.READ, "1.2.4": Reading.READING}
    assert [(line.action, line.subject, line.detail) for line in store.audit()] == [("read", "key", "unread")]
    store.close()


def test_the_readers_judgement_is_kept_taken_back_and_on_the_trail(file: File) -> None:
    def work(store: Database) -> None:
        store.judge(["1.2.3"], "key", Judgement.ACCEPTED)
        store.judge(["1.2.4"], "other", Judgement.REJECTED)
        store.judge(["1.2.4"], "other", Judgement.NONE)
        store.remove_images(["key"])

    store = reopened(file, work)
    assert store.judgements() == {"1.2.3": Judgement.ACCEPTED}, "it outlives the study's removal"
    trail = [(entry.subject, entry.detail) for entry in store.audit() if entry.action == Action.JUDGE]
    assert trail == [("key", "accepted"), ("other", "rejected"), ("other", "none")]
    store.save_judgements({"1.2.9": Judgement.REJECTED, "1.2.3": Judgement.NONE})
    assert store.judgements() == {"1.2.9": Judgement.REJECTED}
    assert len(store.audit()) == 4, "writing anew what is on a trail is no new judgement"
    store.close()


def test_a_database_of_the_first_version_is_brought_up_to_date_with_what_it_holds(file: File) -> None:
    file.parent.mkdir()
    connection = sqlite3.connect(file)
    connection.executescript(MIGRATIONS[0] + "PRAGMA user_version = 1;")
    connection.execute("INSERT INTO audit (at, action, subject, detail) VALUES ('then', 'open', 'key', '')")
    connection.commit()
    connection.close()
    store = Database(file, lambda _: None)
    store.judge(["1.2.3"], "key", Judgement.REJECTED)
    assert store.judgements() == {"1.2.3": Judgement.REJECTED}
    assert [entry.action for entry in store.audit()] == [Action.OPEN, Action.JUDGE]
    store.close()


def test_what_was_stored_by_path_belongs_to_the_bytes_once_they_are_read(file: File) -> None:
    """A store of version 4, with an image on the worklist and one that was taken off."""
    file.parent.mkdir()
    result = detection(0.6)
    here, gone = (
        replace(scored(image(name, study), result), digest="") for name, study in (("a", "1.1"), ("b", "1.2"))
    )
    old_keys = {item: image_key(item.path) for item in (here, gone)}
    connection = sqlite3.connect(file)
    connection.executescript("".join(MIGRATIONS[:4]) + "PRAGMA user_version = 4;")
    connection.execute(
        "INSERT INTO images VALUES (?, ?, ?, 10, 20, 'scored', '', NULL, '', 0, 0.6, 60.0, 'adult', 0, 7, '')",
        (old_keys[here], os.fsencode(here.path), json.dumps(asdict(replace(here.identity, study_date=None)))),
    )
    for number, item in enumerate((here, gone)):
        sop, key = item.identity.sop_instance_uid, old_keys[item]
        row = (key, sop, 10, 20, BUNDLE, settings_key(result.trial.settings), "then", encode(result))
        connection.execute("INSERT INTO results VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        marks = encode_marks((Note(((1.0, 2.0),), f"{number}"),))
        connection.execute("INSERT INTO annotations VALUES (?, ?, 'then', ?)", (key, sop, marks))
        connection.execute("INSERT INTO judgements VALUES (?, 'accepted', 'then')", (item.study_uid,))
    connection.commit()
    connection.close()

    store = Database(file, lambda _: None)
    (item,) = store.images()
    assert not item.is_read
    assert store.judgements()[item.digest] is Judgement.ACCEPTED
    assert store.readings()[item.digest] is Reading.READ, "what was judged had been read"
    for known, number in ((replace(item, digest=digest_of("a")), 0), (replace(gone, digest=digest_of("b")), 1)):
        store.take_over(known)
        stored = store.result_of(known)
        assert stored is not None
        assert (stored.score, stored.digest) == (0.6, known.digest)
        assert [mark.text for mark in store.marks(known.digest)] == [f"{number}"]  # type: ignore[union-attr]
        assert store.judgements()[known.digest] is Judgement.ACCEPTED
        assert store.readings()[known.digest] is Reading.READ
    store.close()


def test_who_scored_what_is_on_the_worklist_is_known(file: File) -> None:
    store = Database(file, lambda _: None)
    kept, gone = (scored(image(name, name), detection()) for name in ("a", "b"))
    first = save(store, kept, detection(), BUNDLE)
    save(store, gone, detection(), BUNDLE)
    again = save(store, replace(first, result=None), detection(), "another bundle")
    store.remove_images([gone.key])
    made = store.scored_by()
    assert {number: by.bundle for number, by in made.items()} == {again.result: "another bundle"}
    assert all(by.at.endswith("+00:00") for by in made.values())
    store.close()
