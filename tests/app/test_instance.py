"""One program a folder; whoever starts it again brings the first window to the front."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import squid_core.claim as claim_module
from app import instance
from app.instance import Request, claim, hand_over, take_request
from squid_core.claim import Claim
from squid_core.contracts.errors import SquidError

REQUEST = Request((Path("/somewhere/a film"), Path(os.fsdecode(b"/somewhere/\xff"))), demo=True)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "viewer home"


def test_a_folder_belongs_to_one_program_until_it_lets_go(home: Path) -> None:
    first = claim(home)
    assert first is not None
    assert first.lock is not None
    assert claim(home) is None
    first.release()
    again = claim(home)
    assert again is not None
    again.release()


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_a_killed_program_leaves_its_folder_free_though_its_children_live(home: Path) -> None:
    code = (
        "import subprocess, sys, time; from pathlib import Path; from app.instance import claim;"
        f"assert claim(Path({str(home)!r})); child = subprocess.Popen([sys.executable, '-c', 'input()'],"
        " stdin=subprocess.PIPE); print('ready', flush=True); time.sleep(60)"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    assert claim(home) is None
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    process.stdout.close()
    own = claim(home)
    assert own is not None
    assert own.lock is not None
    own.release()


def test_a_second_start_hands_over_what_it_was_asked_to_open(home: Path) -> None:
    first = claim(home)
    assert first is not None
    heard: list[Request | None] = []

    def listen() -> None:
        while not heard or heard[-1] is None:
            heard.append(take_request(home))
            time.sleep(0.01)

    listener = threading.Thread(target=listen)
    listener.start()
    assert hand_over(home, REQUEST) is None
    listener.join()
    assert heard[-1] == REQUEST
    first.release()


def test_a_start_while_the_first_is_closing_becomes_the_first(home: Path) -> None:
    first = claim(home)
    assert first is not None
    ending = threading.Timer(0.2, first.release)
    ending.start()
    own = hand_over(home, REQUEST)
    assert own is not None
    assert take_request(home) is None
    own.release()
    ending.join()


def test_a_program_that_does_not_answer_is_said_to_be_so(home: Path) -> None:
    first = claim(home)
    assert first is not None
    with pytest.raises(SquidError, match="does not answer"):
        hand_over(home, REQUEST, patience=0.1)
    assert take_request(home) is None
    first.release()


def test_a_folder_without_locks_is_used_all_the_same(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_locks(_: int) -> bool:
        raise OSError(37, "No locks available")

    monkeypatch.setattr(claim_module, "_lock", no_locks)
    assert claim(home) == Claim(None)
    (home.parent / "in the way").write_text("")
    assert claim(home.parent / "in the way") == Claim(None)


def test_a_request_that_makes_no_sense_only_shows_the_window(home: Path) -> None:
    home.mkdir()
    (home / instance.REQUEST).write_text('{"paths": ["zz"], "demo": 1}')
    assert take_request(home) == Request()


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions and signals")
def test_the_real_program_started_twice_stays_one_and_says_so(home: Path, tmp_path: Path) -> None:
    film = tmp_path / "film"
    film.write_text("no image")
    old = os.umask(0)
    try:
        first = subprocess.Popen([sys.executable, "-m", "app"], stderr=subprocess.PIPE, text=True)
    finally:
        os.umask(old)
    until = time.monotonic() + 60
    while not (home / "worklist.sqlite").exists() and time.monotonic() < until:
        time.sleep(0.05)
    second = subprocess.run(
        [sys.executable, "-m", "app", str(film)], capture_output=True, text=True, timeout=60, check=False
    )
    picture = ["--snapshot", str(tmp_path / "picture.png")]
    third = subprocess.run(
        [sys.executable, "-m", "app", *picture], capture_output=True, text=True, timeout=60, check=False
    )
    first.send_signal(signal.SIGTERM)
    _, complaints = first.communicate(timeout=60)
    assert (first.returncode, complaints) == (0, "")
    assert second.returncode == 0
    assert second.stderr == (
        "squid-viewer: SQUID Viewer is running already; its window was brought to the front."
        " What you asked for is opened there.\n"
    )
    assert third.returncode == 2
    assert "close it, or set" in third.stderr
    for path in (home, *home.rglob("*")):
        assert path.stat().st_mode & 0o077 == 0, path
