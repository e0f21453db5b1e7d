"""A calibration for a place, on made-up evidence whose distribution is known."""

from __future__ import annotations

import numpy as np
import pytest

from squid_core.adaptation.recalibrate import estimate, estimate_left_out, recalibrated
from squid_core.bundle.calibration import apply, fit, fit_foreign
from squid_core.bundle.card import Calibration
from squid_core.evaluation.measure import Measured

QUIET, NOISY = (0.0, 1.0), (2.5, 1.1)  # mean and spread of evidence at the parent's place, and at another


def evidence(count: int, place: tuple[float, float], seed: int) -> Measured:
    """Three quantities that go together a little, as those of images do."""
    rng = np.random.default_rng(seed)
    common = rng.normal(0, 1, count)
    mean, spread = place
    found = {
        name: mean + spread * (0.6 * common + 0.8 * rng.gumbel(0, 0.7, count))
        for name in ("texture pattern", "anatomy", "memory")
    }
    found["discriminator"] = rng.normal(0, 1, count)
    distances = np.abs(found["memory"])[:, None] * np.array([1.0, 2.0, 3.0, 4.0])
    return Measured(found, distances)


PARENT_EVIDENCE = evidence(2000, QUIET, 0)
PARENT = fit(PARENT_EVIDENCE.values, PARENT_EVIDENCE.distances, "combined", ("texture", "anatomy"))


def beyond(calibration: Calibration, measured: Measured, name: str) -> float:
    return float((apply(calibration, measured.values).score >= calibration.thresholds[name]).mean())


def test_fresh_normals_of_the_place_lie_beyond_a_percentile_as_often_as_they_should() -> None:
    fresh = evidence(4000, NOISY, 99)
    assert beyond(PARENT, fresh, "95") > 0.5
    shares = [beyond(recalibrated(PARENT, evidence(50, NOISY, seed)), fresh, "95") for seed in range(20)]
    assert np.mean(shares) == pytest.approx(0.05, abs=0.02)
    assert np.std(shares) < 0.02, "with the spread of the 50 alone it is 0.021"


def test_a_place_where_normals_differ_more_is_believed_by_count() -> None:
    wide = (2.5, 1.6)
    fresh = evidence(4000, wide, 97)
    shares = [beyond(recalibrated(PARENT, evidence(count, wide, 5)), fresh, "90") for count in (30, 300, 5000)]
    assert shares == sorted(shares, reverse=True)
    assert shares[-1] == pytest.approx(0.1, abs=0.01)


def test_with_few_images_the_tail_is_the_parents_and_with_many_their_own() -> None:
    few, many = evidence(25, NOISY, 1), evidence(3000, NOISY, 2)
    alone = fit(few.values, few.distances, "combined", ("texture", "anatomy")).quantiles
    shape = np.asarray(PARENT.quantiles)
    assert np.abs(np.asarray(recalibrated(PARENT, few).quantiles) - shape)[1:-1].max() < 0.05
    assert np.abs(np.asarray(alone) - shape).max() > 0.1
    own = fit(many.values, many.distances, "combined", ("texture", "anatomy")).quantiles
    assert np.abs(np.asarray(recalibrated(PARENT, many).quantiles) - np.asarray(own)).max() < 0.02


def test_what_a_place_has_in_memory_is_not_called_strange_and_nothing_stranger_is_let_in() -> None:
    near = recalibrated(PARENT, evidence(50, (-1.0, 0.1), 3))
    assert near.outside_memory == PARENT.outside_memory
    far = recalibrated(PARENT, evidence(50, (20.0, 1.0), 3))
    assert far.outside_memory is not None
    assert PARENT.outside_memory is not None
    assert far.outside_memory > PARENT.outside_memory


def test_an_estimate_by_hand() -> None:
    calibration = PARENT.model_copy(
        update={
            "score": "paper",
            "quantiles": tuple(np.linspace(0.005, 0.995, 100)),
            "thresholds": {"90": 0.9, "95": 0.95, "99": 0.99},
        }
    )
    scores = np.array([0.051, 0.251, 0.551, 0.971])
    raw = np.log(scores / (1 - scores))
    statistic = calibration.discriminator
    values = {"discriminator": statistic.mean + statistic.sign * statistic.std * raw, "memory": np.zeros(4)}
    values |= {name: np.zeros(4) for name in calibration.components}
    said = estimate(calibration, values)
    assert {name: share.count for name, share in said.beyond.items()} == {"90": 1, "95": 1, "99": 0}
    assert said.beyond["90"].low == pytest.approx(0.0456, abs=1e-4)
    assert said.beyond["90"].high == pytest.approx(0.6994, abs=1e-4)
    assert said.fits, "one of four says little"
    for same in values["discriminator"][[0, 3]]:  # all of them low, or high
        assert not estimate(calibration, values | {"discriminator": np.full(4, same)}).fits
    assert said.tenths == (1, 0, 1, 0, 0, 1, 0, 0, 0, 1)
    # The percentiles are 5, 25, 55 and 97: at 25 half have come, a quarter too many.
    assert said.ks == pytest.approx(0.25)


def test_the_estimate_is_what_fresh_images_get_and_not_what_those_who_took_part_do() -> None:
    fresh = evidence(4000, NOISY, 98)
    said, true, flattered = [], [], []
    for seed in range(30):
        local = evidence(20, NOISY, 100 + seed)
        fitted = recalibrated(PARENT, local)
        said.append(estimate_left_out(PARENT, local).beyond["95"].count / 20)
        true.append(beyond(fitted, fresh, "95"))
        flattered.append(beyond(fitted, local, "95"))
    assert np.mean(said) == pytest.approx(np.mean(true), abs=0.01)
    assert np.mean(flattered) < np.mean(true) - 0.015


def test_a_score_of_one_part_of_a_group_stays_one_and_what_is_foreign_is_still_told() -> None:
    """The score may leave out what tells a foreign picture: the shipped adults' does."""
    normals, strangers = evidence(400, QUIET, 3), evidence(200, (9.0, 1.0), 4)
    for one in (normals, strangers):
        one.values["texture coarse"] = one.values["memory"] + 0.1
    foreign = fit_foreign(normals.values, normals.values, strangers.values)
    assert "texture coarse" in foreign.weights
    parent = fit(normals.values, normals.distances, "combined", ("texture pattern", "anatomy"), foreign)
    local = evidence(60, NOISY, 5)
    local.values["texture coarse"] = local.values["memory"] + 0.1
    adapted = recalibrated(parent, local)
    assert adapted.components.keys() == parent.components.keys() == {"texture pattern", "anatomy"}
    assert not apply(adapted, local.values).outside_memory.any()
    assert apply(adapted, strangers.values).outside_memory.mean() > 0.8
    assert estimate_left_out(parent, local).tenths
