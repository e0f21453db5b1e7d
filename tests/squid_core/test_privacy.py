"""What may be shown or written of a patient."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from squid_core.contracts.radiograph import Identity
from squid_core.privacy import masked, new_key, pseudonym, replaced_uid
from squid_core.text import clean_text, csv_cell

JANE = Identity(
    "1.2",
    patient_name="Doe, Jane",
    patient_id="P-17",
    accession_number="A9",
    study_date=date(2024, 2, 29),
    patient_birth_date=date(1962, 1, 1),
    study_description="Chest for Mrs Doe",
    patient_age=62.0,
    body_part="CHEST",
)


def test_masking_leaves_nothing_of_the_person() -> None:
    hidden = masked(JANE)
    for secret in ("Doe", "Jane", "P-17", "A9", "2024", "1962", "Mrs"):
        assert secret not in str(hidden)
    assert hidden.study_instance_uid == "1.2"
    assert (hidden.patient_age, hidden.body_part) == (62.0, "CHEST")


def test_a_pseudonym_is_stable_under_one_key_and_another_under_another() -> None:
    assert masked(JANE, "key") == masked(JANE, "key")
    assert masked(JANE, "key").patient_name != masked(JANE, "another").patient_name
    assert pseudonym("key", "P-17", "") != pseudonym("key", "P-18", "")
    assert new_key() != new_key()


def test_patients_without_name_and_number_are_not_taken_for_one_person() -> None:
    assert masked(Identity("1.2")).patient_name == ""
    assert masked(Identity("1.2"), "key", "1.2").patient_name != masked(Identity("1.3"), "key", "1.3").patient_name
    assert masked(JANE, "key", "1.2") == masked(JANE, "key", "1.3"), "who has a name or a number goes by these"


def test_a_replaced_uid_is_valid_consistent_and_tells_nothing() -> None:
    new = replaced_uid("key", "1.2.840.10008.1")
    assert new == replaced_uid("key", "1.2.840.10008.1")
    assert new != replaced_uid("another", "1.2.840.10008.1")
    assert new.startswith("2.25.")
    assert len(new) <= 64  # PS3.5 9.1
    assert new.removeprefix("2.25.").isdecimal()
    assert not new.removeprefix("2.25.").startswith("0")


@given(st.text())
def test_clean_text_is_one_printable_line(text: str) -> None:
    cleaned = clean_text(text)
    assert len(cleaned) <= 256
    assert not any(ord(character) < 32 or character in "\u202e\u2066\u200b\x7f" for character in cleaned)


@given(st.sampled_from(["", " ", "\t", "\u200b"]), st.sampled_from(["", "=", "+", "-", "@", "\r", "|", "%"]), st.text())
def test_no_cell_is_a_formula(blank: str, sign: str, text: str) -> None:
    assert not csv_cell(blank + sign + text).startswith(("=", "+", "-", "@", "\t", "\r"))
