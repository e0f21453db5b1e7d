"""What becomes of a graphics card's failures. There is none here: its errors are made up."""

from __future__ import annotations

import pickle

import pytest
import torch

from squid_core.contracts.errors import DeviceFailedError
from squid_core.model.device import on_device

CARD = torch.device("cuda")


class Failing:
    """Fails so many times, then answers."""

    def __init__(self, error: Exception, times: int) -> None:
        self.error, self.times, self.freed = error, times, 0

    def __call__(self) -> str:
        self.times -= 1
        if self.times >= 0:
            raise self.error
        return "answer"

    def free(self) -> None:
        self.freed += 1


def test_out_of_memory_is_tried_once_more_with_what_could_be_freed() -> None:
    work = Failing(torch.OutOfMemoryError("CUDA out of memory"), 1)
    assert on_device(CARD, work, work.free) == "answer"
    assert work.freed == 1


def test_out_of_memory_again_and_a_dead_driver_are_told_apart() -> None:
    with pytest.raises(DeviceFailedError, match="too little memory") as short:
        on_device(CARD, Failing(torch.OutOfMemoryError("CUDA out of memory"), 2))
    with pytest.raises(DeviceFailedError, match="does not answer") as dead:
        on_device(CARD, Failing(RuntimeError("CUDA error: unspecified launch failure"), 2))
    assert [pickle.loads(pickle.dumps(e.value)).lasting for e in (short, dead)] == [False, True]  # noqa: S301


def test_on_the_cpu_errors_stay_what_they_are() -> None:
    with pytest.raises(RuntimeError, match="shapes"):
        on_device(torch.device("cpu"), Failing(RuntimeError("shapes differ"), 1))
