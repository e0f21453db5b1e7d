"""Each frame of an enhanced multi-frame image is shown with its own window, rescale, spacing and orientation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import EnhancedMRImageStorage, EnhancedXAImageStorage

from squid_core.contracts.radiograph import SpacingSource, VoiFunction
from squid_core.dicom.reader import read
from tests.squid_core.dicom.phantoms import chest, phantom, save


def item(**attributes: Any) -> Dataset:
    ds = Dataset()
    for keyword, value in attributes.items():
        setattr(ds, keyword, value)
    return ds


def macro(**attributes: Any) -> Sequence:
    return Sequence([item(**attributes)])


def enhanced(shared: Dataset, frames: list[Dataset], **attributes: Any) -> Dataset:
    """As many frames as groups, each twice as dark as the one before."""
    pixels = np.stack([phantom() >> k for k in range(len(frames))])
    stated: dict[str, Any] = {
        "SOPClassUID": EnhancedMRImageStorage,
        "Modality": "MR",
        "NumberOfFrames": str(len(frames)),
        "PixelData": pixels.tobytes(),
        "SharedFunctionalGroupsSequence": Sequence([shared]),
        "PerFrameFunctionalGroupsSequence": Sequence(frames),
    }
    return chest(pixels[0], **(stated | attributes))


def test_each_frame_has_its_own(tmp_path: Path) -> None:
    frames = [
        item(
            FrameVOILUTSequence=macro(WindowCenter="1000", WindowWidth="1500", WindowCenterWidthExplanation="FIRST"),
            PixelMeasuresSequence=macro(PixelSpacing=[0.5, 0.4]),
            PlaneOrientationSequence=macro(ImageOrientationPatient=[1, 0, 0, 0, 1, 0]),
        ),
        item(
            FrameVOILUTSequence=macro(WindowCenter="300", WindowWidth="900", VOILUTFunction="SIGMOID"),
            PixelMeasuresSequence=macro(PixelSpacing=[0.7, 0.7]),
            PixelValueTransformationSequence=macro(RescaleSlope="2", RescaleIntercept="-10", RescaleType="US"),
            PlaneOrientationSequence=macro(ImageOrientationPatient=[0, 0.8, -0.6, 0, 0.6, 0.8]),
        ),
    ]
    shared = item(PixelValueTransformationSequence=macro(RescaleSlope="1", RescaleIntercept="5", RescaleType="US"))
    path = save(tmp_path, enhanced(shared, frames))
    first, second = read(path, 0), read(path, 1)
    np.testing.assert_array_equal(first.pixels, phantom() + 5)
    np.testing.assert_array_equal(second.pixels, (phantom() >> 1) * 2 - 10.0)
    assert (first.window.center, first.window.width, first.window.name) == (1000, 1500, "FIRST")
    assert (second.window.center, second.window.width, second.window.function) == (300, 900, VoiFunction.SIGMOID)
    assert first.spacing is not None
    assert second.spacing is not None
    assert (first.spacing.row_mm, first.spacing.column_mm, first.spacing.source) == (0.5, 0.4, SpacingSource.PATIENT)
    assert second.spacing.row_mm == 0.7
    assert (first.aspect, second.aspect) == (1.25, 1.0)
    assert first.identity.patient_orientation == ("L", "P")
    assert second.identity.patient_orientation == ("PF", "HP")


def test_a_frames_group_stands_before_the_shared_one_and_both_before_the_top(tmp_path: Path) -> None:
    shared = item(FrameVOILUTSequence=macro(WindowCenter="700", WindowWidth="600"))
    frames = [item(FrameVOILUTSequence=macro(WindowCenter="1100", WindowWidth="1600")), item()]
    top: dict[str, Any] = {"WindowCenter": "9", "WindowWidth": "7", "VOILUTFunction": "SIGMOID"}
    path = save(tmp_path, enhanced(shared, frames, **top))
    assert [read(path, frame).window.center for frame in (0, 1)] == [1100, 700]
    assert read(path, 1).window.function is VoiFunction.LINEAR  # that of the top is of another window


def test_fewer_groups_than_frames_and_empty_ones(tmp_path: Path) -> None:
    ds = enhanced(Dataset(), [item(FrameVOILUTSequence=macro(WindowCenter="1100", WindowWidth="1600")), item()])
    ds.PerFrameFunctionalGroupsSequence = Sequence(ds.PerFrameFunctionalGroupsSequence[:1])
    path = save(tmp_path, ds)
    assert [read(path, frame).window.name for frame in (0, 1)] == ["", "Full range"]


@pytest.mark.parametrize("stated", [["L", "F"], ["A", "F"]])
def test_orientation_of_a_frame_in_letters(tmp_path: Path, stated: list[str]) -> None:
    frame = item(PatientOrientationInFrameSequence=macro(PatientOrientation=stated))
    ds = enhanced(Dataset(), [frame], SOPClassUID=EnhancedXAImageStorage, Modality="XA")
    assert read(save(tmp_path, ds)).identity.patient_orientation == tuple(stated)
