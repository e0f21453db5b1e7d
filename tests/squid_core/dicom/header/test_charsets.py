"""Names whose file does not say in which characters they are written, or says so wrongly."""

from __future__ import annotations

import time
from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from squid_core.contracts.charset import Charset
from squid_core.dicom.errands import in_charset, read_in_child
from squid_core.dicom.header.charsets import (
    UNREADABLE,
    default_charset,
    encodings_of,
    reading,
    to_charset,
)
from squid_core.dicom.header.values import text
from squid_core.dicom.opening import EVERYTHING, opened
from squid_core.dicom.reader import read, read_identity
from squid_core.dicom.source import Source
from squid_core.export.dicom.deidentify import deidentified
from squid_core.export.dicom.source_header import source_header_of
from squid_core.text import is_unreadable
from tests.squid_core.dicom.phantoms import chest, phantom, save, to_bytes

ASCII_ID = "Q-1"


def written(charset: str | None, value: bytes, keyword: str = "PatientName", **more: Any) -> bytes:
    """A file that states a character set and holds these bytes, whatever they are."""
    stand_in = "x" * len(value)
    stated: dict[str, Any] = {} if charset is None else {"SpecificCharacterSet": charset}
    data = to_bytes(chest(phantom(40, 30), **stated, **{"PatientID": ASCII_ID, keyword: stand_in, **more}))
    assert data.count(stand_in.encode()) == 1
    return data.replace(stand_in.encode(), value)


def read_as(value: bytes, stated: str, default: Charset = Charset.AUTOMATIC) -> str:
    """The text alone, without a file."""
    with default_charset(default):
        return reading(value, encodings_of((stated,))).text


def name_of(folder: Path, charset: str | None, value: bytes, default: Charset = Charset.AUTOMATIC) -> str:
    path = save(folder, written(charset, value))
    with default_charset(default):
        name = read(path).identity.patient_name
        assert read_identity(path)[0].patient_name == name  # a list and an image name the patient alike
    return name


@pytest.mark.parametrize("charset", [None, "ISO_IR 100", "ISO_IR 144", "GB18030", "ISO 2022 IR 149", "no set"])
def test_utf8_is_recognised_under_a_wrong_declaration_and_none(tmp_path: Path, charset: str | None) -> None:
    assert name_of(tmp_path, charset, "王^小東".encode()) == "王, 小東"
    for name in ("김^철수", "山田^太郎", "阮^文^Nguyễn"):
        assert read_as(name.encode(), charset or "") == name


@pytest.mark.parametrize("name", ["Иванов^Иван", "Παπαδόπουλος^Γιώργος", "Dvořák^Jiří", "Müller^Jörg", "כהן^דוד"])
def test_utf8_of_two_bytes_a_letter_is_recognised_where_it_reads_as_words(tmp_path: Path, name: str) -> None:
    assert name_of(tmp_path, "ISO_IR 100", name.encode()) == name.replace("^", ", ")


@pytest.mark.parametrize("name", ["谢^小英", "魏^伟", "韦^伟", "毛^毛", "陆^学"])
def test_gbk_that_happens_to_be_valid_utf8_is_not_taken_for_it(tmp_path: Path, name: str) -> None:
    value = name.encode("gbk")
    assert value.decode()  # it is
    assert name_of(tmp_path, "ISO_IR 100", value, Charset.GBK) == name.replace("^", ", ")
    assert name_of(tmp_path, "ISO_IR 100", value).startswith("Patient ")


@pytest.mark.parametrize(
    ("stated", "codec"),
    [
        ("ISO 2022 IR 192", "utf-8"), ("iso_ir 192", "utf-8"), ("ISO-IR 192", "utf-8"), ("ISO_IR192", "utf-8"),
        ("UTF-8", "utf-8"), ("utf8", "utf-8"), ("GB18030", "gb18030"), ("gb 18030", "gb18030"),
        ("GB18030-2005", "gb18030"),
        ("GBK", "gbk"), ("ISO 2022 GBK", "gbk"), ("ISO 2022 58", "gb2312"), ("Big5", "big5"),
        ("Shift_JIS", "shift_jis"),
        ("EUC-KR", "euc_kr"), ("KS_C_5601-1987", "euc_kr"),
    ],
)  # fmt: skip
def test_spellings_of_a_character_set_are_understood(tmp_path: Path, stated: str, codec: str) -> None:
    for name in ("王^小", "林^安"):
        value = name.encode(codec)
        assert name_of(tmp_path, stated, value) == name.replace("^", ", ")
        assert read(save(tmp_path, written(stated, value))).notices == ()


