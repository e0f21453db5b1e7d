"""Overlay planes land where the file has them, whatever it is written in, and are never part of the values."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom import dcmwrite
from pydicom.dataset import Dataset
from pydicom.uid import (
    ExplicitVRBigEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)

from squid_core.contracts.graphics import OverlayKind
from squid_core.contracts.radiograph import Decision, Radiograph
from squid_core.dicom.header.overlays import IN_THE_VALUES, NOT_KEPT, OUTSIDE, UNREAD
from squid_core.dicom.limits import MAX_VALUE_BYTES
from squid_core.dicom.reader import read
from squid_core.export.dicom.clean_copy import deidentified_copy
from squid_core.graphics import FULL, strength
from squid_core.preprocessing import Preprocessing, prepare
from tests.squid_core.dicom.phantoms import chest, compressed, encapsulated, phantom, save, to_bytes
from tests.squid_core.dicom.pixel.test_decoding import gdcm_jpeg_lossless

SHAPE = (160, 200)


def graphic(rows: int = SHAPE[0], columns: int = SHAPE[1]) -> NDArray[np.bool_]:
    """A bar at the upper left and a dot at the lower right, neither of whole bytes."""
    drawn = np.zeros((rows, columns), np.bool_)
    drawn[10:13, 21:38] = True
    drawn[rows - 7, columns - 11] = True
    return drawn


def plane(ds: Dataset, drawn: NDArray[np.bool_] | None, group: int = 0x6000, **elements: Any) -> Dataset:
    """The data set with an overlay plane; elements by their names, None takes one away."""
    rows, columns = SHAPE if drawn is None else drawn.shape[-2:]
    values: dict[str, tuple[int, str, Any]] = {
        "rows": (0x0010, "US", rows),
        "columns": (0x0011, "US", columns),
        "frames": (0x0015, "IS", None),
        "kind": (0x0040, "CS", "G"),
        "origin": (0x0050, "SS", [1, 1]),
        "first": (0x0051, "US", None),
        "bits": (0x0100, "US", 1),
        "position": (0x0102, "US", 0),
        "data": (0x3000, "OW", None if drawn is None else packed(drawn)),
    }
    for name, (element, vr, value) in values.items():
        wanted = elements.get(name, value)
        if wanted is not None:
            ds.add_new(group << 16 | element, vr, wanted)
    return ds


def packed(drawn: NDArray[np.bool_]) -> bytes:
    """PS3.5 8.1.2: the first pixel in the lowest bit of the first byte, no gaps, of even length."""
    data = np.packbits(drawn.ravel(), bitorder="little").tobytes()
    return data + b"\0" * (len(data) % 2)


def drawn_on(radiograph: Radiograph) -> NDArray[np.bool_]:
    """What is drawn on its image."""
    found: NDArray[np.bool_] = strength(radiograph.overlays, SHAPE) == FULL
    return found


@pytest.mark.parametrize("group", [0x6000, 0x6002, 0x601E])
def test_a_plane_lies_where_the_file_has_it_and_leaves_the_values_alone(tmp_path: Path, group: int) -> None:
    plain = read(save(tmp_path, chest()))
    found = read(save(tmp_path, plane(chest(), graphic(), group)))
    np.testing.assert_array_equal(drawn_on(found), graphic())
    np.testing.assert_array_equal(found.pixels, plain.pixels)
    assert (found.window, found.verdict, found.notices) == (plain.window, plain.verdict, ())
    assert not plain.overlays


def test_sixteen_planes_are_read_each_with_its_kind(tmp_path: Path) -> None:
    ds = chest()
    for number in range(16):
        dot = np.zeros(SHAPE, np.bool_)
        dot[number, 3 * number] = True
        plane(ds, dot, 0x6000 + 2 * number, kind="R" if number % 2 else "G")
    found = read(save(tmp_path, ds)).overlays
    assert [(one.top, one.left, one.rows, one.columns) for one in found] == [(n, 3 * n, 1, 1) for n in range(16)]
    assert [one.kind for one in found] == [OverlayKind.GRAPHICS, OverlayKind.REGION] * 8


def test_an_origin_moves_a_plane_and_what_lies_beyond_the_picture_is_cut(tmp_path: Path) -> None:
    small = np.ones((20, 30), np.bool_)
    found = read(save(tmp_path, plane(chest(), small, origin=[41, 11])))
    assert [(one.top, one.left, one.rows, one.columns) for one in found.overlays] == [(40, 10, 20, 30)]
    found = read(save(tmp_path, plane(chest(), small, origin=[-4, 191])))
    assert [(one.top, one.left, one.rows, one.columns) for one in found.overlays] == [(0, 190, 15, 10)]
    found = read(save(tmp_path, plane(chest(), small, origin=[161, 1])))
    assert (found.overlays, found.notices) == ((), (OUTSIDE,))


def test_words_of_a_big_endian_file_are_turned(tmp_path: Path) -> None:
    ds = plane(chest(), graphic())
    ds.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
    ds.PixelData = phantom().astype(">u2").tobytes()
    ds[0x6000, 0x3000].value = np.frombuffer(packed(graphic()), "<u2").astype(">u2").tobytes()
    buffer = io.BytesIO()
    dcmwrite(buffer, ds, enforce_file_format=True, implicit_vr=False, little_endian=False)
    np.testing.assert_array_equal(drawn_on(read(save(tmp_path, buffer.getvalue()))), graphic())


def test_an_implicit_file_has_its_planes_too(tmp_path: Path) -> None:
    ds = plane(chest(), graphic())
    ds.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
    np.testing.assert_array_equal(drawn_on(read(save(tmp_path, ds))), graphic())


def test_a_plane_of_a_large_picture_is_read_whole(tmp_path: Path) -> None:
    rows = columns = 3000  # more than a million bytes of overlay
    drawn = graphic(rows, columns)
    assert len(packed(drawn)) > MAX_VALUE_BYTES
    found = read(save(tmp_path, plane(chest(np.zeros((rows, columns), np.uint8), 8), drawn)))
    np.testing.assert_array_equal(strength(found.overlays, (rows, columns)) == FULL, drawn)


@pytest.mark.parametrize("frame", [0, 1, 2])
def test_each_frame_gets_its_own(tmp_path: Path, frame: int) -> None:
    frames = np.stack([phantom()] * 3)
    ds = chest(frames[0])
    ds.NumberOfFrames, ds.PixelData = 3, frames.tobytes()
    two = np.zeros((2, 53, 61), np.bool_)  # frames that do not begin with a byte
    two[0, 2, 3], two[1, 4, 5] = True, True
    plane(ds, two, frames="2", first=2)  # for the second and the third
    plane(ds, graphic(), 0x6002)  # for all
    found = read(save(tmp_path, ds), frame).overlays
    places = [(one.top, one.left) for one in found]
    assert places == [[(10, 21)], [(2, 3), (10, 21)], [(4, 5), (10, 21)]][frame]


def embedded(bits: int, shift: int, bit: int, kind: str = "u2") -> Dataset:
    """A chest of `bits` bits, moved up by `shift`, with the graphic in `bit` of its cells."""
    values = phantom(bits=bits).astype("<u2")
    if kind == "i2":
        values = (values.astype(np.int32) - 2 ** (bits - 1)).astype("<i2").view("<u2") & (2**bits - 1)
    cells = values << shift | graphic().astype("<u2") << bit
    ds = chest(cells.view(f"<{kind}"), 16, BitsStored=bits, HighBit=bits - 1 + shift)
    return plane(ds, None, bits=16, position=bit)


@pytest.mark.parametrize(
    ("bits", "shift", "bit", "kind"),
    [(12, 0, 15, "u2"), (12, 0, 12, "u2"), (10, 0, 11, "u2"), (12, 4, 0, "u2"), (12, 2, 1, "u2"), (12, 0, 14, "i2")],
)
@pytest.mark.parametrize("syntax", ["native", RLELossless, JPEG2000Lossless, JPEGLSLossless])
def test_a_plane_in_spare_bits_is_shown_and_is_no_part_of_the_values(
    tmp_path: Path, syntax: Any, bits: int, shift: int, bit: int, kind: str
) -> None:
    ds = embedded(bits, shift, bit, kind)
    if syntax != "native":
        stated = ds.BitsStored, ds.HighBit, ds.PixelRepresentation
        ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 16, 15, 0
        plugins = {RLELossless: "pydicom", JPEG2000Lossless: "pylibjpeg", JPEGLSLossless: "pyjpegls"}
        compressed(ds, syntax, plugins[syntax])
        ds.BitsStored, ds.HighBit, ds.PixelRepresentation = stated
    found = read(save(tmp_path, ds))
    np.testing.assert_array_equal(drawn_on(found), graphic())
    plain = phantom(bits=bits).astype(np.int32) - (2 ** (bits - 1) if kind == "i2" else 0)
    np.testing.assert_array_equal(found.pixels, plain)
    assert found.verdict.decision is Decision.ANALYSE


def test_a_plane_in_the_cells_of_a_lossless_jpeg_is_shown(tmp_path: Path) -> None:
    ds = embedded(12, 0, 15)
    cells = np.frombuffer(ds.PixelData, "<u2").reshape(SHAPE)  # `pixel_array` leaves the spare bits out
    stream = gdcm_jpeg_lossless(cells, tmp_path)
    found = read(save(tmp_path, encapsulated(ds, [stream], JPEGLosslessSV1)))
    np.testing.assert_array_equal(drawn_on(found), graphic())
    np.testing.assert_array_equal(found.pixels, phantom())


def test_a_stream_without_the_bits_says_so(tmp_path: Path) -> None:
    ds = compressed(chest(), JPEG2000Lossless, "pylibjpeg")
    found = read(save(tmp_path, plane(ds, None, bits=16, position=15)))
    np.testing.assert_array_equal(found.pixels, phantom())
    assert (found.overlays, found.notices) == ((), (NOT_KEPT,))


@pytest.mark.parametrize(
    ("elements", "said"),
    [
        ({"data": b"\0\1"}, UNREAD),  # too short
        ({"data": None}, UNREAD),  # neither data nor a place in the cells
        ({"data": None, "bits": 16, "position": 11}, IN_THE_VALUES),
        ({"data": None, "bits": 16, "position": 0}, IN_THE_VALUES),
        ({"data": None, "bits": 16, "position": 16}, UNREAD),
        ({"rows": 0}, UNREAD),
        ({"origin": [1]}, UNREAD),
        ({"frames": "0"}, UNREAD),
    ],
)
def test_a_plane_that_cannot_be_shown_is_named_and_costs_nothing_else(
    tmp_path: Path, elements: dict[str, Any], said: str
) -> None:
    drawn = None if elements.get("data", b"") is None else graphic()
    found = read(save(tmp_path, plane(chest(), drawn, **elements)))
    np.testing.assert_array_equal(found.pixels, phantom())
    assert (found.overlays, found.notices) == ((), (said,))
    assert found.verdict.decision is Decision.ANALYSE


def test_the_detector_sees_what_it_sees_without_overlays(tmp_path: Path) -> None:
    sources = {"plain": chest(), "data": plane(chest(), graphic()), "cells": embedded(12, 0, 15)}
    inputs = [prepare(read(save(tmp_path, ds)).pixels, Preprocessing(size=64)).image for ds in sources.values()]
    for other in inputs[1:]:
        np.testing.assert_array_equal(other, inputs[0])


def test_a_de_identified_copy_keeps_neither_overlays_nor_their_elements(tmp_path: Path) -> None:
    ds = plane(embedded(12, 0, 15), graphic(), 0x6002)
    copy, notices, _ = deidentified_copy(save(tmp_path, ds), "secret")
    found = read(save(tmp_path, copy, "copy"))
    np.testing.assert_array_equal(found.pixels, phantom())
    assert (found.overlays, found.notices, notices) == ((), (), ())
    assert to_bytes(ds).count(packed(graphic())) == 1
    assert packed(graphic()) not in copy
