"""SQUID, other detectors and the floors on the same images with the same number of steps: one table."""

from __future__ import annotations

import hashlib
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tqdm import tqdm

from squid_core.bundle.calibration import apply
from squid_core.bundle.weights import read_bundle
from squid_core.datasets.image_set import ImageSet, TrainingSet
from squid_core.datasets.labelled import Labelled
from squid_core.datasets.tensors import as_tensor
from squid_core.evaluation.floors import Floors
from squid_core.evaluation.metrics import auc, auc_interval
from squid_core.experiments.networks import METHODS, RECONSTRUCTION, Baseline
from squid_core.experiments.runs import Json, markdown, once, percent
from squid_core.training.augmentation import augment
from squid_core.training.finish import finish
from squid_core.training.loop import Trainer
from squid_core.training.preset import Preset
from squid_core.training.schedule import cosine
from squid_core.training.sets import Sets

BATCH = 32
SQUID = "SQUID"
COMBINED, PAPER = "combined score", "the paper's A"

Scores = dict[str, NDArray[np.float64]]


def compare(preset: Preset, sets: Sets, labelled: Labelled, out: Path, seed: int, device: torch.device) -> list[Json]:
    """Train and measure every method; what `out` holds already is not repeated.

    Args:
        preset: gives SQUID, the widths of the others, batch size, learning rate, augmentation and steps of all.
        sets: what is trained on, and what calibrates SQUID.
        labelled: what is measured on; `training` is there and fits the floors.
        out: folder of one JSON file a method.
        seed: of everything random.
        device: where to train.

    Returns:
        A row for each method and score: method, score, auc, auc_95, by_group, parameters, seconds.

    Raises:
        SquidError: the results cannot be written, or SQUID's training diverged.
    """
    images = (sets.held_out, labelled.normal, *labelled.abnormal.values())
    data = hashlib.sha256(b"".join(one.images.tobytes() for one in images)).hexdigest()
    facts = {"preset": preset.model_dump(mode="json", exclude={"card"}), "seed": seed, "data": data}
    makers: dict[str, Callable[[], Json]] = {
        "floors": partial(_floors, labelled),
        **{name: partial(_baseline, name, preset, sets.train, labelled, seed, device) for name in METHODS},
        SQUID: partial(_squid, preset, sets, labelled, seed, device),
    }
    rows: list[Json] = []
    for name, make in tqdm(makers.items(), unit="method", disable=not sys.stderr.isatty()):
        rows += once(out / f"{name}.json", {"method": name, **facts}, make)["rows"]
    return rows


def as_markdown(rows: list[Json]) -> str:
    """The rows as a table, AUC in per cent."""
    groups = list(rows[0]["by_group"])
    head = ["method", "score", "AUC", "95% interval", *groups, "parameters", "seconds"]
    return markdown(head, [_cells(row, groups) for row in rows])


