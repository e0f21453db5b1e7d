"""The chain of the audit trail: whatever is done to its lines is found, and named where that can be known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from squid_core.audit import FIRST, AuditLine, Breach, Examination, Harm, Head, examine, link_of

Lines = list[AuditLine]
FIELDS = ("at", "user", "action", "subject", "detail", "link")


def chain(count: int) -> Lines:
    lines: Lines = []
    for number in range(1, count + 1):
        said = (f"2026-11-29T10:{number // 60:02}:{number % 60:02}+00:00", "ward", "open", f"key {number % 3}", "")
        lines.append(AuditLine(number, *said, link_of(lines[-1].link if lines else FIRST, *said)))
    return lines


def altered(line: AuditLine, field: str, value: str) -> AuditLine:
    changes: dict[str, Any] = {field: value}
    return replace(line, **changes)


def numbered(lines: Lines) -> Lines:
    """As if nothing had been taken out or put in."""
    return [replace(line, number=number) for number, line in enumerate(lines, start=1)]


def found(lines: Lines, *noted: Head) -> list[tuple[Harm, int, int]]:
    return [(breach.harm, breach.first, breach.last) for breach in examine(lines, noted).breaches]


def head(lines: Lines) -> Head:
    return Head(lines[-1].number, lines[-1].link)


def test_a_link_is_the_sha_256_of_the_former_one_and_of_all_that_a_line_says() -> None:
    # by hand: printf '["t", "u", "a", "s", "d"]' | sha256sum, and the digest's bytes again
    assert link_of("", "t", "u", "a", "s", "d") == "ba9a4ea43733d38b351556d4c87e62746f9ca946aee4d77af0bbeeaeaeb0605d"
    assert len({link_of(*values) for values in (("", "a", "b", "c", "d", "e"), ("", "ab", "", "c", "d", "e"))}) == 2


@pytest.mark.parametrize("count", [0, 1, 2, 40])
def test_a_trail_as_it_was_written_is_whole(count: int) -> None:
    lines = chain(count)
    noted = [head(lines[:end]) for end in range(1, count + 1)]
    assert examine(lines, noted) == Examination(count, noted[-1] if noted else None, ())


@pytest.mark.parametrize("place", [0, 4, 9])
@pytest.mark.parametrize("field", FIELDS)
def test_a_changed_line_is_named(field: str, place: int) -> None:
    lines = chain(10)
    lines[place] = altered(lines[place], field, "another")
    assert found(lines) == [(Harm.CHANGED, place + 1, place + 1)]


def test_missing_lines_are_named() -> None:
    lines = chain(10)
    assert found(lines[:4] + lines[7:]) == [(Harm.MISSING, 5, 7)]
    assert found(lines[1:]) == [(Harm.MISSING, 1, 1)]
    assert found(numbered(lines[:4] + lines[5:])) == [(Harm.CHANGED, 5, 5)], "'or a line just before it was taken out'"


def test_lines_taken_from_the_end_are_missed_by_a_note_or_a_count() -> None:
    lines = chain(10)
    assert found(lines[:7]) == [], "the chain alone cannot know"
    assert found(lines[:7], head(lines)) == [(Harm.MISSING, 8, 10)]
    assert found(lines[:7], Head(9)) == [(Harm.MISSING, 8, 9)]
    assert found([], head(lines)) == [(Harm.MISSING, 1, 10)]


@pytest.mark.parametrize(("first", "last"), [(1, 2), (4, 5), (2, 9), (1, 10)])
def test_swapped_lines_are_named(first: int, last: int) -> None:
    lines = chain(10)
    one, other = lines[first - 1], lines[last - 1]
    lines[first - 1], lines[last - 1] = other, one
    assert found(numbered(lines)) == [(Harm.SWAPPED, first, last)], "whole lines"
    lines[first - 1], lines[last - 1] = replace(other, link=one.link), replace(one, link=other.link)
    assert found(numbered(lines)) == [(Harm.SWAPPED, first, last)], "what they say"


def test_lines_that_were_put_in_are_named() -> None:
    lines = chain(10)
    forged = replace(lines[4], detail="never", link="0" * 64)
    link = link_of(lines[3].link, forged.at, forged.user, forged.action, forged.subject, "never")
    linked = replace(forged, link=link)
    for one in (forged, linked):
        assert found(numbered([*lines[:4], one, *lines[4:]])) == [(Harm.ADDED, 5, 5)]
    copied = numbered([*lines[:8], lines[2], *lines[8:]])
    assert found(copied) == [(Harm.ADDED, 9, 9)]
    assert found([replace(forged, number=0), *lines]) == [(Harm.ADDED, 0, 0)]


def test_a_line_that_was_moved_is_out_of_order() -> None:
    lines = chain(10)
    assert found(numbered([*lines[:2], *lines[3:7], lines[2], *lines[7:]])) == [(Harm.DISORDERED, 3, 7)]


def test_a_trail_that_was_written_anew_is_not_the_one_that_was_noted() -> None:
    lines, anew = chain(10), chain(0)
    for line in lines:
        said = (line.at, "somebody else", line.action, line.subject, line.detail)
        anew.append(AuditLine(line.number, *said, link_of(anew[-1].link if anew else FIRST, *said)))
    assert found(anew) == [], "the chain alone cannot know"
    assert found(anew, head(lines[:6])) == [(Harm.REWRITTEN, 6, 6)]


@pytest.mark.parametrize(
    ("breach", "said"),
    [
        (Breach(Harm.CHANGED, 5, 5, "t", "t"), "Line 5 (t) was changed, or a line just before it was taken out."),
        (Breach(Harm.MISSING, 5, 7), "Lines 5 to 7 are missing."),
        (Breach(Harm.SWAPPED, 5, 7, "t", "u"), "Lines 5 (t) and 7 (u) were swapped."),
        (Breach(Harm.ADDED, 5, 5, "t", "t"), "Line 5 (t) was put in later."),
    ],
)
def test_a_breach_is_said_in_a_sentence(breach: Breach, said: str) -> None:
    assert str(breach) == said


@pytest.mark.parametrize("text", ["", "12", "12:", "0:" + "a" * 64, "12:" + "g" * 64, f"{'9' * 5000}:{'a' * 64}"])
def test_what_is_no_head_is_refused(text: str) -> None:
    assert Head.read(f" {Head(12, 'a' * 64)}\n") == Head(12, "a" * 64)
    with pytest.raises(ValueError, match="not the last line"):
        Head.read(text)


def changed(draw: st.DrawFn, lines: Lines) -> Lines:
    place = draw(st.integers(0, len(lines) - 1))
    field = draw(st.sampled_from(FIELDS))
    value = draw(st.text().filter(lambda text: text != getattr(lines[place], field)))
    return [altered(line, field, value) if at == place else line for at, line in enumerate(lines)]


def deleted(draw: st.DrawFn, lines: Lines) -> Lines:
    first = draw(st.integers(0, len(lines) - 1))
    return lines[:first] + lines[draw(st.integers(first + 1, len(lines))) :]


def closed_up(draw: st.DrawFn, lines: Lines) -> Lines:
    return numbered(deleted(draw, lines))


def swapped(draw: st.DrawFn, lines: Lines) -> Lines:
    one, other = draw(st.lists(st.integers(0, len(lines) - 1), min_size=2, max_size=2, unique=True))
    lines[one], lines[other] = lines[other], lines[one]
    return numbered(lines)


def inserted(draw: st.DrawFn, lines: Lines) -> Lines:
    place = draw(st.integers(0, len(lines)))
    line = draw(st.one_of(st.sampled_from(lines), st.builds(AuditLine, st.just(1), *[st.text()] * 6)))
    return numbered([*lines[:place], line, *lines[place:]])


@pytest.mark.parametrize("mutation", [changed, deleted, closed_up, swapped, inserted])
@given(st.data())
def test_no_single_change_deletion_swap_or_insertion_goes_unnoticed(
    mutation: Callable[[st.DrawFn, Lines], Lines], data: st.DataObject
) -> None:
    lines = chain(data.draw(st.integers(2, 30)))
    noted = head(lines)
    assert found(mutation(cast(st.DrawFn, data.draw), list(lines)), noted)
