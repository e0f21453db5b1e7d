"""A Detection as bytes and back, bit for bit: one compressed block with a checksum.

A block is MAGIC, the CRC-32 of what follows, and raw LZMA2 of: the length of the JSON, the JSON, and the arrays one
after the other. The JSON holds all that is no array, and says of each array how it lies; before images
were registered it gave of the geometry origin and scale, and later no aspect. Of the same bytes LZMA makes 28 KB,
zlib 30.
"""

from __future__ import annotations

import json
import lzma
import struct
import zlib
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from app.storage.detections_format_1 import FORMAT_1_DAMAGE, FORMAT_1_MAGIC, decode_format_1
from app.storage.pictures import pack, packed_size, steps_of, unpack
from squid_core.contracts.detection import (
    RECONSTRUCTION_STEPS,
    Detection,
    DetectorSettings,
    Gate,
    Geometry,
    MemoryMatch,
    Pose,
    Shrinkage,
    Trial,
    in_steps,
)
from squid_core.contracts.errors import SquidError
from squid_core.inference.doubts import doubts

MAGIC = b"SQD2"
DECODED_LIMIT = 32_000_000  # bytes of the arrays of one result: four times those of the largest model, 1024 x 1024
# Bytes of pictures hardly repeat: to look for more repeats than these saves nothing and takes twice the time.
_SEARCH = {"mode": lzma.MODE_FAST, "mf": lzma.MF_HC4, "nice_len": 8, "depth": 1}
_FILTERS = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 18, "lc": 0, "lp": 0, "pb": 0, **_SEARCH}]
_HEAD = struct.Struct("<4sI")
_LENGTH = struct.Struct("<I")
_PICTURES = ("input_image", "reconstruction")
_KINDS = frozenset({"<f4", "<f8", "<i4"})

_DAMAGE = (
    *FORMAT_1_DAMAGE,
    ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError, RecursionError,
    struct.error, lzma.LZMAError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class EncodedResult:
    """A detection as it is kept, with as much of it as the worklist shows; made where it was found.

    Attributes:
        digest, score, percentile, model, model_hash, outside_memory: as of the `Detection`.
        settings: `settings_key` of those it was made at.
        doubts: about it, the gravest first.
        payload: of `encode`; b'' where it is stored already.
    """

    digest: str
    score: float
    percentile: float
    model: str
    model_hash: str
    outside_memory: bool
    settings: str
    doubts: tuple[str, ...]
    payload: bytes

    @classmethod
    def of(cls, detection: Detection, *, stored: bool = False) -> Self:
        """Of a detection; one that is stored already is not packed again."""
        return cls(
            digest=detection.digest,
            score=detection.score,
            percentile=detection.percentile,
            model=detection.model,
            model_hash=detection.model_hash,
            outside_memory=detection.outside_memory,
            settings=settings_key(detection.trial.settings),
            doubts=doubts(detection),
            payload=b"" if stored else encode(detection),
        )


def encode(detection: Detection) -> bytes:
    """Pack a detection; exact, except that the difference is left out (it is input less reconstruction).

    Only what triage found at the locked settings is kept: what-ifs never come here.

    Returns:
        About 28 KB for a 128 x 128 model.
    """
    matches = [match for patch in detection.matches for match in patch]
    meta: dict[str, Any] = {
        "score": detection.score,
        "percentile": detection.percentile,
        "paper_score": detection.paper_score,
        "components": detection.components,
        "geometry": asdict(detection.geometry),
        "settings": asdict(detection.trial.settings),
        "model": detection.model,
        "model_hash": detection.model_hash,
        "outside_memory": detection.outside_memory,
        "seconds": detection.seconds,
        "device": detection.device,
    }
    if detection.pose is not None:
        meta["pose"] = asdict(detection.pose)
    if any(match.source is not None for match in matches):
        meta["sources"] = [match.source for match in matches]
    pictures = {name: getattr(detection, name) for name in _PICTURES}
    arrays: dict[str, NDArray[Any]] = {
        "patch_scores": _narrowed(detection.patch_scores),
        "patch_percentiles": _narrowed(detection.patch_percentiles),
        "match_counts": np.array([len(patch) for patch in detection.matches], "<i4"),
        "match_slots": np.array([match.slot for match in matches], "<i4"),
        "match_weights": _narrowed(np.array([match.weight for match in matches], "<f8")),
        "match_similarities": _narrowed(np.array([match.similarity for match in matches], "<f8")),
        "match_ages": np.array([match.age for match in matches], "<i4"),
    }
    steps = {name: steps_of(picture) for name, picture in pictures.items()}
    meta["pictures"] = {name: (steps[name], picture.shape) for name, picture in pictures.items()}
    meta["arrays"] = {name: (array.dtype.str, array.shape) for name, array in arrays.items()}
    text = json.dumps(meta, separators=(",", ":")).encode()
    content = b"".join(
        (
            _LENGTH.pack(len(text)),
            text,
            *(pack(picture, steps[name]) for name, picture in pictures.items()),
            *(array.tobytes() for array in arrays.values()),
        )
    )
    body = lzma.compress(content, lzma.FORMAT_RAW, filters=_FILTERS)
    return _HEAD.pack(MAGIC, zlib.crc32(body)) + body


def decode(payload: bytes) -> Detection:
    """Unpack what `encode` made, or an older version's.

    Raises:
        SquidError: the bytes are damaged or of another format; the image must be scored again.
    """
    try:
        if is_former(payload):
            return _detection(*decode_format_1(payload, DECODED_LIMIT))
        return _detection(*_decode(payload))
    except _DAMAGE as error:
        raise SquidError("A stored result is damaged.", "The image is scored again.", type(error).__name__) from error


def is_former(payload: bytes) -> bool:
    """Whether an older version packed it; its first bytes are enough."""
    return payload.startswith(FORMAT_1_MAGIC)


def encode_anew(payload: bytes) -> bytes:
    """What an older version packed, as `encode` packs it.

    The input goes on as it was, to the bit, so that what is computed on it stays what it was. The reconstruction comes
    into RECONSTRUCTION_STEPS, as any that the detector makes today.

    Raises:
        SquidError: as `decode`.
    """
    former = decode(payload)
    picture = in_steps(former.reconstruction, RECONSTRUCTION_STEPS)
    return encode(replace(former, reconstruction=picture, difference=former.input_image - picture))


def settings_key(settings: DetectorSettings) -> str:
    """Settings as a text that is equal for equal settings; part of a result's key."""
    return json.dumps(asdict(settings), sort_keys=True)


def _narrowed(values: NDArray[Any]) -> NDArray[Any]:
    """As float32 where that is the same numbers, else as float64."""
    narrow = values.astype("<f4")
    return narrow if np.array_equal(narrow, values) else values.astype("<f8")


def _decode(payload: bytes) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    magic, checksum = _HEAD.unpack_from(payload)
    body = payload[_HEAD.size :]
    if magic != MAGIC or zlib.crc32(body) != checksum:
        raise ValueError("damaged")
    decompressor = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=_FILTERS)
    content = memoryview(decompressor.decompress(body, DECODED_LIMIT))
    if not decompressor.eof:
        raise ValueError("too large, or cut off")
    place = _LENGTH.size + _LENGTH.unpack_from(content)[0]
    meta = json.loads(bytes(content[_LENGTH.size : place]))
    arrays: dict[str, NDArray[Any]] = {}
    for name, (steps, (height, width)) in meta["pictures"].items():
        end = place + packed_size((height, width), steps)
        arrays[name] = unpack(bytes(content[place:end]), (height, width), steps)
        place = end
    for name, (kind, shape) in meta["arrays"].items():
        if kind not in _KINDS:
            raise ValueError("another format")
        end = place + int(np.prod(shape, dtype=np.int64)) * np.dtype(kind).itemsize
        arrays[name] = np.frombuffer(content[place:end], kind).reshape(shape)
        place = end
    if place != len(content):
        raise ValueError("more than was said")
    return meta, arrays


