"""Millimetres only when true, the verdict a radiologist would give, and identity read leniently."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from squid_core.contracts.radiograph import Decision, SpacingSource
from squid_core.dicom.header.identity import age_in_years, identity_of
from squid_core.dicom.header.spacing import aspect_of, spacing_of
from squid_core.dicom.reader import read
from squid_core.dicom.verdict import Picture, judge
from tests.squid_core.dicom.phantoms import CR, SC, chest, phantom, save

GOOD = Picture(2000, 1800)


def verdict_of(picture: Picture = GOOD, **attributes: Any) -> Decision:
    ds = chest(**attributes)
    return judge(ds, identity_of(ds), picture).decision


def code(meaning: str, value: str = "") -> Sequence:
    item = Dataset()
    item.CodeMeaning, item.CodeValue = meaning, value
    return Sequence([item])


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({"ImagerPixelSpacing": [0.2, 0.1]}, (0.2, 0.1, SpacingSource.DETECTOR)),
        ({"ImagerPixelSpacing": [0.2, 0.1], "PixelSpacing": [0.2, 0.1]}, (0.2, 0.1, SpacingSource.DETECTOR)),
        ({"ImagerPixelSpacing": [0.2, 0.2], "PixelSpacing": [0.18, 0.18]}, (0.18, 0.18, SpacingSource.CALIBRATED)),
        (
            {"PixelSpacing": [0.18, 0.18], "PixelSpacingCalibrationType": "FIDUCIAL"},
            (0.18, 0.18, SpacingSource.CALIBRATED),
        ),
        (
            {"ImagerPixelSpacing": [0.2, 0.1], "EstimatedRadiographicMagnificationFactor": 1.25},
            (0.16, 0.08, SpacingSource.MAGNIFIED),
        ),
        (
            {"ImagerPixelSpacing": [0.2, 0.2], "EstimatedRadiographicMagnificationFactor": 1},
            (0.2, 0.2, SpacingSource.DETECTOR),
        ),
        (
            {"NominalScannedPixelSpacing": [0.17, 0.17], "PixelSpacing": [1, 1], "SOPClassUID": SC},
            (0.17, 0.17, SpacingSource.FILM),
        ),
        (
            {
                "PixelSpacing": [0.3, 0.3],
                "PixelSpacingCalibrationType": "FIDUCIAL",
                "SOPClassUID": SC,
                "Modality": "OT",
            },
            (0.3, 0.3, SpacingSource.CALIBRATED),
        ),
        ({"PixelSpacing": [0.143, 0.143]}, (0.143, 0.143, SpacingSource.DETECTOR)),
        ({"PixelSpacing": [0.143, 0.143], "SOPClassUID": SC}, None),
        ({"PixelSpacing": [0.0, 0.0]}, None),
        ({"ImagerPixelSpacing": [0, 0]}, None),
        ({"PixelSpacing": [0.2]}, None),
        ({}, None),
    ],
)
def test_spacing_has_a_source_or_is_not_there(attributes: dict[str, Any], expected: Any) -> None:
    spacing, notices = spacing_of(chest(**attributes))
    if expected is None:
        assert spacing is None
        assert bool(notices) is bool(attributes)
    else:
        assert spacing is not None
        assert (spacing.row_mm, spacing.column_mm) == pytest.approx(expected[:2])
        assert spacing.source is expected[2]


def test_the_magnification_is_said_with_its_factor() -> None:
    spacing, _ = spacing_of(chest(ImagerPixelSpacing=[0.3, 0.3], EstimatedRadiographicMagnificationFactor="1.5"))
    assert spacing is not None
    assert spacing.row_mm == pytest.approx(0.2)
    assert spacing.words == "magnified by 1.5"


@pytest.mark.parametrize(
    ("attributes", "aspect", "notice"),
    [
        ({}, 1.0, False),
        ({"PixelAspectRatio": ["2", "1"]}, 2.0, False),  # vertical \\ horizontal
        ({"PixelAspectRatio": ["1", "1"], "ImagerPixelSpacing": [0.1, 0.2]}, 0.5, False),
        ({"PixelSpacing": [0.3, 0.2], "SOPClassUID": SC}, 1.5, False),  # no true millimetres, and a true shape
        ({"ImagerPixelSpacing": [1.2, 1.2012]}, 1.0, False),  # rounding
        ({"PixelAspectRatio": ["1", "0"]}, 1.0, True),
        ({"PixelAspectRatio": ["1", "1000"]}, 1.0, True),
        ({"PixelAspectRatio": ["4"]}, 1.0, False),
    ],
)
def test_the_shape_of_a_pixel(attributes: dict[str, Any], aspect: float, notice: bool) -> None:
    found, notices = aspect_of(chest(**attributes))
    assert found == pytest.approx(aspect)
    assert bool(notices) is notice


def test_a_cross_section_is_measured_in_the_patient() -> None:
    ds = chest(PixelSpacing=[0.7, 0.7], SOPClassUID="1.2.840.10008.5.1.4.1.1.2", Modality="CT")
    spacing, _ = spacing_of(ds)
    assert spacing is not None
    assert spacing.source is SpacingSource.PATIENT


@pytest.mark.parametrize(
    "attributes",
    [
        {},
        {"ViewPosition": "AP"},
        {"ViewPosition": None},
        {"ViewPosition": "", "PatientOrientation": ["L", "F"]},
        {"BodyPartExamined": "THORAX"},
        {"BodyPartExamined": "chest "},
        {"SOPClassUID": SC},  # a chest CR that came through a converter
        {"SOPClassUID": CR, "Modality": "CR", "PatientAge": "999Z", "PatientSex": "?", "StudyDate": "99999999"},
        {"BodyPartExamined": None, "StudyDescription": "Chest X-ray"},
        {"BodyPartExamined": "", "AnatomicRegionSequence": code("Thorax")},
        {"Laterality": "L"},
        {"Modality": None},
        {"PatientSpeciesDescription": "Homo sapiens"},
        {"ViewPosition": None, "SeriesDescription": "Thorax p.a."},
    ],
)
def test_chest_x_rays_are_analysed_whatever_optional_tags_say(attributes: dict[str, Any]) -> None:
    assert verdict_of(**attributes) is Decision.ANALYSE


@pytest.mark.parametrize(
    "attributes",
    [
        {"BodyPartExamined": None},
        {"BodyPartExamined": ""},
        {"BodyPartExamined": "RIBCAGE"},
        {"BodyPartExamined": "RIB CAGE"},
        {"BodyPartExamined": "ZZZ"},
        {"ViewPosition": "LLD"},
        {"ViewPosition": "XYZ"},
        {"PatientOrientation": ["P", "F"]},
        {"PatientOrientation": ["R", "F"]},
        {"PatientOrientation": ["L", "H"]},
        {"PresentationIntentType": "FOR PROCESSING"},
        {"Modality": "OT", "SOPClassUID": SC},
        {"Modality": "OT", "SOPClassUID": SC, "BodyPartExamined": None, "ViewPosition": None},  # a digitised film
        {"Modality": "SC", "SOPClassUID": SC},
        {"Modality": "XRAY"},
        {"BodyPartExamined": "CHEST ABDOMEN"},
        {"ViewPosition": None, "Laterality": "L"},
        {"picture": Picture(2000, 1000, aspect=1.5)},
        {"picture": Picture(3000, 1000)},
        {"picture": Picture(2000, 2000, doubtful_polarity=True)},
    ],
)
def test_doubtful_ones_are_asked_about(attributes: dict[str, Any]) -> None:
    assert verdict_of(**attributes) is Decision.ASK


@pytest.mark.parametrize(
    ("attributes", "reason"),
    [
        ({"BodyPartExamined": "HIP"}, "HIP"),
        ({"BodyPartExamined": "EXTREMITY"}, "another part"),
        ({"BodyPartExamined": "T SPINE"}, "another part"),
        ({"ViewPosition": "LL"}, "lateral"),
        ({"ViewPosition": None, "PatientOrientation": ["P", "F"]}, "lateral"),
        ({"ViewPosition": "", "ViewCodeSequence": code("left lateral")}, "lateral"),
        ({"ViewPosition": "RAO"}, "oblique"),
        ({"Modality": "CT", "SOPClassUID": "1.2.840.10008.5.1.4.1.1.2"}, "CT slice"),
        ({"Modality": "CT", "SOPClassUID": SC}, "CT slice"),
        ({"Modality": "DX", "SOPClassUID": "1.2.840.10008.5.1.4.1.1.2"}, "CT slice"),
        ({"Modality": "MG"}, "mammogram"),
        ({"Modality": "OT", "SOPClassUID": "1.2.840.10008.5.1.4.1.1.77.1.5.4"}, "not a radiograph"),
        ({"PatientSpeciesDescription": "Canine"}, "animal"),
        ({"PatientBreedDescription": "Beagle"}, "animal"),
        ({"PatientSpeciesCodeSequence": code("Feline", "L-80A00")}, "animal"),
        ({"picture": Picture(500, 500, colour=True)}, "colour"),
        ({"picture": Picture(500, 500, frames=12)}, "12 images"),
        ({"picture": Picture(500, 500, flat=True)}, "flat"),
        ({"picture": Picture(64, 64)}, "too small"),
        ({"picture": Picture(500, 500, meaningful=False)}, "mean nothing"),
    ],
)
def test_what_squid_does_not_know_is_refused_with_a_reason(attributes: dict[str, Any], reason: str) -> None:
    picture = attributes.pop("picture", GOOD)
    ds = chest(**attributes)
    verdict = judge(ds, identity_of(ds), picture)
    assert verdict.decision is Decision.REFUSE
    assert reason in verdict.reason


@pytest.mark.parametrize(
    ("born", "on", "years"),
    [
        (date(1960, 11, 30), date(2014, 11, 30), 54),
        (date(1960, 11, 30), date(2014, 11, 29), 53),
        (date(1996, 2, 29), date(2014, 2, 28), 17),
        (date(1996, 2, 29), date(2014, 3, 1), 18),
        (date(2014, 5, 2), date(2014, 5, 2), 0),
    ],
)
def test_nobody_is_a_year_younger_on_the_birthday(born: date, on: date, years: int) -> None:
    age = age_in_years("", born, on)
    assert age is not None
    assert int(age) == years
    assert age_in_years("", date(9999, 2, 1), date(9999, 12, 31)) is None
    assert age_in_years("", on, date(1, 1, 1)) is None


def test_text_of_the_file_is_quoted_only_when_harmless() -> None:
    ds = chest(BodyPartExamined="<b>ZZCANARY</b>")
    assert "CANARY" not in judge(ds, identity_of(ds), GOOD).reason


def test_identity_as_a_reader_would_say_it(tmp_path: Path) -> None:
    ds = chest(StudyDescription="Chest", AccessionNumber="A9", StationName="ROOM 2", Manufacturer="Maker & Sons")
    identity = read(save(tmp_path, ds)).identity
    assert (identity.station_name, identity.manufacturer) == ("ROOM 2", "Maker & Sons")
    assert identity.patient_name == "Doe, Jane Q"
    assert identity.patient_age == 62
    assert identity.patient_birth_date == date(1962, 1, 1)
    assert identity.study_date is not None
    assert identity.study_date.isoformat() == "2024-02-29"
    assert (identity.modality, identity.body_part, identity.view_position) == ("DX", "CHEST", "PA")
    assert identity.accession_number == "A9"


@pytest.mark.parametrize(
    ("name", "charset", "shown"),
    [
        ("Yamada^Tarou=山田^太郎", "ISO_IR 192", "Yamada, Tarou"),
        ("=山田^太郎", "ISO_IR 192", "山田, 太郎"),
        ("Müller^Jörg", "ISO_IR 100", "Müller, Jörg"),
        ("", "ISO_IR 192", ""),
        ("\u202eEOD^NHOJ\u202c", "ISO_IR 192", "EOD, NHOJ"),
        ("A\r\nforged log line\x00\x1b[31m", "ISO_IR 192", "A forged log line[31m"),
    ],
)
def test_names(tmp_path: Path, name: str, charset: str, shown: str) -> None:
    ds = chest(SpecificCharacterSet=charset, PatientName=name)
    assert read(save(tmp_path, ds)).identity.patient_name == shown


def test_an_unknown_character_set_fails_nothing(tmp_path: Path) -> None:
    assert read(save(tmp_path, chest(SpecificCharacterSet="ISO_IR 999"))).identity.patient_name == "Doe, Jane Q"


@pytest.mark.parametrize(
    ("stated", "years"),
    [("062Y", 62), ("62", 62), ("018M", 1.5), ("026W", 26 * 7 / 365.25), ("010D", 10 / 365.25), ("999Z", None),
     ("000Y", None), ("200Y", None), ("", None)],
)  # fmt: skip
def test_age(stated: str, years: float | None) -> None:
    assert age_in_years(stated, None, None) == (pytest.approx(years) if years is not None else None)


def test_age_from_dates(tmp_path: Path) -> None:
    ds = chest(PatientAge=None, PatientBirthDate="20200229", StudyDate="20240301")
    assert read(save(tmp_path, ds)).identity.patient_age == pytest.approx(4.0, abs=0.01)


def test_small_pictures_are_shown(tmp_path: Path) -> None:
    result = read(save(tmp_path, chest(phantom(40, 30))))
    assert result.verdict.decision is Decision.REFUSE
    assert result.pixels.shape == (40, 30)
    assert result.pixels.dtype == np.uint16
