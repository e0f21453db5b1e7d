"""Space-aware memory queues and how a feature is read from them (paper, section 3.2)."""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from squid_core.contracts.detection import AS_TRAINED, MemoryEdit, Shrinkage
from squid_core.model.config import MemoryKind, NetworkConfig, Similarity

SHUFFLE_SEED = 0
LEAST_TRUST = 0.05  # of a patch that is doubted: where all are, all count alike


def shrink(weights: Tensor, kind: Shrinkage, k: int) -> Tensor:
    """Shrink softmax weights over the last axis; the result sums to one.

    Args:
        weights: (..., M) softmax weights, entries that may not be read at zero.
        kind: GUMBEL keeps exactly the k greatest forward and passes the softmax's gradient backward (paper, section
            3.2: sg(hs(w, k) - w) + w, with hs normalised to sum one); HARD is MemAE's hard shrinkage with the (k+1)-th
            weight as threshold, so exactly k survive, the gradient passes through these; SOFTMAX changes nothing.
        k: entries kept. Deviation: published code zeroes the k-th as well and so keeps k - 1.

    Returns:
        (..., M) weights.
    """
    if kind is Shrinkage.SOFTMAX or k >= weights.shape[-1]:
        return weights
    if kind is Shrinkage.GUMBEL:
        kept = torch.zeros_like(weights)
        values, indices = weights.detach().topk(k, dim=-1)
        kept.scatter_(-1, indices, values)
        return (F.normalize(kept, p=1, dim=-1) - weights).detach() + weights
    threshold = weights.topk(k + 1, dim=-1).values[..., -1:].detach()
    shrunk = F.relu(weights - threshold) * weights / ((weights - threshold).abs() + 1e-12)
    return F.normalize(shrunk, p=1, dim=-1)


def exchange(positions: int) -> tuple[int, ...]:
    """By position, the one whose entries it gets when memory is shuffled: one random cycle, so none gets its own."""
    cycle = torch.randperm(positions, generator=torch.Generator().manual_seed(SHUFFLE_SEED)).tolist()
    read_by = dict(zip(cycle, cycle[1:] + cycle[:1], strict=True))
    return tuple(read_by[position] for position in range(positions))


def _exchanged(entries: Tensor) -> Tensor:
    """(P, M, D) entries, those of every position replaced by another's, slot by slot."""
    return entries[list(exchange(len(entries)))]


class MemoryReading(NamedTuple):
    """What a memory answers.

    output: (B, P, D), the entries weighted and summed.
    weights: (B, P, M), shrunk weights.
    cosines: (B, P, M), cosine of feature and entry whatever similarity chose the weights, -1..1.
    """

    output: Tensor
    weights: Tensor
    cosines: Tensor


class Memory(nn.Module):
    """One memory of M entries of D numbers per position.

    A queue's entries are the raw detached features, written in order of arrival; `pointer` is the slot written
    next and `filled` how many hold a feature. Both are buffers, so a checkpoint knows where the queue stands.
    Slots not filled yet are never read. A matrix's entries are parameters (MemAE). With kind NONE the answer is the
    feature itself.
    """

    pointer: Tensor
    filled: Tensor
    entries: Tensor

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        self.similarity, self.temperature = config.similarity, config.temperature
        self.kind = config.memory
        entries = torch.empty(config.positions, config.slots, config.feature_size).uniform_(-1, 1)
        entries /= config.feature_size**0.5
        if self.kind is MemoryKind.MATRIX:
            self.entries = nn.Parameter(entries)
        else:
            self.register_buffer("entries", entries)
        full = 0 if self.kind is MemoryKind.QUEUE else config.slots
        self.register_buffer("pointer", torch.zeros((), dtype=torch.long))
        self.register_buffer("filled", torch.tensor(full))

    def forward(
        self, features: Tensor, kind: Shrinkage, k: int, edit: MemoryEdit = AS_TRAINED, doubt: Tensor | None = None
    ) -> MemoryReading:
        """Read with (B, P, D) features, one per patch position; with one shared memory every patch reads it.

        In full precision, whatever the networks around it are trained in: a softmax of dot products needs it.

        Args:
            features: what is compared.
            kind: of shrinkage.
            k: entries kept.
            edit: must leave every patch an entry: a softmax over none is not a number.
            doubt: (B, P) in 0..1, how little a patch may choose for itself, see `chosen_together`; with the similarity
                COSINE and a memory per position.
        """
        with torch.autocast(features.device.type, enabled=False):
            return self._read(features.float(), kind, k, edit, doubt)

    def _read(self, features: Tensor, kind: Shrinkage, k: int, edit: MemoryEdit, doubt: Tensor | None) -> MemoryReading:
        if self.kind is MemoryKind.NONE:
            ones = features.new_ones(*features.shape[:2], 1)
            return MemoryReading(features, ones, ones)
        entries = self.entries.expand(features.shape[1], -1, -1)
        cosines = torch.einsum("bpd,pmd->bpm", F.normalize(features, dim=-1), F.normalize(entries, dim=-1))
        if self.similarity is Similarity.COSINE:
            logits = (cosines if doubt is None else chosen_together(cosines, doubt)) / self.temperature
        else:
            logits = torch.einsum("bpd,pmd->bpm", features, entries)
            if self.similarity is Similarity.SCALED_DOT:
                logits = logits / features.shape[-1] ** 0.5
        # Not asked how many are filled: on a GPU the answer would be waited for at every step.
        unread = torch.arange(entries.shape[1], device=features.device) >= self.filled.clamp(min=1)
        logits = logits.masked_fill(unread, -torch.inf)
        if edit.removed:
            patches, slots = zip(*edit.removed, strict=True)
            removed = torch.zeros(entries.shape[:2], dtype=torch.bool)
            removed[list(patches), list(slots)] = True
            logits = logits.masked_fill(removed.to(logits.device), -torch.inf)
        weights = shrink(logits.softmax(-1), kind, k)
        answers = _exchanged(entries) if edit.shuffled else entries
        return MemoryReading(torch.einsum("bpm,pmd->bpd", weights, answers), weights, cosines)

    def nearest(self, features: Tensor) -> Tensor:
        """(B, P, D) features -> (B, P, Q): cosine of every patch with the nearest entry of each of the Q memories."""
        entries = F.normalize(self.entries[:, : max(int(self.filled), 1)], dim=-1)
        flat = F.normalize(features, dim=-1) @ entries.flatten(0, 1).T
        return flat.reshape(*features.shape[:2], *entries.shape[:2]).amax(-1)

    @torch.no_grad()
    def push(self, features: Tensor) -> None:
        """Append (B, P, D) features, overwriting the oldest; a shared queue takes the patches one after another."""
        if self.kind is not MemoryKind.QUEUE:
            return
        positions, slots, size = self.entries.shape
        new = features.detach().transpose(0, 1) if positions > 1 else features.detach().reshape(1, -1, size)
        new = new[:, -slots:].to(self.entries.dtype)  # of more than a queueful only the last stay
        order = torch.arange(new.shape[1], device=self.pointer.device)
        self.entries[:, (self.pointer + order) % slots] = new
        self.pointer.copy_((self.pointer + new.shape[1]) % slots)
        self.filled.copy_((self.filled + new.shape[1]).clamp(max=slots))

    def next_slots(self, count: int) -> list[int]:
        """The slots that the next `count` entries go to, in order of arrival."""
        return [(int(self.pointer) + i) % self.entries.shape[1] for i in range(count)]

    def ages(self) -> Tensor:
        """(M,) int64: how many entries were pushed after each slot's; 0 is the newest."""
        slots = self.entries.shape[1]
        return (self.pointer - 1 - torch.arange(slots, device=self.pointer.device)) % slots


