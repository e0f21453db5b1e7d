"""Public test files, frame 0, stored values: ours against a second reader that shares no decoder with it.

Compressed grey frames go through imagecodecs, uncompressed ones are taken off the file's bytes by numpy.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pydicom.data
import pytest
from numpy.typing import NDArray
from pydicom import dcmread
from pydicom.uid import UID, RLELossless

from squid_core.contracts.errors import SquidError
from squid_core.dicom.header.image_module import ImageHeader, image_header
from squid_core.dicom.opening import opened
from squid_core.dicom.pixel.codecs import decode
from squid_core.dicom.pixel.frames import frame_of
from squid_core.dicom.pixel.streams import check_stream
from squid_core.dicom.pixel.syntaxes import refuse_unread

ic = pytest.importorskip("imagecodecs", reason="an independent decoder, in the dev extra")

DECODERS = {
    **dict.fromkeys(("50", "51", "57", "70"), ic.jpeg8_decode),
    **dict.fromkeys(("80", "81"), ic.jpegls_decode),
    **dict.fromkeys(("90", "91"), ic.jpeg2k_decode),
    **dict.fromkeys(("201", "202", "203"), ic.htj2k_decode),
}
LOSSY = ("50", "51", "81", "91", "203")


def ours(path: Path) -> tuple[NDArray[Any], ImageHeader, UID, bytes]:
    """Stored values of frame 0, and what they were made of."""
    with opened(path) as parsed:
        header, syntax = image_header(parsed.dataset), parsed.transfer_syntax
        refuse_unread(syntax)
        frame = frame_of(parsed.source, parsed.size, parsed.pixels, header, syntax, 0, little=parsed.little)
        check_stream(frame.data, frame.syntax, header)
        return decode(frame.data, frame.syntax, header, []), header, UID(frame.syntax), frame.data


def second(path: Path, header: ImageHeader, uid: UID, stream: bytes) -> NDArray[Any]:
    """The same by other means."""
    cell = f"u{header.bits_allocated // 8}"
    if uid == RLELossless:
        return np.frombuffer(ic.dicomrle_decode(stream, f"<{cell}"), f"<{cell}").reshape(header.rows, header.columns)
    if uid.is_encapsulated:
        return np.asarray(DECODERS[uid.rsplit(".", 1)[1]](stream)).reshape(header.rows, header.columns)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        element = dcmread(path, force=True)["PixelData"]
    data, order = element.value, "<" if uid.is_little_endian else ">"
    if order == ">" and element.VR == "OW" and cell == "u1":  # bytes in words (PS3.5 8.1.1)
        data = np.frombuffer(data, ">u2").astype("<u2").tobytes()
    return np.frombuffer(data, order + cell, header.rows * header.columns).reshape(header.rows, header.columns)


def grey_files(folder: Path) -> Iterator[tuple[Path, NDArray[Any], ImageHeader, UID, bytes]]:
    """What we read of a folder's grey images of whole bytes."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        try:
            array, header, uid, data = ours(path)
        except SquidError:
            continue
        if header.samples == 1 and header.bits_allocated >= 8:
            yield path, array, header, uid, data


def compare(folder: Path) -> tuple[Counter[str], list[tuple[str, str, int]]]:
    """How many files agree by transfer syntax, and which differ by how much."""
    agree: Counter[str] = Counter()
    differ = []
    for path, array, header, uid, stream in grey_files(folder):
        mask = 2**header.bits_stored - 1 if array.max() < 2**header.bits_stored else 2**32 - 1
        mine, theirs = (values.astype(np.int64) & mask for values in (array, second(path, header, uid, stream)))
        difference = int(np.abs(mine - theirs).max())
        if difference <= (1 if uid.rsplit(".", 1)[1] in LOSSY else 0):
            agree[uid.name] += 1
        else:
            differ.append((path.name, uid.name, difference))
    return agree, differ


@pytest.mark.shared
@pytest.mark.parametrize(("folder", "files"), [("hard_dicom", 34), ("cxr_dicom", 11)])
def test_two_decoders_agree_on_public_files(shared: Path, folder: str, files: int) -> None:
    agree, differ = compare(shared / folder)
    assert not differ
    assert agree.total() >= files


def test_two_decoders_agree_on_the_files_that_come_with_pydicom(demo_folder: Path) -> None:
    for folder, files in ((Path(pydicom.data.__file__).parent / "test_files", 50), (demo_folder, 39)):
        agree, differ = compare(folder)
        assert not differ
        assert agree.total() >= files
