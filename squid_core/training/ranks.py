"""Several processes that train one network together: `torchrun --nproc-per-node 2 -m squid_core.cli train ...`.

Each process (a rank) sees its own part of every batch. Gradients and batch statistics are averaged, and every rank's
queue gets the features of all, so all ranks hold the same networks. Only rank 0 writes and talks.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.utils import convert_conv2d_weight_memory_format

from squid_core.contracts.errors import SquidError

SEEDS_APART = 1_000_003  # more steps than any training has, and a prime
PATIENCE = timedelta(hours=2)  # the others wait as long while rank 0 validates

T = TypeVar("T")
Network = TypeVar("Network", bound=nn.Module)


@dataclass(frozen=True)
class Ranks:
    """The processes of a training.

    Attributes:
        rank: which of them this one is, 0 leads.
        size: how many there are.
    """

    rank: int = 0
    size: int = 1

    @property
    def leads(self) -> bool:
        """Whether this is the process that writes and talks."""
        return self.rank == 0

    def check_batch(self, count: int) -> None:
        """Make sure that a batch can be shared evenly.

        Raises:
            SquidError: it cannot.
        """
        if count % self.size:
            raise SquidError(
                f"A batch of {count} images cannot be shared evenly by {self.size} processes.",
                "Start another number of processes, or change the preset's batch_size.",
            )

    def placed(self, module: Network, device: torch.device) -> Network:
        """A network on a device, convolutions channels_last; on several GPUs batch norms see all ranks' parts."""
        if self.size > 1 and device.type == "cuda":
            nn.SyncBatchNorm.convert_sync_batchnorm(module)  # type: ignore[no-untyped-call]
        module.to(device)
        convert_conv2d_weight_memory_format(module, torch.channels_last)
        return module

    def seed(self, seed: int, step: int) -> None:
        """Seed torch's own chance for a step: known from both, and another for each rank."""
        torch.manual_seed((seed * SEEDS_APART + step) * self.size + self.rank)

    def part(self, items: Sequence[T]) -> Sequence[T]:
        """This rank's share of a batch; all ranks' shares in order are the batch."""
        share = len(items) // self.size
        return items[self.rank * share : (self.rank + 1) * share]

    def average(self, tensors: Iterable[Tensor]) -> None:
        """Replace tensors, in place, by their mean over all ranks.

        Raises:
            SquidError: another rank has gone.
        """
        own = list(tensors)
        if self.size == 1 or not own:
            return
        flat = torch.cat([tensor.reshape(-1) for tensor in own])
        _together(lambda: dist.all_reduce(flat))
        flat /= self.size
        for tensor, mean in zip(own, torch.split(flat, [tensor.numel() for tensor in own]), strict=True):
            tensor.copy_(mean.view_as(tensor))

    def average_gradients(self, module: nn.Module) -> None:
        """The same for the gradients of a module."""
        self.average(p.grad for p in module.parameters() if p.grad is not None)

    def average_statistics(self, module: nn.Module) -> None:
        """The same for what batch norm has seen; on CUDA its layers have already spoken with each other."""
        self.average(buffer for name, buffer in module.named_buffers() if "running_" in name)

    def gather(self, tensor: Tensor) -> Tensor:
        """(B, ...) of every rank -> (size * B, ...), in order of rank.

        Raises:
            SquidError: another rank has gone.
        """
        if self.size == 1:
            return tensor
        parts = [torch.empty_like(tensor, memory_format=torch.contiguous_format) for _ in range(self.size)]
        _together(lambda: dist.all_gather(parts, tensor.detach().contiguous()))
        return torch.cat(parts)

    def any(self, here: bool, device: torch.device) -> bool:
        """Whether something holds on at least one rank.

        Raises:
            SquidError: another rank has gone.
        """
        return self.mean(float(here), device) > 0

    def mean(self, here: float, device: torch.device) -> float:
        """The mean of a number over all ranks; alone, the number, and the device is not waited for.

        Raises:
            SquidError: another rank has gone.
        """
        if self.size == 1:
            return here
        number = torch.tensor([here], dtype=torch.float64).to(device)
        self.average([number])
        return number.item()


ALONE = Ranks()


@contextmanager
def joined(device: torch.device) -> Iterator[tuple[Ranks, torch.device]]:
    """Join the other processes if torchrun started this one; gives the ranks and this rank's device.

    Raises:
        SquidError: there are fewer GPUs than ranks.
    """
    size = os.environ.get("WORLD_SIZE", "1")
    if size == "1" or "RANK" not in os.environ:
        yield ALONE, device
        return
    if device.type == "cuda":
        local = int(os.environ.get("LOCAL_RANK", "0"))
        if local >= torch.cuda.device_count():
            raise SquidError(
                f"There are more processes than GPUs ({torch.cuda.device_count()}).",
                "Start as many processes as there are GPUs (--nproc-per-node), or choose --device cpu.",
            )
        device = torch.device("cuda", local)
        torch.cuda.set_device(device)
    dist.init_process_group("nccl" if device.type == "cuda" else "gloo", timeout=PATIENCE)
    try:
        yield Ranks(dist.get_rank(), dist.get_world_size()), device
    finally:
        dist.destroy_process_group()


def _together(talk: Callable[[], Any]) -> None:
    """Something all ranks do at once.

    Raises:
        SquidError: one of them does not.
    """
    try:
        talk()
    except RuntimeError as error:
        raise SquidError(
            "Another process of this training has ended.", "Its own message says why.", type(error).__name__
        ) from error
