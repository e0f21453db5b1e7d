"""A report holds what the reader measured, with its coordinates, and judged; read back with pydicom alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset

from squid_core.export.request import ExportKind
from squid_core.export.write import write_all
from tests.squid_core.dicom.phantoms import chest, save
from tests.squid_core.export.dicom.test_dicom_results import VALIDATOR, errors, groups
from tests.squid_core.export.remarked import NOTE, OPINION, everything
from tests.squid_core.export.samples import request

SC, SR = ExportKind.SECONDARY_CAPTURE, ExportKind.STRUCTURED_REPORT


def report(folder: Path, *kinds: ExportKind, **how: Any) -> tuple[Path, ...]:
    film = save(folder, chest(BurnedInAnnotation="NO"))
    made = request(film, folder / "out", *(kinds or (SR,)), marks=everything, opinion=OPINION, **how)
    return write_all(made).paths


def code(item: Dataset) -> str:
    return str(item.ConceptNameCodeSequence[0].CodeValue)


def named(group: Dataset) -> str:
    return next(str(item.TextValue) for item in group.ContentSequence if code(item) == "112039")


def measured(group: Dataset) -> list[tuple[str, float, str, list[list[float]]]]:
    """(code, value, unit, lines as column, row) of each measurement."""
    found = []
    for item in group.ContentSequence:
        if item.ValueType == "NUM":
            value = item.MeasuredValueSequence[0]
            lines = [list(c.GraphicData) for c in item.get("ContentSequence", ()) if c.ValueType == "SCOORD"]
            found.append(
                (code(item), float(value.NumericValue), value.MeasurementUnitsCodeSequence[0].CodeValue, lines)
            )
    return found


def regions(group: Dataset) -> list[tuple[str, list[float]]]:
    return [(i.GraphicType, list(i.GraphicData)) for i in group.ContentSequence if i.ValueType == "SCOORD"]


def test_every_mark_is_a_group_with_its_figures_and_places(tmp_path: Path) -> None:
    (path,) = report(tmp_path)
    marks = {named(group): group for group in groups(pydicom.dcmread(path)) if named(group).startswith("Mark")}
    assert list(marks) == [
        "Mark 1: length", "Mark 2: cardiothoracic ratio", "Mark 3: angle", "Mark 4: ellipse", "Mark 5: arrow",
        "Mark 6: note",
    ]  # fmt: skip
    assert measured(marks["Mark 1: length"]) == [("410668003", 12.34, "mm", [[40.5, 60.5, 90.5, 60.5]])]
    ratio, heart, thorax = measured(marks["Mark 2: cardiothoracic ratio"])
    heart_line, thorax_line = [60.5, 110.5, 120.5, 110.5], [20.5, 120.5, 160.5, 120.5]
    assert ratio[0] == "ctr"
    assert ratio[1] == pytest.approx(60 / 140)
    assert ratio[2:] == ("1", [heart_line, thorax_line])
    assert heart == ("heart-width", 60, "{pixels}", [heart_line])
    assert thorax == ("thorax-width", 140, "{pixels}", [thorax_line])
    assert measured(marks["Mark 3: angle"])[0][:3] == ("1483009", 78.25, "deg")
    region = marks["Mark 4: ellipse"]
    assert regions(region) == [("ELLIPSE", [120.5, 80.5, 150.5, 80.5, 135.5, 70.5, 135.5, 90.5])]
    assert [value for _, value, _, _ in measured(region)] == [1511.3, 22.4, 1400, 1600, 471]
    assert measured(region)[-1][0::2] == ("42798000", "mm2") or measured(region)[-1][2] == "mm2"
    assert regions(marks["Mark 5: arrow"]) == [("POINT", [70.5, 30.5])]
    assert NOTE in [i.TextValue for i in marks["Mark 6: note"].ContentSequence if i.ValueType == "TEXT"]


def test_the_judgement_is_an_observation_of_a_person_at_a_time(tmp_path: Path) -> None:
    (path,) = report(tmp_path)
    document = pydicom.dcmread(path)
    (said,) = [
        i for g in groups(document) for i in g.ContentSequence if i.ValueType == "CODE" and code(i) == "judgement"
    ]
    assert said.ConceptCodeSequence[0].CodeValue == "judged-rejected"
    assert said.ConceptCodeSequence[0].CodeMeaning == "the finding is rejected"
    assert said.ObservationDateTime == "20310517035200+0000"
    assert "chen" in [str(i.PersonName) for i in document.ContentSequence if i.ValueType == "PNAME"]
    assert "judged by a reader" in document.CompletionFlagDescription


def test_de_identified_it_holds_the_figures_and_neither_notes_nor_reader(tmp_path: Path) -> None:
    (path,) = report(tmp_path, deidentify=True)
    data = path.read_bytes()
    for secret in (b"Zzcanary", b"nodule", b"chen", b"20310517035200"):
        assert secret not in data
    kinds = [named(group).split(": ")[-1] for group in groups(pydicom.dcmread(path)) if "Mark" in named(group)]
    assert kinds == ["length", "cardiothoracic ratio", "angle", "ellipse", "arrow"]


def test_a_capture_with_notes_leaves_open_whether_it_names_somebody(tmp_path: Path) -> None:
    (noted,) = report(tmp_path, SC)
    (anonymous,) = report(tmp_path, SC, deidentify=True)
    assert "BurnedInAnnotation" not in pydicom.dcmread(noted)
    assert pydicom.dcmread(anonymous).BurnedInAnnotation == "NO"
    rows = pydicom.dcmread(noted).Rows, pydicom.dcmread(anonymous).Rows
    assert rows[0] > rows[1], "the note has a line of its own"


def test_a_place_beyond_the_image_is_brought_to_its_edge(tmp_path: Path) -> None:
    (path,) = report(tmp_path)
    for item in pydicom.dcmread(path).iterall():
        if item.keyword == "GraphicData":
            places = np.reshape(item.value, (-1, 2))
            assert (places >= 0).all()
            assert (places <= (200, 160)).all()


def test_of_an_image_without_a_score_marks_and_judgement_are_reported_alone(tmp_path: Path) -> None:
    (path,) = report(tmp_path, detection=None, weights=None)
    document = pydicom.dcmread(path)
    names = [named(group) for group in groups(document)]
    assert names[:2] == ["Image", "Reader"]
    assert len(names) == 2 + 6
    assert "score" not in [code for group in groups(document) for code, *_ in measured(group)]
    said = [item.TextValue for item in groups(document)[0].ContentSequence if item.ValueType == "TEXT"]
    assert "RESEARCH USE ONLY - not for diagnosis. This image was not scored." in said


def test_nothing_is_reported_where_there_is_neither_score_nor_word(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="was scored"):
        request(tmp_path / "film", tmp_path, SR, detection=None, weights=None)


@pytest.mark.skipif(VALIDATOR is None, reason="dciodvfy is not installed")
@pytest.mark.parametrize("how", [{}, {"deidentify": True}], ids=["identified", "de-identified"])
def test_another_program_finds_no_fault(tmp_path: Path, how: dict[str, bool]) -> None:
    for path in (*report(tmp_path, SR, SC, **how), *report(tmp_path, detection=None, weights=None, **how)):
        assert errors(path) == []