@pytest.mark.parametrize(
    "stated", ["ISO-IR 100", "iso_ir 100", "ISO_IR_100", "ISO 2022 IR 100", "latin1", "ISO 8859-1"]
)
def test_spellings_of_latin_1_are_understood(tmp_path: Path, stated: str) -> None:
    path = save(tmp_path, written(stated, "Müller^Jörg".encode("latin-1")))
    assert read(path).identity.patient_name == "Müller, Jörg"
    assert read(path).notices == ()


@pytest.mark.parametrize(
    "name",
    ["Müller^Jörg", "MÜSSIG^ÖZLEM", "Núñez^José", "Þórðardóttir^Þóra", "O´Brien^Séan", "Ångström^Åse", "Šimun^Žana"],
)
def test_words_of_western_europe_are_read_as_such(tmp_path: Path, name: str) -> None:
    value = name.encode("cp1252")
    for default in Charset:
        assert read_as(value, "ISO_IR 100", default) == name
        if default is not Charset.CYRILLIC:  # there the user says what the bytes are, and they are letters in both
            assert [read_as(value, stated, default) for stated in ("", "ISO_IR 6", "ISO_IR 192")] == [name] * 3
    assert name_of(tmp_path, None, value) == name.replace("^", ", ")


EASTERN = [
    (Charset.GBK, "gbk", "王^小东"), (Charset.GBK, "gbk", "李^伟"), (Charset.GBK, "gb18030", "朱^镕基"),
    (Charset.GBK, "gbk", "陳^偉"), (Charset.BIG5, "cp950", "許^功蓋"), (Charset.BIG5, "cp950", "許^淑芬"),
    (Charset.BIG5, "cp950", "林^美玲"), (Charset.BIG5, "cp950", "顏^建宏"), (Charset.BIG5, "cp950", "嚴^恒"),
    (Charset.SHIFT_JIS, "cp932", "山田^太郎"), (Charset.SHIFT_JIS, "cp932", "表^ソ能"),
    (Charset.SHIFT_JIS, "cp932", "ﾔﾏﾀﾞ^ﾀﾛｳ"),
    (Charset.EUC_KR, "euc_kr", "김^철수"), (Charset.EUC_KR, "cp949", "뷁^똠방"),
    (Charset.CYRILLIC, "cp1251", "Иванов^Пётр"),
]  # fmt: skip


@pytest.mark.parametrize(("default", "codec", "name"), EASTERN)
def test_the_default_character_set_reads_what_the_stated_one_cannot(
    tmp_path: Path, default: Charset, codec: str, name: str
) -> None:
    value = name.encode(codec)
    for stated in ("", "ISO_IR 6", "ISO_IR 100", "ISO_IR 192"):
        assert read_as(value, stated, default) == name
        assert is_unreadable(read_as(value, stated))
    assert name_of(tmp_path, "ISO_IR 100", value, default) == name.replace("^", ", ")
    unread = name_of(tmp_path, "ISO_IR 100", value)
    assert unread.startswith("Patient ")
    assert unread.endswith(f" (ID {ASCII_ID})")


@pytest.mark.parametrize(
    "said",
    ["Thorax 2 Ebenen – stehend", "«Thorax»", "Tórax PA 1ª", "10×10 cm", "Größe ½, 37°", "PA • AP", "5 µm ±2", "§ 5…"],
)
def test_signs_among_words_are_read_with_them(said: str) -> None:
    assert [read_as(said.encode("cp1252"), stated) for stated in ("", "ISO_IR 100", "ISO_IR 192")] == [said] * 3


def test_the_alphabetic_group_of_a_name_is_shown_where_the_other_cannot_be_read(tmp_path: Path) -> None:
    value = b"Xu^Gonggai=" + "許^功蓋".encode("big5")
    assert name_of(tmp_path, "ISO_IR 100", value) == "Xu, Gonggai"
    assert read(save(tmp_path, written("ISO_IR 100", value))).notices == (UNREADABLE,)


