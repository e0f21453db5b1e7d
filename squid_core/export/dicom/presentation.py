"""How a reader has shown an image and what was drawn on it, as a Grayscale Softcopy Presentation State (PS3.3 A.33.1).

What the detector found lies in a layer of its own, named SQUID, so that it can be switched off by itself.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TypeAlias

import numpy as np
from highdicom import PresentationLUT, PresentationLUTTransformation
from highdicom.pr import (
    GraphicAnnotation,
    GraphicLayer,
    GraphicObject,
    GrayscaleSoftcopyPresentationState,
    SoftcopyVOILUTTransformation,
    TextObject,
)
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRLittleEndian

from squid_core.contracts.detection import UNUSUAL, Detection, WeightsFacts
from squid_core.contracts.graphics import Shutter
from squid_core.contracts.radiograph import Radiograph, VoiFunction, Window
from squid_core.contracts.reading import DrawnMark, MarkKind, Remarks
from squid_core.dicom.leniency import lenient
from squid_core.export.dicom.parts import RESEARCH_ONLY, STATES, equipment, identification, person_name
from squid_core.export.dicom.reader_groups import ReferencedImage, axes_of
from squid_core.export.dicom.report import PATCHES, patch_outline
from squid_core.export.dicom.source_header import SourceHeader
from squid_core.export.dicom.stored_image import StoredImage
from squid_core.export.request import ShownAs
from squid_core.export.words import as_percent, doubts_in_words, marks_in_words, score_in_words, what_if_in_words

NOTHING_DRAWN = (
    "Nothing that may be shown was drawn on an image without a score; no presentation state was written of it."
)
NOT_STORED_IN_GREY = "A presentation state is only of DICOM images stored in grey; none was written."
BITMAP_LEFT_OUT = "The shutter of the file is a bitmap, which the presentation state leaves out."
LABEL = "SQUID"
DESCRIPTION = "Window, drawings and unusual patches. Research use only"
OVERLAYS, FOUND, READER = "OVERLAYS", "SQUID", "READER"  # layers, the lowest first
ACTIVATION = 0x1001  # Overlay Activation Layer (60xx,1001): planes of the image are not shown without one (C.11.7)
CAPTION = (0.01, 0.01, 0.99, 0.09)  # of the displayed area: left, top, right, bottom
STEPS = 4096  # entries of a presentation table
BARB, BARB_ANGLE = 0.02, math.radians(25)  # of an arrow's head: in longer sides of the image
MAX_RATIO = 1000  # terms of an aspect ratio
WHITE = 65535

Places: TypeAlias = NDArray[np.float64]
Greys: TypeAlias = tuple[SoftcopyVOILUTTransformation, PresentationLUTTransformation]
Layer: TypeAlias = tuple[str, str, list[GraphicObject], list[TextObject]]


def presentation_state(
    header: SourceHeader,
    radiograph: Radiograph,
    stored: StoredImage,
    shown: ShownAs,
    detection: Detection | None,
    weights: WeightsFacts | None,
    remarks: Remarks,
) -> Dataset:
    """The reader's window, turn and marks, and the patches from the 95th percentile of normals.

    Args:
        header: the source image.
        radiograph: the same, whose values the window is for.
        stored: how its file holds it.
        shown: how the reader had it on the screen.
        detection: None where it was not scored.
        weights: behind it.
        remarks: the reader's marks, as far as they shall be drawn, and judgement.
    """
    about = copy.copy(header.dataset)
    about.SamplesPerPixel = 1
    window, greys = _greys(radiograph, shown)
    opinion = remarks.opinion
    with lenient():
        layers = _layers(header, detection, weights, remarks)
        if shown.graphics and radiograph.overlays:
            layers.insert(0, (OVERLAYS, "Overlays of the image", [], []))
        made = {name: GraphicLayer(name, order, description=said) for order, (name, said, *_) in enumerate(layers, 1)}
        state = GrayscaleSoftcopyPresentationState(
            referenced_images=[about],
            content_label=LABEL,
            content_description=DESCRIPTION,
            content_creator_name=person_name(opinion.reader) or None if opinion is not None else None,
            graphic_layers=list(made.values()) or None,
            graphic_annotations=[
                GraphicAnnotation([about], made[name], graphic_objects=graphics, text_objects=texts)
                for name, _, graphics, texts in layers
                if texts
            ]
            or None,
            voi_lut_transformations=[window],
            presentation_lut_transformation=greys,
            transfer_syntax_uid=ExplicitVRLittleEndian,
            **identification(STATES),
            **equipment(detection),
        )
        for element in stored.modality:
            state[element.tag] = element
        if about.get("BodyPartExamined") == "CHEST":
            state.BodyPartExamined = "CHEST"
        else:
            state.Laterality = ""  # type 2C: of a part that may be one of a pair, the side is not known
        _place(state, radiograph, shown)
        if shown.graphics and radiograph.shutter is not None:
            _shut(state, radiograph.shutter)
        if shown.graphics and radiograph.overlays:
            for group in stored.overlays:
                state.add_new(group << 16 | ACTIVATION, "CS", OVERLAYS)
        if header.frame:
            for reference in _references(state):
                reference.ReferencedFrameNumber = header.frame
    return state


def notices_of(radiograph: Radiograph, shown: ShownAs) -> tuple[str, ...]:
    """What of the picture a state cannot repeat, in sentences."""
    bitmap = shown.graphics and radiograph.shutter is not None and radiograph.shutter.bitmap is not None
    return (BITMAP_LEFT_OUT,) if bitmap else ()


def _references(state: Dataset) -> Iterator[Dataset]:
    for holder in (*state.ReferencedSeriesSequence, *state.get("GraphicAnnotationSequence", ())):
        yield from holder.ReferencedImageSequence


def _greys(radiograph: Radiograph, shown: ShownAs) -> Greys:
    """The window in the file's own values, and what is made of its output: turned round, or a curve.

    A table of the file and a gamma become the presentation's curve (C.11.6): that may be of values in fractions too. A
    state overrides the image's photometric interpretation (PS3.4 N.2.1.4), so of a file in which high is dark INVERSE
    shows what it shows.
    """
    window = shown.window or radiograph.window
    stated = radiograph.stated(replace(window, table=None))
    voi = SoftcopyVOILUTTransformation(
        window_center=stated.center,
        window_width=stated.width,
        voi_lut_function=None if stated.function is VoiFunction.LINEAR else stated.function.value,
    )
    if window.table is None and shown.gamma == 1.0:
        inverse = shown.inverted != radiograph.polarity_inverted
        return voi, PresentationLUTTransformation(presentation_lut_shape="INVERSE" if inverse else "IDENTITY")
    curve = _curve(window, shown)
    curve = curve[::-1] if radiograph.polarity_inverted else curve
    words = np.round(curve * WHITE).astype(np.uint16)
    return voi, PresentationLUTTransformation(presentation_lut=PresentationLUT(0, words))


def _curve(window: Window, shown: ShownAs) -> Places:
    """(STEPS,) 0 (black) to 1 (white): what is shown over the window's reach, as `squid_core.voi.to_uint8` has it."""
    curve = np.linspace(0, 1, STEPS)
    if window.table is not None:
        entries = np.minimum(window.table.values, window.table.top) / window.table.top
        curve = np.interp(curve * (len(entries) - 1), np.arange(len(entries)), entries)
    curve = curve ** (1 / shown.gamma)
    return 1 - curve if shown.inverted else curve


