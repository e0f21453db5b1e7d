"""The file of results that a run goes on from: whole lines, nothing lost, nothing of anybody else's touched."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import Decision, FileStatus, Verdict
from squid_core.inference.ledger import Ledger
from squid_core.inference.report import from_record, to_json_line, to_record
from squid_core.inference.results import FileResult, Score

LATERAL = Verdict(Decision.REFUSE, "It is a lateral view.")


def scored(path: str, digest: str, bundle: str = "b" * 64, score: float = 0.25) -> FileResult:
    said = Score(score, 61.5, "adult", outside_memory=True, registered=True, mirrored=False)
    verdict = Verdict(Decision.ANALYSE)
    return FileResult(path, FileStatus.SCORED, "Scored.", None, verdict, said, None, 1.5, 80.5, digest, bundle)


def written(path: Path, *results: FileResult) -> bytes:
    with Ledger(path, resume=path.exists()) as ledger:
        for result in results:
            ledger.add(result)
    return path.read_bytes()


def test_a_line_says_all_that_is_needed_to_go_on() -> None:
    for result in (
        scored("a/b", "1" * 64),
        FileResult("c", FileStatus.VIEWABLE, "Not scored.", verdict=LATERAL, digest="2" * 64),
        FileResult("d", FileStatus.ERROR, "It took too long.", again=True),
    ):
        assert from_record(to_record(result)) == result


def test_answers_are_found_by_path_and_bytes_and_scores_by_bytes_and_bundle(tmp_path: Path) -> None:
    path, first, second = tmp_path / "out.jsonl", scored("a", "1" * 64), scored("b", "2" * 64)
    written(path, first, second)
    with Ledger(path, resume=True) as ledger:
        assert ledger.knows("a")
        assert not ledger.knows("c")
        assert ledger.answer("a", "1" * 64) == first
        assert ledger.answer("a", "2" * 64) is None, "the bytes of another file"
        assert ledger.scored("2" * 64, "b" * 64) == second
        assert ledger.scored("2" * 64, "c" * 64) is None, "another bundle"
        third = scored("c", "3" * 64)
        ledger.add(third)
        assert ledger.scored("3" * 64, "b" * 64) == third, "also of this run"
        assert list(ledger) == [first, second, third]


def test_the_last_line_about_a_file_counts(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    late = FileResult("a", FileStatus.ERROR, "It took too long.", again=True)
    written(path, late, scored("a", "1" * 64, score=0.25), scored("a", "1" * 64, "c" * 64, score=0.75))
    with Ledger(path, resume=True) as ledger:
        assert [result.bundle for result in ledger] == ["c" * 64]
        assert ledger.scored("1" * 64, "b" * 64) is not None


def test_what_is_there_is_not_touched_unless_it_is_gone_on_with(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    before = written(path, scored("a", "1" * 64))
    with pytest.raises(SquidError, match=r"out.jsonl is there already\. Go on with it by --resume, or choose another"):
        Ledger(path)
    assert path.read_bytes() == before
    assert written(path, scored("b", "2" * 64)).startswith(before)


def test_wherever_a_line_is_torn_it_is_cut_off_and_the_others_stay(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    whole = written(path, scored("a", "1" * 64), scored("é", "2" * 64))
    first = whole.index(b"\n") + 1
    for end in range(len(whole) + 1):
        path.write_bytes(whole[:end])
        with Ledger(path, resume=True) as ledger:
            assert ledger.repaired == (end not in (0, first, len(whole)))
            assert ledger.knows("a") == (end >= first)
            assert ledger.knows("é") == (end == len(whole))
        assert path.read_bytes() == whole[: 0 if end < first else first if end < len(whole) else end]


def test_a_line_that_lost_its_bytes_with_the_power_is_cut_off_too(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    whole = written(path, scored("a", "1" * 64))
    path.write_bytes(whole + b"\0" * 50 + b"\n")
    with Ledger(path, resume=True) as ledger:
        assert ledger.repaired
    assert path.read_bytes() == whole


@pytest.mark.parametrize(
    "foreign",
    [b"a text of somebody", b"a text\nof somebody\n", b'{"name": "x"}\n', b"[]\n", b'{"path": 1}\n', b"\0" * 99],
)
def test_nothing_is_cut_off_a_file_of_somebody_elses(tmp_path: Path, foreign: bytes) -> None:
    path = tmp_path / "out.jsonl"
    path.write_bytes(foreign)
    with pytest.raises(SquidError, match="holds no results of squid triage"):
        Ledger(path, resume=True)
    assert path.read_bytes() == foreign


def test_damage_in_the_middle_is_said_and_not_cut(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    whole = written(path, scored("a", "1" * 64), scored("b", "2" * 64), scored("c", "3" * 64))
    lines = whole.splitlines(keepends=True)
    damaged = lines[0] + b"{\n" + lines[2]
    path.write_bytes(damaged)
    with pytest.raises(SquidError, match="holds no results"):
        Ledger(path, resume=True)
    assert path.read_bytes() == damaged


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX locks and limits")
def test_two_runs_do_not_write_one_file(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    with Ledger(path) as ledger:
        ledger.add(scored("a", "1" * 64))
        with pytest.raises(SquidError, match=r"Another run is writing out\.jsonl\."):
            Ledger(path, resume=True)
    written(path, scored("b", "2" * 64))


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX locks and limits")
def test_a_full_disk_leaves_whole_lines(tmp_path: Path) -> None:
    import resource

    path = tmp_path / "out.jsonl"
    line = len(to_json_line(scored("a", "1" * 64))) + 1
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2 * line + line // 2, hard))
    try:
        with pytest.raises(SquidError, match=r"^out\.jsonl could not be written: File too large\."):
            written(path, *[scored("a", "1" * 64)] * 3)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert path.stat().st_size == 2 * line
