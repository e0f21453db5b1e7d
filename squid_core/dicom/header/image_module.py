"""What a header says of its image, checked against itself and the limits before anything is decoded."""

from __future__ import annotations

from dataclasses import dataclass

from pydicom.dataset import Dataset

from squid_core.contracts.errors import SquidError
from squid_core.dicom.errors import SEND_AGAIN
from squid_core.dicom.header.numbers import numbers
from squid_core.dicom.header.values import text
from squid_core.dicom.limits import MAX_DECODED_BYTES, MAX_PIXELS

GREY = ("MONOCHROME1", "MONOCHROME2")
COLOUR = ("RGB", "YBR_FULL", "YBR_FULL_422", "YBR_ICT", "YBR_RCT", "YBR_PARTIAL_420", "YBR_PARTIAL_422")
PALETTE = "PALETTE COLOR"


@dataclass(frozen=True, slots=True)
class ImageHeader:
    """The image pixel module (PS3.3 C.7.6.3), checked.

    Attributes:
        samples: 1 or 3.
        bits_allocated: 1, 8, 16 or 32.
        high_bit: bits_stored - 1 unless the file places the value higher in its cell.
        signed: Pixel Representation 1.
        planar: Planar Configuration 1, only with 3 samples.
        notices: on numbers that are not written as the standard says.
    """

    rows: int
    columns: int
    samples: int
    photometric: str
    bits_allocated: int
    bits_stored: int
    high_bit: int
    signed: bool
    planar: bool
    frames: int
    notices: tuple[str, ...] = ()

    @property
    def stored_range(self) -> tuple[int, int]:
        """The least and the greatest value that its stored bits can hold."""
        half = 2 ** (self.bits_stored - 1)
        return (-half, half - 1) if self.signed else (0, 2 * half - 1)

    @property
    def native_bits(self) -> int:
        """Bits of one uncompressed frame; YBR_FULL_422 halves the two colour planes."""
        factor = 2 if self.photometric == "YBR_FULL_422" else self.samples
        return self.rows * self.columns * factor * self.bits_allocated


def image_header(dataset: Dataset) -> ImageHeader:
    """Read and check the image pixel module.

    Raises:
        SquidError: an attribute is missing, contradicts another, or asks for more than the limits allow.
    """
    photometric = text(dataset, "PhotometricInterpretation").upper()
    if not photometric:
        raise SquidError("The header does not say how its grey values are meant.", SEND_AGAIN)
    if photometric not in (*GREY, *COLOUR, PALETTE):
        raise SquidError("The header names a kind of colour that does not exist.", SEND_AGAIN)
    notices: list[str] = []
    rows, columns = _size(dataset, notices)
    samples = _integer(dataset, "SamplesPerPixel", notices, 3 if photometric in COLOUR else 1)
    if samples != (3 if photometric in COLOUR else 1):
        raise SquidError("The header's number of colour channels does not fit its kind of colour.", SEND_AGAIN)
    allocated = _integer(dataset, "BitsAllocated", notices)
    if allocated not in (1, 8, 16, 32):
        raise SquidError("The header states an impossible number of bits for a pixel.", SEND_AGAIN)
    stored = _integer(dataset, "BitsStored", notices, allocated)
    if not 1 <= stored <= allocated:
        raise SquidError("The header stores more bits than it allots for a pixel.", SEND_AGAIN)
    if rows * columns * samples * max(1, allocated // 8) > MAX_DECODED_BYTES:
        raise SquidError(f"The image would take more than {MAX_DECODED_BYTES // 1_000_000} MB once decoded.")
    high_bit = _integer(dataset, "HighBit", notices, stored - 1)
    signed = _integer(dataset, "PixelRepresentation", notices) == 1
    planar = samples == 3 and _integer(dataset, "PlanarConfiguration", notices, 0) == 1
    frames = _frames(dataset, notices)
    return ImageHeader(
        rows=rows,
        columns=columns,
        samples=samples,
        photometric=photometric,
        bits_allocated=allocated,
        bits_stored=stored,
        high_bit=high_bit if stored - 1 <= high_bit < allocated else stored - 1,
        signed=signed,
        planar=planar,
        frames=frames,
        notices=tuple(notices),
    )


def _size(dataset: Dataset, notices: list[str]) -> tuple[int, int]:
    rows, columns = _integer(dataset, "Rows", notices), _integer(dataset, "Columns", notices)
    if rows < 1 or columns < 1:
        raise SquidError("The header says the image has no rows or no columns.", SEND_AGAIN)
    if rows * columns > MAX_PIXELS:
        megapixels = rows * columns // 1_000_000
        raise SquidError(f"The header claims {megapixels} megapixels; more than {MAX_PIXELS // 1_000_000} are refused.")
    return rows, columns


def _frames(dataset: Dataset, notices: list[str]) -> int:
    frames = _integer(dataset, "NumberOfFrames", notices, 1)  # absent or empty: a single image
    if frames < 1:
        raise SquidError("The header's number of images is less than one.", SEND_AGAIN)
    return frames


def _integer(dataset: Dataset, keyword: str, notices: list[str], default: int | None = None) -> int:
    found = numbers(dataset, keyword, notices)
    if not found and default is not None:
        return default
    if not found:
        raise SquidError(f"The header does not say what its pixels are ({keyword} is missing).", SEND_AGAIN)
    if not found[0].is_integer():
        raise SquidError(f"The header's {keyword} is not a whole number.", SEND_AGAIN)
    return int(found[0])
