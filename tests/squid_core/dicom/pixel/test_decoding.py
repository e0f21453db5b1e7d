"""Every transfer syntax a radiography archive holds gives the very values that went in."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import SimpleITK
from pydicom import dcmread, dcmwrite
from pydicom.encaps import generate_frames
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)

from squid_core.contracts.errors import SquidError
from squid_core.dicom.reader import read
from tests.squid_core.dicom.phantoms import chest, compressed, encapsulated, jpeg, phantom, save

DEPTHS = [(8, np.uint8), (10, np.uint16), (12, np.uint16), (16, np.uint16), (12, np.int16), (16, np.int16)]


def centred(bits: int, dtype: Any) -> Any:
    """The phantom in the range of `dtype`: signed ones lie on both sides of zero."""
    if np.dtype(dtype).kind == "i":
        return (phantom(bits=bits, dtype=np.int32) - 2 ** (bits - 1)).astype(dtype)
    return phantom(bits=bits, dtype=dtype)


@pytest.mark.parametrize(("bits", "dtype"), DEPTHS)
@pytest.mark.parametrize(
    "syntax", [ImplicitVRLittleEndian, ExplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian]
)
def test_uncompressed_values_survive(tmp_path: Path, syntax: Any, bits: int, dtype: Any) -> None:
    image = centred(bits, dtype)
    ds = chest(image, bits)
    ds.file_meta.TransferSyntaxUID = syntax
    if syntax == ExplicitVRBigEndian:
        ds.PixelData = image.astype(image.dtype.newbyteorder(">")).tobytes()
        buffer = io.BytesIO()
        dcmwrite(buffer, ds, enforce_file_format=True, implicit_vr=False, little_endian=False)
        path = save(tmp_path, buffer.getvalue())
    else:
        path = save(tmp_path, ds)
    radiograph = read(path)
    np.testing.assert_array_equal(radiograph.pixels, image)
    assert radiograph.pixels.dtype == (np.float32 if image.dtype.kind == "i" else np.uint16)
    assert radiograph.transfer_syntax == syntax


@pytest.mark.parametrize(("bits", "dtype"), DEPTHS)
@pytest.mark.parametrize(
    ("syntax", "plugin"), [(RLELossless, "pydicom"), (JPEG2000Lossless, "pylibjpeg"), (JPEGLSLossless, "pyjpegls")]
)
def test_lossless_compression_survives(tmp_path: Path, syntax: Any, plugin: str, bits: int, dtype: Any) -> None:
    image = centred(bits, dtype)
    path = save(tmp_path, compressed(chest(image, bits), syntax, plugin))
    np.testing.assert_array_equal(read(path).pixels, image)


def gdcm_jpeg_lossless(image: Any, folder: Path) -> bytes:
    """One frame of JPEG lossless (process 14, first order), written by GDCM."""
    name = str(folder / "gdcm.dcm")
    writer: Any = SimpleITK.ImageFileWriter()  # type: ignore[no-untyped-call]
    writer.SetImageIO("GDCMImageIO")
    writer.SetFileName(name)
    writer.SetUseCompression(True)
    writer.SetCompressor("JPEG")
    writer.Execute(SimpleITK.GetImageFromArray(image))
    ds = dcmread(name)
    assert ds.file_meta.TransferSyntaxUID == JPEGLosslessSV1
    return next(generate_frames(ds.PixelData, number_of_frames=1))


@pytest.mark.parametrize(("bits", "dtype"), [(8, np.uint8), (16, np.uint16), (16, np.int16)])
def test_jpeg_lossless_gives_stored_values_not_rescaled_twice(tmp_path: Path, bits: int, dtype: Any) -> None:
    image = centred(bits, dtype)
    frame = gdcm_jpeg_lossless(image, tmp_path)
    ds = encapsulated(chest(image, bits, RescaleSlope="2", RescaleIntercept="-7"), [frame], JPEGLosslessSV1)
    np.testing.assert_array_equal(read(save(tmp_path, ds)).pixels, image.astype(np.float32) * 2 - 7)


def test_jpeg_baseline_grey_is_close(tmp_path: Path) -> None:
    image = phantom(bits=8, dtype=np.uint8)
    path = save(tmp_path, encapsulated(chest(image, 8), [jpeg(image)], JPEGBaseline8Bit))
    error = read(path).pixels.astype(int) - image
    assert np.abs(error).mean() < 2
    assert abs(int(read(path).pixels[5, 5]) - 255) < 4  # the bright corner is top left


def test_jpeg_baseline_colour_is_rgb(tmp_path: Path) -> None:
    image = np.zeros((160, 200, 3), np.uint8)
    image[:80, :, 0], image[80:, :, 2] = 200, 200
    ds = encapsulated(chest(image, 8, PhotometricInterpretation="YBR_FULL_422"), [jpeg(image)], JPEGBaseline8Bit)
    radiograph = read(save(tmp_path, ds))
    assert radiograph.is_colour
    np.testing.assert_allclose(radiograph.pixels[20, 20], (200, 0, 0), atol=6)
    np.testing.assert_allclose(radiograph.pixels[140, 20], (0, 0, 200), atol=6)


def test_ybr_uncompressed_becomes_rgb(tmp_path: Path) -> None:
    red = np.array([76, 85, 255], np.uint8)  # RGB (255, 0, 0), PS3.3 C.7.6.3.1.2
    ds = chest(np.tile(red, (20, 30, 1)), 8, PhotometricInterpretation="YBR_FULL")
    np.testing.assert_allclose(read(save(tmp_path, ds)).pixels[3, 4], (255, 0, 0), atol=2)


@pytest.mark.parametrize("planar", [0, 1])
def test_colour_planes_and_depth(tmp_path: Path, planar: int) -> None:
    image = np.zeros((10, 12, 3), np.uint16)
    image[2, 3] = (65535, 256 * 7, 255)
    stored = image.transpose(2, 0, 1).copy() if planar else image
    ds = chest(image, 16, PlanarConfiguration=planar, PixelData=stored.tobytes())
    assert read(save(tmp_path, ds)).pixels[2, 3].tolist() == [255, 7, 0]


def test_palette_is_shown_in_its_colours(tmp_path: Path) -> None:
    index = np.arange(256, dtype=np.uint8).reshape(16, 16)
    ds = chest(index, 8, PhotometricInterpretation="PALETTE COLOR")
    for channel, values in (("Red", range(256)), ("Green", range(255, -1, -1)), ("Blue", [7] * 256)):
        setattr(ds, f"{channel}PaletteColorLookupTableDescriptor", [256, 0, 16])
        words = np.array(list(values), np.uint16) * 257
        setattr(ds, f"{channel}PaletteColorLookupTableData", words.tobytes())
    assert read(save(tmp_path, ds)).pixels[1, 4].tolist() == [20, 235, 7]


def test_a_palette_of_eight_bits_that_states_sixteen(tmp_path: Path) -> None:
    index = np.arange(256, dtype=np.uint8).reshape(16, 16)
    ds = chest(index, 8, PhotometricInterpretation="PALETTE COLOR")
    for channel in ("Red", "Green", "Blue"):
        setattr(ds, f"{channel}PaletteColorLookupTableDescriptor", [256, 0, 16])
        setattr(ds, f"{channel}PaletteColorLookupTableData", np.arange(256, dtype=np.uint16).tobytes())
    assert read(save(tmp_path, ds)).pixels[1, 4] == 20


def test_colours_of_more_bits_than_stated_do_not_wrap(tmp_path: Path) -> None:
    image = np.zeros((10, 12, 3), np.uint16)
    image[2, 3] = (65535, 256 * 7, 255)
    assert read(save(tmp_path, chest(image, 12))).pixels[2, 3].tolist() == [255, 7, 0]


def test_each_frame_is_its_own(tmp_path: Path) -> None:
    frames = np.stack([phantom(), phantom()[::-1], phantom()[:, ::-1]])
    ds = chest(frames[0], NumberOfFrames="3", PixelData=frames.tobytes())
    native = save(tmp_path, ds, "native")
    packed = save(tmp_path, compressed(ds, RLELossless, "pydicom"), "rle")
    for path in (native, packed):
        for index in range(3):
            np.testing.assert_array_equal(read(path, index).pixels, frames[index])
        assert read(path).frame_count == 3
        with pytest.raises(SquidError, match="no image 4"):
            read(path, 3)


@pytest.mark.parametrize("has_table", [True, False])
def test_frames_cut_into_fragments_are_put_together(tmp_path: Path, has_table: bool) -> None:
    images = [phantom(bits=8, dtype=np.uint8), phantom(bits=8, dtype=np.uint8)[::-1].copy()]
    streams = [jpeg(image) for image in images]
    ds = chest(images[0], 8, NumberOfFrames="2")
    path = save(tmp_path, encapsulated(ds, streams, JPEGBaseline8Bit, fragments_per_frame=3, has_bot=has_table))
    for index, image in enumerate(images):
        assert np.abs(read(path, index).pixels.astype(int) - image).mean() < 2


def test_a_value_high_in_its_cell_and_overlays_in_unused_bits(tmp_path: Path) -> None:
    values = np.array([[0, 1], [2047, 4095]], np.uint16)
    high = chest((values << 4) | 0x000F, 12, HighBit=15)
    overlay = chest(values | 0xF000, 12)
    np.testing.assert_array_equal(read(save(tmp_path, high, "high")).pixels, values)
    np.testing.assert_array_equal(read(save(tmp_path, overlay, "overlay")).pixels, values)


def test_odd_big_endian_bytes_in_words(tmp_path: Path) -> None:
    frames = np.arange(18, dtype=np.uint8).reshape(2, 3, 3)
    ds = chest(frames[0], 8, NumberOfFrames="2")
    swapped = bytearray(frames.tobytes())
    swapped[::2], swapped[1::2] = swapped[1::2], swapped[::2]
    ds.PixelData = bytes(swapped)
    ds["PixelData"].VR = "OW"
    ds.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
    buffer = io.BytesIO()
    dcmwrite(buffer, ds, enforce_file_format=True, implicit_vr=False, little_endian=False)
    raw = buffer.getvalue()
    # dcmwrite swaps nothing in OW bytes it is given: what lies in the file is what was put in.
    assert raw.endswith(bytes(swapped))
    path = save(tmp_path, raw)
    np.testing.assert_array_equal(read(path, 0).pixels, frames[0])
    np.testing.assert_array_equal(read(path, 1).pixels, frames[1])


@pytest.mark.shared
def test_twelve_bit_jpeg_extended_agrees_with_its_jpeg_2000_twin(shared: Path) -> None:
    # The same hip, once lossy JPEG 12 bit and once lossy JPEG 2000.
    extended = read(shared / "cxr_dicom" / "pydicom__RG2_JPLY.dcm").pixels.astype(float)
    twin = read(shared / "cxr_dicom" / "wearemothership__RG2_J2KI.dcm").pixels.astype(float)
    assert extended.shape == twin.shape
    assert np.abs(extended - twin).mean() < 6  # of 1024


def test_the_public_chest_is_the_same_in_all_its_encodings(demo_folder: Path) -> None:
    plain = read(demo_folder / "RG1_UNCR.dcm")
    lossless = read(demo_folder / "RG1_J2KR.dcm")
    np.testing.assert_array_equal(plain.pixels, lossless.pixels)
    assert plain.pixels.shape == (1955, 1841)
    assert plain.polarity_inverted
    # MONOCHROME1 turned: the lung fields are darker than the spine between them.
    row = plain.pixels[800].astype(float)
    assert row[850:1000].mean() > row[450:600].mean()
