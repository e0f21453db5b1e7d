"""The audit trail as a chain: every line is linked to the one before it by a digest of both.

Pure values: `app/storage/trail.py` writes the lines, `squid audit` examines them. A line that was changed, taken out,
put in or moved breaks the chain. Lines taken from the end do not; they are missed by the last line that was noted
elsewhere (`Head`). Who can write the trail and every such note can compute the whole chain anew: against that helps
only a head that lies where he cannot write.
"""

from __future__ import annotations

import getpass
import hashlib
import json
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from squid_core.text import clean_text

FIRST = ""  # what the first line is linked to
_SEARCHED = 50  # broken lines whose true place is looked for; of more than that the order is past telling


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One line of the trail.

    Attributes:
        number: counted from 1, without a gap.
        at: when, in UTC, ISO 8601.
        user: who was logged in to the operating system.
        action: what was done.
        subject: key of an image, or a count; never a name.
        detail: more about it; never an identifier.
        link: `link_of` this line and the one before, in hexadecimal digits.
    """

    number: int
    at: str
    user: str
    action: str
    subject: str
    detail: str
    link: str


@dataclass(frozen=True, slots=True)
class Head:
    """A last line as it was noted outside of the trail; `link` is '' where only its number is known."""

    number: int
    link: str = ""

    def __str__(self) -> str:
        return f"{self.number}:{self.link}"

    @classmethod
    def read(cls, text: str) -> Head:
        """What `str` of a head gives.

        Raises:
            ValueError: it is none.
        """
        if not (found := re.fullmatch(r"([1-9]\d{0,17}):([0-9a-f]{64})", text.strip())):
            raise ValueError("not the last line of a trail")
        return cls(int(found[1]), found[2])


class Harm(StrEnum):
    """What was done to the trail, as the end of a sentence about a line or two."""

    CHANGED = "changed, or a line just before it was taken out"
    MISSING = "missing"
    ADDED = "put in later"
    SWAPPED = "swapped"
    DISORDERED = "not in the order in which they were written"
    REWRITTEN = "not the one that was noted: the trail up to it was written anew"


@dataclass(frozen=True, slots=True)
class Breach:
    """A place where the chain does not hold: lines `first` to `last`, or these two where they were swapped.

    Attributes:
        first_at: time of the line `first`, '' of one that is missing. last_at: likewise.
    """

    harm: Harm
    first: int
    last: int
    first_at: str = ""
    last_at: str = ""

    def __str__(self) -> str:
        first, last = _named(self.first, self.first_at), _named(self.last, self.last_at)
        if self.first == self.last:
            return f"Line {first} {'was' if self.harm in (Harm.CHANGED, Harm.ADDED) else 'is'} {self.harm}."
        if self.harm is Harm.SWAPPED:
            return f"Lines {first} and {last} were swapped."
        return f"Lines {first} to {last} {'were' if self.harm in (Harm.CHANGED, Harm.ADDED) else 'are'} {self.harm}."


@dataclass(frozen=True, slots=True)
class Examination:
    """What came of examining a trail.

    Attributes:
        lines: how many there are.
        head: the last; None where there is none.
        breaches: in the order of the lines; none where the trail is whole.
    """

    lines: int
    head: Head | None
    breaches: tuple[Breach, ...]


class _Row(NamedTuple):
    number: int
    at: str
    content: bytes
    link: str


def link_of(before: str, at: str, user: str, action: str, subject: str, detail: str) -> str:
    """SHA-256, in hexadecimal digits, over the former line's link and all that a line says."""
    return _link(before, _content(at, user, action, subject, detail))


def examine(lines: Iterable[AuditLine], noted: Iterable[Head] = ()) -> Examination:
    """Follow the chain from its first line.

    Args:
        lines: by their numbers.
        noted: last lines of earlier times.
    """
    rows: list[_Row] = []
    breaches: list[Breach] = []
    broken: list[int] = []  # places in `rows`
    number, link = 0, FIRST
    for line in lines:
        content = _content(line.at, line.user, line.action, line.subject, line.detail)
        row = _Row(line.number, line.at, content, line.link)
        if row.number < 1:  # numbers begin with 1
            breaches.append(Breach(Harm.ADDED, row.number, row.number, row.at, row.at))
            continue
        if row.number != number + 1:
            breaches.append(Breach(Harm.MISSING, number + 1, row.number - 1))
        elif row.link != _link(link, row.content):
            broken.append(len(rows))
        rows.append(row)
        number, link = row.number, row.link
    breaches += _explain(rows, broken)
    last = max(noted := tuple(noted), key=lambda head: head.number, default=Head(0))
    if last.number > number:
        breaches.append(Breach(Harm.MISSING, number + 1, last.number))
    if not breaches:
        links = {row.number: row for row in rows}
        for head in noted:
            if head.link and (row := links[head.number]).link != head.link:
                breaches.append(Breach(Harm.REWRITTEN, row.number, row.number, row.at, row.at))
    breaches.sort(key=lambda breach: breach.first)
    return Examination(len(rows), Head(number, link) if rows else None, tuple(breaches))


