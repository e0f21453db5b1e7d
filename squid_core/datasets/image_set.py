"""Training images: found, decoded once, held in memory, split by patient."""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import Decision, Identity, PixelArray
from squid_core.datasets.packed import PackFacts, numbered, read_packed, write_packed
from squid_core.dicom.readers import ReaderPool
from squid_core.long_runs import own_rank
from squid_core.preprocessing import Preprocessing, prepare

IMAGE_SUFFIXES = {".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff"}
# ZhangLab: IM-0115-0001.jpeg, NORMAL2-IM-0435-0001-0002.jpeg, person1000_bacteria_2931.jpeg
_PATIENT = re.compile(r"(?:NORMAL2-)?(IM-\d+)-|(person\d+)_")

T = TypeVar("T")


class TrainingSet(Protocol):
    """Where a training's images come from: a set that is at hand, or one drawn as it is asked for."""

    def __len__(self) -> int:
        """Images in an epoch."""
        ...

    def batch(self, indices: Sequence[int], epoch: int) -> NDArray[np.uint8]:
        """(B, S, S) uint8, the images of the given indices; the same again for the same indices and epoch."""
        ...

    def subset(self, keep: Sequence[int]) -> ImageSet:
        """The images of the given indices, as they are in the first epoch."""
        ...


@dataclass(frozen=True, eq=False)
class ImageSet:
    """Decoded images.

    Attributes:
        images: (N, S, S) uint8, 0..255 for the model input's 0..1.
        names: file names, for the record of which image lies behind a memory slot.
        patients: one key per image, no identifier; patients are held out in the order of their keys.
        unreadable: how many files could not be used.
    """

    images: NDArray[np.uint8]
    names: tuple[str, ...]
    patients: tuple[str, ...]
    unreadable: int = 0

    def __len__(self) -> int:
        return len(self.names)

    def batch(self, indices: Sequence[int], epoch: int) -> NDArray[np.uint8]:
        """(B, S, S) uint8, the images of the given indices, in every epoch the same."""
        return self.images[list(indices)]

    def subset(self, keep: Sequence[int]) -> ImageSet:
        """The images of the given indices."""
        return ImageSet(
            self.images[list(keep)], tuple(self.names[i] for i in keep), tuple(self.patients[i] for i in keep)
        )


def merge(sets: Sequence[ImageSet]) -> ImageSet:
    """Several sets as one."""
    images = np.concatenate([one.images for one in sets])
    names = tuple(name for one in sets for name in one.names)
    patients = tuple(patient for one in sets for patient in one.patients)
    return ImageSet(images, names, patients, sum(one.unreadable for one in sets))


