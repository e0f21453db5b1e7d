"""The frozen program beside the same program from a virtual environment: from its start to window and picture.

`make bench`, where `make bundle` has built one and Xvfb is there. Seen from outside, in the memory of a virtual screen,
so both are the programs that a user starts. Targets: the window within 2.5 s, cold, and a picture within 4 s.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from tests.benchmarks.test_bench_program import write_film

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
WIDTH, HEIGHT = 1680, 1050
PATIENCE_SECONDS, LOOK_SECONDS = 60.0, 0.02
STARTS = 3
HEADER_WORDS, HEADER_SIZE, HEADER_COLOURS, COLOUR_BYTES = 25, 0, 19, 12  # of X11's XWD file format
WINDOW_SHARE = 0.3  # of the screen that is no longer black
PICTURE_GREYS = 150  # different ones in its middle
PICTURE = (slice(150, 500, 2), slice(500, 900, 2))  # rows and columns that the original's pane covers


@dataclass(frozen=True, slots=True)
class Start:
    """Seconds from the start until the window, and the picture in it, were on the screen."""

    window: float
    picture: float


class Screen:
    """A virtual screen.

    Attributes:
        display: its name for X11.
        pixels: (HEIGHT, WIDTH, 4) uint8, blue green red and nothing: as it is at each moment.
    """

    def __init__(self, server: str, folder: Path) -> None:
        told, tells = os.pipe()
        command = [server, "-displayfd", str(tells), "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-fbdir", str(folder)]
        self._server = subprocess.Popen(command, stderr=subprocess.DEVNULL, pass_fds=(tells,))
        os.close(tells)
        with os.fdopen(told, encoding="ascii") as line:
            self.display = f":{line.readline().strip()}"  # said once it answers
        file = folder / "Xvfb_screen0"
        header = np.memmap(file, ">u4", "r", shape=(HEADER_WORDS,))
        offset = int(header[HEADER_SIZE] + header[HEADER_COLOURS] * COLOUR_BYTES)
        self.pixels = np.memmap(file, np.uint8, "r", offset, (HEIGHT, WIDTH, 4))

    def close(self) -> None:
        """End it."""
        self._server.terminate()
        self._server.wait(PATIENCE_SECONDS)


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    server = shutil.which("Xvfb")
    if server is None:
        pytest.skip("Xvfb is not installed: .ci/test-tools.sh")
    screen = Screen(server, tmp_path_factory.mktemp("screen"))
    yield screen
    screen.close()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a scored film."""
    folder = tmp_path_factory.mktemp("film")
    write_film(folder / "film", 0)
    home = tmp_path_factory.mktemp("home")
    picture = str(folder / "picture.png")
    command = [sys.executable, "-m", "app", str(folder / "film"), "--snapshot", picture, "--device", "cpu"]
    environment = {**os.environ, "SQUID_VIEWER_HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}
    subprocess.run(command, env=environment, check=True, capture_output=True, timeout=PATIENCE_SECONDS * 5)
    return home


def _forget(folders: list[Path]) -> None:
    """Ask the system to drop what it has of these folders' files in memory; what another process uses stays."""
    for file in (file for folder in folders for file in folder.rglob("*") if file.is_file()):
        descriptor = os.open(file, os.O_RDONLY)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(descriptor)


def _start(command: list[str], home: Path, screen: Screen) -> Start:
    environment = {**os.environ, "DISPLAY": screen.display, "SQUID_VIEWER_HOME": str(home), "QT_QPA_PLATFORM": "xcb"}
    window = 0.0
    began = time.monotonic()
    running = subprocess.Popen(command, env=environment)
    try:
        while (now := time.monotonic() - began) < PATIENCE_SECONDS:
            if not window and (screen.pixels[::8, ::8, :3].max(axis=2) > 0).mean() > WINDOW_SHARE:
                window = now
            part = screen.pixels[(*PICTURE, slice(3))]
            greys = part[np.ptp(part, axis=2) == 0]
            if window and len(np.unique(greys)) > PICTURE_GREYS:
                return Start(window, now)
            time.sleep(LOOK_SECONDS)
        raise AssertionError("no picture")
    finally:
        running.terminate()
        running.wait(PATIENCE_SECONDS)


@pytest.mark.parametrize("cold", [True, False], ids=["cold", "warm"])
@pytest.mark.parametrize("frozen", [True, False], ids=["bundle", "venv"])
def test_from_the_start_to_window_and_picture(
    benchmark: BenchmarkFixture, repository: Path, home: Path, screen: Screen, frozen: bool, cold: bool
) -> None:
    bundles = sorted((repository / "dist").glob("squid-viewer*/squid-viewer"))
    if not bundles:
        pytest.skip("dist/ holds no frozen program: make bundle")
    command = [str(bundles[-1])] if frozen else [sys.executable, "-m", "app"]
    rooms = [repository / "app", repository / "squid_core"]
    folders = [bundles[-1].parent] if frozen else [Path(sys.prefix), Path(sys.base_prefix, "lib", "python3.11"), *rooms]
    starts: list[Start] = []

    def start() -> None:
        starts.append(_start(command, home, screen))

    benchmark.pedantic(start, setup=lambda: _forget(folders if cold else []), rounds=STARTS)  # type: ignore[no-untyped-call]
    benchmark.extra_info["window, seconds (median)"] = round(median(one.window for one in starts), 2)
    benchmark.extra_info["picture, seconds (median)"] = round(median(one.picture for one in starts), 2)
