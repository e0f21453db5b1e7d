"""SQUID, the other detectors of its paper and the floors on the same images with the same number of steps: one table.

Detectors that are built on the features of a network which has learned before take one from a file or, without one, the
encoder that SQUID's own run has trained: its lesion critic's, or where it has none its own. So nobody has seen more.
"""

from __future__ import annotations

import copy
import hashlib
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tqdm import tqdm

from squid_core.bundle.calibration import apply
from squid_core.bundle.weights import read_bundle
from squid_core.contracts.errors import SquidError
from squid_core.datasets.image_set import ImageSet, TrainingSet, spread
from squid_core.datasets.labelled import Labelled
from squid_core.datasets.tensors import as_tensor
from squid_core.evaluation.floors import FITTED_ON, Floors
from squid_core.evaluation.metrics import auc, auc_interval
from squid_core.experiments.methods import FROM_SCRATCH, METHODS, ON_FEATURES
from squid_core.experiments.networks import RECONSTRUCTION, Baseline, NormalImages, auto_encoder_config
from squid_core.experiments.rivals.backbone import Backbone, of_critic, of_encoder
from squid_core.experiments.rivals.resnet import load_resnet
from squid_core.experiments.runs import Json, markdown, once, percent
from squid_core.model.config import NetworkConfig
from squid_core.model.generator import Generator
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


def compare(
    preset: Preset,
    sets: Sets,
    labelled: Labelled,
    out: Path,
    seed: int,
    device: torch.device,
    backbone: Path | None = None,
) -> list[Json]:
    """Train and measure every method; what `out` holds already is not repeated.

    Args:
        preset: gives SQUID, the widths of the others, batch size, learning rate, augmentation and steps of all.
        sets: what is trained on, and what calibrates SQUID.
        labelled: what is measured on; `training` is there and fits the floors.
        out: folder of one JSON file a method, and of SQUID's bundle.
        seed: of everything random.
        device: where to train.
        backbone: safetensors of a residual network, for the methods that are built on features.

    Returns:
        A row for each method and score: method, score, features, auc, auc_95, by_group, parameters, seconds.

    Raises:
        SquidError: the results cannot be written, the backbone cannot be used, or SQUID's training diverged.
    """
    given = None if backbone is None else load_resnet(backbone)
    images = (sets.held_out, labelled.normal, *labelled.abnormal.values())
    data = hashlib.sha256(b"".join(one.images.tobytes() for one in images)).hexdigest()
    facts = {"preset": preset.model_dump(mode="json", exclude={"card"}), "seed": seed, "data": data}
    bundle = out / SQUID
    one = partial(_baseline, preset=preset, source=sets.train, labelled=labelled, seed=seed, device=device)
    makers: dict[str, Callable[[], Json]] = {
        SQUID: partial(_squid, preset, sets, labelled, seed, device, bundle),
        "no training": partial(_floors, labelled),
        **{name: partial(one, name, partial(make, preset.network)) for name, make in METHODS.items()},
    }
    for name, make in ON_FEATURES.items():
        own = partial(_from_scratch, preset.network) if name in FROM_SCRATCH else partial(_learned, bundle, device)
        makers[name] = partial(one, name, partial(_built_on, make, partial(copy.deepcopy, given) if given else own))
    rows: list[Json] = []
    for name, work in tqdm(makers.items(), unit="method", disable=not sys.stderr.isatty()):
        extra = {"backbone": given and given.digest()} if name in ON_FEATURES else {}
        rows += once(out / f"{name}.json", {"method": name, **facts, **extra}, work)["rows"]
    return sorted(rows, key=lambda row: row["method"] == SQUID)  # SQUID last in the table, though first in time


def as_markdown(rows: list[Json]) -> str:
    """The rows as a table, AUC in per cent."""
    groups = list(rows[0]["by_group"])
    head = ["method", "features", "score", "AUC", "95% interval", *groups, "parameters", "seconds"]
    return markdown(head, [_cells(row, groups) for row in rows])


def train(method: Baseline, source: TrainingSet, preset: Preset, seed: int, device: torch.device) -> None:
    """Adam over the preset's steps, on the batches that SQUID would see; leaves the method in evaluation mode."""
    some = source.subset(spread(len(source), FITTED_ON))
    normals: NormalImages = partial(_batches, some, device)
    with torch.no_grad():
        method.eval().begin(normals)
    if any(parameter.requires_grad for parameter in method.parameters()):
        _steps(method, source, preset, seed, device)
    with torch.no_grad():
        method.eval().finish(normals)


