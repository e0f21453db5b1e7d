"""Other studies of the same patient, in words."""

from __future__ import annotations

from datetime import date

from app.domain.priors import Beside, name_differs, years_apart
from app.domain.study import ImageItem, Study
from app.i18n.language import tr
from app.ui.words.words import date_words

MONTHS = 12
YEARS_FROM = 2.0  # apart; what is nearer is said in months, then in days
DAYS_UNTIL = 45


def apart_words(study: Study, current: Study | None) -> str:
    """How long before or after the current study; '' where one of them has no date."""
    if current is None or current.uid == study.uid or study.date is None or current.date is None:
        return ""
    days = (study.date - current.date).days
    if days == 0:
        return tr("same day")
    span = _span_words(abs(days), *sorted((study.date, current.date)))
    return (tr("{span} later") if days > 0 else tr("{span} earlier")).format(span=span)


def _span_words(days: int, first: date, second: date) -> str:
    years = years_apart(first, second)
    if days <= DAYS_UNTIL:
        return tr("1 day") if days == 1 else tr("{count} days").format(count=days)
    if years < YEARS_FROM:
        return tr("{count} months").format(count=round(years * MONTHS))
    return tr("{count} years").format(count=f"{years:.1f}".removesuffix(".0"))


def is_later(study: Study, current: Study | None) -> bool:
    """Whether a study was made after the current one."""
    return current is not None and study.date is not None and current.date is not None and study.date > current.date


def beside_title(beside: Beside, current: Study | None, masked: bool = False) -> str:
    """The title of the pane beside the current original: it says that this is another study, and its date."""
    if beside.other_view:
        return _view_title(beside.study.image(beside.image_key))
    words = tr("LATER {date}") if is_later(beside.study, current) else tr("PRIOR {date}")
    return words.format(date=date_words(beside.study.date, masked))


def _view_title(item: ImageItem | None) -> str:
    """Of another image of the study: its view, and as the file names it."""
    name = tr("LATERAL") if item is not None and item.is_lateral else tr("FRONTAL")
    view = item.identity.view_position if item is not None else ""
    return f"{name} {view}" if view and view != name else name


def current_title(study: Study, masked: bool = False) -> str:
    """Over the current original while another study stands beside it."""
    return tr("CURRENT {date}").format(date=date_words(study.date, masked))


def offer_words(others: tuple[Study, ...], current: Study | None, masked: bool = False) -> str:
    """What is offered: how many, and the date of the one that lies nearest before the current study."""
    earlier = [other for other in others if not is_later(other, current)]
    if not earlier:
        words = tr("1 later study: {date}") if len(others) == 1 else tr("{count} later studies: {date}")
        return words.format(count=len(others), date=date_words(others[-1].date, masked))
    words = tr("1 prior: {date}") if len(others) == 1 else tr("{count} priors: {date}")
    return words.format(count=len(others), date=date_words(earlier[0].date, masked))


def entry_words(study: Study, current: Study | None, masked: bool = False) -> str:
    """One line of the menu."""
    kind = (study.identity.modality, "" if masked else study.description)
    parts = [date_words(study.date, masked), apart_words(study, current), " ".join(filter(None, kind))]
    if study.score is not None:
        parts.append(tr("score {score}").format(score=f"{study.score:.2f}"))
    if current is not None and name_differs(study, current):
        parts.append(tr("ANOTHER NAME"))
    return "  ·  ".join(part for part in parts if part)
