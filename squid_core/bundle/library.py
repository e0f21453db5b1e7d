"""Which weights read which image, remembered so that cards are read from disk once."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass, replace
from pathlib import Path

from squid_core.bundle.card import Card, read_card
from squid_core.bundle.registry import ADULT_FROM_YEARS, AUTO, available, resolve, weights_root
from squid_core.contracts.detection import Detection, DetectorSettings


@dataclass(frozen=True, slots=True)
class Bundle:
    """A weights folder with its card and why it was chosen.

    Attributes:
        fingerprint: SHA-256 of the card, which holds that of the weights: what a stored result is true of.
    """

    folder: Path
    card: Card
    fingerprint: str
    reason: str = ""

    @property
    def settings(self) -> DetectorSettings:
        """The card's locked settings, with which triage always runs."""
        return self.card.settings

    @property
    def slots(self) -> int:
        """Entries in one memory queue, the greatest top-k."""
        return self.card.network.slots


class Bundles:
    """The installed bundles. Safe from any thread; the first answer of each kind reads the disk."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._folders: dict[tuple[str, bool | None], Path] = {}
        self._bundles: dict[Path, Bundle] = {}
        self._names: tuple[str, ...] | None = None

    def names(self) -> tuple[str, ...]:
        """Names of the installed bundles that read chests."""
        with self._lock:
            if self._names is None:
                self._names = tuple(name for name, card in available().items() if card.subject == "chest")
                for name in self._names:
                    self._bundle(weights_root() / name)
            return self._names

    def choose(self, weights: str, age: float | None) -> Bundle:
        """The bundle that reads an image of a patient of this age (years).

        Raises:
            SquidError: there is none.
        """
        child = None if age is None or weights != AUTO else age < ADULT_FROM_YEARS
        with self._lock:
            folder = self._folders.get((weights, child))
            if folder is None:
                folder = self._folders[weights, child] = resolve(weights, age)
            return replace(self._bundle(folder), reason=_reason(weights, age))

    def of(self, detection: Detection) -> Bundle | None:
        """The bundle that made a detection; None when it is not installed (any more)."""
        self.names()
        with self._lock:
            made = (b for b in self._bundles.values() if b.card.weights_sha256 == detection.model_hash)
            return next(made, None)

    def _bundle(self, folder: Path) -> Bundle:
        if folder not in self._bundles:
            card = read_card(folder)
            fingerprint = hashlib.sha256(card.model_dump_json().encode("utf-8")).hexdigest()
            self._bundles[folder] = Bundle(folder, card, fingerprint)
        return self._bundles[folder]


def _reason(weights: str, age: float | None) -> str:
    if weights != AUTO:
        return "chosen by you"
    return "age unknown, adult assumed" if age is None else f"chosen by age {age:.0f}"
