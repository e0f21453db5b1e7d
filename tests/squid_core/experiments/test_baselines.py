"""Other detectors: each is what its paper says, learns, and stands in one table with SQUID and the floors."""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from squid_core.cli import main
from squid_core.contracts.detection import Shrinkage
from squid_core.datasets.labelled import Labelled
from squid_core.experiments import baselines
from squid_core.experiments.methods import METHODS, ON_FEATURES
from squid_core.experiments.networks import RECONSTRUCTION, Ganomaly, MemAe, Vae
from squid_core.model.config import MemoryKind
from squid_core.training.preset import load_preset
from squid_core.training.sets import Sets
from tests.squid_core.commands.test_digits_end_to_end import small
from tests.squid_core.datasets.made_up_digits import write_mnist
from tests.squid_core.experiments.rivals.made_up import backbone

NETWORK = load_preset("tiny").network


def normals(count: int = 16) -> torch.Tensor:
    torch.manual_seed(1)
    ramp = torch.linspace(0, 1, NETWORK.image_size)
    return (ramp * (0.5 + 0.5 * torch.rand(count, 1, 1, 1))).expand(-1, -1, NETWORK.image_size, -1)


@pytest.mark.parametrize("name", ["auto-encoder", "VAE", "GANomaly", "MemAE"])
def test_methods_by_reconstruction_learn_normals_and_its_reconstruction_tells_them_from_others(name: str) -> None:
    torch.manual_seed(0)
    method = METHODS[name](NETWORK)
    optimiser = torch.optim.Adam(method.parameters(), lr=3e-3)
    images = normals()
    for _ in range(40):
        optimiser.zero_grad()
        torch.autograd.backward(method.loss(images))
        optimiser.step()
    method.eval()
    with torch.no_grad():
        calm, ill = method.scores(images), method.scores(images.flip(-1))
    assert all(values.shape == (16,) and bool(values.isfinite().all()) for values in calm.values())
    assert float(ill[RECONSTRUCTION].min()) > float(calm[RECONSTRUCTION].max())
    with torch.no_grad():
        assert torch.allclose(method.scores(images[:1])[RECONSTRUCTION], calm[RECONSTRUCTION][:1], atol=1e-5)


def test_memae_is_our_network_with_a_learned_shared_memory_and_hard_shrinkage() -> None:
    config = MemAe(NETWORK).generator.config
    assert (config.memory, config.shrinkage) == (MemoryKind.MATRIX, Shrinkage.HARD)
    assert (config.positions, config.grid, config.slots) == (1, NETWORK.grid, NETWORK.slots)
    assert not any((config.inpaint, config.shortcut, config.teacher, *config.skips))


def test_the_divergence_of_the_vae_by_hand() -> None:
    method = Vae(NETWORK).eval()
    with torch.no_grad():
        for p, value in zip(method.log_variance.parameters(), (0, math.log(4)), strict=True):
            p.fill_(value)
        means = method.generator.encode(normals(2)).features
        expected = 0.5 * (means**2 + 4 - 1 - math.log(4)).sum((1, 2))
        scores = method.scores(normals(2))
    assert torch.allclose(scores["KL divergence"], expected, rtol=1e-5)
    pixels = NETWORK.image_size**2
    assert torch.allclose(scores["negative ELBO"], scores[RECONSTRUCTION] * pixels / 2 + expected, rtol=1e-5)


def test_ganomalys_critic_learns_from_its_own_loss_only() -> None:
    torch.manual_seed(0)
    method, images = Ganomaly(NETWORK), normals(4)
    torch.autograd.backward(method.loss(images))
    seen = [p.grad.clone() for p in method.critic.parameters() if p.grad is not None]
    assert len(seen) == len(list(method.critic.parameters()))
    method.zero_grad()
    made = method.generator(images).student.detach()
    critic = torch.nn.functional.softplus(-method.critic(images)) + torch.nn.functional.softplus(method.critic(made))
    torch.autograd.backward(critic.mean())
    for own, p in zip(seen, method.critic.parameters(), strict=True):
        assert p.grad is not None
        assert torch.allclose(own, p.grad, atol=1e-4)


