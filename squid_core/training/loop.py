"""Training on normal images only; resumable to the step, reproducible from a seed."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from tqdm import tqdm

from squid_core.bundle.card import Card
from squid_core.contracts.detection import DetectorSettings
from squid_core.datasets.tensors import Feed, as_tensor
from squid_core.evaluation.measure import measure_set
from squid_core.evaluation.metrics import auc
from squid_core.long_runs import claim_folder
from squid_core.model.discriminator import Discriminator
from squid_core.model.generator import Generator
from squid_core.model.lesion import LesionCritic
from squid_core.model.picture import Painter
from squid_core.model.squid import Squid
from squid_core.terminal import say
from squid_core.training.augmentation import augment
from squid_core.training.budget import PICTURE_PART, Budget, Course
from squid_core.training.checkpoint import CHECKPOINT, Ema, Rhythm, load_checkpoint, save_checkpoint
from squid_core.training.critic import CHECKPOINT as CRITIC_CHECKPOINT
from squid_core.training.critic import CriticTrainer
from squid_core.training.interrupt import Interrupt
from squid_core.training.logbook import Logbook
from squid_core.training.losses import LOG_EVERY, Losses, discriminator_loss, generator_losses
from squid_core.training.memory_sources import memory_sources
from squid_core.training.preset import Preset
from squid_core.training.ranks import ALONE, Ranks
from squid_core.training.schedule import cosine
from squid_core.training.sets import Sets


class Trainer:
    """One run of a preset.

    Args:
        preset: what to train.
        preset_name: for the card.
        sets: the images.
        work: folder of checkpoint, loss log and pictures; not the bundle, and outside any repository.
        seed: of everything random; every step draws from seed and step number alone, so a resumed run repeats.
        device: where to train.
        ranks: the processes that train together; the batch is shared among them, so their number changes nothing
            but the draws of augmentation and shortcut and, on CPU, batch norm, which sees a rank's own part.
        critic: a lesion critic from other weights, and their card, in place of one that is trained first.
        budget: the time of the training; None: as long as the preset's steps take.

    Raises:
        SquidError: the work folder cannot be made, or the batch not be shared.
    """

    def __init__(
        self,
        preset: Preset,
        preset_name: str,
        sets: Sets,
        work: Path,
        seed: int,
        device: torch.device,
        ranks: Ranks = ALONE,
        critic: tuple[LesionCritic, Card] | None = None,
        budget: Budget | None = None,
    ) -> None:
        self.preset, self.preset_name, self.sets, self.work = preset, preset_name, sets, work
        self.seed, self.device, self.ranks, self.step = seed, device, ranks, 0
        self.budget = budget or Budget()
        paints = preset.picture is not None and sets.fine is not None
        self.course = Course(preset.steps, self.budget, 1 - PICTURE_PART if paints else 1.0, ranks, device)
        self.feed = Feed(sets.train, device)
        self.half = preset.precision == "bf16" and device.type == "cuda"
        self.sources: tuple[str | None, ...] = ()
        ranks.check_batch(min(preset.batch_size, len(sets.train)))
        torch.manual_seed(seed)
        self.generator = ranks.placed(Generator(preset.network), device)
        self.discriminator = ranks.placed(Discriminator(preset.network), device)
        options: dict[str, Any] = {"lr": preset.learning_rate, "betas": preset.betas, "fused": True}
        self.opt_g = torch.optim.Adam(self.generator.parameters(), weight_decay=preset.weight_decay, **options)
        self.opt_d = torch.optim.Adam(self.discriminator.parameters(), **options)
        trained = {"ema_generator": self.generator, "ema_discriminator": self.discriminator} if preset.ema else {}
        self.averages = {name: Ema(copy.deepcopy(module), preset.ema) for name, module in trained.items()}
        self.critic: LesionCritic | None = critic[0] if critic else None
        self.lender = critic[1] if critic else None
        self.critic_steps = preset.lesions.steps if preset.lesions else 0
        self.networks_from: Card | None = None
        self.picture: Painter | None = None
        self._first_critic: LesionCritic | None = None
        claim_folder(work, "work folder")
        self.logbook = Logbook(work, _say)

    def begin_with(self, squid: Squid, card: Card) -> None:
        """Go on from the networks of other weights instead of new ones; the teacher alone begins anew.

        Where there is nothing to train, the network that paints their picture is kept as well.

        Args:
            squid: of the preset's shape, see `training.start`.
            card: of these weights.
        """
        generator = {k: v for k, v in squid.generator.state_dict().items() if not k.startswith("pretext.")}
        for module, state in ((self.generator, generator), (self.discriminator, squid.discriminator.state_dict())):
            module.load_state_dict(state, strict=False)
        for name, average in self.averages.items():
            module = self.generator if name == "ema_generator" else self.discriminator
            average.average.load_state_dict(module.state_dict())
        self._first_critic, self.networks_from = squid.lesion, card
        if self.critic_steps == 0:
            self.critic = self.critic or squid.lesion
            if self.preset.steps == 0 and _alike(self.critic, squid.lesion):
                self.picture = squid.picture

    def run(self, *, resume: bool = False, progress: bool = True) -> None:
        """Train to the preset's last step, or as long as the budget has time.

        Raises:
            SquidError: a loss is not finite (the last good checkpoint stays), the disk is full, or there is no
                checkpoint to resume from.
            KeyboardInterrupt: Ctrl+C; the step under way was finished and saved.
        """
        # Stopped while the critic was trained: it goes on, and SQUID has yet to begin.
        only_critic = (self.work / CRITIC_CHECKPOINT).is_file() and not (self.work / CHECKPOINT).is_file()
        begins = not resume or only_critic
        if not begins:
            self._resume()
        if self.preset.lesions is not None and self.critic is None:
            sources = (self.sets.train, *self.sets.others)
            first = self._first_critic
            stage = CriticTrainer(
                self.preset, sources, self.work, self.seed, self.device, self.ranks, self.budget, first
            )
            self.critic = stage.run(resume=resume, progress=progress)
            self.critic_steps = stage.step
        if begins:
            self.fill_memory(self.generator)
        if self.ranks.leads:
            self.logbook.begin(self.step)
        bar = tqdm(total=self.preset.steps, initial=self.step, unit="step", disable=not (progress and self.ranks.leads))
        with bar, Interrupt() as interrupt:
            self._steps(bar, interrupt)

    def _steps(self, bar: tqdm[Any], interrupt: Interrupt) -> None:
        rhythm, losses = Rhythm(), Losses("The training")
        going = self.course.goes_on(self.step)
        while going:
            losses.add(self.step, self._one_step())
            self.step += 1
            going = self.course.goes_on(self.step)
            stop = going and self.ranks.any(interrupt.asked, self.device)
            bar.total = self.course.expected(self.step)
            bar.update()
            if self.step % LOG_EVERY == 0:
                means = losses.means()
                bar.set_postfix({name: f"{value:.3f}" for name, value in means.items()})
                if self.ranks.leads:
                    self.logbook.log({"step": self.step, **means})
            if rhythm.due() or stop or not going:
                losses.check()
                rhythm.keep(self.save, self.ranks)
            at_times = not going or self.step % self.preset.validate_every == 0
            if self.ranks.leads and at_times and not stop and not self.course.timed:  # else there is no time for it
                self._validate()
            if stop:
                raise KeyboardInterrupt(f"Step {self.step} is saved; the same command with --resume goes on from it.")

    def _one_step(self) -> dict[str, Tensor]:
        """One generator step, with its discriminator steps before it; weighted losses by name, on the device.

        Nothing here asks the device for a number: it would be waited for.
        """
        preset, generator, discriminator = self.preset, self.generator, self.discriminator
        rate = preset.learning_rate * cosine(self.course.share(self.step), 1.0, preset.final_rate)
        for group in (*self.opt_g.param_groups, *self.opt_d.param_groups):
            group["lr"] = rate
        self.ranks.seed(self.seed, self.step)
        generator.train()
        batches = self._batches()
        with self._precision():
            for critic in range(preset.critic_steps):
                real = next(batches)
                shared = preset.share_forward and critic == preset.critic_steps - 1
                with nullcontext() if shared else torch.no_grad():
                    made = generator(real, taught=shared)
                loss_d = discriminator_loss(discriminator(real), discriminator(made.student.detach()))
                self.opt_d.zero_grad(set_to_none=True)
                torch.autograd.backward(loss_d)
                self.ranks.average_gradients(discriminator)
                self.opt_d.step()
            if not preset.share_forward:
                made = generator(real)
            discriminator.requires_grad_(requires_grad=False)
            parts = generator_losses(made, real, discriminator(made.student), preset.losses)
            discriminator.requires_grad_(requires_grad=True)
        self.opt_g.zero_grad(set_to_none=True)
        torch.autograd.backward(list(parts.values()))
        self.ranks.average_gradients(generator)
        self.opt_g.step()
        self.ranks.average_statistics(generator)
        generator.memory.push(self.ranks.gather(made.encoded.features.float()))
        for name, average in self.averages.items():
            average.update(generator if name == "ema_generator" else discriminator, self.step)
        losses = {**parts, "critic": loss_d}
        means = torch.stack([value.detach().float() for value in losses.values()])
        self.ranks.average([means])
        return dict(zip(losses, means.unbind(), strict=True))

    def _batches(self) -> Iterator[Tensor]:
        """This rank's part of the batches of this step: a fresh permutation every epoch, known from seed and step."""
        size, count = self.preset.batch_size, len(self.sets.train)
        per_epoch = max(1, count // size)
        for critic in range(self.preset.critic_steps):
            epoch, at = divmod(self.step * self.preset.critic_steps + critic, per_epoch)
            order = np.random.default_rng((self.seed, epoch)).permutation(count)
            own = self.ranks.part(order[at * size : (at + 1) * size].tolist())
            yield augment(self.feed.batch(own, epoch), self.preset.augmentation)

    def as_input(self, images: NDArray[np.uint8]) -> Tensor:
        """(B, S, S) uint8 -> (B, 1, S, S) float in 0..1 on the device, channels_last as the networks are."""
        return as_tensor(images, self.device, torch.channels_last)

    def _precision(self) -> AbstractContextManager[Any]:
        # Without its cache: that would keep the weights as they were before an optimiser's step within it.
        return torch.autocast(self.device.type, torch.bfloat16, enabled=self.half, cache_enabled=False)

    @torch.no_grad()
    def fill_memory(self, generator: Generator) -> None:
        """Fill a queue with the features of training images as they are, drawn over the whole set.

        `sources` says afterwards, by slot, the file behind it; empty for a set without files.
        """
        slots, count = self.preset.network.slots, len(self.sets.train)
        chosen = np.random.default_rng(self.seed).permutation(count)[:slots]
        if not self.preset.network.space_aware:
            chosen = chosen[: max(1, slots // self.preset.network.grid**2)]
        self.sources = memory_sources(generator.memory, self.sets.train, chosen.tolist(), self.preset.network)
        mode = generator.training
        # Before the first step batch norm has no statistics yet: take the batch's.
        generator.train(mode and self.step == 0 and self.networks_from is None)
        for part in np.array_split(chosen, max(1, len(chosen) // 50)):
            images = self.as_input(self.sets.train.batch(part.tolist(), epoch=0))
            generator.memory.push(generator.encode(images).features)
        generator.train(mode)

    def final(self) -> Squid:
        """The networks to keep: averaged if the preset says so, memory refilled with their own features."""
        networks = [one.average for one in self.averages.values()]
        generator, discriminator = networks or [self.generator, self.discriminator]
        squid = Squid(self.preset.network).to(self.device)
        squid.generator.load_state_dict(generator.state_dict())
        squid.discriminator.load_state_dict(discriminator.state_dict())
        if squid.lesion is not None and self.critic is not None:
            squid.lesion.load_state_dict(self.critic.state_dict())
        self.fill_memory(squid.eval().generator)
        return squid

    def _validate(self) -> None:
        squid, settings = self.final(), self.locked()
        normals = self.sets.val_normal or self.sets.held_out
        calm = measure_set(squid, normals, settings).values
        facts: dict[str, Any] = {"step": self.step}
        if self.sets.val_abnormal is not None:
            ill = measure_set(squid, self.sets.val_abnormal, settings).values
            facts["auc_discriminator"] = 1 - auc(calm["discriminator"], ill["discriminator"])
            facts["auc_memory"] = auc(calm["memory"], ill["memory"])
        own = measure_set(squid, self.sets.train.subset(range(min(200, len(self.sets.train)))), settings).values
        facts["auc_train_against_held_out"] = auc(own["memory"], calm["memory"])
        self.logbook.log(facts)
        _say(json.dumps(facts))
        self.logbook.draw(squid.generator, self.sets)

    def _modules(self) -> dict[str, torch.nn.Module]:
        averages = {name: average.average for name, average in self.averages.items()}
        return {"generator": self.generator, "discriminator": self.discriminator, **averages}

    def save(self) -> None:
        """Write the checkpoint.

        Raises:
            SquidError: the disk is full; the previous checkpoint stays.
        """
        save_checkpoint(self.work / CHECKPOINT, *self._state())

    def _resume(self) -> None:
        facts = load_checkpoint(self.work / CHECKPOINT, *self._state())
        self.step, self.course.began = int(facts["step"]), facts.get("began", self.course.began)
        self.budget.count(facts.get("seconds", 0.0))

    def _state(self) -> tuple[dict[str, torch.nn.Module], dict[str, torch.optim.Optimizer], dict[str, Any]]:
        preset = self.preset.model_dump(mode="json")
        facts = {"step": self.step, "seed": self.seed, "training_images": len(self.sets.train), "preset": preset}
        facts |= {"seconds": self.budget.used(), "began": self.course.began}
        return self._modules(), {"opt_g": self.opt_g, "opt_d": self.opt_d}, facts

    def locked(self) -> DetectorSettings:
        """The card's settings: the network's own."""
        network = self.preset.network
        return DetectorSettings(top_k=network.top_k, shrinkage=network.shrinkage, rho=network.rho)


def _alike(one: LesionCritic | None, other: LesionCritic | None) -> bool:
    """Whether two critics of one shape are the same."""
    if one is None or other is None:
        return one is other
    return all(torch.equal(a, b) for a, b in zip(one.state_dict().values(), other.state_dict().values(), strict=True))


def _say(text: str) -> None:
    """A line above the bars of progress."""
    with tqdm.external_write_mode():
        say(text)
