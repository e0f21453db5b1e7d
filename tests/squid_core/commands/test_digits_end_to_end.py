"""`squid train --digits` and `squid evaluate --digits`, with floors and with options that do not go together."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from squid_core.bundle.card import read_card
from squid_core.cli import main
from squid_core.datasets.digit_anatomy import Anomaly
from squid_core.datasets.labelled import from_folders
from squid_core.evaluation.evaluate import cells_auc
from squid_core.model.texture import CELLS
from squid_core.training.preset import PRESETS, load_preset
from tests.squid_core.datasets.made_up_digits import write_mnist


@pytest.fixture(autouse=True)
def _no_more_than_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the pictures of a training nor floors in fine cells, whose covariances take most of the time."""
    monkeypatch.setattr("squid_core.training.loop.Trainer._validate", lambda _: None)
    monkeypatch.setattr("squid_core.evaluation.floors.FINE_CELLS", CELLS)


def small(folder: Path) -> Path:
    """The digit preset in a size that trains in seconds."""
    text = (PRESETS / "digit.toml").read_text()
    for name, value in {
        "steps": 4,
        "batch_size": 4,
        "image_size": 48,
        "feature_channels": 4,
        "size": 48,
        "slots": 20,
        "top_k": 3,
    }.items():
        lines = [f"{name} = {value}" if line.startswith(f"{name} = ") else line for line in text.splitlines()]
        text = "\n".join(lines)
    text = text.replace("widths = [16, 32, 64]", "widths = [8, 16]\nskips = [false]\ndecoder_slots = [0]")
    path = folder / "small.toml"
    path.write_text(text)
    return path


