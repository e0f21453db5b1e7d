"""The files that pydicom tests itself with: which are shown, passed over or broken, as an expert would say."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pydicom.data
import pytest

from squid_core.contracts.errors import SquidError
from squid_core.dicom.errors import NotAnImageError
from squid_core.dicom.reader import read

FILES = Path(pydicom.data.__file__).parent / "test_files"
# A picture is promised and cannot be given: the reason is a word of the sentence.
GREY_CAPTURES = {
    "image_dfl.dcm", "SC_rgb_jpeg.dcm", "SC_rgb_jpeg_dcmd.dcm", "SC_rgb_jpeg_app14_dcmd.dcm",
    "SC_jpeg_no_color_transform.dcm", "SC_jpeg_no_color_transform_2.dcm",
}  # fmt: skip
BROKEN = {
    "DICOMDIR-nooffset": "too early",
    "JPEG2000-embedded-sequence-delimiter.dcm": "another size",  # a delimiter stands in the stream where its width does
    "MR_truncated.dcm": "cut short",
    "meta_missing_tsyntax.dcm": "nothing that is known",  # pixels without rows, columns or bits
    "nested_priv_SQ.dcm": "nothing that is known",  # the same
}
# DICOM without a picture that a viewer of radiographs shows.
PASSED_OVER = {
    "UN_sequence.dcm": "without an image",
    "badVR.dcm": "dose map",
    "liver_1frame.dcm": "segmentation",
    "no_meta_group_length.dcm": "without an image",
    "priv_SQ.dcm": "without an image",
    "reportsi.dcm": "structured report",
    "rtdose_rle.dcm": "dose map",
    "rtplan_truncated.dcm": "plan",
    "rtstruct.dcm": "structure set",
    "waveform_ecg.dcm": "waveform",
}


def answer(path: Path) -> tuple[str, str]:
    """shown, skipped or error, and the sentence."""
    try:
        return "shown", read(path).verdict.reason
    except NotAnImageError as error:
        return "skipped", str(error)
    except SquidError as error:
        return "error", str(error)


@pytest.fixture(scope="module")
def answers() -> dict[str, tuple[str, str]]:
    """By path below pydicom's folder; links are not followed."""
    paths = [path for path in sorted(FILES.rglob("*")) if path.is_file() and not path.is_symlink()]
    return {path.relative_to(FILES).as_posix(): answer(path) for path in paths}


def test_what_is_broken_says_how_and_nothing_else_is(answers: dict[str, tuple[str, str]]) -> None:
    broken = {path.rsplit("/", 1)[-1]: reason for path, (status, reason) in answers.items() if status == "error"}
    assert broken.keys() == BROKEN.keys()
    assert all(word in broken[name] for name, word in BROKEN.items())


def test_what_holds_no_picture_says_what_it_holds(answers: dict[str, tuple[str, str]]) -> None:
    for name, word in PASSED_OVER.items():
        status, reason = answers[name]
        assert (status, word in reason) == ("skipped", True), (name, reason)


def test_every_picture_is_shown_and_none_of_them_is_a_chest(answers: dict[str, tuple[str, str]]) -> None:
    counts = Counter(status for status, _ in answers.values())
    assert counts["shown"] >= 82
    for name, (status, reason) in answers.items():
        if status == "shown":
            assert reason, name  # asked about or refused, with a reason
            assert reason.startswith("Is this a frontal chest X-ray?") == (name in GREY_CAPTURES), (name, reason)
