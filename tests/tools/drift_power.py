"""How often the drift watch is wrong, and after how many studies it is right: years of made-up weeks.

`python -m tests.tools.drift_power [--years 200]` prints the tables of docs/experiments.md. Scores are normally
distributed, of abnormal studies 1.8 deviations higher (AUC 0.90); the normals behind the percentiles are drawn anew
for each year, as those of a card are.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from app.domain.drift.scorings import Scoring
from app.domain.drift.watch import LEAST, LOOKS_A_YEAR, Concern, DriftQuestion, WatchedBundle, drift_page
from app.domain.study import Judgement
from squid_core.evaluation.metrics import wilson

A_WEEK = 40  # studies
STATIONS = 3
ABNORMAL_LIES = 1.8  # standard deviations higher
LOOKED_AT = 1200  # the newest 200 of each station, and as many before them
RUNS = 40  # of each kind of drift
MOST = 2000  # studies after which nobody waits any more
# Share of normals beyond the 95th percentile, as measured at other places, and the shift of a normal distribution.
SHIFTS = {"1.1%": -0.645, "28.6%": 1.080, "73.8%": 2.282}
FIRST = date(2025, 1, 6)


@dataclass(frozen=True)
class Hospital:
    """What is true, and what its reader does.

    Attributes:
        abnormal: true share of abnormal studies. at_most: what the reader says it is at most.
        judged: share of the normal studies that the reader calls normal, whatever their percentile.
        held_out: normals behind the percentiles.
    """

    abnormal: float = 0.2
    at_most: float = 0.5
    judged: float = 0.0
    held_out: int = 1271


def studies(
    rng: np.random.Generator, hospital: Hospital, counts: Sequence[int], shifts: Sequence[float]
) -> list[Scoring]:
    """Newest first: so many of each shift, one after the other."""
    quantiles = np.quantile(rng.normal(size=hospital.held_out), np.linspace(0, 1, 201))
    shift = np.repeat(shifts, counts)
    ill = rng.random(len(shift)) < hospital.abnormal
    percentiles = 100 * np.searchsorted(quantiles, rng.normal(shift) + ABNORMAL_LIES * ill) / 201
    said = np.where(ill, Judgement.ACCEPTED, Judgement.NORMAL)
    judged = rng.random(len(shift)) < hospital.judged
    made = [
        Scoring(
            float(percentile),
            FIRST + timedelta(days=7 * (at // A_WEEK)),
            str(at),
            f"ROOM {at % STATIONS}",
            Judgement(said[at]) if judged[at] else Judgement.NONE,
            outside=False,
        )
        for at, percentile in enumerate(percentiles)
    ]
    return made[::-1]


def concerns(found: Sequence[Scoring], hospital: Hospital, last: int | None = 200) -> tuple[Concern, ...]:
    """What one look tells."""
    bundle = WatchedBundle("b", "made up", hospital.held_out)
    return drift_page(DriftQuestion("b", last, hospital.at_most), found, (), (bundle,)).concerns


def false_alarms(rng: np.random.Generator, hospital: Hospital, years: int) -> int:
    """Years of weekly looks without drift in which something was told."""
    wrong = 0
    for _ in range(years):
        year = studies(rng, hospital, [LOOKS_A_YEAR * A_WEEK], [0.0])
        looks = (year[-A_WEEK * week :][:LOOKED_AT] for week in range(1, LOOKS_A_YEAR + 1))
        wrong += any(concerns(seen, hospital) for seen in looks)
    return wrong


def studies_until_told(rng: np.random.Generator, hospital: Hospital, shift: float, before: int) -> tuple[int, bool]:
    """After how many studies of another kind something is told, in looks at every tenth; and that it is no change only.

    Args:
        rng: what chance is drawn from.
        hospital: see `Hospital`.
        shift: of the new studies.
        before: studies before the shift; 0 for a new hospital.
    """
    found = studies(rng, hospital, [before, MOST], [0.0, shift])
    for count in range(LEAST if not before else 10, MOST, 10):
        if told := concerns(found[MOST - count :][:LOOKED_AT], hospital):
            return count, set(told) != {Concern.CHANGED}
    return MOST, False


def main(years: int) -> None:
    """Print both tables."""
    rng = np.random.default_rng(0)
    hospitals = {
        "nothing judged, adults": Hospital(),
        "nothing judged, children": Hospital(held_out=190),
        "nothing judged, 45% abnormal": Hospital(abnormal=0.45),
        "every study judged, children": Hospital(judged=1.0, held_out=190),
    }
    _say(f"Years with a false alarm, {A_WEEK} studies a week, {STATIONS} stations, {years} years each")
    for name, hospital in hospitals.items():
        wrong = false_alarms(rng, hospital, years)
        low, high = wilson(wrong, years)
        _say(f"| {name} | {wrong} of {years} | {100 * low:.1f} to {100 * high:.1f}% |")
    tried = {
        "nothing judged, at most 50% abnormal": Hospital(),
        "nothing judged, at most 30% abnormal": Hospital(at_most=0.3),
        "nothing judged, at most 30%, children": Hospital(at_most=0.3, held_out=190),
        "every study judged": Hospital(judged=1.0),
        "every study judged, children": Hospital(judged=1.0, held_out=190),
    }
    for before in (0, 400):
        _say(f"Studies until it is told, {before} before the shift, {RUNS} runs: median (nine of ten), told as drift")
        for name, hospital in tried.items():
            cells = []
            for shift in SHIFTS.values():
                runs = [studies_until_told(rng, hospital, shift, before) for _ in range(RUNS)]
                counts = [count for count, _ in runs]
                sure = sum(certain for _, certain in runs) / len(runs)
                middle, most = np.quantile(counts, (0.5, 0.9))
                cells.append(f"{middle:.0f} ({most:.0f}), {100 * sure:.0f}%")
            _say(f"| {name} | {' | '.join(cells)} |")


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--years", type=int, default=200)
    main(parser.parse_args().years)