def _steps(method: Baseline, source: TrainingSet, preset: Preset, seed: int, device: torch.device) -> None:
    trained = [parameter for parameter in method.parameters() if parameter.requires_grad]
    optimiser = torch.optim.Adam(trained, lr=preset.learning_rate, betas=preset.betas)
    size, count = preset.batch_size, len(source)
    method.train()
    for step in range(preset.steps):
        for group in optimiser.param_groups:
            group["lr"] = method.rate * preset.learning_rate * cosine(step, preset.steps, preset.final_rate)
        method.done = step / preset.steps
        epoch, at = divmod(step, max(1, count // size))
        order = np.random.default_rng((seed, epoch)).permutation(count)
        images = as_tensor(source.batch(order[at * size : (at + 1) * size].tolist(), epoch), device)
        loss = method.loss(augment(images, preset.augmentation))
        optimiser.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        optimiser.step()


@torch.no_grad()
def score(method: Baseline, images: ImageSet, device: torch.device) -> Scores:
    """(N,) by name of score; high speaks for abnormal."""
    seen = [method.scores(batch) for batch in _batches(images, device)]
    return {name: _joined([row[name] for row in seen]) for name in seen[0]}


def _batches(images: ImageSet, device: torch.device) -> Iterator[torch.Tensor]:
    for start in range(0, len(images), BATCH):
        yield as_tensor(images.images[start : start + BATCH], device)


def _baseline(
    name: str,
    make: Callable[[], Baseline],
    preset: Preset,
    source: TrainingSet,
    labelled: Labelled,
    seed: int,
    device: torch.device,
) -> Json:
    torch.manual_seed(seed)
    method = make().to(device)
    backbone = getattr(method, "backbone", None) or getattr(method, "teacher", None)
    features = backbone.name if isinstance(backbone, Backbone) else ""
    started = time.perf_counter()
    train(method, source, preset, seed, device)
    seconds = time.perf_counter() - started
    parameters = sum(p.numel() for p in method.parameters())
    return {"rows": measure(name, partial(score, method, device=device), labelled, parameters, seconds, features)}


def _built_on(make: Callable[[Backbone], Baseline], backbone: Callable[[], Backbone]) -> Baseline:
    return make(backbone())


def _from_scratch(network: NetworkConfig) -> Backbone:
    return of_encoder(Generator(auto_encoder_config(network)), "")


def _learned(bundle: Path, device: torch.device) -> Backbone:
    """What SQUID's run has left in the results' folder.

    Raises:
        SquidError: it is gone.
    """
    try:
        _, squid = read_bundle(bundle, device)
    except SquidError as error:
        raise SquidError(
            "The networks of SQUID's run are gone from the results' folder.",
            f"Delete {SQUID}.json in it: SQUID is then trained again.",
        ) from error
    if squid.lesion is not None:
        return of_critic(squid.lesion, "SQUID's lesion critic")
    return of_encoder(squid.generator, "SQUID's encoder")


def _floors(labelled: Labelled) -> Json:
    assert labelled.training is not None  # noqa: S101 - see `compare`
    started = time.perf_counter()
    floors = Floors(labelled.training)
    return {"rows": measure("no training", floors.scores, labelled, 0, time.perf_counter() - started)}


def train_squid(
    preset: Preset, sets: Sets, seed: int, device: torch.device, bundle: Path
) -> tuple[Callable[[ImageSet], Scores], int]:
    """Train SQUID, and write its bundle.

    Returns:
        What scores a set of images: its combined score, the paper's A and the student's error; and the number of
        parameters trained.

    Raises:
        SquidError: the training diverged, the score cannot be calibrated, or the bundle not be written.
    """
    with tempfile.TemporaryDirectory() as work:
        trainer = Trainer(preset, SQUID, sets, Path(work), seed, device)
        trainer.run(progress=False)
        finish(trainer, bundle)
    card, squid = read_bundle(bundle, device)
    settings = card.settings

    def scores(images: ImageSet) -> Scores:
        values, errors = [], []
        for batch in _batches(images, device):
            seen = squid.measure(batch, settings)
            values.append(seen.values())
            errors.append((seen.made.student - batch).square().mean((1, 2, 3)))
        found = apply(card.calibration, {name: _joined([row[name] for row in values]) for name in values[0]})
        return {COMBINED: found.combined, PAPER: found.paper, RECONSTRUCTION: _joined(errors)}

    networks = (trainer.generator, trainer.discriminator)
    return scores, sum(p.numel() for network in networks for p in network.parameters())


def _squid(preset: Preset, sets: Sets, labelled: Labelled, seed: int, device: torch.device, bundle: Path) -> Json:
    started = time.perf_counter()
    scores, parameters = train_squid(preset, sets, seed, device, bundle)
    return {"rows": measure(SQUID, scores, labelled, parameters, time.perf_counter() - started)}


def measure(
    method: str,
    scores: Callable[[ImageSet], Scores],
    labelled: Labelled,
    parameters: int,
    seconds: float,
    features: str = "",
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
                "features": features,
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
    return [
        row["method"],
        row["features"],
        row["score"],
        percent(row["auc"]),
        interval,
        *each,
        parameters,
        f"{row['seconds']:.0f}",
    ]


def _joined(parts: Sequence[torch.Tensor]) -> NDArray[np.float64]:
    return torch.cat(list(parts)).double().cpu().numpy()
