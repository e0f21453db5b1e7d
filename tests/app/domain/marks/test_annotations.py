"""Steps, each with what was before it; bounded."""

from __future__ import annotations

from app.domain.marks.annotations import MAX_MARKS, Annotations
from app.domain.marks.measurements import Length

A, B, C = (Length(((number, 0), (number, 9))) for number in (1.0, 2.0, 3.0))


def test_a_step_knows_what_was_before_it() -> None:
    drawn = Annotations().added(A).added(B)
    assert (drawn.marks, drawn.before) == ((A, B), (A,))
    changed = drawn.replaced(0, C)
    assert (changed.marks, changed.before) == ((C, B), (A, B))
    removed = changed.removed(1)
    assert (removed.marks, removed.before) == ((C,), (C, B))
    assert removed == Annotations((C,)), "how they came about makes no difference"


def test_a_change_that_changes_nothing_is_no_step() -> None:
    drawn = Annotations().added(A)
    assert drawn.replaced(0, A) is drawn


def test_a_key_held_down_is_one_step() -> None:
    moved = Annotations().added(A).replaced(0, B).amended(0, C)
    assert (moved.marks, moved.before) == ((C,), (A,))


def test_marks_are_bounded() -> None:
    drawn = Annotations()
    for number in range(MAX_MARKS + 20):
        drawn = drawn.added(Length(((number, 0), (number, 9))))
    assert len(drawn.marks) == MAX_MARKS
    assert drawn.full
