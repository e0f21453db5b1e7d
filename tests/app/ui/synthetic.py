"""Synthetic radiographs, detections and worklists: asymmetric, so that a flipped axis cannot pass."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np

from app.domain.jobs import JobState
from app.domain.marks.annotations import Marks
from app.domain.marks.measurements import Angle, Arrow, CardiothoracicRatio, Length, Note, Roi
from app.domain.study import ImageItem
from squid_core.contracts.detection import Detection, DetectorSettings, Gate, MemoryMatch, Shrinkage, Trial
from squid_core.contracts.radiograph import (
    Decision,
    FloatArray,
    Identity,
    Radiograph,
    Spacing,
    SpacingSource,
    Verdict,
    VoiFunction,
    Window,
)
from squid_core.preprocessing import Preprocessing, prepare

LOCKED = DetectorSettings(5, Shrinkage.GUMBEL, Gate.OFF)
GRID = 4
NAMES = ("Lindqvist, Astrid", "Okafor, Chidi", "Hartmann, Emil", "Wu, Mei-Ling", "Silva, Joana", "Brown, Tom")


def identity(number: int = 0, **changes: object) -> Identity:
    """A made-up patient."""
    fields: dict[str, object] = {
        "study_instance_uid": f"1.2.3.{number}",
        "patient_name": NAMES[number % len(NAMES)],
        "patient_id": f"P{number:04d}",
        "patient_age": 54.0,
        "patient_sex": "F",
        "study_date": date(2014, 5, 2 + number % 20),
        "modality": "DX",
        "body_part": "CHEST",
        "view_position": "PA",
        "patient_orientation": ("L", "F"),
    }
    return Identity(**{**fields, **changes})  # type: ignore[arg-type]


def chest(height: int = 600, width: int = 500) -> FloatArray:
    """(height, width) float32 in 0..4000: a caricature of a chest; the heart on the right of the picture."""
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    y, x = rows / height * 2 - 1, columns / width * 2 - 1
    body = 1 / (1 + np.exp(((x / 0.92) ** 4 + ((y + 0.05) / 1.35) ** 6 - 1) * 14))
    lungs = sum(np.exp(-((((x - side * 0.42) / 0.30) ** 2 + ((y + 0.08) / 0.56) ** 2) ** 2.2)) for side in (-1, 1))
    heart = np.exp(-((((x - 0.16) / 0.30) ** 2 + ((y - 0.30) / 0.36) ** 2) ** 2))
    spine = np.exp(-((x / 0.09) ** 2)) * 0.5
    ribs = 0.08 * np.cos((y + 0.35 * x * x) * 34) * np.clip(lungs, 0, 1)
    value = body * (0.72 - 0.5 * lungs + 0.42 * heart + spine * 0.3 + ribs)
    grain = np.random.default_rng(3).normal(0, 0.012, (height, width)).astype(np.float32)
    image: FloatArray = (np.clip(value + grain, 0, 1) * 4000).astype(np.float32)
    return image


def with_opacity(image: FloatArray) -> FloatArray:
    """The same with a dense blob in the lower left of the picture."""
    height, width = image.shape
    rows, columns = np.mgrid[0:height, 0:width]
    blob = np.exp(-(((columns / width - 0.28) / 0.07) ** 2 + ((rows / height - 0.62) / 0.06) ** 2))
    shaded: FloatArray = np.clip(image + 1500 * blob, 0, 4000).astype(np.float32)
    return shaded


def radiograph(pixels: FloatArray | None = None, **changes: object) -> Radiograph:
    """A radiograph of the caricature, uint16."""
    shown = with_opacity(chest()) if pixels is None else pixels
    low, high = float(np.percentile(shown, 0.5)), float(np.percentile(shown, 99.5))
    window = Window((low + high) / 2, max(high - low, 2.0), VoiFunction.LINEAR, "Standard")
    fields: dict[str, object] = {
        "pixels": shown.astype(np.uint16),
        "window": window,
        "windows": (window,),
        "identity": identity(),
        "verdict": Verdict(Decision.ANALYSE),
        "spacing": Spacing(0.143, 0.143, SpacingSource.DETECTOR),
    }
    return Radiograph(**{**fields, **changes})  # type: ignore[arg-type]


def detection(
    image: Radiograph, score: float = 0.83, percentile: float = 97.4, settings: DetectorSettings = LOCKED
) -> Detection:
    """What a detector might say of it: the reconstruction lacks the blob."""
    seen = prepare(image.pixels.astype(np.float32), Preprocessing())
    size = seen.image.shape[0]
    normal = prepare(chest(*image.pixels.shape), Preprocessing()).image
    reconstruction = np.clip(_blur(normal), 0, 1).astype(np.float32)
    rng = np.random.default_rng(settings.top_k)
    percentiles = rng.uniform(5, 80, (GRID, GRID)).astype(np.float32)
    percentiles[2, 1], percentiles[2, 0] = 99.2, 91.0
    matches = []
    for _ in range(GRID * GRID):
        weights = np.sort(rng.dirichlet(np.ones(settings.top_k)))[::-1]
        slots = rng.choice(200, settings.top_k, replace=False)
        matches.append(
            tuple(
                MemoryMatch(int(slot), float(weight), 0.97 - 0.02 * rank, int((slot * 7) % 200))
                for rank, (slot, weight) in enumerate(zip(slots, weights, strict=True))
            )
        )
    assert reconstruction.shape == (size, size)
    return Detection(
        score=score,
        percentile=percentile,
        paper_score=0.71,
        components={"discriminator": 1.4, "memory distance": 2.1},
        input_image=seen.image,
        reconstruction=reconstruction,
        difference=(seen.image - reconstruction).astype(np.float32),
        patch_scores=(percentiles / 100).astype(np.float32),
        patch_percentiles=percentiles,
        matches=tuple(matches),
        geometry=seen.geometry,
        trial=Trial(settings),
        model="adult",
        model_hash="0" * 64,
        seconds=0.8,
    )


def middle_of(found: Detection, patch: int) -> tuple[float, float]:
    """Original (row, column) in the middle of a patch."""
    rows, columns = zip(*found.patch_outline(patch), strict=True)
    return sum(rows) / 4, sum(columns) / 4


def marks() -> Marks:
    """One of each kind, where they belong on the caricature."""
    return (
        Length(((120.0, 150.0), (330.0, 180.0))),
        Angle(((90.0, 250.0), (190.0, 275.0), (120.0, 360.0))),
        CardiothoracicRatio(((390.0, 195.0), (390.0, 365.0), (440.0, 70.0), (440.0, 430.0))),
        Roi(((330.0, 95.0), (410.0, 180.0))),
        Arrow(((372.0, 140.0), (300.0, 60.0)), "opacity"),
        Note(((60.0, 60.0),), "compare with 2013"),
    )


def _blur(image: FloatArray, times: int = 2) -> FloatArray:
    for _ in range(times):
        padded = np.pad(image, 1, mode="edge")
        image = np.float32(0.2) * (
            padded[:-2, 1:-1] + padded[2:, 1:-1] + padded[1:-1, :-2] + padded[1:-1, 2:] + padded[1:-1, 1:-1]
        )
    return image


def pictures(found: Detection, patch: int) -> FloatArray:
    """(k, P, P): entries that look like the patch, each a little different."""
    row, column = divmod(patch, found.grid)
    side = found.geometry.model_shape[0] // found.grid
    own = found.reconstruction[row * side : (row + 1) * side, column * side : (column + 1) * side]
    shades = [np.clip(own * (1 - 0.06 * rank) + 0.02 * rank, 0, 1) for rank in range(len(found.matches[patch]))]
    return np.stack(shades).astype(np.float32)


def item(number: int, score: float | None = None, state: JobState | None = None, **changes: object) -> ImageItem:
    """An image of the worklist; `number` names study and file."""
    fields: dict[str, object] = {
        "key": f"key-{number}",
        "path": Path(f"file-{number}.dcm"),
        "identity": identity(number),
        "state": state or (JobState.QUEUED if score is None else JobState.SCORED),
        "score": score,
        "percentile": None if score is None else min(score * 118, 100.0),
        "weights": "" if score is None else "adult",
        "arrival": number + 1,
        "digest": "" if score is None else f"{number:064x}",
    }
    return ImageItem(**{**fields, **changes})  # type: ignore[arg-type]


def reading_list() -> tuple[ImageItem, ...]:
    """A worklist with every state in it."""
    ask = Verdict(Decision.ASK, "The body part says RIBCAGE. Is this a frontal chest radiograph?")
    refuse = Verdict(Decision.REFUSE, "The body part is TIBIA; only frontal chest radiographs are analysed.")
    broken = "The file ends before its picture does."
    viewable = JobState.VIEWABLE
    return (
        item(0, 0.83),
        item(1, 0.64),
        item(2, 0.41),
        item(3, 0.12),
        item(4, state=JobState.SCORING),
        item(5, state=JobState.READING),
        item(6, state=JobState.QUEUED),
        item(7, state=viewable, verdict=ask, message=ask.reason, identity=identity(7, body_part="RIBCAGE")),
        item(8, state=viewable, verdict=refuse, message=refuse.reason, identity=identity(8, body_part="TIBIA")),
        item(9, state=JobState.ERROR, message=broken, identity=identity(9, patient_name="")),
        item(10, state=JobState.CANCELLED),
    )
