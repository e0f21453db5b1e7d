"""How quickly the node takes what comes, beside DCMTK's storescp, in one run: ten senders at once, on loopback.

storescp does not wait until what it has written is on the disk; the node does, before it says so. The same without that
wait is given besides, for comparison alone.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from pydicom.uid import UID
from pytest_benchmark.fixture import BenchmarkFixture

from tests.network.nodes import AET, CALLER, squid_node
from tests.network.peers import LOOPBACK, free_port, run, running
from tests.squid_core.dicom.phantoms import chest, phantom

SENDERS, ROUNDS = 10, 3
WANTED = 0.8  # of storescp's throughput
NO_WAIT = "import os\nos.fsync = lambda descriptor: None\n"  # every interpreter that finds it runs it at its start


def _films(folder: Path, rows: int, columns: int, each: int) -> list[list[Path]]:
    """What each sender sends."""
    film = chest(phantom(rows, columns))
    sent = []
    for sender in range(SENDERS):
        paths = []
        for number in range(each):
            film.SOPInstanceUID = film.file_meta.MediaStorageSOPInstanceUID = UID(f"1.2.3.{sender}.{number}")
            paths.append(folder / f"{sender}-{number}.dcm")
            film.save_as(paths[-1], enforce_file_format=True)
        sent.append(paths)
    return sent


def _push(port: int, films: list[list[Path]]) -> float:
    """Seconds until all of it is taken."""
    began = time.perf_counter()
    with ThreadPoolExecutor(SENDERS) as pool:
        calls = [("storescu", "-aet", CALLER, "-aec", AET, LOOPBACK, str(port), *paths) for paths in films]
        done = list(pool.map(lambda call: run(*call), calls))
    assert all(one.returncode == 0 for one in done), done[0].stderr
    return time.perf_counter() - began


@contextmanager
def _storescp(folder: Path, *options: str) -> Iterator[int]:
    folder.mkdir()
    port = free_port()
    with running(["storescp", *options, "-od", str(folder), str(port)], port):
        yield port


def _without_waiting(folder: Path) -> str:
    """PYTHONPATH of a node that does not wait for the disk."""
    folder.mkdir(exist_ok=True)
    (folder / "sitecustomize.py").write_text(NO_WAIT, encoding="utf-8")
    return str(folder)


@pytest.mark.parametrize(("rows", "columns", "each"), [(64, 64, 50), (3000, 2500, 4)], ids=["small", "films"])
def test_the_node_beside_storescp(
    benchmark: BenchmarkFixture,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    measuring: bool,
    rows: int,
    columns: int,
    each: int,
) -> None:
    films = _films(tmp_path, *((rows, columns, each) if measuring else (64, 64, 1)))
    with squid_node(tmp_path / "node", associations=SENDERS) as (port, _):
        benchmark.pedantic(_push, args=(port, films), rounds=1)  # type: ignore[no-untyped-call]
    assert len(list((tmp_path / "node" / "incoming").rglob("*.dcm"))) == sum(map(len, films))
    seconds: dict[str, list[float]] = {"storescp --fork": [], "node": [], "node without fsync": []}
    for turn in range(ROUNDS if measuring else 0):
        with _storescp(tmp_path / f"storescp {turn}", "--fork") as port:  # without it, it has one at a time
            seconds["storescp --fork"].append(_push(port, films))
        with squid_node(tmp_path / f"node {turn}", associations=SENDERS) as (port, _):
            seconds["node"].append(_push(port, films))
        with monkeypatch.context() as patched:
            patched.setenv("PYTHONPATH", _without_waiting(tmp_path / "hook"), prepend=":")
            with squid_node(tmp_path / f"without {turn}", associations=SENDERS) as (port, _):
                seconds["node without fsync"].append(_push(port, films))
    if measuring:
        megabytes = sum(path.stat().st_size for paths in films for path in paths) / 1e6
        medians = {name: statistics.median(of_it) for name, of_it in seconds.items()}
        for name, median in medians.items():
            benchmark.extra_info[name] = f"{median:.2f} s, {megabytes / median:.0f} MB/s"
        ratio = medians["storescp --fork"] / medians["node"]
        benchmark.extra_info["throughput as part of storescp's"] = round(ratio, 2)
        assert ratio >= WANTED
