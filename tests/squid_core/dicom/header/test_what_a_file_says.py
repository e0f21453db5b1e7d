"""View and part of the body by code and in many languages; free text asks and never refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from squid_core.contracts.radiograph import Decision, Verdict
from squid_core.dicom.header.codes import meaning_of
from squid_core.dicom.header.identity import identity_of
from squid_core.dicom.header.wording import is_lateral, wording
from squid_core.dicom.header.words import WORDS, Notion
from squid_core.dicom.reader import read
from squid_core.dicom.verdict import Picture, judge
from tests.squid_core.dicom.phantoms import chest, save, to_bytes


def verdict_of(**attributes: Any) -> Verdict:
    ds = chest(**attributes)
    return judge(ds, identity_of(ds), Picture(2000, 1800))


def code(value: str, scheme: str, meaning: str = "", **more: Any) -> Sequence:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    for keyword, nested in more.items():
        setattr(item, keyword, nested)
    return Sequence([item])


@pytest.mark.parametrize(
    ("view", "reason"),
    [
        (code("R-10236", "SRT", "側面"), "lateral"),
        (code("R-10232", "SNM3"), "lateral"),
        (code("399198007", "SCT", "Röntgen"), "lateral"),
        (code("399067008", "SCT"), "lateral"),
        (code("R-10222", "99SDM"), "lateral"),  # sagittal, as SNOMED 3 had it
        (code("399173006", ""), "lateral"),
        (code("7", "99LOCAL", "Profil gauche"), "lateral"),
        (code("7", "99LOCAL", "", EquivalentCodeSequence=code("R-10236", "SRT")), "lateral"),
        (code("R-102C1", "SRT"), "oblique"),
        (code("399132005", "SCT"), "oblique"),  # frontal-oblique axial
        (code("399356000", "SCT"), "oblique"),
        (code("R-10206", "SRT", "", ViewModifierCodeSequence=code("7", "99LOCAL", "schräg")), "oblique"),
    ],
)
def test_a_view_that_is_not_frontal_is_known_by_its_code(view: Sequence, reason: str) -> None:
    verdict = verdict_of(ViewPosition=None, ViewCodeSequence=view)
    assert (verdict.decision, reason in verdict.reason) == (Decision.REFUSE, True)


@pytest.mark.parametrize(
    "view",
    [
        code("R-10214", "SNM3", "正面"),
        code("R-10206", "SRT"),
        code("272479007", "SCT", "後前"),
        code("399033003", "SCT"),
        code("7", "99LOCAL", "Задняя прямая проекция"),
    ],
)
def test_a_frontal_view_is_known_by_its_code(view: Sequence) -> None:
    assert verdict_of(ViewPosition=None, ViewCodeSequence=view).decision is Decision.ANALYSE


@pytest.mark.parametrize(
    "attributes",
    [
        {"ViewCodeSequence": code("R-10236", "SRT")},  # beside PA
        {"ViewPosition": "PA/LAT"},
        {"ViewPosition": None, "ViewCodeSequence": code("R-10214", "SRT", "Seitenaufnahme")},
        {"ViewPosition": None, "ViewCodeSequence": code("R-10241", "SRT")},  # axial
        {"ViewPosition": None, "ViewCodeSequence": code("R-10236", "99LOCAL")},
        {"BodyPartExamined": None, "AnatomicRegionSequence": code("T-D3000", "99LOCAL")},
        {
            "ViewPosition": None,
            "ViewCodeSequence": code("R-10206", "SRT", ViewModifierCodeSequence=code("111069", "DCM")),
        },
        {
            "PatientOrientationCodeSequence": code(
                "102538003", "SCT", PatientOrientationModifierCodeSequence=code("F-10319", "SRT")
            )
        },
        {"SeriesDescription": "Thorax seitl."},  # beside PA
        {"SeriesDescription": "CHEST AP LORDOTIC"},
        {"SeriesDescription": "Hand links"},
        {"BodyPartExamined": "HIP", "StudyDescription": "Thorax"},
        {"AnatomicRegionSequence": code("T-D8700", "SRT")},
        {"BodyPartExamined": "FACE", "StudyDescription": "Thorax de face"},
        {"BodyPartExamined": "胸腹部"},
        {"BodyPartExamined": "ทรวงอก"},
    ],
)
def test_what_contradicts_itself_or_is_not_known_is_asked_about(attributes: dict[str, Any]) -> None:
    assert verdict_of(**attributes).decision is Decision.ASK


def test_a_view_may_be_said_by_the_acquisition_context() -> None:
    item = Dataset()
    item.ConceptNameCodeSequence, item.ConceptCodeSequence = code("111031", "DCM"), code("R-10236", "SRT")
    verdict = verdict_of(ViewPosition=None, AcquisitionContextSequence=Sequence([item]))
    assert (verdict.decision, "lateral" in verdict.reason) == (Decision.REFUSE, True)


@pytest.mark.parametrize(
    ("described", "word"),
    [
        ("THORAX SEITL.", "lateral"), ("Thorax Seitenaufnahme", "lateral"), ("Poumon de profil", "lateral"),
        ("TÓRAX PERFIL", "lateral"), ("Tórax lateral", "lateral"), ("TORACE LL", "lateral"), ("TORAX L-L", "lateral"),
        ("THORAXLAT", "lateral"), ("cliché de côté", "lateral"),
        ("Torace laterale", "lateral"),
        ("THORAX LATERAAL", "lateral"), ("thorax dwars", "lateral"), ("Klatka piersiowa boczne", "lateral"),
        ("Hrudník bočná projekce", "lateral"), ("Hrudník z boku", "lateral"), ("ОГК боковая", "lateral"),
        ("胸部側面", "lateral"), ("胸部侧位片", "lateral"), ("胸部Ｘ線側面", "lateral"), ("胸部 側面像", "lateral"),
        ("흉부측면촬영", "lateral"), ("ＣＨＥＳＴ ＬＡＴ", "lateral"), ("Thorax schräg", "oblique"),
        ("Thorax schraeg", "oblique"),
        ("Tórax oblicua", "oblique"), ("Klatka skośne", "oblique"), ("Hrudník šikmo", "oblique"),
        ("легкие косая", "oblique"),
        ("胸部斜位", "oblique"), ("흉부 사위", "oblique"), ("Thorax Linksseitenlage", "position"),
        ("Décubitus latéral gauche", "position"), ("Klatka na boku", "position"), ("胸部側臥位", "position"),
        ("左侧卧位", "position"), ("흉부좌측와위", "position"), ("латеропозиция", "position"),
        ("Thorax p.a. / seitlich", "frontal and a lateral"), ("胸部正側位", "frontal and a lateral"),
        ("CHEST 2 VIEWS", "frontal and a lateral"), ("胸部2方向", "frontal and a lateral"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("keyword", ["SeriesDescription", "StudyDescription"])
def test_words_for_another_view_ask_in_many_languages(described: str, word: str, keyword: str) -> None:
    verdict = verdict_of(ViewPosition=None, **{keyword: described})
    assert (verdict.decision, word in verdict.reason) == (Decision.ASK, True), verdict


@pytest.mark.parametrize(
    "described",
    ["TÓRAX", "Thorax stehend", "胸部正面", "胸部单纯立位", "흉부 정면", "Рентгенография органов грудной клетки",
     "Poumon de face",
     "Tórax de pie", "RTG klatki piersiowej", "Röntgen Thorax", "hrudník předozadní", "Décubitus dorsal thorax",
     "胸部X線検査",
     "手術後胸部 X光", "RX torace", "Thoraxfoto", "CHEST PA, bilateral", "ОГК профилактический осмотр",
     "Main X-ray room, chest"],
)  # fmt: skip
def test_a_frontal_chest_is_known_by_its_words(described: str) -> None:
    verdict = verdict_of(ViewPosition=None, BodyPartExamined=None, StudyDescription=described)
    assert verdict == Verdict(Decision.ANALYSE)


@pytest.mark.parametrize(
    "described",
    ["brzuch", "Břicho", "ABDÓMEN", "addome", "buik", "живот", "腹部", "복부", "Mano izquierda", "main droite",
     "dłoń", "ruka",
     "кисть", "手部", "左手", "수부", "Schädel", "SCHAEDEL", "KNIE", "胸椎", "흉추", "rachis lombaire", "joelho",
     "ginocchio", "Left knee"],
)  # fmt: skip
def test_words_for_another_part_of_the_body_in_many_languages(described: str) -> None:
    asked = verdict_of(BodyPartExamined=None, StudyDescription=described)
    assert (asked.decision, "another part" in asked.reason) == (Decision.ASK, True), asked
    stated = verdict_of(BodyPartExamined=described)
    assert (stated.decision, "another part" in stated.reason) == (Decision.REFUSE, True), stated


@pytest.mark.parametrize(
    ("region", "decision"),
    [
        (code("51185008", "SCT", "胸部"), Decision.ANALYSE),
        (code("816094009", "SCT"), Decision.ANALYSE),
        (code("T-D3000", "SNM3", "Brustkorb?"), Decision.ANALYSE),
        (code("T-D4000", "SRT", "Thorax (local)"), Decision.ASK),
        (code("818981001", "SCT", "腹部"), Decision.REFUSE),
        (code("T-D8700", "SRT"), Decision.REFUSE),
        (code("122495006", "SCT"), Decision.REFUSE),  # thoracic spine
        (code("R-FAB55", "SRT"), Decision.ASK),  # chest and abdomen
        (code("T-26000", "SRT"), Decision.ASK),  # bronchus
    ],
)
def test_the_part_of_the_body_is_known_by_its_code(region: Sequence, decision: Decision) -> None:
    assert verdict_of(BodyPartExamined=None, AnatomicRegionSequence=region).decision is decision


@pytest.mark.parametrize(
    "described",
    ["ทรวงอก ด้านข้าง", "الصدر جانبي", "πλάγια θώρακος", "胸部ほげほげ", "ÐØ²¿²àÎ»", "Xyzzy foobar", "áÏËÏ×ÁÑ"],
)  # fmt: skip
def test_a_description_that_cannot_be_read_is_no_silence(described: str) -> None:
    verdict = verdict_of(ViewPosition=None, SeriesDescription=described)
    assert (verdict.decision, "not known here" in verdict.reason) == (Decision.ASK, True)
    assert verdict_of(SeriesDescription=described).decision is Decision.ANALYSE  # beside PA


def test_a_code_string_in_the_characters_of_the_file_is_read(tmp_path: Path) -> None:
    for number, (charset, encoding) in enumerate((("ISO_IR 192", "utf-8"), ("GB18030", "gb18030"))):
        view, part = (words.encode(encoding).decode("latin-1") for words in ("側面", "胸部"))
        ds = chest(SpecificCharacterSet=charset, ViewPosition=view, BodyPartExamined=part)
        radiograph = read(save(tmp_path, ds, f"image{number}"))
        assert (radiograph.identity.body_part, radiograph.identity.view_position) == ("胸部", "側面")
        assert "lateral" in radiograph.verdict.reason


@pytest.mark.parametrize(
    "described",
    ["CHEST PA, DOG BITE LEFT ARM", "CXR after fall from horse", "XR CHEST PA - DR RABBIT", "CANINE LATERAL THORAX",
     "Hundebiss",
     "狗咬伤胸部"],
)  # fmt: skip
def test_an_animal_in_the_words_is_asked_about(described: str) -> None:
    verdict = verdict_of(StudyDescription=described)
    assert (verdict.decision, "animal" in verdict.reason) == (Decision.ASK, True)
    assert verdict_of(StudyDescription=described, PatientSpeciesDescription="Human").decision is Decision.ANALYSE


@pytest.mark.parametrize(
    ("attributes", "decision"),
    [
        ({"PatientSpeciesDescription": "Mensch"}, Decision.ANALYSE),
        ({"PatientSpeciesDescription": "UNKNOWN"}, Decision.ANALYSE),
        ({"PatientSpeciesCodeSequence": code("7", "99LOCAL", "Human")}, Decision.ANALYSE),
        ({"PatientSpeciesCodeSequence": code("L-80700", "SRT", "Canis lupus familiaris")}, Decision.REFUSE),
        ({"PatientBreedCodeSequence": code("L-80733", "SRT", "Beagle")}, Decision.REFUSE),
        ({"PatientSpeciesDescription": "犬"}, Decision.REFUSE),
        ({"PatientSpeciesDescription": "Non-human primate"}, Decision.REFUSE),
        ({"PatientSpeciesDescription": "Human", "PatientBreedDescription": "Beagle"}, Decision.REFUSE),
        ({"PatientSpeciesDescription": "Homo sapiens (human)", "PatientBreedDescription": "N/A"}, Decision.ANALYSE),
    ],
)
def test_species_and_breed_decide_whether_it_is_of_a_person(attributes: dict[str, Any], decision: Decision) -> None:
    assert verdict_of(**attributes).decision is decision


def test_every_word_of_the_table_is_read_as_what_it_says() -> None:
    for notion, languages in WORDS.items():
        for word in " ".join(languages.values()).split():
            said = wording([word.strip("*").replace("_", " ")])
            assert notion is Notion.NEUTRAL or notion in said.notions, word
            assert not said.unread, word


def test_a_hostile_text_is_read_in_no_time() -> None:
    assert wording(["A " * 50_000, "胸" * 50_000, "x" * 100_000]).notions == {Notion.CHEST}


def test_codes_that_are_not_known_mean_nothing() -> None:
    assert meaning_of("R-10236", "SRT").startswith("left lateral")
    assert not meaning_of("R-10236", "99LOCAL")
    assert not meaning_of("0", "SCT")


def test_a_code_that_is_damaged_fails_nothing(tmp_path: Path) -> None:
    whole = to_bytes(chest(PatientSpeciesCodeSequence=code("337915000", "SCT")))
    damaged = whole.replace(b"\x08\x00\x04\x01LO", b"\x08\x00\x04\x01L:")
    assert damaged != whole
    assert read(save(tmp_path, damaged)).verdict.decision is Decision.ANALYSE


@pytest.mark.parametrize(
    ("view", "orientation", "lateral"),
    [
        ("LL", (), True), ("LATERAL", ("A", "F"), True), ("PA", (), False), ("AP", ("A", "F"), False), ("", (), False),
        ("", ("P", "F"), True), ("", ("L", "F"), False), ("LLO", (), False),
    ],
)  # fmt: skip
def test_a_lateral_view_is_known_by_its_name_and_else_by_how_it_lies(
    view: str, orientation: tuple[str, ...], lateral: bool
) -> None:
    assert is_lateral(view, orientation) is lateral


@pytest.mark.parametrize(
    ("stated", "number"), [("12", 12), (" 7 ", 7), ("-1", -1), ("", None), ("1.5", None), ("99999999999", None)]
)
def test_series_and_instance_have_the_numbers_that_the_file_gives_them(stated: str, number: int | None) -> None:
    ds = Dataset()
    for keyword in ("SeriesNumber", "InstanceNumber"):
        ds.add_new(keyword, "LO", stated)  # as damaged as it comes
    identity = identity_of(ds)
    assert (identity.series_number, identity.instance_number) == (number, number)
