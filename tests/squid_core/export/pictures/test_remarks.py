"""Marks, sides and judgement are on what is exported as they were on the screen, and leave nobody's name behind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from squid_core.contracts.reading import Remarks
from squid_core.export.pictures.drawing import as_shown
from squid_core.export.pictures.page import page
from squid_core.export.pictures.picture import strip_lines
from squid_core.export.request import ExportKind, ExportRequest, ShownAs
from squid_core.export.source import read_source
from squid_core.export.words import marks_in_words, opinion_in_words
from squid_core.export.write import write_all
from tests.squid_core.dicom.phantoms import chest, phantom, save
from tests.squid_core.export.remarked import LENGTH, NOTE, OPINION, everything
from tests.squid_core.export.samples import request

REMARKED: dict[str, Any] = {"marks": everything, "opinion": OPINION}


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return save(tmp_path, chest(PatientOrientation=["L", "F"], BurnedInAnnotation="NO"))


def words_on(made: ExportRequest) -> str:
    from matplotlib.text import Text

    return "\n".join(text.get_text() for text in page(made, read_source(made)).findobj(Text)).replace("\u00a0", " ")


def alone(film: Path, folder: Path, **how: Any) -> NDArray[np.uint8]:
    """The picture of the image without a score, under its strip."""
    made = ExportRequest(film, folder / "out", (ExportKind.PNG,), **how)
    (path,) = write_all(made).paths
    return np.asarray(Image.open(path))[62:]


def test_the_page_says_what_was_measured_and_judged_by_whom_and_when(film: Path, tmp_path: Path) -> None:
    words = words_on(request(film, tmp_path, ExportKind.PDF, **REMARKED))
    for expected in (
        "the finding is rejected, by chen, 2031-05-17 03:52 UTC",
        *("1  12.3 mm", "1  length 12.3 mm (at detector)", "2  CTR 0.43", "heart 60 px, thorax 140 px"),
        *("3  78.2°", "mean 1511", "area 471 mm²", "5  nodule?", NOTE),
    ):
        assert expected in words.replace("\n", " ")
    bare = words_on(request(film, tmp_path, ExportKind.PDF))
    assert "Measured" not in bare
    assert "Reader" not in bare


@pytest.mark.parametrize("how", [{"deidentify": True}, {"mask_names": True}], ids=["de-identified", "masked"])
def test_without_its_patient_a_page_has_the_figures_and_neither_notes_nor_reader(
    film: Path, tmp_path: Path, how: dict[str, bool]
) -> None:
    words = words_on(request(film, tmp_path, ExportKind.PDF, **REMARKED, **how))
    assert "length 12.3 mm" in words
    assert "the finding is rejected" in words
    for secret in ("nodule?", "Zzcanary", "chen", "2031-05-17"):
        assert secret not in words


def test_all_figures_are_listed_in_words() -> None:
    said = [words.replace("\u00a0", " ") for words in marks_in_words(everything(None))]  # type: ignore[arg-type]
    assert said == [
        "1  length 12.3 mm (at detector)",
        "2  CTR 0.43, heart 60 px, thorax 140 px",
        "3  angle 78.2°",
        "4  ellipse mean 1511, sd 22.4, min 1400, max 1600, area 471 mm²",
        "5  arrow “nodule?”",
        f"6  note “{NOTE}”",
    ]
    assert opinion_in_words(Remarks(opinion=OPINION)) == "the finding is rejected, by chen, 2031-05-17 03:52 UTC"


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("quarters", range(4))
def test_letters_lie_where_the_patients_sides_are_shown(
    film: Path, tmp_path: Path, mirrored: bool, quarters: int
) -> None:
    """The phantom's corner at R and H goes to the corner between these two letters, whichever way it is turned."""
    from matplotlib.text import Text

    shown = ShownAs(mirrored=mirrored, quarters=quarters)
    made = request(film, tmp_path, ExportKind.PDF, shown=shown)
    for axes in page(made, read_source(made)).axes:
        at = {text.get_text(): text.get_position() for text in axes.findobj(Text) if text.get_text() in set("RLHF")}
        corner = as_shown(shown, (160, 200)).transform((3, 3))
        (low, high), (foot, head) = axes.get_xlim(), axes.get_ylim()
        inside = np.array(((corner[0] - low) / (high - low), (corner[1] - foot) / (head - foot)))
        for letters, expected in (("RH", inside > 0.5), ("LF", inside < 0.5)):
            sum_of = np.array(at[letters[0]]) + np.array(at[letters[1]])
            assert ((sum_of > 1) == expected).all()


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("quarters", range(4))
def test_a_picture_lies_as_it_did_on_the_screen(tmp_path: Path, mirrored: bool, quarters: int) -> None:
    film = save(tmp_path, chest())
    shown = alone(film, tmp_path, shown=ShownAs(mirrored=mirrored, quarters=quarters))
    upright = alone(film, tmp_path)
    assert np.array_equal(shown, np.rot90(upright[:, ::-1] if mirrored else upright, -quarters))
    assert upright.shape == (*phantom().shape, 3)


def test_gamma_inversion_and_marks_are_as_on_the_screen(film: Path, tmp_path: Path) -> None:
    plain, bright, negative, marked, hidden = (
        alone(film, tmp_path, shown=shown, **more)
        for shown, more in (
            (ShownAs(), {}),
            (ShownAs(gamma=2.0), {}),
            (ShownAs(inverted=True), {}),
            (ShownAs(), {"marks": lambda _: (LENGTH,)}),
            (ShownAs(marks=False), {"marks": lambda _: (LENGTH,)}),
        )
    )
    assert bright[100, 50, 0] > plain[100, 50, 0]
    assert negative[100, 50, 0] == 255 - plain[100, 50, 0]
    line = marked[60, 65].astype(int)
    assert line[0] - line[2] > 100, "yellow where the length lies"
    assert np.array_equal(hidden[:160], plain)


def test_an_image_without_a_score_says_that_it_is_for_research(film: Path, tmp_path: Path) -> None:
    made = ExportRequest(film, tmp_path, (ExportKind.PNG,))
    assert "RESEARCH USE ONLY" in strip_lines(made, read_source(made).radiograph)[1]
