"""What adapting to a place is worth, measured there: on patients of the place that it was not adapted to.

An adaptation estimates itself by leaving images out. This measures it from outside: normals are drawn from a place, a
bundle is adapted to them by the same function, and scores other patients of the place, and its abnormal ones.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from squid_core.adaptation.adapt import adapt, write
from squid_core.contracts.errors import SquidError
from squid_core.datasets.full_resolution import Picture, as_inputs, load_alike, load_patients
from squid_core.datasets.image_set import ImageSet, to_bytes
from squid_core.evaluation.measure import Array, Judge
from squid_core.evaluation.metrics import auc, auc_interval, exceeded, wilson
from squid_core.evaluation.pseudo_sites import Site, at_site, draw_site

DRAWS = 3  # of the normals, at each place
FEWEST_TESTED, MOST_TESTED = 40, 100  # normal patients that must be left to measure on, and that are
ABNORMALS = 100  # pictures from all folders
HOME = "as they are"  # the pictures, taken to no made-up hospital


@dataclass(frozen=True, eq=False)
class Patients:
    """Pictures of one place.

    Attributes:
        normal: pictures.
        keys: one a picture, of its patient.
        abnormal: pictures.
    """

    normal: Sequence[Picture]
    keys: Sequence[str]
    abnormal: Sequence[Picture]

    def moved_to(self, site: Site) -> Patients:
        """The same patients at a made-up hospital."""
        return Patients(at_site(site, self.normal), self.keys, at_site(site, self.abnormal))


def ask_curves(
    normal: Path, abnormal: Sequence[Path], counts: Sequence[int], sites: int
) -> Callable[[Judge, Array], Any]:
    """What adapting to so many normals is worth, on pictures as they are and at so many made-up hospitals.

    Raises:
        SquidError: a folder does not exist or holds no readable image.
    """
    pictures, keys = load_patients(normal)
    ill = load_alike(abnormal, ABNORMALS)
    return lambda judge, _: curves(judge, Patients(pictures, keys, ill), counts, sites)


def curves(judge: Judge, patients: Patients, counts: Sequence[int], sites: int) -> dict[str, list[dict[str, Any]]]:
    """Shares of normals beyond each percentile, and AUC, before and after adaptations, by place.

    Args:
        judge: the bundle before; its own score.
        patients: of one real place.
        counts: of patients whose normals are adapted to; those that leave fewer than FEWEST_TESTED are left out.
        sites: made-up hospitals that the pictures are taken to as well.

    Returns:
        By place a list of rows, the first before any adaptation, all measured on the same normals: `normals` adapted
        to, `draws` that were not refused, `tested`, and `beyond` by percentile and `auc`, each with `mean` and `std`
        over the draws and the `interval_95` of one evaluation on as many. Where all draws were refused, `refused`
        says why instead.

    Raises:
        SquidError: too few patients, or the bundle's score or folder cannot be used.
    """
    found = {HOME: _curve(judge, patients, counts)}
    for seed in tqdm(range(sites), "adapting", leave=False, disable=not sys.stderr.isatty()):
        site = draw_site(seed)
        found[f"site {seed} ({site.distance:.2f})"] = _curve(judge, patients.moved_to(site), counts)
    return found


def _curve(judge: Judge, patients: Patients, counts: Sequence[int]) -> list[dict[str, Any]]:
    normal, abnormal = _inputs(judge, patients.normal, patients.keys), _inputs(judge, patients.abnormal)
    everybody = sorted(set(normal.patients))
    usable = [count for count in sorted(counts) if len(everybody) - count >= FEWEST_TESTED]
    if not usable or not judge.locked:
        raise SquidError(
            "The use of an adaptation cannot be measured.",
            f"It needs {FEWEST_TESTED} more normal patients than are adapted to, and the score that the card sorts by.",
        )
    before = judge.scores(normal), judge.scores(abnormal)
    rows: dict[int, list[dict[str, Any]]] = {count: [] for count in (0, *usable)}
    refused: dict[int, str] = {}
    for draw in range(DRAWS):
        order = np.random.default_rng(draw).permutation(everybody).tolist()
        tested = _of(normal, order[usable[-1] :][:MOST_TESTED])
        rows[0].append(_figures(judge, before[0][tested], before[1]))
        for count in usable:
            try:
                rows[count].append(
                    _after(judge, normal.subset(_of(normal, order[:count])), normal.subset(tested), abnormal)
                )
            except SquidError as error:
                refused[count] = error.title
    return [
        {"normals": count, **(_over_draws(found) if found else {"refused": refused[count]})}
        for count, found in rows.items()
    ]


def _after(judge: Judge, local: ImageSet, normal: ImageSet, abnormal: ImageSet) -> dict[str, Any]:
    """The figures of a bundle adapted to some normals, on others."""
    device = next(judge.squid.parameters()).device.type
    with tempfile.TemporaryDirectory(prefix="squid-adapted-") as folder:
        write(adapt(judge.folder, local, device=device), Path(folder) / "adapted")
        adapted = Judge.load(Path(folder) / "adapted", device)
    return _figures(adapted, adapted.scores(normal), adapted.scores(abnormal))


def _figures(judge: Judge, normal: Array, abnormal: Array) -> dict[str, Any]:
    beyond = exceeded(normal, judge.card.calibration.thresholds)
    return {
        "tested": len(normal),
        "beyond": {name: row["exceeded"] for name, row in beyond.items()},
        "auc": auc(normal, abnormal),
        "auc_95": auc_interval(normal, abnormal),
    }


def _over_draws(found: Sequence[dict[str, Any]]) -> dict[str, Any]:
    tested = round(float(np.mean([one["tested"] for one in found])))
    beyond = {name: _spread([one["beyond"][name] for one in found]) for name in found[0]["beyond"]}
    for row in beyond.values():
        row["interval_95"] = list(wilson(round(row["mean"] * tested), tested))
    interval = np.mean([one["auc_95"] for one in found], axis=0).tolist()
    aucs = _spread([one["auc"] for one in found]) | {"interval_95": interval}
    return {"draws": len(found), "tested": tested, "beyond": beyond, "auc": aucs}


def _spread(values: Sequence[float]) -> dict[str, Any]:
    return {"mean": float(np.mean(values)), "std": float(np.std(values, ddof=1)) if len(values) > 1 else 0.0}


def _inputs(judge: Judge, pictures: Sequence[Picture], keys: Sequence[str] = ()) -> ImageSet:
    names = tuple(keys) or tuple(map(str, range(len(pictures))))
    return ImageSet(to_bytes(as_inputs(pictures, judge.card.preprocessing)), names, names)


def _of(images: ImageSet, patients: Sequence[str]) -> list[int]:
    """Indices of the images of some patients."""
    chosen = set(patients)
    return [index for index, patient in enumerate(images.patients) if patient in chosen]
