"""What a worker is told: how to answer, with which weights, and a few files at a time.

Values that travel. What Dask may write to its logs of them, their `repr`, names neither a file nor a folder.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from squid_core.bundle.library import AUTO, Bundle, Bundles
from squid_core.contracts.charset import Charset
from squid_core.contracts.errors import SquidError
from squid_core.dicom.container.scan import FoundFile, walk
from squid_core.inference.ledger import Ledger
from squid_core.inference.results import FileResult
from squid_core.inference.scorer import DetectorLoader
from squid_core.inference.shard import Shard
from squid_core.version import installed_version

FILES_EACH = 16  # in a chunk: they are done again where their worker is lost
_AGES = (None, 0.0)  # years; of an adult (unknown counts as one) and of a child


@dataclass(frozen=True, slots=True)
class Order:
    """How every file of a run is answered. Equal orders give equal answers.

    Attributes:
        roots: absolute; every worker sees them under the same path.
        weights: "auto", a name, or an absolute folder.
        fingerprints: of the bundles that may be asked for, as the driver knows them; '' where one is not installed.
        device: as of `squid triage`.
        accept_asked: score also the images about which the program would ask.
        charset: the default character set for text.
        readers: files that a worker reads at once; 0 for as many as its machine takes.
        threads: that the networks may use on a worker; 0 for as many as its machine takes.
        loader: makes a detector; None for the real one. Importable by name on every worker.
        version: of this program.
    """

    roots: tuple[Path, ...] = field(repr=False)
    weights: str = field(repr=False)
    fingerprints: tuple[str, ...]
    device: str = "auto"
    accept_asked: bool = False
    charset: Charset = Charset.AUTOMATIC
    readers: int = 0
    threads: int = 0
    loader: DetectorLoader | None = None
    version: str | None = field(default_factory=installed_version)


@dataclass(frozen=True, slots=True)
class Chunk:
    """Files that one worker answers for, at once.

    Attributes:
        root: that they were found below.
        files: they travel with their paths, and are not named in a log.
        earlier: what an earlier run has said of them, and of the members of archives among them.
    """

    root: Path = field(repr=False)
    files: tuple[FoundFile, ...] = field(repr=False)
    earlier: tuple[FileResult, ...] = field(default=(), repr=False)

    def singly(self) -> Iterator[Chunk]:
        """The same files, each alone."""
        return (Chunk(self.root, (one,), self.earlier) for one in self.files)

    def knows(self, relative: str) -> bool:
        """As of `Ledger`."""
        return any(one.path == relative for one in self.earlier)

    def answer(self, relative: str, digest: str) -> FileResult | None:
        """As of `Ledger`."""
        said = (one for one in self.earlier if (one.path, one.digest) == (relative, digest))
        return next(said, None)

    def scored(self, digest: str, bundle: str) -> FileResult | None:
        """As of `Ledger`."""
        same = (one for one in self.earlier if (one.digest, one.bundle) == (digest, bundle))
        return next((one for one in same if one.score is not None and not one.again), None)


def chunks(
    roots: Iterable[Path], shard: Shard, earlier: Ledger | None = None, files_each: int = FILES_EACH
) -> Iterator[Chunk]:
    """All files of a shard below the roots, found while they are asked for.

    Raises:
        SquidError: a root cannot be found.
    """
    for root in roots:
        found = (one for one in walk(root) if shard.holds(one.relative))
        while files := tuple(islice(found, files_each)):
            said = tuple(said for one in files for said in earlier.about(one.relative)) if earlier else ()
            yield Chunk(root, files, said)


def on_any_machine(weights: str) -> str:
    """Weights given as a folder by its absolute path; a name as it is."""
    if weights == AUTO or Bundles().choose(weights).folder != Path(weights):
        return weights
    return str(Path(weights).absolute())


def wanted(bundles: Bundles, weights: str) -> tuple[Bundle | None, ...]:
    """The bundles that an order may need, in an order of their own; None for one that is not installed."""
    return tuple(_chosen(bundles, weights, age) for age in (_AGES if weights == AUTO else _AGES[:1]))


def fingerprints(bundles: Bundles, weights: str) -> tuple[str, ...]:
    """What tells these bundles from others: each holds the hash of its weights."""
    return tuple(bundle.fingerprint if bundle else "" for bundle in wanted(bundles, weights))


def _chosen(bundles: Bundles, weights: str, age: float | None) -> Bundle | None:
    try:
        return bundles.choose(weights, age)
    except SquidError:
        return None
