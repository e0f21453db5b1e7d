"""What a SOP class holds, in the few kinds that matter here (PS3.4 B.5, PS3.6 annex A)."""

from __future__ import annotations

_STORAGE = "1.2.840.10008.5.1.4.1.1."
MEDIA_DIRECTORY = "1.2.840.10008.1.3.10"

RADIOGRAPHS = frozenset(_STORAGE + tail for tail in ("1", "1.1", "1.1.1"))  # CR, DX for presentation, for processing
SECONDARY_CAPTURES = frozenset(_STORAGE + tail for tail in ("7", "7.1", "7.2", "7.3", "7.4"))
_OTHER_PROJECTIONS = frozenset(
    _STORAGE + tail for tail in ("1.2", "1.2.1", "1.3", "1.3.1", "12.1", "12.2", "12.1.1", "12.2.1")
)
RADIOGRAPH_MODALITIES = frozenset(("CR", "DX", "DR", "RG"))
_OTHER_PROJECTION_MODALITIES = frozenset(("MG", "XA", "RF", "IO", "PX", "XC"))

MODALITY_NAMES = {
    "CT": "a CT slice",
    "MR": "an MR image",
    "US": "an ultrasound image",
    "IVUS": "an intravascular ultrasound image",
    "NM": "a nuclear medicine image",
    "PT": "a PET image",
    "MG": "a mammogram",
    "XA": "an angiogram",
    "RF": "a fluoroscopy image",
    "IO": "a dental image",
    "PX": "a panoramic dental image",
    "BMD": "a bone density image",
    "XC": "a photograph",
    "GM": "a microscope image",
    "SM": "a microscope image",
    "ES": "an endoscopy image",
    "OP": "an eye image",
    "ECG": "an ECG",
    "RTIMAGE": "a radiotherapy image",
}
# Of the storage classes, by what follows the common stem: a prefix ending in "." covers a family.
_IMAGE_MODALITY = {
    "2": "CT",
    "2.1": "CT",
    "2.2": "CT",
    "3": "US",
    "3.1": "US",
    "6": "US",
    "6.1": "US",
    "6.2": "US",
    "4": "MR",
    "4.1": "MR",
    "4.3": "MR",
    "4.4": "MR",
    "20": "NM",
    "128": "PT",
    "128.1": "PT",
    "130": "PT",
    "1.2": "MG",
    "1.2.1": "MG",
    "1.3": "IO",
    "1.3.1": "IO",
    "12.1": "XA",
    "12.1.1": "XA",
    "12.2": "RF",
    "12.2.1": "RF",
    "481.1": "RTIMAGE",
    "77.1.1": "ES",
    "77.1.2": "GM",
    "77.1.3": "GM",
    "77.1.4": "XC",
    "77.1.5.1": "OP",
    "77.1.6": "SM",
}
_NO_IMAGE = {
    "104.1": "an encapsulated PDF document",
    "104.2": "an encapsulated clinical document",
    "104.3": "an encapsulated 3D model",
    "104.4": "an encapsulated 3D model",
    "104.5": "an encapsulated 3D model",
    "481.2": "a radiotherapy dose map",
    "481.3": "a radiotherapy structure set",
    "481.4": "a radiotherapy treatment record",
    "481.5": "a radiotherapy plan",
    "481.6": "a radiotherapy treatment record",
    "481.7": "a radiotherapy treatment record",
    "481.8": "a radiotherapy ion plan",
    "481.9": "a radiotherapy treatment record",
    "66": "raw data",
    "66.1": "a spatial registration",
    "66.2": "a set of spatial fiducials",
    "66.3": "a deformable registration",
    "66.4": "a segmentation, not a radiograph",
    "66.5": "a surface segmentation",
    "66.6": "a tractography result",
    "30": "a parametric map, not a radiograph",
    "4.2": "MR spectroscopy",
    "67": "a real world value mapping",
}
_NO_IMAGE_FAMILIES = (
    ("88.", "a structured report"),
    ("11.", "a presentation state"),
    ("9.", "a waveform"),
)
_NO_IMAGE_MODALITIES = {
    "SR": "a structured report",
    "PR": "a presentation state",
    "KO": "a key object note",
    "RTDOSE": "a radiotherapy dose map",
    "RTPLAN": "a radiotherapy plan",
    "RTSTRUCT": "a radiotherapy structure set",
    "RTRECORD": "a radiotherapy treatment record",
    "SEG": "a segmentation, not a radiograph",
    "REG": "a registration",
    "DOC": "a document",
    "M3D": "a 3D model",
    "ECG": "an ECG",
    "AU": "a sound recording",
}


def no_image(sop_class: str, modality: str) -> str:
    """What an object is that a viewer of images passes over, as a noun; '' where it may be an image."""
    tail = sop_class.removeprefix(_STORAGE) if sop_class.startswith(_STORAGE) else ""
    if tail in _NO_IMAGE:
        return _NO_IMAGE[tail]
    for family, name in _NO_IMAGE_FAMILIES:
        if tail.startswith(family):
            return "a key object note" if tail == "88.59" else name
    return _NO_IMAGE_MODALITIES.get(modality, "")


def modality_of(sop_class: str, stated: str) -> str:
    """The modality that the SOP class implies, else the one stated."""
    tail = sop_class.removeprefix(_STORAGE) if sop_class.startswith(_STORAGE) else ""
    return _IMAGE_MODALITY.get(tail, stated)


def is_projection(sop_class: str, modality: str) -> bool:
    """Whether an image is a projection, where spacing depends on magnification."""
    if sop_class in RADIOGRAPHS or sop_class in _OTHER_PROJECTIONS:
        return True
    return sop_class not in RADIOGRAPHS and modality in RADIOGRAPH_MODALITIES | _OTHER_PROJECTION_MODALITIES
