"""From folders to results: walk, read in children, choose weights by age, score in batches. One answer for every file.

Answers come as they are ready, in no order. What may begin when is the `Flow`'s to say; this drives it. Nothing here
imports torch: the detector is loaded when the first file needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import Protocol

from squid_core.bundle.card import Card
from squid_core.bundle.library import ADULT_FROM_YEARS, AUTO, Bundle, Bundles
from squid_core.contracts.charset import Charset
from squid_core.contracts.detection import ModelInput
from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import Decision, FileStatus, FloatArray
from squid_core.dicom.container.scan import FoundFile, inside, reached_root, walk
from squid_core.dicom.readers import Examined, ReaderPool
from squid_core.inference.doubts import doubts
from squid_core.inference.flow import Flow, Machine, readers_here
from squid_core.inference.ledger import Ledger
from squid_core.inference.results import FileResult, Score
from squid_core.inference.scorer import Answers, Batch, DetectorLoader, Scored, Scorer, Unscored, load_detector
from squid_core.inference.shard import Shard
from squid_core.preprocessing import ByAge

CHANGED = "The weights changed while files were read. Start again."
FILES_EACH = 2  # of a reader: one in its hands and one at its door, so that it never waits for this thread
BATCHES_ON_A_CARD = 2  # in its hands, so that it never waits either


def why_chosen(weights: str, age: float | None) -> str:
    """Why these weights read the image of a patient of this age (years), as the command line says it."""
    if weights != AUTO:
        return "the weights asked for"
    if age is None:
        return "no age in the file"
    child = age < ADULT_FROM_YEARS
    return f"the patient is under {ADULT_FROM_YEARS}" if child else f"the patient is {ADULT_FROM_YEARS} or older"


@dataclass(frozen=True, slots=True)
class Triaged:
    """One file's answer.

    Attributes:
        found: the file.
        card: of the weights that scored it; None where it was not scored.
        picture: (2S, 2S) float32 in 0..1, its normal picture, where one was asked for and the weights paint one.
        before: whether an earlier run has given this answer, and written it down.
    """

    found: FoundFile
    result: FileResult
    card: Card | None = None
    picture: FloatArray | None = None
    before: bool = False


def triage(
    paths: Sequence[Path],
    weights: str = AUTO,
    device: str = "auto",
    *,
    accept_asked: bool = False,
    paint: bool = False,
    charset: Charset = Charset.AUTOMATIC,
    readers: int | None = None,
    shard: Shard | None = None,
    earlier: Ledger | None = None,
    loader: DetectorLoader | None = None,
) -> Generator[Triaged]:
    """Answer for every file below `paths`, as answers come. Close it to stop.

    Args:
        paths: folders or files; results name files relative to the one they were found in.
        weights: "auto" (by the patient's age), a bundle's name, or its folder.
        device: "auto", "cuda" or "cpu".
        accept_asked: score also the images about which the program would ask.
        paint: give the normal picture of what was scored too.
        charset: the default character set for text.
        readers: files that are read at once; None for a core less than there are.
        shard: which of the files; None for all. Members of an archive go with it.
        earlier: what was answered before: what the same weights have scored is not scored again.
        loader: makes a detector of a bundle folder and a device; `load_detector` by default.

    Returns:
        One answer a file; a member of a zip archive is named "archive.zip/member", after the archive itself.

    Raises:
        SquidError: a path is not there, or weights asked for by name are not.
    """
    for path in paths:
        reached_root(path)
    bundles = Bundles()
    wanted = bundles.preprocessings_by_age(weights)
    readers = readers or readers_here()
    run = _Run(_Judge(bundles, weights, wanted, accept_asked, earlier), readers, shard or Shard())
    pool = ReaderPool(readers, charset=charset)
    scorer = Scorer(loader or load_detector, device, paint=paint, answer=run.hear)
    return run.answers(paths, pool, scorer)


class Earlier(Protocol):
    """What triage needs of the answers of an earlier run; see `Ledger`."""

    def knows(self, relative: str) -> bool:
        """Whether there is one about a file of this path."""
        ...

    def answer(self, relative: str, digest: str) -> FileResult | None:
        """The last one about a file of this path and these bytes."""
        ...

    def scored(self, digest: str, bundle: str) -> FileResult | None:
        """One with the score of these bytes by this bundle."""
        ...


def triage_found(
    files: Iterable[tuple[FoundFile, Path]],
    bundles: Bundles,
    pool: ReaderPool,
    readers: int,
    load: DetectorLoader,
    *,
    weights: str,
    device: str,
    accept_asked: bool,
    earlier: Earlier,
) -> Iterator[Triaged]:
    """Answer for files that somebody else has found, each with the root it was found in; the readers stay.

    Args:
        files: members of archives among them follow by themselves.
        bundles: that are there.
        pool: the readers.
        readers: how many.
        load: makes a detector, or gives one that is there already.
        weights: as of `triage`.
        device: likewise.
        accept_asked: likewise.
        earlier: likewise.
    """
    run = _Run(
        _Judge(bundles, weights, bundles.preprocessings_by_age(weights), accept_asked, earlier), readers, Shard()
    )
    with Scorer(load, device, paint=False, answer=run.hear) as scorer:
        yield from run.driven([(_Item(found, root) for found, root in files)], pool, scorer)


@dataclass(frozen=True, slots=True)
class _Image:
    """One that waits for its score."""

    found: FoundFile
    examined: Examined  # without inputs
    bundle: Bundle
    model_input: ModelInput
    age: float | None


@dataclass(frozen=True, slots=True)
class _Judge:
    """What is said of a file: whether it is scored, by whom, and in which words."""

    bundles: Bundles
    weights: str
    wanted: ByAge
    accept_asked: bool
    earlier: Earlier | None

    def judged(self, found: FoundFile, examined: Examined) -> FileResult | _Image:
        """A file as a reader saw it: its answer, or what is to be scored."""
        answer, verdict = partial(_answer, found, examined), examined.verdict
        if examined.status is not None or verdict is None:
            passing = examined.late or examined.unread or examined.unreached or examined.changing
            return answer(examined.status or FileStatus.ERROR, examined.message, again=passing)
        if verdict.decision is Decision.REFUSE:
            return answer(FileStatus.VIEWABLE, _sentences("Not scored.", verdict.reason, examined.message))
        if verdict.decision is Decision.ASK and not self.accept_asked:
            return answer(FileStatus.VIEWABLE, _sentences(verdict.reason, examined.message))
        age = _age(examined)
        try:
            bundle = self.bundles.choose(self.weights, age)
        except SquidError as error:
            return answer(FileStatus.VIEWABLE, _sentences("Not scored.", str(error)), again=True)
        if (bundle.card.preprocessing,) != self.wanted.of(age):  # installed meanwhile
            return answer(FileStatus.ERROR, _sentences("Could not be scored.", CHANGED), again=True)
        digest = examined.content.digest if examined.content else ""
        if self.earlier and digest and (same := self.earlier.scored(digest, bundle.fingerprint)):
            return replace(same, path=found.relative, seconds=examined.seconds, peak_rss_mb=examined.peak_rss_mb)
        return _Image(found, replace(examined, inputs=()), bundle, examined.inputs[0], age)

    def scored(self, image: _Image, outcome: Scored | Unscored) -> Triaged:
        """The same once the detector has answered."""
        found, examined = image.found, image.examined
        answer = partial(_answer, found, examined, bundle=image.bundle.fingerprint)
        if isinstance(outcome, Unscored):
            message = _sentences("Could not be scored.", str(outcome.error))
            return Triaged(found, answer(FileStatus.ERROR, message, again=not outcome.lasting))
        verdict, card, detection = examined.verdict, image.bundle.card, outcome.detection
        asked = ""
        if verdict is not None and verdict.decision is Decision.ASK:
            asked = f"Scored because you asked for it. {verdict.reason}"
        reason = why_chosen(self.weights, image.age)
        parts = (*doubts(detection), asked, f"Scored with the {card.name} weights: {reason}.", outcome.note)
        message = _sentences(*parts, examined.message)
        result = answer(FileStatus.SCORED, message, seconds=examined.seconds + outcome.seconds)
        return Triaged(found, replace(result, detection=detection, score=Score.of(detection)), card, outcome.picture)

    def known(self, found: FoundFile) -> bool:
        """Whether an earlier run may have answered for this file."""
        return self.earlier is not None and self.earlier.knows(found.relative)

    def stands(self, found: FoundFile, recognised: Examined) -> FileResult | None:
        """An earlier answer that is still right; of the file no more has been read than who it is about."""
        digest = recognised.content.digest if recognised.content else ""
        before = self.earlier.answer(found.relative, digest) if self.earlier else None
        if before is None or before.again:
            return None
        if recognised.status is not None or before.verdict is None:
            return before if recognised.status is before.status and recognised.message == before.message else None
        if before.bundle:
            try:
                chosen = self.bundles.choose(self.weights, _age(recognised))
            except SquidError:
                return None
            return before if chosen.fingerprint == before.bundle else None
        return None if before.verdict.decision is Decision.ASK and self.accept_asked else before


@dataclass(slots=True)
class _Item:
    """A file on its way."""

    found: FoundFile
    root: Path
    recognised: bool = False  # whether it is only asked who it is about, since it was answered before


class _Run:
    """One triage. Readers and detector work on other threads and say when they have done; all else is done here."""

    def __init__(self, judge: _Judge, readers: int, shard: Shard) -> None:
        self._judge, self._shard = judge, shard
        self._flow = Flow[int](Machine(readers=FILES_EACH * readers))
        self._happened: SimpleQueue[Callable[[], Iterator[Triaged]]] = SimpleQueue()  # and what follows of it
        self._items: dict[int, _Item] = {}  # that are being read
        self._images: dict[int, _Image] = {}  # that wait, or are in the device's hands
        self._begun = 0
        self._sources: list[Iterator[_Item]] = []  # what an archive leads to goes before the rest of the folder

    def hear(self, batch: Batch, answers: Answers | BaseException) -> None:
        """What the scorer says, on its thread."""
        self._happened.put(partial(self._after_device, batch, answers))

    def answers(self, paths: Sequence[Path], pool: ReaderPool, scorer: Scorer) -> Generator[Triaged]:
        """One for every file; readers and detector work as long as it is not closed."""
        with pool, scorer:
            yield from self.driven([self._walked(path) for path in reversed(paths)], pool, scorer)

    def driven(self, sources: list[Iterator[_Item]], pool: ReaderPool, scorer: Scorer) -> Iterator[Triaged]:
        """The same for files that were found, the last source first; readers and detector are there already."""
        self._sources = sources
        following: _Item | None = None
        while True:
            while (following := following or self._next()) and self._may_begin(following.found):
                if following.found.status is None:
                    self._begin(following, pool)
                else:
                    yield self._unopened(following.found)
                following = None
            while keys := self._flow.next_batch():
                images = [self._images[key] for key in keys]
                inputs = tuple(image.model_input for image in images)
                scorer.score(Batch(keys, images[0].bundle.folder, inputs))
            if following is None and self._flow.empty:
                return
            yield from self._happened.get()()

    def _walked(self, root: Path) -> Iterator[_Item]:
        return (_Item(found, root) for found in walk(root) if self._shard.holds(found.relative))

    def _next(self) -> _Item | None:
        while self._sources:
            if (item := next(self._sources[-1], None)) is not None:
                return item
            self._sources.pop()
        return None

    def _may_begin(self, found: FoundFile) -> bool:
        return found.status is not None or self._flow.may_read(_size(found))

    def _begin(self, item: _Item, pool: ReaderPool) -> None:
        self._begun += 1
        key = self._begun
        self._items[key] = item
        self._flow.read(key, _size(item.found))
        item.recognised = self._judge.known(item.found)
        self._read(key, item, pool)

    def _read(self, key: int, item: _Item, pool: ReaderPool) -> None:
        source = item.found.source
        future = pool.recognise(source) if item.recognised else pool.examine(source, self._judge.wanted)
        future.add_done_callback(lambda done: self._happened.put(lambda: self._after_reader(key, done.result(), pool)))

    def _unopened(self, found: FoundFile) -> Triaged:
        """The answer for a link or a device; what the walk could not reach, it may reach the next time."""
        status = found.status or FileStatus.ERROR
        answer = _answer(
            found, Examined(status, found.message), status, found.message, again=status is FileStatus.ERROR
        )
        return self._unless_written(found, answer)

    def _after_reader(self, key: int, examined: Examined, pool: ReaderPool) -> Iterator[Triaged]:
        item = self._items[key]
        if item.recognised:
            before = self._judge.stands(item.found, examined)
            if before is None:
                item.recognised = False
                self._read(key, item, pool)
                return
            yield self._left(key, Triaged(item.found, before, before=True), examined)
            return
        judged = self._judge.judged(item.found, examined)
        if isinstance(judged, FileResult):
            yield self._left(key, self._unless_written(item.found, judged), examined)
            return
        self._images[key] = judged
        del self._items[key]
        self._flow.ready(key, judged.bundle.folder, judged.model_input.image.nbytes)

    def _left(self, key: int, answer: Triaged, examined: Examined) -> Triaged:
        """An answer whose file is done with, but for what an archive or index leads to.

        This ends: an archive in an archive leads nowhere, and an index only where it is the root.
        """
        item = self._items.pop(key)
        self._flow.leave(key)
        if examined.contents:
            contained = inside(item.found, examined.contents, item.root)
            self._sources.append(_Item(found, Path()) for found in contained)
        return answer

    def _unless_written(self, found: FoundFile, result: FileResult) -> Triaged:
        """An answer; one that an earlier run has written down word by word is not written again."""
        earlier = self._judge.earlier
        return Triaged(found, result, before=earlier is not None and is_written(earlier, result))

    def _after_device(self, batch: Batch, answers: Answers | BaseException) -> Iterator[Triaged]:
        if isinstance(answers, BaseException):
            raise answers
        self._flow.leave(*batch.keys)
        for key, outcome in zip(batch.keys, answers, strict=True):
            if isinstance(outcome, Scored) and outcome.detection.device != "cpu":
                self._flow.machine = replace(self._flow.machine, batches=BATCHES_ON_A_CARD)
            yield self._judge.scored(self._images.pop(key), outcome)


def is_written(earlier: Earlier, result: FileResult) -> bool:
    """Whether an earlier run has written this answer down word by word."""
    before = earlier.answer(result.path, result.digest)
    said = (result.status, result.message, result.bundle, result.again)
    return before is not None and (before.status, before.message, before.bundle, before.again) == said


def _size(found: FoundFile) -> int:
    """Bytes that reading it takes; of a member of an archive nobody knows yet."""
    return 0 if found.member else found.size


def _age(examined: Examined) -> float | None:
    return examined.identity.patient_age if examined.identity else None


def _answer(
    found: FoundFile,
    examined: Examined,
    status: FileStatus,
    message: str,
    *,
    bundle: str = "",
    again: bool = False,
    seconds: float | None = None,
) -> FileResult:
    return FileResult(
        path=found.relative,
        status=status,
        message=message,
        identity=examined.identity,
        verdict=examined.verdict,
        seconds=examined.seconds if seconds is None else seconds,
        peak_rss_mb=examined.peak_rss_mb,
        digest=examined.content.digest if examined.content else "",
        bundle=bundle,
        again=again,
    )


def _sentences(*parts: str) -> str:
    return " ".join(part for part in parts if part)
