"""What a JPEG XL stream says of itself (ISO 18181-1 annexes C and D, 18181-2 for its file), before it is decoded."""

from __future__ import annotations

from squid_core.contracts.errors import SquidError
from squid_core.dicom.pixel.syntaxes import UNREAD_ADVICE

_CODESTREAM, _FILE = b"\xff\x0a", b"\0\0\0\x0cJXL \r\n\x87\n"
_HEADER_BYTES = 64  # more than the fields that are read take
_RATIOS = ((1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))  # width over height
_GREY = 1


def starts_jpeg_xl(data: bytes) -> bool:
    """Whether bytes begin a code stream or a box file."""
    return data.startswith((_CODESTREAM, _FILE))


def unread(detail: str) -> SquidError:
    """There is one decoder for JPEG XL, so what it refuses need not be damaged."""
    title = "The picture is JPEG XL, compressed in a way this program does not read, or its bytes are wrong."
    return SquidError(title, UNREAD_ADVICE, detail)


def jxl_size(stream: bytes) -> tuple[int, int, int, int]:
    """Rows, columns, samples and bits of a stream.

    Raises:
        SquidError: none can be read, or it is more than one upright picture of whole numbers, grey or RGB, whose
            channels DICOM could describe (PS3.5 8.2.15): turned by the decoder, left would be right.
    """
    start = stream if stream.startswith(_CODESTREAM) else _in_boxes(stream)
    if not start.startswith(_CODESTREAM):
        raise unread("no code stream")
    bits = _Bits(start[2 : 2 + _HEADER_BYTES])
    rows, columns = _size(bits)
    if bits.take(1):  # all default
        return rows, columns, 3, 8
    if bits.take(1):
        orientation, has_size = bits.take(3), bits.take(1)
        if has_size:
            _size(bits)
        if orientation or bits.take(1) or bits.take(1):
            raise unread("turned, a preview or a film")
    if bits.take(1):
        raise unread("fractions")
    precision = bits.number((8, 0), (10, 0), (12, 0), (1, 6))
    bits.take(1)  # whether 16 bits are enough to decode it
    if bits.number((0, 0), (1, 0), (2, 4), (1, 12)):
        raise unread("extra channels")
    bits.take(1)  # whether it is coded in XYB
    if bits.take(1):  # sRGB
        return rows, columns, 3, precision
    bits.take(1)  # whether a colour profile follows
    samples = 1 if bits.number((0, 0), (1, 0), (2, 4), (18, 6)) == _GREY else 3
    if bits.over:
        raise unread("cut short")
    return rows, columns, samples, precision


def _in_boxes(stream: bytes) -> bytes:
    """The code stream, or its first part, of a box file."""
    position = 0
    while 0 <= position <= len(stream) - 8:
        length, kind, head = int.from_bytes(stream[position : position + 4], "big"), stream[position + 4 :][:4], 8
        if length == 1:
            length, head = int.from_bytes(stream[position + 8 : position + 16], "big"), 16
        if kind in (b"jxlc", b"jxlp"):
            return stream[position + head + (4 if kind == b"jxlp" else 0) :][: 2 + _HEADER_BYTES]
        if length < head:
            break
        position += length
    return b""


def _size(bits: _Bits) -> tuple[int, int]:
    """A SizeHeader: height, then a ratio or the width."""
    small = bits.take(1)

    def side() -> int:
        return 8 * (bits.take(5) + 1) if small else bits.number((1, 9), (1, 13), (1, 18), (1, 30))

    rows, ratio = side(), bits.take(3)
    if not ratio:
        return rows, side()
    over, under = _RATIOS[ratio - 1]
    return rows, rows * over // under


class _Bits:
    """Numbers of a few bits each, the least bit first."""

    def __init__(self, data: bytes) -> None:
        self._value, self._left = int.from_bytes(data, "little"), 8 * len(data)

    @property
    def over(self) -> bool:
        """Whether more was taken than there was."""
        return self._left < 0

    def take(self, count: int) -> int:
        value = self._value & ((1 << count) - 1)
        self._value >>= count
        self._left -= count
        return value

    def number(self, *choices: tuple[int, int]) -> int:
        """U32: one of four (offset, bits)."""
        offset, count = choices[self.take(2)]
        return offset + self.take(count)