def test_patients_whose_names_cannot_be_read_stay_apart_and_stay_the_same(tmp_path: Path) -> None:
    names = ["許^功蓋", "許^淑芬", "許^蓋", "許", "功"]
    shown = [name_of(tmp_path, "ISO_IR 100", name.encode("big5")) for name in names]
    assert len(set(shown)) == len(names)
    assert shown == [name_of(tmp_path, "ISO_IR 100", name.encode("big5")) for name in names]
    assert all("\\" not in name and "\ufffd" not in name for name in shown)


def test_patient_ids_that_cannot_be_read_stay_apart(tmp_path: Path) -> None:
    numbers = [f"病{sign}".encode("big5") for sign in "許功蓋"]
    files = [save(tmp_path, written("ISO_IR 100", number, "PatientID"), f"{n}") for n, number in enumerate(numbers)]
    identities = [read_identity(path)[0] for path in files]
    assert (
        len({identity.patient_id for identity in identities}) == len({identity.patient for identity in identities}) == 3
    )
    assert all(is_unreadable(identity.patient_id) for identity in identities)
    with default_charset(Charset.BIG5):
        assert [read_identity(path)[0].patient_id for path in files] == ["病許", "病功", "病蓋"]


def test_names_that_another_program_has_lost_stay_apart_by_their_ids(tmp_path: Path) -> None:
    lost = "\ufffd\ufffd^\ufffd".encode()
    shown = {
        read(save(tmp_path, written("ISO_IR 192", lost, PatientID=who))).identity.patient_name for who in ("A", "B")
    }
    assert len(shown) == 2
    assert all(name.startswith("Patient ") for name in shown)


def test_it_is_said_in_which_characters_text_is_read(tmp_path: Path) -> None:
    file = save(tmp_path, written("ISO_IR 100", "許^功蓋".encode("big5")))
    assert read(file).notices == (UNREADABLE,)
    read_as_big5 = in_charset(Charset.BIG5, read_in_child, Source.of(file), 0)
    assert read_as_big5.identity.patient_name == "許, 功蓋"
    assert read_as_big5.notices == ("Text is read as Big5, which the file does not state.",)
    assert read(file).notices == (UNREADABLE,)  # only that errand was asked for it
    assert read(save(tmp_path, written(None, "王".encode()))).notices == (
        "Text is read as UTF-8, which the file does not state.",
    )
    assert read(save(tmp_path, written(None, "Müller".encode("latin-1")))).notices == ()


def test_a_description_that_was_cut_within_a_character_is_utf8_still(tmp_path: Path) -> None:
    value = ("胸部正面" * 6).encode()[:64]
    identity = read(save(tmp_path, written("ISO_IR 100", value, "StudyDescription"))).identity
    assert identity.study_description == ("胸部正面" * 6)[:21]


def test_escapes_to_other_sets_are_followed_as_before(tmp_path: Path) -> None:
    ds = chest(SpecificCharacterSet=["", "ISO 2022 IR 87"], PatientName="Yamada^Tarou=山田^太郎=やまだ^たろう")
    assert read(save(tmp_path, ds)).identity.patient_name == "Yamada, Tarou"
    for name in ("=表^ソ", "=山田^太郎"):  # in ISO-2022-JP their bytes are letters and signs of ASCII
        ds = chest(SpecificCharacterSet=["", "ISO 2022 IR 87"], PatientName=name)
        assert read(save(tmp_path, ds)).identity.patient_name == name[1:].replace("^", ", ")


@pytest.mark.parametrize("charset", [None, "ISO_IR 100"])
def test_escapes_are_followed_though_the_file_states_no_code_extensions(tmp_path: Path, charset: str | None) -> None:
    value = "=表^ソ".encode("iso2022_jp")  # signs whose second byte is that of "="
    assert name_of(tmp_path, charset, value) == "表, ソ"


def test_korean_whose_escape_was_left_out_is_read_as_the_set_that_is_stated(tmp_path: Path) -> None:
    for stated in ("\\ISO 2022 IR 149", "ISO 2022 IR 100\\ISO 2022 IR 149"):
        assert name_of(tmp_path, stated, "김^철수".encode("euc_kr")) == "김, 철수"
        assert name_of(tmp_path, stated, "Pérez^José".encode("latin-1")) == "Pérez, José"


