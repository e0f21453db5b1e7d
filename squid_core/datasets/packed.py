"""A folder of images as one file: prepared once, read at once, carried to another machine.

Safetensors: the images as one tensor, in the metadata a SHA-256 over facts and images and, behind it, the facts as JSON
(one entry, since safetensors orders several by chance, and the same folder should make the same file). The file names
nobody: images are numbered in the order of their file names, patients in the order in which
`image_set.split_by_patient` holds them out. The pictures themselves are patients' all the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from squid_core.contracts.errors import SquidError
from squid_core.files import write_atomically
from squid_core.preprocessing import Preprocessing

IMAGES, FACTS = "images", "squid_pack"
HASH_DIGITS = 64


class PackFacts(BaseModel):
    """What a packed file says of its images.

    Attributes:
        preprocessing: that they were prepared with.
        patients: one number an image; images of a patient have the same one.
        unreadable: how many files of the folder could not be used.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    preprocessing: Preprocessing
    patients: tuple[Annotated[int, Field(ge=0)], ...] = Field(min_length=1)
    unreadable: int = Field(ge=0)


def write_packed(path: Path, images: NDArray[np.uint8], facts: PackFacts) -> None:
    """Write (N, S, S) images in one piece.

    Raises:
        SquidError: the disk is full or the folder cannot be written; a file that was there before stays.
    """
    stated = facts.model_dump_json()
    write_atomically(path, save({IMAGES: np.ascontiguousarray(images)}, {FACTS: _digest(stated, images) + stated}))


def read_packed(path: Path, preprocessing: Preprocessing) -> tuple[NDArray[np.uint8], PackFacts]:
    """The (N, S, S) images of a packed file, and what it says of them.

    Args:
        path: a file.
        preprocessing: that the images must have been prepared with.

    Raises:
        SquidError: no packed file, damaged or cut short, or prepared in another way.
    """
    try:
        with safe_open(path, framework="numpy") as file:
            written = (file.metadata() or {})[FACTS]
            digest, stated = written[:HASH_DIGITS], written[HASH_DIGITS:]
            facts = PackFacts.model_validate_json(stated)
            images: NDArray[np.uint8] = file.get_tensor(IMAGES)
    except (OSError, SafetensorError, KeyError, ValueError) as error:
        detail = f"{error.error_count()} fields" if isinstance(error, ValidationError) else type(error).__name__
        raise _unusable(path, detail) from error
    side = facts.preprocessing.size
    if images.dtype != np.uint8 or images.shape != (len(facts.patients), side, side):
        raise _unusable(path, "shape")
    if _digest(stated, images) != digest:
        raise _unusable(path, "hash")
    if facts.preprocessing != preprocessing:
        raise SquidError(
            f"The images in '{path.name}' were packed for another preprocessing.",
            "Pack the folder anew with squid pack, for the preset or the weights that are to see it.",
        )
    return images, facts


def packed_for(path: Path) -> Preprocessing:
    """What a packed file was prepared with.

    Raises:
        SquidError: no packed file.
    """
    try:
        with safe_open(path, framework="numpy") as file:
            stated = (file.metadata() or {})[FACTS][HASH_DIGITS:]
        return PackFacts.model_validate_json(stated).preprocessing
    except (OSError, SafetensorError, KeyError, ValueError) as error:
        raise _unusable(path, type(error).__name__) from error


def numbered(patients: Sequence[str]) -> tuple[int, ...]:
    """A number for each patient's key, in the order of the keys."""
    numbers = {key: number for number, key in enumerate(sorted(set(patients)))}
    return tuple(numbers[key] for key in patients)


def _unusable(path: Path, why: str) -> SquidError:
    return SquidError(
        f"'{path.name}' is no packed file of images, or it is damaged or cut short.",
        "Give a folder of images, or pack it anew with squid pack.",
        why,
    )


def _digest(stated: str, images: NDArray[np.uint8]) -> str:
    digest = hashlib.sha256(stated.encode())
    digest.update(np.ascontiguousarray(images).data)
    return digest.hexdigest()