def _detection(meta: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> Detection:
    settings = meta["settings"]
    flat = [
        MemoryMatch(int(slot), float(weight), float(similarity), int(age), source)
        for slot, weight, similarity, age, source in zip(
            arrays["match_slots"],
            arrays["match_weights"],
            arrays["match_similarities"],
            arrays["match_ages"],
            meta.get("sources") or [None] * len(arrays["match_slots"]),
            strict=True,
        )
    ]
    bounds = [0, *np.cumsum(arrays["match_counts"]).tolist()]
    return Detection(
        score=meta["score"],
        percentile=meta["percentile"],
        paper_score=meta["paper_score"],
        components=meta["components"],
        input_image=arrays["input_image"],
        reconstruction=arrays["reconstruction"],
        difference=arrays["input_image"] - arrays["reconstruction"],
        patch_scores=arrays["patch_scores"],
        patch_percentiles=arrays["patch_percentiles"],
        matches=tuple(tuple(flat[start:stop]) for start, stop in pairwise(bounds)),
        geometry=_geometry(meta["geometry"]),
        trial=Trial(
            DetectorSettings(
                settings["top_k"], Shrinkage(settings["shrinkage"]), Gate(settings["gate"]), settings["rho"]
            )
        ),
        model=meta["model"],
        model_hash=meta["model_hash"],
        outside_memory=meta["outside_memory"],
        seconds=meta["seconds"],
        device=meta["device"],
        pose=Pose(**meta["pose"]) if "pose" in meta else None,
    )


def _geometry(meta: dict[str, Any]) -> Geometry:
    original, model = ((meta[name][0], meta[name][1]) for name in ("original_shape", "model_shape"))
    if "matrix" not in meta:
        return Geometry.upright(original, model, tuple(meta["origin"]), tuple(meta["scale"]))
    (a, b, row), (c, d, column) = meta["matrix"]
    return Geometry(original, model, ((a, b, row), (c, d, column)), meta.get("aspect", 1.0))
