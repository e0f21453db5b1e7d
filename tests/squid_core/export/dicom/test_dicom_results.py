"""Results as DICOM, read back: they say what the detection says, of the right image, at the right place."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from highdicom.seg import segread
from highdicom.sr import srread
from pydicom.dataset import Dataset
from pydicom.uid import UID, MultiFrameGrayscaleWordSecondaryCaptureImageStorage, generate_uid

from squid_core.contracts.detection import DetectorSettings, Pose, Trial
from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import VoiFunction, Window
from squid_core.export.dicom import maps
from squid_core.export.dicom.maps import image_to_original, patches_to_original
from squid_core.export.dicom.report import patch_outline
from squid_core.export.request import ExportKind, ShownAs
from squid_core.export.write import write_all
from tests.squid_core.dicom.phantoms import CR, DX, chest, save
from tests.squid_core.export.samples import DERIVED, FACTS, HASH, PERCENTILES, detection, request

SC, SR, SEG = DERIVED
VALIDATOR = shutil.which("dciodvfy")
PATIENT = {"PatientName": "Doe^Jane^Q", "PatientID": "P-17", "PatientSex": "F", "PatientBirthDate": "19620101"}
STUDY = {"AccessionNumber": "A-4", "StudyID": "S1", "StudyDate": "20240229", "StudyTime": "101112.5"}


def source(**attributes: Any) -> Dataset:
    study = {"ReferringPhysicianName": "Ref^Doc", "StudyDescription": "Thorax", "BurnedInAnnotation": "NO"}
    wanted = {**PATIENT, **STUDY, **study, **attributes}
    ds = chest(**{keyword: value for keyword, value in wanted.items() if value is not None})
    for keyword, value in wanted.items():
        if value is None and keyword in ds:
            delattr(ds, keyword)
    return ds


def exported(folder: Path, ds: Dataset, *kinds: ExportKind, **changes: Any) -> tuple[list[Dataset], tuple[str, ...]]:
    """The results on a data set, read back, and the notices."""
    done = write_all(request(save(folder, ds), folder / "out", *kinds, **changes))
    return [pydicom.dcmread(path) for path in done.paths], done.notices


def errors(path: Path) -> list[str]:
    """What David Clunie's validator objects to."""
    assert VALIDATOR
    done = subprocess.run([VALIDATOR, str(path)], capture_output=True, text=True, check=False)
    return [line for line in (done.stdout + done.stderr).splitlines() if line.startswith("Error")]


def numbers(container: Dataset) -> list[tuple[str, str, float]]:
    """(tracking identifier, code, value) of the measurements of a group, in order."""
    found = []
    for item in container.ContentSequence:
        if item.ValueType == "NUM":
            tracked = [child.TextValue for child in item.get("ContentSequence", ()) if child.ValueType == "TEXT"]
            value = float(item.MeasuredValueSequence[0].NumericValue)
            found.append((tracked[0] if tracked else "", item.ConceptNameCodeSequence[0].CodeValue, value))
    return found


def groups(report: Dataset) -> list[Dataset]:
    """The measurement groups of a TID 1500 report: the image's, then the patches'."""
    (measured,) = (item for item in report.ContentSequence if item.ConceptNameCodeSequence[0].CodeValue == "126010")
    return list(measured.ContentSequence)


def texts(container: Dataset, code: str) -> list[str]:
    return [
        item.TextValue
        for item in container.ContentSequence
        if item.ValueType == "TEXT" and item.ConceptNameCodeSequence[0].CodeValue == code
    ]


def answers(container: Dataset) -> dict[str, str]:
    return {
        item.ConceptNameCodeSequence[0].CodeValue: item.ConceptCodeSequence[0].CodeMeaning
        for item in container.ContentSequence
        if item.ValueType == "CODE"
    }


