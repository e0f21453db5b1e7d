"""Ablations on DigitAnatomy: what each part of SQUID is worth, and how far its settings may be moved.

Each variation is the digit preset with a few fields changed, on grids of half the side, at a third of the cost, so that
the whole study fits into an hour on two cores. One table, one set of curves, one command.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import torch
from tqdm import tqdm

from squid_core.contracts.errors import SquidError
from squid_core.datasets.digit_anatomy import DigitAnatomy
from squid_core.datasets.labelled import Labelled, from_digits
from squid_core.experiments.baselines import COMBINED, PAPER, measure, train_squid
from squid_core.experiments.networks import RECONSTRUCTION
from squid_core.experiments.runs import Json, markdown, once, percent
from squid_core.training.preset import Preset
from squid_core.training.sets import Sets, sets_from_digits

HELD_OUT, VALIDATED = 300, 20  # of the held-out grids: these calibrate, these few are for the log
FULL = "as preset"
HALF = {"network.image_size": 48, "preprocessing.size": 48}  # cells of 16 px


@dataclass(frozen=True)
class Variation:
    """One run.

    Attributes:
        study: what is varied.
        value: how; a number where it makes a curve.
        changes: fields of the preset by dotted name.
        abnormal_share: of the training grids, see DigitAnatomy.
        seed_offset: added to the seed.
    """

    study: str
    value: str | float
    changes: dict[str, Any] = field(default_factory=dict)
    abnormal_share: float = 0.0
    seed_offset: int = 0


COMPONENTS, SEEDS = "components", "other seeds"
# The preset's own values are run once, as FULL, and stand in every curve.
CURVES = {
    "k": "network.top_k",
    "memory entries": "network.slots",
    "grid": "network.grid",
    "rho": "network.rho",
    "disease-free share": "",
}

VARIATIONS = (
    Variation(COMPONENTS, FULL),
    Variation(COMPONENTS, "one memory for all places", {"network.space_aware": False}),
    Variation(COMPONENTS, "learned matrix, no queue", {"network.memory": "matrix"}),
    Variation(COMPONENTS, "hard shrinkage, no Gumbel", {"network.shrinkage": "hard"}),
    Variation(COMPONENTS, "no shrinkage", {"network.shrinkage": "softmax"}),
    Variation(COMPONENTS, "no in-painting", {"network.inpaint": False}),
    Variation(COMPONENTS, "no masked shortcut", {"network.shortcut": False}),
    Variation(COMPONENTS, "no teacher, no distillation", {"network.teacher": False}),
    Variation(COMPONENTS, "no distillation", {"losses.distillation": 0.0}),
    Variation(COMPONENTS, "no adversarial loss", {"losses.adversarial": 0.0}),
    # Without memory there is no distance from it: what is left is the discriminator, the paper's A.
    Variation(COMPONENTS, "no memory", {"network.memory": "none", "components": ("discriminator",)}),
    Variation(COMPONENTS, "pretext: places only", {"network.pretext": "place"}),
    Variation(COMPONENTS, "no pretext", {"network.pretext": "none"}),
    *(Variation(SEEDS, f"seed + {offset}", seed_offset=offset) for offset in (1, 2)),
    *(Variation("k", k, {"network.top_k": k}) for k in (1, 3, 30, 100)),
    *(Variation("memory entries", m, {"network.slots": m}) for m in (50, 200, 500)),
    *(Variation("grid", n, {"network.grid": n}) for n in (2, 6)),  # a patch of 16 px at 3, and it halves three times
    *(Variation("rho", rho, {"network.rho": rho}) for rho in (0.5, 0.8, 1.0)),
    *(Variation("disease-free share", round(1 - a, 1), abnormal_share=a) for a in (0.1, 0.2, 0.3, 0.4, 0.5)),
)


def changed(preset: Preset, changes: dict[str, Any]) -> Preset:
    """A preset with some fields changed, checked as if it had been read.

    Raises:
        SquidError: the preset has no such field, or its parts do not fit any more.
    """
    tree = preset.model_dump()
    for name, value in changes.items():
        *path, last = name.split(".")
        branch = tree
        for part in path:
            branch = branch.get(part, {})
        if last not in branch:
            raise SquidError(f"The preset has no field '{name}'.", "Correct the variation.")
        branch[last] = value
    try:
        return Preset.model_validate(tree)
    except ValueError as error:
        raise SquidError("The variation does not fit the preset.", f"Changed: {', '.join(changes)}.") from error


def ablate(
    preset: Preset, digits: Path, out: Path, seed: int, device: torch.device, variations: Sequence[Variation]
) -> list[Json]:
    """Train and measure every variation on the fixed test grids; what `out` holds already is not repeated.

    Args:
        preset: the digit preset, with the steps of one run.
        digits: folder of MNIST's files.
        out: folder of one JSON file a run.
        seed: of everything random.
        device: where to train.
        variations: what to run.

    Returns:
        A row a run: study, value, and by kind of score the AUC with interval and by group; `student` is the mean
        squared error of the reconstruction of normal grids.

    Raises:
        SquidError: the folder does not hold MNIST, the results cannot be written, or a training diverged.
    """
    preset = changed(preset, HALF)
    own = sets_from_digits(digits, preset, seed)
    held = own.held_out.subset(range(min(HELD_OUT, len(own.held_out))))
    sets = replace(own, held_out=held, val_normal=held.subset(range(min(VALIDATED, len(held)))), val_abnormal=None)
    labelled = replace(from_digits(digits, preset.preprocessing), training=None)
    rows = []
    for variation in tqdm(variations, unit="run", disable=not sys.stderr.isatty()):
        mine = changed(preset, variation.changes)
        facts = {
            "preset": mine.model_dump(mode="json", exclude={"card"}),
            "abnormal_share": variation.abnormal_share,
            "seed": seed + variation.seed_offset,
        }
        path = out / "runs" / f"{variation.study} {variation.value}.json"
        result = once(path, facts, partial(_run, variation, mine, sets, labelled, seed, device))
        rows.append({"study": variation.study, "value": variation.value, **result})
    return rows


def _run(variation: Variation, preset: Preset, sets: Sets, labelled: Labelled, seed: int, device: torch.device) -> Json:
    if variation.abnormal_share:
        assert isinstance(sets.train, DigitAnatomy)  # noqa: S101 - made by sets_from_digits
        sets = replace(sets, train=replace(sets.train, abnormal_share=variation.abnormal_share))
    with tempfile.TemporaryDirectory() as bundle:
        scores, parameters = train_squid(preset, sets, seed + variation.seed_offset, device, Path(bundle))
    rows = {row["score"]: row for row in measure("", scores, labelled, parameters, 0)}
    keep = ("auc", "auc_95", "by_group")
    by_score = {name: {key: rows[name][key] for key in keep} for name in (COMBINED, PAPER, RECONSTRUCTION)}
    student = float(scores(labelled.normal)[RECONSTRUCTION].mean())
    return {"scores": by_score, "student": student, "parameters": parameters}


def curve(rows: Sequence[Json], preset: Preset, study: str) -> list[tuple[float, Json]]:
    """(value, row) of a study in the order of its values, the preset's own among them."""
    points = [(float(row["value"]), row) for row in rows if row["study"] == study]
    full = [row for row in rows if row["value"] == FULL]
    if points and full:
        points.append((own_value(preset, study), full[0]))
    return sorted(points, key=lambda point: point[0])


