"""Presentation states in words. Who made one is no patient, and left out all the same while names are masked."""

from __future__ import annotations

from app.domain.session import Session
from app.i18n.language import join, say, tr
from app.ui.words.words import date_words
from squid_core.contracts.presentation import StateHead


def title_words(head: StateHead, masked: bool = False) -> str:
    """What the entry is called that shows an image by a state: "As presented by Roe, Richard (READ)"."""
    label, creator = head.label or head.description, "" if masked else head.creator
    label = head.label if masked else label
    if creator and label:
        return tr("As presented by {creator} ({label})").format(creator=creator, label=label)
    if creator or label:
        return tr("As presented by {name}").format(name=creator or label)
    return tr("As presented by a state without a name")


def entry_words(head: StateHead, masked: bool = False) -> str:
    """One line of the menu: with the day on which it was made."""
    day = date_words(head.created, masked) if head.created is not None else ""
    return "  ·  ".join(part for part in (title_words(head, masked), day) if part)


def presented_words(session: Session, *, changed: bool) -> str:
    """The line over the original while it is shown by a state.

    Args:
        session: its `presented` may be None.
        changed: greys or orientation are others by now than the state asks for.
    """
    if session.presented is None:
        return ""
    title = title_words(session.presented.presentation.head, session.mask_names)
    return tr("{title}, changed since").format(title=title) if changed else title


def offer_words(session: Session) -> str:
    """That there are states that are not applied; '' where there are none, or one is."""
    states = session.offer.states
    if not states or session.presented is not None:
        return ""
    if len(states) == 1:
        words = tr("This image has a presentation state that is not applied: “{title}”, in the bar of the original.")
        return words.format(title=title_words(states[0].head, session.mask_names))
    words = tr(
        "This image has {count} presentation states that are not applied: “As presented…”, in the original's bar."
    )
    return words.format(count=len(states))


def shortcomings(session: Session) -> str:
    """What of the state that the image is shown by is not shown; '' for nothing."""
    if session.presented is None or not session.presented.presentation.notices:
        return ""
    said = join(say(text) for text in session.presented.presentation.notices)
    return join((tr("Of the presentation state:"), said))


def stranger_words(session: Session) -> str:
    """That states name the image and give another study or patient; '' where none does."""
    if not session.offer.strangers:
        return ""
    return tr("A presentation state names this image and another study, patient ID or name; it is not offered.")