def test_a_digit_bundle_is_trained_and_measured_by_kind_of_anomaly_and_score(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("squid_core.training.sets.HELD_OUT_GRIDS", 40)
    monkeypatch.setattr("squid_core.training.sets.VALIDATION_NORMALS", 10)
    monkeypatch.setattr("squid_core.training.sets.VALIDATION_EACH", 5)
    monkeypatch.setattr("squid_core.datasets.labelled.FLOOR_GRIDS", 100)
    monkeypatch.setattr("squid_core.datasets.labelled.TEST_NORMALS", 30)
    monkeypatch.setattr("squid_core.datasets.labelled.TEST_EACH", 10)
    mnist, out, figures = write_mnist(tmp_path / "mnist"), tmp_path / "digits", tmp_path / "figures.json"
    train = ["train", "--preset", str(small(tmp_path)), "--digits", str(mnist), "--out", str(out), "--device", "cpu"]
    assert main([*train, "--work", str(tmp_path / "work")]) == 0
    assert "1600 grids an epoch, drawn on the fly, 40 of other digits" in capsys.readouterr().out
    card = read_card(out)
    assert set(card.calibration.components) == {"patch"}, "texture is of chests"
    assert card.calibration.score == "combined"
    assert main(["evaluate", "--weights", str(out), "--digits", str(mnist), "--json", str(figures)]) == 0
    printed = capsys.readouterr().out
    written = json.loads(figures.read_text())
    kinds = {str(anomaly) for anomaly in Anomaly}
    assert (written["normals"], written["abnormals"]) == (30, 40)
    assert set(written["auc_by_group"]) == set(written["auc_of_cells"]) == kinds
    assert set(written["auc_by_group"]["zero"]) == {"paper", "combined", "patch"}
    assert written["auc"] == written["auc_combined_score"]
    assert set(written["floors"]["laplacian"]["by_group"]) == kinds
    for kind in kinds:
        assert f"\n{kind:24}" in printed
    assert "floor, no training: AUC of band energies" in printed
    by_group = np.mean([row["combined"] for row in written["auc_by_group"].values()])
    assert written["auc"] == pytest.approx(by_group), "groups of one size"


def test_floors_are_fitted_on_a_folder_of_training_normals(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(0)
    for folder, contrast, count in (("train", 20, 12), ("normal", 20, 6), ("ill", 5, 6), ("worse", 2, 6)):
        (tmp_path / folder).mkdir()
        for i in range(count):
            image = np.clip(rng.normal(128, contrast, (40, 40)) + 60 * (np.arange(40) > 20), 0, 255)
            cv2.imwrite(str(tmp_path / folder / f"{folder}{i}.png"), image.astype(np.uint8))
    normal, ill, worse, train = (str(tmp_path / name) for name in ("normal", "ill", "worse", "train"))
    out, figures = str(tmp_path / "bundle"), tmp_path / "figures.json"
    assert main(["train", "--preset", "tiny", "--normal", train, "--out", out, "--device", "cpu"]) == 0
    options = ["--weights", out, "--normal", normal, "--abnormal", ill, worse, "--json", str(figures)]
    assert main(["evaluate", *options]) == 0
    assert "no training" not in capsys.readouterr().out
    assert main(["evaluate", *options, "--floors", train, "--png", str(tmp_path / "png")]) == 0
    assert "floor, no training: AUC of laplacian" in capsys.readouterr().out
    written = json.loads(figures.read_text())
    assert written["floors"]["laplacian"]["auc"] > 0.95, "less contrast is less curvature"
    assert set(written["floors"]["band_energies_lung_field"]["by_group"]) == {"ill", "worse"}
    assert "auc_of_cells" not in written
    equal = written["equal_sharpness"]
    assert "laplacian" not in equal["floors"], "sharpness told it, and tells nothing where all are equally sharp"
    assert equal["laplacian_energy_log_std"]["after"] < equal["laplacian_energy_log_std"]["before"]
    assert set(equal["auc_by_group"]) == {"ill", "worse"}
    assert 0 <= written["training_normals"]["auc_against_evaluated_normals"] <= 1
    assert set(written["calibration"]) == {"90", "95", "99"}
    assert set(written["auc_by_group_95"]) == {"ill", "worse"}
    assert {path.name for path in (tmp_path / "png").iterdir()} == {"bundle-roc.png", "bundle-scores.png"}
    assert main(["evaluate", *options, "--score", "memory", "--weights", out, out]) == 0
    assert "mean +- std   2 bundles" in capsys.readouterr().out
    twice = json.loads(figures.read_text())
    assert twice["bundles"][0]["score"] == "memory"
    assert twice["over_seeds"]["auc"] == {"mean": pytest.approx(twice["bundles"][0]["auc"]), "std": 0}
    assert twice["bundles"][0]["held_out_normals_protocol"] == {}, "the card has no thresholds of another score"
    assert main(["evaluate", *options, "--score", "nonsense"]) == 2
    assert "have no score 'nonsense'" in capsys.readouterr().err


@pytest.mark.parametrize(
    "options",
    [
        ["evaluate", "--weights", "x", "--normal", "n"],
        ["evaluate", "--weights", "x", "--digits", "d", "--abnormal", "a"],
        ["evaluate", "--weights", "x", "--digits", "d", "--floors", "f"],
        ["evaluate", "--weights", "zhanglab", "--digits", "d", "--stress"],
        ["evaluate", "--weights", "zhanglab", "--normal", "n", "--abnormal", "a", "--others", "o"],
        ["train", "--preset", "digit", "--digits", "d", "--out", "o", "--val-normal", "n"],
    ],
)
def test_options_that_do_not_go_together_get_a_sentence(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(options) == 2
    assert capsys.readouterr().err.startswith(("squid: The options do not go together", "squid: This source brings"))


def test_normal_and_digits_exclude_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "--preset", "digit", "--digits", "d", "--normal", "n", "--out", "o"]) == 2
    assert "not allowed with" in capsys.readouterr().err


def test_folders_of_one_name_stay_two_groups(tmp_path: Path) -> None:
    for parent in ("a", "b"):
        (tmp_path / parent / "ill").mkdir(parents=True)
        cv2.imwrite(str(tmp_path / parent / "ill" / "1.png"), np.arange(1600, dtype=np.uint8).reshape(40, 40))
    folders = [tmp_path / parent / "ill" for parent in ("a", "b")]
    found = from_folders(folders[0], folders, None, load_preset("tiny").preprocessing)
    assert list(found.abnormal) == ["ill", "ill (2)"]


def test_cells_are_compared_with_patches_only_where_the_grids_agree() -> None:
    cells = np.zeros((2, 3, 3), np.bool_)
    cells[:, 0, 1] = True
    distances = np.full((2, 9), 0.1)
    distances[0, 1], distances[1, 1] = 0.5, 0.1
    assert cells_auc(distances, cells) == pytest.approx(0.75)
    assert cells_auc(distances[:, :4], cells) is None