def test_one_command_makes_one_table_and_does_not_repeat_what_is_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("squid_core.training.sets.HELD_OUT_GRIDS", 20)
    monkeypatch.setattr("squid_core.training.sets.VALIDATION_NORMALS", 4)
    monkeypatch.setattr("squid_core.training.sets.VALIDATION_EACH", 2)
    monkeypatch.setattr("squid_core.datasets.labelled.FLOOR_GRIDS", 40)
    monkeypatch.setattr("squid_core.datasets.labelled.TEST_NORMALS", 12)
    monkeypatch.setattr("squid_core.datasets.labelled.TEST_EACH", 4)
    mnist, out = write_mnist(tmp_path / "mnist"), tmp_path / "out"
    command = ["baselines", "--digits", str(mnist), "--preset", str(small(tmp_path)), "--steps", "2", "--device", "cpu"]
    assert main([*command, "--out", str(out)]) == 0
    rows = json.loads((out / "baselines.json").read_text())
    assert {row["method"] for row in rows} == {"no training", "SQUID", *METHODS, *ON_FEATURES}
    assert {"combined score", "the paper's A", "reconstruction error"} == {
        row["score"] for row in rows if row["method"] == "SQUID"
    }
    for row in rows:
        assert row["auc_95"][0] <= row["auc"] <= row["auc_95"][1]
        assert set(row["by_group"]) == {"missing", "misordered", "flipped", "zero"}
        assert row["auc"] == pytest.approx(sum(row["by_group"].values()) / 4), "groups of one size"
    table = (out / "baselines.md").read_text()
    assert table.count("\n") == 2 + len(rows)
    assert table in capsys.readouterr().out

    def repeated(*_: object) -> None:
        raise AssertionError("trained again")

    monkeypatch.setattr(baselines, "train", repeated)
    monkeypatch.setattr(baselines, "train_squid", repeated)
    assert main([*command, "--out", str(out)]) == 0
    with pytest.raises(AssertionError, match="trained again"):
        main([*command, "--out", str(out), "--seed", "1"])

    features = {row["method"]: row["features"] for row in rows}
    assert {name for name, seen in features.items() if seen == "SQUID's encoder"} == {"M-KD", "PANDA", "PaDiM"}
    assert {features[name] for name in ("CutPaste", "IGD", "SQUID")} == {""}
    tried: list[str] = []
    monkeypatch.setattr(baselines, "load_resnet", lambda _: backbone())
    monkeypatch.setattr(baselines, "train", lambda method, *_: tried.append(type(method).__name__))
    monkeypatch.setattr(baselines, "measure", lambda name, *rest: [{**rows[0], "method": name, "features": rest[-1]}])
    assert main([*command, "--out", str(out), "--backbone", "file"]) == 0
    assert tried == ["CutPaste", "MultiresolutionDistillation", "Panda", "Padim"], "the others are kept"
    again = {row["method"]: row["features"] for row in json.loads((out / "baselines.json").read_text())}
    assert {again[name] for name in ON_FEATURES} == {"random"}

    (out / "SQUID" / "card.json").unlink()
    (out / "PaDiM.json").unlink()
    capsys.readouterr()
    assert main([*command, "--out", str(out)]) == 2
    assert "SQUID.json" in capsys.readouterr().err


def test_zhanglab_is_measured_on_patients_that_are_held_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(0)
    for number in range(12):
        for folder, name in (("NORMAL", f"IM-{number:04}-0001.png"), ("PNEUMONIA", f"person{number}_virus_1.png")):
            path = tmp_path / "train" / folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            cv2.imwrite(str(path), rng.integers(0, 255, (40, 40), dtype=np.uint8))
    seen: list[tuple[Sets, Labelled]] = []

    def compare(_: object, sets: Sets, labelled: Labelled, *__: object) -> list[object]:
        seen.append((sets, labelled))
        row = {"auc": 0, "auc_95": [0, 0], "by_group": {}, "parameters": 0, "seconds": 0}
        return [row | dict.fromkeys(("method", "features", "score"), "")]

    monkeypatch.setattr(baselines, "compare", compare)
    command = ["baselines", "--zhanglab", str(tmp_path), "--preset", "tiny", "--out", str(tmp_path / "out")]
    (tmp_path / "out").mkdir()
    assert main([*command, "--device", "cpu"]) == 0
    [(sets, labelled)] = seen
    assert labelled.training is not None
    assert set(labelled.normal.patients) == set(sets.held_out.patients)
    assert not set(labelled.normal.patients) & set(labelled.training.patients)
    assert len(labelled.training) == len(sets.train)
    assert {group: len(images) for group, images in labelled.abnormal.items()} == {"PNEUMONIA": 12}
    shutil.rmtree(tmp_path / "train" / "PNEUMONIA")
    assert main([*command, "--device", "cpu"]) == 2
    assert "no abnormal image" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--normal", "n", "--val-normal", "v"], "The options do not go together"),
        (["--digits", "d", "--val-normal", "v", "--val-abnormal", "a"], "The options do not go together"),
        (["--digits", "d", "--steps", "0"], "A training has at least one step"),
    ],
)
def test_bad_options_get_a_sentence(options: list[str], sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["baselines", "--out", "o", *options]) == 2
    assert sentence in capsys.readouterr().err
