"""Whom a picture or a page is about, in two lines: the patient, or what stands in the patient's place."""

from __future__ import annotations

from squid_core.contracts.radiograph import Identity
from squid_core.export.request import ExportRequest

UNNAMED = "Unnamed patient"


def patient_line(request: ExportRequest, identity: Identity) -> str:
    """See `patient_parts`."""
    return "  ·  ".join(patient_parts(request, identity))


def patient_parts(request: ExportRequest, identity: Identity) -> tuple[str, ...]:
    """Name, number, age and sex, as far as they are known and may be said; the name first."""
    name = identity.patient_name or UNNAMED
    if request.deidentify:
        return name, "de-identified"
    age = "" if identity.patient_age is None else f"{identity.patient_age:.0f} y"
    number = identity.patient_id and f"ID {identity.patient_id}"
    parts = (name, number, age, identity.patient_sex, "name masked" if request.mask_names else "")
    return tuple(part for part in parts if part)


def study_line(request: ExportRequest, identity: Identity, frames: int) -> str:
    """Date, kind of image and number."""
    if request.deidentify or request.mask_names:
        date = "date left out"
    else:
        date = identity.study_date.isoformat() if identity.study_date else "no date"
    kind = " ".join(part for part in (identity.modality, identity.body_part, identity.view_position) if part)
    number = f"image {request.frame + 1} of {frames}" if frames > 1 else ""
    accession = identity.accession_number and f"accession {identity.accession_number}"
    parts = (f"Study: {date}", kind, identity.study_description, accession, number)
    return "  ·  ".join(part for part in parts if part)
