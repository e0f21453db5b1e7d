"""One picture for several detectors."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
import pytest

from squid_core import preprocessing as module
from squid_core.bundle.library import Bundles
from squid_core.collimation import ALIKE, MOST, SHARE, _border, field_of
from squid_core.contracts.radiograph import FloatArray
from squid_core.preprocessing import Preprocessing, prepare, prepare_all
from tests.squid_core.dicom.phantoms import phantom


def test_each_detector_gets_what_it_would_get_alone_and_the_field_is_looked_for_once() -> None:
    by_age = Bundles().preprocessings_by_age("auto")
    shipped = (*by_age.older, *by_age.younger)
    ways = (*shipped, Preprocessing(), Preprocessing(size=64, fit="crop"), shipped[0])
    pixels = np.pad(phantom(300, 260), 24)
    with patch.object(module, "field_of", wraps=field_of) as looked:
        inputs = prepare_all(pixels, ways, 1.2, (5, 330, 4, 300))
    assert len(shipped) == 2
    assert looked.call_count == 1
    for way, found in zip(ways, inputs, strict=True):
        alone = prepare(pixels, way, 1.2, (5, 330, 4, 300))
        np.testing.assert_array_equal(found.image, alone.image)
        assert (found.geometry, found.pose) == (alone.geometry, alone.pose)


def whole_border(lines: FloatArray) -> int:
    """All lines at once."""
    lines = lines[: int(MOST * len(lines))]
    greys = np.median(lines, axis=1)
    alike = np.mean(np.abs(lines - greys[:, None]) <= ALIKE, axis=1) >= SHARE
    border = alike & (np.abs(greys - greys[0]) <= ALIKE)
    return len(border) if border.all() else int(border.argmin())


@pytest.mark.parametrize("rows", [0, 1, 7, 8, 9, 30, 100])
def test_a_border_is_as_wide_as_if_all_lines_were_looked_at(rows: int) -> None:
    dice = np.random.default_rng(rows)
    lines = dice.random((100, 60), dtype=np.float32)
    lines[:rows] = 0.4 + dice.uniform(-0.01, 0.01, (rows, 60))
    assert _border(lines) == whole_border(lines)
