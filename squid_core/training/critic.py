"""Training of the lesion critic: before SQUID itself, on the same normals and, if given, on normals from elsewhere."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor
from tqdm import tqdm

from squid_core.bundle.card import Card
from squid_core.bundle.library import Bundles
from squid_core.bundle.weights import read_bundle
from squid_core.contracts.errors import SquidError
from squid_core.datasets.image_set import ImageSet, TrainingSet, merge
from squid_core.datasets.tensors import Feed
from squid_core.model.lesion import LesionCritic, LesionMarks
from squid_core.preprocessing import Preprocessing
from squid_core.training.augmentation import expose, place
from squid_core.training.budget import CRITIC_PART, Budget, Course
from squid_core.training.checkpoint import Ema, Rhythm, load_checkpoint, save_checkpoint
from squid_core.training.interrupt import Interrupt
from squid_core.training.losses import LOG_EVERY, Losses
from squid_core.training.preset import Preset
from squid_core.training.ranks import ALONE, Ranks
from squid_core.training.schedule import cosine
from squid_core.training.synthetic_lesions import LesionBatch, draw

CHECKPOINT = "critic.safetensors"
WARM_UP = 50  # steps until the learning rate is reached
FINAL_RATE = 0.02
MAP_WEIGHT = 2.0  # of the map's cross entropy beside the read-out's
STREAM = 7919  # keeps this stage's chance apart from that of SQUID's own steps


class CriticTrainer:
    """One run of a preset's lesion stage.

    Args:
        preset: with a lesion stage.
        sources: normal images; each step draws from them in proportion to the square root of their sizes, so that a
            small set is not drowned by a large one.
        work: folder of the checkpoint.
        seed: of everything random; every step draws from seed and step number alone.
        device: where to train.
        ranks: the processes that train together.
        budget: the time of the whole training; the critic gets CRITIC_PART of what is left for training.
        start: a critic to go on from; None for a new one.
    """

    def __init__(
        self,
        preset: Preset,
        sources: tuple[TrainingSet, ...],
        work: Path,
        seed: int,
        device: torch.device,
        ranks: Ranks = ALONE,
        budget: Budget | None = None,
        start: LesionCritic | None = None,
    ) -> None:
        if preset.lesions is None:
            raise ValueError("the preset trains no lesion critic")
        self.how = preset.lesions
        self.preset, self.work, self.budget = preset, work, budget or Budget()
        self.images = merge([one if isinstance(one, ImageSet) else one.subset(range(len(one))) for one in sources])
        self.sizes = [len(one) for one in sources]
        self.feed = Feed(self.images, device)
        self.course = Course(self.how.steps, self.budget, CRITIC_PART, ranks, device)
        self.seed, self.device, self.ranks, self.step = seed, device, ranks, 0
        ranks.check_batch(self.how.batch_size)
        ALONE.seed(seed, STREAM)
        self.critic = ranks.placed(LesionCritic(preset.network), device)
        if start is not None:
            self.critic.load_state_dict(start.state_dict())
        self.average = Ema(copy.deepcopy(self.critic), self.how.ema)
        self.optimiser = torch.optim.AdamW(
            self.critic.parameters(), lr=self.how.learning_rate, weight_decay=self.how.weight_decay, fused=True
        )

    def run(self, *, resume: bool = False, progress: bool = True) -> LesionCritic:
        """Train to the stage's last step; gives the averaged critic.

        Raises:
            SquidError: a loss is not finite, the disk is full, or the checkpoint is of another training.
            KeyboardInterrupt: Ctrl+C; the step under way was finished and saved.
        """
        if resume and (self.work / CHECKPOINT).is_file():
            facts = load_checkpoint(self.work / CHECKPOINT, *self._state())
            self.step, self.course.began = int(facts["step"]), facts.get("began", self.course.began)
            self.budget.count(facts.get("seconds", 0.0))
        show = progress and self.ranks.leads
        bar = tqdm(total=self.how.steps, initial=self.step, unit="step", desc="lesion critic", disable=not show)
        rhythm, losses = Rhythm(), Losses("The lesion critic")
        going = self.course.goes_on(self.step)
        with bar, Interrupt() as interrupt:
            while going:
                losses.add(self.step, self._one_step())
                self.step += 1
                going = self.course.goes_on(self.step)
                stop = going and self.ranks.any(interrupt.asked, self.device)
                bar.total = self.course.expected(self.step)
                bar.update()
                if self.step % LOG_EVERY == 0:
                    bar.set_postfix({name: f"{value:.3f}" for name, value in losses.means().items()}, refresh=False)
                if rhythm.due() or stop or not going:
                    losses.check()
                    rhythm.keep(self.save, self.ranks)
                if stop:
                    raise KeyboardInterrupt(
                        f"Step {self.step} of the lesion critic is saved; --resume goes on from it."
                    )
        average = self.average.average
        assert isinstance(average, LesionCritic)  # noqa: S101 - for the type checker
        return average

    def save(self) -> None:
        """Write the checkpoint.

        Raises:
            SquidError: the disk is full; the previous checkpoint stays.
        """
        save_checkpoint(self.work / CHECKPOINT, *self._state())

    def _one_step(self) -> dict[str, Tensor]:
        """One step; losses by name, on the device."""
        rising = min(1.0, (self.step + 1) / WARM_UP)
        falling = cosine(self.course.share(self.step), 1.0, FINAL_RATE)
        for group in self.optimiser.param_groups:
            group["lr"] = self.how.learning_rate * rising * falling
        self.ranks.seed(self.seed, STREAM + self.step)
        self.critic.train()
        seen = self._batch()
        map_loss, image_loss = critic_losses(self.critic(seen.images), seen)
        self.optimiser.zero_grad(set_to_none=True)
        torch.autograd.backward([MAP_WEIGHT * map_loss, image_loss])
        self.ranks.average_gradients(self.critic)
        self.optimiser.step()
        self.ranks.average_statistics(self.critic)
        self.average.update(self.critic, self.step)
        means = torch.stack([map_loss.detach(), image_loss.detach()])
        self.ranks.average([means])
        return dict(zip(("map", "image"), means.unbind(), strict=True))

    @torch.no_grad()
    def _batch(self) -> LesionBatch:
        """This rank's part of a step's images, moved, with lesions drawn into every second one, then exposed anew."""
        rng = np.random.default_rng((self.seed, STREAM, self.step))
        shares, starts = np.sqrt(self.sizes), np.cumsum([0, *self.sizes])
        which = rng.choice(len(self.sizes), self.how.batch_size, p=shares / shares.sum())
        rows = [int(starts[source] + rng.integers(self.sizes[source])) for source in which]
        x = self.feed.batch(self.ranks.part(rows), epoch=0)
        drawn = draw(place(x, self.how.augmentation), self.how.kinds)
        return drawn._replace(images=expose(drawn.images, self.how.augmentation))

    def _state(self) -> tuple[dict[str, torch.nn.Module], dict[str, torch.optim.Optimizer], dict[str, Any]]:
        preset = self.preset.model_dump(mode="json")
        facts = {"step": self.step, "seed": self.seed, "training_images": sum(self.sizes), "preset": preset}
        facts |= {"seconds": self.budget.used(), "began": self.course.began}
        return {"critic": self.critic, "average": self.average.average}, {"optimiser": self.optimiser}, facts


def borrow_critic(weights: str, preset: Preset) -> tuple[LesionCritic, Card]:
    """The lesion critic of other weights, in place of one of one's own, and their card.

    Raises:
        SquidError: no such weights, without a critic, or with one of another shape or for other inputs.
    """
    card, squid = read_bundle(Bundles().choose(weights).folder, torch.device("cpu"))
    wanted = (preset.network.lesion_widths, preset.network.lesion_size, as_seen(preset.preprocessing))
    if squid.lesion is None or wanted != (squid.lesion.widths, squid.lesion.size, as_seen(card.preprocessing)):
        raise SquidError(
            f"The weights {card.name} have no lesion critic that fits the preset.",
            "Take weights that were trained with the same lesion_widths, lesion_size and preprocessing.",
        )
    return squid.lesion, card


def as_seen(preprocessing: Preprocessing) -> Preprocessing:
    """Without what only says where in a picture the chest is: the mean chest is another for every population."""
    return preprocessing.model_copy(update={"mean_chest": "", "collimated": False})


def critic_losses(marks: LesionMarks, seen: LesionBatch) -> tuple[Tensor, Tensor]:
    """Cross entropies of the map against the changed share of each place, and of the read-out against the label."""
    share = F.adaptive_avg_pool2d(seen.mask, marks.map.shape[-1]).squeeze(1)
    image = F.binary_cross_entropy_with_logits(marks.logit, seen.abnormal, seen.weight)
    return F.binary_cross_entropy_with_logits(marks.map, share), image
