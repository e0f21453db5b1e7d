"""The worklist for a spreadsheet: one line an image, in reading order."""

from __future__ import annotations

import csv
import io

from app.domain.masking import Masking
from app.domain.study import ImageItem
from app.domain.worklist import Worklist
from squid_core.text import csv_cell

# The last five are called as in `squid triage --csv`.
COLUMNS = (
    *("study", "patient", "patient_id", "age", "sex", "study_date", "accession_number", "description"),
    *("modality", "body_part", "view", "file"),
    *("status", "message", "score", "percentile", "weights"),
)


def worklist_csv(worklist: Worklist, masking: Masking) -> str:
    """CSV with a heading; cells are plain text that no spreadsheet takes for a formula.

    Masked, a pseudonym stands for the patient, and number, dates, description and file are left out.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for number, study in enumerate(worklist.studies, 1):
        for image in masking.study(study).images:
            writer.writerow([csv_cell(value) for value in _cells(number, image, masked=masking.on)])
    return text.getvalue()


def _cells(number: int, image: ImageItem, *, masked: bool) -> tuple[object, ...]:
    who = image.identity
    return (
        number,
        who.patient_name,
        who.patient_id,
        "" if who.patient_age is None else f"{who.patient_age:.1f}",
        who.patient_sex,
        who.study_date.isoformat() if who.study_date else "",
        who.accession_number,
        who.study_description,
        who.modality,
        who.body_part,
        who.view_position,
        "" if masked else image.path.name,
        "asks" if image.asks else image.state.value,
        image.message,
        "" if image.score is None else f"{image.score:.6f}",
        "" if image.percentile is None else f"{image.percentile:.2f}",
        image.weights,
    )