def _place(state: Dataset, radiograph: Radiograph, shown: ShownAs) -> None:
    """The whole image, mirrored and turned as on the screen (C.10.4, C.10.6).

    The state turns first and mirrors then, the screen the other way round. Corners are those on the screen, and named
    as pixels of the image that is not turned yet.
    """
    (area,) = state.DisplayedAreaSelectionSequence
    rows, columns = radiograph.pixels.shape[:2]
    corners = np.array([[(1, 1), (columns, 1)], [(1, rows), (columns, rows)]])
    corners = np.rot90(corners[:, ::-1] if shown.mirrored else corners, -shown.quarters)
    area.DisplayedAreaTopLeftHandCorner = corners[0, 0].tolist()
    area.DisplayedAreaBottomRightHandCorner = corners[-1, -1].tolist()
    ratio = Fraction(radiograph.aspect).limit_denominator(MAX_RATIO)
    area.PresentationPixelAspectRatio = [ratio.numerator, ratio.denominator]
    del area.PixelOriginInterpretation  # of tiled images
    if shown.mirrored or shown.quarters:
        state.ImageRotation = 90 * (-shown.quarters % 4 if shown.mirrored else shown.quarters)
        state.ImageHorizontalFlip = "Y" if shown.mirrored else "N"


def _shut(state: Dataset, shutter: Shutter) -> None:
    """The image's own shutter (C.7.6.11), which a state without one would open (PS3.4 N.2)."""
    shapes = []
    if shutter.rectangle is not None:
        shapes.append("RECTANGULAR")
        top, left, bottom, right = (edge + 1 for edge in shutter.rectangle)
        state.ShutterUpperHorizontalEdge, state.ShutterLeftVerticalEdge = top, left
        state.ShutterLowerHorizontalEdge, state.ShutterRightVerticalEdge = bottom, right
    if shutter.circle is not None:
        shapes.append("CIRCULAR")
        row, column, radius = shutter.circle
        state.CenterOfCircularShutter, state.RadiusOfCircularShutter = [row + 1, column + 1], radius
    if shutter.polygon:
        shapes.append("POLYGONAL")
        state.VerticesOfThePolygonalShutter = [edge + 1 for corner in shutter.polygon for edge in corner]
    if shapes:
        state.ShutterShape = shapes
        state.ShutterPresentationValue = round(shutter.grey * WHITE)


