"""MNIST's files: read as they are, and every damage gets a sentence."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from squid_core.contracts.errors import SquidError
from squid_core.datasets.idx import load_digits, read_idx
from tests.squid_core.datasets.made_up_digits import digits, idx, write_mnist


def test_bytes_become_an_array_with_the_last_axis_fastest(tmp_path: Path) -> None:
    path = tmp_path / "some"
    path.write_bytes(bytes([0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6]))
    assert read_idx(path).tolist() == [[1, 2, 3], [4, 5, 6]]
    path.write_bytes(gzip.compress(path.read_bytes(), mtime=0))
    assert read_idx(path).tolist() == [[1, 2, 3], [4, 5, 6]]


WHOLE = idx(np.arange(12, dtype=np.uint8).reshape(2, 2, 3))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "is no idx file"),
        (b"\x89PNG and more", "is no idx file"),
        (WHOLE[:2] + b"\x0d" + WHOLE[3:], "does not hold unsigned bytes"),
        (WHOLE[:-1], "cut short or longer"),
        (WHOLE + b"\0", "cut short or longer"),
        (WHOLE[:7], "cut short or longer"),
        (bytes([0, 0, 8, 0, 7]), "cut short or longer"),
        (bytes([0, 0, 8, 3]) + b"\xff" * 12, "cut short or longer"),
        (gzip.compress(WHOLE, mtime=0)[:-9], "cannot be read"),
        (gzip.compress(WHOLE, mtime=0)[:12] + b"\xff" * 20, "cannot be read"),
    ],
)
def test_damage_gets_a_sentence(tmp_path: Path, data: bytes, sentence: str) -> None:
    path = tmp_path / "train-images-idx3-ubyte"
    path.write_bytes(data)
    with pytest.raises(SquidError, match=f"^train-images-idx3-ubyte .*{sentence}"):
        read_idx(path)


def test_a_small_file_that_unpacks_without_end_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("squid_core.datasets.idx.MAX_BYTES", 1000)
    path = tmp_path / "bomb.gz"
    path.write_bytes(gzip.compress(b"\0" * 100_000, mtime=0))
    with pytest.raises(SquidError, match="too large"):
        read_idx(path)


def test_a_folder_gives_both_parts_under_the_names_they_go_by(tmp_path: Path) -> None:
    folder = write_mnist(tmp_path / "mnist")
    train, test = load_digits(folder, "train"), load_digits(folder, "t10k")
    assert (train.images.shape, test.images.shape) == ((200, 12, 12), (60, 12, 12))
    assert np.array_equal(train.images, digits(200, 1).images)
    assert [len(found) for found in test.by_digit] == [6] * 10


def test_a_missing_file_or_labels_of_other_images_get_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SquidError, match="holds no train-images"):
        load_digits(tmp_path, "train")
    folder = write_mnist(tmp_path / "mnist")
    labels = folder / "t10k-labels-idx1-ubyte"
    labels.write_bytes(idx(np.zeros(59, np.uint8)))
    with pytest.raises(SquidError, match="do not belong together"):
        load_digits(folder, "t10k")
    labels.write_bytes(idx(np.full(60, 10, np.uint8)))
    with pytest.raises(SquidError, match="hold no digits"):
        load_digits(folder, "t10k")


def test_held_out_digits_are_none_of_the_others() -> None:
    kept, held = digits(100).split(0.15)
    assert (len(kept.labels), len(held.labels)) == (85, 15)
    assert np.array_equal(np.concatenate((kept.images, held.images)), digits(100).images)


@pytest.mark.shared
def test_the_real_files_hold_what_mnist_says(shared: Path) -> None:
    train, test = load_digits(shared / "mnist", "train"), load_digits(shared / "mnist", "t10k")
    assert (train.images.shape, test.images.shape) == ((60_000, 28, 28), (10_000, 28, 28))
    assert train.labels[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    assert min(map(len, test.by_digit)) == 892, "fives are the rarest"
