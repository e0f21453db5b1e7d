"""`squid fetch` and `squid peers`, with a PACS that answers as it is told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import keyring
import pytest

from squid_core.cli import main
from squid_core.commands import fetch as command
from squid_core.contracts.network import Answer, Fetched, FoundStudy, Outcome, Question, Said
from squid_core.network import words
from squid_core.network.configuration import NetworkSettings, Peer, incoming_folder, write_settings
from squid_core.network.incoming import PART
from tests.squid_core.network.odd_systems import WebAnswer, WebAsked, web
from tests.squid_core.network.rings import FakeRing, LockedRing
from tests.squid_core.network.test_web import MULTIPART_HEAD, STUDY, film, holding, multipart

PEER = Peer(name="PACS", dicomweb="https://pacs.example/dicom-web", user="reader")
DONE = Said(Outcome.DONE, words.FETCHED)
BOTH = ("CR", "DX")
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def ring() -> Iterator[FakeRing]:
    before, made = keyring.get_keyring(), FakeRing()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    write_settings(NetworkSettings(peers=(PEER,)), tmp_path)

    def squid(*spoken: str) -> tuple[int, str, str]:
        code = main([*spoken, "--home", str(tmp_path)])
        return (code, *capsys.readouterr())

    return squid


class Pacs:
    """In place of the errands: what it has, what it was asked, what comes of each fetch."""

    def __init__(self) -> None:
        self.studies: list[FoundStudy] = [FoundStudy("1.2.3", patient_id="P-17", instances=1)]
        self.said = Said(Outcome.DONE, words.ANSWERED)
        self.more = False
        self.fetched = Fetched(DONE, files=1)
        self.questions: list[Question] = []
        self.fetches: list[tuple[str, tuple[str, ...], str]] = []

    def find(self, _settings: Any, _peer: str, _password: str, question: Question, _most: int) -> Answer:
        self.questions.append(question)
        return Answer(self.said, tuple(self.studies), self.more)

    def fetch_study(self, _settings: Any, _peer: str, password: str, study: str, _in: Path, modalities: Any) -> Fetched:
        self.fetches.append((study, modalities, password))
        return self.fetched


@pytest.fixture
def pacs(monkeypatch: pytest.MonkeyPatch) -> Pacs:
    made = Pacs()
    monkeypatch.setattr(command, "find", made.find)
    monkeypatch.setattr(command, "fetch_study", made.fetch_study)
    return made


@pytest.mark.parametrize(
    ("spoken", "question"),
    [
        (["--from-date", "2026-11-29"], Question(first_day=date(2026, 11, 29), modalities=BOTH)),
        (["--to-date", "2026-11-29"], Question(last_day=date(2026, 11, 29), modalities=BOTH)),
        (["--patient-id", "P-17", "--modality", "any"], Question(patient_id="P-17")),
        (["--accession", "A1", "--modality", "cr, mg"], Question(accession_number="A1", modalities=("CR", "MG"))),
        (
            ["--accession", "A1", "--modality", "CR", "--modality", "DX"],
            Question(accession_number="A1", modalities=BOTH),
        ),
        (["--study", "1.2.3"], Question(study_instance_uid="1.2.3")),
        (
            ["--today", "--body-part", "CHEST"],
            Question(date.today(), date.today(), modalities=BOTH, body_part="CHEST"),  # noqa: DTZ011
        ),
    ],
)
def test_what_is_spoken_is_what_is_asked(run: Run, pacs: Pacs, spoken: list[str], question: Question) -> None:
    assert run("fetch", "--from", "PACS", *spoken)[0] == 0
    assert pacs.questions == [question]
    assert pacs.fetches == [("1.2.3", question.modalities, "")]


def test_the_last_days_are_counted_with_today(run: Run, pacs: Pacs) -> None:
    run("fetch", "--from", "PACS", "--days", "3")
    (question,) = pacs.questions
    assert question.first_day is not None
    assert question.last_day is not None
    assert (question.last_day - question.first_day).days == 2


@pytest.mark.parametrize(
    "spoken", [[], ["--modality", "CR"], ["--body-part", "CHEST"], ["--every", "5", "--patient-id", "x"]]
)
def test_what_would_fetch_everything_is_refused(run: Run, pacs: Pacs, spoken: list[str]) -> None:
    code, said, complaint = run("fetch", "--from", "PACS", *spoken)
    assert (code, said, pacs.fetches) == (2, "", [])
    assert complaint


def test_the_exit_status_says_whether_all_is_here(run: Run, pacs: Pacs) -> None:
    pacs.fetched = Fetched(Said(Outcome.PARTLY, words.SOME_MISSING), 1, 0, 2)
    code, said, _ = run("fetch", "--from", "PACS", "--today")
    assert code == 1
    assert said.splitlines() == [
        f"Study 1 of 1: 1 files came, 0 were here, 2 are missing. {words.SOME_MISSING}",
        "0 of 1 studies are here.",
    ]
    pacs.fetched, pacs.more = Fetched(DONE, 1), True
    assert run("fetch", "--from", "PACS", "--today")[0] == 1
    pacs.said = Said(Outcome.FAILED, words.CLOSED_PORT)
    assert run("fetch", "--from", "PACS", "--today") == (2, "", f"squid: {words.CLOSED_PORT}\n")


def test_progress_names_nobody_and_a_list_does(run: Run, pacs: Pacs) -> None:
    assert "P-17" not in run("fetch", "--from", "PACS", "--today")[1]
    pacs.fetches.clear()
    assert "P-17" in run("fetch", "--from", "PACS", "--today", "--list")[1]
    assert pacs.fetches == []


def test_again_and_again_nothing_is_fetched_twice(run: Run, pacs: Pacs, monkeypatch: pytest.MonkeyPatch) -> None:
    turns: list[float] = []

    def sleep(seconds: float) -> None:
        turns.append(seconds)
        pacs.said = Said(Outcome.FAILED, words.CLOSED_PORT) if len(turns) == 1 else DONE
        if len(turns) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(time, "sleep", sleep)
    code, said, complaint = run("fetch", "--from", "PACS", "--every", "5")
    assert (code, complaint) == (0, "")
    assert len(pacs.questions) == 3
    assert [study for study, *_ in pacs.fetches] == ["1.2.3"]
    assert words.CLOSED_PORT in said
    assert all(290 < seconds <= 300 for seconds in turns)


def test_a_system_that_is_not_configured(run: Run, pacs: Pacs) -> None:
    code, _, complaint = run("fetch", "--from", "elsewhere", "--today")
    assert (code, pacs.questions) == (2, [])
    assert complaint == "squid: No such system is configured. Configured: PACS.\n"


def test_a_locked_key_ring_is_a_sentence(run: Run, pacs: Pacs) -> None:
    keyring.set_keyring(LockedRing())
    code, _, complaint = run("fetch", "--from", "PACS", "--today")
    assert (code, pacs.questions) == (2, [])
    assert complaint == "squid: The system's key ring is locked. Unlock it, then try again.\n"


def test_a_password_is_kept_used_and_forgotten(run: Run, pacs: Pacs, monkeypatch: pytest.MonkeyPatch) -> None:
    read, write = os.pipe()
    os.write(write, b"correct horse\n")
    os.close(write)
    with os.fdopen(read) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        assert run("peers", "--password", "PACS") == (0, "The password is in the key ring.\n", "")
    run("fetch", "--from", "PACS", "--today")
    assert pacs.fetches[0][2] == "correct horse"
    run("peers", "--forget", "PACS")
    run("fetch", "--from", "PACS", "--today")
    assert pacs.fetches[1][2] == ""


def test_the_systems_are_listed(run: Run) -> None:
    assert run("peers")[1].split() == ["PACS", "https://pacs.example/dicom-web,", "user", "reader", "(query,", "send)"]


def test_a_test_that_fails_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with web(lambda _: WebAnswer(status=404)) as (peer, _):
        write_settings(NetworkSettings(peers=(peer,)), tmp_path)
        assert main(["peers", "--test", "odd", "--home", str(tmp_path)]) == 1
    assert capsys.readouterr().out == f"{words.NOT_FOUND} (HTTP 404)\n"


@pytest.mark.skipif(sys.platform == "win32", reason="ends a process in the POSIX way")
@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGINT])
def test_a_fetch_that_is_ended_in_the_middle_goes_on(ending: signal.Signals, tmp_path: Path) -> None:
    half, go_on = threading.Event(), threading.Event()

    def slowly() -> Iterator[bytes]:
        yield MULTIPART_HEAD + film()[:5_000]
        yield b"\0" * 500_000  # enough for the other side to have begun a file
        half.set()
        go_on.wait(20)

    def told(asked: WebAsked) -> WebAnswer:
        answer = multipart(film())
        return holding(answer if half.is_set() else WebAnswer(headers=answer.headers, pieces=slowly()))(asked)

    with web(told) as (peer, _):
        write_settings(NetworkSettings(peers=(peer,)), tmp_path)
        words_spoken = ["fetch", "--from", "odd", "--study", STUDY, "--home", str(tmp_path)]
        process = subprocess.Popen(
            [sys.executable, "-m", "squid_core.cli", *words_spoken], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert half.wait(30)
        incoming = incoming_folder(tmp_path)
        until = time.monotonic() + 10
        while not list(incoming.glob(f".*{PART}")) and time.monotonic() < until:
            time.sleep(0.02)
        process.send_signal(ending)
        _, complaint = process.communicate(timeout=20)
        go_on.set()
        assert bool(list(incoming.glob(f".*{PART}"))) is (ending is signal.SIGKILL)
        assert not list(incoming.rglob("*.dcm"))
        if ending is signal.SIGINT:
            assert (process.returncode, complaint) == (130, b"squid: stopped.\n")
        assert main(words_spoken) == 0
        (whole,) = (path for path in incoming.rglob("*") if path.is_file())
        assert whole.read_bytes() == film()