def _layers(
    header: SourceHeader, detection: Detection | None, weights: WeightsFacts | None, remarks: Remarks
) -> list[Layer]:
    """What is drawn, the lowest first."""
    layers: list[Layer] = []
    if detection is not None and weights is not None:
        layers.append((FOUND, "Unlike normal, by SQUID. Research use only", *_found(detection, weights)))
    if remarks.marks:
        layers.append((READER, "Measured and drawn by the reader", *_drawn(header, remarks.marks)))
    return layers


def _found(detection: Detection, weights: WeightsFacts) -> tuple[list[GraphicObject], list[TextObject]]:
    """The most abnormal patches that are unusual, and the score: of an image without one it is all there is."""
    graphics, texts = [], []
    percentiles = detection.patch_percentiles.ravel()
    for patch in detection.most_abnormal(PATCHES):
        outline = patch_outline(detection, patch)
        if percentiles[patch] >= UNUSUAL and len(outline):
            graphics.append(_graphic("POLYLINE", outline))
            said = f"SQUID: beyond {as_percent(float(percentiles[patch]))} of normals"
            texts.append(_text(said, outline[0]))
    said = score_in_words(detection)
    said = what_if_in_words(said) if weights.is_what_if(detection) else said
    lines = (f"SQUID: {said}", RESEARCH_ONLY, *doubts_in_words(detection))
    texts.append(TextObject("\r\n".join(lines), "DISPLAY", bounding_box=CAPTION, text_justification="LEFT"))
    return graphics, texts


def _drawn(header: SourceHeader, marks: Sequence[DrawnMark]) -> tuple[list[GraphicObject], list[TextObject]]:
    """Lines and figures of marks, numbered as on the pictures."""
    image = ReferencedImage.of(header)
    graphics, texts = [], []
    for number, (mark, words) in enumerate(zip(marks, marks_in_words(marks), strict=True), 1):
        chains = [image.coordinates(line) for line in mark.lines]
        if mark.kind is MarkKind.ELLIPSE:
            graphics += [_graphic("ELLIPSE", axes_of(chain)) for chain in chains]
        elif mark.kind is MarkKind.NOTE:
            graphics += [_graphic("POINT", chain[:1]) for chain in chains]
        else:
            graphics += [_graphic("POLYLINE", chain) for chain in chains]
        if mark.kind is MarkKind.ARROW:
            graphics += [_graphic("POLYLINE", _head(chain, image)) for chain in chains]
        said = f"{number} {mark.text}" if mark.text else words
        texts.append(_text(" ".join(said.split()), chains[-1][-1]))
    return graphics, texts


def _head(chain: Places, image: ReferencedImage) -> Places:
    """The two barbs of an arrow, whose tip is the chain's first place; a state has no arrows but compound ones."""
    tip, tail = chain[0], chain[-1]
    back = math.atan2(tail[1] - tip[1], tail[0] - tip[0])
    reach = BARB * max(image.columns, image.rows)
    one, other = (
        tip + reach * np.array((math.cos(turn), math.sin(turn))) for turn in (back + BARB_ANGLE, back - BARB_ANGLE)
    )
    head: Places = np.clip(np.array((one, tip, other)), 0, (image.columns, image.rows))
    return head


def _graphic(kind: str, points: Places) -> GraphicObject:
    return GraphicObject(kind, points, "PIXEL")


def _text(words: str, place: Places) -> TextObject:
    """Words by a place."""
    x, y = place.tolist()
    return TextObject(words[:1024], "PIXEL", anchor_point=(x, y), anchor_point_visible=False)
