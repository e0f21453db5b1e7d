"""Adapt a bundle to the normals of a place: networks moved, calibrated anew, estimated with images left out."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import torch

from squid_core.adaptation.moving import move, see
from squid_core.adaptation.recalibrate import estimate, estimate_left_out, logit, recalibrated
from squid_core.bundle.calibration import Scores, apply
from squid_core.bundle.card import MAX_SITE, Adapted, Calibration, Card, NotUsed, read_card, sha256
from squid_core.bundle.sources import read_sources
from squid_core.bundle.weights import pack, read_bundle, write_bundle
from squid_core.contracts.errors import SquidError
from squid_core.datasets.image_set import ImageSet
from squid_core.model.device import on_device, pick_device
from squid_core.text import clean_text

FEWEST = 20  # normals to begin with, each of another patient
MOST = 300  # that are used: more make it slower, not better
FARTHEST = 4.0  # robust standard deviations of the local scores above their median: what lies beyond is left out
MOST_UNUSUAL = 1 / 3  # of the images may be left out for what they look like; more, and they are no normals

Progress = Callable[[float], object]  # told the share that is done, 0..1


@dataclass(frozen=True, eq=False)
class Adaptation:
    """An adapted bundle that lies nowhere yet.

    Attributes:
        card: says what it was adapted to, and what that is worth (`card.adapted`).
        weights: as `squid_core.bundle.weights.pack` makes them.
        sources: by memory slot, the file name of the training image behind it where the parent tells; never a local
            one. Empty where the parent tells none.
    """

    card: Card
    weights: bytes
    sources: tuple[str | None, ...]

    @property
    def adapted(self) -> Adapted:
        """What the card says of the adaptation: counts, and the estimates before and after."""
        if self.card.adapted is None:
            raise ValueError("this is the card of no adaptation")
        return self.card.adapted


def adapt(
    parent: Path,
    normals: ImageSet,
    *,
    device: str = "auto",
    not_used: Mapping[NotUsed, int] | None = None,
    site: str = "",
    progress: Progress = lambda _: None,
) -> Adaptation:
    """Adapt a bundle to normals; seconds, without gradient, the disk is only read.

    Of each patient the first image is used. What looks far less normal than the others, or like nothing in memory, is
    left out: images judged abnormal are the caller's to keep away, but somebody may have overlooked one.

    Args:
        parent: a bundle's folder.
        normals: prepared with the parent's preprocessing; fresh ones, which neither trained nor calibrated it.
        device: auto, cpu or cuda.
        not_used: images that the caller has left out already, for the card.
        site: whose images, in a few words for the card; no patient.
        progress: told on the caller's thread.

    Raises:
        SquidError: too few normals or patients, too many that look abnormal, the parent is adapted itself or cannot be
            read, or the device cannot be used.
    """
    _refuse_adapted(read_card(parent))
    counted = Counter(not_used or {})
    chosen, where = _one_of_each_patient(normals, counted), pick_device(device)
    return on_device(where, lambda: _adapt(parent, chosen, where, counted.copy(), site, progress))


def _adapt(
    parent: Path,
    normals: ImageSet,
    device: torch.device,
    not_used: Counter[NotUsed],
    site: str,
    progress: Progress,
) -> Adaptation:
    card, squid = read_bundle(parent, device)
    sources = list(read_sources(parent, card.weights_sha256, card.network.slots))
    total = 2 * len(normals)
    measured, features = see(squid, normals.images, card.settings, lambda done: progress(done / total))
    kept = _normal_ones(apply(card.calibration, measured.values), not_used)
    begun = total - len(kept)
    moved = move(
        squid, normals.images[kept], features[kept], card.settings, lambda done: progress((begun + done) / total)
    )
    for slot in moved.slots if sources else ():
        sources[slot] = None  # a file name may identify a patient
    weights = pack(squid)
    adapted = Adapted(
        parent=card.name,
        parent_sha256=card.weights_sha256,
        made=datetime.now(UTC).date().isoformat(),
        normals=len(kept),
        not_used={str(reason): count for reason, count in not_used.items() if count},
        site=clean_text(site, MAX_SITE),
        entries=len(moved.slots),
        before=estimate(card.calibration, measured.subset(kept).values),
        after=estimate_left_out(card.calibration, moved.left_out),
    )
    calibration = recalibrated(card.calibration, moved.left_out)
    return Adaptation(_card_of(card, adapted, calibration, sha256(weights)), weights, tuple(sources))


def _refuse_adapted(card: Card) -> None:
    if card.adapted is not None:
        parent = card.adapted.parent
        raise SquidError(
            f"The weights '{card.name}' are adapted already.",
            f"Adapt '{parent}' instead, from which they were made, with all the normal images you have.",
        )


def _one_of_each_patient(normals: ImageSet, not_used: Counter[NotUsed]) -> ImageSet:
    """The first image of every patient, of too many as many as MOST, spread over the set.

    Raises:
        SquidError: too few.
    """
    first = list({patient: index for index, patient in reversed(list(enumerate(normals.patients)))}.values())[::-1]
    not_used[NotUsed.PATIENT] += len(normals) - len(first)
    if len(first) < FEWEST:
        raise SquidError(
            f"Too few patients to adapt to: {len(first)}.",
            f"At least {FEWEST} normal images are needed, each of another patient.",
        )
    used = sorted({round(place) for place in np.linspace(0, len(first) - 1, min(MOST, len(first)))})
    not_used[NotUsed.SPARE] += len(first) - len(used)
    return normals.subset([first[place] for place in used])


def _normal_ones(scores: Scores, not_used: Counter[NotUsed]) -> list[int]:
    """The images that look normal among their like, whatever the place does to all of them.

    Raises:
        SquidError: too many do not.
    """
    raw = logit(scores.score)
    middle = float(np.median(raw))
    spread = 1.4826 * float(np.median(np.abs(raw - middle)))  # as a standard deviation, where normal
    unusual = ~scores.outside_memory & (raw > middle + FARTHEST * spread)
    kept = np.flatnonzero(~scores.outside_memory & ~unusual)
    not_used[NotUsed.OUTSIDE] += int(scores.outside_memory.sum())
    not_used[NotUsed.UNUSUAL] += int(unusual.sum())
    if len(kept) < (1 - MOST_UNUSUAL) * len(raw):
        raise SquidError(
            f"{len(raw) - len(kept)} of {len(raw)} images look like no normal chest X-ray.",
            "Give frontal chest radiographs that a radiologist has read as normal.",
        )
    return [int(index) for index in kept]


def _card_of(parent: Card, adapted: Adapted, calibration: Calibration, weights_sha256: str) -> Card:
    count = adapted.normals
    limit = (
        f"Adapted to one place by {count} of its normal images: good there, and not tested elsewhere. What was "
        f"measured of '{parent.name}' was not measured of these weights."
    )
    return parent.model_copy(
        update={
            "name": f"{parent.name}-adapted",
            "title": f"{parent.title or parent.name}, adapted",
            "data": f"{parent.data} Adapted to {count} normal images of {count} patients of one place.".lstrip(),
            "weights_sha256": weights_sha256,
            "calibration": calibration,
            "metrics": {},
            "limits": (*parent.limits, limit),
            "adapted": adapted,
        }
    )


def write(adaptation: Adaptation, out: Path) -> None:
    """Write the bundle; it is there whole or not at all, and never in place of another.

    Args:
        adaptation: of `adapt`.
        out: the new folder; its name becomes the bundle's.

    Raises:
        SquidError: there is something already, or it cannot be written.
    """
    check_new(out)
    partial = out.with_name(f".{out.name}.partial")
    card = adaptation.card.model_copy(update={"name": out.name[:80]})
    try:
        shutil.rmtree(partial, ignore_errors=True)  # of a run that was killed
        write_bundle(partial, adaptation.weights, card, adaptation.sources)
        partial.rename(out)
    except OSError as error:
        raise SquidError(
            f"The bundle '{out.name}' could not be written: {error.strerror}.", "Choose another place."
        ) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def check_new(out: Path) -> None:
    """Whether a bundle may be written there; to be asked before much is computed.

    Raises:
        SquidError: there is something already.
    """
    if out.exists():
        raise SquidError(f"'{out.name}' exists already.", "Name a folder that is to be made: no bundle is replaced.")
