"""What the page and the pictures say of the window: the file's own values, whatever was turned or rescaled."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from squid_core.dicom.reader import read
from squid_core.export.pictures.page import page
from squid_core.export.pictures.panes import shown_in_words
from squid_core.export.request import ExportKind, ShownAs
from squid_core.export.source import read_source
from tests.squid_core.dicom.phantoms import chest, phantom, save
from tests.squid_core.export.samples import request

STATED: dict[str, Any] = {"WindowCenter": 1500, "WindowWidth": 1024}
NEGATIVE: dict[str, Any] = {"PhotometricInterpretation": "MONOCHROME1"}
RESCALED: dict[str, Any] = {"RescaleSlope": "0.5", "RescaleIntercept": "-1000"}


def a_table() -> Dataset:
    item = Dataset()
    item.LUTDescriptor, item.LUTData = [1025, 988, 12], [int(v) for v in np.linspace(0, 4095, 1025)]
    item["LUTDescriptor"].VR = item["LUTData"].VR = "US"
    return item


@pytest.mark.parametrize("function", ["LINEAR", "LINEAR_EXACT", "SIGMOID"])
@pytest.mark.parametrize("extra", [{}, NEGATIVE, RESCALED, NEGATIVE | RESCALED], ids=lambda e: " ".join(e) or "plain")
def test_a_window_is_said_as_the_file_states_it(tmp_path: Path, function: str, extra: dict[str, Any]) -> None:
    stated = {"WindowCenter": 250, "WindowWidth": 900} if "RescaleSlope" in extra else STATED
    image = read(save(tmp_path, chest(VOILUTFunction=function, **stated, **extra)))
    expected = f"window centre {stated['WindowCenter']}, width {stated['WindowWidth']}"
    assert shown_in_words(image, ShownAs()) == expected
    assert shown_in_words(image, ShownAs(image.window, inverted=True)) == f"{expected}, as a negative"


@pytest.mark.parametrize("extra", [{}, NEGATIVE], ids=["plain", "MONOCHROME1"])
def test_a_table_is_said_where_it_lies_in_the_files_values(tmp_path: Path, extra: dict[str, Any]) -> None:
    image = read(save(tmp_path, chest(VOILUTSequence=Sequence([a_table()]), **extra)))
    assert shown_in_words(image, ShownAs()) == "the file's table, centre 1500, width 1024"


def test_a_picture_in_colour_has_no_window(tmp_path: Path) -> None:
    red = phantom(bits=8, dtype=np.uint8)
    film = chest(np.stack((red, 255 - red, red), 2), bits=8, PhotometricInterpretation="RGB", SamplesPerPixel=3)
    film.PlanarConfiguration = 0
    assert shown_in_words(read(save(tmp_path, film)), ShownAs()) == "in colour"


def test_the_page_gives_the_figures_of_the_files_own_window_too(tmp_path: Path) -> None:
    from matplotlib.text import Text

    made = request(save(tmp_path, chest(**STATED, **NEGATIVE)), tmp_path / "out", ExportKind.PDF)
    words = [text.get_text() for text in page(made, read_source(made)).findobj(Text)]
    assert "window centre 1500, width 1024" in words
