"""A hospital's normals in words: what can be learned from, what came of it, and which weights read whom."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.learning import FEWEST, LearnedWeights, LearningPhase, Normals, Population, WhyNot
from app.i18n.language import QT_TR_NOOP, tr
from squid_core.bundle.card import Adapted, Estimate, NotUsed, Share

PERCENTILE = "95"
RIGHT = 0.05  # of normals lie beyond it
POPULATION_WORDS = {
    Population.ADULT: QT_TR_NOOP("Adults"),
    Population.PAEDIATRIC: QT_TR_NOOP("Children under 18"),
}
REASONS = {
    WhyNot.NOT_SCORED: QT_TR_NOOP("not scored, so the detector may not be meant for them"),
    WhyNot.REPLACED: QT_TR_NOOP("another image lies in the place of their file"),
    WhyNot.CHANGED: QT_TR_NOOP("their file has changed since it was judged"),
    WhyNot.UNREADABLE: QT_TR_NOOP("their file cannot be read"),
    WhyNot.PATIENT: QT_TR_NOOP("further images of a patient (the newest counts)"),
    WhyNot.SPARE: QT_TR_NOOP("more than are needed (the newest count)"),
    NotUsed.UNREADABLE: QT_TR_NOOP("could not be read, or are not for the detector"),
    NotUsed.AGE: QT_TR_NOOP("patients of another age"),
    NotUsed.PATIENT: QT_TR_NOOP("further images of a patient (the newest counts)"),
    NotUsed.OUTSIDE: QT_TR_NOOP("unlike anything in memory"),
    NotUsed.UNUSUAL: QT_TR_NOOP("far less normal than the others"),
    NotUsed.SPARE: QT_TR_NOOP("more than are needed (the newest count)"),
}
INTRODUCTION = QT_TR_NOOP(
    "The detector measures a chest against normal ones of other hospitals, whose devices and patients are not yours."
    " Here it learns from the studies that you called normal (Study menu), in about a minute. Nothing leaves this"
    " computer, and nothing changes before you have seen what it would be worth."
)
SAMPLE = QT_TR_NOOP(
    "Call normal studies normal as they come. Those alone that the detector took for abnormal would teach it too much."
)
PHASES = {
    LearningPhase.GATHERING: QT_TR_NOOP("Fetching the images…"),
    LearningPhase.LEARNING: QT_TR_NOOP("Learning. Scoring goes on meanwhile."),
    LearningPhase.KEEPING: QT_TR_NOOP("Keeping the learned weights…"),
}


def population_words(population: str) -> str:
    """Whose weights."""
    return tr(POPULATION_WORDS[Population(population)])


def count_words(normals: Normals) -> str:
    """How many there are, and whether they suffice."""
    count = len(normals.images)
    if normals.enough:
        return tr("{population}: {count} normal studies, each of another patient").format(
            population=population_words(normals.population), count=count
        )
    return tr("{population}: {count} of at least {fewest} normal studies, each of another patient").format(
        population=population_words(normals.population), count=count, fewest=FEWEST
    )


def device_words(normals: Normals) -> str:
    """Which devices they come from; '' where nothing is known of them."""
    if not any(name for name, _ in normals.stations):
        return ""
    others = tr("others")
    parts = (f"{name or others}: {count}" for name, count in normals.stations)
    return tr("By device: {devices}.").format(devices=tr("; ").join(parts))


def left_out_words(left_out: Mapping[str, int]) -> str:
    """What is not learned from, and why; '' where all is."""
    words = {str(reason): words for reason, words in REASONS.items()}
    parts = [f"{count} {tr(words[reason]) if reason in words else reason}" for reason, count in left_out.items()]
    return tr("Left out: {reasons}.").format(reasons=tr("; ").join(parts)) if parts else ""


def abnormal_words(studies: int) -> str:
    """That those with a finding never enter."""
    if not studies:
        return ""
    words = tr("1 study with a finding that you accepted or rejected does not enter.")
    many = tr("{count} studies with findings that you accepted or rejected do not enter.")
    return words if studies == 1 else many.format(count=studies)


def worth_sentence(adapted: Adapted) -> str:
    """How many normals lie beyond the percentile, before and after, with intervals."""
    count, right = adapted.normals, f"{RIGHT * adapted.normals:.0f}"
    words = tr(
        "Beyond the {percentile}th percentile: {before} of your {count} normals ({before_low} to {before_high}); with"
        " the learned weights {after} ({after_low} to {after_high}). {right} would be right."
    )
    (before, before_low, before_high), (after, after_low, after_high) = (
        _numbers(estimate.beyond[PERCENTILE], count) for estimate in (adapted.before, adapted.after)
    )
    return words.format(
        count=count, percentile=PERCENTILE, right=right,
        before=before, before_low=before_low, before_high=before_high,
        after=after, after_low=after_low, after_high=after_high,
    )  # fmt: skip


def advice_sentence(adapted: Adapted) -> str:
    """Whether it is worth it."""
    if adapted.before.fits:
        return tr("The weights fit your hospital already; there is little to gain.")
    if adapted.after.fits:
        return tr("They fit your hospital, which the weights that they were learned from do not.")
    if adapted.after.ks < adapted.before.ks:
        return tr("They fit better, but not well yet: learn again once there are more normal studies.")
    return tr("They fit no better: look whether all of these studies are normal frontal chests.")


def after_words() -> str:
    """How that was estimated."""
    return tr("Each image was scored by what was learned from others only. In brackets: 95% intervals.")


def learned_words(learned: LearnedWeights) -> str:
    """Weights that were learned before, in one line."""
    words = tr("{population}, from {count} normal studies")
    return words.format(population=population_words(learned.population), count=learned.adapted.normals)


def mixed_words(scored_by: Mapping[tuple[str, str], int], in_use: Mapping[str, str]) -> str:
    """That scores of several weights stand in one list, which do not compare; '' where they do."""
    others = {key: count for key, count in scored_by.items() if in_use.get(key[1], key[0]) != key[0]}
    if not others:
        return ""
    names = tr(", ").join(dict.fromkeys(name for name, _ in others))
    now = tr(", ").join(dict.fromkeys(in_use[population] for _, population in others))
    words = tr("{count} scores are of other weights ({names}) than new studies get ({now}), and do not compare.")
    one = tr("1 score is of other weights ({names}) than new studies get ({now}), and does not compare.")
    count = sum(others.values())
    return (one if count == 1 else words).format(count=count, names=names, now=now)


def plot_words(estimate: Estimate, count: int) -> str:
    """What a screen reader says of a plot."""
    parts = tr(", ").join(map(str, estimate.tenths))
    words = tr("Of {count} normals in each tenth of the percentiles: {parts}; {right:.1f} in each is right.")
    return words.format(count=count, parts=parts, right=count / 10)


def _numbers(share: Share, count: int) -> tuple[int, int, int]:
    return share.count, round(share.low * count), round(share.high * count)