def chosen_together(cosines: Tensor, doubt: Tensor) -> Tensor:
    """How well each slot suits a patch that is doubted: by how well it suits the other patches of its image.

    A slot holds patches of one training image at all positions, so a doubted patch is answered by the normals who
    resemble the image where it is not doubted, and not by those who resemble the lesion.

    Args:
        cosines: (B, P, M).
        doubt: (B, P) in 0..1.

    Returns:
        (B, P, M), a doubted patch's own share replaced by the mean over all, each counted as far as it is trusted.
    """
    trust = (1 - doubt + LEAST_TRUST)[..., None]
    together = (cosines * trust).sum(1, keepdim=True) / trust.sum(1, keepdim=True)
    return torch.lerp(cosines, together, doubt[..., None])


class LevelMemory(nn.Module):
    """A learned memory behind a decoder level, one per patch position, with its own masked shortcut.

    Published code puts one behind each level that has a skip connection, lest the skip carry the anomaly through.
    """

    def __init__(self, config: NetworkConfig, slots: int, size: int) -> None:
        super().__init__()
        self.config = config
        self.entries = nn.Parameter(torch.empty(config.positions, slots, size).uniform_(-1, 1) / size**0.5)

    def forward(self, patches: Tensor, kind: Shrinkage, k: int, *, shuffled: bool = False) -> Tensor:
        """(B*N*N, C, h, w) -> the same, each patch read from its memory; `shuffled` as in MemoryEdit."""
        n, positions = patches.shape[0], self.config.grid**2
        entries = self.entries.expand(positions, -1, -1)
        answers = _exchanged(entries) if shuffled else entries
        with torch.autocast(patches.device.type, enabled=False):  # in full precision, as Memory
            features = patches.float().reshape(n // positions, positions, -1)
            weights = shrink(torch.einsum("bpd,pmd->bpm", features, entries).softmax(-1), kind, k)
            read = torch.einsum("bpm,pmd->bpd", weights, answers).reshape(patches.shape)
        if self.training and self.config.shortcut:
            return bernoulli_shortcut(read, patches, self.config.rho)
        return read


def bernoulli_shortcut(
    inpainted: Tensor, encoded: Tensor, rho: float, generator: torch.Generator | None = None
) -> Tensor:
    """Masked shortcut (paper, section 3.3): per location the in-painted feature with probability rho, else the encoded.

    Args:
        inpainted: (B, C, h, w).
        encoded: (B, C, h, w).
        rho: 0..1.
        generator: for a sample that can be repeated.
    """
    n, _, h, w = inpainted.shape
    chance = torch.full((n, 1, h, w), rho, device=inpainted.device)
    return torch.where(torch.bernoulli(chance, generator=generator).bool(), inpainted, encoded)
