"""The worklist with 20 000 and 100 000 studies: a letter in its filter, a score that arrives, an order, a click."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date, timedelta

import pytest
from pytest_benchmark.fixture import BenchmarkFixture
from pytestqt.qtbot import QtBot

from app.domain.jobs import JobState
from app.domain.listing.filter import Chip, Filter
from app.domain.session import Session
from app.domain.settings import ListSettings, SortBy
from app.domain.study import ImageItem
from app.domain.worklist import Worklist
from app.ui.wishes import Wishes
from app.ui.worklist.view import WorklistView
from tests.app.ui import synthetic

COUNTS = 20_000, 100_000
LETTER_SECONDS, SCORE_SECONDS = 0.050, 0.020
STEP = 7919  # a prime: scores that lie anywhere in the list


def place_of(number: int) -> float:
    """A score that lies anywhere in the list."""
    return number * STEP % 20_011 / 20_011


def study(number: int) -> ImageItem:
    """Every tenth study is a prior, every tenth waits for its score."""
    patient = number - 1 if number % 10 == 4 else number
    identity = synthetic.identity(
        number,
        patient_name=f"{synthetic.NAMES[patient % 6]} {patient}",
        patient_id=f"P{patient:06d}",
        study_date=date(2014, 1, 1) + timedelta(days=-number % 3000),
        accession_number=f"A{number:07d}",
        study_description="Thorax pa, in inspiration",
    )
    return synthetic.item(number, None if number % 10 == 9 else place_of(number), identity=identity)


@pytest.fixture(scope="module", params=COUNTS)
def worklist(request: pytest.FixtureRequest, measuring: bool) -> Worklist:
    return Worklist(study(number) for number in range(request.param if measuring else request.param // 20))


@pytest.fixture
def view(qtbot: QtBot, worklist: Worklist) -> WorklistView:
    widget = WorklistView(Wishes())
    qtbot.addWidget(widget)
    widget.resize(300, 900)
    widget.show()
    qtbot.waitExposed(widget)
    widget.set_worklist(worklist)
    while widget._listing.warm(1.0):
        pass
    return widget


@pytest.mark.parametrize("text", ["c", "chen", "wu a0001", "zzz"])
def test_a_letter_typed_and_taken_back(view: WorklistView, benchmark: BenchmarkFixture, text: str) -> None:
    old, sessions = Session(), itertools.cycle((Session(filter=Filter(text)), Session()))
    view.render_session(None, old)

    def one() -> None:
        nonlocal old
        new = next(sessions)
        view.render_session(old, new)
        view.list.viewport().repaint()
        old = new

    benchmark.extra_info["goal, seconds"] = LETTER_SECONDS
    benchmark(one)


@pytest.mark.parametrize(
    "wanted", [Filter(), Filter("wu"), Filter("", frozenset({Chip.HIGH}))], ids=["all", "wu", "high"]
)
@pytest.mark.parametrize("sort", SortBy)
def test_a_score_that_arrives(
    view: WorklistView, worklist: Worklist, benchmark: BenchmarkFixture, sort: SortBy, wanted: Filter
) -> None:
    """Without what the worklist itself takes, which is measured beside it."""
    view.render_session(None, Session(filter=wanted, listing=ListSettings(sort=sort)))
    now, numbers = worklist, itertools.count(9, 10)

    def arrive() -> tuple[tuple[Worklist], dict[str, object]]:
        nonlocal now
        number = next(numbers)
        score = place_of(number)
        now = now.upsert(replace(study(number), state=JobState.SCORED, score=score, percentile=score * 100))
        assert now.studies
        return (now,), {}

    def one(new: Worklist) -> None:
        view.set_worklist(new)
        view.list.viewport().repaint()

    benchmark.extra_info["goal, seconds"] = SCORE_SECONDS
    benchmark.pedantic(one, setup=arrive, rounds=30)  # type: ignore[no-untyped-call]


def test_a_score_in_the_worklist_itself(worklist: Worklist, benchmark: BenchmarkFixture) -> None:
    now, numbers = worklist, itertools.count(9, 10)

    def one() -> None:
        nonlocal now
        now = now.upsert(replace(study(next(numbers)), state=JobState.SCORED, score=0.5, percentile=60.0))
        assert now.studies

    benchmark.extra_info["goal, seconds"] = SCORE_SECONDS
    benchmark.pedantic(one, rounds=30)  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("sort", SortBy)
def test_another_order(view: WorklistView, benchmark: BenchmarkFixture, sort: SortBy) -> None:
    new, score = Session(listing=ListSettings(sort=sort)), Session()

    def one() -> None:
        view.render_session(score, new)

    benchmark.pedantic(one, setup=lambda: view.render_session(new, score), rounds=5)  # type: ignore[no-untyped-call]


def test_a_click(view: WorklistView, worklist: Worklist, benchmark: BenchmarkFixture) -> None:
    old, rows = Session(), itertools.cycle((0, len(worklist) // 2))
    view.render_session(None, old)

    def one() -> None:
        nonlocal old
        opened = worklist.studies[next(rows)]
        new = Session(study=opened, image_key=opened.images[0].key)
        view.render_session(old, new)
        view.list.viewport().repaint()
        old = new

    benchmark.extra_info["goal, seconds"] = LETTER_SECONDS
    benchmark(one)
