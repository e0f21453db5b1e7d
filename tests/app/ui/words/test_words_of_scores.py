"""Every sentence about a score is true, at the ends too, and no rounding contradicts it."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.domain.marks.measurements import CardiothoracicRatio
from app.ui.words.mark_words import figure_lines
from app.ui.words.score_words import (
    operating_points,
    operating_sentence,
    place_sentence,
    reliance_sentence,
)
from app.ui.words.words import percentile_words
from squid_core.bundle.calibration import QUANTILES, SPECIFICITIES, apply
from squid_core.bundle.card import Calibration, Statistic
from tests.app.ui import synthetic

NORMALS = np.sort(np.random.default_rng(14).beta(2, 3, len(QUANTILES)))  # each of them is a quantile
CALIBRATION = Calibration(
    discriminator=Statistic(mean=0, std=1),
    components={"memory": Statistic(mean=0, std=1)},
    quantiles=tuple(NORMALS.tolist()),
    patch_quantiles=(),
    thresholds={str(s): float(np.quantile(NORMALS, s / 100)) for s in SPECIFICITIES},
    held_out_normals=len(NORMALS),
)
POINTS = operating_points(CALIBRATION)
IMAGE = synthetic.radiograph()
FOUND = synthetic.detection(IMAGE)


def percentile_of(score: float) -> float:
    """As the detector gives it."""
    logit = np.array([math.log(score) - math.log1p(-score)])
    return float(apply(CALIBRATION, {"discriminator": logit, "memory": np.zeros(1)}).percentile[0])


SCORES = st.one_of(
    st.floats(1e-6, 1 - 1e-6),
    st.sampled_from([float(NORMALS[0]), float(NORMALS[-1]), *(at for _, at in POINTS)]).flatmap(
        lambda at: st.floats(at - 0.006, at + 0.006)
    ),
)


@given(SCORES)
@example(1e-6)
@example(1 - 1e-6)
@example((NORMALS[0] + NORMALS[1]) / 2)
@example(NORMALS[-1] + 1e-7)
def test_how_many_normals_lie_below_is_true(score: float) -> None:
    percentile = percentile_of(score)
    words = place_sentence(replace(FOUND, score=score, percentile=percentile), None)
    below = float(100 * (score > NORMALS).mean())
    number = re.search(r"Higher than (\d+) of 100", words)
    if number:
        assert int(number[1]) <= below + 1e-9 < int(number[1]) + 1.5
    else:
        assert {
            "every one": below == 100,
            "fewer than 1": 0 < below < 1,
            "No higher than the lowest": below == 0,
        }[next(said for said in ("every one", "fewer than 1", "No higher than the lowest") if said in words)]
    assert ("above all" in percentile_words(percentile)) is (below == 100)
    assert ("below the 1st" in percentile_words(percentile)) is (below < 1)


@given(SCORES)
@example(POINTS[-1][1])
@example(1 - 1e-6)
@example(1e-6)
def test_what_is_said_of_the_lines_is_true_and_so_are_the_numbers_shown(score: float) -> None:
    words = operating_sentence(score, POINTS)
    assert "as high" not in words, "of a score above every normal that is not so"
    for said, share, numbers in re.findall(
        r"(Above|On|Below) the (?:lowest line \()?(\d+)%(?: line \(|, )([^)]*)\)", words
    ):
        at = dict(POINTS)[int(share)]
        assert {"Above": score > at, "On": score == at, "Below": score < at}[said]
        line, _, own = numbers.partition(", the score is ")
        shown, line = float(own or f"{score:.2f}"), float(line)
        assert {"Above": shown > line, "On": shown == line or not own, "Below": shown < line}[said], words
    for share, rest in re.findall(r"the (\d+)% line[^:]*: (\d+) of 100", words):
        above = 100 * np.count_nonzero(dict(POINTS)[int(share)] < NORMALS) / len(NORMALS)
        assert abs(above - int(rest)) < 1


def test_a_score_above_every_normal_is_not_said_to_be_reached_by_one() -> None:
    words = operating_sentence(0.999, POINTS)
    assert words == f"Above the 99% line ({POINTS[-1][1]:.2f}): 1 of 100 normal images lie above that line."
    assert operating_sentence(0.8899, ((99, 0.8901),)).startswith(
        "Below the lowest line (99%, 0.8901, the score is 0.8899)"
    )
    assert operating_sentence(0.8903, ((99, 0.8901),)).startswith("Above the 99% line (0.8901, the score is 0.8903)")


@given(st.floats(0.3, 0.8))
@example(0.502)
@example(0.4951)
@example(0.5)
@example(0.5049)
def test_rounding_never_contradicts_what_is_said_of_the_cardiothoracic_ratio(ratio: float) -> None:
    heart, thorax = ((300.0, 100.0), (300.0, 100.0 + 300 * ratio)), ((280.0, 90.0), (280.0, 390.0))
    mark = CardiothoracicRatio((*heart, *thorax))
    words = figure_lines(mark, IMAGE, None)[0]
    shown = float(words.split()[1].rstrip(","))
    assert shown == pytest.approx(ratio, abs=0.0051)
    assert {"over": shown > 0.5, "within": shown < 0.5, "at": shown == 0.5}[words.split()[2]], words


def test_nothing_is_rounded_to_all_or_to_nothing() -> None:
    assert [reliance_sentence(share) for share in (0.0, 0.001, 0.5, 0.999, 1.0)] == [
        "all of it comes past memory",
        "< 1%, the rest comes past memory",
        "50%, the rest comes past memory",
        "> 99%, the rest comes past memory",
        "all of it goes through memory",
    ]