def train(method: Baseline, source: TrainingSet, preset: Preset, seed: int, device: torch.device) -> None:
    """Adam over the preset's steps, on the batches that SQUID would see; leaves the method in evaluation mode."""
    optimiser = torch.optim.Adam(method.parameters(), lr=preset.learning_rate, betas=preset.betas)
    size, count = preset.batch_size, len(source)
    method.train()
    for step in range(preset.steps):
        for group in optimiser.param_groups:
            group["lr"] = preset.learning_rate * cosine(step, preset.steps, preset.final_rate)
        epoch, at = divmod(step, max(1, count // size))
        order = np.random.default_rng((seed, epoch)).permutation(count)
        images = as_tensor(source.batch(order[at * size : (at + 1) * size].tolist(), epoch), device)
        loss = method.loss(augment(images, preset.augmentation))
        optimiser.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        optimiser.step()
    method.eval()


@torch.no_grad()
def score(method: Baseline, images: ImageSet, device: torch.device) -> Scores:
    """(N,) by name of score; high speaks for abnormal."""
    seen = [
        method.scores(as_tensor(images.images[start : start + BATCH], device)) for start in range(0, len(images), BATCH)
    ]
    return {name: _joined([row[name] for row in seen]) for name in seen[0]}


def _baseline(
    name: str, preset: Preset, source: TrainingSet, labelled: Labelled, seed: int, device: torch.device
) -> Json:
    torch.manual_seed(seed)
    method = METHODS[name](preset.network).to(device)
    started = time.perf_counter()
    train(method, source, preset, seed, device)
    seconds = time.perf_counter() - started
    parameters = sum(p.numel() for p in method.parameters())
    return {"rows": measure(name, partial(score, method, device=device), labelled, parameters, seconds)}


def _floors(labelled: Labelled) -> Json:
    assert labelled.training is not None  # noqa: S101 - see `compare`
    started = time.perf_counter()
    floors = Floors(labelled.training)
    return {"rows": measure("no training", floors.scores, labelled, 0, time.perf_counter() - started)}


def train_squid(
    preset: Preset, sets: Sets, seed: int, device: torch.device
) -> tuple[Callable[[ImageSet], Scores], int]:
    """Train SQUID, calibrate it as its bundle would be, and keep nothing on disk.

    Returns:
        What scores a set of images: its combined score, the paper's A and the student's error; and the number of
        parameters trained.

    Raises:
        SquidError: the training diverged, or the score cannot be calibrated.
    """
    with tempfile.TemporaryDirectory() as folder:
        trainer = Trainer(preset, SQUID, sets, Path(folder) / "work", seed, device)
        trainer.run(progress=False)
        finish(trainer, Path(folder) / "bundle")
        card, squid = read_bundle(Path(folder) / "bundle", device)
    settings = card.settings

    def scores(images: ImageSet) -> Scores:
        values, errors = [], []
        for batch in torch.split(as_tensor(images.images, device), BATCH):
            seen = squid.measure(batch, settings)
            values.append(seen.values())
            errors.append((seen.made.student - batch).square().mean((1, 2, 3)))
        found = apply(card.calibration, {name: _joined([row[name] for row in values]) for name in values[0]})
        return {COMBINED: found.combined, PAPER: found.paper, RECONSTRUCTION: _joined(errors)}

    networks = (trainer.generator, trainer.discriminator)
    return scores, sum(p.numel() for network in networks for p in network.parameters())


def _squid(preset: Preset, sets: Sets, labelled: Labelled, seed: int, device: torch.device) -> Json:
    started = time.perf_counter()
    scores, parameters = train_squid(preset, sets, seed, device)
    return {"rows": measure(SQUID, scores, labelled, parameters, time.perf_counter() - started)}


def measure(
    method: str, scores: Callable[[ImageSet], Scores], labelled: Labelled, parameters: int, seconds: float
) -> list[Json]:
    """A row for each score: AUC over all abnormal images with its interval, and by group."""
    calm = scores(labelled.normal)
    ill = {group: scores(images) for group, images in labelled.abnormal.items()}
    rows: list[Json] = []
    for name, normal in calm.items():
        abnormal = np.concatenate([seen[name] for seen in ill.values()])
        rows.append(
            {
                "method": method,
                "score": name.replace("_", " "),
                "auc": auc(normal, abnormal),
                "auc_95": list(auc_interval(normal, abnormal)),
                "by_group": {group: auc(normal, seen[name]) for group, seen in ill.items()},
                "parameters": parameters,
                "seconds": round(seconds, 1),
            }
        )
    return rows


def _cells(row: Json, groups: list[str]) -> list[str]:
    interval = " to ".join(map(percent, row["auc_95"]))
    parameters = f"{row['parameters'] / 1000:.0f} k" if row["parameters"] else ""
    each = [percent(row["by_group"][group]) for group in groups]
    return [row["method"], row["score"], percent(row["auc"]), interval, *each, parameters, f"{row['seconds']:.0f}"]


def _joined(parts: Sequence[torch.Tensor]) -> NDArray[np.float64]:
    return torch.cat(list(parts)).double().cpu().numpy()
