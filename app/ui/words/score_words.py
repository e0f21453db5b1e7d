"""A detection's score in the words of a reader of radiographs."""

from __future__ import annotations

import math

from app.domain.session import Session
from app.i18n.language import join, say, tr
from app.ui.words.agreement_words import agreement_words
from squid_core.bundle.card import Calibration
from squid_core.contracts.detection import Detection
from squid_core.inference.agreement import agreement
from squid_core.inference.doubts import NOT_REGISTERED, doubts

SHORT = 0.1  # seconds below which a time is said in ms
MOST_DECIMALS = 10  # of a score that lies all but on a line


def place_sentence(detection: Detection, normals: int | None) -> str:
    """Where the score falls among held-out normals."""
    below = math.floor(detection.percentile)
    if detection.percentile >= 100:
        said = tr("Higher than every one of the normal images held out from training.")
    elif detection.percentile <= 0:
        said = tr("No higher than the lowest of the normal images held out from training.")
    elif below < 1:
        said = tr("Higher than fewer than 1 of 100 normal images held out from training.")
    else:
        said = tr("Higher than {below} of 100 normal images held out from training.").format(below=below)
    measured = tr("({count} of them were measured.)").format(count=normals) if normals else ""
    return join((said, measured))


def operating_points(calibration: Calibration) -> tuple[tuple[int, float], ...]:
    """(share of held-out normals below in %, score), lowest first."""
    return tuple(sorted((int(share), score) for share, score in calibration.thresholds.items()))


def operating_sentence(score: float, points: tuple[tuple[int, float], ...]) -> str:
    """Which of the operating points the score has reached; what is said of normals is said of the line alone."""
    reached = [point for point in points if score >= point[1]]
    missed = [point for point in points if score < point[1]]
    if not points:
        return ""
    if not reached:
        share, at = missed[0]
        words = tr("Below the lowest line ({share}%, {at}): {share} of 100 normal images score below that line.")
        return words.format(share=share, at=_line_words(score, at))
    share, at = reached[-1]
    words = (
        tr("Above the {share}% line ({at}): {rest} of 100 normal images lie above that line.")
        if score > at
        else tr("On the {share}% line ({at}): {rest} of 100 normal images lie above that line.")
    )
    said = words.format(share=share, at=_line_words(score, at), rest=100 - share)
    if missed:
        share, at = missed[0]
        return join((said, tr("Below the {share}% line ({at}).").format(share=share, at=_line_words(score, at))))
    return said


def _line_words(score: float, at: float) -> str:
    """Where a line lies; with the score beside it, and as exactly as it takes, where two decimals contradict."""
    shown, line = f"{score:.2f}", f"{at:.2f}"
    if score == at or (shown != line and (shown < line) == (score < at)):  # both have a digit before the point
        return line
    for decimals in range(3, MOST_DECIMALS):
        shown, line = f"{score:.{decimals}f}", f"{at:.{decimals}f}"
        if shown != line:
            break
    return tr("{at}, the score is {score}").format(at=line, score=shown)


def reliance_sentence(share: float | None) -> str:
    """How much of the reconstruction is memory."""
    if share is None:
        return tr("not known")
    if share >= 1:
        return tr("all of it goes through memory")
    if share <= 0:
        return tr("all of it comes past memory")
    percent = f"{100 * share:.0f}"
    percent = {"0": "< 1", "100": "> 99"}.get(percent, percent)  # what is not all or nothing is not said to be
    return tr("{percent}%, the rest comes past memory").format(percent=percent)


def change_words(change: float) -> str:
    """A change of the score with its sign; words where it rounds to nothing."""
    shown = f"{change:+.2f}".replace("-", "−")
    return tr("no change") if shown.endswith("0.00") else shown


def time_words(detection: Detection) -> str:
    """How long it took, and where."""
    taken = f"{detection.seconds:.1f} s" if detection.seconds >= SHORT else f"{1000 * detection.seconds:.0f} ms"
    return tr("{taken} on {device}").format(taken=taken, device=detection.device)


def facts(session: Session) -> tuple[tuple[str, str], ...]:
    """Names and values of the small print; only for a session with a detection."""
    detection, maps = session.detection, session.maps
    if detection is None:
        return ()
    found = agreement(detection, maps) if maps else None  # of the locked result, whatever is tried beside it
    bundle = f"{detection.model}, {detection.model_hash[:12]}"
    if session.weights_reason:
        bundle = tr("{weights} ({reason})").format(weights=bundle, reason=say(session.weights_reason))
    return (
        (tr("Paper's A"), tr("{value:.2f} (discriminator alone, 0 to 1)").format(value=detection.paper_score)),
        (tr("Weights"), bundle),
        (tr("Time"), time_words(detection)),
        (tr("Reconstruction"), reliance_sentence(maps.reliance) if maps else "…"),
        (tr("Maps"), agreement_words(found, session) if found else "…"),
    )


def what_if_sentence(session: Session) -> str:
    """The what-if beside the locked score; '' where there is none."""
    if session.what_if is None or session.detection is None:
        return ""
    change = change_words(session.what_if.score - session.detection.score)
    words = tr("What-if: {score:.2f} ({change}). It is tried beside the score and changes nothing in the worklist.")
    return words.format(score=session.what_if.score, change=change)


def caution() -> str:
    """What no score says."""
    return tr(
        "The score says how little the image resembles normal ones. It names no disease, and a low score does not mean"
        " that the image is normal. Research use only. Not a medical device."
    )


def doubt_sentences(detection: Detection) -> tuple[str, str]:
    """Grave doubts about what was scored, and how much less the score means of a picture that is only laid badly."""
    found = doubts(detection)
    return join(say(doubt) for doubt in found if doubt != NOT_REGISTERED), (
        say(NOT_REGISTERED) if NOT_REGISTERED in found else ""
    )
