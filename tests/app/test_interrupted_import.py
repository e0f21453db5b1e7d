"""The program is killed in the middle of an import, and goes on with it at the next start.

`SQUID_SOAK_FILES=20000` runs the long form (`make soak`).
"""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from pydicom.uid import generate_uid

from tests.squid_core.dicom.phantoms import chest, to_bytes

FILES = int(os.environ.get("SQUID_SOAK_FILES", "1500"))
PATIENCE_SECONDS = 60.0 + FILES / 50
BACK_SECONDS = 5.0  # from the start of the program until the import goes on, on a machine that does nothing else

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="POSIX signals"),
    pytest.mark.timeout(60 + 3 * PATIENCE_SECONDS),
]


@pytest.fixture
def films(tmp_path: Path) -> Path:
    """A folder of many small images, each of a study of its own, that do not differ in length."""
    folder = tmp_path / "films"
    folder.mkdir()
    uids = [generate_uid(entropy_srcs=[str(number)]) for number in range(2)]
    data = to_bytes(chest(chest().pixel_array[:64, :64], SOPInstanceUID=uids[0], StudyInstanceUID=uids[1]))
    for number in range(FILES):
        changed = data
        for uid in uids:
            own = f"{uid[:-6]}{number:06}"
            changed = changed.replace(uid.encode(), own.encode())
        (folder / f"{number:05}").write_bytes(changed)
    return folder


def run(*paths: Path) -> subprocess.Popen[bytes]:
    """The program itself, in a session of its own so that its children can be killed with it."""
    return subprocess.Popen(
        [sys.executable, "-m", "app", *map(str, paths)], stderr=subprocess.DEVNULL, start_new_session=True
    )


def kill(process: subprocess.Popen[bytes]) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)


def counts(store: Path) -> tuple[int, int]:
    """Images and unfinished roots in the store."""
    try:
        with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True, timeout=5)) as database:
            images = database.execute("SELECT count(*) FROM images").fetchone()[0]
            return images, database.execute("SELECT count(*) FROM imports").fetchone()[0]
    except sqlite3.OperationalError:  # it is not there yet
        return 0, 0


def wait(store: Path, begun: float, *, least: int, roots: int) -> float:
    """Until there are so many images and roots; how many seconds after `begun`."""
    while time.monotonic() - begun < PATIENCE_SECONDS:
        images, open_roots = counts(store)
        if images >= least and open_roots == roots:
            return time.monotonic() - begun
        time.sleep(0.02)
    raise AssertionError(f"{counts(store)} after {PATIENCE_SECONDS} s")


def test_an_import_that_was_killed_goes_on_at_the_next_start(films: Path, tmp_path: Path) -> None:
    home = tmp_path / "viewer home"
    store = home / "worklist.sqlite"
    process = run(films)
    try:
        wait(store, time.monotonic(), least=100, roots=1)
    finally:
        kill(process)
    killed_at, roots = counts(store)
    assert roots == 1
    assert killed_at < FILES

    begun = time.monotonic()
    process = run()
    try:
        took = wait(store, begun, least=killed_at + 1, roots=1)
        wait(store, begun, least=FILES, roots=0)
    finally:
        kill(process)
    assert took < BACK_SECONDS * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
    assert counts(store) == (FILES, 0)
    assert "The import that was interrupted goes on." in (home / "logs" / "viewer.log").read_text()
    print(f"killed at {killed_at} of {FILES}, goes on {took:.1f} s after the start")  # noqa: T201
