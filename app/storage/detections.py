"""A Detection as bytes and back: arrays as compressed npz without pickle, the rest as JSON inside it."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import asdict
from itertools import pairwise

import numpy as np

from squid_core.contracts.detection import Detection, DetectorSettings, Gate, Geometry, MemoryMatch, Shrinkage, Trial
from squid_core.contracts.errors import SquidError

FORMAT = 1


def encode(detection: Detection) -> bytes:
    """Pack a detection; exact, except that the difference is left out (it is input less reconstruction).

    Only what triage found at the locked settings is kept: what-ifs never come here.

    Returns:
        About 100 KB for a 128 x 128 model.
    """
    matches = [match for patch in detection.matches for match in patch]
    meta = {
        "format": FORMAT,
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


def decode(payload: bytes) -> Detection:
    """Unpack what `encode` made.

    Raises:
        SquidError: the bytes are damaged or of another format; the image must be scored again.
    """
    try:
        with np.load(io.BytesIO(payload), allow_pickle=False) as arrays:
            return _detection({name: arrays[name] for name in arrays.files})
    except (ValueError, KeyError, TypeError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise SquidError("A stored result is damaged.", "The image is scored again.", type(error).__name__) from error


def _detection(arrays: dict[str, np.ndarray]) -> Detection:
    meta = json.loads(arrays["meta"].tobytes())
    if meta["format"] != FORMAT:
        raise ValueError("another format")
    geometry, settings = meta["geometry"], meta["settings"]
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
        geometry=Geometry(
            original_shape=(geometry["original_shape"][0], geometry["original_shape"][1]),
            model_shape=(geometry["model_shape"][0], geometry["model_shape"][1]),
            origin=(geometry["origin"][0], geometry["origin"][1]),
            scale=(geometry["scale"][0], geometry["scale"][1]),
        ),
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
    )


def settings_key(settings: DetectorSettings) -> str:
    """Settings as a text that is equal for equal settings; part of a result's key."""
    return json.dumps(asdict(settings), sort_keys=True)
