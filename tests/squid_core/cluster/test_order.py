"""What goes to a worker: files with what was said of them, nothing that a log may name, and who takes no part."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from squid_core.bundle.library import Bundles
from squid_core.cluster.bench import NO_FILES, OTHER_VERSION, OTHER_WEIGHTS, held, why_not
from squid_core.cluster.order import Order, chunks, fingerprints
from squid_core.contracts.radiograph import FileStatus
from squid_core.inference.ledger import Ledger
from squid_core.inference.results import FileResult
from squid_core.inference.shard import Shard
from tests.squid_core.cluster.cheap import WEIGHTS, cheap


@pytest.fixture
def order(images: Path, weights: Path) -> Order:
    return Order((images,), WEIGHTS, fingerprints(Bundles(), WEIGHTS), "cpu", readers=1, loader=cheap)


def test_with_the_same_weights_and_files_a_worker_takes_part(order: Order) -> None:
    assert why_not(order) == ""
    held.leave(order)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"version": "0.0"}, OTHER_VERSION),
        ({"fingerprints": ("0" * 64,)}, OTHER_WEIGHTS),
        ({"roots": (Path("/nowhere on this machine"),)}, NO_FILES),
    ],
)
def test_a_worker_that_would_answer_otherwise_takes_no_part(order: Order, change: dict[str, object], why: str) -> None:
    assert why_not(replace(order, **change)) == why  # type: ignore[arg-type]


def test_what_dask_may_log_names_neither_file_nor_folder(order: Order, images: Path) -> None:
    chunk = next(chunks([images], Shard()))
    assert "Doe" not in f"{order!r} {chunk!r}"
    assert str(images) not in f"{order!r} {chunk!r}"


def test_a_chunk_carries_what_was_said_of_its_files_and_of_what_lies_in_them(images: Path, tmp_path: Path) -> None:
    with Ledger(tmp_path / "lines.jsonl") as earlier:
        for name in ("Doe Jane 03", "Doe Jane 03/IM1", "Doe Jane 03/deep/IM2", "elsewhere", "elsewhere/IM1"):
            earlier.add(FileResult(name, FileStatus.SKIPPED, "An archive.", digest="d"))
        said = [one.path for chunk in chunks([images], Shard(), earlier) for one in chunk.earlier]
        assert said == ["Doe Jane 03", "Doe Jane 03/IM1", "Doe Jane 03/deep/IM2"]
        first = next(chunks([images], Shard(), earlier))
    assert first.knows("Doe Jane 03/IM1")
    assert not first.knows("Doe Jane 04")
    assert first.answer("Doe Jane 03", "d")
    assert first.answer("Doe Jane 03", "other bytes") is None


def test_shards_of_a_folder_are_all_its_files(images: Path) -> None:
    parts = [[one.relative for chunk in chunks([images], Shard(n, 3)) for one in chunk.files] for n in (1, 2, 3)]
    assert sorted(name for part in parts for name in part) == sorted(path.name for path in images.iterdir())
    assert all(parts)
