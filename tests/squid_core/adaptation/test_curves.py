"""What an adaptation is worth at a place: measured on other patients, the same before and after."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from squid_core.adaptation import curves as module
from squid_core.adaptation.adapt import Adaptation, adapt
from squid_core.adaptation.curves import HOME, Patients, _inputs, ask_curves, curves
from squid_core.contracts.errors import SquidError
from squid_core.datasets.full_resolution import Picture, load_patients
from squid_core.datasets.image_set import ImageSet, as_key
from squid_core.evaluation.measure import Judge
from squid_core.evaluation.reencode import Reencoding, write_dicom
from tests.squid_core.adaptation.places import of_a_place
from tests.squid_core.evaluation.test_stress import phantom


@pytest.fixture
def judge(parent: Path) -> Judge:
    return Judge.load(parent, "cpu")


def pictures(count: int, seed: int) -> list[Picture]:
    return [image.astype(np.float32) for image in of_a_place(count, seed).images]


def place(normals: int) -> Patients:
    keys = [f"p{i}" for i in range(normals)]
    return Patients(pictures(normals, 7), keys, [picture[::-1].copy() for picture in pictures(10, 8)])


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few draws, and few patients to measure on."""
    monkeypatch.setattr(module, "DRAWS", 2)
    monkeypatch.setattr(module, "FEWEST_TESTED", 6)


def test_before_and_after_are_measured_on_the_same_patients_none_of_them_adapted_to(
    judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    local: list[set[str]] = []

    def watched(parent: Path, normals: ImageSet, *, device: str) -> Adaptation:
        local.append(set(normals.patients))
        return adapt(parent, normals, device=device)

    monkeypatch.setattr(module, "adapt", watched)
    patients = place(36)
    (rows,) = curves(judge, patients, [40, 30], sites=0).values()
    assert [row["normals"] for row in rows] == [0, 30], "40 would leave nobody"
    assert [len(names) for names in local] == [30, 30]
    assert local[0] != local[1], "another draw"
    assert [row["tested"] for row in rows] == [6, 6]
    before = judge.scores(_inputs(judge, patients.normal)) >= judge.card.calibration.thresholds["95"]
    shares = [np.mean([before[i] for i, key in enumerate(patients.keys) if key not in names]) for names in local]
    assert rows[0]["beyond"]["95"]["mean"] == pytest.approx(np.mean(shares))
    low, high = rows[1]["beyond"]["95"]["interval_95"]
    assert low <= rows[1]["beyond"]["95"]["mean"] <= high


def test_a_place_that_cannot_be_adapted_to_says_why(judge: Judge) -> None:
    found = curves(judge, place(12), [4], sites=1)
    home, site = found
    assert home == HOME
    assert site.startswith("site 0 (")
    for rows in found.values():
        assert "tested" in rows[0]
        assert "Too few patients" in rows[1]["refused"]


def test_too_few_patients_or_a_score_without_thresholds_are_refused(judge: Judge) -> None:
    with pytest.raises(SquidError, match="cannot be measured"):
        curves(judge, place(25), [20], sites=0)
    with pytest.raises(SquidError, match="cannot be measured"):
        curves(replace(judge, score="memory"), place(30), [20], sites=0)


def test_the_images_of_a_patient_are_kept_together(judge: Judge) -> None:
    patients = place(10)
    twice = Patients([*patients.normal, *patients.normal], [*patients.keys, *patients.keys], patients.abnormal)
    (rows,) = curves(judge, twice, [3], sites=0).values()
    assert rows[0]["tested"] == 14, "both images of 7 patients"


def test_folders_give_pictures_with_their_patients(judge: Judge, tmp_path: Path) -> None:
    for name in ("IM-0001-0001.png", "IM-0001-0002.png", "IM-0002-0001.png"):
        cv2.imwrite(str(tmp_path / name), phantom().astype(np.uint8))
    write_dicom(tmp_path / "chest.dcm", phantom(), Reencoding())
    found, keys = load_patients(tmp_path)
    assert keys == ["IM-0001", "IM-0001", "IM-0002", as_key("chest")]
    assert [picture.shape for picture in found] == [(200, 200)] * 4
    with pytest.raises(SquidError, match="does not exist"):
        ask_curves(tmp_path, [tmp_path / "nowhere"], [20], 0)
