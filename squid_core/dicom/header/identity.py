"""Who and what a file is about, read leniently and cleaned for display.

Nothing here ends up in a log: callers show an `Identity`, or its masked form, as plain text.
"""

from __future__ import annotations

import re
from calendar import isleap
from datetime import date

from pydicom.dataset import Dataset

from squid_core.contracts.radiograph import Identity
from squid_core.dicom.header.sopclasses import SECONDARY_CAPTURES
from squid_core.dicom.header.statements import stated_text
from squid_core.dicom.header.values import date_of, sex_of, text, values
from squid_core.privacy import BURNED_IN, BURNED_IN_UNKNOWN, unread_name
from squid_core.text import clean_text, holds_unreadable, is_unreadable

_AGE = re.compile(r"^\s*(\d{1,3})\s*([DWMY]?)\s*$", re.IGNORECASE)
_YEARS_PER_UNIT = {"D": 1 / 365.25, "W": 7 / 365.25, "M": 1 / 12, "Y": 1.0, "": 1.0}
_OLDEST = 130.0
_IS = re.compile(r"[+-]?[0-9]{1,12}")
_BEYOND = date(9999, 1, 1)  # the calendar has no year after it


def identity_of(dataset: Dataset) -> Identity:
    """Identity from a data set's named tags; nothing in it can make this fail."""
    study_date, born = date_of(text(dataset, "StudyDate")), date_of(text(dataset, "PatientBirthDate"))
    return Identity(
        study_instance_uid=text(dataset, "StudyInstanceUID"),
        series_instance_uid=text(dataset, "SeriesInstanceUID"),
        sop_instance_uid=text(dataset, "SOPInstanceUID"),
        sop_class_uid=text(dataset, "SOPClassUID"),
        patient_name=_patient_name(dataset),
        patient_id=text(dataset, "PatientID"),
        patient_age=age_in_years(
            text(dataset, "PatientAge"),
            born,
            study_date or date_of(text(dataset, "AcquisitionDate")) or date_of(text(dataset, "SeriesDate")),
        ),
        patient_sex=sex_of(text(dataset, "PatientSex")),
        study_date=study_date,
        accession_number=text(dataset, "AccessionNumber"),
        study_description=text(dataset, "StudyDescription"),
        modality=text(dataset, "Modality").upper(),
        body_part=stated_text(dataset, "BodyPartExamined"),
        view_position=stated_text(dataset, "ViewPosition"),
        laterality=(text(dataset, "ImageLaterality") or text(dataset, "Laterality")).upper(),
        patient_orientation=tuple(clean_text(value).upper() for value in values(dataset, "PatientOrientation")),
        station_name=text(dataset, "StationName"),
        manufacturer=text(dataset, "Manufacturer"),
        series_number=_integer(text(dataset, "SeriesNumber")),
        instance_number=_integer(text(dataset, "InstanceNumber")),
        patient_birth_date=born,
    )


def _integer(stated: str) -> int | None:
    """An integer string (IS, PS3.5 6.2), which has 32 bits; None for anything else."""
    number = int(stated) if _IS.fullmatch(stated) else None
    return number if number is not None and -(2**31) <= number < 2**31 else None


def person_name(dataset: Dataset, keyword: str = "PatientName") -> str:
    """A name as "Family, Given Middle" (PS3.5 6.2.1); ideographic where there is no alphabetic group.

    '' where no group of it can be read, see `charsets`.
    """
    groups = [group for group in text(dataset, keyword).split("=") if group.strip(" ^") and not is_unreadable(group)]
    parts = [part.strip() for part in groups[0].split("^")] if groups else []
    family, given = (parts[0] if parts else ""), " ".join(part for part in parts[1:3] if part)
    return clean_text(", ".join(part for part in (family, given) if part))


def _patient_name(dataset: Dataset) -> str:
    """The patient's; a pseudonym with the Patient ID where it cannot be read."""
    name, stated = person_name(dataset), text(dataset, "PatientName")
    return unread_name(text(dataset, "PatientID"), stated) if holds_unreadable(stated) and not name else name


def burned_in(dataset: Dataset) -> bool | None:
    """Whether the picture shows who the patient is, as Burned In Annotation (0028,0301) says; None: it does not say."""
    return {"YES": True, "NO": False}.get(text(dataset, "BurnedInAnnotation").upper())


def burned_in_notices(stated: bool | None, sop_class_uid: str) -> tuple[str, ...]:
    """What is to be said of it: of a capture also where the file does not say."""
    if stated:
        return (BURNED_IN,)
    return (BURNED_IN_UNKNOWN,) if stated is None and sop_class_uid in SECONDARY_CAPTURES else ()


def age_in_years(stated: str, born: date | None, on: date | None) -> float | None:
    """Age from PatientAge (0010,1010), "062Y" or the common wrong form "62"; else from birth and study date.

    Returns:
        Years, or None where unknown or beyond belief.
    """
    match = _AGE.match(stated)
    if match:
        number, unit = int(match[1]), match[2].upper()
        years = number * _YEARS_PER_UNIT[unit]
        # "000Y" is how systems write "not known" as often as a newborn: the birth date decides.
        if years <= _OLDEST and (number or unit in ("D", "W", "M")):
            return years
    if born is not None and on is not None and born <= on < _BEYOND:
        years = _years_between(born, on)
        return years if years <= _OLDEST else None
    return None


def _years_between(born: date, on: date) -> float:
    """Whole birthdays and the part of the year since, so that nobody is a year younger on the birthday itself."""
    whole = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    since = on - _birthday(born, born.year + whole)
    return whole + since.days / (_birthday(born, born.year + whole + 1) - _birthday(born, born.year + whole)).days


def _birthday(born: date, year: int) -> date:
    return date(year, 3, 1) if (born.month, born.day) == (2, 29) and not isleap(year) else born.replace(year=year)
