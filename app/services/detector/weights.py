"""Which weights read an image, asked on a thread of its own: their folder may lie on a disk that does not answer."""

from __future__ import annotations

from concurrent.futures import Future

from app.services.threads.disk import ask_disk
from squid_core.bundle.library import Bundle, Bundles
from squid_core.contracts.errors import SquidError

PATIENCE_SECONDS = 10.0


def choose_weights(bundles: Bundles, weights: str, age: float | None = None) -> Future[Bundle]:
    """The bundle that reads an image, as `Bundles.choose`; the future fails with SquidError, and is never late."""

    def late() -> Bundle:
        raise SquidError("The disk with the weights does not answer.", "Choose other weights, or try again later.")

    return ask_disk(lambda: bundles.choose(weights, age), PATIENCE_SECONDS, late)
