"""Training as a user meets it: it runs, resumes to the step, holds out patients, and says what is wrong."""

from __future__ import annotations

import json
import os
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from squid_core.bundle.card import read_card
from squid_core.bundle.weights import read_bundle
from squid_core.cli import main
from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import Identity
from squid_core.datasets.image_set import ImageSet, as_key, load_images, patient_key, patient_of, split_by_patient
from squid_core.training.augmentation import augment, narrow
from squid_core.training.checkpoint import CHECKPOINT, work_folder
from squid_core.training.finish import finish
from squid_core.training.losses import discriminator_loss, generator_losses
from squid_core.training.preset import Augmentation, LossWeights, Preset, load_preset, preset_names
from tests.squid_core.datasets.made_up_images import CPU, run, trainer, write_pictures


def test_every_preset_that_ships_is_valid() -> None:
    assert {"tiny", "default-paediatric", "default-adult", "paper-zhanglab"} <= set(preset_names())
    for name in preset_names():
        assert load_preset(name).network.image_size == load_preset(name).preprocessing.size


def test_an_unknown_or_broken_preset_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SquidError, match=r"no such preset.*tiny"):
        load_preset("nonsense")
    broken = tmp_path / "mine.toml"
    broken.write_text('title = "x"\nsteps = 0\n')
    with pytest.raises(SquidError, match="'steps' is wrong"):
        load_preset(str(broken))


def test_a_training_writes_a_bundle_that_loads_and_says_what_it_is(tmp_path: Path) -> None:
    metrics = finish(run(tmp_path / "work"), tmp_path / "mine")
    card, squid = read_bundle(tmp_path / "mine", CPU)
    assert (card.name, card.preset, card.steps, card.seed) == ("mine", "tiny", 12, 3)
    assert card.title == load_preset("tiny").card.title
    assert card.calibration.held_out_normals == 6
    assert int(squid.generator.memory.filled) == card.network.slots
    assert 0 <= metrics["validation"]["auc"] <= 1
    assert read_card(tmp_path / "mine").metrics["validation"]["abnormals"] == 5
    log = [json.loads(line) for line in (tmp_path / "work" / "log.jsonl").read_text().splitlines()]
    assert {"student", "teacher", "distillation", "adversarial", "critic"} <= log[1].keys() | log[0].keys()
    assert cv2.imread(str(tmp_path / "work" / "reconstructions.png")) is not None


def test_a_resumed_training_ends_where_an_unbroken_one_does(tmp_path: Path) -> None:
    unbroken = run(tmp_path / "a")
    broken = trainer(tmp_path / "b")
    one_step = broken._one_step

    def stop_after_five() -> dict[str, torch.Tensor]:
        if broken.step == 5:
            raise KeyboardInterrupt
        return one_step()

    broken._one_step = stop_after_five  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        broken.run(progress=False)
    broken.save()
    resumed = trainer(tmp_path / "b")
    resumed.run(resume=True, progress=False)
    for mine, other in zip(unbroken._modules().values(), resumed._modules().values(), strict=True):
        for (name, a), b in zip(mine.state_dict().items(), other.state_dict().values(), strict=True):
            assert torch.equal(a, b), name


def test_the_published_way_of_two_critic_steps_trains_too(tmp_path: Path) -> None:
    one = run(tmp_path, steps=2, critic_steps=2, share_forward=False, ema=0.0)
    assert one.step == 2


def test_the_critic_is_not_trained_by_the_generators_loss(tmp_path: Path) -> None:
    one = trainer(tmp_path)
    one.fill_memory(one.generator)
    real = next(one._batches())
    one.discriminator.requires_grad_(requires_grad=False)
    made = one.generator(real)
    parts = generator_losses(made, real, one.discriminator(made.student), LossWeights())
    torch.autograd.backward(list(parts.values()))
    assert all(p.grad is None for p in one.discriminator.parameters())


def test_losses_by_hand() -> None:
    logits = torch.tensor([0.0, 0.0])
    assert float(discriminator_loss(logits, logits)) == pytest.approx(2 * np.log(2))
    confident = torch.tensor([20.0, 20.0])
    assert float(discriminator_loss(confident, -confident)) == pytest.approx(0, abs=1e-6)


def test_resuming_without_a_checkpoint_or_with_another_network_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SquidError, match="no checkpoint"):
        trainer(tmp_path).run(resume=True, progress=False)
    run(tmp_path, steps=1)
    other = load_preset("tiny").network.model_copy(update={"feature_channels": 8})
    with pytest.raises(SquidError, match="another 'network'"):
        trainer(tmp_path, network=other).run(resume=True, progress=False)


