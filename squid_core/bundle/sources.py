"""memory.json: the training image behind every memory slot, beside the weights of a bundle trained on one's own data.

File names may identify patients, so the shipped bundles have none; the weights' hash does not cover the file, and a
bundle without it is complete. No torch.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from squid_core.bundle.card import Sha256
from squid_core.contracts.errors import SquidError
from squid_core.files import TooLargeError, read_plain

SOURCES_NAME = "memory.json"
MAX_SOURCES_BYTES = 16_000_000
_ADVICE = f"Delete {SOURCES_NAME} from the weights' folder: they work without it."

FileName = Annotated[str, Field(min_length=1, max_length=1024)]


class MemorySources(BaseModel):
    """The file.

    Attributes:
        weights_sha256: of the weights whose memory this is.
        slots: by slot, the file name of its training image, which is the same at every patch position (with one memory
            for all patches, a slot holds one patch of it); None for an entry left from an earlier step.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    weights_sha256: Sha256
    slots: tuple[FileName | None, ...] = Field(min_length=1, max_length=100_000)


def pack_sources(weights_sha256: str, slots: Sequence[str | None]) -> bytes:
    """The file's bytes."""
    sources = MemorySources(weights_sha256=weights_sha256, slots=tuple(slots))
    return (json.dumps(sources.model_dump(mode="json"), indent=1) + "\n").encode()  # escaped: any name survives


def read_sources(bundle: Path, weights_sha256: str, slots: int) -> tuple[str | None, ...]:
    """By slot, the training image behind it; empty where the bundle does not keep them.

    Args:
        bundle: the weights folder.
        weights_sha256: from its card.
        slots: M, entries of a memory.

    Raises:
        SquidError: the file is damaged, too large, or of other weights.
    """
    path = bundle / SOURCES_NAME
    try:
        sources = MemorySources.model_validate_json(read_plain(path, MAX_SOURCES_BYTES))
    except FileNotFoundError:
        return ()
    except TooLargeError as error:
        raise SquidError("The list of training images behind the memory is too large to be one.", _ADVICE) from error
    except (OSError, ValueError) as error:
        detail = f"{error.error_count()} fields" if isinstance(error, ValidationError) else type(error).__name__
        raise SquidError("The list of training images behind the memory is damaged.", _ADVICE, detail) from error
    if sources.weights_sha256 != weights_sha256 or len(sources.slots) != slots:
        raise SquidError("The list of training images behind the memory belongs to other weights.", _ADVICE)
    return sources.slots
