"""What the percentiles of a worklist say about the detector: how they are spread, and whether that can be right.

A worklist is not all normal, so its percentiles need not be spread evenly. Four questions can be answered honestly:

- do fewer lie high than if all were normal? Disease only raises a percentile, so that is drift (`Concern.TOO_LOW`);
- do fewer lie below the 50th percentile than half of the normals, of whom the reader says how many there are at least?
  Drift, or more disease (`TOO_HIGH`);
- are those that the reader called normal spread evenly, whichever the others are? Drift if not (`NORMALS_LOW`,
  `NORMALS_HIGH`);
- are the newest spread otherwise than as many before them? Something has changed: the patients, it may be (`CHANGED`).

And more images outside memory than may be (`OUTSIDE`). None is asked of fewer than `LEAST` studies.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

import numpy as np

from app.domain.drift.scorings import NotScored, Scoring, once_each
from app.domain.drift.uniformity import (
    Shares,
    abnormal_at_least,
    apart,
    at_least_by_chance,
    chance,
    effective,
    fall,
    holm,
    reach,
    rise,
    too_few_below_middle,
)
from app.domain.study import Judgement
from squid_core.evaluation.metrics import wilson

LEAST = 50  # studies; of fewer nothing is said
LOOKS_A_YEAR = 52
ALARM = 0.05 / LOOKS_A_YEAR  # a p-value below it is told: with a look a week, one false alarm in twenty years
BEYOND = 95.0  # percentile; 5 of 100 normals lie beyond it
MIDDLE = 0.5  # share of the normals that lie below the 50th percentile
OUTSIDE_AT_MOST = 0.05  # share outside memory that is put up with; of held-out normals it is 0.01 or less
WEEKS = 26  # the latest, in which there are studies
STATIONS = 20  # those with the most studies
REASONS = 8
WINDOWS = (50, 100, 200, 500, None)  # studies that can be looked at, None for all


class Concern(StrEnum):
    """What is not as it should be, the gravest first."""

    OUTSIDE = "outside memory"
    NORMALS_LOW = "normals too low"
    TOO_LOW = "too low"
    NORMALS_HIGH = "normals too high"
    TOO_HIGH = "too high"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class DriftQuestion:
    """What the reader wants to look at.

    Attributes:
        bundle: fingerprint of the weights; '' for those with most of the newest results.
        last: how many of the newest studies; None for all.
        abnormal: share of abnormal studies, at most, as the reader knows the hospital, 0..1.
    """

    bundle: str = ""
    last: int | None = 200
    abnormal: float = 0.5

    def __post_init__(self) -> None:
        if not 0 <= self.abnormal < 1 or (self.last is not None and self.last < LEAST):
            raise ValueError(f"a share of abnormal studies below 1, of at least {LEAST} studies")


@dataclass(frozen=True, slots=True)
class Counted:
    """So many of so many."""

    count: int
    total: int

    @property
    def share(self) -> float:
        """0..1."""
        return self.count / self.total if self.total else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """95% interval of the share (Wilson)."""
        return wilson(self.count, self.total) if self.total else (0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Finding:
    """An answer to one question.

    Attributes:
        concern: what it is, if it is no chance.
        p: at most how often chance alone would show as much, all questions of the page taken together.
    """

    concern: Concern
    p: float

    @property
    def alarms(self) -> bool:
        """Whether it is to be told."""
        return self.p < ALARM


@dataclass(frozen=True, slots=True, eq=False)
class DriftGroup:
    """The newest studies of a station, or of all, each patient once.

    Attributes:
        station: '' where it is not known.
        percentiles: (n,) sorted, 0..100, of those that are not outside memory.
        outside: outside memory, of all. beyond: beyond the 95th percentile, of `percentiles`.
        normals: beyond the 95th percentile, of those that the reader called normal. unjudged: called neither normal nor
            abnormal, so that they may be normal.
        abnormal: share that is abnormal at least, if the percentiles are right, with a confidence of 95%; None below
            `LEAST` studies.
        findings: answers; none below `LEAST` studies.
    """

    station: str
    percentiles: Shares
    outside: Counted
    beyond: Counted
    normals: Counted
    unjudged: int
    abnormal: float | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def count(self) -> int:
        """Studies."""
        return self.outside.total

    @property
    def concerns(self) -> tuple[Concern, ...]:
        """What is to be told."""
        return tuple(finding.concern for finding in self.findings if finding.alarms)

    @property
    def p(self) -> float | None:
        """The smallest of its p-values; None where nothing was asked."""
        return min((finding.p for finding in self.findings), default=None)


@dataclass(frozen=True, slots=True)
class DriftWeek:
    """The studies of one week, each patient once.

    Attributes:
        monday: its first day.
        quartiles: the percentiles below which a quarter, half, three quarters of them lie.
    """

    monday: date
    count: int
    quartiles: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class WatchedBundle:
    """Weights whose results can be looked at.

    Attributes:
        name: of the card. held_out: normals behind its percentiles. results: of the worklist's images.
    """

    fingerprint: str
    name: str
    held_out: int
    results: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class DriftPage:
    """All that is shown.

    Attributes:
        question: that it answers; its bundle is the one that was looked at.
        bundles: that could be.
        others: images whose score comes from weights that are not installed any more.
        whole: of all stations. stations: each with its own newest studies, those with the most first.
        before: studies before the newest, which they were compared with; 0 where there are too few.
        weeks: in order.
        doubts: studies among the newest with something odd, by the sentence that says what, the most frequent first.
        since: the day of the oldest of the studies; None where there are none.
        reasons: images not scored since then, by the sentence that says why, the most frequent first.
    """

    question: DriftQuestion
    bundles: tuple[WatchedBundle, ...] = ()
    others: int = 0
    whole: DriftGroup = field(default_factory=lambda: _group("", ()))
    stations: tuple[DriftGroup, ...] = ()
    before: int = 0
    weeks: tuple[DriftWeek, ...] = ()
    doubts: tuple[tuple[str, int], ...] = ()
    since: date | None = None
    reasons: tuple[tuple[str, int], ...] = ()

    @property
    def bundle(self) -> WatchedBundle | None:
        """The one that was looked at."""
        return next((one for one in self.bundles if one.fingerprint == self.question.bundle), None)

    @property
    def concerns(self) -> tuple[Concern, ...]:
        """Of all and of any station, each once, the gravest first."""
        found = {concern for group in (self.whole, *self.stations) for concern in group.concerns}
        return tuple(concern for concern in Concern if concern in found)

    @property
    def asks_to_learn(self) -> bool:
        """Whether the detector should learn this hospital's normals."""
        return self.surely(ALARM)

    def surely(self, level: float) -> bool:
        """Whether a p-value lies below a level; not one that only says that something has changed."""
        findings = (finding for group in (self.whole, *self.stations) for finding in group.findings)
        return any(finding.p < level for finding in findings if finding.concern is not Concern.CHANGED)

    @property
    def band(self) -> float:
        """Half the width of the 95% band round the even spread, 0..1."""
        assert self.bundle is not None  # noqa: S101 - drawn only of a bundle's results
        return reach(effective(max(len(self.whole.percentiles), 1), self.bundle.held_out), 0.05, sides=2)


