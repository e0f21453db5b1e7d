"""Output that cannot be written is said in a sentence, and nothing ends in a traceback."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from squid_core.contracts.errors import SquidError
from squid_core.terminal import run_guarded, say

BASH = shutil.which("bash") or ""
pytestmark = pytest.mark.skipif(not (BASH and Path("/dev/full").exists()), reason="there is no bash or no /dev/full")

SQUID, VIEWER = [sys.executable, "-m", "squid_core.cli"], [sys.executable, "-m", "app"]
SPEAKERS = [
    [*SQUID, "--version"],
    [*SQUID, "--help"],
    [*SQUID, "triage", "--help"],
    [*VIEWER, "--version"],
    [*VIEWER, "--help"],
]
DISK_FULL = "The output could not be written: No space left on device."


def shell(command: list[str], redirection: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command with its streams led elsewhere; the exit code is its own."""
    line = f"set -o pipefail; {shlex.join(command)} {redirection}"
    environment = {**os.environ, "PYTHONUNBUFFERED": "", **environment}
    return subprocess.run([BASH, "-c", line], capture_output=True, text=True, timeout=60, check=False, env=environment)


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("command", SPEAKERS, ids=lambda command: " ".join(command[2:]))
def test_a_full_disk_is_a_sentence(command: list[str], unbuffered: str) -> None:
    ended = shell(command, ">/dev/full", PYTHONUNBUFFERED=unbuffered)
    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1)
    assert DISK_FULL in ended.stderr


@pytest.mark.parametrize("command", SPEAKERS, ids=lambda command: " ".join(command[2:]))
def test_a_reader_that_has_gone_ends_it_quietly(command: list[str]) -> None:
    ended = shell(["sh", "-c", f"sleep 0.2; exec {shlex.join(command)}"], "| true")
    assert (ended.returncode, ended.stderr) == (141, "")


@pytest.mark.parametrize("command", SPEAKERS[::3], ids=lambda command: " ".join(command[2:]))
@pytest.mark.parametrize("redirection", [">&-", "<&- >&-"])
def test_a_closed_output_is_a_sentence(command: list[str], redirection: str) -> None:
    ended = shell(command, redirection)
    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1)
    assert "could not be written" in ended.stderr


@pytest.mark.parametrize("command", [[*SQUID, "triage"], [*SQUID, "triage", "/no such"], [*VIEWER, "/no such"]])
@pytest.mark.parametrize("redirection", ["2>/dev/full", "2>&-", ">/dev/full 2>/dev/full", "<&- >&- 2>&-"])
def test_without_a_place_for_sentences_the_exit_code_still_tells(command: list[str], redirection: str) -> None:
    ended = shell(command, redirection)
    assert (ended.returncode, ended.stdout, ended.stderr) == (2, "", "")


def test_a_file_that_is_opened_never_takes_the_place_of_a_closed_stream(tmp_path: Path) -> None:
    script = tmp_path / "program.py"
    script.write_text(
        "import os, sys, subprocess\n"
        "from squid_core.terminal import run_guarded\n"
        "def work():\n"
        "    with open(sys.argv[1], 'w') as worklist:\n"
        "        os.system('echo from a child; echo and more >&2')\n"
        "        worklist.write('the worklist')\n"
        "    return 0\n"
        "sys.exit(run_guarded('program', work))\n"
    )
    ended = shell([sys.executable, str(script), str(tmp_path / "worklist")], "<&- >&- 2>&-")
    assert ended.returncode == 0
    assert (tmp_path / "worklist").read_text() == "the worklist"


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (SquidError("It is broken.", "Mend it."), 2, "program: It is broken. Mend it.\n"),
        (OSError(28, "No space left on device", "/home/doe"), 2, "No space left on device.\n"),
        (KeyboardInterrupt("Go on with --resume."), 130, "program: stopped. Go on with --resume.\n"),
        (SystemExit(3), 3, ""),
        (SystemExit("why"), 2, ""),
    ],
)
def test_whatever_ends_the_work_becomes_a_sentence_and_a_code(
    error: BaseException, code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def work() -> int:
        say("half of it")
        raise error

    assert run_guarded("program", work) == code
    out, err = capsys.readouterr()
    assert out == "half of it\n"
    assert err.endswith(said)
    assert "doe" not in err


def group_lives(group: int) -> bool:
    """Whether a process of this group is at work (a zombie is not)."""
    return any(
        (fields := stat.rpartition(")")[2].split())[2] == str(group) and fields[0] != "Z"
        for stat in map(text_of, Path("/proc").glob("[0-9]*/stat"))
        if stat
    )


def text_of(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


def test_ctrl_c_is_a_sentence_and_ends_the_children(tmp_path: Path, demo_folder: Path) -> None:
    """Sent to the whole group, as a terminal does, at moments of starting and of work."""
    for number, wait in enumerate((0, 0.1, 0.3, 1.0)):
        out_file = tmp_path / f"{number}.jsonl"
        command = [*SQUID, "triage", str(demo_folder), "--device", "cpu", "--jsonl", str(out_file)]
        running = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # ignored where the suite runs behind an &
        )
        while not out_file.exists():
            assert running.poll() is None
            time.sleep(0.01)
        time.sleep(wait)
        os.killpg(running.pid, signal.SIGINT)
        _, err = running.communicate(timeout=30)
        # In the midst of an import, where a dataclass is made by exec, CPython says it all and then ends by the signal
        # itself, of which a shell says 130 too.
        assert running.returncode in (130, -signal.SIGINT)
        assert err.strip() == f"squid: stopped. What is answered is in {number}.jsonl; --resume goes on from there."
        until = time.monotonic() + 2
        while group_lives(running.pid) and time.monotonic() < until:
            time.sleep(0.02)
        assert not group_lives(running.pid)


@pytest.mark.parametrize("waits", ["threading.Event().wait(30)", "time.sleep(30)", "queue.Queue().get()"])
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_that_another_thread_is_given_ends_what_the_main_thread_waits_for(
    waits: str, number: signal.Signals, code: int, tmp_path: Path
) -> None:
    script = tmp_path / "program.py"
    script.write_text(
        "import queue, signal, sys, threading, time\n"
        "from squid_core.terminal import ending_on_term, run_guarded\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "def given():\n"
        "    time.sleep(0.3)\n"
        f"    signal.pthread_kill(threading.get_ident(), {number.value})\n"
        "def work():\n"
        "    threading.Thread(target=given).start()\n"
        "    with ending_on_term():\n"
        f"        {waits}\n"
        "    return 0\n"
        "sys.exit(run_guarded('program', work))\n"
    )
    ended = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=15, check=False)
    assert (ended.returncode, ended.stderr) == (code, "program: stopped.\n")


def test_nothing_of_the_waking_is_left_when_the_work_is_over() -> None:
    def held() -> tuple[object, list[str], int]:
        threads = [one.name for one in threading.enumerate()]
        return signal.getsignal(signal.SIGURG), threads, len([*Path("/proc/self/fd").iterdir()])

    def work() -> int:
        during.append(held())
        return 0

    before, during = held(), list[tuple[object, list[str], int]]()
    assert run_guarded("program", work) == 0
    assert "signals" in during[0][1]
    assert held() == before
