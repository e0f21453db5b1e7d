"""Further questions of `squid evaluate`, put together from folders: stress and what lies outside memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from squid_core.contracts.radiograph import Decision
from squid_core.datasets.digit_anatomy import fixed_set
from squid_core.datasets.full_resolution import NO_HEADER, Picture, load_by_verdict, load_pictures
from squid_core.datasets.idx import Digits, load_digits
from squid_core.datasets.labelled import TEST_SEED
from squid_core.evaluation.measure import Array, Judge
from squid_core.evaluation.outside import outside
from squid_core.evaluation.stress import stress

OUTSIDE_CHESTS = 300  # pictures of a folder, spread over it
GRIDS = 100
REFUSED = str(Decision.REFUSE)


def ask_stress(normal: Path, abnormal: Sequence[Path], count: int) -> Callable[[Judge, Array], Any]:
    """How far the score moves, on `count` pictures: half of them normal, the rest from all abnormal folders alike.

    Raises:
        SquidError: a folder does not exist or holds no readable image.
    """
    calm = load_pictures(normal, max(1, count // 2))
    share = max(1, (count - count // 2) // len(abnormal))
    ill = [picture for folder in abnormal for picture in load_pictures(folder, share)]
    return lambda judge, scores: stress(judge, calm, ill, scores)


def ask_outside(
    normal: Path, abnormal: Sequence[Path], others: Sequence[Path], digits: Path | None
) -> Callable[[Judge, Array], Any]:
    """The share flagged as outside memory of chests, turned chests, made-up pictures, other folders and digits.

    Args:
        normal: folder of the evaluated normals.
        abnormal: folders of the evaluated abnormals.
        others: folders of other pictures; what a header calls no frontal chest is a stranger.
        digits: folder of MNIST's files.

    Raises:
        SquidError: a folder does not exist or holds nothing readable.
    """
    chests = {folder.name: load_pictures(folder, OUTSIDE_CHESTS) for folder in (normal, *abnormal)}
    strangers: dict[str, list[Picture]] = {}
    mixed: dict[str, list[Picture]] = {}
    for folder in others:
        for verdict, pictures in load_by_verdict(folder).items():
            known = strangers if verdict in (REFUSED, NO_HEADER) else mixed
            known.setdefault(f"{folder.name}, header: {verdict}", []).extend(pictures)
    drawn = load_digits(digits, "t10k") if digits else None
    return lambda judge, _: outside(judge, chests, strangers | _grids(judge, drawn), mixed)


def _grids(judge: Judge, digits: Digits | None) -> dict[str, Any]:
    """Normal grids of digits as the bundle would see them."""
    if digits is None:
        return {}
    grids = fixed_set(digits, judge.card.preprocessing, seed=TEST_SEED, normals=GRIDS, each=1)
    return {"grids of digits": grids.normal.images.astype(np.float32) / 255}
