"""What one change costs the list does not grow with the list."""

from __future__ import annotations

import sys
from collections.abc import Callable
from statistics import median
from time import thread_time

import pytest
from pytestqt.qtbot import QtBot

from app.domain.listing.filter import Filter
from app.domain.session import Session
from app.domain.settings import ListSettings, SortBy
from app.domain.study import Reading
from app.domain.worklist import Worklist
from app.ui.wishes import Wishes
from app.ui.worklist.view import WorklistView
from tests.app.ui import synthetic

FEW, MANY = 500, 10_000
ROUNDS = 15
TIMES = 2.0  # the clock of this thread, on a machine with other work; what grew with the rows took ten times as long


class Listed:
    """A list that is shown, and the worklist in it."""

    def __init__(self, qtbot: QtBot, count: int, session: Session) -> None:
        self.worklist = Worklist(synthetic.item(number, number % 97 / 97) for number in range(count))
        self.view = WorklistView(Wishes())
        qtbot.addWidget(self.view)
        self.view.show()
        self.view.set_worklist(self.worklist)
        self.view.render_session(None, session)
        while self.view._listing.warm(1.0):
            pass

    def score(self, number: int) -> None:
        item = synthetic.item(3 * number, (number * 31 % 97 + 0.5) / 97)
        self.worklist = self.worklist.upsert(item)
        self.view.set_worklist(self.worklist)

    def mark(self, number: int) -> None:
        item = synthetic.item(3 * number, 0.5)
        self.worklist = self.worklist.judged({}, {item.content_key: Reading.READING})
        self.view.set_worklist(self.worklist)


def cost(one: Callable[[int], None]) -> tuple[float, float]:
    """Median seconds of this thread and calls, of Python and from it."""
    calls, seconds = list[int](), list[float]()
    for number in range(ROUNDS):
        begun = thread_time()
        one(number)
        seconds.append(thread_time() - begun)
    for number in range(ROUNDS, 2 * ROUNDS):
        calls.append(0)

        def count(_frame: object, event: str, _arg: object) -> None:
            calls[-1] += event in ("call", "c_call")

        sys.setprofile(count)
        try:
            one(number)
        finally:
            sys.setprofile(None)
    return median(seconds), median(calls)


@pytest.mark.parametrize("wanted", [Filter(), Filter("a")], ids=["all", "a"])
@pytest.mark.parametrize("sort", [SortBy.SCORE, SortBy.NAME])
def test_a_score_costs_what_it_costs_in_a_short_list(qtbot: QtBot, sort: SortBy, wanted: Filter) -> None:
    session = Session(filter=wanted, listing=ListSettings(sort=sort))
    few, many = (cost(Listed(qtbot, count, session).score) for count in (FEW, MANY))
    assert many[0] < TIMES * few[0] + 0.001
    assert many[1] < 1.3 * few[1]


def test_a_study_that_is_opened_costs_what_it_costs_in_a_short_list(qtbot: QtBot) -> None:
    few, many = (cost(Listed(qtbot, count, Session(began=0)).mark) for count in (FEW, MANY))
    assert many[0] < TIMES * few[0] + 0.001
    assert many[1] < 1.3 * few[1]