def test_results_are_new_series_of_the_same_study_and_point_back_to_the_untouched_source(tmp_path: Path) -> None:
    ds = source()
    path = save(tmp_path, ds)
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    done = write_all(request(path, tmp_path / "out"))
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before
    results = [pydicom.dcmread(result) for result in done.paths]
    assert [str(result.SOPClassUID.name) for result in results] == [
        "Secondary Capture Image Storage",
        "Comprehensive SR Storage",
        "Segmentation Storage",
    ]
    for result in results:
        assert result.StudyInstanceUID == ds.StudyInstanceUID
        for keyword, value in (PATIENT | STUDY).items():
            assert str(result[keyword].value) == value, keyword
        assert result.ReferringPhysicianName == "Ref^Doc"
        assert result.StudyDescription == "Thorax"
        assert result.PatientAge == "062Y"
        assert "research use only" in result.SeriesDescription.lower()
        referred = [item for item in result.iterall() if item.keyword == "ReferencedSOPInstanceUID"]
        assert referred
        assert {item.value for item in referred} == {ds.SOPInstanceUID}
        classes = {item.value for item in result.iterall() if item.keyword == "ReferencedSOPClassUID"}
        assert classes == {DX}
    for keyword in ("SeriesInstanceUID", "SOPInstanceUID", "SeriesNumber"):
        assert len({str(result[keyword].value) for result in results} | {str(ds.get(keyword))}) == 4
    assert all(UID(result.SOPInstanceUID).is_valid for result in results)
    assert not done.notices


def test_the_report_tells_the_detections_numbers(tmp_path: Path) -> None:
    (report,), _ = exported(tmp_path, source(), SR)
    image, *patches = groups(report)
    assert numbers(image) == [
        ("", "score", 0.85),
        ("", "121415", 93.25),
        ("", "paper-score", 0.625),
        ("texture coarse", "component-z", 1.5),
        ("anatomy", "component-z", -0.25),
        ("90% specificity on held-out normals", "threshold", 0.8),
        ("95% specificity on held-out normals", "threshold", 0.9),
    ]
    assert answers(image) | {
        "flagged-90": "Yes",
        "flagged-95": "No",
        "outside-memory": "No",
        "what-if": "No",
    } == answers(image)
    assert texts(image, "111001") == ["SQUID"]
    expected = ["top-k=2", "shrinkage=gumbel", "gate=off", "rho=0.95", "weights=test", f"weights sha256={HASH}"]
    assert texts(image, "111002") == expected
    assert any("RESEARCH USE ONLY" in sentence for sentence in texts(image, "121106"))
    assert texts(patches[0], "112039") == ["Patch in row 1, column 4 of 4"]
    assert numbers(patches[0]) == [
        ("", "patch-distance", pytest.approx(0.99)),
        ("", "121415", 99.0),
        ("Memory entry 1", "entry-slot", 13.0),
        ("Memory entry 1", "entry-weight", 0.75),
        ("Memory entry 1", "entry-similarity", 0.5),
        ("Memory entry 1", "entry-age", 103.0),
        ("Memory entry 2", "entry-slot", 53.0),
        ("Memory entry 2", "entry-weight", 0.25),
        ("Memory entry 2", "entry-similarity", 0.375),
        ("Memory entry 2", "entry-age", 3.0),
    ]
    assert [texts(patch, "112039")[0] for patch in patches[1:3]] == [
        "Patch in row 3, column 2 of 4",
        "Patch in row 4, column 4 of 4",
    ]
    schemes = [item.CodingSchemeDesignator for item in report.CodingSchemeIdentificationSequence]
    assert schemes == ["99SQUID"]
    assert report.CompletionFlag == "COMPLETE"
    assert report.VerificationFlag == "UNVERIFIED"


def test_the_report_draws_patches_from_the_outer_corner_of_the_first_pixel(tmp_path: Path) -> None:
    (report,), _ = exported(tmp_path, source(), SR)
    most_abnormal = groups(report)[1]
    (region,) = (item for item in most_abnormal.ContentSequence if item.ValueType == "SCOORD")
    # 200 columns and 160 rows in a 4 x 4 grid: row 1, column 4 is columns 150..200, rows 0..40.
    assert list(region.GraphicData) == [150, 0, 200, 0, 200, 40, 150, 40, 150, 0]
    assert region.GraphicType == "POLYLINE"


