"""Bad input to a training: one clear sentence, and the last good checkpoint and bundle stay as they are."""

from __future__ import annotations

import os
import pickle
import signal
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from torch import Tensor

from squid_core.bundle.card import CARD_NAME, WEIGHTS_NAME, read_card, sha256
from squid_core.bundle.weights import read_bundle
from squid_core.cli import main
from squid_core.contracts.errors import SquidError
from squid_core.datasets.image_set import load_images
from squid_core.training.checkpoint import CHECKPOINT
from squid_core.training.finish import finish
from squid_core.training.loop import Trainer
from squid_core.training.preset import PRESETS, load_preset
from tests.squid_core.datasets.made_up_images import CPU, run, trainer, write_pictures

FULL = OSError(28, "No space left on device")


def fails(*_: object) -> None:
    raise FULL


class Payload:
    """Touches a file when it is unpickled."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[Callable[[Path], None], tuple[Path]]:
        return Path.touch, (self.marker,)


def preset_file(folder: Path, change: tuple[str, str]) -> str:
    path = folder / "changed.toml"
    path.write_text((PRESETS / "tiny.toml").read_text().replace(*change))
    return str(path)


def refused(capsys: pytest.CaptureFixture[str], *options: object) -> str:
    """The one sentence with which a command line ends."""
    capsys.readouterr()
    assert main([str(option) for option in options]) == 2
    said = capsys.readouterr().err.strip().splitlines()
    assert len(said) == 1, said
    assert said[0].startswith("squid: ")
    return said[0]


def train(tmp_path: Path, normal: Path, *more: object, preset: str = "tiny", out: str = "bundle") -> list[object]:
    return ["train", "--preset", preset, "--normal", normal, "--out", tmp_path / out, "--device", "cpu", *more]


def test_folders_without_enough_images(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty, unreadable = tmp_path / "empty", tmp_path / "unreadable"
    empty.mkdir()
    unreadable.mkdir()
    (unreadable / "a.jpg").write_bytes(b"\xff\xd8 no picture")
    (unreadable / "b.png").touch()
    for folder in (empty, unreadable):
        assert "No readable image in the folder" in refused(capsys, *train(tmp_path, folder))
    one = write_pictures(tmp_path / "one", 1)
    assert "only 1 patient: too few" in refused(capsys, *train(tmp_path, one))
    assert "folder of images does not exist" in refused(capsys, *train(tmp_path, tmp_path / "nowhere"))


def test_pictures_that_cannot_be_used_are_counted_not_fatal(tmp_path: Path) -> None:
    for name, shape in (("small.png", (40, 50)), ("large.png", (300, 200))):
        cv2.imwrite(str(tmp_path / name), np.arange(np.prod(shape), dtype=np.uint8).reshape(shape))
    holes = np.full((40, 40), np.nan, dtype=np.float32)
    cv2.imwrite(str(tmp_path / "holes.tiff"), holes)
    (tmp_path / "folder.png").mkdir()
    images = load_images(tmp_path, load_preset("tiny").preprocessing)
    assert images.names == ("large.png", "small.png")
    assert images.unreadable == 1


def test_places_that_are_no_folder_are_refused_before_anything_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("mine")
    nowhere = tmp_path / "nowhere"
    assert "bundle's folder 'file' is a file" in refused(capsys, *train(tmp_path, nowhere, out="file"))
    normal = write_pictures(tmp_path / "normal", 6)
    below = refused(capsys, *train(tmp_path, normal, "--work", tmp_path / "file" / "work"))
    assert "work folder cannot be made" in below
    assert (tmp_path / "file").read_text() == "mine"


def test_a_grid_that_does_not_divide_the_image(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    three = preset_file(tmp_path, ("grid = 2", "grid = 3"))
    sentence = refused(capsys, *train(tmp_path, tmp_path, preset=three))
    assert "field 'network' is wrong: the image must divide into patches" in sentence


def test_resuming_another_training(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(tmp_path, steps=1)
    before = (tmp_path / CHECKPOINT).read_bytes()
    normal = write_pictures(tmp_path / "normal", 20)
    resume = ["--work", tmp_path, "--resume"]
    for change, difference in (
        (("top_k = 3", "top_k = 2"), "preset has another 'network'"),
        (("batch_size = 4", "batch_size = 2"), "preset has another 'batch_size'"),
    ):
        sentence = refused(capsys, *train(tmp_path, normal, *resume, "--seed", 3, preset=preset_file(tmp_path, change)))
        assert difference in sentence
    assert "its seed is 3" in refused(capsys, *train(tmp_path, normal, *resume, "--seed", 4))
    fewer = write_pictures(tmp_path / "fewer", 12)
    assert "seen 14 training images" in refused(capsys, *train(tmp_path, fewer, *resume, "--seed", 3))
    assert (tmp_path / CHECKPOINT).read_bytes() == before


def test_a_training_that_diverged_may_go_on_with_a_lower_rate(tmp_path: Path) -> None:
    run(tmp_path, steps=1)
    calmer = trainer(tmp_path, steps=2, learning_rate=1e-5)
    calmer.run(resume=True, progress=False)
    assert calmer.step == 2


def test_a_pickle_is_never_loaded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    marker = tmp_path / "unpickled"
    poison = pickle.dumps(Payload(marker))
    finish(run(tmp_path / "work", steps=1), tmp_path / "bundle")
    (tmp_path / "work" / CHECKPOINT).write_bytes(poison)
    normal = write_pictures(tmp_path / "normal", 20)
    sentence = refused(capsys, *train(tmp_path, normal, "--work", tmp_path / "work", "--resume"))
    assert "damaged or no checkpoint of ours" in sentence
    evaluate = ["evaluate", "--weights", tmp_path / "bundle", "--normal", normal, "--abnormal", normal]
    (tmp_path / "bundle" / WEIGHTS_NAME).write_bytes(poison)
    assert "the hash differs" in refused(capsys, *evaluate)
    card = read_card(tmp_path / "bundle").model_copy(update={"weights_sha256": sha256(poison)})
    (tmp_path / "bundle" / CARD_NAME).write_text(card.model_dump_json())
    assert "cannot be read as safetensors" in refused(capsys, *evaluate)
    assert not marker.exists()


def test_a_full_disk_leaves_the_old_bundle_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = run(tmp_path / "work", steps=1)
    finish(one, tmp_path / "bundle")
    before = {path.name: path.read_bytes() for path in (tmp_path / "bundle").iterdir()}
    synced: list[int] = []
    sync = os.fsync

    def full_at_the_second_file(descriptor: int) -> None:
        synced.append(descriptor)
        if len(synced) == 2:
            raise FULL
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", full_at_the_second_file)
    with torch.no_grad():
        next(one.averages["ema_generator"].average.parameters()).mul_(2)
    with pytest.raises(SquidError, match="could not be written: No space left"):
        finish(one, tmp_path / "bundle")
    assert {path.name: path.read_bytes() for path in (tmp_path / "bundle").iterdir()} == before
    read_bundle(tmp_path / "bundle", CPU)


def test_a_log_on_a_full_disk_ends_the_training_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("squid_core.training.checkpoint.LEAST_PAUSE", 3600.0)
    run(tmp_path, steps=1)
    before = (tmp_path / CHECKPOINT).read_bytes()
    one = trainer(tmp_path)
    opened = Path.open

    def full(self: Path, mode: str = "r", **options: str) -> object:
        if mode == "a":
            raise FULL
        return opened(self, mode, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(SquidError, match="log could not be written: No space left"):
        one.run(progress=False)
    assert (tmp_path / CHECKPOINT).read_bytes() == before


def test_pictures_that_fail_are_said_once_and_the_training_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("squid_core.training.logbook.draw_curves", fails)
    one = run(tmp_path, steps=2, validate_every=1)
    assert one.step == 2
    assert capsys.readouterr().out.count("pictures could not be drawn") == 1
    assert (tmp_path / CHECKPOINT).is_file()


def test_ctrl_c_saves_the_step_under_way_and_says_how_to_resume(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    normal = write_pictures(tmp_path / "normal", 12)
    one_step = Trainer._one_step
    handler = signal.getsignal(signal.SIGINT)

    def interrupted(self: Trainer) -> dict[str, Tensor]:
        if self.step == 2:
            os.kill(os.getpid(), signal.SIGINT)
        return one_step(self)

    with monkeypatch.context() as patched:
        patched.setattr(Trainer, "_one_step", interrupted)
        words = [str(word) for word in train(tmp_path, normal, "--work", tmp_path / "work")]
        assert main(words) == 130
    assert "Step 3 is saved; the same command with --resume goes on from it." in capsys.readouterr().err
    assert signal.getsignal(signal.SIGINT) is handler
    assert not (tmp_path / "bundle" / CARD_NAME).exists()
    assert main([*words, "--resume"]) == 0
    assert read_card(tmp_path / "bundle").steps == 12


def test_a_second_ctrl_c_does_not_wait_for_the_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = trainer(tmp_path)

    def endless() -> dict[str, Tensor]:
        for _ in range(2):
            os.kill(os.getpid(), signal.SIGINT)
        raise AssertionError("the second one was swallowed")

    monkeypatch.setattr(one, "_one_step", endless)
    with pytest.raises(KeyboardInterrupt):
        one.run(progress=False)
    assert not (tmp_path / CHECKPOINT).exists()
