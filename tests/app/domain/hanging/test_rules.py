"""Which rule hangs which study, and what stands beside its image."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.domain.hanging.rules import Rule, hung, lateral_of, prior_of, remembered, rule_for, rules_in_use
from app.domain.jobs import JobState
from app.domain.settings import DisplaySettings, Hanging, HangingRules, Layout, Settings
from app.domain.study import ImageItem, Study
from squid_core.contracts.radiograph import Identity
from tests.app.samples import image

RULES = HangingRules()
TODAY, BEFORE, LONG_AGO = date(2024, 5, 2), date(2023, 5, 2), date(2019, 5, 2)


def of(
    name: str, score: float | None = 0.4, view: str = "PA", day: date | None = TODAY, **changes: object
) -> ImageItem:
    made = image(name, score=score)
    identity = Identity(f"1.{day}", patient_name="Wu, Mei", patient_id="7", view_position=view, study_date=day)
    return replace(made, identity=identity, **changes)  # type: ignore[arg-type]


def study(*items: ImageItem) -> Study:
    return Study(items[0].study_uid, items)


FRONTAL = study(of("a"))
PAIR = study(of("a"), of("b", None, "LL", state=JobState.VIEWABLE))
PRIOR, OLD = study(of("p", day=BEFORE)), study(of("o", day=LONG_AGO))


@pytest.mark.parametrize(
    ("opened", "others", "portrait", "rule"),
    [
        (FRONTAL, (), False, Rule.FRONTAL),
        (FRONTAL, (), True, Rule.PORTRAIT),
        (PAIR, (), False, Rule.LATERAL),
        (PAIR, (), True, Rule.LATERAL),
        (PAIR, (PRIOR,), False, Rule.PRIOR),
        (PRIOR, (FRONTAL,), False, Rule.FRONTAL),
        (study(of("a", None, state=JobState.VIEWABLE)), (PRIOR,), False, Rule.NO_SCORE),
        (study(of("a", None, state=JobState.SCORING)), (), False, Rule.FRONTAL),
    ],
)  # fmt: skip
def test_the_first_rule_that_fits_wins(opened: Study, others: tuple[Study, ...], portrait: bool, rule: Rule) -> None:
    assert rule_for(RULES, opened, others, portrait=portrait) is rule


def test_a_rule_that_is_not_used_is_passed_over_but_never_the_last() -> None:
    rules = HangingRules(prior=Hanging(used=False), frontal=Hanging(used=False))
    assert rule_for(rules, PAIR, (PRIOR,), portrait=False) is Rule.LATERAL
    assert rule_for(rules, FRONTAL, (PRIOR,), portrait=False) is Rule.FRONTAL
    assert Rule.PRIOR not in rules_in_use(rules)


def test_the_prior_is_the_last_before_the_study_and_of_no_other_name() -> None:
    assert prior_of(FRONTAL, (OLD, PRIOR)) is PRIOR
    later = study(of("l", day=date(2025, 1, 1)))
    undated = study(of("u", day=None))
    assert prior_of(FRONTAL, (later, undated, OLD)) is OLD
    other = replace(PRIOR.images[0], identity=replace(PRIOR.identity, patient_name="Li, Na"))
    assert prior_of(FRONTAL, (study(other), OLD)) is OLD
    broken = study(of("x", None, day=BEFORE, state=JobState.ERROR))
    assert prior_of(FRONTAL, (broken,)) is None


def test_frontal_and_lateral_stand_beside_each_other() -> None:
    frontal, lateral = PAIR.images
    assert lateral_of(PAIR, frontal.key) is lateral
    assert lateral_of(PAIR, lateral.key) is frontal
    assert lateral_of(FRONTAL, frontal.key) is None
    assert lateral_of(study(of("a"), of("b")), frontal.key) is None


def test_what_is_changed_is_kept_for_the_rule_and_shown_by_it_again() -> None:
    display = DisplaySettings(layout=Layout.FOUR, gamma=1.4)
    kept = remembered(Hanging(), display)
    assert (kept.layout, kept.used) == (Layout.FOUR, True)
    again = hung(DisplaySettings(gamma=0.8), kept)
    assert (again.layout, again.gamma) == (Layout.FOUR, 0.8)
    assert hung(display, kept) is display
    assert remembered(kept, display) is kept


def test_the_rules_outlive_the_program_and_one_goes_back_to_the_shipped() -> None:
    own = Settings().with_value("hanging.prior", Hanging(used=False, layout=Layout.ONE))
    again = Settings.model_validate_json(own.model_dump_json())
    assert again.hanging.prior == Hanging(used=False, layout=Layout.ONE)
    assert again.with_value("hanging.prior", Settings.default("hanging.prior")).hanging == HangingRules()
