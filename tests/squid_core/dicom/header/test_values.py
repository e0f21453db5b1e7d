"""Values taken straight from the raw bytes are those that pydicom gives, for any bytes."""

from __future__ import annotations

import contextlib
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset

from squid_core.contracts.errors import SquidError
from squid_core.dicom.header.elements import ElementEncoding, Walk, base_tag
from squid_core.dicom.header.values import CONVERSION_ERRORS, plain_values, tag_of
from squid_core.dicom.leniency import lenient
from squid_core.dicom.opening import WANTED
from squid_core.text import clean_text

KEYWORDS = {
    "PatientName": "PN",
    "PatientID": "LO",
    "AccessionNumber": "SH",
    "Modality": "CS",
    "StudyDate": "DA",
    "StudyInstanceUID": "UI",
    "PatientAge": "AS",
    "Rows": "US",
}
TEXT = st.text(st.characters(max_codepoint=0x17F), max_size=20).map(lambda text: text.encode("latin-1", "replace"))


def dataset(keyword: str, value: bytes, little: bool = True) -> Dataset:
    tag = tag_of(keyword)
    assert tag is not None
    made = Dataset({tag: RawDataElement(tag, KEYWORDS[keyword], len(value), value, 0, False, little)})
    made.set_original_encoding(False, little, ["latin-1"])
    return made


@given(st.sampled_from(sorted(KEYWORDS)), st.one_of(TEXT, st.binary(max_size=6)), st.booleans())
@example("PatientName", b"Doe^Jane=\\A^B= ", True)
@example("PatientID", b"a \\b \\ \0", True)
@example("StudyInstanceUID", b"1.2\\1.3\0", True)
@example("StudyInstanceUID", b"\t", False)
@example("StudyInstanceUID", b"\n1.2 \\ 1.3\x1f", True)
@example("Rows", b"\x01\x02", False)
def test_plain_values_are_pydicoms(keyword: str, value: bytes, little: bool) -> None:
    with lenient():
        plain = plain_values(dataset(keyword, value, little), keyword)
        if plain is None:
            return
        try:
            by_pydicom = dataset(keyword, value, little).get(keyword)
        except CONVERSION_ERRORS:
            by_pydicom = None
        single = isinstance(by_pydicom, str | int) or hasattr(by_pydicom, "family_name")
        expected = [] if by_pydicom in (None, "") else [by_pydicom] if single else list(by_pydicom or [])
    assert [clean_text(part) for part in plain] == [clean_text(part) for part in expected]


@pytest.mark.parametrize(
    ("keyword", "value", "expected"),
    [
        ("PatientName", b"Doe^Jane", ["Doe^Jane"]),
        ("PatientID", b"P-17\\P-18 ", ["P-17", "P-18"]),
        ("StudyInstanceUID", b"1.2.3\0", ["1.2.3"]),
        ("PatientAge", b"", []),
        ("Rows", b"\x01\x02", [0x0201]),
        ("PatientName", b"M\xfcller", None),
        ("PatientName", b"\x1b$B", None),
    ],
)
def test_what_is_plain_is_not_left_to_pydicom(keyword: str, value: bytes, expected: list[object] | None) -> None:
    assert plain_values(dataset(keyword, value), keyword) == expected


@given(st.text(max_size=300))
def test_the_quick_way_to_clean_a_text_is_the_thorough_one(text: str) -> None:
    ascii_only = text.encode("ascii", "ignore").decode()
    marked = clean_text(ascii_only + "\u00e9")  # not ASCII: the thorough way
    assert clean_text(ascii_only + "e") == marked.replace("\u00e9", "e")


@given(st.binary(max_size=400), st.booleans(), st.booleans())
def test_any_bytes_are_walked_or_refused(data: bytes, implicit: bool, little: bool) -> None:
    walk = Walk(io.BytesIO(data), 0, len(data), ElementEncoding(implicit, little or implicit), WANTED)
    with contextlib.suppress(SquidError):
        walk.run()
        assert walk.position <= len(data)
    assert all(key is base_tag(int(key)) for key in walk.elements)
