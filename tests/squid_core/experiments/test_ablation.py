"""Ablations: every variation is a network that can be built; runs are measured once, and become tables and curves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import pytest

from squid_core.cli import main
from squid_core.contracts.errors import SquidError
from squid_core.experiments import ablation
from squid_core.experiments.ablation import COMPONENTS, CURVES, FULL, HALF, VARIATIONS, Variation, changed, curve
from squid_core.experiments.runs import once
from squid_core.training.preset import load_preset
from tests.squid_core.commands.test_digits_end_to_end import small
from tests.squid_core.datasets.made_up_digits import write_mnist

FEW = (
    Variation(COMPONENTS, FULL),
    Variation(COMPONENTS, "no memory", {"network.memory": "none", "components": ("discriminator",)}),
    Variation("k", 1, {"network.top_k": 1}, abnormal_share=0.5),
)


def test_every_variation_fits_the_digit_preset_and_differs_from_all_others() -> None:
    digit = load_preset("digit")
    for variation in VARIATIONS:
        assert changed(changed(digit, HALF), variation.changes).network.image_size == 48
    made = [(changed(digit, v.changes).model_dump_json(), v.abnormal_share, v.seed_offset) for v in VARIATIONS]
    assert len(set(made)) == len(VARIATIONS)
    assert len({(v.study, v.value) for v in VARIATIONS}) == len(VARIATIONS), "a file each"
    assert {v.study for v in VARIATIONS} == {COMPONENTS, ablation.SEEDS, *CURVES}
    assert made[0][0] == digit.model_dump_json()


def test_a_variation_that_does_not_fit_gets_a_sentence() -> None:
    digit = load_preset("digit")
    with pytest.raises(SquidError, match=r"no field 'network\.depth'"):
        changed(digit, {"network.depth": 3})
    with pytest.raises(SquidError, match=r"does not fit.*network\.grid"):
        changed(digit, {"network.grid": 5})


def test_a_curve_is_in_order_and_holds_the_presets_own_value() -> None:
    rows: list[dict[str, Any]] = [{"study": COMPONENTS, "value": FULL}, *({"study": "k", "value": k} for k in (30, 3))]
    assert [value for value, _ in curve(rows, load_preset("digit"), "k")] == [3, 10, 30]
    rows += [{"study": "disease-free share", "value": 0.5}]
    assert [value for value, _ in curve(rows, load_preset("digit"), "disease-free share")] == [0.5, 1]
    assert curve(rows, load_preset("digit"), "rho") == []


def test_a_result_is_kept_for_its_facts_only(tmp_path: Path) -> None:
    path = tmp_path / "runs" / "one.json"
    made = iter({"answer": n} for n in range(9))
    assert [once(path, {"steps": steps}, lambda: next(made))["answer"] for steps in ((1,), (1,), (2,))] == [0, 0, 1]
    path.write_text(path.read_text()[:20])
    assert once(path, {"steps": (2,)}, lambda: next(made)) == {"answer": 2}, "cut short: made again"
    with pytest.raises(SquidError, match="cannot be made"):
        once(path / "below a file" / "x.json", {}, lambda: next(made))


def test_the_command_writes_tables_figures_and_curves_and_resumes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    preset = load_preset(str(small(tmp_path)))
    monkeypatch.setattr("squid_core.training.preset.load_preset", lambda _: preset)
    monkeypatch.setattr(ablation, "VARIATIONS", FEW)
    monkeypatch.setattr("squid_core.training.sets.HELD_OUT_GRIDS", 20)
    monkeypatch.setattr("squid_core.datasets.labelled.TEST_NORMALS", 12)
    monkeypatch.setattr("squid_core.datasets.labelled.TEST_EACH", 4)
    mnist, out = write_mnist(tmp_path / "mnist"), tmp_path / "out"
    command = ["ablate", "--digits", str(mnist), "--out", str(out), "--steps", "2", "--device", "cpu"]
    assert main(command) == 0
    printed = capsys.readouterr().out
    assert printed.index("| 1 |") < printed.index("| 3 |"), "k in order, the preset's own among them"
    rows = json.loads((out / "ablations.json").read_text())
    assert [row["value"] for row in rows] == [v.value for v in FEW]
    assert rows[0]["student"] > 0
    left = rows[1]["scores"]
    assert left["combined score"]["auc"] == left["the paper's A"]["auc"], "all that a network without memory has"
    assert cv2.imread(str(out / "ablations.png")) is not None
    monkeypatch.setattr(ablation, "train_squid", None)  # would fail if it were called
    assert main(command) == 0
