"""The worklist for a spreadsheet: one line an image, in reading order."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

from app.domain.masking import Masking
from app.domain.study import ImageItem, Judgement
from app.domain.worklist import Worklist
from squid_core.contracts.reading import Opinion
from squid_core.text import csv_cell

# Those from status to weights are called as in `squid triage --csv`.
COLUMNS = (
    *("study", "patient", "patient_id", "age", "sex", "study_date", "accession_number", "description"),
    *("modality", "body_part", "view", "file"),
    *("status", "message", "score", "percentile", "weights"),
    *("reading", "judgement", "judged_at", "judged_by"),
)


def worklist_csv(worklist: Worklist, masking: Masking, opinions: Mapping[str, Opinion]) -> str:
    """CSV with a heading; cells are plain text that no spreadsheet takes for a formula.

    Masked, a pseudonym stands for the patient, and number, dates, description, file and reader are left out.

    Args:
        worklist: what is written.
        masking: whether it says who they are.
        opinions: by digest, who judged an image and when; of the time in UTC.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for number, study in enumerate(worklist.studies, 1):
        for image in masking.study(study).images:
            opinion = opinions.get(image.digest)
            cells = (*_cells(number, image, masked=masking.on), *_said(image, opinion, masked=masking.on))
            writer.writerow([csv_cell(value) for value in cells])
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


def _said(image: ImageItem, opinion: Opinion | None, *, masked: bool) -> tuple[str, ...]:
    """How far the reader has come, and what they said when; a judgement that is not kept yet has no time."""
    judgement = "" if image.judgement is Judgement.NONE else image.judgement.value
    if opinion is None or masked or opinion.code != judgement:
        return image.reading.value, judgement, "", ""
    at = "" if opinion.at is None else opinion.at.isoformat(timespec="seconds")
    return image.reading.value, judgement, at, opinion.reader
