"""IF: an image as a field, from coordinates and a short code to the likely kind of grey there."""

from __future__ import annotations

import math
from itertools import pairwise

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from squid_core.experiments.networks import Baseline, NormalImages
from squid_core.model.config import NetworkConfig

SIDE = 32  # places a side at which an image is read, at most its own
KINDS = 10  # of grey
LENGTH = 128  # of a code
WIDTH, DEPTH = 128, 4  # of the hidden layers
OCTAVES = 5  # of the sines and cosines of a coordinate
SAMPLES = 256  # places of each image that a training step looks at
STEPS = 3  # by which a code is found
KEEP_SMALL = 1e-4  # weight of the code's squared length
PASSES = 20  # of k-means over the greys


class ImplicitField(Baseline):
    """A decoder of coordinates and a code that is fitted to each image; what it finds unlikely is abnormal.

    Source: S. Naval Marimont and G. Tarroni, Implicit field learning for unsupervised anomaly detection in medical
    images, MICCAI 2021. Greys are put into KINDS by k-means, and the decoder learns to tell from a place, given as
    sines and cosines, and the image's code which kind lies there: cross entropy plus a small weight on the code's
    length. A new image is restored by gradient steps on its code alone; the score is the mean over its places of -log
    p(kind | place, code).

    Departures: the paper keeps a code for every training image and trains it along; with our budget hardly an image
    comes twice, so that codes are found by the same few steps in training as on a new image, from zero, with a learned
    step size, and the decoder learns through them. Four hidden layers of 128, not eight of 512; images at 32 x 32, not
    volumes; no dropout; the map is not smoothed, since its mean is the score.
    """

    kinds: Tensor
    places: Tensor

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        self.side = min(SIDE, config.image_size)
        inputs = 4 * OCTAVES + LENGTH
        sizes = [inputs, *[WIDTH] * DEPTH]
        hidden = [layer for i, o in pairwise(sizes) for layer in (nn.Linear(i, o), nn.ReLU())]
        self.decoder = nn.Sequential(*hidden, nn.Linear(WIDTH, KINDS))
        self.log_step = nn.Parameter(torch.full((LENGTH,), math.log(10.0)))
        self.register_buffer("kinds", torch.linspace(0, 1, KINDS))
        self.register_buffer("places", waves(coordinates(self.side)))

    def begin(self, normals: NormalImages) -> None:
        """Kinds of grey, by k-means over some normals."""
        self.kinds.copy_(cluster(self._read(next(normals())).flatten(), KINDS))

    def loss(self, images: Tensor) -> Tensor:
        """Mean surprise of some places of each image, given the code that was fitted to them."""
        some = torch.randperm(self.side**2, device=images.device)[:SAMPLES]
        kinds = self._kinds(images)[:, some]
        codes = self._fitted(kinds, self.places[some])
        return self._surprise(codes, kinds, self.places[some]).mean() + KEEP_SMALL * codes.square().sum(1).mean()

    def scores(self, images: Tensor) -> dict[str, Tensor]:
        """Mean surprise over all places."""
        kinds = self._kinds(images)
        return {"negative log probability": self._surprise(self._fitted(kinds, self.places), kinds, self.places)}

    def restored(self, images: Tensor) -> Tensor:
        """(B, 1, S, S) -> (B, side, side), the mean grey that the fitted field expects at each place."""
        likely = self._field(self._fitted(self._kinds(images), self.places), self.places).softmax(-1)
        return (likely @ self.kinds).reshape(-1, self.side, self.side)

    def _read(self, images: Tensor) -> Tensor:
        return F.interpolate(images, size=(self.side, self.side), mode="area").flatten(1)

    def _kinds(self, images: Tensor) -> Tensor:
        """(B, side * side) int64, the kind of grey at each place."""
        return torch.bucketize(self._read(images), (self.kinds[1:] + self.kinds[:-1]) / 2)

    def _field(self, codes: Tensor, places: Tensor) -> Tensor:
        """(B, LENGTH) and (P, 4 * OCTAVES) -> (B, P, KINDS) logits."""
        pairs = (codes[:, None].expand(-1, len(places), -1), places.expand(len(codes), -1, -1))
        logits: Tensor = self.decoder(torch.cat(pairs, dim=-1))
        return logits

    def _surprise(self, codes: Tensor, kinds: Tensor, places: Tensor) -> Tensor:
        """(B,) mean cross entropy over places."""
        return F.cross_entropy(self._field(codes, places).mT, kinds, reduction="none").mean(1)

    def _fitted(self, kinds: Tensor, places: Tensor) -> Tensor:
        """(B, LENGTH) codes after a few gradient steps from zero; in training gradients pass through the steps."""
        with torch.enable_grad():
            codes = torch.zeros(len(kinds), LENGTH, device=kinds.device, requires_grad=True)
            for _ in range(STEPS):
                surprise = self._surprise(codes, kinds, places).sum()
                (gradient,) = torch.autograd.grad(surprise, codes, create_graph=self.training)
                codes = codes - self.log_step.exp() * gradient
        return codes if self.training else codes.detach()


def coordinates(side: int) -> Tensor:
    """(side * side, 2) row and column of the centres of a grid, each in -1..1, row by row."""
    along = (2 * torch.arange(side) + 1) / side - 1
    return torch.cartesian_prod(along, along)


def waves(places: Tensor) -> Tensor:
    """(P, 2) in -1..1 -> (P, 4 * OCTAVES), sines and cosines of pi times 1, 2, 4 ... times each coordinate."""
    angles = (places[..., None] * (math.pi * 2 ** torch.arange(OCTAVES))).flatten(1)
    return torch.cat((angles.sin(), angles.cos()), dim=1)


def cluster(values: Tensor, count: int) -> Tensor:
    """(N,) -> (count,) ascending centres, by k-means (Lloyd) from evenly spread ones; an empty one stays."""
    centres = torch.linspace(float(values.min()), float(values.max()), count, device=values.device)
    for _ in range(PASSES):
        nearest = torch.bucketize(values, (centres[1:] + centres[:-1]) / 2)
        sums = torch.zeros_like(centres).index_add_(0, nearest, values)
        held = torch.bincount(nearest, minlength=count)
        centres = torch.where(held > 0, sums / held.clamp(min=1), centres)
    return centres
