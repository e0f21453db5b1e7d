"""Pages of the drift watch, made of numbers of chance: no patient is behind them."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from app.domain.drift.scorings import NotScored, Scoring
from app.domain.drift.watch import DriftPage, DriftQuestion, WatchedBundle, drift_page
from app.domain.study import Judgement

ADULT, CHILDREN = WatchedBundle("a" * 64, "adult", 1271, 640), WatchedBundle("c" * 64, "zhanglab", 190, 63)
SHIN = "The body part is TIBIA; only frontal chest radiographs are analysed."
LAST_DAY = date(2026, 3, 6)
QUESTION = DriftQuestion(ADULT.fingerprint)


def studies(
    station: str, count: int, shift: float = 0.0, judgement: Judgement = Judgement.NONE, seed: int = 0
) -> list[Scoring]:
    """Newest first, six a day, a quarter of them abnormal; the scores of all are moved by a shift."""
    rng = np.random.default_rng((seed, len(station), count))
    reference = np.quantile(rng.normal(size=ADULT.held_out), np.linspace(0, 1, 201))
    scores = rng.normal(shift, 1, count) + 1.8 * (rng.random(count) < 0.25)
    return [
        Scoring(
            100 * float(np.searchsorted(reference, score)) / 201,
            LAST_DAY - timedelta(days=at // 6),
            f"{station} {at}",
            station,
            judgement,
            outside=at % 97 == 50,
        )
        for at, score in enumerate(scores)
    ]


def page(*stations: list[Scoring], question: DriftQuestion = QUESTION, others: int = 0) -> DriftPage:
    """Of the studies of some stations."""
    found = sorted((one for station in stations for one in station), key=lambda one: one.day, reverse=True)
    reasons = [NotScored(LAST_DAY, SHIN)] * 14 + [NotScored(None, "")] * 2
    return drift_page(question, found, reasons, (ADULT, CHILDREN), others)


def as_expected() -> DriftPage:
    """Two stations, and some studies of which no station is known."""
    return page(studies("ROOM 1", 420), studies("ROOM 2", 230), studies("", 31), others=3)


def drifted() -> DriftPage:
    """The second station's studies lie too high."""
    return page(studies("ROOM 1", 420), studies("ROOM 2", 200, 1.8), studies("", 31))
