"""Detections as versions up to 0.2 stored them: an npz with JSON inside. Read only; `app.storage.detections` writes."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

FORMAT_1_MAGIC = b"PK\x03\x04"  # an npz is a zip
FORMAT_1_DAMAGE = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError)


def decode_format_1(payload: bytes, limit: int) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """The JSON and the arrays of a stored detection.

    Args:
        payload: of the results table.
        limit: bytes which the arrays may fill in memory.

    Raises:
        ValueError, KeyError, TypeError, or one of FORMAT_1_DAMAGE: the bytes are damaged.
    """
    arrays = {}
    with zipfile.ZipFile(io.BytesIO(payload)) as archive:
        members = archive.infolist()
        if sum(member.file_size for member in members) > limit:
            raise ValueError("too large")
        for member in members:
            arrays[member.filename.removesuffix(".npy")] = _array(archive.read(member))
    return json.loads(arrays["meta"].tobytes()), arrays


def _array(member: bytes) -> NDArray[Any]:
    """An npy file; read where it lies, so that a header that lies allocates nothing.

    Raises:
        ValueError: it is damaged, or holds objects.
    """
    stream = io.BytesIO(member)
    if np.lib.format.read_magic(stream) != (1, 0):
        raise ValueError("another format")
    shape, in_columns, kind = np.lib.format.read_array_header_1_0(stream)
    if kind.hasobject or in_columns:
        raise ValueError("another layout")
    return np.frombuffer(member, kind, offset=stream.tell()).reshape(shape)
