"""The network as data: every component of the paper is a switch."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from squid_core.contracts.detection import Shrinkage

MAX_VALUES = 2**25  # in any one picture of features or table of weights, for one image: 134 MB
MAX_STAGES = 10

Channels = Annotated[int, Field(ge=1, le=4096)]
Slots = Annotated[int, Field(ge=0, le=100_000)]


class MemoryKind(StrEnum):
    """What the memory of a patch position is."""

    QUEUE = "queue"  # the paper: the latest features of normal training patches
    MATRIX = "matrix"  # MemAE: learned parameters
    NONE = "none"  # no memory: the feature itself passes, as in an auto-encoder


class Similarity(StrEnum):
    """How a feature is compared with a memory entry."""

    DOT = "dot"  # published code; unscaled, saturates the softmax
    SCALED_DOT = "scaled_dot"  # divided by sqrt(D)
    COSINE = "cosine"  # divided by `temperature`


class Pretext(StrEnum):
    """What the encoder learns beside reconstruction, from normal images alone (not in the paper)."""

    NONE = "none"
    PLACE = "place"  # the position a patch comes from
    PLACE_AND_TURN = "place_and_turn"  # and by how many quarter turns it was rotated


class NetworkConfig(BaseModel):
    """Shape of generator and discriminator; travels in the model card.

    Attributes:
        image_size: S, side of the square input in pixels, 8..512; divides into patches.
        grid: N, patches along each side, 1..16.
        widths: channels of the encoder before the first and after each stride-2 stage; decoders mirror them.
        unshuffle: 1 as published; 2 works at half resolution inside (space to depth before the stem, depth to space
            behind the decoder), at less than half the cost.
        feature_channels: channels of the 1x1 bottleneck; a memory entry is these over one patch's locations.
        feature_relu: whether the bottleneck ends in a ReLU (published code). Without it features are centred and
            cosines spread.
        skips: per decoder level, deepest first: concatenate the encoder's features of that resolution.
        decoder_slots: per decoder level, deepest first: entries of a learned memory behind it, 0 for none.
        joined_from: decoder level from which patches are decoded as one image; 0 joins at the bottleneck,
            len(widths) - 1 decodes every patch alone.
        memory: what the memory of a patch position is.
        slots: M, entries of one memory (200 as published).
        space_aware: one memory per patch position, else one for all.
        similarity: how a feature is compared with an entry.
        temperature: by which a cosine is divided before the softmax; lower reads fewer entries.
        shrinkage: how similarities become weights, in training and in the card's settings.
        top_k: k, entries that hard and Gumbel shrinkage keep, 1..slots.
        inpaint: with the transformer block that rebuilds a patch from the memories of its neighbours.
        heads: of its attention; they divide the feature size.
        mask_padding: leave neighbours outside the image out of the attention. Published code attends to zeros.
        shortcut: with the masked shortcut, by which encoded features pass memory in training.
        rho: probability, per location, that training passes the in-painted rather than the encoded feature, 0..1.
        teacher: with the teacher decoder (for distillation).
        teacher_trains_encoder: the teacher's loss reaches the encoder. False in the paper, where skips teach it.
        pretext: the encoder's second task; its head is not shipped.
        discriminator_widths: channels of its 5x5 stride-2 convolutions.
        laid: for pictures that are laid on a mean chest (not in the paper): texture in finer cells, and likeness to it.
        lesion_widths: channels of the lesion critic (not in the paper) before the first and after each stride-2
            stage; empty: none.
        lesion_size: side of the image that the lesion critic sees, px; at most image_size.
        picture_widths: channels of the network that paints the picture (not in the paper) at the side of all patches'
            bottlenecks, at twice that, and so on up to image_size; it needs a lesion critic, queues for each place read
            by cosines, and no skip connections. Empty: none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    image_size: int = Field(default=128, ge=8, le=512)
    grid: int = Field(default=4, ge=1, le=16)
    widths: tuple[Channels, ...] = Field(default=(32, 64, 128), min_length=1, max_length=MAX_STAGES)
    unshuffle: int = Field(default=2, ge=1, le=4)
    feature_channels: Channels = 32
    feature_relu: bool = False
    skips: tuple[bool, ...] = (False, False)
    decoder_slots: tuple[Slots, ...] = (0, 0)
    joined_from: int = Field(default=0, ge=0)

    memory: MemoryKind = MemoryKind.QUEUE
    slots: Slots = Field(default=200, ge=1)
    space_aware: bool = True
    similarity: Similarity = Similarity.COSINE
    temperature: float = Field(default=0.1, gt=0)
    shrinkage: Shrinkage = Shrinkage.GUMBEL
    top_k: int = Field(default=5, ge=1)

    inpaint: bool = True
    heads: int = Field(default=8, ge=1)
    mask_padding: bool = True
    shortcut: bool = True
    rho: float = Field(default=0.95, ge=0, le=1)

    teacher: bool = True
    teacher_trains_encoder: bool = False
    pretext: Pretext = Pretext.NONE
    discriminator_widths: tuple[Channels, ...] = Field(
        default=(16, 32, 64, 128, 128), min_length=1, max_length=MAX_STAGES
    )
    laid: bool = False
    lesion_widths: tuple[Channels, ...] = Field(default=(), max_length=MAX_STAGES)
    lesion_size: int = Field(default=96, ge=8)
    picture_widths: tuple[Channels, ...] = Field(default=(), max_length=MAX_STAGES)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.image_size % self.grid or self.patch_size % (self.unshuffle * 2**self.levels):
            raise ValueError("the image must divide into patches, and a patch by two at every level")
        if not len(self.skips) == len(self.decoder_slots) == self.levels or self.joined_from > self.levels:
            raise ValueError("skips and decoder_slots have one entry per decoder level")
        if self.feature_size % self.heads:
            raise ValueError("the heads must divide the feature size")
        if self.inpaint and self.grid < 2:
            raise ValueError("in-painting needs neighbours: a grid of at least 2 x 2")
        if self.top_k > self.slots:
            raise ValueError("top_k cannot exceed the slots")
        if self.lesion_widths and (
            len(self.lesion_widths) < 4
            or self.lesion_size > self.image_size
            or self.lesion_size % 2 ** len(self.lesion_widths)
        ):
            raise ValueError("the lesion critic needs four widths and a size that halves at each of them")
        self._paints()
        if self._most_values > MAX_VALUES:
            raise ValueError("the network needs more memory for an image than a workstation has")
        return self

    def _paints(self) -> None:
        """Whether there is what a picture is painted from.

        Raises:
            ValueError: there is not.
        """
        if not self.picture_widths:
            return
        sides = self.grid * self.feature_side * 2 ** (len(self.picture_widths) - 1)
        if len(self.picture_widths) < 2 or sides != self.image_size:
            raise ValueError("the picture needs a width for each doubling from the bottleneck to the image's side")
        if not self.lesion_widths or any(self.skips):
            raise ValueError("the picture needs a lesion critic, and a memory that no skip connection passes by")
        if not (self.space_aware and self.memory is MemoryKind.QUEUE and self.similarity is Similarity.COSINE):
            raise ValueError("the picture needs a queue for each place, read by cosines")

    @property
    def _most_values(self) -> int:
        """Values in the greatest tensor that one image needs, weights aside."""

        def most(widths: tuple[int, ...], side: int) -> int:
            return max((width * (-(-side // 2**stage)) ** 2 for stage, width in enumerate(widths)), default=0)

        patches = self.grid**2
        return max(
            most(self.widths, self.image_size // self.unshuffle),
            most(self.discriminator_widths, -(-self.image_size // 2)),
            most(self.lesion_widths, self.lesion_size // 2),
            most(self.picture_widths[::-1], self.image_size),
            patches * self.positions * self.slots,  # every patch against every memory
            *(patches * slots for slots in self.decoder_slots),
        )

    @property
    def levels(self) -> int:
        """Stride-2 stages of the encoder, and levels of each decoder."""
        return len(self.widths) - 1

    @property
    def patch_size(self) -> int:
        """P, side of a patch in pixels."""
        return self.image_size // self.grid

    @property
    def feature_side(self) -> int:
        """Side of a patch's bottleneck in locations."""
        return int(self.patch_size // (self.unshuffle * 2**self.levels))

    @property
    def feature_size(self) -> int:
        """D, length of a flattened patch feature and of a memory entry."""
        return self.feature_channels * self.feature_side**2

    @property
    def positions(self) -> int:
        """Number of memories."""
        return self.grid**2 if self.space_aware else 1
