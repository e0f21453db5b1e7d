"""A detection with all that explains it, for the panes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from app.domain.session import EntryPictures
from squid_core.bundle.card import Calibration, Card, Statistic
from squid_core.contracts.detection import Detection, DetectorSettings, Maps, RemovedEntry
from squid_core.preprocessing import Preprocessing
from tests.app.ui import synthetic

PLACES = 12
QUANTILES = tuple(float(value) for value in np.linspace(0.1, 0.9, 201))  # scores spread evenly from 0.1 to 0.9


def card() -> Card:
    """Held-out normals with scores from 0.1 to 0.9."""
    return Card(
        name="adult",
        weights_sha256="0" * 64,
        preprocessing=Preprocessing(),
        network={"slots": 200},
        settings=DetectorSettings(top_k=5),
        calibration=Calibration(
            discriminator=Statistic(mean=0, std=1),
            components={"memory": Statistic(mean=0, std=1)},
            quantiles=QUANTILES,
            patch_quantiles=((0.0, 1.0),) * synthetic.GRID**2,
            thresholds={"90": 0.82, "95": 0.86, "99": 0.892},
            held_out_normals=400,
        ),
    )


def maps(row: int = 7, column: int = 2, reliance: float | None = 0.8) -> Maps:
    """The lesion critic is sure of one place; Grad-CAM of the upper right."""
    lesion = np.full((PLACES, PLACES), 0.02, np.float32)
    lesion[row, column] = 0.95
    grad_cam = np.zeros((128, 128), np.float32)
    grad_cam[:40, 100:] = 1.0
    return Maps(grad_cam, 4, lesion, reliance)


def shuffled(found: Detection, score: float = 0.81) -> Detection:
    """The same when memory is shuffled: the reconstruction is a quarter brighter everywhere."""
    return replace(
        found,
        score=score,
        reconstruction=(found.reconstruction * 0.5 + 0.25).astype(np.float32),
        trial=replace(found.trial, shuffled=True),
    )


def entries(found: Detection, patch: int) -> EntryPictures:
    """Pictures of a patch's entries."""
    slots = tuple(match.slot for match in found.matches[patch])
    return EntryPictures(patch, slots, synthetic.pictures(found, patch), found.model)


def without(found: Detection, patch: int, rank: int) -> tuple[Detection, RemovedEntry]:
    """A what-if that does not read one entry; another one, less similar, takes its place."""
    gone = found.matches[patch][rank]
    rest = [match for match in found.matches[patch] if match is not gone]
    newcomer = replace(rest[-1], slot=199, similarity=rest[-1].similarity - 0.05)
    matches = list(found.matches)
    matches[patch] = (*rest, newcomer)
    taken = RemovedEntry(patch, gone)
    trial = replace(found.trial, removed=(taken,))
    return replace(found, matches=tuple(matches), trial=trial, score=found.score - 0.05), taken