def test_a_set_that_is_stated_behind_another_is_stated(tmp_path: Path) -> None:
    for stated, codec in (("ISO_IR 100\\ISO_IR 192", "utf-8"), ("\\GB18030", "gb18030"), ("ISO_IR 100\\GBK", "gbk")):
        path = save(tmp_path, written(stated, "王^小东".encode(codec)))
        assert (read(path).identity.patient_name, read(path).notices) == ("王, 小东", ())


def test_text_within_sequences_comes_the_same_way(tmp_path: Path) -> None:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = "T1", "99X", "xxxxxx"
    ds = chest(SpecificCharacterSet="ISO_IR 100", AnatomicRegionSequence=Sequence([item]))
    path = save(tmp_path, to_bytes(ds).replace(b"xxxxxx", "功許蓋".encode("big5")))
    with default_charset(Charset.BIG5), opened(path) as parsed:
        assert text(parsed.dataset.AnatomicRegionSequence[0], "CodeMeaning") == "功許蓋"


def test_results_carry_the_name_in_utf8_or_none_at_all(tmp_path: Path) -> None:
    path = save(tmp_path, written("ISO_IR 100", "許^功蓋".encode("big5")))
    for default, name in ((Charset.BIG5, "許^功蓋"), (Charset.AUTOMATIC, "")):
        with default_charset(default):
            radiograph = read(path)
            with opened(path) as parsed:
                header = source_header_of(parsed.dataset, radiograph)
        assert str(header.dataset.PatientName or "") == name
        assert any("left empty" in notice for notice in header.notices) is (name == "")


def test_text_that_nobody_can_read_is_left_out_of_a_deidentified_copy(tmp_path: Path) -> None:
    name = "許^功蓋".encode("big5")
    data = written("ISO_IR 100", "x許功蓋".encode("big5"), "ExposureControlModeDescription", PatientName="q" * 7)
    path = save(tmp_path, data.replace(b"q" * 7, name + b" " * (7 - len(name))))
    with opened(path, EVERYTHING) as parsed:
        assert "ExposureControlModeDescription" in parsed.dataset
        copy = deidentified(parsed.dataset, "key")
    assert "ExposureControlModeDescription" not in copy
    assert copy.ViewPosition == "PA"


@pytest.mark.parametrize(
    ("name", "charset"),
    [("GBK", Charset.GBK), ("gb18030", Charset.GBK), ("Big5", Charset.BIG5), ("SJIS", Charset.SHIFT_JIS),
     ("shift_jis", Charset.SHIFT_JIS), ("cp949", Charset.EUC_KR), ("ISO_IR 100", Charset.WESTERN),
     ("AUTO", Charset.AUTOMATIC)],
)  # fmt: skip
def test_a_default_character_set_goes_by_its_usual_names(name: str, charset: Charset) -> None:
    assert to_charset(name) is charset


def test_what_no_default_character_set_is_called_is_refused() -> None:
    with pytest.raises(ArgumentTypeError, match="choose from auto, gbk"):
        to_charset("nonsense")


def test_no_bytes_make_reading_fail() -> None:
    for stated in ("", "ISO_IR 100", "ISO_IR 192", "GB18030", "ISO 2022 IR 87", "ISO_IR 13", "hex", "rot13", "utf-7"):
        for default in Charset:
            with default_charset(default):
                encodings = encodings_of((stated,))
            for first in range(128, 256):
                assert reading(bytes((first, 0x5C, 0x3D, 0x5E)), encodings).text


@pytest.mark.parametrize("piece", [b"a\xab", b"\xe9a", b"\xb3\x5c", b"=\xe9", b"\xc3\xa9a", b"\xe4\xbd\xa0", b"M\xaa."])
def test_long_values_cost_no_more_than_their_length(piece: bytes) -> None:
    value = piece * (65_534 // len(piece))
    began = time.process_time()
    for stated in ("", "ISO_IR 192", "GB18030"):
        assert read_as(value, stated, Charset.BIG5)
    assert time.process_time() - began < 3
