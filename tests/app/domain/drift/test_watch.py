"""What is said of a worklist's percentiles: nothing of few, nothing of disease, and drift where it is one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from numpy.typing import NDArray

from app.domain.drift.scorings import NotScored, ScoredBy, Scoring, not_scored, scorings
from app.domain.drift.watch import (
    ALARM,
    LEAST,
    Concern,
    DriftPage,
    DriftQuestion,
    WatchedBundle,
    drift_page,
)
from app.domain.jobs import JobState
from app.domain.study import ImageItem, Judgement
from app.domain.worklist import Worklist
from tests.app.samples import image

BUNDLE = WatchedBundle("f" * 64, "adult", 1271, 1000)
MONDAY = date(2024, 3, 4)
ALL = DriftQuestion(BUNDLE.fingerprint, None)


def percentiles(rng: np.random.Generator, count: int, shift: float = 0.0, abnormal: float = 0.0) -> NDArray[np.float64]:
    """Of scores that are normally distributed, moved by a shift; abnormal ones lie 1.8 deviations higher."""
    scores = rng.normal(shift, 1, count) + 1.8 * (rng.random(count) < abnormal)
    reference = np.quantile(rng.normal(0, 1, BUNDLE.held_out), np.linspace(0, 1, 201))
    return 100 * np.searchsorted(reference, scores) / 201


def found(values: Sequence[float] | NDArray[np.float64], station: str = "", **changes: object) -> list[Scoring]:
    """Newest first, five a day, each of another patient."""
    made = [
        Scoring(float(value), MONDAY - timedelta(days=at // 5), f"{station} {at}", station, Judgement.NONE, False)
        for at, value in enumerate(values)
    ]
    return [replace(one, **changes) for one in made]  # type: ignore[arg-type]


def page(scored: Sequence[Scoring], question: DriftQuestion = ALL, unscored: Sequence[NotScored] = ()) -> DriftPage:
    return drift_page(question, scored, unscored, (BUNDLE,))


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(1)


def test_of_too_few_studies_nothing_is_said() -> None:
    few = page(found([0.0] * (LEAST - 1)))
    assert (few.concerns, few.whole.p, few.whole.abnormal, few.asks_to_learn) == ((), None, None, False)
    assert page(found([0.0] * LEAST)).concerns == (Concern.TOO_LOW,)


@pytest.mark.parametrize("abnormal", [0.0, 0.2, 0.45])
def test_disease_is_no_drift(rng: np.random.Generator, abnormal: float) -> None:
    for _ in range(100):
        assert page(found(percentiles(rng, 200, abnormal=abnormal))).concerns == ()


def test_what_lies_too_low_is_drift_whatever_the_patients_have(rng: np.random.Generator) -> None:
    """As at the hospital of which 1.1% of the normals lie beyond the 95th percentile."""
    seen = page(found(percentiles(rng, 200, shift=-0.65, abnormal=0.1)))
    assert seen.concerns == (Concern.TOO_LOW,)
    assert seen.asks_to_learn


def test_what_lies_too_high_is_drift_unless_so_many_are_abnormal(rng: np.random.Generator) -> None:
    """28.6% of the normals beyond the 95th percentile, as on the official test."""
    values = percentiles(rng, 200, shift=1.08, abnormal=0.2)
    assert page(found(values), replace(ALL, abnormal=0.3)).concerns == (Concern.TOO_HIGH,)
    cautious = page(found(values), replace(ALL, abnormal=0.9))
    assert cautious.concerns == ()
    assert cautious.whole.abnormal is not None
    assert cautious.whole.abnormal > 0.6, "what would have to be so is said in any case"


def test_normals_that_the_reader_named_need_no_guess(rng: np.random.Generator) -> None:
    high = page(found(percentiles(rng, 60, shift=1.08), judgement=Judgement.NORMAL), replace(ALL, abnormal=0.9))
    assert high.concerns == (Concern.NORMALS_HIGH,)
    assert high.whole.normals.total == 60
    low = page(found(percentiles(rng, 80, shift=-1.2), judgement=Judgement.NORMAL))
    assert Concern.NORMALS_LOW in low.concerns
    right = found(percentiles(rng, 300), judgement=Judgement.NORMAL)
    ill = found(percentiles(rng, 200, shift=2), judgement=Judgement.ACCEPTED)
    ill = [replace(one, patient=f"ill {one.patient}") for one in ill]
    assert page(right + ill).concerns == ()


def test_who_reads_from_the_top_of_the_list_has_not_found_a_drift(rng: np.random.Generator) -> None:
    """The upper half is called normal, the rest is not read yet."""
    scored = [
        replace(one, judgement=Judgement.NORMAL if one.percentile > 50 else Judgement.NONE)
        for one in found(percentiles(rng, 400))
    ]
    seen = page(scored)
    assert (seen.whole.normals.total > 150, seen.whole.unjudged > 150) == (True, True)
    assert seen.concerns == ()
    assert Concern.NORMALS_HIGH in page([one for one in scored if one.judgement is Judgement.NORMAL]).concerns


def test_a_finding_that_was_rejected_is_not_yet_a_normal(rng: np.random.Generator) -> None:
    seen = page(found(percentiles(rng, 100), judgement=Judgement.REJECTED))
    assert (seen.whole.normals.total, seen.whole.unjudged) == (0, 100)


def test_a_change_is_told_but_need_not_be_the_detector(rng: np.random.Generator) -> None:
    former, now = percentiles(rng, 200, abnormal=0.1), percentiles(rng, 200, abnormal=0.6)
    seen = page(found([*now, *former]), DriftQuestion(BUNDLE.fingerprint, 200, 0.7))
    assert (seen.concerns, seen.before) == ((Concern.CHANGED,), 200)
    assert not seen.asks_to_learn
    assert page(found(now), DriftQuestion(BUNDLE.fingerprint, 200, 0.7)).before == 0


def test_images_unlike_memory_are_counted_apart(rng: np.random.Generator) -> None:
    strange = found([99.0] * 20, outside=True)
    seen = page(strange + found(percentiles(rng, 80), "b"))
    assert Concern.OUTSIDE in seen.concerns
    assert (len(seen.whole.percentiles), seen.whole.outside.count, seen.whole.count) == (80, 20, 100)
    assert Concern.OUTSIDE not in page(strange[:6] + found(percentiles(rng, 94), "b")).concerns


def test_each_station_is_looked_at_by_itself(rng: np.random.Generator) -> None:
    right, wrong, rare = percentiles(rng, 300), percentiles(rng, 100, shift=-1.2), percentiles(rng, 10)
    scored = found(right, "ROOM 1") + found(wrong, "ROOM 2") + found(rare)
    seen = page(scored)
    assert [(one.station, one.count) for one in seen.stations] == [("ROOM 1", 300), ("ROOM 2", 100), ("", 10)]
    assert [one.concerns for one in seen.stations] == [(), (Concern.TOO_LOW,), ()]
    assert seen.stations[2].p is None
    assert Concern.TOO_LOW in seen.concerns
    assert page(found(right, "ROOM 1")).stations == (), "one alone is the whole"


def test_more_stations_need_more_to_alarm(rng: np.random.Generator) -> None:
    """Each p-value counts for all that were asked together."""
    values = percentiles(rng, 100, shift=-0.6)
    alone = page(found(values)).whole.p
    beside = page(found(values, "a") + [one for at in range(9) for one in found(percentiles(rng, 60), f"b{at}")])
    assert alone is not None
    p = next(one.p for one in beside.stations if one.station == "a")
    assert p is not None
    assert p > 10 * alone


def test_a_patient_counts_once_among_the_newest_and_once_before_them() -> None:
    scored = found(np.linspace(1, 99, 120))
    often = [replace(one, patient="the same") for one in scored[:60]]
    assert page(often + scored[60:]).whole.count == 61
    assert page(often + scored[60:], DriftQuestion(BUNDLE.fingerprint, 50)).whole.count == 50


def test_weeks_are_those_of_the_studies(rng: np.random.Generator) -> None:
    scored = found(percentiles(rng, 40))  # five a day back from a Monday
    seen = page(scored).weeks
    assert [(week.monday, week.count) for week in seen] == [(MONDAY - timedelta(weeks=1), 35), (MONDAY, 5)]
    assert all(low <= middle <= high for low, middle, high in (week.quartiles for week in seen))
    assert page([replace(one, patient="the same") for one in scored]).weeks[0].count == 1


def test_why_images_have_no_score_is_counted_since_the_oldest_study(rng: np.random.Generator) -> None:
    scored, reason = found(percentiles(rng, 60)), "The body part is TIBIA."
    days = (MONDAY, MONDAY, None, MONDAY - timedelta(days=900))
    seen = page(scored, unscored=[NotScored(day, reason) for day in days])
    assert seen.reasons == ((reason, 3),)


def test_what_is_odd_about_what_was_scored_is_counted(rng: np.random.Generator) -> None:
    scored = found(percentiles(rng, 60))
    mirrored = [replace(one, doubt="This chest looks mirrored.") for one in scored[:3]]
    assert page(mirrored + scored[3:]).doubts == (("This chest looks mirrored.", 3),)
    assert (
        page(scored + [replace(one, patient=f"x{one.patient}") for one in mirrored], replace(ALL, last=50)).doubts == ()
    )


# -- what of a worklist is counted

MADE = {1: ScoredBy("a", "2024-05-01T10:00:00+00:00"), 2: ScoredBy("b", "2024-05-02T10:00:00+00:00")}


def item(name: str, study: str, percentile: float, result: int | None = 1, arrival: int = 0) -> ImageItem:
    made = image(name, study, score=percentile / 100, arrival=arrival)
    return replace(made, result=result, identity=replace(made.identity, patient_id=f"P{study}"))


def test_the_first_image_of_a_study_counts_not_the_highest() -> None:
    worklist = Worklist([item("second", "1", 90, arrival=2), item("first", "1", 40, arrival=1)])
    assert [one.percentile for one in scorings(worklist.studies, MADE, "a")] == [40]


def test_the_message_of_a_scored_image_is_its_doubt() -> None:
    odd = replace(item("x", "1", 10), message="This chest looks mirrored.")
    assert [one.doubt for one in scorings(Worklist([odd]).studies, MADE, "a")] == ["This chest looks mirrored."]


def test_results_of_several_bundles_are_never_mixed() -> None:
    worklist = Worklist([item("x", "1", 10), item("y", "2", 20, result=2), item("z", "3", 30, result=None)])
    assert [one.percentile for one in scorings(worklist.studies, MADE, "a")] == [10]
    assert [one.percentile for one in scorings(worklist.studies, MADE, "b")] == [20]


def test_the_newest_study_comes_first_and_one_without_a_date_by_its_score() -> None:
    old, undated, new = (item(name, name, at, arrival=at) for at, name in ((1, "1"), (2, "2"), (3, "3")))
    new = replace(new, identity=replace(new.identity, study_date=date(2024, 6, 1)))
    undated = replace(undated, identity=replace(undated.identity, study_date=None))
    days = [one.day for one in scorings(Worklist([old, undated, new]).studies, MADE, "a")]
    assert days == [date(2024, 6, 1), date(2024, 5, 1), date(2023, 6, 1)]


def test_a_device_is_called_by_its_own_name_or_its_makers() -> None:
    plain = item("x", "1", 10)
    named = replace(plain, identity=replace(plain.identity, station_name="ROOM 2", manufacturer="Maker"))
    made = replace(plain, identity=replace(plain.identity, manufacturer="Maker"))
    stations = [scorings(Worklist([one]).studies, MADE, "a")[0].station for one in (plain, named, made)]
    assert stations == ["", "ROOM 2", "Maker"]


def test_patient_numbers_that_name_nobody_make_no_patient() -> None:
    nobody = [item(name, name, 10) for name in ("1", "2")]
    nobody = [replace(one, identity=replace(one.identity, patient_id="ANON")) for one in nobody]
    patients = {one.patient for one in scorings(Worklist(nobody).studies, MADE, "a")}
    assert len(patients) == 2


def test_what_still_waits_is_not_called_not_scored() -> None:
    images = [
        image("a", "1", state=JobState.VIEWABLE, message="no chest"),
        image("b", "2", state=JobState.ERROR, message="damaged"),
        image("c", "3"),
        image("d", "4", state=JobState.CANCELLED),
    ]
    assert [one.reason for one in not_scored(Worklist(images).studies)] == ["no chest", "damaged"]


def test_a_question_makes_sense() -> None:
    for wrong in ({"last": LEAST - 1}, {"abnormal": 1.0}, {"abnormal": -0.1}):
        with pytest.raises(ValueError, match="abnormal"):
            DriftQuestion("", **wrong)


def test_the_alarm_is_one_in_twenty_over_a_year_of_weekly_looks() -> None:
    assert pytest.approx(0.05) == 52 * ALARM
