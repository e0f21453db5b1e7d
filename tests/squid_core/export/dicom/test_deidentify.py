"""A de-identified copy says nothing of the patient, holds together, and shows the same picture."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRBigEndian, JPEG2000Lossless, JPEGBaseline8Bit, RLELossless

from squid_core.contracts.errors import SquidError
from squid_core.dicom.leniency import lenient
from squid_core.dicom.reader import read
from squid_core.export.dicom.clean_copy import deidentified_copy
from squid_core.export.dicom.deidentify import deidentified
from tests.squid_core.dicom.phantoms import CR, SC, chest, compressed, encapsulated, jpeg, phantom, save, to_bytes

KEY = "a secret"
CANARIES = (
    *("ZZCANARY", "CANARY-7731", "ACC-7731", "STUDY-7731", "19010203", "1901-02-03", "20240229"),
    *("Zz Street", "DrCanary", "St Canary"),
)


def code(value: str, meaning: str, scheme: str = "SCT") -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    return item


def talkative(**changes: Any) -> Dataset:
    """A chest whose header names its patient wherever a header can."""
    ds = chest(
        PatientName="ZZCANARY^PHI",
        PatientID="PHI-CANARY-7731",
        PatientBirthDate="19010203",
        AccessionNumber="ACC-7731",
        ReferringPhysicianName="DrCanary^Ann",
        InstitutionName="St Canary",
        PatientAddress="Zz Street 1",
        StudyDescription="Chest of ZZCANARY",
        StudyID="STUDY-7731",
        ImageComments="zzcanary was here",
        DerivationDescription="for Zzcanary",
        Manufacturer="ZZCANARY devices",
        **changes,
    )
    ds.add_new((0x0009, 0x0010), "LO", "ZZCANARY PRIVATE")
    ds.add_new((0x0009, 0x1001), "LO", "ZZCANARY")
    ds.add_new((0x0018, 0x9FFE), "UN", b"ZZCANARY")  # no such element
    ds.add_new((0x6000, 0x4000), "LT", "ZZCANARY")  # overlay comment
    ds.add_new((0xFFFC, 0xFFFC), "OB", b"ZZCANARY")
    view = code("399348003", "antero-posterior")
    hidden = Dataset()
    hidden.PatientName, hidden.TextValue, hidden.UID = "ZZCANARY^PHI", "ZZCANARY", ds.StudyInstanceUID
    view.ViewModifierCodeSequence = Sequence([hidden])
    ds.ViewCodeSequence = Sequence([view])
    reference = Dataset()
    reference.ReferencedSOPClassUID, reference.ReferencedSOPInstanceUID = ds.SOPClassUID, ds.SOPInstanceUID
    ds.SourceImageSequence = Sequence([reference])
    attributes = Dataset()
    attributes.RequestedProcedureID, attributes.AccessionNumber = "STUDY-7731", "ACC-7731"
    ds.RequestAttributesSequence = Sequence([attributes])
    return ds


def secrets_in(data: bytes) -> list[str]:
    return [secret for secret in CANARIES if secret.casefold().encode() in data.lower()]


def test_nothing_of_the_patient_is_in_any_byte_of_the_copy(tmp_path: Path) -> None:
    ds = talkative()
    ds.preamble = b"ZZCANARY".ljust(128, b"\0")
    ds.PixelData += b"ZZCANARY" * 10
    path = save(tmp_path, ds)
    assert len(secrets_in(path.read_bytes())) > 5
    made, *_ = deidentified_copy(path, KEY)
    assert secrets_in(made) == []
    for uid in (ds.StudyInstanceUID, ds.SeriesInstanceUID, ds.SOPInstanceUID):
        assert uid.encode() not in made


def test_the_copy_says_that_and_how_its_patient_was_left_out(tmp_path: Path) -> None:
    made = dcmread(io.BytesIO(deidentified_copy(save(tmp_path, talkative()), KEY)[0]))
    assert made.PatientIdentityRemoved == "YES"
    assert "Basic Profile" in made.DeidentificationMethod
    (stated,) = made.DeidentificationMethodCodeSequence
    assert (stated.CodeValue, stated.CodingSchemeDesignator) == ("113100", "DCM")
    assert made.LongitudinalTemporalInformationModified == "REMOVED"
    assert not made.PatientBirthDate
    assert not made.StudyDate
    assert "PatientAge" not in made
    assert not any(element.tag.is_private for element in made.iterall())


def test_uids_are_others_and_still_refer_to_each_other(tmp_path: Path) -> None:
    ds = talkative()
    first, second = talkative(), talkative()
    first.StudyInstanceUID = second.StudyInstanceUID = ds.StudyInstanceUID
    one, two = (
        dcmread(io.BytesIO(deidentified_copy(save(tmp_path, image, name), KEY)[0]))
        for image, name in ((first, "one"), (second, "two"))
    )
    assert one.StudyInstanceUID == two.StudyInstanceUID
    assert one.SOPInstanceUID != two.SOPInstanceUID
    assert one.PatientID == two.PatientID != ""
    assert one.SourceImageSequence[0].ReferencedSOPInstanceUID == one.SOPInstanceUID
    assert one.file_meta.MediaStorageSOPInstanceUID == one.SOPInstanceUID
    assert one.SOPClassUID == first.SOPClassUID
    again = dcmread(io.BytesIO(deidentified_copy(tmp_path / "one", "another key")[0]))
    assert again.StudyInstanceUID != one.StudyInstanceUID
    assert again.PatientID != one.PatientID


def test_results_made_from_a_header_alone_hang_together_with_the_copy(tmp_path: Path) -> None:
    ds = talkative()
    copy = dcmread(io.BytesIO(deidentified_copy(save(tmp_path, ds), KEY)[0]))
    header = deidentified(ds, KEY)
    for keyword in ("StudyInstanceUID", "SOPInstanceUID", "PatientID", "PatientName"):
        assert header[keyword].value == copy[keyword].value


def test_what_the_picture_means_stays(tmp_path: Path) -> None:
    ds = talkative(WindowCenter=2000, WindowWidth=3000, ImagerPixelSpacing=[0.2, 0.2], BodyPartExamined="CHEST")
    made = dcmread(io.BytesIO(deidentified_copy(save(tmp_path, ds), KEY)[0]))
    assert (made.Modality, made.BodyPartExamined, made.ViewPosition) == ("DX", "CHEST", "PA")
    assert made.ViewCodeSequence[0].CodeMeaning == "antero-posterior"
    assert [float(value) for value in made.ImagerPixelSpacing] == [0.2, 0.2]


def test_a_patient_called_chest_leaves_the_code_for_the_chest_as_it_is(tmp_path: Path) -> None:
    ds = chest(PatientName="Chest^Phantom")
    ds.AnatomicRegionSequence = Sequence([code("43799004", "Chest")])
    made = dcmread(io.BytesIO(deidentified_copy(save(tmp_path, ds), KEY)[0]))
    assert made.AnatomicRegionSequence[0].CodeMeaning == "Chest"
    assert made.BodyPartExamined == "CHEST"
    assert "Phantom" not in str(made)


def _rle() -> Dataset:
    return compressed(chest(), RLELossless, "pydicom")


def _jpeg_with_a_comment() -> Dataset:
    stream = jpeg(phantom(bits=8, dtype=np.uint8))
    comment = b"\xff\xfe\x00\x0aZZCANARY"
    return encapsulated(
        chest(phantom(bits=8, dtype=np.uint8), bits=8), [stream[:2] + comment + stream[2:]], JPEGBaseline8Bit
    )


def _monochrome1() -> Dataset:
    return chest(PhotometricInterpretation="MONOCHROME1", WindowCenter=1000, WindowWidth=2000, PixelPaddingValue=0)


def _signed() -> Dataset:
    return chest(
        (phantom().astype(np.int32) - 2000).astype(np.int16), bits=12, RescaleIntercept="-24", RescaleSlope="2"
    )


def _colour() -> Dataset:
    return chest(np.dstack([phantom(bits=8, dtype=np.uint8)] * 3), bits=8, SOPClassUID=SC)


def _lossless_2000() -> Dataset:
    return compressed(chest(), JPEG2000Lossless, "pylibjpeg")


def _two_frames() -> Dataset:
    ds = chest(SOPClassUID=SC)
    ds.NumberOfFrames, ds.PixelData = 2, ds.PixelData * 2
    return ds


@pytest.mark.parametrize(
    "build", [chest, _rle, _jpeg_with_a_comment, _monochrome1, _signed, _colour, _lossless_2000, _two_frames]
)
def test_the_copy_shows_the_same_picture(tmp_path: Path, build: Any) -> None:
    path = save(tmp_path, build())
    before = read(path)
    made, *_ = deidentified_copy(path, KEY)
    after = read(save(tmp_path, made, "copy"))
    np.testing.assert_array_equal(after.pixels, before.pixels)
    assert after.window == before.window
    assert after.polarity_inverted == before.polarity_inverted
    assert after.frame_count == before.frame_count
    assert after.spacing == before.spacing
    assert b"CANARY" not in made


def test_a_big_endian_file_is_turned_round(tmp_path: Path) -> None:
    little = chest()
    big = chest(little.pixel_array.astype(">u2"))
    big.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
    with lenient():
        from pydicom import dcmwrite

        buffer = io.BytesIO()
        dcmwrite(buffer, big, enforce_file_format=True)
    path = save(tmp_path, buffer.getvalue())
    after = read(save(tmp_path, deidentified_copy(path, KEY)[0], "copy"))
    np.testing.assert_array_equal(after.pixels, little.pixel_array)


def test_text_burned_into_the_picture_stops_it_unless_the_user_insists(tmp_path: Path) -> None:
    path = save(tmp_path, chest(BurnedInAnnotation="YES"))
    with pytest.raises(SquidError, match="may show the patient's name"):
        deidentified_copy(path, KEY)
    made, notices, _ = deidentified_copy(path, KEY, insist=True)
    assert dcmread(io.BytesIO(made)).BurnedInAnnotation == "YES"
    assert notices == ("The picture itself may show the patient's name.",)


@pytest.mark.parametrize(("sop_class", "stated", "burned_in", "warned"), [
    (SC, None, None, True), (SC, "NO", False, False), (CR, None, None, False), (CR, "YES", True, True),
])  # fmt: skip
def test_the_radiograph_says_whether_text_is_burned_in(
    tmp_path: Path, sop_class: str, stated: str | None, burned_in: bool | None, warned: bool
) -> None:
    ds = chest(SOPClassUID=sop_class)
    if stated:
        ds.BurnedInAnnotation = stated
    seen = read(save(tmp_path, ds))
    assert seen.burned_in is burned_in
    assert any("burned into" in notice or "may show" in notice for notice in seen.notices) == warned


def test_text_where_a_number_or_a_uid_should_stand_is_left_out(tmp_path: Path) -> None:
    ds = talkative(SpecificCharacterSet="ISO_IR 999", ExposureTime="17171717")
    assert b"IS\x08\x0017171717" in to_bytes(ds)
    path = save(tmp_path, to_bytes(ds).replace(b"IS\x08\x0017171717", b"IS\x08\x00ZZCANARY"))
    made, *_ = deidentified_copy(path, KEY)
    assert secrets_in(made) == []
    assert "ExposureTime" not in dcmread(io.BytesIO(made))
    assert read(save(tmp_path, made, "copy")).pixels.shape == (160, 200)


@pytest.mark.skipif(shutil.which("dciodvfy") is None, reason="dicom3tools is not installed")
def test_dciodvfy_finds_no_new_fault(tmp_path: Path) -> None:
    def faults(path: Path) -> set[str]:
        ended = subprocess.run(["dciodvfy", str(path)], capture_output=True, text=True, check=False)  # noqa: S607
        return {line for line in (ended.stdout + ended.stderr).splitlines() if line.startswith("Error")}

    source = save(tmp_path, to_bytes(chest()))
    made = save(tmp_path, deidentified_copy(source, KEY)[0], "copy")
    assert faults(made) - faults(source) == set()
