"""One presentation state: what it says of itself, and what it does to one image."""

from __future__ import annotations

from pathlib import Path

from pydicom.dataset import Dataset

from squid_core.contracts.errors import SquidError
from squid_core.contracts.presentation import Area, Presentation, StateHead
from squid_core.contracts.radiograph import Content
from squid_core.dicom.header.elements import base_tag
from squid_core.dicom.header.identity import identity_of, person_name
from squid_core.dicom.header.image_module import GREY, image_header
from squid_core.dicom.header.overlays import GROUPS, OVERLAY_TAGS, UNREAD, overlays_of
from squid_core.dicom.header.shutter import shutter_of
from squid_core.dicom.header.spacing import aspect_of
from squid_core.dicom.header.values import date_of, sequence_items, text
from squid_core.dicom.opening import header_of, presentation_header, tags_of
from squid_core.dicom.presentation.graphics import area_of, drawings_of, lie_of
from squid_core.dicom.presentation.greys import greys_of
from squid_core.dicom.presentation.items import names_image
from squid_core.dicom.source import Source

_HEAD = """
    ReferencedSeriesSequence ReferencedImageSequence
    ContentLabel ContentDescription ContentCreatorName PresentationCreationDate
"""
_BODY = """
    SoftcopyVOILUTSequence PresentationLUTSequence ImageRotation ImageHorizontalFlip DisplayedAreaSelectionSequence
    GraphicAnnotationSequence GraphicLayerSequence MaskSubtractionSequence
"""
_ACTIVATION = 0x1001  # Overlay Activation Layer (60xx,1001)
_TAGS = tags_of((_HEAD + _BODY).split()).union(OVERLAY_TAGS, (group << 16 | _ACTIVATION for group in GROUPS))
SUBTRACTION = "It subtracts a mask from the image, which is not done here."
NOT_GREY = "It is meant for an image stored in grey and this one is stored in colour; its window is not applied."
MAX_IMAGES = 10_000


def read_head(source: Path | Source) -> StateHead:
    """What a state says of itself, and which images it is about.

    Raises:
        SquidError: it is broken, or no grayscale presentation state.
    """
    with presentation_header(source, tags_of(_HEAD.split())) as (dataset, _, _):
        return _head_of(dataset)


def read_presentation(
    source: Path | Source, image: Path | Source, content: Content, pivot: float | None
) -> Presentation:
    """A state as it applies to an image.

    Args:
        source: the state's file or member.
        image: the image's, of which only the header is read.
        content: of the image's `Radiograph`: the bytes that are shown.
        pivot: of the image's `Radiograph`.

    Raises:
        SquidError: one of the two is broken, the image's file has changed, or the state is not about it.
    """
    with header_of(image) as parsed:
        found = parsed.content
        if (found.size, found.modified_ns) != (content.size, content.modified_ns):
            raise SquidError("The image's file has changed since it was read.", "Open its folder again.")
        header, about, identity = image_header(parsed.dataset), parsed.dataset, parsed.identity
    uid, (aspect, _) = identity.sop_instance_uid, aspect_of(about)
    notices: list[str] = []
    with presentation_header(source, _TAGS) as (state, little, read):
        head = _head_of(state)
        if not head.is_of(identity):
            raise SquidError("This presentation state is not about the shown image.", "Open its folder again.")
        window, invert = None, False
        if header.photometric in GREY:
            window, invert = greys_of(state, about, header, pivot, notices, little=little)
        else:
            notices.append(NOT_GREY)
        if sequence_items(state, "MaskSubtractionSequence"):
            notices.append(SUBTRACTION)
        lie = lie_of(state)
        area = area_of(state, uid, (header.rows, header.columns), notices)
        shown = area or Area(-0.5, -0.5, header.rows - 0.5, header.columns - 0.5)
        planes = overlays_of(state, header, 0, little=little)
        shutter, said = shutter_of(state, (header.rows, header.columns), aspect, planes.planes)
        notices += [*planes.notices, *said, *([UNREAD] if planes.embedded else [])]
        strokes, captions = drawings_of(state, uid, shown, lie, aspect, notices)
    return Presentation(
        head=head,
        window=window,
        invert=invert,
        mirrored=lie.mirrored,
        quarters=lie.quarters,
        area=area,
        shutter=shutter,
        overlays=tuple(
            plane
            for group, plane in planes.planes.items()
            if _is_active(state, group) and (shutter is None or plane is not shutter.bitmap)
        ),
        strokes=strokes,
        captions=captions,
        notices=tuple(dict.fromkeys(notices)),
        content=read,
    )


def _is_active(state: Dataset, group: int) -> bool:
    """Whether a plane of a state is to be shown: an empty Overlay Activation Layer says no (PS3.3 C.11.7)."""
    layer = state.get(base_tag(group << 16 | _ACTIVATION))
    return layer is None or bool(str(layer.value or "").strip())


def _head_of(dataset: Dataset) -> StateHead:
    images: dict[str, None] = {}
    for series in (*sequence_items(dataset, "ReferencedSeriesSequence"), dataset):  # some writers leave the series out
        for reference in sequence_items(series, "ReferencedImageSequence"):
            uid = text(reference, "ReferencedSOPInstanceUID")
            if uid and names_image(reference, uid):
                images[uid] = None
    return StateHead(
        identity=identity_of(dataset),
        images=tuple(images)[:MAX_IMAGES],
        label=text(dataset, "ContentLabel"),
        description=text(dataset, "ContentDescription"),
        creator=person_name(dataset, "ContentCreatorName"),
        created=date_of(text(dataset, "PresentationCreationDate")),
    )