def test_a_loss_that_is_not_a_number_stops_and_leaves_the_checkpoint(tmp_path: Path) -> None:
    run(tmp_path, steps=2)
    before = (tmp_path / CHECKPOINT).read_bytes()
    bad = trainer(tmp_path, steps=4)
    bad._resume()
    with torch.no_grad():
        next(bad.generator.parameters()).fill_(torch.nan)
    bad._resume = lambda: None  # type: ignore[method-assign]
    with pytest.raises(SquidError, match="not a number"):
        bad.run(resume=True, progress=False)
    assert (tmp_path / CHECKPOINT).read_bytes() == before


def test_a_full_disk_leaves_the_last_checkpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = run(tmp_path, steps=1)
    before = (tmp_path / CHECKPOINT).read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SquidError, match="No space left"):
        one.save()
    assert (tmp_path / CHECKPOINT).read_bytes() == before
    assert [p.name for p in tmp_path.iterdir() if p.name.endswith(".tmp")] == []


def test_checkpoints_hold_optimiser_and_queue_and_no_pickle(tmp_path: Path) -> None:
    run(tmp_path, steps=2)
    tensors = load_file(tmp_path / CHECKPOINT)
    assert any(key.startswith("opt_g/0/exp_avg") for key in tensors)
    assert int(tensors["generator/memory.pointer"]) == (12 + 2 * 4) % 12


def test_patients_stay_on_one_side_of_the_split() -> None:
    names = (
        "IM-0429-0001.jpeg",
        "NORMAL2-IM-0429-0001-0002.jpeg",
        "IM-0115-0001.jpeg",
        "person3_virus_1.jpeg",
        "person3_bacteria_9.jpeg",
        "Normal-7.jpg",
        "Normal-8.jpg",
        "Normal-9.jpg",
    )
    assert [patient_of(name) for name in names[:6]] == [
        "IM-0429",
        "IM-0429",
        "IM-0115",
        "person3",
        "person3",
        "Normal-7",
    ]
    images = ImageSet(np.zeros((8, 4, 4), np.uint8), names, tuple(map(patient_of, names)))
    train, held_out = split_by_patient(images, 0.4)
    assert not set(train.patients) & set(held_out.patients)
    assert len(train) + len(held_out) == 8
    assert split_by_patient(images, 0.4)[1].names == held_out.names
    assert len(set(split_by_patient(images, 0.15)[1].patients)) == 2, "of one image no score could be calibrated"


def test_dicom_files_of_a_patient_stay_together_and_the_key_is_no_identifier() -> None:
    first, second, other = (Identity(f"1.2.{i}", patient_id=who) for i, who in enumerate(("P-77", "P-77", "P-78")))
    key = patient_key(first, Path("a.dcm"))
    assert key == patient_key(second, Path("b.dcm")) != patient_key(other, Path("a.dcm"))
    assert len(key) == 64, "a digest"
    assert patient_key(Identity("1.2"), Path("c.dcm")) == patient_key(None, Path("c.dcm")) == as_key("c")


def test_unreadable_files_are_counted_and_empty_folders_get_a_sentence(tmp_path: Path) -> None:
    preset = load_preset("tiny")
    with pytest.raises(SquidError, match="No readable image"):
        load_images(tmp_path, preset.preprocessing)
    with pytest.raises(SquidError, match="does not exist"):
        load_images(tmp_path / "nowhere", preset.preprocessing)
    for i, shape in enumerate([(50, 40), (200, 300)]):  # mixed sizes
        cv2.imwrite(str(tmp_path / f"{i}.png"), np.random.default_rng(i).integers(0, 255, shape).astype(np.uint8))
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8 no picture")
    (tmp_path / "empty.png").touch()
    images = load_images(tmp_path, preset.preprocessing)
    assert (len(images), images.unreadable, images.images.shape) == (2, 2, (2, 32, 32))
    with pytest.raises(SquidError, match="too few"):
        split_by_patient(images, 0.3)


def test_augmentation_off_changes_nothing_and_on_keeps_the_range() -> None:
    images = torch.rand(4, 1, 32, 32)
    assert torch.equal(augment(images, Augmentation()), images)
    changed = augment(images, Augmentation(rotation=10, translation=0.1, scale=0.1, gamma=1.4, blur=1))
    assert changed.shape == images.shape
    assert 0 <= float(changed.min()) <= float(changed.max()) <= 1
    assert not torch.allclose(changed[0], images[0])