def own_value(preset: Preset, study: str) -> float:
    """Where the preset itself stands on a study's curve."""
    section, _, name = CURVES[study].partition(".")
    return float(getattr(getattr(preset, section), name)) if name else 1.0  # all that it trains on is normal


def as_markdown(rows: Sequence[Json], preset: Preset) -> str:
    """A table of the components and one a curve, AUC in per cent."""
    named = [(str(row["value"]), row) for row in rows if row["study"] in (COMPONENTS, SEEDS)]
    tables = [_table("variation", named)] if named else []
    for study in CURVES:
        points = curve(rows, preset, study)
        if points:
            tables.append(_table(study, [(f"{value:g}", row) for value, row in points]))
    return "\n".join(tables)


def _table(what: str, rows: Sequence[tuple[str, Json]]) -> str:
    groups = list(rows[0][1]["scores"][COMBINED]["by_group"])
    head = [what, "AUC", "95% interval", *groups, PAPER, RECONSTRUCTION, "student's error x 1000"]
    body = []
    for name, row in rows:
        best = row["scores"][COMBINED]
        others = [percent(row["scores"][score]["auc"]) for score in (PAPER, RECONSTRUCTION)]
        each = [percent(best["by_group"][group]) for group in groups]
        interval = " to ".join(map(percent, best["auc_95"]))
        body.append([name, percent(best["auc"]), interval, *each, *others, f"{1000 * row['student']:.1f}"])
    return markdown(head, body)
