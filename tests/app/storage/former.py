"""Results, and a store of them, as former versions wrote them."""

from __future__ import annotations

import contextlib
import io
import json
import lzma
import sqlite3
import zlib
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from app.storage.detections import _FILTERS, _HEAD, _LENGTH, MAGIC, encode, settings_key
from app.storage.schema import MIGRATIONS
from squid_core.contracts.detection import Detection, Geometry


def former_geometry(geometry: Geometry) -> dict[str, Any]:
    """An upright one as it was written before images were registered."""
    (row_scale, aslant, row), (askew, column_scale, column) = geometry.matrix
    assert aslant == askew == 0
    return {
        "original_shape": geometry.original_shape,
        "model_shape": geometry.model_shape,
        "origin": (row, column),
        "scale": (row_scale, column_scale),
    }


def encode_before_registration(detection: Detection) -> bytes:
    """As `app.storage.detections.encode` did before images were registered."""
    content = lzma.decompress(encode(detection)[_HEAD.size :], lzma.FORMAT_RAW, filters=_FILTERS)
    end = _LENGTH.size + _LENGTH.unpack_from(content)[0]
    meta = json.loads(content[_LENGTH.size : end])
    assert "pose" not in meta
    text = json.dumps(meta | {"geometry": former_geometry(detection.geometry)}, separators=(",", ":")).encode()
    body = lzma.compress(_LENGTH.pack(len(text)) + text + content[end:], lzma.FORMAT_RAW, filters=_FILTERS)
    return _HEAD.pack(MAGIC, zlib.crc32(body)) + body


def encode_format_1(detection: Detection) -> bytes:
    """As `app.storage.detections.encode` of version 0.2 did."""
    matches = [match for patch in detection.matches for match in patch]
    meta = {
        "format": 1,
        "score": detection.score,
        "percentile": detection.percentile,
        "paper_score": detection.paper_score,
        "components": detection.components,
        "geometry": former_geometry(detection.geometry),
        "settings": asdict(detection.trial.settings),
        "model": detection.model,
        "model_hash": detection.model_hash,
        "outside_memory": detection.outside_memory,
        "seconds": detection.seconds,
        "device": detection.device,
    }
    if any(match.source is not None for match in matches):
        meta["sources"] = [match.source for match in matches]
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        meta=np.frombuffer(json.dumps(meta).encode("utf-8"), dtype=np.uint8),
        input_image=detection.input_image,
        reconstruction=detection.reconstruction,
        patch_scores=detection.patch_scores,
        patch_percentiles=detection.patch_percentiles,
        match_counts=np.array([len(patch) for patch in detection.matches], dtype=np.int32),
        match_slots=np.array([match.slot for match in matches], dtype=np.int32),
        match_weights=np.array([match.weight for match in matches], dtype=np.float64),
        match_similarities=np.array([match.similarity for match in matches], dtype=np.float64),
        match_ages=np.array([match.age for match in matches], dtype=np.int32),
    )
    return buffer.getvalue()


def former_store(path: Path, detections: list[Detection], judged: int = 0) -> None:
    """A database of version 0.2: an image each in a study of its own, scored, and some of the studies judged."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        for number, script in enumerate(MIGRATIONS[:4], 1):
            db.executescript(f"BEGIN;{script}PRAGMA user_version = {number};COMMIT;")
        db.execute("BEGIN")
        for number, detection in enumerate(detections):
            key, uid = f"{number:024x}", f"1.2.{number}"
            identity = json.dumps({"study_instance_uid": uid, "sop_instance_uid": f"{uid}.1"})
            score = (detection.score, detection.percentile, detection.model)
            image = (key, b"/x", identity, 10, 20, "scored", "", None, "", 0, *score, 0, number, "")
            db.execute("INSERT INTO images VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", image)
            settings = settings_key(detection.trial.settings)
            result = (key, f"{uid}.1", 10, 20, "bundle", settings, "2026", encode_format_1(detection))
            db.execute("INSERT INTO results VALUES (?, ?, ?, ?, ?, ?, ?, ?)", result)
        db.executemany("INSERT INTO judgements VALUES (?, 'accepted', '2026')", [(f"1.2.{n}",) for n in range(judged)])
        db.execute("INSERT INTO audit (at, action, subject, detail) VALUES ('2026', 'open', 'x', '')")
        db.execute("COMMIT")
