"""Hanging rules: which layout a study is opened in, and what stands beside its image."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from app.domain.priors import name_differs
from app.domain.settings import DisplaySettings, Hanging, HangingRules
from app.domain.study import ImageItem, Study


class Rule(StrEnum):
    """The kinds of study, in the order in which they are tried; named as the fields of `HangingRules`."""

    NO_SCORE = "no_score"
    PRIOR = "prior"
    LATERAL = "lateral"
    PORTRAIT = "portrait"
    FRONTAL = "frontal"


def rule_for(rules: HangingRules, study: Study, others: tuple[Study, ...], *, portrait: bool) -> Rule:
    """The first rule that fits a study and the screen.

    Args:
        rules: those that are not used are passed over, but for the last.
        study: as it is when it is opened; what becomes of it later moves nothing.
        others: of the same patient.
        portrait: the window is higher than wide.
    """
    fits = {
        Rule.NO_SCORE: study.score is None and not any(image.pending for image in study.images),
        Rule.PRIOR: prior_of(study, others) is not None,
        Rule.LATERAL: lateral_of(study, study.top_image.key) is not None,
        Rule.PORTRAIT: portrait,
    }
    return next((rule for rule, fit in fits.items() if fit and rule in rules_in_use(rules)), Rule.FRONTAL)


def prior_of(study: Study, others: tuple[Study, ...]) -> Study | None:
    """The last study of the patient before this one; None where a date is missing, or another name is given."""
    if study.date is None:
        return None
    earlier = [
        (other.date, other) for other in others
        if other.date is not None and other.date < study.date and not name_differs(study, other)
        and other.top_image.has_picture
    ]  # fmt: skip
    return max(earlier, key=lambda dated: dated[0])[1] if earlier else None


def lateral_of(study: Study, key: str) -> ImageItem | None:
    """The lateral image that stands beside a frontal one of the same study; beside the lateral, the frontal one."""
    shown = study.image(key)
    if shown is None:
        return None
    others = (image for image in study.images if image.is_lateral is not shown.is_lateral and image.has_picture)
    return next(others, None)


def hanging_of(rules: HangingRules, rule: Rule) -> Hanging:
    """What a rule says."""
    hanging: Hanging = getattr(rules, rule.value)
    return hanging


def rules_in_use(rules: HangingRules) -> tuple[Rule, ...]:
    """Those that are tried."""
    return tuple(rule for rule in Rule if rule is Rule.FRONTAL or hanging_of(rules, rule).used)


def hung(display: DisplaySettings, hanging: Hanging) -> DisplaySettings:
    """The display settings with the layout of a rule; the very same where they have it."""
    if remembered(hanging, display) is hanging:
        return display
    as_ruled: dict[str, Any] = {"layout": hanging.layout, "layout_panes": hanging.panes, "shares": hanging.shares}
    return display.model_copy(update=as_ruled)


def remembered(hanging: Hanging, display: DisplaySettings) -> Hanging:
    """A rule that says what is on the screen; the very same where it does."""
    as_shown: dict[str, Any] = {"layout": display.layout, "panes": display.layout_panes, "shares": display.shares}
    changed = hanging.model_copy(update=as_shown)
    return hanging if changed == hanging else changed