@pytest.mark.parametrize(
    ("orientation", "side"),
    [(["L", "F"], "Left"), (["R", "F"], "Right"), (["F", "L"], "Right"), (["A", "F"], ""), (None, "")],
)
def test_the_report_codes_the_patients_side_of_a_patch(
    tmp_path: Path, orientation: list[str] | None, side: str
) -> None:
    (report,), _ = exported(tmp_path, source(PatientOrientation=orientation), SR)
    upper_right = groups(report)[1]  # of the picture: row 1, column 4
    sites = [item for item in upper_right.ContentSequence if item.ConceptNameCodeSequence[0].CodeValue == "363698007"]
    assert [item.ConceptCodeSequence[0].CodeMeaning for item in sites] == (["Chest"] if side else [])
    assert [item.ContentSequence[0].ConceptCodeSequence[0].CodeMeaning for item in sites] == ([side] if side else [])


def test_a_cropped_images_patches_lie_inside_the_crop() -> None:
    found = detection(fit="crop")  # the centred 160 x 160 of 160 x 200: columns 20..180
    assert patch_outline(found, 3).tolist() == [[140, 0], [180, 0], [180, 40], [140, 40], [140, 0]]
    marked = patches_to_original(np.ones((4, 4), bool), found.geometry)
    assert marked[:, 20:180].all()
    assert not marked[:, :20].any()
    assert not marked[:, 180:].any()


def test_outside_memory_and_what_if_are_said(tmp_path: Path) -> None:
    odd = detection(outside_memory=True, trial=Trial(DetectorSettings(7)), score=0.95)
    (report,), _ = exported(tmp_path, source(), SR, detection=odd)
    said = answers(groups(report)[0])
    assert (said["outside-memory"], said["what-if"], said["flagged-95"]) == ("Yes", "Yes", "Yes")


def test_the_report_says_how_the_image_was_laid(tmp_path: Path) -> None:
    laid = detection(pose=Pose(0.7, registered=True, mirrored=True))
    (report,), _ = exported(tmp_path, source(), SR, detection=laid)
    said = answers(groups(report)[0])
    assert (said["registered"], said["mirrored"]) == ("Yes", "Yes")
    (plain,), _ = exported(tmp_path, source(), SR)
    assert not {"registered", "mirrored"} & set(answers(groups(plain)[0])), "the weights lay nothing"


def test_outside_memory_and_what_if_are_drawn(tmp_path: Path) -> None:
    (plain,), _ = exported(tmp_path, source(), SC)
    unlike, what_if = (
        exported(tmp_path, source(), SC, **changes)[0][0]
        for changes in (
            {"detection": detection(outside_memory=True, pose=Pose(0.1, registered=False, mirrored=True))},
            {"weights": replace(FACTS, locked=DetectorSettings(7))},  # the settings' own words are the same
        )
    )
    for capture in (unlike, what_if):
        rows = np.flatnonzero((capture.pixel_array != plain.pixel_array).any(axis=(1, 2)))
        assert 0 < rows.min() <= rows.max() < 150, "in the head of the picture, and only there"


def test_segments_lie_where_the_image_is_unusual_and_nowhere_else(tmp_path: Path) -> None:
    (seg,), _ = exported(tmp_path, source(), SEG)
    assert (seg.Rows, seg.Columns, seg.NumberOfFrames) == (160, 200, 3)
    patches, brighter, darker = seg.pixel_array.astype(bool)
    expected = np.zeros((160, 200), bool)
    expected[0:40, 150:200] = True  # row 1, column 4: top right
    expected[80:120, 50:100] = True  # row 3, column 2
    assert (patches == expected).all()
    # 0.5 in the top quarter's left half, 0 beside it, interpolated: at least 0.2 to within a model pixel of the edge.
    assert brighter[:38, :95].all()
    assert not brighter[46:].any()
    assert not brighter[:, 106:].any()
    assert darker[125:, :45].all()
    assert not darker[:115].any()
    assert not darker[:, 55:].any()
    assert [item.SegmentNumber for item in seg.SegmentSequence] == [1, 2, 3]
    algorithm = seg.SegmentSequence[0].SegmentationAlgorithmIdentificationSequence[0]
    assert HASH in algorithm.AlgorithmParameters
    assert "FrameOfReferenceUID" not in seg, "a projection has none"


def test_an_image_without_unusual_patches_has_an_empty_segment(tmp_path: Path) -> None:
    (seg,), _ = exported(tmp_path, source(), SEG, detection=detection(patch_percentiles=PERCENTILES * 0))
    assert not seg.pixel_array[0].any()
    assert seg.pixel_array[1].any()


