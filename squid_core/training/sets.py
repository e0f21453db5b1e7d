"""What a training sees, and where it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from squid_core.contracts.errors import SquidError
from squid_core.datasets.chexpert import others_than, read_films, select
from squid_core.datasets.digit_anatomy import DigitAnatomy, fixed_set
from squid_core.datasets.idx import load_digits
from squid_core.datasets.image_set import ImageSet, TrainingSet, load_images, merge, split_by_patient
from squid_core.model.picture import SCALE
from squid_core.preprocessing import Preprocessing
from squid_core.training.preset import Preset

HELD_OUT_GRIDS = 1000
VALIDATION_NORMALS, VALIDATION_EACH = 100, 50
VALIDATION_FILMS = 250  # abnormal, as many as the paper tests on


@dataclass(frozen=True)
class Sets:
    """Normals to train on, normals to calibrate on, and labelled images only to report.

    `others` are normals from elsewhere: the lesion critic sees them too, memory and calibration do not. `fine` are
    normals of the patients in `train` at twice the network's side, where the preset has a picture.
    """

    train: TrainingSet
    held_out: ImageSet
    val_normal: ImageSet | None = None
    val_abnormal: ImageSet | None = None
    others: tuple[ImageSet, ...] = ()
    fine: TrainingSet | None = None


def sets_from_folders(
    normal: Path,
    val_normal: Path | None,
    val_abnormal: Sequence[Path],
    preset: Preset,
    others: Sequence[Path] = (),
    fine: Path | None = None,
) -> tuple[Sets, int]:
    """Read folders, hold out some patients; also says how many files of the normals could not be used.

    Of other folders the same share of the patients is left out, and always the same patients, so that a set may be
    another's "elsewhere" and be calibrated on its own held-out patients. `fine` holds files of the same patients in
    more pixels, for the picture, where the normals themselves have few.

    Raises:
        SquidError: a folder cannot be used, or there are too few patients.
    """
    normals = load_images(normal, preset.preprocessing)
    train, held_out = split_by_patient(normals, preset.held_out)
    calm = load_images(val_normal, preset.preprocessing) if val_normal else None
    ill = [load_images(folder, preset.preprocessing) for folder in val_abnormal]
    elsewhere = [split_by_patient(load_images(folder, preset.preprocessing), preset.held_out)[0] for folder in others]
    detailed = _of_patients(train, load_images(fine or normal, finer(preset))) if preset.picture else None
    return Sets(train, held_out, calm, merge(ill) if ill else None, tuple(elsewhere), detailed), normals.unreadable


def finer(preset: Preset) -> Preprocessing:
    """The preset's preprocessing at the picture's side."""
    return preset.preprocessing.model_copy(update={"size": SCALE * preset.preprocessing.size})


def _of_patients(train: ImageSet, images: ImageSet) -> ImageSet:
    """Those that are trained on.

    Raises:
        SquidError: there is none.
    """
    known = set(train.patients)
    if kept := [i for i, patient in enumerate(images.patients) if patient in known]:
        return images.subset(kept)
    raise SquidError(
        "The finer images are of other patients than the normals.", "Give the same files in more pixels, or none."
    )


def sets_from_zhanglab(folder: Path, preset: Preset, fine: Path | None = None) -> tuple[Sets, int]:
    """ZhangLab's own layout: train/NORMAL is trained on.

    Reported on: test/NORMAL against test/PNEUMONIA if there is a test folder, else held-out patients of train/NORMAL
    against train/PNEUMONIA, if that is there.

    Raises:
        SquidError: a folder cannot be used, or there are too few patients.
    """
    train, test = folder / "train", folder / "test"
    abnormal = (test if test.is_dir() else train) / "PNEUMONIA"
    return sets_from_folders(
        train / "NORMAL",
        test / "NORMAL" if test.is_dir() else None,
        [abnormal] if abnormal.is_dir() or test.is_dir() else [],
        preset,
        fine=fine,
    )


def sets_from_chexpert(table: Path, preset: Preset) -> tuple[Sets, int]:
    """Frontal PA films of CheXpert's train.csv: normals to train on and to hold out, some abnormals to report on.

    The abnormals are of patients that are not trained on.

    Raises:
        SquidError: the table or its pictures cannot be used, or there are too few patients.
    """
    films = select(table)
    normals = read_films(films.normal, preset.preprocessing, "normal")
    train, held_out = split_by_patient(normals, preset.held_out)
    strangers = others_than(films.abnormal, train.patients)[:VALIDATION_FILMS]
    abnormal = read_films(strangers, preset.preprocessing, "abnormal") if strangers else None
    fine = _of_patients(train, read_films(films.normal, finer(preset), "normal")) if preset.picture else None
    return Sets(train, held_out, val_abnormal=abnormal, fine=fine), normals.unreadable


def sets_from_digits(folder: Path, preset: Preset, seed: int) -> Sets:
    """Grids of MNIST's training digits; calibrated and validated on grids of digits never trained on.

    The test digits stay untouched: they are for `squid evaluate`.

    Args:
        folder: MNIST's idx files.
        preset: says how grids become inputs, and the share of the digits to hold out.
        seed: of all grids.

    Raises:
        SquidError: the folder does not hold MNIST.
    """
    train, held = load_digits(folder, "train").split(preset.held_out)
    calibration = DigitAnatomy(held, preset.preprocessing, seed).subset(range(HELD_OUT_GRIDS))
    validation = fixed_set(held, preset.preprocessing, seed=seed, normals=VALIDATION_NORMALS, each=VALIDATION_EACH)
    return Sets(
        DigitAnatomy(train, preset.preprocessing, seed),
        calibration,
        validation.normal,
        merge(list(validation.abnormal.values())),
        fine=DigitAnatomy(train, finer(preset), seed) if preset.picture else None,
    )