def spread(length: int, count: int) -> range:
    """About `count` indices of something so long, spread over it."""
    return range(0, length, max(1, length // count))


def patient_of(name: str) -> str:
    """Patient key of a file name: ZhangLab's numbering where it fits, else the name without its suffix."""
    match = _PATIENT.match(name)
    return (match[1] or match[2]) if match else Path(name).stem


def load_images(folder: Path, preprocessing: Preprocessing) -> ImageSet:
    """Decode every image and DICOM file below a folder, once, for the whole run; or read a file of `pack_images`.

    Pictures are read here (the user's own training set); DICOM goes through the reader processes, and only what
    the detector may analyse without asking is taken. DICOM files say themselves who the patient is.

    Raises:
        SquidError: no folder, or nothing readable in it; a packed file that is damaged or of another preprocessing.
    """
    return load_with_ages(folder, preprocessing)[0]


def load_with_ages(folder: Path, preprocessing: Preprocessing) -> tuple[ImageSet, tuple[float | None, ...]]:
    """As `load_images`, with the patient's age in years by image; None where the file does not say.

    Raises:
        SquidError: no folder, or nothing readable in it.
    """
    if folder.is_file():
        packed, facts = read_packed(folder, preprocessing)
        names = tuple(f"image {number}" for number in range(1, len(packed) + 1))
        patients = tuple(f"{number:064x}" for number in facts.patients)
        return ImageSet(packed, names, patients, facts.unreadable), (None,) * len(packed)
    if not folder.is_dir():
        raise SquidError("The folder of images does not exist.", f"Check the path: {folder.name}.")
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    pictures = [path for path in files if path.suffix.lower() in IMAGE_SUFFIXES]
    found = {
        path: _Read(image, as_key(patient_of(path.name)))
        for path, image in read_pictures(pictures, preprocessing).items()
    }
    found |= _read_dicom([path for path in files if path.suffix.lower() not in IMAGE_SUFFIXES], preprocessing)
    if not found:
        raise SquidError(
            "No readable image in the folder.", f"'{folder.name}' should hold PNG, JPEG or DICOM chest radiographs."
        )
    used = sorted(found)
    images = np.stack([found[path].image for path in used])
    patients, names = tuple(found[path].patient for path in used), tuple(path.name for path in used)
    loaded = ImageSet(images, names, patients, unreadable=len(files) - len(used))
    return loaded, tuple(found[path].age for path in used)


class _Read(NamedTuple):
    """(S, S) uint8, the patient's key, and age in years where the file says it."""

    image: NDArray[np.uint8]
    patient: str
    age: float | None = None


def pack_images(path: Path, images: ImageSet, preprocessing: Preprocessing) -> None:
    """Write a set as one file that `load_images` takes in place of its folder.

    From either, the same patients are held out and the same images seen in the same order.

    Raises:
        SquidError: it cannot be written.
    """
    write_packed(
        path,
        images.images,
        PackFacts(preprocessing=preprocessing, patients=numbered(images.patients), unreadable=images.unreadable),
    )


def read_pictures(paths: Sequence[Path], preprocessing: Preprocessing) -> dict[Path, NDArray[np.uint8]]:
    """Decode and prepare picture files on all cores (OpenCV works without Python's lock); bad ones are left out.

    Returns:
        (S, S) uint8 by path.
    """

    def read(path: Path) -> NDArray[np.uint8] | None:
        pixels = read_grey(path)
        try:
            return None if pixels is None else to_bytes(prepare(pixels, preprocessing).image)
        except (ValueError, cv2.error):  # values that are not finite, or of a type that cannot be resized
            return None

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        images = list(_with_bar(pool.map(read, paths), len(paths)))
    return {path: image for path, image in zip(paths, images, strict=True) if image is not None}


def read_grey(path: Path) -> PixelArray | None:
    """(H, W) grey values of a picture file at its own depth; None where it cannot be read."""
    try:
        data = np.frombuffer(path.read_bytes(), dtype=np.uint8)
        return cv2.imdecode(data, cv2.IMREAD_GRAYSCALE | cv2.IMREAD_ANYDEPTH) if data.size else None
    except (OSError, cv2.error):
        return None


def _read_dicom(paths: Sequence[Path], preprocessing: Preprocessing) -> dict[Path, _Read]:
    if not paths:
        return {}
    with ReaderPool() as pool:
        pending = {path: pool.examine(path, [preprocessing]) for path in paths}
        examined = {path: future.result() for path, future in _with_bar(pending.items(), len(pending))}
    return {
        path: _Read(
            to_bytes(seen.inputs[0].image),
            patient_key(seen.identity, path),
            seen.identity.patient_age if seen.identity else None,
        )
        for path, seen in examined.items()
        if seen.inputs and seen.verdict is not None and seen.verdict.decision is Decision.ANALYSE
    }


def patient_key(identity: Identity | None, path: Path) -> str:
    """The same for all DICOM files of a patient, and no identifier itself; a file without Patient ID stands alone."""
    return as_key((identity.patient_id if identity else "") or path.stem)


def as_key(patient: str) -> str:
    """A patient's key from what tells patients apart: 64 hexadecimal digits, in an order that has no meaning."""
    return hashlib.sha256(patient.encode("utf-8", "surrogateescape")).hexdigest()


def _with_bar(items: Iterable[T], total: int) -> Iterator[T]:
    """A progress bar for a person who waits for many files."""
    shown = sys.stderr.isatty() and own_rank() == 0
    return iter(tqdm(items, "reading", total, leave=False, unit=" files", delay=1.0, disable=not shown))


def to_bytes(image: NDArray[np.float32]) -> NDArray[np.uint8]:
    """(S, S) float32 in 0..1 -> uint8, rounded."""
    return np.asarray(np.rint(image * 255), dtype=np.uint8)


def split_by_patient(images: ImageSet, share: float) -> tuple[ImageSet, ImageSet]:
    """Split into (training, held out); a patient lies on one side, and always on the same one.

    Args:
        images: all normals.
        share: of the patients to hold out, 0..1.

    Raises:
        SquidError: too few patients for both sides.
    """
    patients = sorted(set(images.patients))
    count = max(2, round(share * len(patients)))  # of one the score could not be calibrated: nothing to differ from
    if len(patients) < 4 or len(patients) - count < 2:
        raise SquidError(
            f"Images of only {len(patients)} patient{'' if len(patients) == 1 else 's'}: too few to train on and to "
            "hold out.",
            "Give normal images of at least four patients.",
        )
    held = set(patients[:count])
    inside = [i for i, patient in enumerate(images.patients) if patient in held]
    outside = [i for i, patient in enumerate(images.patients) if patient not in held]
    return images.subset(outside), images.subset(inside)
