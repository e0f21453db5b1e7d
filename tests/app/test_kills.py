"""kill -9 of the program, its window, its detector and its readers, at random and at named moments: nothing that was
committed is lost, nothing is scored twice, no sound file is called damaged, and nothing is left behind.

`SQUID_KILLS` says how many (`make soak`: 500).
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import psutil
import pytest

from tests.app.world import Face

KILLS = int(os.environ.get("SQUID_KILLS", "50"))
FILES = 40
POINTS = (
    *(f"save_results:{when}:{count}" for when in ("before", "after") for count in (1, 3)),
    *(f"save_images:{when}:{count}" for when in ("before", "after") for count in (1, 2)),
    "take_over:after:2",
)
PATIENCE_SECONDS = 60.0


class Morning:
    """A folder of images, and the program that is killed over it again and again until all are scored."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.home, self.disk, self.random = folder / "home", folder / "disk", random.Random(seed)  # noqa: S311
        self.disk.mkdir(parents=True)
        faces = [Face(1 + n % 9, n, 1, code=16 + 2 * (n % 48)) for n in range(FILES)]
        for number, face in enumerate(faces):
            (self.disk / f"{number:03}").write_bytes(face.data)
        self.digests = {face.digest for face in faces}
        self.committed: dict[str, float] = {}
        self.kills: Counter[str] = Counter()
        self.back: list[float] = []

    def start(self, point: str = "") -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.app.light_program", str(self.home), str(self.disk)]
        environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
        return subprocess.Popen(
            [*command, *([point] if point else [])],
            stdout=subprocess.PIPE, text=True, start_new_session=True, env=environment,
        )  # fmt: skip

    def kill(self, program: subprocess.Popen[str], whom: str) -> None:
        """Kill the program's window, all of its processes, or one of its children."""
        with contextlib.suppress(psutil.Error, IndexError, ProcessLookupError):
            root = psutil.Process(program.pid)
            children = [child for child in root.children(recursive=True) if "resource_tracker" not in _line(child)]
            if whom == "a child":
                self.random.choice(children).kill()
            else:
                for victim in (root, *(children if whom == "the tree" else ())):
                    victim.kill()
            self.kills[whom] += 1

    def look(self) -> None:
        """What was committed is there, once, and whole."""
        if not (self.home / "worklist.sqlite").exists():
            return
        with contextlib.closing(sqlite3.connect(self.home / "worklist.sqlite")) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            try:
                rows = connection.execute("SELECT digest, count(*) FROM results GROUP BY digest").fetchall()
            except sqlite3.OperationalError:
                return  # killed before the tables were made
            scores = dict(connection.execute("SELECT digest, score FROM images WHERE state = 'scored'").fetchall())
            damaged = connection.execute("SELECT message FROM images WHERE state = 'error'").fetchall()
        assert all(count == 1 for _, count in rows), "scored twice"
        assert {digest for digest, _ in rows} <= self.digests
        assert self.committed.items() <= scores.items(), "what was committed is lost"
        assert not damaged, "a sound file is called damaged"
        self.committed = scores

    def run(self, most: int) -> None:
        """Start and kill, until all is scored or enough were killed."""
        while sum(self.kills.values()) < most and len(self.committed) < FILES:
            point = self.random.choice(POINTS) if self.random.random() < 0.2 else ""
            program = self.start(point)
            until = time.monotonic() + self.random.uniform(1.0, 4.0)
            while program.poll() is None and time.monotonic() < until and not point:
                time.sleep(self.random.uniform(0.1, 0.6))
                self.kill(program, "a child")
            if point:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    program.wait(20)
                self.kills[point.split(":")[0]] += program.poll() == -signal.SIGKILL
            if program.poll() is None:
                self.kill(program, self.random.choice(("the window", "the tree")))
            self.end(program)

    def end(self, program: subprocess.Popen[str]) -> None:
        """The program has gone, and so have its children; nothing is left on the disk."""
        said, _ = program.communicate(timeout=PATIENCE_SECONDS)
        self.back += [float(line.split()[1]) for line in said.splitlines() if line.startswith("working")]
        until = time.monotonic() + 2
        while left := _of_session(program.pid):
            assert time.monotonic() < until, f"left running: {left}"
            time.sleep(0.05)
        self.look()
        assert not [path for path in self.home.rglob("*") if path.name.endswith(".tmp")]

    def finish(self) -> None:
        """Left alone, it brings everything to its end."""
        program = self.start()
        said, _ = program.communicate(timeout=PATIENCE_SECONDS)
        assert program.returncode == 0, said
        self.look()
        assert set(self.committed) == self.digests, "images were lost"


def _line(process: psutil.Process) -> str:
    with contextlib.suppress(psutil.Error):
        return " ".join(process.cmdline())
    return ""


def _of_session(leader: int) -> list[str]:
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, ProcessLookupError, OSError):
            if os.getsid(process.pid) == leader and process.status() != psutil.STATUS_ZOMBIE:
                found.append(_line(process)[-80:])
    return found


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is of POSIX")
def test_whoever_is_killed_nothing_is_lost_doubled_or_slandered(tmp_path: Path) -> None:
    done, seed, back = Counter[str](), 0, list[float]()
    while sum(done.values()) < KILLS:
        morning = Morning(tmp_path / str(seed), seed)
        morning.run(KILLS - sum(done.values()))
        morning.finish()
        done += morning.kills
        back += morning.back
        seed += 1
    sys.stderr.write(f"{dict(done)}; at work again {min(back):.1f} to {max(back):.1f} s after the start\n")
    assert sorted(back)[len(back) // 2] < 5, "unfinished work is not taken up again soon"