def drift_page(
    question: DriftQuestion,
    found: Sequence[Scoring],
    unscored: Iterable[NotScored],
    bundles: tuple[WatchedBundle, ...],
    others: int = 0,
) -> DriftPage:
    """Look at the newest studies of one bundle.

    Args:
        question: what the reader wants to see; its bundle is one of these.
        found: the studies it has scored, newest first.
        unscored: images of any time that have no score.
        bundles: that could be looked at, see `DriftPage`.
        others: images with a score of other weights.
    """
    page = DriftPage(question, bundles, others)
    if page.bundle is None:
        return page
    held_out = page.bundle.held_out
    whole, former = _newest(found, question.last)
    stations = _by_station(found)
    groups = [_examined("", whole, former, held_out, question.abnormal)]
    groups += [_examined(name, *_newest(of_it, question.last), held_out, question.abnormal) for name, of_it in stations]
    first, *rest = _corrected(groups if len(stations) > 1 else groups[:1])
    since = min((one.day for one in whole), default=None)
    counted = Counter(one.reason for one in unscored if since is None or one.day is None or one.day >= since)
    return replace(
        page,
        whole=first,
        stations=tuple(rest),
        before=len(former) if len(former) >= LEAST else 0,
        weeks=_weeks(found),
        doubts=tuple(Counter(one.doubt for one in whole if one.doubt).most_common(REASONS)),
        since=since,
        reasons=tuple(counted.most_common(REASONS)),
    )


