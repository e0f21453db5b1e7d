"""Encoder, memory, in-painting, and the student and teacher decoders (paper, sections 3.1 to 3.3)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn

from squid_core.contracts.detection import AS_TRAINED, DetectorSettings, Gate, MemoryEdit, Shrinkage
from squid_core.model.config import NetworkConfig, Pretext
from squid_core.model.inpaint import InpaintBlock
from squid_core.model.layers import ConvBlock, Up
from squid_core.model.memory import LevelMemory, Memory, MemoryReading, bernoulli_shortcut
from squid_core.model.patches import join, split
from squid_core.model.pretext import PretextHead

SAMPLE_SEED = 0  # a what-if with a Bernoulli gate shows the same sample every time


@dataclass(frozen=True, eq=False)
class Encoded:
    """What the encoder says; all that a what-if needs to run again.

    bottleneck: (B*N*N, C, h, w) before the 1x1 reduction. skips: by encoder level, finest first.
    features: (B, P, D), what is compared with memory.
    """

    bottleneck: Tensor
    skips: tuple[Tensor, ...]
    features: Tensor


@dataclass(frozen=True, eq=False)
class Reconstruction:
    """A forward pass. Images are (B, 1, S, S) in 0..1; the parts of teacher and pretext task only in training.

    inpainted: (B, P, D), what memory and in-painting answered for each patch.
    """

    student: Tensor
    encoded: Encoded
    reading: MemoryReading
    inpainted: Tensor
    teacher: Tensor | None = None
    distillation: Tensor | None = None
    pretext: Tensor | None = None


class Decoder(nn.Module):
    """Bottleneck -> image, level by level; per patch first, joined from `joined_from` on."""

    def __init__(self, config: NetworkConfig, *, with_memory: bool) -> None:
        super().__init__()
        self.config = config
        widths, side = config.widths[::-1], config.feature_side
        self.levels = nn.ModuleList()
        self.memories = nn.ModuleList()
        for i, (inputs, outputs) in enumerate(pairwise(widths)):
            side *= 2
            self.levels.append(Up(inputs, outputs, outputs if config.skips[i] else 0))
            slots = config.decoder_slots[i] if with_memory else 0
            self.memories.append(LevelMemory(config, slots, outputs * side**2) if slots else nn.Identity())
        scale = config.unshuffle
        kernel = 1 if scale == 1 else 3  # published: 1; sub-pixels need to see each other
        out = nn.Conv2d(config.widths[0], scale**2, kernel, padding=kernel // 2)
        self.out = nn.Sequential(out, nn.PixelShuffle(scale))

    def forward(
        self,
        x: Tensor,
        skips: tuple[Tensor, ...],
        kind: Shrinkage,
        k: int,
        *,
        grid: int | None = None,
        shuffled: bool = False,
    ) -> tuple[Tensor, list[Tensor]]:
        """Decode.

        Args:
            x: (B*N*N, C, h, w) bottleneck of patches.
            skips: encoder features by level, finest first, per patch.
            kind: shrinkage of the decoder memories.
            k: entries they keep.
            grid: patches a side to join; 1 decodes every patch as an image of its own.
            shuffled: the decoder memories are read at exchanged positions.

        Returns:
            Image (B, 1, S, S) in 0..1 and the features of every level.
        """
        grid = self.config.grid if grid is None else grid
        features, joined = [], False
        for i, (level, memory) in enumerate(zip(self.levels, self.memories, strict=True)):
            if i == self.config.joined_from:
                x, joined = join(x, grid), True
            skip = skips[-1 - i] if self.config.skips[i] else None
            x = level(x, join(skip, grid) if skip is not None and joined else skip)
            if isinstance(memory, LevelMemory) and grid == self.config.grid:
                read = memory(split(x, grid) if joined else x, kind, k, shuffled=shuffled)
                x = join(read, grid) if joined else read
            features.append(x)
        image = torch.sigmoid(self.out(x).float())  # half precision has too few greys
        return (image if joined else join(image, grid)), features


class Generator(nn.Module):
    """SQUID's generator."""

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        self.config = config
        widths, channels = config.widths, config.feature_channels
        self.stem = nn.Sequential(nn.PixelUnshuffle(config.unshuffle), ConvBlock(config.unshuffle**2, widths[0]))
        self.stages = nn.ModuleList(ConvBlock(i, o, 2) for i, o in pairwise(widths))
        reduce: list[nn.Module] = [nn.Conv2d(widths[-1], channels, 1, bias=False), nn.BatchNorm2d(channels)]
        self.reduce = nn.Sequential(*reduce, *([nn.ReLU()] if config.feature_relu else []))
        self.memory = Memory(config)
        self.inpaint = InpaintBlock(config) if config.inpaint else None
        # Every patch is told where it is (published code: a binary position code beside the feature).
        self.register_buffer("position", _binary_codes(config.grid**2), persistent=False)
        self.expand = nn.Sequential(
            nn.Conv2d(channels + self.position.shape[1], widths[-1], 1, bias=False),
            nn.BatchNorm2d(widths[-1]),
            nn.ReLU(),
        )
        self.student = Decoder(config, with_memory=True)
        self.teacher = Decoder(config, with_memory=False) if config.teacher else None
        self.pretext = PretextHead(config) if config.pretext is not Pretext.NONE else None

    position: Tensor

    def encode(self, images: Tensor) -> Encoded:
        """(B, 1, S, S) in 0..1 -> Encoded."""
        return self._encode(split(images, self.config.grid))

    def _encode(self, patches: Tensor) -> Encoded:
        x = self.stem(patches)
        skips = []
        for stage in self.stages:
            skips.append(x)
            x = stage(x)
        features = self.reduce(x).reshape(-1, self.config.grid**2, self.config.feature_size)
        return Encoded(x, tuple(skips), features)

    def _encode_with_task(self, images: Tensor) -> tuple[Encoded, Tensor | None]:
        """`encode` in training, and the loss of the pretext task where there is one.

        Upright and turned patches share one pass, so that batch norm cannot tell them apart by their batch.
        """
        if self.pretext is None:
            return self.encode(images), None
        patches = split(images, self.config.grid)
        turned, turns = self.pretext.turned(patches)
        both = self._encode(torch.cat((patches, turned)))
        loss: Tensor = self.pretext(both.features.flatten(0, 1), torch.cat((turns.new_zeros(len(patches)), turns)))
        skips = tuple(skip[: len(patches)] for skip in both.skips)
        return Encoded(both.bottleneck[: len(patches)], skips, both.features[: len(images)]), loss

    def recall(
        self,
        encoded: Encoded,
        kind: Shrinkage,
        k: int,
        edit: MemoryEdit = AS_TRAINED,
        doubt: Tensor | None = None,
    ) -> tuple[Tensor, MemoryReading, Tensor]:
        """Memory and in-painting.

        Args:
            encoded: the image.
            kind: of shrinkage.
            k: entries kept.
            edit: of the memory.
            doubt: (B, P) in 0..1; a patch that is doubted asks with what memory answered for it, see `Memory`.

        Returns:
            The bottleneck (B*N*N, C, h, w) rebuilt from memory, what was read, and the same in-painted, (B, P, D).
        """
        reading = self.memory(encoded.features, kind, k, edit, doubt)
        asked = encoded.features if doubt is None else torch.lerp(encoded.features, reading.output, doubt[..., None])
        inpainted = self.inpaint(asked, reading.output) if self.inpaint else reading.output
        return self._expand(inpainted, self.position.repeat(inpainted.shape[0], 1)), reading, inpainted

    def _expand(self, features: Tensor, codes: Tensor) -> Tensor:
        side = self.config.feature_side
        maps = features.reshape(-1, self.config.feature_channels, side, side)
        codes = codes[:, :, None, None].expand(-1, -1, side, side)
        out: Tensor = self.expand(torch.cat((maps, codes), dim=1))
        return out

    def forward(self, images: Tensor, *, taught: bool = True) -> Reconstruction:
        """A training step's forward pass (in eval mode the paper's inference: no shortcut, no teacher).

        Args:
            images: (B, 1, S, S) in 0..1.
            taught: False leaves the teacher out, for a step of the discriminator, which looks at the student alone.
        """
        config = self.config
        encoded, task = self._encode_with_task(images) if self.training else (self.encode(images), None)
        bottleneck, reading, inpainted = self.recall(encoded, config.shrinkage, config.top_k)
        if not self.training:
            student, _ = self.student(bottleneck, encoded.skips, config.shrinkage, config.top_k)
            return Reconstruction(student, encoded, reading, inpainted)
        if config.shortcut:
            bottleneck = bernoulli_shortcut(bottleneck, encoded.bottleneck, config.rho)
        student, levels = self.student(bottleneck, encoded.skips, config.shrinkage, config.top_k)
        if self.teacher is None or not taught:
            return Reconstruction(student, encoded, reading, inpainted, pretext=task)
        # The teacher sees detached features: its loss trains nothing but itself, unless the preset says otherwise.
        own = encoded.bottleneck if config.teacher_trains_encoder else encoded.bottleneck.detach()
        skips = tuple(skip.detach() for skip in encoded.skips)
        teacher, teacher_levels = self.teacher(own, skips, config.shrinkage, config.top_k)
        pairs = zip(levels, teacher_levels, strict=True)
        # Not F.mse_loss: its gradient is not channels_last, and everything behind it would be copied to and fro.
        distillation = torch.stack([(s - t).square().sum() / s.numel() for s, t in pairs]).sum()
        return Reconstruction(student, encoded, reading, inpainted, teacher, distillation, task)

    def infer(
        self,
        encoded: Encoded,
        settings: DetectorSettings,
        edit: MemoryEdit = AS_TRAINED,
        doubt: Tensor | None = None,
    ) -> Reconstruction:
        """Memory to student with a what-if's settings; call in eval mode. `doubt`: see `recall`."""
        kind, k = settings.shrinkage, settings.top_k
        bottleneck, reading, inpainted = self.recall(encoded, kind, k, edit, doubt)
        if settings.gate is Gate.SOFT:
            bottleneck = settings.rho * bottleneck + (1 - settings.rho) * encoded.bottleneck
        elif settings.gate is Gate.BERNOULLI:
            seeded = torch.Generator(bottleneck.device).manual_seed(SAMPLE_SEED)
            bottleneck = bernoulli_shortcut(bottleneck, encoded.bottleneck, settings.rho, seeded)
        student, _ = self.student(bottleneck, encoded.skips, kind, k, shuffled=edit.shuffled)
        return Reconstruction(student, encoded, reading, inpainted)

    def decode_entries(self, entries: Tensor, patch: int) -> Tensor:
        """Pictures of memory entries: (K, D) of patch position `patch` -> (K, 1, P, P) in 0..1.

        Each entry goes through the student as a patch of its own: no in-painting, no neighbours, and zeros where a
        skip connection would bring the image's own features.
        """
        x = self._expand(entries, self.position[patch].expand(entries.shape[0], -1))
        inner = self.config.patch_size // self.config.unshuffle
        sizes = [(w, inner // 2**i) for i, w in enumerate(self.config.widths[:-1])]
        skips = tuple(x.new_zeros(entries.shape[0], w, side, side) for w, side in sizes)
        pictures: Tensor = self.student(x, skips, self.config.shrinkage, self.config.top_k, grid=1)[0]
        return pictures


def _binary_codes(count: int) -> Tensor:
    """(count, bits) float: every index in binary."""
    bits = max(1, (count - 1).bit_length())
    # Never on "meta", where this would load torch's compiler.
    return (torch.arange(count, device="cpu")[:, None] >> torch.arange(bits, device="cpu") & 1).float()