def test_spared_images_keep_their_sharpness() -> None:
    torch.manual_seed(0)
    images = torch.rand(400, 1, 16, 16)
    changed = augment(images, Augmentation(blur=1, spare=0.7))
    same = (changed - images).abs().amax((1, 2, 3)) == 0
    assert 0.6 < float(same.float().mean()) < 0.8


def test_contrast_and_stretch_are_bounded_and_black_comes_in_from_outside() -> None:
    torch.manual_seed(0)
    white = torch.ones(50, 1, 16, 16)
    assert (augment(white, Augmentation(translation=0.2, padding="zeros")).amin((1, 2, 3)) == 0).sum() > 40
    assert (augment(white, Augmentation(translation=0.2)) > 0.999).all()
    middle = augment(torch.full((50, 1, 16, 16), 0.5), Augmentation(contrast=0.2))
    assert float((middle - 0.5).abs().max()) <= 0.1 + 1e-6, "brightness moves by half of it, contrast not at the middle"


def test_a_narrowed_field_ends_in_its_edge_or_in_a_border() -> None:
    torch.manual_seed(0)
    images = torch.rand(40, 1, 50, 50)
    seen = narrow(images)
    same = (seen == images).all(1)
    inner = slice(8, -8)
    assert same[:, inner, inner].all(), "at most LEFT_OUT of a side"
    assert same.all((1, 2)).float().mean() < 0.1, "SIDES_NARROWED of the sides"
    for one, was, rows, columns in zip(seen[:, 0], images[:, 0], same.any(2), same.any(1), strict=True):
        first, last = int(rows.nonzero()[0]), int(rows.nonzero()[-1])
        left, right = int(columns.nonzero()[0]), int(columns.nonzero()[-1])
        assert torch.equal(one[first : last + 1, left : right + 1], was[first : last + 1, left : right + 1])
        assert (one[:first] == one[first]).all(), "the edge goes on"
        assert (one[:, right:] == one[:, right : right + 1]).all()
    framed = narrow(images, torch.full((40,), 2.0))
    assert torch.equal(framed[:, :, inner, inner], images[:, :, inner, inner])
    assert set((framed - images)[framed != images].sign().tolist()) == {1.0}
    assert (framed[framed != images] == 2).all()


def test_blur_is_a_gaussian_and_keeps_a_flat_image() -> None:
    assert torch.allclose(
        augment(torch.full((2, 1, 16, 16), 0.3), Augmentation(blur=2)),
        torch.full((2, 1, 16, 16), 0.3),
        atol=1e-5,
    )


def test_a_preset_is_frozen() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_preset("tiny").steps = 3  # type: ignore[misc]
    assert isinstance(load_preset("tiny"), Preset)


def test_the_command_line_trains_resumes_and_evaluates(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for folder, seed in (("normal", 0), ("abnormal", 1)):
        write_pictures(tmp_path / folder, 12, seed)
    normal, abnormal, out = (str(tmp_path / name) for name in ("normal", "abnormal", "bundle"))
    options = ["--preset", "tiny", "--normal", normal, "--val-abnormal", abnormal, "--out", out, "--device", "cpu"]
    assert main(["train", *options]) == 0
    assert "8 images to train on, 4 held out" in capsys.readouterr().out
    assert (work_folder(Path(out)) / CHECKPOINT).is_file()
    assert main(["train", *options, "--resume"]) == 0, "nothing is left to do, the bundle is written again"
    figures = tmp_path / "figures.json"
    assert main(["evaluate", "--weights", out, "--normal", normal, "--abnormal", abnormal, "--json", str(figures)]) == 0
    printed = capsys.readouterr().out
    assert "published protocol" in printed
    assert "95% specificity on held-out normals" in printed
    written = json.loads(figures.read_text())
    assert written["auc_95"][0] <= written["auc"] <= written["auc_95"][1]
    again = ["evaluate", "--weights", out, "--normal", normal, "--abnormal", abnormal, "--record", "again"]
    assert main(again) == 0
    assert read_card(Path(out)).metrics["again"]["auc"] == written["auc"]
    assert read_card(Path(out)).metrics["held_out_normals"] == 4, "what stood in the card stays"
    capsys.readouterr()
    assert main(["evaluate", "--weights", "nothing", "--normal", normal, "--abnormal", abnormal]) == 2
    assert "no such weights" in capsys.readouterr().err