def _newest(found: Sequence[Scoring], count: int | None) -> tuple[tuple[Scoring, ...], tuple[Scoring, ...]]:
    """The newest studies, and as many before them; a patient once in each."""
    newest, gone_through = once_each(found, count)
    former, _ = once_each(found[gone_through:], count)
    return newest, former


def _by_station(found: Sequence[Scoring]) -> list[tuple[str, list[Scoring]]]:
    """Those with the most studies first."""
    stations: dict[str, list[Scoring]] = defaultdict(list)
    for one in found:
        stations[one.station].append(one)
    return sorted(stations.items(), key=lambda station: (-len(station[1]), station[0]))[:STATIONS]


def _shares(found: Iterable[Scoring]) -> Shares:
    return np.sort(np.array([one.percentile for one in found if not one.outside])) / 100


def _group(station: str, found: Sequence[Scoring]) -> DriftGroup:
    inside = [one for one in found if not one.outside]
    normals = [one for one in inside if one.judgement is Judgement.NORMAL]
    return DriftGroup(
        station,
        100 * _shares(found),
        Counted(len(found) - len(inside), len(found)),
        _beyond(inside),
        _beyond(normals),
        sum(one.judgement not in (Judgement.NORMAL, Judgement.ACCEPTED) for one in inside),
    )


def _beyond(found: Sequence[Scoring]) -> Counted:
    return Counted(sum(one.percentile > BEYOND for one in found), len(found))


def _examined(
    station: str, found: Sequence[Scoring], former: Sequence[Scoring], held_out: int, abnormal: float
) -> DriftGroup:
    """A group with the answers to the questions that can be asked of it, each as if it were the only one."""
    group, findings = _group(station, found), []
    outside, values, before = group.outside, _shares(found), _shares(former)
    if outside.total >= LEAST:
        p = at_least_by_chance(outside.count, outside.total, OUTSIDE_AT_MOST)
        findings.append(Finding(Concern.OUTSIDE, p))
    if len(values) < LEAST:
        return replace(group, findings=tuple(findings))
    size = effective(len(values), held_out)
    findings.append(Finding(Concern.TOO_LOW, chance(rise(values), size)))
    below = int((values < MIDDLE).sum())
    findings.append(Finding(Concern.TOO_HIGH, too_few_below_middle(below, len(values), 1 - abnormal, held_out)))
    if len(before) >= LEAST:
        p = chance(apart(values, before), effective(len(values), len(before)), sides=2)
        findings.append(Finding(Concern.CHANGED, p))
    normals = _shares(one for one in found if one.judgement is Judgement.NORMAL)
    if len(normals) >= LEAST:
        findings.append(_of_normals(normals, group.unjudged, held_out))
    return replace(group, findings=tuple(findings), abnormal=abnormal_at_least(below, len(values), held_out))


def _of_normals(normals: Shares, unjudged: int, held_out: int) -> Finding:
    """Whoever reads from the top of a list judges first what lies high.

    So it is assumed of those not judged that they are normal and lie where they would make the spread an even one: they
    can bring it nearer by their own share at most.
    """
    hidden = unjudged / (len(normals) + unjudged)
    low, high = rise(normals), fall(normals)
    p = chance(max(0.0, max(low, high) - hidden), effective(len(normals), held_out), sides=2)
    return Finding(Concern.NORMALS_LOW if low > high else Concern.NORMALS_HIGH, p)


def _corrected(groups: Sequence[DriftGroup]) -> list[DriftGroup]:
    """With p-values that hold for all questions of all groups together."""
    raised = iter(holm([finding.p for group in groups for finding in group.findings]))
    return [
        replace(group, findings=tuple(replace(finding, p=next(raised)) for finding in group.findings))
        for group in groups
    ]


def _weeks(found: Sequence[Scoring]) -> tuple[DriftWeek, ...]:
    """The latest weeks in which there are studies."""
    weeks: dict[date, list[Scoring]] = defaultdict(list)
    for one in found:
        weeks[one.day - timedelta(days=one.day.weekday())].append(one)
    latest = sorted(weeks)[-WEEKS:]
    made = []
    for monday in latest:
        values = 100 * _shares(once_each(weeks[monday], None)[0])
        if len(values):
            low, middle, high = np.quantile(values, (0.25, 0.5, 0.75))
            made.append(DriftWeek(monday, len(values), (float(low), float(middle), float(high))))
    return tuple(made)
