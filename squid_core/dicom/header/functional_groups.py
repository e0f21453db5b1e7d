"""What an enhanced multi-frame image says of one of its frames (PS3.3 C.7.6.16), laid over what it says of all.

Such an image has window, rescale, spacing and orientation in functional groups: in the shared ones, or in those of each
frame. Whoever reads the header of a frame finds them where a single image has them.
"""

from __future__ import annotations

from pydicom.dataset import Dataset

from squid_core.dicom.header.numbers import numbers
from squid_core.dicom.header.values import sequence_items, tag_of

# A macro's sequence, and the attributes of a single image that it stands for.
_MACROS = {
    "PixelMeasuresSequence": ("PixelSpacing",),
    "FrameVOILUTSequence": (
        "WindowCenter",
        "WindowWidth",
        "WindowCenterWidthExplanation",
        "VOILUTFunction",
        "VOILUTSequence",
    ),
    "PixelValueTransformationSequence": ("RescaleSlope", "RescaleIntercept", "ModalityLUTSequence"),
    "PatientOrientationInFrameSequence": ("PatientOrientation",),
    "PlaneOrientationSequence": ("ImageOrientationPatient",),
}
_AXES = (("L", "R"), ("P", "A"), ("H", "F"))  # where x, y, z grow, and where they fall (PS3.3 C.7.6.2.1.1)
_ASLANT = 0.2  # a direction's share of an axis that is worth a letter


def of_frame(dataset: Dataset, frame: int) -> Dataset:
    """The header of a frame, from 0: the same data set where it has no functional groups, else one of its own.

    Its Patient Orientation is made of Image Orientation (Patient) where the groups have only that.
    """
    shared = sequence_items(dataset, "SharedFunctionalGroupsSequence")[:1]
    own = sequence_items(dataset, "PerFrameFunctionalGroupsSequence")[frame : frame + 1]
    if not shared and not own:
        return dataset
    framed = Dataset({tag: dataset.get_item(tag) for tag in dataset.keys()})  # noqa: SIM118 - raw elements stay raw
    implicit, little = dataset.original_encoding
    framed.set_original_encoding(implicit, little, dataset.original_character_set)
    for group in (*shared, *own):
        for macro, keywords in _MACROS.items():
            for item in sequence_items(group, macro)[:1]:
                _lay_over(framed, item, keywords)
    letters = _letters(numbers(framed, "ImageOrientationPatient"))
    if letters and "PatientOrientation" not in framed:
        framed.PatientOrientation = letters
    return framed


def _lay_over(framed: Dataset, item: Dataset, keywords: tuple[str, ...]) -> None:
    """A macro stands for all of its attributes: what it leaves out is not stated of the frame."""
    for keyword in keywords:
        tag = tag_of(keyword)
        if tag is None:
            continue
        element = item.get_item(tag)
        if element is not None:
            framed[tag] = element
        elif tag in framed:
            del framed[tag]


def _letters(cosines: list[float]) -> list[str]:
    """Patient Orientation of direction cosines of rows and columns; [] where they are none."""
    if len(cosines) != 6:
        return []
    letters = []
    for direction in (cosines[:3], cosines[3:]):
        sizes = sorted(zip(direction, _AXES, strict=True), key=lambda part: -abs(part[0]))
        letters.append("".join(names[part < 0] for part, names in sizes if abs(part) >= _ASLANT))
    return letters if all(letters) else []
