"""Who is this? What a study is called, and what tells its patient from another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from app.domain.masking import Masking
from app.domain.study import ImageItem, Study
from app.ui.words.words import called, patient_words, person_parts, row_words, study_words
from squid_core.contracts.radiograph import Identity
from squid_core.privacy import unread_name
from tests.app.ui import synthetic


def nameless(*paths: str, number: str = "", member: str = "") -> list[Study]:
    """Studies of files that name nobody."""
    return [
        Study(f"file-{at}", (ImageItem(f"k{at}", Path(path), Identity("", patient_id=number), member=member),))
        for at, path in enumerate(paths)
    ]


def test_studies_without_a_name_are_called_by_id_else_by_file() -> None:
    assert [called(study) for study in nameless("/ward/a.png", "/ward/b.png", "/icu/b.png")] == [
        "File a.png (ward)",
        "File b.png (ward)",
        "File b.png (icu)",
    ]
    assert called(nameless("/ward/a.dcm", number="77-1")[0]) == "ID 77-1"
    assert called(nameless("/ward/film.zip", member="one/IM0001")[0]) == "File IM0001 (film.zip)"
    assert "Unnamed" not in row_words(nameless("/ward/a.png")[0])


def test_masked_they_have_pseudonyms_of_their_own_and_no_file_is_named() -> None:
    masking = Masking(on=True, key="a secret")
    names = [called(masking.study(study)) for study in nameless("/Doe/Jane.png", "/Doe/Joe.png")]
    assert len(set(names)) == 2
    assert all(name.startswith("Patient ") for name in names)


def test_id_birth_date_age_and_sex_tell_patients_of_one_name_apart() -> None:
    jane = synthetic.identity(0, patient_birth_date=date(1959, 11, 23))
    assert person_parts(jane) == ("ID P0000", "born 1959-11-23, 54 y", "F")
    assert person_parts(replace(jane, patient_birth_date=None)) == ("ID P0000", "54 y", "F")
    assert person_parts(replace(jane, patient_age=None)) == ("ID P0000", "born 1959-11-23", "F")
    assert person_parts(Identity("")) == ()


def test_an_id_is_said_once() -> None:
    for name in ("", unread_name("P0000", "?")):
        jane = synthetic.identity(0, patient_name=name)
        assert f"{patient_words(jane)} {person_parts(jane)}".count("P0000") == 1


def test_the_study_is_named_by_date_kind_and_order() -> None:
    jane = synthetic.identity(0, accession_number="A9")
    assert study_words(jane) == "2014-05-02  ·  DX CHEST PA  ·  Accession A9"
    assert study_words(Masking(on=True, key="k").identity(jane), masked=True) == "date masked  ·  DX CHEST PA"
