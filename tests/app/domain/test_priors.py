from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.domain.patients import patient_key
from app.domain.priors import name_differs, studies_of_patient
from app.domain.study import ImageItem, Study
from app.domain.worklist import Worklist
from tests.app.samples import image


def of(uid: str, patient_id: str, day: date | None, name: str = "Doe, Jane", arrival: int = 0) -> ImageItem:
    made = image(uid, uid, arrival=arrival)
    identity = replace(made.identity, patient_id=patient_id, study_date=day, patient_name=name)
    return replace(made, identity=identity)


def test_other_studies_of_the_patient_come_newest_first_and_those_without_a_date_last() -> None:
    items = [
        of("now", "P1", date(2023, 6, 1)), of("old", "P1", date(2001, 1, 1)), of("undated", " P1 ", None),
        of("newer", "P1", date(2020, 2, 2)), of("stranger", "P2", date(2022, 1, 1)),
    ]  # fmt: skip
    worklist = Worklist(items)
    current = worklist.study("now")
    assert current is not None
    assert [study.uid for study in studies_of_patient(worklist, current)] == ["newer", "old", "undated"]


@pytest.mark.parametrize("nobody", ["", "  ", "0", "000000", "ANONYMOUS", "Unknown", "N/A", "-", "***"])
def test_a_patient_id_that_names_nobody_joins_nothing(nobody: str) -> None:
    worklist = Worklist([of("a", nobody, None), of("b", nobody, None)])
    assert patient_key(nobody) == ""
    assert studies_of_patient(worklist, worklist.studies[0]) == ()


def test_an_id_of_letters_that_differ_in_capitals_is_another_patients() -> None:
    worklist = Worklist([of("a", "ab1", None), of("b", "AB1", None)])
    assert studies_of_patient(worklist, worklist.studies[0]) == ()


@pytest.mark.parametrize(
    ("one", "other", "differs"),
    [
        ("Doe, Jane", "DOE^JANE", False), ("Doe, Jane", "Jane Doe", False), ("Doe, Jane", "", False),
        ("Doe, Jane", "Roe, Jane", True), ("王小明", "王小美", True),
    ],
)  # fmt: skip
def test_a_name_only_warns_when_both_studies_have_one_and_they_differ(one: str, other: str, differs: bool) -> None:
    studies = [Study(name, (of(name, "P1", None, name),)) for name in (one, other)]
    assert name_differs(*studies) is differs
