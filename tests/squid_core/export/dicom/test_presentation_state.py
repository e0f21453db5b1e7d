"""A presentation state of the reader's screen, read back by this program and rendered by DCMTK."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import MultiFrameGrayscaleWordSecondaryCaptureImageStorage

from squid_core.contracts.detection import DetectorSettings, Trial
from squid_core.contracts.presentation import Presentation
from squid_core.contracts.radiograph import Radiograph, VoiFunction, Window
from squid_core.contracts.reading import DrawnMark, MarkKind
from squid_core.dicom import reader
from squid_core.dicom.presentation.state import read_presentation
from squid_core.export.dicom.presentation import BITMAP_LEFT_OUT, NOT_STORED_IN_GREY, NOTHING_DRAWN
from squid_core.export.request import ExportKind, ShownAs
from squid_core.export.write import write_all
from squid_core.voi import to_uint8
from tests.squid_core.dicom.phantoms import CR, phantom, save
from tests.squid_core.dicom.states import item
from tests.squid_core.export.dicom.test_dicom_results import HOSTILE, PATIENT, STUDY, VALIDATOR, errors, source
from tests.squid_core.export.remarked import ANGLE, ARROW, ELLIPSE, LENGTH, NOTE, OPINION, WRITTEN, everything
from tests.squid_core.export.samples import PERCENTILES, detection, request

GSPS = ExportKind.PRESENTATION_STATE
UNSCORED: dict[str, Any] = {"detection": None, "weights": None}
RENDERER, CHECKER = shutil.which("dcmp2pgm"), shutil.which("dcmpschk")


def lookup(first: int, curve: NDArray[Any]) -> Dataset:
    """A table whose words are given as such."""
    made = item(LUTDescriptor=[len(curve), first, 12], LUTData=curve.astype("<u2").tobytes(), ModalityLUTType="US")
    made["LUTData"].VR = "OW"
    return made


def film(folder: Path, **attributes: Any) -> Path:
    return save(folder, source(**attributes))


def written(folder: Path, path: Path, **changes: Any) -> tuple[Radiograph, Presentation, Dataset]:
    """The state of an image: as this program shows it, and as it is stored."""
    (made,) = write_all(request(path, folder / "out", GSPS, **changes)).paths
    radiograph = reader.read(path)
    state = read_presentation(made, path, radiograph.content, radiograph.pivot)
    return radiograph, state, pydicom.dcmread(made)


def layer(state: Dataset, name: str) -> Dataset:
    found: Dataset = next(one for one in state.GraphicAnnotationSequence if one.GraphicLayer == name)
    return found


def said(annotation: Dataset) -> list[str]:
    return [one.UnformattedTextValue for one in annotation.TextObjectSequence]


MODALITIES: dict[str, dict[str, Any]] = {
    "as stored": {},
    "MONOCHROME1": {"PhotometricInterpretation": "MONOCHROME1"},
    "in fractions": {"RescaleSlope": "0.5", "RescaleIntercept": "-100"},
    "MONOCHROME1, rescaled": {
        "PhotometricInterpretation": "MONOCHROME1", "RescaleSlope": "2", "RescaleIntercept": "10",
        "WindowCenter": "3000", "WindowWidth": "2000",
    },
    "modality table": {"ModalityLUTSequence": Sequence([lookup(0, np.sqrt(np.arange(4096) / 4095) * 65535)])},
    "modality table from below zero": {
        "PixelRepresentation": 1, "PixelData": (phantom().astype(np.int16) - 2048).tobytes(),
        "ModalityLUTSequence": Sequence([lookup(-2000, np.sqrt(np.arange(4000) / 3999) * 65535)]),
    },
    "VOI table": {"VOILUTSequence": Sequence([lookup(500, (np.arange(2000) / 1999) ** 2 * 4095)])},
    "MONOCHROME1, VOI table": {
        "PhotometricInterpretation": "MONOCHROME1",
        "VOILUTSequence": Sequence([lookup(500, (np.arange(2000) / 1999) ** 2 * 4095)]),
    },
}  # fmt: skip
SHOWN = {
    "own window": ShownAs(),
    "window": ShownAs(Window(2000, 1500)),
    "negative": ShownAs(Window(1800, 1200, VoiFunction.LINEAR_EXACT), inverted=True),
    "gamma": ShownAs(Window(2000, 1500), gamma=1.8),
    "gamma of a negative": ShownAs(gamma=0.7, inverted=True),
}


@pytest.mark.parametrize("modality", MODALITIES)
@pytest.mark.parametrize("how", SHOWN)
def test_the_greys_of_the_screen_are_those_of_the_state(tmp_path: Path, modality: str, how: str) -> None:
    path, shown = film(tmp_path, **MODALITIES[modality]), SHOWN[how]
    radiograph, state, _ = written(tmp_path, path, shown=shown)
    expected = to_uint8(radiograph.pixels, shown.window or radiograph.window, shown.inverted, shown.gamma).astype(int)
    assert state.window is not None
    assert not state.notices
    assert np.abs(to_uint8(radiograph.pixels, state.window, state.invert).astype(int) - expected).max() <= 1
    if RENDERER is not None:  # somebody else's reading of the standard
        picture = tmp_path / "rendered.pgm"
        (made,) = (tmp_path / "out").iterdir()
        subprocess.run([RENDERER, "-q", "-p", made, path, picture], check=True)
        rendered = cv2.imread(str(picture), cv2.IMREAD_UNCHANGED)
        assert rendered is not None
        assert np.abs(rendered.astype(int) - expected).max() <= 3


def test_a_sigmoid_stays_one(tmp_path: Path) -> None:
    shown = ShownAs(Window(2000, 1500, VoiFunction.SIGMOID))
    radiograph, state, _ = written(tmp_path, film(tmp_path), shown=shown)
    assert state.window is not None
    assert shown.window is not None
    assert state.window.function is VoiFunction.SIGMOID
    assert (to_uint8(radiograph.pixels, state.window) == to_uint8(radiograph.pixels, shown.window)).all()


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_the_picture_lies_as_it_lay_on_the_screen(tmp_path: Path, mirrored: bool, quarters: int) -> None:
    _, state, stored = written(tmp_path, film(tmp_path), shown=ShownAs(mirrored=mirrored, quarters=quarters))
    assert (state.mirrored, state.quarters, state.area) == (mirrored, quarters, None)
    (area,) = stored.DisplayedAreaSelectionSequence
    # PS3.3 C.10.4, by hand: the pixel, (column, row) of 200 x 160 before any turn, that is then at the top left.
    corners = {
        (False, 0): [1, 1], (False, 1): [1, 160], (False, 2): [200, 160], (False, 3): [200, 1],
        (True, 0): [200, 1], (True, 1): [200, 160], (True, 2): [1, 160], (True, 3): [1, 1],
    }  # fmt: skip
    top_left = corners[mirrored, quarters]
    assert list(area.DisplayedAreaTopLeftHandCorner) == top_left
    assert list(area.DisplayedAreaBottomRightHandCorner) == [201 - top_left[0], 161 - top_left[1]]


def test_every_mark_lies_where_it_was_drawn_with_its_figures(tmp_path: Path) -> None:
    _, state, stored = written(tmp_path, film(tmp_path), marks=everything, **UNSCORED)
    (drawn,) = stored.GraphicAnnotationSequence
    assert drawn.GraphicLayer == "READER"
    assert said(drawn) == [
        "1 length 12.3 mm (at detector)",
        "2 CTR 0.43, heart 60 px, thorax 140 px",
        "3 angle 78.2°",
        "4 ellipse mean 1511, sd 22.4, min 1400, max 1600, area 471 mm²",
        "5 nodule?",
        f"6 {NOTE}",
    ]
    strokes = [stroke.points for stroke in state.strokes]
    assert strokes[0] == LENGTH.lines[0]
    assert strokes[3] == ANGLE.lines[0]
    assert strokes[5] == ARROW.lines[0]
    assert strokes[6][1] == ARROW.lines[0][0], "the head is at the tip"
    assert strokes[7] == WRITTEN.lines[0]
    rows, columns = np.array(strokes[4]).T
    tall, wide = np.array(ELLIPSE.lines[0]).T
    assert np.allclose((rows.min(), rows.max(), columns.min(), columns.max()), (70, 90, 120, 150), atol=0.01)
    assert (tall.min(), wide.max()) == (70, 150)
    assert [caption.anchor for caption in state.captions][:2] == [(60.0, 90.0), (120.0, 160.0)]


def test_a_mark_beyond_the_edge_is_cut_there(tmp_path: Path) -> None:
    beyond = DrawnMark(MarkKind.LENGTH, (((-7.0, 10.0), (170.0, 10.0)),))
    _, state, _ = written(tmp_path, film(tmp_path), marks=lambda _: (beyond,), **UNSCORED)
    assert state.strokes[0].points == ((-0.5, 10.0), (159.5, 10.0))


def test_unusual_patches_lie_in_a_layer_of_squid_s_own_below_the_reader_s(tmp_path: Path) -> None:
    _, state, stored = written(tmp_path, film(tmp_path), marks=everything)
    names = [(one.GraphicLayer, one.GraphicLayerOrder) for one in stored.GraphicLayerSequence]
    assert names == [("SQUID", 1), ("READER", 2)]
    assert "Research use only" in stored.GraphicLayerSequence[0].GraphicLayerDescription
    assert "Research use only" in stored.ContentDescription
    found = layer(stored, "SQUID")
    # Of the five most abnormal patches two are unusual: row 1, column 4 and row 3, column 2 of 4 x 4.
    assert [list(one.GraphicData) for one in found.GraphicObjectSequence] == [
        [150, 0, 200, 0, 200, 40, 150, 40, 150, 0],
        [50, 80, 100, 80, 100, 120, 50, 120, 50, 80],
    ]
    *percentiles, caption = said(found)
    assert percentiles == ["SQUID: beyond 99% of normals", "SQUID: beyond 96% of normals"]
    assert caption.split("\r\n") == [
        "SQUID: Score 0.850, higher than 93% of normal images held out",
        "RESEARCH USE ONLY - not for diagnosis",
    ]
    assert state.strokes[0].points == ((-0.5, 149.5), (-0.5, 199.5), (39.5, 199.5), (39.5, 149.5), (-0.5, 149.5))


def test_of_an_image_like_normal_ones_the_state_draws_no_patch_and_says_its_score(tmp_path: Path) -> None:
    _, state, stored = written(tmp_path, film(tmp_path), detection=detection(patch_percentiles=PERCENTILES * 0))
    assert not state.strokes
    assert "GraphicObjectSequence" not in layer(stored, "SQUID")
    assert len(said(layer(stored, "SQUID"))) == 1


def test_what_if_and_outside_memory_are_said_beside_the_score(tmp_path: Path) -> None:
    odd = detection(outside_memory=True, trial=Trial(DetectorSettings(7)))
    _, _, stored = written(tmp_path, film(tmp_path), detection=odd)
    words = said(layer(stored, "SQUID"))[-1]
    assert "WHAT-IF" in words
    assert "the score means little" in words


def test_the_shutter_of_the_image_stays_closed_where_graphics_are_shown(tmp_path: Path) -> None:
    shut = {
        "ShutterShape": ["RECTANGULAR", "CIRCULAR"], "ShutterUpperHorizontalEdge": "11",
        "ShutterLeftVerticalEdge": "21", "ShutterLowerHorizontalEdge": "150", "ShutterRightVerticalEdge": "180",
        "CenterOfCircularShutter": ["80", "100"], "RadiusOfCircularShutter": "90", "ShutterPresentationValue": 100,
    }  # fmt: skip
    path = film(tmp_path, **shut)
    radiograph, state, _ = written(tmp_path, path)
    assert radiograph.shutter is not None
    assert state.shutter == replace(radiograph.shutter, grey=100 / 65535)
    _, opened, _ = written(tmp_path / "open", path, shown=ShownAs(graphics=False))
    assert opened.shutter is None


def test_a_state_about_a_later_frame_names_it(tmp_path: Path) -> None:
    several = source(SOPClassUID=MultiFrameGrayscaleWordSecondaryCaptureImageStorage)
    several.NumberOfFrames, several.PixelData = 2, several.PixelData * 2
    (made,) = write_all(request(save(tmp_path, several), tmp_path / "out", GSPS, frame=1)).paths
    stored = pydicom.dcmread(made)
    references = [one for one in stored.iterall() if one.keyword == "ReferencedFrameNumber"]
    assert [int(one.value) for one in references] == [2, 2]
    classes = {one.value for one in stored.iterall() if one.keyword == "ReferencedSOPClassUID"}
    assert classes == {MultiFrameGrayscaleWordSecondaryCaptureImageStorage}


def test_pixels_that_are_not_square_stay_so(tmp_path: Path) -> None:
    _, _, stored = written(tmp_path, film(tmp_path, PixelSpacing=["0.3", "0.2"]))
    assert list(stored.DisplayedAreaSelectionSequence[0].PresentationPixelAspectRatio) == [3, 2]


def test_where_nothing_was_drawn_on_an_unscored_image_no_state_is_written(tmp_path: Path) -> None:
    path = film(tmp_path)
    hidden = request(path, tmp_path / "out", GSPS, marks=everything, shown=ShownAs(marks=False), **UNSCORED)
    done = write_all(hidden)
    assert (done.kinds, done.paths, done.notices) == ((), (), (NOTHING_DRAWN,))
    assert not (tmp_path / "out").exists()
    with pytest.raises(ValueError, match="scored"):
        request(path, tmp_path / "out", GSPS, opinion=OPINION, **UNSCORED)


def test_an_image_stored_in_colour_has_no_grayscale_state_and_its_other_results(tmp_path: Path) -> None:
    coloured = np.stack([phantom(bits=8).astype(np.uint8)] * 3, axis=-1)
    ds = source()
    ds.SamplesPerPixel, ds.PhotometricInterpretation, ds.PlanarConfiguration = 3, "RGB", 0
    ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelData = 8, 8, 7, coloured.tobytes()
    done = write_all(request(save(tmp_path, ds), tmp_path / "out", GSPS, ExportKind.STRUCTURED_REPORT))
    assert done.kinds == (ExportKind.STRUCTURED_REPORT,)
    assert [path.name for path in done.paths] == ["squid-0001-report-sr.dcm"]
    assert NOT_STORED_IN_GREY in done.notices


def test_de_identified_the_state_holds_figures_and_no_words_of_the_reader(tmp_path: Path) -> None:
    how: dict[str, Any] = {"marks": everything, "opinion": OPINION, "deidentify": True}
    path = film(tmp_path)
    (made,) = write_all(request(path, tmp_path / "out", GSPS, **how)).paths
    stored = pydicom.dcmread(made)
    assert stored.PatientIdentityRemoved == "YES"
    assert not stored.ContentCreatorName
    assert said(layer(stored, "READER")) == [
        "1 length 12.3 mm (at detector)",
        "2 CTR 0.43, heart 60 px, thorax 140 px",
        "3 angle 78.2°",
        "4 ellipse mean 1511, sd 22.4, min 1400, max 1600, area 471 mm²",
        "5 arrow",
    ]
    for secret in ("Zzcanary", "nodule", "chen", "Jane", "P-17", str(pydicom.dcmread(path).SOPInstanceUID)):
        assert secret.encode() not in made.read_bytes(), secret
    plain = pydicom.dcmread(write_all(request(path, tmp_path / "out", GSPS, **how | {"deidentify": False})).paths[0])
    assert plain.ContentCreatorName == "chen"


@pytest.mark.skipif(VALIDATOR is None, reason="dicom3tools is not installed")
@pytest.mark.parametrize(
    "attributes",
    [
        {},
        {"SOPClassUID": CR, "Modality": "CR", "ViewPosition": "AP", "BodyPartExamined": None},
        dict.fromkeys((*PATIENT, *STUDY, "StudyInstanceUID", "SOPInstanceUID", "ViewPosition", "BodyPartExamined")),
        HOSTILE,
        {"SpecificCharacterSet": "ISO_IR 144", "PatientName": "Люкceмбypг"},
        *MODALITIES.values(),
    ],
)
def test_the_validator_finds_no_error_in_a_state(tmp_path: Path, attributes: dict[str, Any]) -> None:
    how = ShownAs(Window(2000, 1500), gamma=1.3, mirrored=True, quarters=1)
    made = request(film(tmp_path, **attributes), tmp_path / "out", GSPS, marks=everything, opinion=OPINION, shown=how)
    (path,) = write_all(made).paths
    assert errors(path) == []


@pytest.mark.skipif(CHECKER is None, reason="DCMTK is not installed")
def test_dcmtk_s_checker_of_presentation_states_passes_them(tmp_path: Path) -> None:
    (path,) = write_all(request(film(tmp_path), tmp_path / "out", GSPS, marks=everything)).paths
    assert CHECKER
    done = subprocess.run([CHECKER, path], capture_output=True, text=True, check=False)
    assert "Test passed" in done.stdout + done.stderr


def with_plane(**attributes: Any) -> Dataset:
    """An image with an overlay plane."""
    ds = source(**attributes)
    for element, vr, value in (
        (0x0010, "US", 160), (0x0011, "US", 200), (0x0040, "CS", "G"), (0x0050, "SS", [1, 1]),
        (0x0100, "US", 1), (0x0102, "US", 0), (0x3000, "OW", b"\xff" * 1000 + b"\x00" * 3000),
    ):  # fmt: skip
        ds.add_new(0x60000000 | element, vr, value)
    return ds


def test_overlays_of_the_image_are_shown_by_the_state_where_the_reader_saw_them(tmp_path: Path) -> None:
    path = save(tmp_path, with_plane())
    _, state, stored = written(tmp_path, path)
    assert stored[0x60001001].value == "OVERLAYS"
    assert [one.GraphicLayer for one in stored.GraphicLayerSequence] == ["OVERLAYS", "SQUID"]
    assert not state.overlays, "the plane stays in the image"
    for how in ({"shown": ShownAs(graphics=False)}, {"deidentify": True}):
        done = write_all(request(path, tmp_path / "without", GSPS, **how))
        assert 0x60001001 not in pydicom.dcmread(done.paths[0])
    if VALIDATOR is not None:
        (made,) = (tmp_path / "out").iterdir()
        assert errors(made) == []


def test_a_shutter_drawn_as_bits_is_left_out_and_that_is_said(tmp_path: Path) -> None:
    ds = with_plane(ShutterShape="BITMAP", ShutterOverlayGroup=0x6000, ShutterPresentationValue=0)
    done = write_all(request(save(tmp_path, ds), tmp_path / "out", GSPS))
    assert BITMAP_LEFT_OUT in done.notices
    stored = pydicom.dcmread(done.paths[0])
    assert "ShutterShape" not in stored
    assert 0x60001001 not in stored
