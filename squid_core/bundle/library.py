"""Which bundles there are, and which one reads which image. Cards are read from disk once. No torch."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from squid_core.bundle.card import CARD_NAME, Card, read_card
from squid_core.contracts.detection import Detection, DetectorSettings
from squid_core.contracts.errors import SquidError
from squid_core.home import bundles_folder
from squid_core.preprocessing import ByAge

AUTO = "auto"  # in place of a name: by the patient's age
ADULT_FROM_YEARS = 18


def weights_root() -> Path:
    """The folder of shipped bundles: beside this package in a wheel or a frozen program, at the top of a checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "weights"
    return installed if installed.is_dir() else package.parent / "weights"


@dataclass(frozen=True, slots=True)
class Bundle:
    """A weights folder with its card.

    Attributes:
        fingerprint: SHA-256 of the card, which holds that of the weights: what a stored result is true of.
    """

    folder: Path
    card: Card
    fingerprint: str

    @property
    def settings(self) -> DetectorSettings:
        """The card's locked settings, with which triage always runs."""
        return self.card.settings

    @property
    def slots(self) -> int:
        """Entries in one memory queue, the greatest top-k."""
        return self.card.network.slots


def available() -> dict[str, Bundle]:
    """Readable bundles by name of their folder: those that ship, then those made here; damaged ones are left out.

    One made here that is named like another is left out too: a name means one thing.
    """
    found: dict[str, Bundle] = {}
    for folder in folders():
        if (folder / CARD_NAME).is_file():
            try:
                found.setdefault(folder.name, _bundle(folder, read_card(folder)))
            except SquidError:
                continue
    return found


def folders() -> tuple[Path, ...]:
    """Where bundles lie, whole or damaged: those that ship, then those made here."""
    roots = (weights_root(), bundles_folder())
    return tuple(folder for root in roots for folder in sorted(root.glob("[!.]*/")))  # a dot: still being written


class Bundles:
    """The installed bundles, and those asked for by folder. Safe from any thread; each card is read once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._installed: dict[str, Bundle] | None = None
        self._known: dict[Path, Bundle] = {}
        self._preferred: Mapping[str, str] = {}
        self._edition = 0

    @property
    def edition(self) -> int:
        """As long as it is the same, so is every answer of `choose` and `preprocessings_by_age`."""
        with self._lock:
            return self._edition

    def names(self) -> tuple[str, ...]:
        """Names of the installed bundles that read chests."""
        return tuple(name for name, bundle in self._all().items() if bundle.card.subject == "chest")

    def prefer(self, names: Mapping[str, str]) -> None:
        """Which adapted bundle "auto" takes, by population; where none is named, or it has gone, the one that ships."""
        with self._lock:
            self._preferred = dict(names)
            self._edition += 1

    def refresh(self) -> None:
        """Read the cards anew when they are next asked for: a bundle was made, or has gone."""
        with self._lock:
            self._installed = None
            self._known = {}
            self._edition += 1

    def choose(self, weights: str, age: float | None = None) -> Bundle:
        """The bundle that reads an image.

        Args:
            weights: a bundle's name, its folder, or "auto": by age, under 18 the paediatric one.
            age: of the patient in years; unknown counts as adult.

        Raises:
            SquidError: there is none, or its card is damaged.
        """
        if weights == AUTO:
            if (by_age := self._by_age(age)) is not None:
                return by_age
            self.refresh()  # whoever installs them now need not start again
            wanted = population_of(age)
            raise SquidError(f"No {wanted} weights are installed.", "Choose weights by name or folder.")
        for folder in _places(weights):
            with self._lock:
                known = self._known.get(folder)
            if known is None and (folder / CARD_NAME).is_file():  # not under the lock: its disk may hold whoever asks
                bundle = _bundle(folder, read_card(folder))
                with self._lock:
                    known = self._known.setdefault(folder, bundle)
            if known is not None:
                return known
        names = ", ".join(self._all()) or "none"
        raise SquidError("There are no such weights.", f"Installed: {names}; or give a folder that holds {CARD_NAME}.")

    def chooses(self, bundle: Bundle, weights: str, age: float | None = None) -> bool:
        """Whether `choose` takes this bundle; asked of no disk but that of the installed ones."""
        if weights != AUTO:
            return bundle.folder in _places(weights)
        return bundle == self._by_age(age)

    def preprocessings_by_age(self, weights: str) -> ByAge:
        """What `choose` will ask of an image, once its patient's age has been read: how it is prepared, by age.

        Raises:
            SquidError: a bundle asked for by name or folder is not there, or its card is damaged.
        """
        if weights != AUTO:
            asked = (self.choose(weights).card.preprocessing,)
            return ByAge(ADULT_FROM_YEARS, asked, asked)
        found = (self._for(population) for population in ("paediatric", "adult"))
        return ByAge(ADULT_FROM_YEARS, *(() if bundle is None else (bundle.card.preprocessing,) for bundle in found))

    def of(self, detection: Detection) -> Bundle | None:
        """The bundle that made a detection; None when it is not installed (any more)."""
        self._all()
        with self._lock:
            made = (b for b in self._known.values() if b.card.weights_sha256 == detection.model_hash)
            return next(made, None)

    def _by_age(self, age: float | None) -> Bundle | None:
        return self._for(population_of(age))

    def _for(self, population: str) -> Bundle | None:
        """What "auto" takes for a population."""
        read_it = {name: one for name, one in self._all().items() if one.card.population == population}
        with self._lock:
            preferred = read_it.get(self._preferred.get(population, ""))
        return preferred or next((one for one in read_it.values() if one.card.adapted is None), None)

    def _all(self) -> dict[str, Bundle]:
        """The installed bundles by name."""
        with self._lock:
            if self._installed is None:
                self._installed = available()
                self._known |= {bundle.folder: bundle for bundle in self._installed.values()}
            return self._installed


def _places(weights: str) -> tuple[Path, ...]:
    """Where a bundle asked for may lie: shipped, made here, or a folder."""
    return weights_root() / weights, bundles_folder() / weights, Path(weights)


def population_of(age: float | None) -> str:
    """Whose weights read a patient of this age in years: "paediatric", or "adult" also where it is unknown."""
    return "paediatric" if age is not None and age < ADULT_FROM_YEARS else "adult"


def _bundle(folder: Path, card: Card) -> Bundle:
    return Bundle(folder, card, hashlib.sha256(card.model_dump_json(exclude_unset=True).encode("utf-8")).hexdigest())
