"""`squid adapt` on a folder of DICOM files, as a new user would: who takes part, and what is said."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset

from squid_core.adaptation.normals import read_normals
from squid_core.bundle.card import NotUsed, read_card
from squid_core.cli import main
from tests.squid_core.adaptation.places import of_a_place, write_parent
from tests.squid_core.dicom.phantoms import chest, save

CHILDREN = 2  # among the patients


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_parent(tmp_path_factory.mktemp("weights") / "grown", population="adult")


def film(image: np.ndarray, patient: int) -> Dataset:
    pixels = np.kron(image.astype(np.uint16) * 8, np.ones((4, 4), np.uint16))
    return chest(pixels, PatientID=f"P-{patient}", PatientAge="004Y" if patient < CHILDREN else "062Y")


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """35 patients' films, one of them with two, two of them children, and two files that are none."""
    folder = tmp_path_factory.mktemp("films")
    images = of_a_place(36).images
    for number, image in enumerate(images):
        save(folder, film(image, min(number, 34)), f"film{number:02d}")
    (folder / "notes.txt").write_text("to do")
    save(folder, film(images[0], 99), "lateral").write_bytes(b"\0" * 128 + b"DICM nonsense")
    return folder


def test_children_among_adults_and_what_is_no_image_are_counted(grown: Path, films: Path) -> None:
    images, not_used = read_normals([films, films], read_card(grown))
    assert not_used == {NotUsed.UNREADABLE: 2, NotUsed.AGE: CHILDREN}
    assert len(images) == 36 - CHILDREN
    assert len(set(images.patients)) == 35 - CHILDREN
    anybody, not_used = read_normals([films], read_card(grown).model_copy(update={"population": "any"}))
    assert len(anybody) == 36
    assert not_used[NotUsed.AGE] == 0


def test_the_command_says_what_it_used_and_what_it_is_worth(
    grown: Path, films: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "ours"
    options = ["adapt", "--weights", str(grown), "--normal", str(films), "--device", "cpu", "--out"]
    assert main([*options, str(out), "--site", "Ward 3"]) == 0
    said = capsys.readouterr().out
    adapted = read_card(out).adapted
    assert adapted is not None
    assert adapted.site == "Ward 3"
    assert f"Adapted 'grown' to {adapted.normals} normal images" in said
    assert "Not used: 2 (patients of another age)" in said
    assert "Not used: 1 (further images of a patient)" in said
    assert "These are few" in said
    assert "95th (5% is right)" in said
    assert "P-" not in out.joinpath("card.json").read_text() + said
    assert main([*options, str(out)]) == 2
    assert "exists already" in capsys.readouterr().err
    assert main(["adapt", "--weights", "auto", "--normal", str(films), "--out", str(tmp_path / "b")]) == 2
    assert "Name those that are to be adapted" in capsys.readouterr().err
    assert main([*options[:3], "--normal", str(tmp_path / "nowhere"), "--out", str(tmp_path / "b")]) == 2
    assert "does not exist" in capsys.readouterr().err
    assert not (tmp_path / "b").exists()
