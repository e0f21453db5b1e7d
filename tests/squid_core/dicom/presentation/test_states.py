"""A presentation state is read as it applies to one image: greys, turn, area, shutter and drawings."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from highdicom import pr
from pydicom.dataset import Dataset
from pydicom.uid import UID, DeflatedExplicitVRLittleEndian, generate_uid

from squid_core.contracts.errors import SquidError
from squid_core.contracts.graphics import Shutter
from squid_core.contracts.presentation import Presentation
from squid_core.contracts.radiograph import FileStatus, Radiograph, VoiFunction
from squid_core.dicom import opening, reader
from squid_core.dicom.errands import IDLE_STATE, STATE, UNREAD_STATE, identify_in_child
from squid_core.dicom.errors import NotAnImageError
from squid_core.dicom.header.overlays import UNREAD
from squid_core.dicom.presentation import graphics, greys
from squid_core.dicom.presentation.state import NOT_GREY, SUBTRACTION, read_head, read_presentation
from squid_core.dicom.source import Source
from squid_core.voi import to_uint8
from tests.squid_core.dicom.phantoms import chest, phantom, save, to_bytes
from tests.squid_core.dicom.states import graphic, item, reference, state_of, window, words

ROWS, COLUMNS = 160, 200


def presented(folder: Path, image: Dataset, state: Dataset) -> tuple[Radiograph, Presentation]:
    """Image and state as a reader has them."""
    where, about = save(folder, image), save(folder, state, "state")
    shown = reader.read(where)
    return shown, read_presentation(about, where, shown.content, shown.pivot)


def greys_shown(radiograph: Radiograph, presentation: Presentation) -> Any:
    assert presentation.window is not None
    return to_uint8(radiograph.pixels, presentation.window, presentation.invert)


def ramp(values: Any, center: float, width: float) -> Any:
    """LINEAR as PS3.3 C.11.2.1.2.1 has it, by hand."""
    shown = ((np.asarray(values, np.float64) - (center - 0.5)) / (width - 1) + 0.5) * 255
    return np.clip(np.floor(shown + 0.5), 0, 255)


# -- found


def test_a_state_is_no_image_and_says_which_images_it_is_about(tmp_path: Path) -> None:
    image = chest()
    state = save(tmp_path, state_of(image, PresentationCreationDate="20240301"))
    (found,) = identify_in_child((Source(state),))
    assert (found.status, found.message) == (FileStatus.SKIPPED, STATE)
    assert found.state is not None
    assert found.state.images == (image.SOPInstanceUID,)
    assert (found.state.label, found.state.creator, str(found.state.created)) == ("READ", "Roe, Richard", "2024-03-01")
    with pytest.raises(NotAnImageError, match="presentation state"):
        reader.read(state)


def test_a_damaged_state_is_said_and_is_no_error_of_an_image(tmp_path: Path) -> None:
    cut = to_bytes(state_of(chest(), graphic("POINT", 3, 4)))[:-9]
    (found,) = identify_in_child((Source(save(tmp_path, cut)),))
    assert (found.status, found.message, found.state) == (FileStatus.SKIPPED, UNREAD_STATE, None)


def test_a_state_that_names_no_image_is_said_and_one_without_its_series_is_read(tmp_path: Path) -> None:
    image = chest()
    state = state_of(image, ReferencedSeriesSequence=[])
    (found,) = identify_in_child((Source(save(tmp_path, state)),))
    assert (found.message, found.state) == (IDLE_STATE, None)
    state.ReferencedImageSequence = [reference(image)]
    assert read_head(save(tmp_path, state)).images == (image.SOPInstanceUID,)


def test_a_state_is_of_an_image_only_with_its_study_and_patient(tmp_path: Path) -> None:
    image = chest()
    own = reader.read_identity(save(tmp_path, image))[0]
    assert read_head(save(tmp_path, state_of(image), "state")).is_of(own)
    for change in ({"PatientID": "P-18"}, {"PatientName": "Doe^John"}, {"StudyInstanceUID": "1.2.3"}):
        assert not read_head(save(tmp_path, state_of(image, **change), "state")).is_of(own)
    assert not read_head(save(tmp_path, state_of(chest()), "state")).is_of(own)


def test_a_state_of_another_frame_is_not_of_the_one_that_is_shown(tmp_path: Path) -> None:
    image, state = chest(), state_of(chest())
    for frames, meant in (([2, 3], False), ([1, 3], True), (1, True)):
        series = item(ReferencedImageSequence=[reference(image, ReferencedFrameNumber=frames)])
        state.ReferencedSeriesSequence = [series]
        assert (read_head(save(tmp_path, state, "state")).images == (image.SOPInstanceUID,)) is meant


def test_a_state_is_not_shown_on_another_image_nor_on_a_file_that_has_changed(tmp_path: Path) -> None:
    image, state = save(tmp_path, chest()), save(tmp_path, state_of(chest()), "state")
    shown = reader.read(image)
    with pytest.raises(SquidError, match="not about the shown image"):
        read_presentation(state, image, shown.content, shown.pivot)
    image.write_bytes(image.read_bytes() + b"\0\0")
    with pytest.raises(SquidError, match="has changed"):
        read_presentation(state, image, shown.content, shown.pivot)


def test_a_file_that_is_no_state_is_none(tmp_path: Path) -> None:
    image = save(tmp_path, chest())
    with pytest.raises(SquidError, match="no grayscale presentation state"):
        read_head(image)


# -- greys


def test_the_window_of_the_state_shows_the_file_s_values(tmp_path: Path) -> None:
    image = chest()
    shown, state = presented(tmp_path, image, state_of(image, **window(1200, 800)))
    np.testing.assert_array_equal(greys_shown(shown, state), ramp(phantom(), 1200, 800))
    assert not state.notices


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
@pytest.mark.parametrize("shape", ["IDENTITY", "INVERSE"])
def test_the_state_decides_what_is_bright_and_not_the_photometric_interpretation(
    tmp_path: Path, photometric: str, shape: str
) -> None:
    image = chest(PhotometricInterpretation=photometric)
    shown, state = presented(tmp_path, image, state_of(image, PresentationLUTShape=shape, **window(1200, 800)))
    right = ramp(phantom(), 1200, 800)
    right = 255 - right if shape == "INVERSE" else right
    assert np.abs(greys_shown(shown, state) - right).max() <= 1  # a negative rounds the other way


def test_a_window_in_values_of_another_rescale_is_carried_over(tmp_path: Path) -> None:
    image = chest(RescaleSlope="2", RescaleIntercept="-1000")
    shown, state = presented(tmp_path, image, state_of(image, **window(1200, 800)))  # without rescale: stored values
    assert np.abs(greys_shown(shown, state) - ramp(phantom(), 1200, 800)).max() <= 1
    assert state.notices == (greys.OWN_RESCALE,)
    own = {"RescaleSlope": "2", "RescaleIntercept": "-1000", **window(1200, 800)}
    shown, state = presented(tmp_path, image, state_of(image, **own))
    np.testing.assert_array_equal(greys_shown(shown, state), ramp(phantom() * 2.0 - 1000, 1200, 800))
    assert not state.notices


def test_a_modality_table_of_its_own_is_said_and_its_window_is_not_applied(tmp_path: Path) -> None:
    table = item(LUTDescriptor=[4096, 0, 16], ModalityLUTType="US", LUTData=np.arange(4096, dtype="<u2").tobytes())
    table["LUTDescriptor"].VR, table["LUTData"].VR = "US", "OW"
    image = chest()
    _, state = presented(tmp_path, image, state_of(image, ModalityLUTSequence=[table], **window(1200, 800)))
    assert (state.window, state.notices) == (None, (greys.OWN_MODALITY,))
    image.ModalityLUTSequence = [table]
    _, state = presented(tmp_path, image, state_of(image, ModalityLUTSequence=[table], **window(1200, 800)))
    assert state.window is not None
    assert not state.notices


def test_a_voi_table_and_a_presentation_table_are_drawn_one_after_the_other(tmp_path: Path) -> None:
    voi = item(LUTDescriptor=[4096, 0, 12], LUTData=np.minimum(np.arange(4096) * 2, 4095).astype("<u2").tobytes())
    curve = item(LUTDescriptor=[256, 0, 16], LUTData=(np.arange(256)[::-1] * 257).astype("<u2").tobytes())
    for table in (voi, curve):
        table["LUTDescriptor"].VR, table["LUTData"].VR = "US", "OW"
    image = chest()
    state_set = state_of(
        image, SoftcopyVOILUTSequence=[item(VOILUTSequence=[voi])], PresentationLUTSequence=[curve],
        PresentationLUTShape=None,
    )  # fmt: skip
    shown, state = presented(tmp_path, image, state_set)
    right = 255 * (1 - np.minimum(phantom() * 2.0, 4095) / 4095)
    assert np.abs(greys_shown(shown, state) - right).max() <= 1
    assert not state.notices


def test_a_straight_window_goes_through_a_presentation_table_too(tmp_path: Path) -> None:
    curve = item(LUTDescriptor=[2, 0, 16], LUTData=np.array((65535, 0), "<u2").tobytes())  # a negative
    curve["LUTDescriptor"].VR, curve["LUTData"].VR = "US", "OW"
    image = chest()
    state_set = state_of(image, PresentationLUTSequence=[curve], PresentationLUTShape=None, **window(1200, 800))
    shown, state = presented(tmp_path, image, state_set)
    assert np.abs(greys_shown(shown, state) - (255 - ramp(phantom(), 1200, 800))).max() <= 1


def test_a_state_without_a_window_shows_all_that_the_image_can_hold(tmp_path: Path) -> None:
    image = chest()
    shown, state = presented(tmp_path, image, state_of(image))
    np.testing.assert_array_equal(greys_shown(shown, state), np.floor(phantom() / 4095 * 255 + 0.5))


def test_a_window_of_another_image_is_not_taken(tmp_path: Path) -> None:
    image, other = chest(), chest()
    vois = [
        item(WindowCenter="10", WindowWidth="20", ReferencedImageSequence=[reference(other)]),
        item(WindowCenter="1200", WindowWidth="800", ReferencedImageSequence=[reference(image)]),
    ]
    _, state = presented(tmp_path, image, state_of(image, SoftcopyVOILUTSequence=vois))
    assert state.window is not None
    assert (state.window.center, state.window.width) == (1200, 800)


def test_a_window_that_makes_no_sense_is_said(tmp_path: Path) -> None:
    image = chest()
    _, state = presented(tmp_path, image, state_of(image, **window(1200, 0)))
    assert (state.window, state.notices) == (None, (greys.BAD_WINDOW,))
    _, state = presented(tmp_path, image, state_of(image, **window(1200, 800, VOILUTFunction="CUBIC")))
    assert state.window is not None
    assert state.window.function is VoiFunction.LINEAR
    assert state.notices == (greys.BAD_FUNCTION,)


def test_of_a_colour_image_only_turn_and_drawings_are_taken(tmp_path: Path) -> None:
    image = chest(np.zeros((20, 30, 3), np.uint8), 8)
    _, state = presented(tmp_path, image, state_of(image, graphic("POINT", 3, 4), ImageRotation=90, **window(9, 9)))
    assert (state.window, state.quarters, len(state.strokes), state.notices) == (None, 1, 1, (NOT_GREY,))


# -- drawings


def test_drawings_in_pixels_lie_on_the_pixels_they_name(tmp_path: Path) -> None:
    image = chest()
    drawings = (
        graphic("POINT", 10.5, 20.5), graphic("POLYLINE", 0, 0, 200, 160, GraphicGroupID=1),
        graphic("CIRCLE", 50.5, 60.5, 60.5, 60.5), graphic("ELLIPSE", 20, 40, 60, 40, 40, 30, 40, 50),
        graphic("INTERPOLATED", 1.5, 1.5, 9.5, 5.5, 20.5, 3.5),
        words("first line\r\nsecond", (30.5, 40.5)),
    )  # fmt: skip
    _, state = presented(tmp_path, image, state_of(image, *drawings))
    dot, line, circle, ellipse, smooth = (np.array(stroke.points) for stroke in state.strokes)
    assert dot.tolist() == [[20, 10]]
    assert line.tolist() == [[-0.5, -0.5], [159.5, 199.5]]
    np.testing.assert_allclose(np.hypot(*(circle - (60, 50)).T), 10)
    np.testing.assert_allclose(np.hypot(*((ellipse - (39.5, 39.5)) / (10, 20)).T), 1)
    for row, column in ((1, 1), (5, 9), (3, 20)):
        assert np.hypot(*(smooth - (row, column)).T).min() < 1e-9
    (caption,) = state.captions
    assert (caption.text, caption.anchor, caption.box) == ("first line\nsecond", (40, 30), None)
    assert not state.notices


@pytest.mark.parametrize("quarters", range(4))
@pytest.mark.parametrize("flip", ["N", "Y"])
def test_a_place_of_the_display_is_found_after_turn_and_flip(tmp_path: Path, quarters: int, flip: str) -> None:
    """The oracle turns the picture itself: clockwise first, then left and right change places (PS3.3 C.10.6)."""
    image = chest()
    number = np.arange(ROWS * COLUMNS).reshape(ROWS, COLUMNS)
    screen = np.rot90(number, -quarters)
    screen = screen[:, ::-1] if flip == "Y" else screen
    height, width = screen.shape
    row, column = 30, 12
    mark = graphic("POINT", (column + 0.5) / width, (row + 0.5) / height, units="DISPLAY")
    area = item(DisplayedAreaTopLeftHandCorner=[1, 1], DisplayedAreaBottomRightHandCorner=[COLUMNS, ROWS])
    lie = {"ImageRotation": 90 * quarters, "ImageHorizontalFlip": flip, "DisplayedAreaSelectionSequence": [area]}
    _, state = presented(tmp_path, image, state_of(image, mark, **lie))
    ((found,),) = (stroke.points for stroke in state.strokes)
    assert number[round(found[0]), round(found[1])] == screen[row, column]
    laid = number[:, ::-1] if state.mirrored else number
    np.testing.assert_array_equal(np.rot90(laid, -state.quarters), screen)


def test_places_of_the_display_are_shares_of_the_displayed_area_however_its_corners_are_written(tmp_path: Path) -> None:
    image = chest()
    for one, other in (([21, 11], [120, 60]), ([120, 60], [21, 11])):
        area = item(DisplayedAreaTopLeftHandCorner=one, DisplayedAreaBottomRightHandCorner=other)
        mark = graphic("POINT", 0.25, 0.5, units="DISPLAY")
        _, state = presented(tmp_path, image, state_of(image, mark, DisplayedAreaSelectionSequence=[area]))
        assert state.area is not None
        assert (state.area.top, state.area.left, state.area.bottom, state.area.right) == (9.5, 19.5, 59.5, 119.5)
        assert state.strokes[0].points == ((34.5, 44.5),)


def test_the_size_that_an_area_asks_for(tmp_path: Path) -> None:
    image = chest()
    whole = {"DisplayedAreaTopLeftHandCorner": [1, 1], "DisplayedAreaBottomRightHandCorner": [COLUMNS, ROWS]}
    asked: dict[str, tuple[dict[str, Any], float | None, tuple[str, ...]]] = {
        "SCALE TO FIT": ({}, None, ()),
        "MAGNIFY": ({"PresentationPixelMagnificationRatio": 2.5}, 2.5, ()),
        "TRUE SIZE": ({"PresentationPixelSpacing": [0.2, 0.2]}, None, (graphics.TRUE_SIZE,)),
    }
    for mode, (more, zoom, notices) in asked.items():
        area = item(PresentationSizeMode=mode, **whole, **more)
        _, state = presented(tmp_path, image, state_of(image, DisplayedAreaSelectionSequence=[area]))
        assert (state.area.zoom if state.area else None, state.notices) == (zoom, notices)


def test_the_shutter_and_the_overlays_of_the_state(tmp_path: Path) -> None:
    image = chest()
    shutters: dict[str, Any] = {
        "ShutterShape": ["RECTANGULAR", "CIRCULAR"], "ShutterPresentationValue": 65535,
        "ShutterLeftVerticalEdge": "21", "ShutterRightVerticalEdge": "120",
        "ShutterUpperHorizontalEdge": "11", "ShutterLowerHorizontalEdge": "60",
        "CenterOfCircularShutter": ["31", "41"], "RadiusOfCircularShutter": "25",
    }  # fmt: skip
    state_set = state_of(image, **shutters)
    drawn = np.zeros((ROWS, COLUMNS), np.uint8)
    drawn[7, 9:14] = 1
    for group, layer in ((0x6000, "MARKS"), (0x6002, ""), (0x6004, None)):
        plane = {0x10: ("US", ROWS), 0x11: ("US", COLUMNS), 0x40: ("CS", "G"), 0x50: ("SS", [1, 1]), 0x100: ("US", 1)}
        for element, (vr, value) in plane.items():
            state_set.add_new(group << 16 | element, vr, value)
        state_set.add_new(group << 16 | 0x102, "US", 0)
        state_set.add_new(group << 16 | 0x3000, "OW", np.packbits(drawn, bitorder="little").tobytes())
        if layer is not None:
            state_set.add_new(group << 16 | 0x1001, "CS", layer)
    _, state = presented(tmp_path, image, state_set)
    assert state.shutter == Shutter(rectangle=(10, 20, 59, 119), circle=(30, 40, 25), grey=1.0)
    assert [(plane.top, plane.left, plane.rows, plane.columns) for plane in state.overlays] == [(7, 9, 1, 5)] * 2
    assert not state.notices
    state_set.ShutterShape, state_set.ShutterOverlayGroup = "BITMAP", 0x6000
    _, state = presented(tmp_path, image, state_set)
    assert state.shutter is not None
    assert state.shutter.bitmap is not None
    assert len(state.overlays) == 1


def test_what_is_not_drawn_is_said(tmp_path: Path) -> None:
    image = chest()
    drawings = (graphic("SPIRAL", 1, 2, 3, 4), graphic("CIRCLE", 1, 2), graphic("POLYLINE", 1, 2, 3))
    state_set = state_of(image, *drawings)
    state_set.MaskSubtractionSequence = [item(MaskOperation="AVG_SUB")]
    state_set.add_new(0x60020010, "US", 8)  # Overlay Rows, without anything else
    state_set.GraphicAnnotationSequence[0].CompoundGraphicSequence = [item(CompoundGraphicInstanceID=7)]
    _, state = presented(tmp_path, image, state_set)
    assert not state.strokes
    said = {graphics.UNKNOWN_DRAWING, graphics.BAD_DRAWING, graphics.COMPOUND, UNREAD, SUBTRACTION}
    assert set(state.notices) == said


def test_drawings_without_number_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    image = chest()
    monkeypatch.setattr(graphics, "MAX_DRAWN", 3)
    _, state = presented(tmp_path, image, state_of(image, *(graphic("POINT", n, n) for n in range(5))))
    assert (len(state.strokes), state.notices) == (3, (graphics.TOO_MANY,))
    monkeypatch.setattr(graphics, "MAX_DRAWN_POINTS", 3)
    _, state = presented(tmp_path, image, state_of(image, graphic("POLYLINE", 1, 1, 2, 2, 3, 3, 4, 4)))
    assert (len(state.strokes), state.notices) == (0, (graphics.TOO_MANY,))


def test_the_lower_layer_is_drawn_first(tmp_path: Path) -> None:
    image = chest()
    state_set = state_of(image, graphic("POINT", 1, 1))
    upper = item(GraphicLayer="ABOVE", GraphicObjectSequence=[graphic("POINT", 2, 2)])
    state_set.GraphicAnnotationSequence = [upper, state_set.GraphicAnnotationSequence[0]]
    state_set.GraphicLayerSequence = [
        item(GraphicLayer="MARKS", GraphicLayerOrder=1),
        item(GraphicLayer="ABOVE", GraphicLayerOrder=2),
    ]
    _, state = presented(tmp_path, image, state_set)
    assert [stroke.points for stroke in state.strokes] == [((0.5, 0.5),), ((1.5, 1.5),)]


def test_a_state_that_another_library_wrote(tmp_path: Path) -> None:
    """highdicom is the oracle of how a state is written."""
    image = chest(RescaleSlope="1", RescaleIntercept="0", StudyTime="", StudyID="1", AccessionNumber="1")
    image.ReferringPhysicianName, image.PatientBirthDate = "", "19620101"
    layer = pr.GraphicLayer("LAYER", order=1)
    marks = pr.GraphicAnnotation(
        referenced_images=[image], graphic_layer=layer,
        graphic_objects=[pr.GraphicObject("POLYLINE", np.array([(10.5, 20.5), (30.5, 40.5)]), units="PIXEL")],
        text_objects=[pr.TextObject("seen", units="PIXEL", anchor_point=(5.5, 6.5))],
    )  # fmt: skip
    state_set = pr.GrayscaleSoftcopyPresentationState(
        referenced_images=[image], series_instance_uid=generate_uid(), series_number=1,
        sop_instance_uid=generate_uid(), instance_number=1, manufacturer="-", manufacturer_model_name="-",
        software_versions="-", device_serial_number="-", content_label="ORACLE",
        voi_lut_transformations=[pr.SoftcopyVOILUTTransformation(window_center=1200, window_width=800)],
        graphic_layers=[layer], graphic_annotations=[marks], modality_lut_transformation=None,
    )  # fmt: skip
    shown, state = presented(tmp_path, image, state_set)
    np.testing.assert_array_equal(greys_shown(shown, state), ramp(phantom(), 1200, 800))
    assert [stroke.points for stroke in state.strokes] == [((20, 10), (40, 30))]
    assert [(caption.text, caption.anchor) for caption in state.captions] == [("seen", (6, 5))]
    assert (state.head.label, state.area, state.notices) == ("ORACLE", None, ())


def test_a_state_that_is_too_large_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state_set = state_of(chest(), *(words("x" * 1000, (1, 1)) for _ in range(5)))
    state_set.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    state = save(tmp_path, state_set)
    assert state.stat().st_size < 4000
    assert read_head(state).label == "READ"
    monkeypatch.setattr(opening, "MAX_STATE_BYTES", 4000)
    with pytest.raises(SquidError, match="too large"):
        read_head(state)
    (found,) = identify_in_child((Source(state),))
    assert (found.status, found.message) == (FileStatus.SKIPPED, UNREAD_STATE)


def test_a_window_below_width_one_is_a_straight_one(tmp_path: Path) -> None:
    image = chest(RescaleSlope="0.001", RescaleIntercept="0")
    own = {"RescaleSlope": "0.001", "RescaleIntercept": "0", **window(1.2, 0.8)}
    shown, state = presented(tmp_path, image, state_of(image, **own))
    right = np.clip(((phantom() * 0.001 - 1.2) / 0.8 + 0.5) * 255, 0, 255)
    assert np.abs(greys_shown(shown, state) - right).max() <= 1
    assert not state.notices


def test_a_state_with_flipped_bytes_ends_in_a_sentence_or_is_shown(tmp_path: Path) -> None:
    image = chest(np.zeros((8, 8), np.uint16), SOPInstanceUID="1.2.1", StudyInstanceUID="1.2", SeriesInstanceUID="1.3")
    area = item(DisplayedAreaTopLeftHandCorner=[1, 1], DisplayedAreaBottomRightHandCorner=[8, 8])
    state_set = state_of(
        image, graphic("ELLIPSE", 1, 2, 3, 2, 2, 1, 2, 3), words("seen", (1, 1)), ImageRotation=90,
        ShutterShape="POLYGONAL", VerticesOfThePolygonalShutter=["1", "1", "8", "1", "8", "8"],
        DisplayedAreaSelectionSequence=[area], SOPInstanceUID="1.2.9", SeriesInstanceUID="1.4", **window(1200, 800),
    )  # fmt: skip
    state_set.file_meta.MediaStorageSOPInstanceUID = UID("1.2.9")
    whole, where = to_bytes(state_set), save(tmp_path, image)
    content, rng, read = reader.read_identity(where)[1], np.random.default_rng(4), 0
    for _ in range(300):
        flipped = np.frombuffer(whole, np.uint8).copy()
        places = rng.integers(132, len(whole), rng.integers(1, 4))
        flipped[places] ^= rng.integers(1, 256, len(places)).astype(np.uint8)
        with contextlib.suppress(SquidError):
            read_presentation(save(tmp_path, flipped.tobytes(), "state"), where, content, None)
            read += 1
    assert 0 < read < 300
