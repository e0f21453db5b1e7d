"""All networks of a bundle together, and what they say of images before any calibration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from squid_core.contracts.detection import AS_TRAINED, DetectorSettings, MemoryEdit
from squid_core.model.anatomy import Anatomy, inner_mean
from squid_core.model.config import NetworkConfig
from squid_core.model.discriminator import Discriminator
from squid_core.model.generator import Encoded, Generator, Reconstruction
from squid_core.model.lesion import LesionCritic, LesionMarks, evidence
from squid_core.model.likeness import Likeness
from squid_core.model.picture import Given, Painter
from squid_core.model.places import elsewhere, log_distances, turned
from squid_core.model.texture import Parts, Texture


class Sight(NamedTuple):
    """What the lesion critic sees in B images.

    marks: of the critic.
    strangeness: (B, side, side) log distance of the features at each place from normal ones.
    """

    marks: LesionMarks
    strangeness: Tensor


@dataclass(frozen=True, eq=False)
class Evidence:
    """Raw quantities of B images.

    Attributes:
        logits: (B,) discriminator on the student's image; low speaks for abnormal.
        distances: (B, P) distance of each patch's feature from its memory output, 0..2; high speaks for abnormal.
        texture: (B,) a part, texture of input and reconstruction against normal ones; high speaks for abnormal.
        places: (B,) by name, whether the patches fit their own places in memory (see `places`); high speaks for
            abnormal. Empty where all patches share one memory.
        sight: what the lesion critic says of the images, where there is one.
        likeness: (B,) to the mean chest, -1..1, where pictures are laid on it; low speaks for what is no chest.
        made: the forward pass they come from.
    """

    logits: Tensor
    distances: Tensor
    texture: Parts
    places: dict[str, Tensor]
    sight: Sight | None
    likeness: Tensor | None
    made: Reconstruction

    def values(self) -> dict[str, Tensor]:
        """Image-level quantities by name, each (B,); parts of one thing share the first word."""
        texture = {f"texture {name}": value for name, value in self.texture._asdict().items()}
        patch = self.distances.amax(1)  # the most abnormal patch, where an anomaly is small and its place is known
        found = {"discriminator": self.logits, "memory": self.distances.mean(1), "patch": patch}
        found |= texture | self.places
        if self.sight is not None:
            found |= {"lesion map": evidence(self.sight.marks), "lesion logit": self.sight.marks.logit}
            found["anatomy"] = inner_mean(self.sight.strangeness)
        if self.likeness is not None:
            found["likeness"] = self.likeness
        return found


@dataclass(frozen=True, eq=False)
class Seen:
    """What depends on B images alone; a what-if needs it once.

    Attributes:
        encoded: the encoder's output.
        energies: of the texture in the images.
        places: see Evidence; memory as trained, whatever a what-if removes from it.
        sight: what the lesion critic sees, where there is one.
        likeness: see Evidence.
    """

    encoded: Encoded
    energies: Tensor
    places: dict[str, Tensor]
    sight: Sight | None
    likeness: Tensor | None


class Squid(nn.Module):
    """Generator, discriminator, lesion critic, the statistics of texture, anatomy and likeness, and who paints."""

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        self.generator = Generator(config)
        self.discriminator = Discriminator(config)
        self.texture = Texture(config)
        self.lesion = LesionCritic(config) if config.lesion_widths else None
        self.anatomy = Anatomy(config) if config.lesion_widths else None
        self.likeness = Likeness() if config.laid else None
        self.picture = Painter(config) if config.picture_widths else None

    @torch.no_grad()
    def look(self, images: Tensor) -> Seen:
        """(B, 1, S, S) in 0..1 -> all that is the same whatever the settings; call in evaluation mode."""
        encoded = self.generator.encode(images)
        likeness = None if self.likeness is None else self.likeness(images)
        return Seen(encoded, self.texture.energies(images), self._places(encoded), self._sight(images), likeness)

    @torch.no_grad()
    def measure(
        self, images: Tensor, settings: DetectorSettings, seen: Seen | None = None, edit: MemoryEdit = AS_TRAINED
    ) -> Evidence:
        """Run inference once; call in evaluation mode.

        Args:
            images: (B, 1, S, S) in 0..1.
            settings: memory and gate.
            seen: `look` at these images, if it is at hand: then only memory to score runs.
            edit: what of the memory is not read, or read elsewhere.
        """
        seen = self.look(images) if seen is None else seen
        made = self.generator.infer(seen.encoded, settings, edit)
        distances = 1 - F.cosine_similarity(seen.encoded.features, made.reading.output, dim=-1)
        texture = self.texture(images, made.student, seen.energies)
        logits = self.discriminator(made.student)
        return Evidence(logits, distances.clamp(min=0), texture, seen.places, seen.sight, seen.likeness, made)

    @torch.no_grad()
    def given(
        self,
        images: Tensor,
        settings: DetectorSettings,
        seen: Seen | None = None,
        edit: MemoryEdit = AS_TRAINED,
        doubt: Tensor | None = None,
    ) -> Given:
        """What a picture is painted from; call in evaluation mode, of networks that paint.

        Args:
            images: (B, 1, S, S) in 0..1.
            settings: memory and gate.
            seen: `look` at these images, if it is at hand.
            edit: what of the memory is not read, or read elsewhere.
            doubt: (B, 1, M, M) in 0..1, what is doubted beside what critic and anatomy doubt.
        """
        seen = self.look(images) if seen is None else seen
        if self.picture is None or seen.sight is None:
            raise ValueError("these networks paint no picture")
        own = self.picture.doubt(self.picture.hints(seen.sight.marks.map, seen.sight.strangeness))
        doubt = own if doubt is None else torch.maximum(own, doubt)
        by_patch = F.adaptive_avg_pool2d(doubt, self.generator.config.grid).flatten(1)
        made = self.generator.infer(seen.encoded, settings, edit, by_patch)
        return Given(images, made.student, made.inpainted, doubt)

    def _places(self, encoded: Encoded) -> dict[str, Tensor]:
        nearest = self.generator.memory.nearest(encoded.features)
        if min(nearest.shape[1:]) < 2:
            return {}
        logs = log_distances(nearest)
        return {"elsewhere": elsewhere(logs), "turned": turned(logs)}

    def _sight(self, images: Tensor) -> Sight | None:
        if self.lesion is None or self.anatomy is None:
            return None
        marks = self.lesion(images)
        return Sight(marks, self.anatomy(marks))
