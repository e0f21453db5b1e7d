"""Training of the picture's network: behind SQUID and its lesion critic, which stay as they are, on the same normals.

The normals come at twice the detector's side. Half of them get made-up lesions before the networks see them, and the
picture is held against the normal without: an L1 distance, the energy of its bands in small cells, and an adversary,
which is not kept. Random places are doubted beside those that the critic and the anatomy doubt.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm
from tqdm import tqdm

from squid_core.contracts.detection import INPUT_STEPS, DetectorSettings
from squid_core.contracts.errors import SquidError
from squid_core.datasets.image_set import TrainingSet, spread
from squid_core.datasets.tensors import as_tensor
from squid_core.model.picture import SCALE, Given, Painter
from squid_core.model.squid import Squid
from squid_core.training.augmentation import augment
from squid_core.training.budget import Budget, Course
from squid_core.training.checkpoint import Ema, load_checkpoint, save_checkpoint
from squid_core.training.interrupt import Interrupt
from squid_core.training.preset import Preset
from squid_core.training.ranks import ALONE
from squid_core.training.schedule import cosine
from squid_core.training.synthetic_lesions import draw

CHECKPOINT = "picture.safetensors"
CHECKPOINT_EVERY = 100
WARM_UP = 30  # steps until the learning rate is reached, and a tenth of those until the adversary counts fully
FINAL_RATE = 0.02
STREAM = 104_729  # keeps this stage's chance apart from that of the others
STEEPEST_GRADIENT = 1.0
NORMALS = 300  # that say what is doubted
BANDS = 3  # finest of the Laplacian pyramid, whose energies are held against the normal's
CELL = 16  # px of the picture, side of what they are averaged in
FAINTEST = 1e-5  # energy that is told from none
ALL, SOME = 0.15, 0.6  # shares of the pictures in which every place is doubted, and in which any is


class Adversary(nn.Module):
    """Tells real normals from painted ones, piece by piece: (B, 1, S, S) -> (B, 1, S/8, S/8)."""

    def __init__(self, width: int = 24) -> None:
        super().__init__()
        shapes = ((4, width, 3, 1), (width, 2 * width, 4, 2), (2 * width, 3 * width, 4, 2), (3 * width, 1, 3, 1))
        layers = [spectral_norm(nn.Conv2d(i, o, kernel, stride, 1)) for i, o, kernel, stride in shapes]
        between: list[nn.Module] = [part for layer in layers[:-1] for part in (layer, nn.LeakyReLU(0.2))]
        self.net = nn.Sequential(nn.PixelUnshuffle(2), *between, layers[-1])

    def forward(self, pictures: Tensor) -> Tensor:
        """High speaks for real."""
        out: Tensor = self.net(pictures)
        return out


class PictureTrainer:
    """One run of a preset's picture stage.

    Args:
        preset: with a picture stage.
        squid: at its end but for the picture, in evaluation mode.
        normals: normal images of SCALE times the network's side.
        work: folder of the checkpoint.
        seed: of everything random; every step draws from seed and step number alone.
        device: where to train.
        budget: the time of the whole training, whose rest the stage gets; None: as long as the stage's steps take.
    """

    def __init__(
        self,
        preset: Preset,
        squid: Squid,
        normals: TrainingSet,
        work: Path,
        seed: int,
        device: torch.device,
        budget: Budget | None = None,
    ) -> None:
        if preset.picture is None or preset.lesions is None:
            raise ValueError("the preset trains no picture")
        self.how, self.kinds, network = preset.picture, preset.lesions.kinds, preset.network
        self.settings = DetectorSettings(network.top_k, network.shrinkage, rho=network.rho)
        self.preset, self.squid, self.normals, self.work = preset, squid, normals, work
        self.seed, self.device, self.step = seed, device, 0
        self.budget = budget or Budget()
        self.course = Course(self.how.steps, self.budget)
        ALONE.seed(seed, STREAM)
        self.picture = ALONE.placed(Painter(preset.network), device)
        self.adversary = ALONE.placed(Adversary(), device)
        self.average = Ema(copy.deepcopy(self.picture), self.how.ema)
        self.optimiser = torch.optim.AdamW(
            self.picture.parameters(), self.how.learning_rate, (0.9, 0.99), weight_decay=self.how.weight_decay
        )
        self.opponent = torch.optim.Adam(self.adversary.parameters(), self.how.adversary_rate, (0.5, 0.99))

    def run(self, *, resume: bool = False, progress: bool = True) -> Painter:
        """Train to the stage's last step, or as long as the budget has time; gives the averaged network.

        Raises:
            SquidError: a loss is not finite, the disk is full, or the checkpoint is of another training.
            KeyboardInterrupt: Ctrl+C; the step under way was finished and saved.
        """
        if resume and (self.work / CHECKPOINT).is_file():
            facts = load_checkpoint(self.work / CHECKPOINT, *self._state())
            self.step, self.course.began = int(facts["step"]), facts.get("began", self.course.began)
            self.budget.count(facts.get("seconds", 0.0))
        self.fit_doubt()
        bar = tqdm(total=self.how.steps, initial=self.step, unit="step", desc="picture", disable=not progress)
        going = self.course.goes_on(self.step)
        with bar, Interrupt() as interrupt:
            while going:
                losses = self._one_step()
                if not all(map(math.isfinite, losses.values())):
                    raise SquidError(
                        f"The picture's training diverged at step {self.step}: a loss is not a number.",
                        "The last good checkpoint is untouched; resume it with a lower learning rate.",
                    )
                self.step += 1
                going = self.course.goes_on(self.step)
                bar.total = self.course.expected(self.step)
                bar.update()
                bar.set_postfix({name: f"{value:.3f}" for name, value in losses.items()}, refresh=False)
                stop = going and interrupt.asked
                if self.step % CHECKPOINT_EVERY == 0 or stop or not going:
                    save_checkpoint(self.work / CHECKPOINT, *self._state())
                if stop:
                    raise KeyboardInterrupt(f"Step {self.step} of the picture is saved; --resume goes on from it.")
        average = self.average.average
        assert isinstance(average, Painter)  # noqa: S101 - for the type checker
        return average

    @torch.no_grad()
    def fit_doubt(self) -> None:
        """Take from normals as they are what is doubted."""
        rows, hints = list(spread(len(self.normals), NORMALS)), []
        for start in range(0, len(rows), 32):
            seen = self.squid.look(stepped(F.avg_pool2d(self._images(rows[start : start + 32]), SCALE)))
            assert seen.sight is not None  # noqa: S101 - the preset has a critic
            hints.append(self.picture.hints(seen.sight.marks.map, seen.sight.strangeness))
        for network in (self.picture, self.average.average, self.squid.picture):
            assert isinstance(network, Painter)  # noqa: S101 - for the type checker
            network.fit(torch.cat(hints))

    def _one_step(self) -> dict[str, float]:
        """One step of the network and of its adversary; losses by name."""
        how = self.how
        rising, falling = min(1.0, (self.step + 1) / WARM_UP), cosine(self.course.share(self.step), 1.0, FINAL_RATE)
        for group in self.optimiser.param_groups:
            group["lr"] = how.learning_rate * rising * falling
        ALONE.seed(self.seed, STREAM + self.step)
        given, target = self._batch()
        reach = self.preset.network.image_size // 8
        row, column = (int(torch.randint(reach + 1, ())) for _ in range(2))
        at = 4 * SCALE * row, 4 * SCALE * column
        size = self.preset.network.image_size
        target = target[..., at[0] : at[0] + size, at[1] : at[1] + size].contiguous()
        self.picture.train()
        painted = self.picture(given, (row, column))
        distance, energy = (painted - target).abs().mean(), (energies(painted) - energies(target)).abs().mean()
        self.adversary.requires_grad_(requires_grad=False)
        unreal = -self.adversary(painted).mean()
        self.adversary.requires_grad_(requires_grad=True)
        counts = how.adversarial * min(1.0, self.step / (10 * WARM_UP))
        self.optimiser.zero_grad(set_to_none=True)
        torch.autograd.backward([distance, how.energy * energy, counts * unreal])
        nn.utils.clip_grad_norm_(self.picture.parameters(), STEEPEST_GRADIENT)
        self.optimiser.step()
        told = F.relu(1 - self.adversary(target)).mean() + F.relu(1 + self.adversary(painted.detach())).mean()
        self.opponent.zero_grad(set_to_none=True)
        torch.autograd.backward([told])
        self.opponent.step()
        self.average.update(self.picture, self.step)
        means = torch.stack([loss.detach() for loss in (distance, energy, unreal, told)])
        return dict(zip(("distance", "energy", "unreal", "adversary"), means.tolist(), strict=True))

    @torch.no_grad()
    def _batch(self) -> tuple[Given, Tensor]:
        """What a step learns from, see `drawn`."""
        rng = np.random.default_rng((self.seed, STREAM, self.step))
        rows = rng.choice(len(self.normals), self.how.batch_size, replace=len(self.normals) < self.how.batch_size)
        return self.drawn(rows.tolist())

    @torch.no_grad()
    def drawn(self, rows: Sequence[int]) -> tuple[Given, Tensor]:
        """What is known of some of the normals, moved, with lesions in every second one; and without them, fine."""
        target = augment(self._images(rows), self.how.augmentation)
        ill = stepped(draw(F.avg_pool2d(target, SCALE), self.kinds).images)
        doubt = random_doubt(len(target), self.picture.sides[0], self.device)
        return self.squid.given(ill, self.settings, doubt=doubt), target

    def _images(self, rows: Sequence[int]) -> Tensor:
        return as_tensor(self.normals.batch(rows, epoch=0), self.device, torch.channels_last)

    def _state(self) -> tuple[dict[str, nn.Module], dict[str, torch.optim.Optimizer], dict[str, Any]]:
        preset = self.preset.model_dump(mode="json")
        facts = {"step": self.step, "seed": self.seed, "training_images": len(self.normals), "preset": preset}
        facts |= {"seconds": self.budget.used(), "began": self.course.began}
        networks = {"picture": self.picture, "adversary": self.adversary, "average": self.average.average}
        return networks, {"optimiser": self.optimiser, "opponent": self.opponent}, facts


def stepped(images: Tensor) -> Tensor:
    """(B, 1, S, S) in 0..1 -> the same in the steps of a model input."""
    return torch.round(images * INPUT_STEPS) / INPUT_STEPS


def energies(pictures: Tensor) -> Tensor:
    """(B, 1, s, s) -> (B, BANDS, s/CELL, s/CELL), log of the mean squared signal of each band."""
    found = []
    for band in range(BANDS):
        coarser = F.avg_pool2d(pictures, 2)
        fine = pictures - F.interpolate(coarser, scale_factor=2, mode="bilinear", align_corners=False)
        found.append(torch.log(F.avg_pool2d(fine**2, CELL // 2**band) + FAINTEST))
        pictures = coarser
    return torch.cat(found, 1)


def random_doubt(count: int, side: int, device: torch.device) -> Tensor:
    """(count, 1, side, side) in 0..1: everywhere in ALL of the pictures, in one to three ellipses up to SOME."""
    along = (torch.arange(side, device=device) + 0.5) / side
    places = torch.rand(count, 3, 4, 1, 1, device=device)
    row, column = 0.1 + 0.8 * places[:, :, 0], 0.1 + 0.8 * places[:, :, 1]
    high, wide = 0.06 + 0.25 * places[:, :, 2], 0.06 + 0.25 * places[:, :, 3]
    doubt = (1.5 - ((along[:, None] - row) / high) ** 2 - ((along[None] - column) / wide) ** 2).clamp(0, 1)
    doubt *= torch.rand(count, 3, 1, 1, device=device) < torch.tensor([1.0, 0.5, 0.3], device=device).view(1, 3, 1, 1)
    which = torch.rand(count, 1, 1, 1, device=device)
    some = torch.where(which < SOME, doubt.amax(1, keepdim=True), torch.zeros_like(doubt[:, :1]))
    return torch.where(which < ALL, torch.ones_like(some), some)
