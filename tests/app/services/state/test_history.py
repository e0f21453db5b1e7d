"""One history of whatever was done."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from app.domain.study import Study
from app.domain.undoing import Deed, Undoing, Way
from app.services.state.history import MAX_STEPS, History, UndoStep
from app.services.state.session_holder import SessionHolder
from tests.app.samples import image

HERE, OTHER = image("here", "1.1", 0.9), image("other", "1.2", 0.8)


class Desk:
    """A value that is set in steps, and a history of them; `HERE` is shown."""

    def __init__(self) -> None:
        self.holder = SessionHolder()
        self.holder.update(study=Study("1.1", (HERE,)), image_key=HERE.key)
        self.history = History(self.holder)
        self.shown: list[str] = []
        self.history.shown_again.connect(self.shown.append)
        self.value = 0

    def put(self, value: int) -> None:
        self.value = value

    def step(self, value: int, deed: Deed = Deed.MARK, key: str = HERE.key, joins: str = "") -> None:
        undo, redo = partial(self.put, self.value), partial(self.put, value)
        self.put(value)
        self.history.did(UndoStep(deed, key, undo, redo, joins=joins))

    @property
    def undoing(self) -> Undoing:
        return self.holder.state.undoing


@pytest.fixture
def desk(qapp: object) -> Desk:
    return Desk()


def test_the_last_thing_goes_first_whatever_it_was_and_the_session_names_it(desk: Desk) -> None:
    desk.step(1, Deed.MARK)
    desk.step(2, Deed.JUDGEMENT)
    desk.step(3, Deed.WHAT_IF)
    named: list[tuple[int, Deed | None, Deed | None]] = []

    def look(do: Callable[[], None]) -> None:
        do()
        named.append((desk.value, desk.undoing.undo, desk.undoing.redo))

    for do in (*[desk.history.undo] * 4, *[desk.history.redo] * 4):
        look(do)
    assert named == [
        (2, Deed.JUDGEMENT, Deed.WHAT_IF),
        (1, Deed.MARK, Deed.JUDGEMENT),
        (0, None, Deed.MARK),
        (0, None, Deed.MARK),
        (1, Deed.MARK, Deed.JUDGEMENT),
        (2, Deed.JUDGEMENT, Deed.WHAT_IF),
        (3, Deed.WHAT_IF, None),
        (3, Deed.WHAT_IF, None),
    ]


def test_something_new_ends_what_could_be_redone(desk: Desk) -> None:
    desk.step(1)
    desk.history.undo()
    desk.step(2)
    assert desk.undoing.redo is None
    desk.history.redo()
    assert desk.value == 2


def test_a_slider_that_is_dragged_is_one_step(desk: Desk) -> None:
    desk.step(1)
    for value in (2, 3, 4):
        desk.step(value, Deed.WHAT_IF, joins="settings")
    desk.history.undo()
    assert desk.value == 1
    desk.history.redo()
    assert desk.value == 4
    desk.step(5, Deed.WHAT_IF, OTHER.key, joins="settings")
    desk.history.undo()
    assert desk.value == 4, "on another image it is another step"


def test_a_judgement_is_said_until_something_else_is_done(desk: Desk) -> None:
    desk.step(1, Deed.JUDGEMENT)
    said = desk.undoing.said
    assert said is not None
    assert (said.deed, said.way, said.elsewhere) == (Deed.JUDGEMENT, Way.DONE, False)
    desk.step(2, Deed.MARK)
    assert desk.undoing.said is None, "its Undo would take back the mark"


def test_what_was_done_elsewhere_is_shown_again(desk: Desk) -> None:
    desk.history.shown_again.connect(
        lambda key: desk.holder.update(study=Study("1.2", (OTHER,)), image_key=OTHER.key) if key == OTHER.key else None
    )
    desk.step(1, Deed.JUDGEMENT)
    desk.step(2, Deed.JUDGEMENT, OTHER.key)
    desk.history.undo()
    assert desk.shown == [OTHER.key]
    assert desk.undoing.said is not None
    assert desk.undoing.said.elsewhere


def test_a_mark_on_another_image_of_the_study_shows_that_image_a_judgement_does_not(desk: Desk) -> None:
    lateral = image("lateral", "1.1")
    desk.holder.update(study=Study("1.1", (HERE, lateral)))
    desk.step(1, Deed.JUDGEMENT, lateral.key)
    desk.history.undo()
    assert desk.shown == []
    desk.step(1, Deed.MARK, lateral.key)
    desk.history.undo()
    assert desk.shown == [lateral.key]
    assert desk.undoing.said is not None
    assert not desk.undoing.said.elsewhere


def test_what_is_gone_is_forgotten_and_the_rest_stays(desk: Desk) -> None:
    desk.step(1)
    desk.step(2, Deed.WHAT_IF)
    desk.step(3)
    desk.history.undo()
    desk.history.forget(Deed.WHAT_IF)
    desk.history.undo()
    assert desk.value == 0
    desk.step(4, Deed.WHAT_IF)
    desk.history.withdraw(Deed.WHAT_IF)
    assert desk.undoing == Undoing()
    desk.step(5, key=OTHER.key)
    desk.step(6)
    desk.history.forget(Deed.MARK, OTHER.key)
    desk.history.undo()
    assert desk.undoing.undo is None


def test_it_is_bounded(desk: Desk) -> None:
    for value in range(1, MAX_STEPS + 11):
        desk.step(value)
    for _ in range(MAX_STEPS + 11):
        desk.history.undo()
    assert desk.value == 10
