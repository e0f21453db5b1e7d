"""The facade: a bundle, a device, and one call from ModelInput to Detection."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import numpy as np
import torch

from squid_core.bundle.calibration import apply, patch_percentiles
from squid_core.bundle.card import Card
from squid_core.bundle.weights import read_bundle
from squid_core.contracts import Detection, DetectorSettings, FloatArray, ModelInput, SquidError
from squid_core.inference.explain import matches
from squid_core.model.device import pick_device
from squid_core.model.generator import Encoded
from squid_core.model.squid import Squid


class Detector:
    """A loaded bundle. Not thread-safe; lives in the detector process.

    The encoder's output of the last image is kept, so that a what-if runs only from memory to score.
    """

    def __init__(self, card: Card, squid: Squid, device: torch.device) -> None:
        self.card = card
        self._squid, self._generator, self._device = squid, squid.generator, device
        self._last: tuple[bytes, Encoded] | None = None

    @classmethod
    def load(cls, folder: Path, device: str = "auto") -> Self:
        """Read a bundle.

        Args:
            folder: the weights folder.
            device: auto, cpu or cuda.

        Raises:
            SquidError: bad bundle or device.
        """
        chosen = pick_device(device)
        if chosen.type == "cpu":
            # Readers and window need cores too, and OpenMP threads that wait for a busy core stall each other:
            # on two cores under load one thread took 84 ms an image, two took 2.1 s.
            torch.set_num_threads(max(1, (os.cpu_count() or 2) // 2))
        card, squid = read_bundle(folder, chosen)
        # The first pass builds kernels, a second of work that belongs to loading and not to the first patient.
        size = squid.generator.config.image_size
        squid.measure(torch.zeros(1, 1, size, size, device=chosen), card.settings.to_settings())
        return cls(card, squid, chosen)

    def detect(self, model_input: ModelInput, settings: DetectorSettings | None = None) -> Detection:
        """Score one image.

        Args:
            model_input: prepared with the card's preprocessing.
            settings: a what-if; None takes the card's locked settings.

        Raises:
            SquidError: the input's size is not the network's, top_k exceeds the slots, or the result is not finite.
        """
        start = time.perf_counter()
        locked = self.card.settings.to_settings()
        settings = settings or locked
        config = self._generator.config
        if model_input.image.shape != (config.image_size, config.image_size):
            raise SquidError("The image was prepared for other weights.", "Open the study again.")
        if settings.top_k > config.slots:
            raise SquidError(f"The memory has {config.slots} entries a patch.", "Choose a smaller top-k.")
        image = torch.tensor(model_input.image, device=self._device)[None, None]
        encoded = self._encode(image, model_input.image.tobytes())
        seen = self._squid.measure(image, settings, encoded)
        values = {name: v.double().cpu().numpy() for name, v in seen.values().items()}
        if not all(np.isfinite(v).all() for v in values.values()):
            raise SquidError("The detector's answer is not a number.", "The image may be unusual; it is not scored.")
        scores = apply(self.card.calibration, values)
        reconstruction = seen.made.student[0, 0].float().cpu().numpy()
        distances = seen.distances[0].float().cpu().numpy()
        return Detection(
            score=float(scores.score[0]),
            percentile=float(scores.percentile[0]),
            paper_score=float(scores.paper[0]),
            components={name: float(z[0]) for name, z in scores.z.items()},
            input_image=model_input.image,
            reconstruction=reconstruction,
            difference=model_input.image - reconstruction,
            patch_scores=distances.reshape(config.grid, config.grid),
            patch_percentiles=patch_percentiles(self.card.calibration, distances).reshape(config.grid, config.grid),
            matches=matches(seen.made.reading, self._generator.memory.ages(), settings),
            geometry=model_input.geometry,
            settings=settings,
            model=self.card.name,
            model_hash=self.card.weights_sha256,
            outside_memory=bool(scores.outside_memory[0]),
            seconds=time.perf_counter() - start,
            device=self._device.type,
        )

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

    @torch.no_grad()
    def _encode(self, image: torch.Tensor, key: bytes) -> Encoded:
        if self._last is None or self._last[0] != key:
            self._last = key, self._generator.encode(image)
        return self._last[1]
