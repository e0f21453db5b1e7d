"""CheXpert's table: which of its films are normal, which abnormal (Irvin et al., AAAI 2019; SQUID, section 4.2).

The paper takes frontal PA films only. Normal is what the table calls "No Finding"; abnormal is what has any finding,
mentioned as present (1). Uncertain (-1) and unmentioned count as neither. A support device is no finding: the
table itself gives "No Finding" to lungs that are clear beside one.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np

from squid_core.contracts.errors import SquidError
from squid_core.datasets.image_set import ImageSet, as_key, read_pictures
from squid_core.preprocessing import Preprocessing

PATH, VIEW, PROJECTION, NORMAL = "Path", "Frontal/Lateral", "AP/PA", "No Finding"
FINDINGS = (
    "Enlarged Cardiomediastinum",
    "Cardiomegaly",
    "Lung Opacity",
    "Lung Lesion",
    "Edema",
    "Consolidation",
    "Pneumonia",
    "Atelectasis",
    "Pneumothorax",
    "Pleural Effusion",
    "Pleural Other",
    "Fracture",
)
_DATASET = "CheXpert-v1.0"  # its paths begin with the name of the folder that the table lies in
_PATIENT = re.compile(r"patient\d+")


@dataclass(frozen=True)
class Film:
    """One row of the table.

    Attributes:
        path: of the picture.
        name: patient, study and view, as the table has them.
        patient: key of the patient.
    """

    path: Path
    name: str
    patient: str


@dataclass(frozen=True)
class Films:
    """The paper's selection from a table."""

    normal: tuple[Film, ...]
    abnormal: tuple[Film, ...]


def select(table: Path) -> Films:
    """Read a table of CheXpert, row by row.

    Args:
        table: train.csv or valid.csv; pictures are looked for in its folder only.

    Raises:
        SquidError: no table, a column is missing, a path leads out of the table's folder, or no film is selected.
    """
    normal: list[Film] = []
    abnormal: list[Film] = []
    try:
        with table.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            for name in (PATH, VIEW, PROJECTION, NORMAL, *FINDINGS):
                if name not in (rows.fieldnames or ()):
                    raise SquidError(f"The table has no column '{name}'.", "Give CheXpert's train.csv or valid.csv.")
            for row in rows:
                if row[VIEW] != "Frontal" or row[PROJECTION] != "PA":
                    continue
                ill = any(_present(row[name]) for name in FINDINGS)
                if ill or _present(row[NORMAL]):
                    (abnormal if ill else normal).append(_film(table, row[PATH] or ""))
    except OSError as error:
        raise SquidError(
            "CheXpert's table cannot be read.", f"Check the path: {table.name}.", str(error.errno)
        ) from error
    except (csv.Error, UnicodeDecodeError) as error:
        raise SquidError("The file is no CSV table.", f"Check the path: {table.name}.", type(error).__name__) from error
    if not normal:
        raise SquidError("The table holds no normal frontal PA film.", "Give train.csv or valid.csv of CheXpert.")
    return Films(tuple(normal), tuple(abnormal))


def read_films(films: Sequence[Film], preprocessing: Preprocessing, what: str) -> ImageSet:
    """Decode the pictures of some films; those that are missing or damaged are counted.

    Args:
        films: which.
        preprocessing: the bundle's.
        what: of which kind they are, for the sentence.

    Raises:
        SquidError: not one of the pictures can be read.
    """
    found = read_pictures([film.path for film in films], preprocessing)
    used = [film for film in films if film.path in found]
    if not used:
        raise SquidError(
            f"None of the table's {len(films)} {what} pictures can be read.",
            "The pictures should lie below the table's folder, as they come.",
        )
    images = np.stack([found[film.path] for film in used])
    names, patients = tuple(film.name for film in used), tuple(film.patient for film in used)
    return ImageSet(images, names, patients, unreadable=len(films) - len(used))


def others_than(films: Sequence[Film], patients: Collection[str]) -> list[Film]:
    """The films of other patients, in an order that has nothing to do with the table's and is always the same."""
    known = set(patients)
    strangers = [film for film in films if film.patient not in known]
    return sorted(strangers, key=lambda film: hashlib.sha256(film.name.encode()).hexdigest())


def _present(cell: str | None) -> bool:
    """Whether a cell says 1; the tables have '1.0', '0.0', '-1.0' and nothing."""
    try:
        return float(cell or 0) == 1
    except ValueError:
        return False


def _film(table: Path, written: str) -> Film:
    """The film of a path as the table has it.

    Raises:
        SquidError: the path leads out of the table's folder.
    """
    folder = table.resolve().parent
    parts = PurePosixPath(written).parts
    if parts and (parts[0] == folder.name or parts[0].startswith(_DATASET)) and not (folder / parts[0]).is_dir():
        parts = parts[1:]
    path = folder.joinpath(*parts).resolve()
    if not path.is_relative_to(folder) or path == folder:
        raise SquidError("A path in the table leads out of the table's folder.", "Use the table as it comes.")
    patient = next((part for part in parts if _PATIENT.fullmatch(part)), None)
    return Film(path, "/".join(parts[-3:]), as_key(patient or "/".join(parts[:-1]) or path.stem))
