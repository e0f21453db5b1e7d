"""The header as the eye sees it: everything that is there, bounded, and what may tell the patient marked."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from squid_core.contracts.errors import SquidError
from squid_core.contracts.header import ElementKind, HeaderLine
from squid_core.dicom import limits
from squid_core.export.dicom import listing
from squid_core.export.dicom.listing import list_header
from tests.squid_core.dicom.phantoms import chest, save, to_bytes
from tests.squid_core.export.dicom.test_deidentify import CANARIES, talkative


def named(lines: tuple[HeaderLine, ...], name: str) -> HeaderLine:
    (line,) = [line for line in lines if line.name == name]
    return line


def test_elements_are_named_and_said_in_the_order_of_the_file(tmp_path: Path) -> None:
    found = list_header(save(tmp_path, chest()))
    top = [line.tag for line in found.lines if line.depth == 0]
    assert top == sorted(top)
    modality = named(found.lines, "Modality")
    assert (modality.tag, modality.vr, modality.value, modality.hidden) == ("(0008,0060)", "CS", "DX", False)
    pixels = named(found.lines, "Pixel Data")
    assert (pixels.kind, pixels.count) == (ElementKind.BINARY, 160 * 200 * 2)
    assert len(found.content.digest) == 64
    assert not found.cut


def test_nothing_that_is_not_hidden_tells_the_patient(tmp_path: Path) -> None:
    found = list_header(save(tmp_path, talkative()))
    told = "\n".join(f"{line.name} {line.value}" for line in found.lines if not line.hidden).casefold()
    assert not [canary for canary in CANARIES if canary.casefold() in told]
    everything = "\n".join(line.value for line in found.lines)
    assert "ZZCANARY^PHI" in everything  # what is hidden is there, for eyes that may see it
    assert named(found.lines, "Study Instance UID").hidden
    assert not named(found.lines, "Rows").hidden


def test_sequences_are_items_with_their_elements_below(tmp_path: Path) -> None:
    code, deeper = Dataset(), Dataset()
    code.CodeMeaning = "chest"
    deeper.CodeMeaning = "left"
    code.AnatomicRegionModifierSequence = Sequence([deeper])
    found = list_header(save(tmp_path, chest(AnatomicRegionSequence=Sequence([code, Dataset()]))))
    at = next(n for n, line in enumerate(found.lines) if line.name == "Anatomic Region Sequence")
    told = [(line.depth, line.kind.value, line.value or line.count) for line in found.lines[at : at + 7]]
    assert told == [
        (0, "sequence", 2), (1, "item", 1), (2, "text", "chest"), (2, "sequence", 1), (3, "item", 1),
        (4, "text", "left"), (1, "item", 2),
    ]  # fmt: skip


def test_private_elements_are_there_and_hidden(tmp_path: Path) -> None:
    ds = chest()
    ds.add_new((0x0009, 0x0010), "LO", "ACME 1.0")
    ds.add_new((0x0009, 0x1001), "OB", b"1234")
    found = list_header(save(tmp_path, ds))
    private = [line for line in found.lines if line.tag.startswith("(0009")]
    assert [(line.kind, line.value or line.count, line.name) for line in private] == [
        (ElementKind.TEXT, "ACME 1.0", ""), (ElementKind.BINARY, 4, ""),
    ]  # fmt: skip
    assert all(line.hidden for line in private)


def test_long_values_are_cut_and_say_how_long_they_are(tmp_path: Path) -> None:
    found = list_header(save(tmp_path, chest(ImageComments="x" * 9000, PixelSpacing=[0.1] * 900)))
    comment, spacing = named(found.lines, "Image Comments"), named(found.lines, "Pixel Spacing")
    assert (len(comment.value), comment.count) == (listing.SHOWN_CHARACTERS, 9000)
    assert spacing.count == 900
    assert spacing.value.startswith("0.1\\0.1\\")


def test_a_value_that_makes_no_sense_costs_only_itself(tmp_path: Path) -> None:
    data = to_bytes(chest(ExposureTime="12", KVP="120"))
    found = list_header(save(tmp_path, data.replace(b"IS\x02\x0012", b"FD\x02\x0012")))  # no number has two bytes
    broken = named(found.lines, "Exposure Time")
    assert (broken.kind, broken.hidden) == (ElementKind.UNREADABLE, True)
    assert named(found.lines, "KVP").value == "120"
    assert named(found.lines, "Modality").value == "DX"


def test_a_header_of_many_elements_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert limits.MAX_LISTED == 5000
    monkeypatch.setattr(listing, "MAX_LISTED", 10)
    found = list_header(save(tmp_path, chest()))
    assert (len(found.lines), found.cut) == (10, True)


def test_what_is_no_dicom_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("nothing")
    with pytest.raises(SquidError):
        list_header(tmp_path / "a.txt")
