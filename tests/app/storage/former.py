"""Results as versions up to 0.2 wrote them."""

from __future__ import annotations

import io
import json
from dataclasses import asdict

import numpy as np

from squid_core.contracts.detection import Detection


def encode_format_1(detection: Detection) -> bytes:
    """As `app.storage.detections.encode` of version 0.2 did."""
    matches = [match for patch in detection.matches for match in patch]
    meta = {
        "format": 1,
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
