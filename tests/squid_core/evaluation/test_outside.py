"""What is counted as outside memory, on a bundle that flags whatever is bright at the bottom."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from squid_core.bundle.calibration import fit
from squid_core.bundle.card import Card
from squid_core.contracts.detection import DetectorSettings
from squid_core.evaluation.evaluate import Evaluation
from squid_core.evaluation.measure import Judge, Measured, score_of
from squid_core.evaluation.metrics import auc_interval
from squid_core.evaluation.outside import SIZE, gradient, made_up, noise, outside, turned
from squid_core.evaluation.score_plots import draw_all
from squid_core.evaluation.stress import stress
from squid_core.evaluation.tables import as_text
from squid_core.preprocessing import Preprocessing

RNG = np.random.default_rng(0)


class Stub:
    """Measures the grey of the lower less that of the upper half as its distance from memory."""

    def __init__(self) -> None:
        held = {name: np.linspace(-1, 0, 50) for name in ("memory", "discriminator")}
        self.card = Card(
            name="stub",
            weights_sha256="0" * 64,
            preprocessing=Preprocessing(size=32),
            network={},
            settings=DetectorSettings(top_k=1),
            calibration=fit(held, np.ones((50, 4)), "combined").model_copy(update={"outside_memory": 0.05}),
        )

    def measure(self, images: NDArray[np.float32]) -> Measured:
        below = images[:, 16:].mean((1, 2)).astype(float) - images[:, :16].mean((1, 2))
        return Measured({"memory": below, "discriminator": -below}, below[:, None])

    def scores(self, images: NDArray[np.float32]) -> NDArray[np.float64]:
        return score_of(self.card, self.measure(images), "combined")

    of, percentiles = Judge.of, Judge.percentiles
    score, locked = "combined", True


def chest() -> NDArray[np.float32]:
    """Bright above, dark below, with a little noise, 160 x 160."""
    ramp = np.linspace(200, 20, 160)[:, None] + RNG.normal(0, 2, (160, 160))
    return ramp.astype(np.float32)


@pytest.fixture
def judge() -> Judge:
    return cast(Judge, Stub())


def test_chests_turned_chests_and_strangers_are_counted_apart(judge: Judge) -> None:
    chests = {"NORMAL": [chest() for _ in range(4)], "ILL": [chest()]}
    strangers = {"ready": np.zeros((3, 32, 32), np.float32)}
    found = outside(judge, chests, strangers, {"perhaps": [chest()[::-1]]})
    assert found["NORMAL"] == {
        "should": False,
        "count": 4,
        "flagged": 0,
        "interval_95": [0, pytest.approx(0.4899, abs=1e-4)],
    }
    assert found["ILL"]["flagged"] == 0
    for name in ("turned by 180 degrees", "mirrored top to bottom", "inverted"):
        assert found[f"normal, {name}"]["flagged"] == found[f"abnormal, {name}"]["flagged"] == 1
        assert found[f"normal, {name}"]["should"]
    assert found["normal, turned by 90 degrees"]["flagged"] == 0, "both halves are alike then"
    assert found["perhaps"] == {
        "should": None,
        "count": 1,
        "flagged": 1,
        "interval_95": [pytest.approx(0.2065, abs=1e-4), 1],
    }
    assert (found["ready"]["count"], found["ready"]["flagged"]) == (3, 0)
    assert 0 < found["gradients"]["flagged"] < 1


def test_turning_and_inverting_by_hand() -> None:
    ways = turned([np.array([[1.0, 2.0], [3.0, 5.0]], np.float32)])
    assert ways["turned by 90 degrees"][0].tolist() == [[2, 5], [1, 3]]
    assert ways["turned by 180 degrees"][0].tolist() == [[5, 3], [2, 1]]
    assert ways["mirrored top to bottom"][0].tolist() == [[3, 5], [1, 2]]
    assert ways["inverted"][0].tolist() == [[5, 4], [3, 1]]


def test_noise_has_the_spectrum_it_says() -> None:
    for slope in (0.0, 1.0, 1.5):
        spectra = [np.abs(np.fft.fft2(noise(np.random.default_rng(i), slope))) for i in range(5)]
        along = np.mean(spectra, axis=0)[0, 1 : SIZE // 2]
        frequency = np.arange(1, SIZE // 2)
        fitted = np.polyfit(np.log(frequency), np.log(along), 1)[0]
        assert fitted == pytest.approx(-slope, abs=0.15)
    assert gradient(0.0)[5].tolist() == pytest.approx(np.linspace(0, 1, SIZE).tolist())
    assert len(made_up()["flat"]) == 1


def test_the_table_of_a_stress_test_says_what_moved(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("squid_core.evaluation.reencode.LONGER_SIDE", (300, 400))
    normal, abnormal = [chest() for _ in range(3)], [chest()]
    found = stress(judge, normal, abnormal, np.linspace(0, 1, 20))
    assert found["pictures"] == {"normal": 3, "abnormal": 1}
    for kind in ("nothing", "bit depth and range", "window tags", "MONOCHROME1", "size", "aspect ratio"):
        row = found["dicom"][kind]
        assert row["not_read"] == 0
        assert row["normal"]["worst"] <= 1, kind
        assert row["normal"]["median"] <= row["normal"]["p95"] <= row["normal"]["worst"]
        assert row["auc_normal_against_changed"] == pytest.approx(0.5, abs=0.25)
    assert found["changed"]["4% down"]["normal"]["mean_shift"] <= 0, "brighter above: less abnormal for this bundle"


def test_pictures_and_text_of_an_evaluation(tmp_path: Path) -> None:
    normal, ill = RNG.normal(0, 1, 60), {"A": RNG.normal(2, 1, 30), "B": RNG.normal(1, 1, 30)}
    evaluation = Evaluation(
        {"weights": "mine"}, "memory", normal, ill, {"95": 1.6, "99": 400.0}
    )  # one that none of them reaches
    draw_all(tmp_path / "new", [evaluation, evaluation])
    for name in ("mine-roc", "mine-scores", "mine-2-roc", "mine-2-scores"):
        image = cv2.imread(str(tmp_path / "new" / f"{name}.png"))
        assert image is not None
        assert image.std() > 10, "something is drawn"
    figures = {
        "normals": 60, "abnormals": 60, "score": "memory", "auc": 0.9, "auc_paper_score": 0.5,
        "auc_combined_score": 0.6,
        "auc_95": auc_interval(normal, ill["A"]), "auc_components": {"memory": 0.9},
        "published_protocol": {"accuracy": 0.8, "f1": 0.8, "sensitivity": 0.7, "specificity": 0.9},
        "held_out_normals_protocol": {},
        "calibration": {"95": {"expected": 0.05, "exceeded": 0.07, "interval_95": [0.03, 0.16]}},
        "outside_memory": {"normal": 0.0, "abnormal": 0.5},
        "outside": {"flat": {"should": True, "count": 1, "flagged": 1.0, "interval_95": [0.2, 1.0]}},
    }  # fmt: skip
    text = as_text(figures)
    assert "95th percentile of held-out ones   7.0%  (95% interval 3.0 to 16.0; 5 is right)" in text
    assert "outside memory, should be: flat" in text
