"""Values that the tests of the application share."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np

from app.domain.jobs import JobState
from app.domain.study import ImageItem, Judgement, Study, image_key
from app.storage.database import Database, ScoredImage
from app.storage.detections import EncodedResult
from squid_core.contracts.detection import Detection, DetectorSettings, Geometry, MemoryMatch, ModelInput, Trial
from squid_core.contracts.radiograph import Identity

SIZE, GRID = 32, 2


def identity(study: str = "1.2.3", name: str = "Doe, Jane", age: float | None = 45.0) -> Identity:
    return Identity(
        study_instance_uid=study,
        sop_instance_uid=f"{study}.1",
        patient_name=name,
        patient_age=age,
        study_date=date(2023, 6, 1),
        modality="DX",
        patient_orientation=("L", "F"),
    )


def image(
    name: str = "a",
    study: str = "1.2.3",
    score: float | None = None,
    state: JobState | None = None,
    arrival: int = 0,
    message: str = "",
) -> ImageItem:
    path = Path("/somewhere") / name
    return ImageItem(
        key=image_key(path),
        path=path,
        identity=identity(study),
        size=10,
        modified_ns=20,
        digest="" if score is None else digest_of(name),
        state=state or (JobState.QUEUED if score is None else JobState.SCORED),
        message=message,
        score=score,
        percentile=None if score is None else score * 100,
        weights="" if score is None else "adult",
        arrival=arrival,
    )


def model_input() -> ModelInput:
    """Asymmetric: bright at the top left."""
    values = np.linspace(1, 0, SIZE * SIZE, dtype=np.float32).reshape(SIZE, SIZE)
    return ModelInput(values, Geometry.upright((64, 96), (SIZE, SIZE), (0.5, 1.0), (2.0, 3.0)))


def detection(score: float = 0.75, top_k: int = 2, model_hash: str = "a" * 64) -> Detection:
    source = model_input()
    noise = np.random.default_rng(5).random((SIZE, SIZE), dtype=np.float32)
    grid = np.arange(GRID * GRID, dtype=np.float32).reshape(GRID, GRID)
    return Detection(
        score=score,
        percentile=score * 100,
        paper_score=0.25,
        components={"memory": 1.5, "sharpness": -0.25},
        input_image=source.image,
        reconstruction=noise,
        difference=source.image - noise,
        patch_scores=grid,
        patch_percentiles=grid * 10,
        matches=tuple(
            tuple(MemoryMatch(patch * 10 + slot, 1 / top_k, 0.5 - slot / 7, slot) for slot in range(top_k))
            for patch in range(GRID * GRID)
        ),
        geometry=source.geometry,
        trial=Trial(DetectorSettings(top_k)),
        model="adult",
        model_hash=model_hash,
        outside_memory=True,
        seconds=0.5,
    )


def digest_of(name: str) -> str:
    """Of the bytes of an image that there is no file of."""
    return hashlib.sha256(name.encode()).hexdigest()


def scored(item: ImageItem, result: Detection) -> ImageItem:
    item = replace(item, digest=item.digest or digest_of(item.path.name))
    return replace(item, state=JobState.SCORED, score=result.score, percentile=result.percentile, weights=result.model)


def save(store: Database, item: ImageItem, result: Detection, bundle: str) -> ImageItem:
    """Commit a result as one of these bytes."""
    encoded = EncodedResult.of(replace(result, digest=item.digest), stored=item.result is not None)
    return store.save_results([ScoredImage(item, encoded, bundle)])[0]


def judged(study: Study, judgement: Judgement) -> Study:
    """A study of which the reader has said this."""
    return replace(study, images=tuple(replace(image, judgement=judgement) for image in study.images))
