"""A key image note is written of images to look at first, and of no other."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pydicom
import pytest
from highdicom.ko import KeyObjectSelectionDocument
from pydicom.dataset import Dataset
from pydicom.uid import MultiFrameGrayscaleWordSecondaryCaptureImageStorage

from squid_core.contracts.reading import ACCEPTED
from squid_core.export.dicom.key_image import NOT_KEY
from squid_core.export.request import ExportKind
from squid_core.export.write import write_all
from tests.squid_core.dicom.phantoms import CR, DX, save
from tests.squid_core.export.dicom.test_dicom_results import HOSTILE, PATIENT, STUDY, VALIDATOR, errors, source
from tests.squid_core.export.remarked import OPINION
from tests.squid_core.export.samples import detection, request

KO = ExportKind.KEY_IMAGE_NOTE
HIGH, LOW = detection(percentile=95.0), detection(percentile=94.9)
AGREED = replace(OPINION, code=ACCEPTED, words="the finding is accepted")
UNSCORED: dict[str, Any] = {"detection": None, "weights": None}


def note(folder: Path, ds: Dataset | None = None, **changes: Any) -> Dataset:
    (path,) = write_all(request(save(folder, ds or source()), folder / "out", KO, **changes)).paths
    return pydicom.dcmread(path)


def description(found: Dataset) -> list[str]:
    (said,) = (one for one in found.ContentSequence if one.ConceptNameCodeSequence[0].CodeValue == "113012")
    return str(said.TextValue).split("\r\n")


def observers(found: Dataset) -> list[str]:
    """Which kinds of observer selected, and a person's name."""
    told = [one for one in found.ContentSequence if one.RelationshipType == "HAS OBS CONTEXT"]
    kinds = [one.ConceptCodeSequence[0].CodeMeaning for one in told if one.ValueType == "CODE"]
    return kinds + [str(one.PersonName) for one in told if one.ValueType == "PNAME"]


@pytest.mark.parametrize(
    ("changes", "of_interest"),
    [
        ({"detection": HIGH}, True),
        ({"detection": LOW}, False),
        ({"detection": LOW, "opinion": AGREED}, True),
        ({"detection": HIGH, "opinion": OPINION}, False),  # a reader's no is the last word
        ({"detection": HIGH, "opinion": replace(OPINION, code="normal")}, False),
        (UNSCORED | {"opinion": AGREED}, True),
        (UNSCORED | {"opinion": OPINION}, False),
    ],
)
def test_only_what_a_reader_accepts_or_few_normals_reach_is_a_key_image(
    tmp_path: Path, changes: dict[str, Any], of_interest: bool
) -> None:
    done = write_all(request(save(tmp_path, source()), tmp_path / "out", KO, **changes))
    assert done.kinds == ((KO,) if of_interest else ())
    assert [path.name for path in done.paths] == (["squid-0001-key-ko.dcm"] if of_interest else [])
    assert (NOT_KEY in done.notices) is not of_interest


def test_the_note_points_to_the_image_and_says_why(tmp_path: Path) -> None:
    ds = source()
    found = note(tmp_path, ds, detection=HIGH, opinion=AGREED)
    (title,) = found.ConceptNameCodeSequence
    assert (title.CodeValue, title.CodingSchemeDesignator, title.CodeMeaning) == ("113000", "DCM", "Of Interest")
    assert found.ContentTemplateSequence[0].TemplateIdentifier == "2010"
    document = KeyObjectSelectionDocument.from_dataset(found)
    (reference,) = document.content.get_references()
    assert (reference.referenced_sop_class_uid, reference.referenced_sop_instance_uid) == (DX, ds.SOPInstanceUID)
    place = document.resolve_reference(ds.SOPInstanceUID)
    assert place == (ds.StudyInstanceUID, ds.SeriesInstanceUID, ds.SOPInstanceUID)
    assert found.StudyInstanceUID == ds.StudyInstanceUID
    assert "research use only" in found.SeriesDescription
    assert observers(found) == ["Person", "Device", "chen"]
    assert description(found) == [
        "RESEARCH USE ONLY - not for diagnosis",
        "Reader: the finding is accepted, by chen, 2031-05-17 03:52 UTC",
        "Score 0.850, higher than 95% of normal images held out",
    ]


def test_what_the_program_selected_names_no_person(tmp_path: Path) -> None:
    found = note(tmp_path, detection=replace(HIGH, outside_memory=True))
    assert observers(found) == ["Device"]
    assert description(found)[-1] == "unlike anything in memory: the score means little"


def test_a_note_on_a_later_frame_names_it(tmp_path: Path) -> None:
    several = source(SOPClassUID=MultiFrameGrayscaleWordSecondaryCaptureImageStorage)
    several.NumberOfFrames, several.PixelData = 2, several.PixelData * 2
    found = note(tmp_path, several, detection=HIGH, frame=1)
    references = [one for one in found.iterall() if one.keyword == "ReferencedFrameNumber"]
    assert [int(one.value) for one in references] == [2]
    classes = {one.value for one in found.iterall() if one.keyword == "ReferencedSOPClassUID"}
    assert classes == {MultiFrameGrayscaleWordSecondaryCaptureImageStorage}


def test_de_identified_the_note_names_neither_patient_nor_reader(tmp_path: Path) -> None:
    path = save(tmp_path, source())
    (made,) = write_all(request(path, tmp_path / "out", KO, detection=HIGH, opinion=AGREED, deidentify=True)).paths
    found = pydicom.dcmread(made)
    assert found.PatientIdentityRemoved == "YES"
    assert observers(found) == ["Device"]
    assert description(found)[1] == "Reader: the finding is accepted"
    for secret in ("chen", "Jane", "P-17", str(pydicom.dcmread(path).SOPInstanceUID)):
        assert secret.encode() not in made.read_bytes(), secret


@pytest.mark.skipif(VALIDATOR is None, reason="dicom3tools is not installed")
@pytest.mark.parametrize(
    "attributes",
    [
        {},
        {"SOPClassUID": CR, "Modality": "CR", "BodyPartExamined": None},
        dict.fromkeys((*PATIENT, *STUDY, "StudyInstanceUID", "SOPInstanceUID", "BodyPartExamined")),
        HOSTILE,
        {"PatientIdentityRemoved": "YES", "DeidentificationMethod": "by hand"},
    ],
)
def test_the_validator_finds_no_error_in_a_note(tmp_path: Path, attributes: dict[str, Any]) -> None:
    made = request(save(tmp_path, source(**attributes)), tmp_path / "out", KO, detection=HIGH, opinion=AGREED)
    (path,) = write_all(made).paths
    assert errors(path) == []
