"""How good normal pictures are: normal where the image was not, this patient's elsewhere, and as sharp as a radiograph.

Three numbers for the student's reconstruction, enlarged, and for the picture painted from it; for the image too, where
that says something:

- normal: share whose lesion evidence is at most the QUANTILE of that of the evaluated normal images themselves;
- own: mean structural similarity (Wang et al., IEEE TIP 2004: sigma 1.5 px, K 0.01 and 0.03) to the image in the
  picture's pixels, over the places in which the critic's map of the image is below ABNORMAL;
- sharpness: energy of the 5-point Laplacian of the inner picture, geometric mean over the images, as a share of that of
  the evaluated normals.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import FloatArray
from squid_core.datasets.full_resolution import Picture as Original
from squid_core.datasets.full_resolution import as_inputs
from squid_core.datasets.tensors import as_tensor
from squid_core.evaluation.measure import BATCH, Judge
from squid_core.model.lesion import LesionCritic, evidence
from squid_core.model.picture import SCALE

QUANTILE = 0.95
ABNORMAL = 0.5  # of the critic's map, 0..1
WINDOW, SIGMA, K1, K2 = 11, 1.5, 0.01, 0.03
MARGIN = 0.1  # of each side, left out where sharpness is measured: frames and letters
TINY = 1e-9

Planes = FloatArray  # (N, s, s) float32 in 0..1


@dataclass(frozen=True, eq=False)
class _Painted:
    """Images of one group with what was made of them."""

    seen: Planes
    fine: Planes
    students: Planes
    pictures: Planes
    seconds: float


def picture_figures(
    judge: Judge, normal: Sequence[Original], abnormal: Mapping[str, Sequence[Original]]
) -> dict[str, Any]:
    """The three numbers by group, and the milliseconds that a picture takes beyond the score.

    Args:
        judge: of a bundle that paints.
        normal: normal images at their own resolution.
        abnormal: abnormal ones by group.

    Raises:
        SquidError: the bundle paints no picture.
    """
    critic, painter = judge.squid.lesion, judge.squid.picture
    if critic is None or painter is None:
        raise SquidError("These weights paint no picture.", "Leave --picture out, or evaluate others.")
    groups = {name: _paint(judge, images) for name, images in {"normal": normal, **abnormal}.items()}
    calm = groups["normal"]
    threshold = float(np.quantile(_evidence(critic, calm.seen), QUANTILE))
    sharp = sharpness(calm.fine)
    found: dict[str, Any] = {}
    for name, group in groups.items():
        maps = _maps(critic, group.seen)
        figures: dict[str, Any] = {
            "images": len(group.seen),
            "image": {"normal": _share(critic, group.seen, threshold)},
        }
        for what, planes in (("student", group.students), ("picture", group.pictures)):
            figures[what] = {
                "normal": _share(critic, planes, threshold),
                "own": own(_enlarged(planes, group.fine.shape[-1]), group.fine, maps),
                "sharpness": sharpness(_enlarged(planes, group.fine.shape[-1])) / sharp,
            }
        figures["milliseconds"] = 1000 * group.seconds / len(group.seen)
        found[name] = figures
    return found


def own(planes: Planes, images: Planes, maps: Planes) -> float:
    """Mean structural similarity of (N, s, s) planes to images where (N, h, w) maps are below ABNORMAL."""
    found = []
    for plane, image, marks in zip(planes, images, maps, strict=True):
        calm = _enlarged(marks[None], plane.shape[-1])[0] < ABNORMAL
        if calm.any():
            found.append(float(similarity(plane, image)[calm].mean()))
    return float(np.mean(found)) if found else float("nan")


def similarity(one: FloatArray, other: FloatArray) -> NDArray[np.float64]:
    """(s, s) in 0..1, both -> (s, s) structural similarity at every pixel, -1..1."""

    def smooth(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(cv2.GaussianBlur(values, (WINDOW, WINDOW), SIGMA), dtype=np.float64)

    a, b = one.astype(np.float64), other.astype(np.float64)
    mean_a, mean_b = smooth(a), smooth(b)
    var_a, var_b, both = smooth(a * a) - mean_a**2, smooth(b * b) - mean_b**2, smooth(a * b) - mean_a * mean_b
    c1, c2 = K1**2, K2**2
    top = (2 * mean_a * mean_b + c1) * (2 * both + c2)
    return np.asarray(top / ((mean_a**2 + mean_b**2 + c1) * (var_a + var_b + c2)))


def sharpness(planes: Planes) -> float:
    """Geometric mean over (N, s, s) of the mean squared Laplacian within the margins."""
    edge = round(MARGIN * planes.shape[-1])
    energies = [np.mean(cv2.Laplacian(plane, cv2.CV_32F)[edge:-edge, edge:-edge] ** 2) for plane in planes]
    return float(np.exp(np.mean(np.log(np.array(energies) + TINY))))


def _paint(judge: Judge, originals: Sequence[Original]) -> _Painted:
    """One image at a time, as the window asks."""
    squid, preprocessing, settings = judge.squid, judge.card.preprocessing, judge.card.settings
    assert squid.picture is not None  # noqa: S101 - asked before
    seen = as_inputs(originals, preprocessing)
    fine = as_inputs(originals, preprocessing.model_copy(update={"size": SCALE * preprocessing.size}))
    device, seconds = next(squid.parameters()).device, 0.0
    students, painted = [], []
    with torch.no_grad():
        for image in torch.split(as_tensor(seen, device), 1):
            looked = squid.look(image)
            students.append(squid.generator.infer(looked.encoded, settings).student)
            start = time.perf_counter()
            painted.append(squid.picture(squid.given(image, settings, looked)).clamp(0, 1))
            seconds += time.perf_counter() - start
    return _Painted(seen, fine, _planes(students), _planes(painted), seconds)


def _planes(images: Sequence[torch.Tensor]) -> Planes:
    return np.asarray(torch.cat(tuple(images))[:, 0].float().cpu().numpy(), dtype=np.float32)


@torch.no_grad()
def _evidence(critic: LesionCritic, planes: Planes) -> FloatArray:
    device = next(critic.parameters()).device
    return np.concatenate(
        [evidence(critic(part)).cpu().numpy() for part in torch.split(as_tensor(planes, device), BATCH)]
    )


@torch.no_grad()
def _maps(critic: LesionCritic, planes: Planes) -> Planes:
    device = next(critic.parameters()).device
    return np.concatenate(
        [critic(part).map.sigmoid().cpu().numpy() for part in torch.split(as_tensor(planes, device), BATCH)]
    )


def _share(critic: LesionCritic, planes: Planes, threshold: float) -> float:
    return float((_evidence(critic, planes) <= threshold).mean())


def _enlarged(planes: Planes, side: int) -> Planes:
    return np.stack([cv2.resize(one, (side, side), interpolation=cv2.INTER_LINEAR) for one in planes])