def test_maps_are_linear_between_the_models_pixels() -> None:
    image = np.arange(32 * 32, dtype=np.float32).reshape(32, 32)
    geometry = detection().geometry  # 160 x 200 in 32 x 32: 5 rows and 6.25 columns a pixel
    spread = image_to_original(image, geometry)
    rows = np.clip((np.arange(160) + 0.5) / 5 - 0.5, 0, 31)
    columns = np.clip((np.arange(200) + 0.5) / 6.25 - 0.5, 0, 31)
    assert np.allclose(spread, 32 * rows[:, None] + columns[None, :], atol=1e-3)


def test_results_on_one_of_several_frames_name_it(tmp_path: Path) -> None:
    several = source(SOPClassUID=MultiFrameGrayscaleWordSecondaryCaptureImageStorage)
    several.NumberOfFrames, several.PixelData = 2, several.PixelData * 2
    results, _ = exported(tmp_path, several, SC, SR, frame=1)
    for result in results:
        assert {int(item.value) for item in result.iterall() if item.keyword == "ReferencedFrameNumber"} == {2}
    single, _ = exported(tmp_path, source(), SC, SR)
    assert not [item for result in single for item in result.iterall() if item.keyword == "ReferencedFrameNumber"]


def test_an_image_too_large_for_a_map_gets_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maps, "MAX_MAP_PIXELS", 1000)
    with pytest.raises(SquidError, match="too large for a map"):
        exported(tmp_path, source(), SR, SEG)
    assert not list((tmp_path / "out").glob("*")), "all of them or none"


def test_the_capture_shows_the_window_asked_for_and_says_whether_names_may_be_burned_in(tmp_path: Path) -> None:
    (plain,), _ = exported(tmp_path, source(BurnedInAnnotation=None), SC)
    assert "BurnedInAnnotation" not in plain, "the source does not say"
    (burned,), _ = exported(tmp_path, source(BurnedInAnnotation="YES"), SC)
    assert burned.BurnedInAnnotation == "YES"
    shown = ShownAs(Window(0, 2, VoiFunction.LINEAR_EXACT), inverted=True)
    (dark,), _ = exported(tmp_path, source(), SC, shown=shown)
    assert dark.BurnedInAnnotation == "NO"
    # Nearly every pixel of the phantom is above 1, so as a negative its pane is black.
    pane = (slice(300, 500), slice(200, 500))
    assert plain.pixel_array[pane].mean() > 60
    assert dark.pixel_array[pane].mean() < 10
    assert (plain.PhotometricInterpretation, plain.Columns, plain.SamplesPerPixel) == ("RGB", 1920, 3)
    assert plain.ImageType[:2] == ["DERIVED", "SECONDARY"]
    assert "RESEARCH USE ONLY" in plain.ImageComments


def test_a_bare_source_gets_results_with_notices_and_no_invented_patient(tmp_path: Path) -> None:
    gone = dict.fromkeys((*PATIENT, *STUDY, "PatientAge", "ReferringPhysicianName", "StudyDescription"))
    bare = source(**gone, StudyInstanceUID=None, SeriesInstanceUID=None, SOPInstanceUID=None, SOPClassUID=None)
    bare.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    results, notices = exported(tmp_path, bare)
    for result in results:
        assert not result.PatientName
        assert not result.PatientID
        assert not result.StudyDate
        assert UID(result.StudyInstanceUID).is_valid
    assert len({result.StudyInstanceUID for result in results}) == 1
    again, _ = exported(tmp_path, bare)
    assert again[0].StudyInstanceUID == results[0].StudyInstanceUID, "made of the pixels, so a second export joins it"
    assert any("Study Instance UID" in notice for notice in notices)


HOSTILE: dict[str, Any] = {
    "PatientName": "Ä" * 70 + "^\x1b$B", "PatientID": "x" * 70, "PatientSex": "?", "PatientBirthDate": "19990231",
    "StudyDate": "yesterday", "StudyTime": "25:99", "StudyID": "s" * 17, "AccessionNumber": "a\\b", "PatientAge": "old",
    "SpecificCharacterSet": "ISO_IR 999", "PatientOrientation": ["left", "down"], "BurnedInAnnotation": "perhaps",
}  # fmt: skip


