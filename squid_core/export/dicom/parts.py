"""What all results have in common: their series, their equipment, the algorithm, and the way to a file."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from highdicom.sr import DeviceObserverIdentifyingAttributes, ObserverContext, PersonObserverIdentifyingAttributes
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes as standard
from pydicom.uid import generate_uid

from squid_core.contracts.detection import Detection
from squid_core.contracts.reading import Opinion
from squid_core.dicom.leniency import lenient
from squid_core.export.dicom import codes
from squid_core.export.dicom.source_header import UTF8, SourceHeader
from squid_core.version import installed_version

MANUFACTURER = "SQUID Viewer"
RESEARCH_ONLY = "RESEARCH USE ONLY - not for diagnosis"


@dataclass(frozen=True, slots=True)
class SeriesOf:
    """The series of one kind of result: every export begins a new one.

    Attributes:
        number: high, so that it sorts behind the images of a study.
    """

    number: int
    description: str


CAPTURE = SeriesOf(9101, "SQUID panes (research use only)")
REPORT = SeriesOf(9102, "SQUID report (research use only)")
SEGMENTS = SeriesOf(9103, "SQUID unusual regions (research use only)")
STATES = SeriesOf(9104, "SQUID window and drawings (research use only)")
KEY_IMAGES = SeriesOf(9105, "SQUID key image note (research use only)")


def version() -> str:
    """Of this program, as packaged."""
    return installed_version() or "of unknown version"


def identification(series: SeriesOf) -> dict[str, Any]:
    """Keywords that every highdicom object takes: new series and instance, and our coding scheme."""
    return {
        "series_instance_uid": str(generate_uid(prefix=None)),
        "series_number": series.number,
        "series_description": series.description,
        "sop_instance_uid": str(generate_uid(prefix=None)),
        "instance_number": 1,
        "manufacturer": MANUFACTURER,
        "coding_schemes": [codes.scheme()],
        "specific_character_set": UTF8,
    }


def equipment(detection: Detection | None) -> dict[str, Any]:
    """Keywords of the enhanced general equipment (PS3.3 C.7.5.2): the weights' hash is the serial number."""
    model = "SQUID Viewer" if detection is None else f"SQUID, {detection.model} weights"
    return {
        "manufacturer_model_name": model[:64],
        "software_versions": version(),
        "device_serial_number": ((detection and detection.model_hash) or "unknown")[:64],
    }


def parameters(detection: Detection) -> dict[str, str]:
    """The settings of a detection, and the hash of its weights."""
    settings = detection.trial.settings
    return {
        "top-k": str(settings.top_k),
        "shrinkage": settings.shrinkage.value,
        "gate": settings.gate.value,
        "rho": f"{settings.rho:g}",
        "weights": detection.model,
        "weights sha256": detection.model_hash,
    }


def person_name(login: str) -> str:
    """Who is logged in, as a PN; a name has no letters that part names in DICOM (PS3.5 6.2.1). '' for nobody."""
    return "".join(" " if letter in "^=\\" else letter for letter in login)[:64].strip()


def person_observer(opinion: Opinion | None) -> ObserverContext | None:
    """Who judged (PS3.16 TID 1003); None where nobody did, or that is left out."""
    if opinion is None or not opinion.reader:
        return None
    name = person_name(opinion.reader) or "unknown"
    return ObserverContext(
        observer_type=standard.DCM.Person,
        observer_identifying_attributes=PersonObserverIdentifyingAttributes(name=name, login_name=name),
    )


def device_observer(detection: Detection | None) -> ObserverContext:
    """This program with its weights (PS3.16 TID 1004)."""
    weights = "" if detection is None else detection.model_hash
    return ObserverContext(
        observer_type=standard.DCM.Device,
        observer_identifying_attributes=DeviceObserverIdentifyingAttributes(
            uid=str(generate_uid(entropy_srcs=[MANUFACTURER, version(), weights])),
            name="SQUID" if detection is not None else MANUFACTURER,
            manufacturer_name=MANUFACTURER,
            model_name=f"{detection.model} weights" if detection is not None else None,
            serial_number=weights or None,
        ),
    )


def to_file(result: Dataset, header: SourceHeader) -> bytes:
    """A result as a Part 10 file; references to a source of an unusual class name that class."""
    stand_in = header.dataset.SOPClassUID
    if header.sop_class != stand_in:
        items = (item for element in result.iterall() if element.VR == "SQ" for item in element.value)
        for item in items:
            if item.get("ReferencedSOPInstanceUID") == header.dataset.SOPInstanceUID:
                item.ReferencedSOPClassUID = header.sop_class
    buffer = io.BytesIO()
    with lenient():
        result.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()