def _content(*fields: str) -> bytes:
    return hashlib.sha256(json.dumps(fields).encode()).digest()


def _link(before: str, content: bytes) -> str:
    return hashlib.sha256(before.encode("utf-8", "surrogateescape") + content).hexdigest()


def _named(number: int, at: str) -> str:
    return f"{number} ({at})" if at else str(number)


def _explain(rows: Sequence[_Row], broken: Sequence[int]) -> Iterator[Breach]:
    """What was done to the lines that do not follow from the one before, each told once."""
    moved, stuck = _true_places(rows, broken[:_SEARCHED]), set(broken)
    told: set[int] = set()
    if moved:
        stuck -= moved.keys()
        order = _true_order(len(rows), moved)
        added = set(range(len(rows))) - set(order)
        told |= added
        yield from (_breach(Harm.ADDED, rows[place], rows[place]) for place in sorted(added))
        displaced = [place for place, there in zip(sorted(order), order, strict=True) if place != there]
        if displaced:
            harm = Harm.SWAPPED if len(displaced) == 2 else Harm.DISORDERED
            yield _breach(harm, rows[displaced[0]], rows[displaced[-1]])
    changed: list[int] = []
    partners = sorted(stuck - told)[:_SEARCHED]
    for place in sorted(stuck):
        if place in told:
            continue
        row, before = rows[place], rows[place - 1].link if place else FIRST
        partner = next((other for other in partners if _link(before, rows[other].content) == row.link), None)
        if partner is not None:  # what they say was exchanged, their links were not
            told.add(partner)
            yield _breach(Harm.SWAPPED, row, rows[partner])
            continue
        changed.append(place)
        after = rows[place + 1] if place + 1 in stuck else None
        if after is not None and _link(_link(before, row.content), after.content) == after.link:
            told.add(place + 1)  # nothing but the link before it was changed
    yield from _runs(rows, changed)


def _true_places(rows: Sequence[_Row], broken: Iterable[int]) -> dict[int, int]:
    """Of broken lines that follow from some other one: their places, and the place of that one (-1: they are first)."""
    links = [FIRST, *(row.link for row in rows)]
    found = {}
    for place in broken:
        row = rows[place]
        for before, link in enumerate(links, start=-1):
            if _link(link, row.content) == row.link:
                found[place] = before
                break
    return found


def _true_order(count: int, moved: dict[int, int]) -> list[int]:
    """Places in the order in which their lines were written; of two that follow from one, that with more behind it."""

    def behind(place: int) -> int:
        end = place + 1
        while end < count and end not in moved:
            end += 1
        return end - place

    following: defaultdict[int, list[int]] = defaultdict(list)
    for place in range(count):
        following[moved.get(place, place - 1)].append(place)
    order, at = [], -1
    while at in following:
        at = following[at][0] if len(following[at]) == 1 else max(following[at], key=behind)
        order.append(at)
    return order


def _runs(rows: Sequence[_Row], places: Iterable[int]) -> Iterator[Breach]:
    """Changed lines, neighbours together."""
    begun: list[int] = []
    for place in places:
        if begun and place != begun[-1] + 1:
            yield _breach(Harm.CHANGED, rows[begun[0]], rows[begun[-1]])
            begun = []
        begun.append(place)
    if begun:
        yield _breach(Harm.CHANGED, rows[begun[0]], rows[begun[-1]])


def _breach(harm: Harm, first: _Row, last: _Row) -> Breach:
    return Breach(harm, first.number, last.number, first.at, last.at)


def login() -> str:
    """Who is logged in, as the operating system has it."""
    try:
        return clean_text(getpass.getuser())
    except (OSError, KeyError, ImportError):  # a user without a name, as in a container
        return f"user {os.getuid()}" if hasattr(os, "getuid") else "unknown"
