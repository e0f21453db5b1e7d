"""Files that are said to be deflated: deflated, wrapped by zlib, or not deflated at all."""

from __future__ import annotations

import zlib
from pathlib import Path

import numpy as np
import pytest
from pydicom.uid import DeflatedExplicitVRLittleEndian

from squid_core.contracts.errors import SquidError
from squid_core.dicom.reader import read, read_identity
from tests.squid_core.dicom.phantoms import chest, phantom, save, to_bytes

NOT_DEFLATED = "The file is said to be deflated and is not; it is read as it is."


def parts() -> tuple[bytes, bytes]:
    """A meta header that says deflated, and a data set that is not."""
    ds = chest()
    plain = to_bytes(ds)
    ds.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    raw = to_bytes(ds)
    head = raw[: 132 + 12 + int.from_bytes(raw[140:144], "little")]
    return head, plain[plain.index(b"\x08\x00\x16\x00UI") :]


def test_a_data_set_that_was_not_deflated_is_read_with_a_notice(tmp_path: Path) -> None:
    head, body = parts()
    path = save(tmp_path, head + body)
    np.testing.assert_array_equal(read(path).pixels, phantom())
    assert read(path).notices == (NOT_DEFLATED,)
    assert read_identity(path)[0].patient_id == "P-17"


@pytest.mark.parametrize("level", range(10))
@pytest.mark.parametrize("bits", [-15, 15])
def test_deflated_with_zlibs_wrapping_and_without(tmp_path: Path, level: int, bits: int) -> None:
    head, body = parts()
    packer = zlib.compressobj(level, zlib.DEFLATED, bits)
    radiograph = read(save(tmp_path, head + packer.compress(body) + packer.flush()))
    np.testing.assert_array_equal(radiograph.pixels, phantom())
    assert radiograph.notices == ()


def test_what_is_neither_is_damaged(tmp_path: Path) -> None:
    head, body = parts()
    with pytest.raises(SquidError, match="deflated file is damaged"):
        read(save(tmp_path, head + b"\x07\x33" + body))
