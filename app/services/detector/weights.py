"""Questions about weights, asked on threads of their own: their folder may lie on a disk that does not answer."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from app.services.threads.disk import ask_disk
from squid_core.contracts.errors import SquidError

PATIENCE_SECONDS = 10.0
T = TypeVar("T")


def ask_weights(question: Callable[[], T]) -> Future[T]:
    """The answer of a question to `Bundles`; the future fails with SquidError, also where no answer comes in time."""

    def late() -> T:
        raise SquidError("The disk with the weights does not answer.", "Choose other weights, or try again later.")

    return ask_disk(question, PATIENCE_SECONDS, late)
