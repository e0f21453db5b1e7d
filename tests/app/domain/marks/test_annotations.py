"""Undo and redo, bounded."""

from __future__ import annotations

from app.domain.marks.annotations import MAX_MARKS, MAX_STEPS, Annotations
from app.domain.marks.measurements import Length

A, B, C = (Length(((number, 0), (number, 9))) for number in (1.0, 2.0, 3.0))


def test_steps_go_back_and_forth() -> None:
    drawn = Annotations().added(A).added(B).replaced(0, C).removed(1)
    assert drawn.marks == (C,)
    states = [drawn]
    while states[-1].past:
        states.append(states[-1].undone())
    assert [state.marks for state in states] == [(C,), (C, B), (A, B), (A,), ()]
    again = states[-1].redone().redone()
    assert again.marks == (A, B)
    assert again.redone().redone() == drawn


def test_at_either_end_nothing_happens() -> None:
    drawn = Annotations().added(A)
    assert drawn.redone() is drawn
    assert Annotations().undone() == Annotations()


def test_a_new_step_forgets_what_was_undone() -> None:
    changed = Annotations().added(A).added(B).undone().added(C)
    assert changed.marks == (A, C)
    assert changed.future == ()


def test_a_change_that_changes_nothing_is_no_step() -> None:
    drawn = Annotations().added(A)
    assert drawn.replaced(0, A) is drawn


def test_a_key_held_down_is_one_step() -> None:
    moved = Annotations().added(A).replaced(0, B).amended(0, C)
    assert moved.marks == (C,)
    assert moved.undone().marks == (A,)


def test_history_and_marks_are_bounded() -> None:
    drawn = Annotations()
    for number in range(MAX_MARKS + 20):
        drawn = drawn.added(Length(((number, 0), (number, 9))))
    assert len(drawn.marks) == MAX_MARKS
    assert drawn.full
    assert len(drawn.past) == MAX_STEPS
