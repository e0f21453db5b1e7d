"""A packed file in place of a folder: the same training, nobody's name, and a sentence for what it is not."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from squid_core.cli import main
from squid_core.contracts.errors import SquidError
from squid_core.datasets.image_set import load_images, pack_images, split_by_patient
from squid_core.training.preset import load_preset
from tests.squid_core.datasets.made_up_images import made_up, write_pictures

TINY = load_preset("tiny").preprocessing


def packed(tmp_path: Path, count: int = 12) -> Path:
    write_pictures(tmp_path / "normal", count)
    pack_images(tmp_path / "normal.pack", load_images(tmp_path / "normal", TINY), TINY)
    return tmp_path / "normal.pack"


def test_a_packed_file_is_its_folder_with_the_same_patients_held_out(tmp_path: Path) -> None:
    write_pictures(tmp_path / "normal", 12)
    for i in range(6):  # two images of every second patient
        shutil.copy(tmp_path / f"normal/{2 * i:03d}.png", tmp_path / f"normal/person{i}_a.png")
        shutil.copy(tmp_path / f"normal/{2 * i + 1:03d}.png", tmp_path / f"normal/person{i}_b.png")
    (tmp_path / "normal/no picture.png").touch()
    folder = load_images(tmp_path / "normal", TINY)
    pack_images(tmp_path / "normal.pack", folder, TINY)
    file = load_images(tmp_path / "normal.pack", TINY)
    assert np.array_equal(file.images, folder.images)
    assert file.unreadable == folder.unreadable == 1
    for mine, theirs in zip(split_by_patient(file, 0.3), split_by_patient(folder, 0.3), strict=True):
        assert np.array_equal(mine.images, theirs.images)
        assert len(set(mine.patients)) == len(set(theirs.patients)) < len(mine)


def test_a_packed_file_names_nobody(tmp_path: Path) -> None:
    (tmp_path / "normal").mkdir()
    for name in ("IM-7734-0001.png", "SMITH_JOHN_19450312.png"):
        shutil.copy(write_pictures(tmp_path / name[:4], 1) / "000.png", tmp_path / "normal" / name)
    images = load_images(tmp_path / "normal", TINY)
    pack_images(tmp_path / "two.pack", images, TINY)
    written = (tmp_path / "two.pack").read_bytes()
    for told in ("7734", "SMITH", "19450312", str(tmp_path), *images.patients):
        assert told.encode() not in written, "no name, no path, and no hash that a list of names would find"
    assert load_images(tmp_path / "two.pack", TINY).names == ("image 1", "image 2")


def test_a_file_that_is_damaged_cut_short_or_none_gets_a_sentence(tmp_path: Path) -> None:
    path = packed(tmp_path)
    whole = path.read_bytes()
    turned = bytearray(whole)
    turned[-100] ^= 1
    other = whole.replace(b'\\"unreadable\\":0', b'\\"unreadable\\":9')
    assert other != whole
    for name, data in {
        "cut": whole[:-50],
        "turned": bytes(turned),
        "empty": b"",
        "text": b"no safetensors at all",
        "other facts": other,
    }.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(SquidError, match="no packed file of images, or it is damaged or cut short"):
            load_images(tmp_path / name, TINY)


def test_a_file_of_another_preprocessing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SquidError, match="packed for another preprocessing"):
        load_images(packed(tmp_path), TINY.model_copy(update={"tone": 0.5}))


def test_a_full_disk_leaves_the_packed_file_that_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = packed(tmp_path)
    before = path.read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SquidError, match="No space left"):
        pack_images(path, made_up(3), TINY)
    assert path.read_bytes() == before
    assert not list(tmp_path.glob(".*")), "nothing half-written"


def test_packed_by_the_command_line_it_is_trained_and_evaluated_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files, bundle = {}, tmp_path / "bundle"
    for seed, name in enumerate(("normal", "ill")):
        folder, files[name] = str(write_pictures(tmp_path / name, 12, seed)), str(tmp_path / f"{name}.pack")
        held_out = ["--held-out", str(tmp_path / f"held out {name}")]
        assert main(["pack", folder, "--preset", "tiny", "--out", files[name], *held_out]) == 0
    assert "12 images of 12 patients" in capsys.readouterr().out
    whole = load_images(tmp_path / "normal.pack", TINY)
    held = load_images(tmp_path / "held out normal", TINY)
    assert np.array_equal(held.images, split_by_patient(whole, load_preset("tiny").held_out)[1].images)
    options = ["--val-abnormal", files["ill"], "--work", str(tmp_path / "work"), "--device", "cpu"]
    assert main(["train", "--preset", "tiny", "--normal", files["normal"], "--out", str(bundle), *options]) == 0
    again = ["pack", str(tmp_path / "ill"), "--weights", str(bundle), "--out", str(tmp_path / "again")]
    assert main(again) == 0
    assert main([*again, "--held-out", str(tmp_path / "none")]) == 2
    assert (tmp_path / "again").read_bytes() == Path(files["ill"]).read_bytes()
    ask = ["evaluate", "--weights", str(bundle), "--device", "cpu", "--normal", files["normal"]]
    assert main([*ask, "--abnormal", files["ill"]]) == 0
    assert "12 normal" in capsys.readouterr().out
