"""Which bundles there are, and which one fits a patient. No torch."""

from __future__ import annotations

from pathlib import Path

from squid_core.bundle.card import CARD_NAME, Card, read_card
from squid_core.contracts.errors import SquidError

AUTO = "auto"
ADULT_FROM_YEARS = 18


def weights_root() -> Path:
    """The folder of shipped bundles: beside this package in a wheel or a frozen program, at the top of a checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "weights"
    return installed if installed.is_dir() else package.parent / "weights"


def available(root: Path | None = None) -> dict[str, Card]:
    """Readable bundles below `root` by folder name; damaged ones are left out."""
    found: dict[str, Card] = {}
    for folder in sorted((root or weights_root()).glob("*/")):
        if (folder / CARD_NAME).is_file():
            try:
                found[folder.name] = read_card(folder)
            except SquidError:
                continue
    return found


def resolve(weights: str, patient_age: float | None = None) -> Path:
    """Folder of the bundle meant by `weights`: a name, a folder, or "auto" (by age: under 18 paediatric).

    Args:
        weights: bundle name, path of a bundle folder, or "auto".
        patient_age: years; unknown counts as adult.

    Raises:
        SquidError: no such bundle.
    """
    root = weights_root()
    if weights == AUTO:
        paediatric = patient_age is not None and patient_age < ADULT_FROM_YEARS
        wanted = "paediatric" if paediatric else "adult"
        for name, card in available(root).items():
            if card.population == wanted:
                return root / name
        raise SquidError(f"No {wanted} weights are installed.", "Choose weights by name or folder.")
    for folder in (root / weights, Path(weights)):
        if (folder / CARD_NAME).is_file():
            return folder
    names = ", ".join(available(root)) or "none"
    raise SquidError("There are no such weights.", f"Installed: {names}; or give a folder that holds {CARD_NAME}.")
