"""Radiographs at their own resolution, before any preprocessing: what a stress test changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import FloatArray, Radiograph
from squid_core.datasets.image_set import IMAGE_SUFFIXES, patient_key, patient_of, read_grey
from squid_core.dicom.readers import ReaderPool
from squid_core.preprocessing import Preprocessing, prepare

Picture = NDArray[np.float32]

NO_HEADER = "no header"


def load_pictures(folder: Path, limit: int | None = None) -> list[Picture]:
    """Grey pictures below a folder, spread over it in the order of their names; what cannot be read is left out.

    Args:
        folder: PNG, JPEG, BMP, TIFF or DICOM files, at any depth.
        limit: how many files to look at; None for all.

    Returns:
        (H, W) float32 each, grey values as they are, high is bright.

    Raises:
        SquidError: no folder, or nothing readable in it.
    """
    return [one.picture for one in _load(folder, limit)]


def load_alike(folders: Sequence[Path], count: int) -> list[Picture]:
    """About so many pictures, of all folders alike, one of each at least; see `load_pictures`."""
    share = max(1, count // len(folders))
    return [picture for folder in folders for picture in load_pictures(folder, share)]


def load_patients(folder: Path) -> tuple[list[Picture], list[str]]:
    """As `load_pictures`, all of them, and beside each its patient's key, as an `ImageSet` has it.

    Raises:
        SquidError: no folder, or nothing readable in it.
    """
    found = _load(folder, None)
    return [one.picture for one in found], [one.patient for one in found]


def load_by_verdict(folder: Path) -> dict[str, list[Picture]]:
    """As `load_pictures`, all of them, by what the reader decides: analyse, ask, refuse, or no header.

    The readers' refusals do not count here: whoever asks wants to know what the picture itself says. Colour is left
    out.

    Raises:
        SquidError: no folder, or nothing readable in it.
    """
    found: dict[str, list[Picture]] = {}
    for one in _load(folder, None):
        found.setdefault(one.verdict, []).append(one.picture)
    return found


class _Loaded(NamedTuple):
    """A picture, its patient's key, and the reader's decision or NO_HEADER."""

    picture: Picture
    patient: str
    verdict: str


def _load(folder: Path, limit: int | None) -> list[_Loaded]:
    if not folder.is_dir():
        raise SquidError("The folder of images does not exist.", f"Check the path: {folder.name}.")
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    if limit is not None and len(files) > limit:
        files = [files[i] for i in np.linspace(0, len(files) - 1, limit).round().astype(int)]
    found: list[_Loaded] = []
    for path in (path for path in files if path.suffix.lower() in IMAGE_SUFFIXES):
        if (pixels := read_grey(path)) is not None:
            found.append(_Loaded(pixels.astype(np.float32), patient_of(path.name), NO_HEADER))
    for path, radiograph in _through_readers([path for path in files if path.suffix.lower() not in IMAGE_SUFFIXES]):
        patient = patient_key(radiograph.identity, path)
        found.append(_Loaded(radiograph.pixels.astype(np.float32), patient, str(radiograph.verdict.decision)))
    if not found:
        raise SquidError("No readable image in the folder.", f"'{folder.name}' should hold PNG, JPEG or DICOM files.")
    return found


def _through_readers(paths: Sequence[Path]) -> Iterator[tuple[Path, Radiograph]]:
    """The grey ones among DICOM files."""
    if not paths:
        return
    with ReaderPool() as pool:
        for path, future in [(path, pool.read(path)) for path in paths]:
            if future.exception() is None and not future.result().is_colour:
                yield path, future.result()


def as_inputs(pictures: Sequence[Picture], preprocessing: Preprocessing) -> FloatArray:
    """(N, S, S) float32 in 0..1: what the detector would see of them, not rounded, as in triage."""
    return np.stack([prepare(picture, preprocessing).image for picture in pictures])
