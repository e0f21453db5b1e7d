"""Further questions of `squid evaluate`, put together from folders: stress, hospitals, pictures, outside memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from squid_core.contracts.radiograph import Decision
from squid_core.datasets.digit_anatomy import fixed_set
from squid_core.datasets.full_resolution import NO_HEADER, Picture, load_alike, load_by_verdict, load_pictures
from squid_core.datasets.idx import Digits, load_digits
from squid_core.datasets.labelled import TEST_SEED
from squid_core.evaluation.hospitals import by_source, over_sites
from squid_core.evaluation.measure import Array, Judge
from squid_core.evaluation.outside import outside
from squid_core.evaluation.pictures import picture_figures
from squid_core.evaluation.stress import stress

OUTSIDE_CHESTS = 300  # pictures of a folder, spread over it
SITE_NORMALS, SITE_ABNORMALS = 150, 100  # pictures that are taken to every made-up hospital
GRIDS = 100
REFUSED = str(Decision.REFUSE)


def ask_stress(normal: Path, abnormal: Sequence[Path], count: int) -> Callable[[Judge, Array], Any]:
    """How far the score moves, on `count` pictures: half of them normal, the rest from all abnormal folders alike.

    Raises:
        SquidError: a folder does not exist or holds no readable image.
    """
    calm, ill = _pictures(normal, abnormal, count // 2, count - count // 2)
    return lambda judge, scores: stress(judge, calm, ill, scores)


def ask_sites(normal: Path, abnormal: Sequence[Path], count: int) -> Callable[[Judge, Array], Any]:
    """How the bundle fares at `count` made-up hospitals, on pictures from all folders.

    Raises:
        SquidError: a folder does not exist or holds no readable image.
    """
    calm, ill = _pictures(normal, abnormal, SITE_NORMALS, SITE_ABNORMALS)
    return lambda judge, _: over_sites(judge, calm, ill, count)


def ask_sources(folders: Mapping[str, Path]) -> Callable[[Judge, Array], Any]:
    """How the bundle fares on real pictures of one kind each, by their source's name.

    Raises:
        SquidError: a folder does not exist or holds no readable image.
    """
    sources = {name: load_pictures(folder) for name, folder in folders.items()}
    return lambda judge, _: by_source(judge, sources)


def ask_picture(normal: Path, abnormal: Sequence[Path], count: int) -> Callable[[Judge, Array], Any]:
    """How good the normal pictures are, on at most `count` images of each folder.

    Raises:
        SquidError: a folder does not exist or holds no readable image.
    """
    calm = load_pictures(normal, count)
    ill = {folder.name: load_pictures(folder, count) for folder in abnormal}
    return lambda judge, _: picture_figures(judge, calm, ill)


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


def _pictures(
    normal: Path, abnormal: Sequence[Path], normals: int, abnormals: int
) -> tuple[list[Picture], list[Picture]]:
    """About so many normals and abnormals, one a folder at least; of all abnormal folders alike."""
    return load_pictures(normal, max(1, normals)), load_alike(abnormal, abnormals)
