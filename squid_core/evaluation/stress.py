"""How far a bundle's score moves when a picture is changed in what should not matter.

Every figure compares a picture with itself: the score of the picture as it lies in its folder against the score of
the changed one, as a difference of percentiles and, over normals, as an AUC (0.5 is right).
"""

from __future__ import annotations

import sys
import tempfile
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import Decision, FloatArray
from squid_core.datasets.full_resolution import Picture, as_inputs
from squid_core.dicom.readers import Examined, ReaderPool
from squid_core.evaluation.changes import CHANGES
from squid_core.evaluation.measure import Array, Judge
from squid_core.evaluation.metrics import auc
from squid_core.evaluation.reencode import Varied, draw, write_dicom
from squid_core.preprocessing import Preprocessing

IN_HAND = 4  # files written and not yet read back: they are large


def stress(judge: Judge, normal: Sequence[Picture], abnormal: Sequence[Picture], reference: Array) -> dict[str, Any]:
    """Movement of the percentile by kind of change: re-encoded as DICOM, and changed as pictures.

    Args:
        judge: the bundle and its score.
        normal: pictures of the evaluated normals.
        abnormal: pictures of the evaluated abnormals.
        reference: scores of the evaluated normals; percentiles are ranks among them where the card has none.

    Raises:
        SquidError: the temporary folder cannot be written.
    """
    preprocessing = judge.card.preprocessing
    pictures = [*normal, *abnormal]
    is_normal = np.arange(len(pictures)) < len(normal)
    was = judge.scores(as_inputs(pictures, preprocessing))
    found: dict[str, Any] = {"pictures": {"normal": len(normal), "abnormal": len(abnormal)}, "dicom": {}}
    with ReaderPool() as pool:
        for kind in tqdm(list(Varied), "stress", leave=False, disable=not sys.stderr.isatty()):
            inputs = reread(pictures, kind, preprocessing, pool)
            read = np.array([image is not None for image in inputs])
            seen = [image for image in inputs if image is not None]
            now = judge.scores(np.stack(seen)) if seen else np.empty(0)
            moved = _movement(judge, was[read], now, is_normal[read], reference)
            found["dicom"][str(kind)] = {"not_read": int((~read).sum()), **moved}
    found["changed"] = {}
    for name, change in CHANGES.items():
        now = judge.scores(as_inputs([change(picture) for picture in pictures], preprocessing))
        found["changed"][name] = _movement(judge, was, now, is_normal, reference)
    return found


def reread(
    pictures: Sequence[Picture], kind: Varied, preprocessing: Preprocessing, pool: ReaderPool
) -> list[FloatArray | None]:
    """Write pictures as DICOM and read them back through the reader processes, as triage does.

    The files lie in a temporary folder of this run and each goes as soon as it is read. What is drawn at random
    follows from the picture's place in the sequence alone.

    Returns:
        (S, S) float32 in 0..1 each; None where the reader would not have let the detector run.

    Raises:
        SquidError: the temporary folder cannot be written.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="squid-stress-") as folder:
            return list(_reread(pictures, kind, preprocessing, Path(folder), pool))
    except OSError as error:
        raise SquidError(
            f"The re-encoded pictures could not be written: {error.strerror}.",
            "Free some space in the folder of temporary files.",
        ) from error


def _reread(
    pictures: Sequence[Picture], kind: Varied, preprocessing: Preprocessing, folder: Path, pool: ReaderPool
) -> Iterator[FloatArray | None]:
    waiting: deque[tuple[Path, Future[Examined]]] = deque()
    for i, picture in enumerate(pictures):
        path = folder / f"{i}.dcm"
        write_dicom(path, picture, draw(kind, np.random.default_rng(i)))
        waiting.append((path, pool.examine(path, [preprocessing])))
        if len(waiting) >= IN_HAND:
            yield _taken(*waiting.popleft())
    while waiting:
        yield _taken(*waiting.popleft())


def _taken(path: Path, future: Future[Examined]) -> FloatArray | None:
    seen = future.result()
    path.unlink()
    may_run = seen.verdict is not None and seen.verdict.decision is Decision.ANALYSE
    return seen.inputs[0].image if may_run and seen.inputs else None


def _movement(
    judge: Judge, before: Array, after: Array, is_normal: NDArray[np.bool_], reference: Array
) -> dict[str, Any]:
    """Percentile points between two scores of each picture, and AUC of the normals against themselves, changed."""
    shift = judge.percentiles(after, reference) - judge.percentiles(before, reference)
    found: dict[str, Any] = {
        name: {
            "median": float(np.median(np.abs(shift[group]))),
            "p95": float(np.quantile(np.abs(shift[group]), 0.95)),
            "worst": float(np.abs(shift[group]).max()),
            "mean_shift": float(shift[group].mean()),
        }
        for name, group in (("normal", is_normal), ("abnormal", ~is_normal))
        if group.any()
    }
    if is_normal.any():
        found["auc_normal_against_changed"] = auc(before[is_normal], after[is_normal])
    return found
