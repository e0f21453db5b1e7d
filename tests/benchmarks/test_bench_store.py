"""A store of many results: the start, opening a study, committing a result. `make bench`.

`SQUID_BENCH_IMAGES=100000 make bench` fills it with so many images, a study each (3 GB, some minutes); 2000 otherwise.
"""

from __future__ import annotations

import os
import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import cycle
from pathlib import Path

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from app.domain.drift.scorings import not_scored, scorings
from app.domain.drift.watch import DriftPage, DriftQuestion, WatchedBundle, drift_page
from app.domain.retention import Retention
from app.domain.study import ImageItem
from app.domain.worklist import Worklist
from app.storage.database import Database
from app.storage.detections import decode, encode, settings_key
from squid_core.contracts.detection import RECONSTRUCTION_STEPS, Detection, in_steps
from tests.app.samples import image, save, scored
from tests.app.ui import synthetic

IMAGES = int(os.environ.get("SQUID_BENCH_IMAGES", "2000"))
BUNDLE = "b" * 64
KEEP = Retention(365, 10**12)


@pytest.fixture(scope="module")
def found() -> Detection:
    """With the grain of a real image, so that it compresses no better."""
    base = synthetic.detection(synthetic.radiograph(), score=0.5)
    grain = np.random.default_rng(0).normal(0, 0.004, base.reconstruction.shape)
    made = in_steps(np.clip(base.reconstruction + grain, 0, 1).astype(np.float32), RECONSTRUCTION_STEPS)
    return replace(base, reconstruction=made, difference=base.input_image - made)


@pytest.fixture(scope="module")
def items(found: Detection) -> list[ImageItem]:
    made = []
    for number in range(IMAGES):
        item = scored(image(f"{number}", f"1.2.{number}", arrival=number), found)
        made.append(replace(item, digest=f"{number:064x}", result=number + 1))
    return made


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory, found: Detection, items: list[ImageItem]) -> Path:
    path = tmp_path_factory.mktemp("store") / "worklist.sqlite"
    store = Database(path, lambda notice: pytest.fail(str(notice)))
    store.save_images(items)
    store.close()
    settings, payload = settings_key(found.trial.settings), encode(found)
    rows = ((item.result, item.digest, BUNDLE, settings, "2026-01-01", payload) for item in items)
    with closing(sqlite3.connect(path)) as db:
        db.executemany("INSERT INTO results VALUES (?, ?, ?, ?, ?, ?)", rows)
        db.commit()
    return path


@pytest.fixture
def store(file: Path) -> Iterator[Database]:
    made = Database(file, lambda notice: pytest.fail(str(notice)))
    yield made
    made.close()


def test_packing_a_result(benchmark: BenchmarkFixture, found: Detection) -> None:
    benchmark.extra_info["bytes"] = len(benchmark(encode, found))


def test_unpacking_a_result(benchmark: BenchmarkFixture, found: Detection) -> None:
    benchmark(decode, encode(found))


def test_bringing_the_worklist_back(benchmark: BenchmarkFixture, file: Path, store: Database) -> None:
    assert len(benchmark.pedantic(store.images, rounds=1)) == IMAGES  # type: ignore[no-untyped-call]
    benchmark.extra_info["images"] = IMAGES
    benchmark.extra_info["MB of the file"] = file.stat().st_size / 1e6
    benchmark.extra_info["MB of memory at most"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def test_sorting_the_worklist(benchmark: BenchmarkFixture, items: list[ImageItem]) -> None:
    benchmark.pedantic(lambda: Worklist(items).studies, rounds=1)  # type: ignore[no-untyped-call]


def test_one_more_score_on_the_worklist(benchmark: BenchmarkFixture, items: list[ImageItem]) -> None:
    worklist = Worklist(items)
    turn = cycle(items)
    benchmark(lambda: worklist.upsert(replace(next(turn), score=0.25)).studies)


def test_opening_a_study(benchmark: BenchmarkFixture, store: Database, items: list[ImageItem]) -> None:
    order = np.random.default_rng(1).permutation(IMAGES)
    turn = cycle(order.tolist())
    assert benchmark(lambda: store.result_of(items[next(turn)])) is not None


def test_looking_at_all_percentiles_of_the_worklist(
    benchmark: BenchmarkFixture, store: Database, items: list[ImageItem]
) -> None:
    bundle, worklist = WatchedBundle(BUNDLE, "adult", 1271), Worklist(items)

    def look() -> DriftPage:
        found = scorings(worklist.studies, store.scored_by(), BUNDLE)
        return drift_page(DriftQuestion(BUNDLE, None), found, not_scored(worklist.studies), (bundle,))

    assert benchmark(look).whole.count == IMAGES


def test_committing_a_result(
    benchmark: BenchmarkFixture, store: Database, found: Detection, items: list[ImageItem]
) -> None:
    turn = cycle(items)

    def commit() -> None:
        item = replace(next(turn), result=None)
        save(store, item, found, BUNDLE)

    benchmark.pedantic(commit, rounds=50)  # type: ignore[no-untyped-call]


def test_finding_what_is_not_on_the_worklist(benchmark: BenchmarkFixture, store: Database) -> None:
    benchmark.pedantic(store.note_unlisted, rounds=3)  # type: ignore[no-untyped-call]


def test_a_slice_of_tidying(benchmark: BenchmarkFixture, store: Database, items: list[ImageItem]) -> None:
    """Of dropping a tenth of the results; the longest slice is what a question of the window's may wait."""
    store.remove_images([item.key for item in items[: IMAGES // 10]])
    store.note_unlisted()
    with closing(sqlite3.connect(store._file._path or "")) as db:
        db.execute("UPDATE unlisted_results SET since = '2020'")
        db.commit()
    rounds = IMAGES // 10 // 50 + 1
    benchmark.pedantic(store.tidy, (KEEP,), rounds=rounds)  # type: ignore[no-untyped-call]