def test_wrong_values_are_left_empty_and_named_but_never_quoted(tmp_path: Path) -> None:
    results, notices = exported(tmp_path, source(**HOSTILE))
    for result in results:
        assert not result.PatientID
        assert not result.PatientSex
        assert not result.StudyDate
    (said,) = (notice for notice in notices if "left empty" in notice)
    for name in ("Patient ID", "Patient's Sex", "Study Date", "Study Time", "Patient's Age", "Accession Number"):
        assert name in said
    for value in ("yesterday", "19990231", "25:99", "old", "x" * 70, "s" * 17, "Ä", "perhaps", "down"):
        assert not any(value in notice for notice in notices)


@pytest.mark.parametrize(
    ("charset", "name"),
    [
        ("ISO_IR 192", "Müller^Jürgen"),
        ("ISO_IR 144", "Люкceмбypг"),
        (["", "ISO 2022 IR 87"], "Yamada^Tarou=山田^太郎=やまだ^たろう"),
    ],
)
def test_names_in_any_alphabet_are_the_same_in_the_results(tmp_path: Path, charset: Any, name: str) -> None:
    results, notices = exported(tmp_path, source(SpecificCharacterSet=charset, PatientName=name))
    assert [str(result.PatientName) for result in results] == [name] * 3
    assert not notices


@pytest.mark.skipif(VALIDATOR is None, reason="dicom3tools is not installed")
@pytest.mark.parametrize(
    "attributes",
    [
        {},
        {"SOPClassUID": CR, "Modality": "CR", "ViewPosition": "AP"},
        {"PatientOrientation": ["L", "F"], "LossyImageCompression": "01"},
        dict.fromkeys((*PATIENT, *STUDY, "StudyInstanceUID", "SOPInstanceUID", "ViewPosition", "BodyPartExamined")),
        HOSTILE,
        {"SpecificCharacterSet": "ISO_IR 144", "PatientName": "Люкceмбypг"},
        {"PatientIdentityRemoved": "YES", "DeidentificationMethod": "by hand"},
    ],
    ids=["DX", "CR", "oriented", "bare", "hostile", "Cyrillic", "de-identified"],
)
def test_the_validator_finds_no_error(tmp_path: Path, attributes: dict[str, Any]) -> None:
    done = write_all(request(save(tmp_path, source(**attributes)), tmp_path / "out"))
    assert len(done.paths) == 3
    assert {path.name: errors(path) for path in done.paths} == {path.name: [] for path in done.paths}


@pytest.mark.skipif(VALIDATOR is None, reason="dicom3tools is not installed")
def test_the_validator_finds_no_error_in_results_on_a_real_radiograph(demo_folder: Path, tmp_path: Path) -> None:
    found = detection(1955, 1841)
    done = write_all(request(demo_folder / "RG1_UNCR.dcm", tmp_path, detection=found))
    assert {path.name: errors(path) for path in done.paths} == {path.name: [] for path in done.paths}
    seg = pydicom.dcmread(done.paths[2])
    assert (seg.Rows, seg.Columns) == (1955, 1841)


def test_results_on_a_de_identified_image_say_that_it_is(tmp_path: Path) -> None:
    kept, _ = exported(tmp_path, source(PatientIdentityRemoved="YES", DeidentificationMethod="by hand"))
    assert all(result.PatientIdentityRemoved == "YES" for result in kept)


def test_other_programs_find_the_patches_by_the_template(tmp_path: Path) -> None:
    done = write_all(request(save(tmp_path, source()), tmp_path / "out", SR, SEG))
    content: Any = srread(str(done.paths[0])).content
    assert len(content.get_planar_roi_measurement_groups()) == 5
    (image,) = content.get_image_measurement_groups()
    assert [measurement.value for measurement in image.get_measurements()][:3] == [0.85, 93.25, 0.625]
    seg = segread(str(done.paths[1]))
    assert [seg.get_segment_description(number).segment_label for number in (1, 2, 3)] == [
        "Patches from the 95th percentile of normals",
        "Brighter than normal by 0.2 or more",
        "Darker than normal by 0.2 or more",
    ]
