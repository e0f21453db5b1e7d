"""What is copied beside an image: what was measured and how the detector found it, without a word on who it is."""

from __future__ import annotations

from app.domain.marks.measurements import CardiothoracicRatio, cardiothoracic_ratio, scale_of
from app.domain.session import Session
from app.i18n.language import join, say, tr
from app.ui.words.agreement_words import agreement_of, sides_of
from app.ui.words.words import UNSOUND_WORDS, percentile_short
from squid_core.inference.agreement import Accord, MapName


def copied_sentence(session: Session) -> str:
    """One or two sentences on the shown image at the locked settings; '' where nothing was measured or scored."""
    return join((_ratio_sentence(session), _score_sentence(session)))


def _ratio_sentence(session: Session) -> str:
    """Of the ratio that was drawn last."""
    image = session.radiograph
    drawn = [mark for mark in session.annotations.marks if isinstance(mark, CardiothoracicRatio)]
    ratio = cardiothoracic_ratio(drawn[-1], scale_of(image)) if drawn and image is not None else None
    return "" if ratio is None else tr("Cardiothoracic ratio {ratio:.2f}.").format(ratio=ratio)


def _score_sentence(session: Session) -> str:
    detection = session.detection
    if detection is None:
        return ""
    parts = [tr("Score {score:.2f}, {place}").format(score=detection.score, place=_among_normals(detection.percentile))]
    if detection.outside_memory:
        parts.append(tr(UNSOUND_WORDS))
    elif session.what_if is None and (where := _where(session)):
        parts.append(where)
    return tr("{sentence}.").format(sentence=tr("; ").join(parts))


def _among_normals(percentile: float) -> str:
    if percentile >= 100:
        return tr("above all normals")
    if percentile < 1:
        return tr("below the 1st percentile of normals")
    return tr("{place} percentile of normals").format(place=percentile_short(percentile))


def _where(session: Session) -> str:
    """The place that the maps point to; '' while they are not there, and where they have none in common.

    Of places that overlap it is the strangest patch's, since the score reads memory.
    """
    found = agreement_of(session)
    if found is None or found.accord in (Accord.NONE, Accord.APART):
        return ""
    place = found.places.get(MapName.PATCHES) or next(iter(found.places.values()))
    return say(sides_of(session).place(*place))
