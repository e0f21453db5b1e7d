"""What the page "How SQUID works" draws: taken from the open study, or a schematic where there is none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.domain.session import Session
from app.ui.panes.patch_grid import patch_pixels
from squid_core.contracts.radiograph import FloatArray

MOST_ENTRIES = 4
SIZE, GRID = 128, 4  # of the schematic


@dataclass(frozen=True, eq=False)
class HowParts:
    """One run of the detector.

    Attributes:
        picture, normal: (S, S) in 0..1, what went in and what was imagined. difference: (S, S), signed.
        grid: patches along a side. patch: row-major index of the one that is looked at.
        entries: (n, P, P) pictures of its memory entries, n may be 0. weights: of its entries, highest first.
        kept: entries that take part in the patch.
        score: 0..1. percentile: among held-out normals, 0..100.
        drawn: a schematic and nobody's image.
    """

    picture: FloatArray
    normal: FloatArray
    difference: FloatArray
    grid: int
    patch: int
    entries: FloatArray
    weights: tuple[float, ...]
    kept: int
    score: float = 0.0
    percentile: float = 0.0
    drawn: bool = False

    @property
    def patch_picture(self) -> FloatArray:
        """(P, P): the patch itself."""
        return patch_pixels(self.picture, self.grid, self.patch)


def how_parts(session: Session) -> HowParts:
    """Of the shown image at the locked settings; the selected patch, else the one least like its memory."""
    found = session.detection
    if found is None:
        return schematic()
    patch = session.patch if session.patch is not None else int(np.argmax(found.patch_percentiles))
    entries = session.entries
    pictures = entries.pictures if entries is not None and entries.patch == patch else np.zeros((0, 1, 1), np.float32)
    return HowParts(
        found.input_image,
        found.reconstruction,
        found.difference,
        found.grid,
        patch,
        pictures[:MOST_ENTRIES],
        tuple(match.weight for match in found.matches[patch][:MOST_ENTRIES]),
        len(found.matches[patch]),
        found.score,
        found.percentile,
    )


def schematic() -> HowParts:
    """A drawn chest with a round shadow that the normal one lacks."""
    rows, columns = np.mgrid[0:SIZE, 0:SIZE].astype(np.float32) / SIZE * 2 - 1
    lungs = sum(np.exp(-((((columns - side * 0.42) / 0.3) ** 2 + (rows / 0.6) ** 2) ** 2)) for side in (-1, 1))
    heart = np.exp(-((((columns - 0.16) / 0.28) ** 2 + ((rows - 0.35) / 0.35) ** 2) ** 2))
    normal = np.clip(0.75 - 0.55 * lungs + 0.4 * heart, 0, 1).astype(np.float32)
    shadow = 0.45 * np.exp(-(((columns + 0.42) / 0.13) ** 2 + ((rows - 0.2) / 0.13) ** 2))
    picture = np.clip(normal + shadow, 0, 1).astype(np.float32)
    patch = 2 * GRID + 1
    cut = patch_pixels(normal, GRID, patch)
    entries = np.stack([np.clip(cut + shade, 0, 1) for shade in (0.0, 0.05, -0.05, 0.1)]).astype(np.float32)
    weights = (0.5, 0.25, 0.15, 0.1)
    return HowParts(
        picture, normal, picture - normal, GRID, patch, entries, weights, len(weights), 0.9, 97.0, drawn=True
    )
