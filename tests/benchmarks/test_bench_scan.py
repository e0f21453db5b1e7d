"""How fast headers are listed, side by side with the shortest loop that pydicom offers."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pydicom import dcmread
from pytest_benchmark.fixture import BenchmarkFixture

from squid_core.contracts.radiograph import FileStatus
from squid_core.dicom.container.scan import walk
from squid_core.dicom.errands import identify_in_child
from squid_core.dicom.opening import WANTED
from squid_core.dicom.readers import ReaderPool
from squid_core.dicom.source import Source
from tests.squid_core.dicom.phantoms import chest, phantom, save, to_bytes

FILES = 1000
ROUNDS = 5
SECONDS_FOR_TEN_THOUSAND = 60.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("headers")
    sound = to_bytes(chest(phantom(16, 16), StudyInstanceUID="1.2.3.100000"))
    for number in range(FILES):
        save(root / f"{number // 100}", sound.replace(b".100000", b".1%05d" % number), f"IM{number}")
    return root


def seconds_of_work(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def test_a_header_is_no_slower_than_a_bare_dcmread(benchmark: BenchmarkFixture, folder: Path) -> None:
    """Both in this process, in turn; ours checks every limit and converts every value, the bare loop neither."""
    paths = [found.path for found in walk(folder)]
    sources, tags = tuple(map(Source, paths)), sorted(WANTED)

    def bare() -> None:
        for path in paths:
            dcmread(path, specific_tags=tags, stop_before_pixels=True)

    def ours() -> None:
        assert all(examined.status is None for examined in identify_in_child(sources))

    bare()
    ours()
    ratio = statistics.median(seconds_of_work(ours) / seconds_of_work(bare) for _ in range(ROUNDS))
    benchmark.extra_info["ratio to a bare dcmread loop"] = round(ratio, 2)
    benchmark(ours)


def test_headers_through_the_readers(benchmark: BenchmarkFixture, folder: Path) -> None:
    with ReaderPool(2) as pool:
        pool.identify(next(walk(folder)).path).result(60)

        def listing() -> int:
            futures = [pool.identify(found.source) for found in walk(folder)]
            return sum(future.result(60).status is not FileStatus.ERROR for future in futures)

        began = time.monotonic()
        assert listing() == FILES
        seconds = (time.monotonic() - began) / FILES * 10_000
        benchmark.extra_info["goal, seconds for 10 000"] = SECONDS_FOR_TEN_THOUSAND
        benchmark.extra_info["seconds for 10 000"] = round(seconds, 1)
        benchmark(listing)
