"""The data set of a file that is said to be deflated (PS3.5 A.5), unpacked within the limit."""

from __future__ import annotations

import io
import zlib
from typing import BinaryIO

from squid_core.contracts.errors import SquidError
from squid_core.dicom.errors import SEND_AGAIN
from squid_core.dicom.limits import MAX_INFLATED_BYTES

_AT_ONCE, _PART = 1 << 20, 1 << 22  # bytes taken, bytes given


def is_deflated(source: BinaryIO, start: int) -> bool:
    """Whether no explicit element of group 0008 begins at `start`, with which no deflated block begins."""
    source.seek(start)
    first = source.read(6)
    return not (first[:2] == b"\x08\0" and first[4:].isalpha() and first[4:].isupper())


def inflated(source: BinaryIO, start: int) -> BinaryIO:
    """What is deflated from `start`; also in zlib's wrapping (RFC 1950), in which some writers leave it.

    Raises:
        SquidError: it is damaged, or larger than the limit.
    """
    source.seek(start)
    data = source.read(_AT_ONCE)
    inflater = zlib.decompressobj(zlib.MAX_WBITS if _is_wrapped(data) else -zlib.MAX_WBITS)
    parts: list[bytes] = []
    total = 0
    try:
        while data and not inflater.eof:
            parts.append(inflater.decompress(data, _PART))
            total += len(parts[-1])
            if total > MAX_INFLATED_BYTES:
                raise SquidError(f"The file would unpack to more than {MAX_INFLATED_BYTES // 1_000_000} MB.")
            data = inflater.unconsumed_tail or source.read(_AT_ONCE)
    except zlib.error as error:
        raise SquidError("The deflated file is damaged.", SEND_AGAIN, "zlib") from error
    return io.BytesIO(b"".join(parts))


def _is_wrapped(data: bytes) -> bool:
    """Whether a zlib header begins: a window of 32 KB, and its check; as a raw block it would be a stored one."""
    return data[:1] == b"\x78" and int.from_bytes(data[:2], "big") % 31 == 0
