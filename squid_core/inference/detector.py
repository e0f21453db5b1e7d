"""The facade: a bundle, a device, and one call from ModelInput to Detection."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial, wraps
from pathlib import Path
from typing import Concatenate, ParamSpec, Self, TypeVar

import numpy as np
import torch

from squid_core.bundle.calibration import apply, patch_percentiles
from squid_core.bundle.card import Card
from squid_core.bundle.sources import read_sources
from squid_core.bundle.weights import read_bundle
from squid_core.contracts.detection import (
    RECONSTRUCTION_STEPS,
    Detection,
    DetectorSettings,
    Gate,
    Maps,
    MemoryEdit,
    MemoryMatch,
    ModelInput,
    RemovedEntry,
    Trial,
    in_steps,
)
from squid_core.contracts.errors import DeviceFailedError, SquidError
from squid_core.contracts.radiograph import FloatArray
from squid_core.inference.explain import check_edit, grad_cam, matches, past_memory_exchanged, reliance
from squid_core.inference.explanation import ExplainedPatch, Explanation, MemoryReliance, Removal
from squid_core.inference.region import replaced_by_normal
from squid_core.model.device import on_device, pick_device
from squid_core.model.squid import Seen, Squid

P = ParamSpec("P")
T = TypeVar("T")

MOST_AT_ONCE = 64  # images of one pass; whoever feeds a device takes fewer
MOST_ABNORMAL_SHOWN = 3  # patches explained where none is asked for


def _guarded(method: Callable[Concatenate[Detector, P], T]) -> Callable[Concatenate[Detector, P], T]:
    """What a detector computes raises DeviceFailedError where the graphics card fails."""

    @wraps(method)
    def guarded(self: Detector, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return on_device(self._device, lambda: method(self, *args, **kwargs), self._forget)

    return guarded


class Detector:
    """A loaded bundle. Not thread-safe; lives in the detector process. All it is asked may raise DeviceFailedError.

    What depends on the last image alone is kept, so that a what-if runs only from memory to score.
    """

    def __init__(self, card: Card, squid: Squid, device: torch.device, sources: Sequence[str | None] = ()) -> None:
        self.card = card
        self._squid, self._generator, self._device = squid, squid.generator, device
        self._sources = sources
        self._last: tuple[bytes, Seen] | None = None
        # Images at once; a card may have room for fewer. A sampled gate is another one at each place in a batch.
        self._room = 1 if card.settings.gate is Gate.BERNOULLI else MOST_AT_ONCE

    @classmethod
    def load(cls, folder: Path, device: str = "auto") -> Self:
        """Read a bundle.

        Args:
            folder: the weights folder.
            device: auto, cpu or cuda.

        Raises:
            SquidError: bad bundle or device; DeviceFailedError: the graphics card has no room for it, or fails.
        """
        chosen = pick_device(device)
        if chosen.type == "cpu":
            # Readers and window need cores too, and OpenMP threads that wait for a busy core stall each other:
            # on two cores under load one thread took 84 ms an image, two took 2.1 s.
            torch.set_num_threads(max(1, (os.cpu_count() or 2) // 2))
        card, squid = on_device(chosen, lambda: _ready(folder, chosen))
        sources = read_sources(folder, card.weights_sha256, squid.generator.config.slots)
        return cls(card, squid, chosen, sources)

    @_guarded
    def detect(self, model_input: ModelInput, settings: DetectorSettings | None = None) -> Detection:
        """Score one image.

        Args:
            model_input: prepared with the card's preprocessing.
            settings: a what-if; None takes the card's locked settings.

        Raises:
            SquidError: the input's size is not the network's, top_k exceeds the slots, or the result is not finite.
        """
        return self._score(model_input, Trial(settings or self.card.settings))

    @_guarded
    def what_if(self, locked: Detection, trial: Trial) -> Detection:
        """Score the image of a detection otherwise: does the score fall?

        To a region made normal all evidence that reads the image reacts, the lesion critic and the anatomy too; the
        image is then encoded anew.

        Args:
            locked: at the card's locked settings; a region is replaced by its reconstruction.
            trial: what is changed.

        Raises:
            SquidError: as `detect`, the trial leaves a patch without memory or names none, or its region holds no
                pixel of the model's input.
        """
        model_input = ModelInput(locked.input_image, locked.geometry, locked.digest, locked.pose)
        if trial.region is not None:
            model_input = replaced_by_normal(model_input, trial.region, locked.reconstruction)
        return self._score(model_input, trial)

    def detect_many(self, inputs: Sequence[ModelInput]) -> list[Detection | SquidError]:
        """Score images at the card's locked settings, together.

        An answer is the one that `detect` gives, but for rounding: kernels sum a batch in another order. With the
        bundles that ship, in batches of 1, 2, 5 and 8, z-scores differed by 7e-6 at most and scores by 2e-6, entries
        not at all, and no pixel of a reconstruction by more than one of its steps; tests allow 1e-5.

        Where the graphics card is short of memory the batch is halved, from then on too, down to single images.

        Args:
            inputs: prepared with the card's preprocessing.

        Returns:
            As many, in the same order. An image that has no answer has its error, and costs no other its own: its size
            is not the network's, the result is not finite, or the card has no room for it alone (DeviceFailedError).

        Raises:
            DeviceFailedError: the graphics card fails, and not for want of memory.
        """
        trial = Trial(self.card.settings)
        answers: list[Detection | SquidError] = []
        while len(answers) < len(inputs):
            part = inputs[len(answers) : len(answers) + self._room]
            try:
                answers += on_device(self._device, partial(self._scored, part, trial), self._forget)
            except DeviceFailedError as error:
                if error.lasting:
                    raise
                if len(part) > 1:
                    self._room = len(part) // 2
                else:
                    answers.append(error)
        return answers

    def _score(self, model_input: ModelInput, trial: Trial) -> Detection:
        config = self._generator.config
        if trial.settings.top_k > config.slots:
            raise SquidError(f"The memory has {config.slots} entries a patch.", "Choose a smaller top-k.")
        check_edit(trial.edit, config, int(self._generator.memory.filled))
        (answer,) = self._scored([model_input], trial)
        if isinstance(answer, SquidError):
            raise answer
        return answer

    def _scored(self, inputs: Sequence[ModelInput], trial: Trial) -> list[Detection | SquidError]:
        start, side = time.perf_counter(), self._generator.config.image_size
        answers: list[Detection | SquidError] = [
            SquidError("The image was prepared for other weights.", "Open the study again.") for _ in inputs
        ]
        fitting = [place for place, one in enumerate(inputs) if one.image.shape == (side, side)]
        if not fitting:
            return answers
        found = self._measured([inputs[place] for place in fitting], trial)
        for place, detection in zip(fitting, found, strict=True):
            answers[place] = detection
        seconds = (time.perf_counter() - start) / len(fitting)
        return [replace(one, seconds=seconds) if isinstance(one, Detection) else one for one in answers]

    def _measured(self, inputs: Sequence[ModelInput], trial: Trial) -> list[Detection | SquidError]:
        """Of images that all have the network's size."""
        images = torch.tensor(np.stack([one.image for one in inputs]), device=self._device)[:, None]
        known = self._look(images, inputs[0].image.tobytes()) if len(inputs) == 1 else None
        seen = self._squid.measure(images, trial.settings, known, trial.edit)
        values = {name: v.double().cpu().numpy() for name, v in seen.values().items()}
        finite = np.all([np.isfinite(v) for v in values.values()], axis=0)
        scores = apply(self.card.calibration, values)
        students, distances = (part.float().cpu().numpy() for part in (seen.made.student[:, 0], seen.distances))
        ages, grid = self._generator.memory.ages(), self._generator.config.grid
        answers: list[Detection | SquidError] = []
        for place, one in enumerate(inputs):
            if not finite[place]:
                said = "The detector's answer is not a number.", "The image may be unusual; it is not scored."
                answers.append(SquidError(*said))
                continue
            reconstruction = in_steps(students[place], RECONSTRUCTION_STEPS)
            percentiles = patch_percentiles(self.card.calibration, distances[place])
            detection = Detection(
                score=float(scores.score[place]),
                percentile=float(scores.percentile[place]),
                paper_score=float(scores.paper[place]),
                components={name: float(z[place]) for name, z in scores.z.items()},
                input_image=one.image,
                reconstruction=reconstruction,
                difference=one.image - reconstruction,
                patch_scores=distances[place].reshape(grid, grid),
                patch_percentiles=percentiles.reshape(grid, grid),
                matches=matches(seen.made.reading, ages, trial.settings, self._sources, place),
                geometry=one.geometry,
                trial=trial,
                model=self.card.name,
                model_hash=self.card.weights_sha256,
                outside_memory=bool(scores.outside_memory[place]),
                device=self._device.type,
                digest=one.digest,
                pose=one.pose,
            )
            answers.append(detection)
        return answers

    @_guarded
    def maps(self, detection: Detection) -> Maps:
        """What else the networks see in the image of a detection of this bundle.

        Raises:
            SquidError: the detection is of other weights.
        """
        config = self._generator.config
        if detection.model_hash != self.card.weights_sha256:
            raise SquidError("This result is of other weights.", "Open the study again.")
        model_input = ModelInput(detection.input_image, detection.geometry)
        return Maps(
            picture=self.picture(detection),
            grad_cam=self.grad_cam(detection.reconstruction),
            grad_cam_side=-(-config.image_size // 2 ** len(config.discriminator_widths)),
            lesion=self.lesion_map(model_input),
            reliance=self.reliance(model_input, detection).share if config.space_aware else None,
        )

    @_guarded
    def explain(
        self,
        model_input: ModelInput,
        settings: DetectorSettings | None = None,
        patches: Sequence[int] | None = None,
        *,
        removals: bool = False,
    ) -> Explanation:
        """Score one image and say what led to it.

        Args:
            model_input: prepared with the card's preprocessing.
            settings: a what-if; None takes the card's locked settings.
            patches: row-major indices of those whose entries are wanted as pictures; None for the most abnormal.
            removals: also run once without each of these entries, a what-if each.

        Raises:
            SquidError: as `detect`, or no such patch.
        """
        detection = self.detect(model_input, settings)
        if patches is None:
            patches = detection.most_abnormal(MOST_ABNORMAL_SHOWN)
        elif not all(0 <= patch < detection.grid**2 for patch in patches):
            raise SquidError(f"There is no such patch: there are {detection.grid**2}.", "Choose one of the grid.")
        chosen = [(patch, detection.matches[patch]) for patch in patches]
        return Explanation(
            detection=detection,
            grad_cam=self.grad_cam(detection.reconstruction),
            patches=tuple(ExplainedPatch(p, own, self.entries(p, [match.slot for match in own])) for p, own in chosen),
            reliance=self.reliance(model_input, detection) if self._generator.config.space_aware else None,
            lesion_map=self.lesion_map(model_input),
            removals=tuple(self.without(detection, p, match) for p, own in chosen for match in own if removals),
        )

    def grad_cam(self, reconstruction: FloatArray) -> FloatArray:
        """(S, S) of a detection -> (S, S) float32 in 0..1: where it speaks for abnormal to the discriminator."""
        return grad_cam(self._squid.discriminator, torch.tensor(reconstruction, device=self._device)[None, None])

    def lesion_map(self, model_input: ModelInput) -> FloatArray | None:
        """(h, w) float32 in 0..1, how sure the lesion critic is of a change at each place; None without a critic."""
        image = torch.tensor(model_input.image, device=self._device)[None, None]
        sight = self._look(image, model_input.image.tobytes()).sight
        return None if sight is None else sight.marks.map[0].sigmoid().float().cpu().numpy()

    @_guarded
    @torch.no_grad()
    def picture(self, detection: Detection) -> FloatArray | None:
        """(2S, 2S) float32 in 0..1, the normal picture of `squid_core.model.picture`; None where none is painted."""
        if self._squid.picture is None:
            return None
        image = torch.tensor(detection.input_image, device=self._device)[None, None]
        trial, seen = detection.trial, self._look(image, detection.input_image.tobytes())
        given = self._squid.given(image, trial.settings, seen, trial.edit)
        painted = self._squid.picture(given).clamp(0, 1)
        return np.asarray(painted[0, 0].float().cpu().numpy(), dtype=np.float32)

    def without(self, detection: Detection, patch: int, match: MemoryMatch) -> Removal:
        """What changes in a detection when a patch cannot read one entry; `what_if` has the whole of it.

        Raises:
            SquidError: as `what_if`.
        """
        other = self.what_if(detection, Trial(detection.trial.settings, (RemovedEntry(patch, match),)))
        size = self._generator.config.patch_size
        row, column = (index * size for index in divmod(patch, detection.grid))
        change = np.abs(other.reconstruction - detection.reconstruction)[row : row + size, column : column + size]
        return Removal(patch, match.slot, other.score - detection.score, float(change.mean()))

    @torch.no_grad()
    def reliance(self, model_input: ModelInput, detection: Detection) -> MemoryReliance:
        """How much of a detection's reconstruction is memory: exchange it between the patches, and what passes it by.

        Raises:
            SquidError: all patches share one memory.
        """
        config, edit = self._generator.config, MemoryEdit(shuffled=True)
        check_edit(edit, config, int(self._generator.memory.filled))
        image = torch.tensor(model_input.image, device=self._device)[None, None]
        encoded = self._look(image, model_input.image.tobytes()).encoded
        shuffled = _picture(self._generator.infer(encoded, detection.trial.settings, edit).student)
        usual = bypass = detection.reconstruction
        if any(config.skips) or detection.trial.settings.gate is not Gate.OFF:
            exchanged = past_memory_exchanged(encoded, config.grid**2)
            bypass = _picture(self._generator.infer(exchanged, detection.trial.settings).student)
        return reliance(usual, shuffled, bypass)

    @_guarded
    @torch.no_grad()
    def entries(self, patch: int, slots: Sequence[int]) -> FloatArray:
        """Pictures of memory entries of one patch position, decoded by the student.

        Args:
            patch: row-major index of the position.
            slots: indices in its queue.

        Returns:
            (k, P, P) float32 in 0..1.

        Raises:
            SquidError: no such patch or slot.
        """
        entries = self._generator.memory.entries
        row = patch if entries.shape[0] > 1 else 0
        if not (0 <= patch < self._generator.config.grid**2 and all(0 <= s < entries.shape[1] for s in slots)):
            raise SquidError("There is no such memory entry.", "Choose a patch of the grid.")
        pictures = self._generator.decode_entries(entries[row, list(slots)], patch)
        return np.asarray(pictures[:, 0].float().cpu().numpy(), dtype=np.float32)

    def _look(self, image: torch.Tensor, key: bytes) -> Seen:
        if self._last is None or self._last[0] != key:
            self._last = key, self._squid.look(image)
        return self._last[1]

    def _forget(self) -> None:
        self._last = None


def _ready(folder: Path, device: torch.device) -> tuple[Card, Squid]:
    """A bundle whose first pass is done: it builds kernels, a second that belongs to loading and not to a patient."""
    card, squid = read_bundle(folder, device)
    side = card.network.image_size
    squid.measure(torch.zeros(1, 1, side, side, device=device), card.settings)
    return card, squid


def _picture(student: torch.Tensor) -> FloatArray:
    """(1, 1, S, S) -> (S, S) float32 in RECONSTRUCTION_STEPS."""
    return in_steps(student[0, 0].float().cpu().numpy(), RECONSTRUCTION_STEPS)
