"""The three numbers of a normal picture, by hand and against another library, and the question of `squid evaluate`."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional

from squid_core.bundle.weights import read_bundle
from squid_core.cli import main
from squid_core.evaluation.pictures import K1, SIGMA, WINDOW, own, sharpness, similarity
from squid_core.training.finish import finish
from squid_core.training.loop import Trainer
from squid_core.training.sets import Sets
from tests.squid_core.datasets.made_up_images import CPU, made_up, run, write_pictures
from tests.squid_core.training.test_painting import fine, painting


def test_similarity_of_flat_pictures_by_hand() -> None:
    one, other = np.full((32, 32), 0.2, np.float32), np.full((32, 32), 0.6, np.float32)
    expected = (2 * 0.2 * 0.6 + K1**2) / (0.2**2 + 0.6**2 + K1**2)
    np.testing.assert_allclose(similarity(one, other), expected, rtol=1e-5)
    noise = np.random.default_rng(0).random((32, 32), np.float32)
    np.testing.assert_allclose(similarity(noise, noise), 1, rtol=1e-6)


def test_similarity_as_torch_computes_it() -> None:
    rng = np.random.default_rng(1)
    one, other = rng.random((2, 40, 40), np.float32)
    offsets = torch.arange(WINDOW, dtype=torch.float64) - WINDOW // 2
    line = torch.exp(-0.5 * (offsets / SIGMA) ** 2)
    kernel = torch.outer(line, line)[None, None] / line.sum() ** 2
    a, b = (torch.from_numpy(x.astype(np.float64))[None, None] for x in (one, other))
    mean_a, mean_b = functional.conv2d(a, kernel), functional.conv2d(b, kernel)
    var_a, var_b = functional.conv2d(a * a, kernel) - mean_a**2, functional.conv2d(b * b, kernel) - mean_b**2
    both = functional.conv2d(a * b, kernel) - mean_a * mean_b
    expected = (2 * mean_a * mean_b + 1e-4) * (2 * both + 9e-4)
    expected = expected / ((mean_a**2 + mean_b**2 + 1e-4) * (var_a + var_b + 9e-4))
    inner = slice(WINDOW // 2, -(WINDOW // 2))
    np.testing.assert_allclose(similarity(one, other)[inner, inner], expected[0, 0].numpy(), rtol=1e-6)


def test_only_calm_places_count() -> None:
    image = np.random.default_rng(2).random((1, 64, 64), np.float32)
    picture = image.copy()
    picture[:, :, 40:] = 0.5
    marks = np.zeros((1, 16, 16), np.float32)
    assert own(picture, image, marks) < 0.8
    marks[:, :, 7:] = 1
    assert own(picture, image, marks) == pytest.approx(1)


def test_sharpness_is_of_the_inner_picture_and_grows_with_the_square() -> None:
    planes = 0.5 * np.random.default_rng(3).random((3, 64, 64), np.float32)
    framed = planes.copy()
    framed[:, 0] = framed[:, -1] = 1
    assert sharpness(framed) == pytest.approx(sharpness(planes), rel=1e-4)
    assert sharpness(2 * planes) == pytest.approx(4 * sharpness(planes), rel=1e-3)


@pytest.fixture
def folders(tmp_path: Path) -> list[str]:
    return [str(write_pictures(tmp_path / name, 6, seed)) for seed, name in enumerate(("normal", "ill"))]


def test_evaluate_says_how_good_pictures_are(
    tmp_path: Path, folders: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    one = Trainer(painting(), "mine", Sets(made_up(16), made_up(6, 2), fine=fine(16)), tmp_path / "work", 3, CPU)
    one.run(progress=False)
    finish(one, tmp_path / "bundle", progress=False)
    asked = ["evaluate", "--weights", str(tmp_path / "bundle"), "--normal", folders[0], "--abnormal", folders[1]]
    assert main([*asked, "--picture", "5", "--device", "cpu", "--json", str(tmp_path / "figures.json")]) == 0
    found = json.loads((tmp_path / "figures.json").read_text())["picture"]
    assert set(found) == {"normal", "ill"}
    assert found["ill"]["images"] == 5
    for group in found.values():
        for what in ("student", "picture"):
            assert 0 <= group[what]["normal"] <= 1
            assert -1 <= group[what]["own"] <= 1
            assert group[what]["sharpness"] > 0
        assert group["milliseconds"] > 0
    assert "this patient's" in capsys.readouterr().out
    _, squid = read_bundle(tmp_path / "bundle", CPU)
    assert squid.picture is not None


def test_weights_that_paint_none_are_told_so(
    tmp_path: Path, folders: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    finish(run(tmp_path / "work", steps=1), tmp_path / "bundle")
    asked = [
        "evaluate",
        "--weights",
        str(tmp_path / "bundle"),
        "--normal",
        folders[0],
        "--abnormal",
        folders[1],
        "--picture",
    ]
    assert main([*asked, "--device", "cpu"]) == 2
    assert "paint no picture" in capsys.readouterr().err
