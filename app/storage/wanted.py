"""Which results are still to be written before they can wait in the outbox, so that a program that ends loses none.

Plain SQLite in the store of the network; every call may wait for the disk, and raises SquidError where it is unusable.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from squid_core.network.store import FILE, open_store, transaction


@dataclass(frozen=True, slots=True)
class Wish:
    """Results of one image that one system is to have.

    Attributes:
        image: what the worklist calls it.
        kinds: of `ExportKind`, by value.
        by_hand: the user asked for it; otherwise a rule did.
        number: what the wish is called here; 0 before it is kept.
    """

    peer: str
    image: str
    kinds: tuple[str, ...]
    by_hand: bool = False
    number: int = 0


class Wanted:
    """The wishes of a program's folder."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def add(self, wishes: Iterable[Wish], results: int | None = None) -> None:
        """Keep wishes; one that is there already is there once.

        Args:
            wishes: what is to be written.
            results: number of the last stored result for which the rules have been asked; None to leave it as it is.
        """
        rows = [(wish.peer, wish.image, " ".join(wish.kinds), wish.by_hand) for wish in wishes]
        with self._store() as store:
            store.executemany("INSERT OR IGNORE INTO wanted (peer, image, kinds, by_hand) VALUES (?, ?, ?, ?)", rows)
            if results is not None:
                store.execute("DELETE FROM results_asked")
                store.execute("INSERT INTO results_asked VALUES (?)", (results,))

    def first(self) -> Wish | None:
        """The oldest; None where there is none. What the user asked for comes first."""
        if not self._begun:
            return None
        query = "SELECT peer, image, kinds, by_hand, number FROM wanted ORDER BY by_hand DESC, number LIMIT 1"
        with self._store() as store:
            row = store.execute(query).fetchone()
        return None if row is None else Wish(row[0], row[1], tuple(row[2].split()), bool(row[3]), row[4])

    def done(self, wish: Wish) -> None:
        """It is fulfilled, or cannot be."""
        with self._store() as store:
            store.execute("DELETE FROM wanted WHERE number = ?", (wish.number,))

    def count(self) -> int:
        """How many there are."""
        if not self._begun:
            return 0
        with self._store() as store:
            return int(store.execute("SELECT count(*) FROM wanted").fetchone()[0])

    def images(self) -> frozenset[str]:
        """Keys of the images whose results are to be written."""
        if not self._begun:
            return frozenset()
        with self._store() as store:
            return frozenset(str(image) for (image,) in store.execute("SELECT image FROM wanted"))

    def results_asked(self) -> int | None:
        """Number of the last stored result for which the rules have been asked; None where they never were."""
        if not self._begun:
            return None
        with self._store() as store:
            row = store.execute("SELECT result FROM results_asked").fetchone()
        return None if row is None else int(row[0])

    @property
    def _begun(self) -> bool:
        """Whether there is a store; to look into it makes none."""
        return (self._home / FILE).exists()

    @contextmanager
    def _store(self) -> Iterator[sqlite3.Connection]:
        with closing(open_store(self._home)) as store, transaction(store):
            yield store
