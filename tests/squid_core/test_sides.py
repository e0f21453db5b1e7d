"""Left and right are the patient's, however the picture lies: words, letters and the picture itself say the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from squid_core.dicom.reader import read
from squid_core.sides import OPPOSITE, PLACE_WORDS, Sides
from tests.squid_core.dicom.phantoms import chest, save

Array = NDArray[Any]
SIDE = 90


def lying(turns: int, mirrored: bool) -> Callable[[Array], Array]:
    """One of the eight ways in which a picture can lie."""
    return lambda picture: np.rot90(picture[:, ::-1] if mirrored else picture, turns)


LYING = tuple(lying(turns, mirrored) for turns in range(4) for mirrored in (False, True))


def directions(lie: Callable[[Array], Array], right: str, bottom: str) -> tuple[str, str]:
    """Letters towards which columns and rows run, of a picture that ran towards `right` and `bottom` before."""
    rows, columns = (lie(index) for index in np.mgrid[0:SIDE, 0:SIDE])
    found = []
    for there in ((0, 1), (1, 0)):
        across, down = columns[there] - columns[0, 0], rows[there] - rows[0, 0]
        letter = right if across else bottom
        found.append(letter if across + down > 0 else OPPOSITE[letter])
    return found[0], found[1]


def marked(row: int, column: int) -> Array:
    """A picture with a bright square in one of nine parts, and something else beside it so that it is no noise."""
    picture = np.tile(np.linspace(200, 900, SIDE, dtype=np.uint16), (SIDE, 1))
    picture[10 + 30 * row : 20 + 30 * row, 10 + 30 * column : 20 + 30 * column] = 4000
    return picture


@pytest.mark.parametrize("view", ["PA", "AP", None])
@pytest.mark.parametrize("lie", LYING)
def test_a_mark_on_the_patient_is_named_for_the_patient(
    lie: Callable[[Array], Array], view: str | None, tmp_path: Path
) -> None:
    names = (
        ("patient's right upper zone", "upper zone near the midline", "patient's left upper zone"),
        ("patient's right mid zone", "mid zone near the midline", "patient's left mid zone"),
        ("patient's right lower zone", "lower zone near the midline", "patient's left lower zone"),
    )
    orientation = list(directions(lie, "L", "F"))  # as a frontal picture is hung, the patient's right on its left
    for row in range(3):
        for column in range(3):
            file = save(
                tmp_path, chest(lie(marked(row, column)).copy(), PatientOrientation=orientation, ViewPosition=view)
            )
            radiograph = read(file)
            found = np.argwhere(radiograph.pixels == radiograph.pixels.max()).mean(0)
            sides = Sides.of(radiograph.identity.patient_orientation)
            assert sides.are_known
            assert sides.place(*((found + 0.5) / SIDE)) == names[row][column]
            assert sides.laterality(*((found + 0.5) / SIDE)) == ("R", "", "L")[column]


@pytest.mark.parametrize("lie", LYING)
def test_a_lateral_is_named_front_and_back(lie: Callable[[Array], Array]) -> None:
    sides = Sides.of(directions(lie, "A", "F"))
    for row, level in enumerate(("upper", "mid", "lower")):
        for column, side in enumerate(("posterior {} zone", "{} zone between front and back", "anterior {} zone")):
            found = np.argwhere(lie(marked(row, column)) == 4000).mean(0)
            assert sides.place(*((found + 0.5) / SIDE)) == side.format(level)


@given(
    st.sampled_from(LYING),
    st.sampled_from([("L", "F"), ("A", "F")]),
    st.floats(0, 1),
    st.floats(0, 1),
)
def test_letters_and_words_never_disagree(
    lie: Callable[[Array], Array], hung: tuple[str, str], row: float, column: float
) -> None:
    sides = Sides.of(directions(lie, *hung))
    words = sides.place(row, column)
    said = {"right": "R", "left": "L", "anterior": "A", "posterior": "P", "upper": "H", "lower": "F"}
    edges = {"right": 1 - column, "left": column, "bottom": 1 - row, "top": row}
    for word, letter in said.items():
        if word in words.split():
            edge = next(edge for edge, letters in sides.letters.items() if letters == letter)
            assert edges[edge] < 0.5, f"{words}, but {letter} stands at the {edge}"


@pytest.mark.parametrize("orientation", [(), ("L",), ("", "F"), ("L", ""), ("L", "R"), ("<b>", "F"), ("L", "F", "H")])
def test_where_the_file_does_not_say_it_the_picture_is_meant(orientation: tuple[str, ...]) -> None:
    sides = Sides.of(orientation)
    assert not sides.are_known
    assert sides.place(0.1, 0.1) == "upper left of the picture"
    assert sides.laterality(0.1, 0.1) == ""
    assert sides.place(0.5, 0.5) == "middle of the picture"
    assert sides.place(1.0, 1.0) == "lower right of the picture"


def test_letters_beside_the_main_one_are_kept_at_the_edge() -> None:
    sides = Sides.of(("P", "FL"))
    assert sides.letters == {"right": "P", "left": "A", "bottom": "FL", "top": "HR"}
    assert sides.place(0.1, 0.1) == "anterior upper zone"
    assert len(set(PLACE_WORDS.values())) == len(PLACE_WORDS)
