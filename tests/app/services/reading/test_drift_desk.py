"""What is asked of the percentiles is answered from the stored results, of one bundle at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.domain.drift.watch import Concern, DriftPage, DriftQuestion
from app.domain.study import ImageItem
from app.services.reading.drift_desk import DRIFTED, FAILED, DriftDesk
from app.storage.database import Database
from squid_core.bundle.library import Bundles
from tests.app.samples import detection, image, save
from tests.app.services.fakes import FakeReaders
from tests.app.services.reading.desks import DeskRoom

ADULT, CHILDREN = Bundles().choose("adult"), Bundles().choose("zhanglab")
DAY = date(2024, 3, 4)


def scored(number: int, percentile: float) -> ImageItem:
    made = image(f"file {number}", f"1.2.{number}", score=percentile / 100, arrival=number)
    identity = replace(made.identity, patient_id=f"P{number:05}", study_date=DAY - timedelta(days=number // 5))
    return replace(made, identity=identity)


class Room(DeskRoom):
    """A desk over stored results of both bundles: those of children lie too low."""

    def __init__(self, tmp_path: Path) -> None:
        super().__init__(tmp_path, FakeReaders())
        self.drift = DriftDesk(self.holder, self.store, self.database, self.bundles, self.courier, self.notifier)

    def fill(self, children: int = 60, *, change: bool = False) -> None:
        """Of adults 80 as they should be, or 200 whose newer half lies high; of children; one of other weights."""
        rng = np.random.default_rng(2)
        adults = [*np.linspace(40, 99, 100), *np.linspace(1, 99, 100)] if change else [*np.linspace(1, 99, 80)]
        percentiles = [*adults, *np.linspace(1, 30, children), 50.0]
        bundles = [ADULT.fingerprint] * len(adults) + [CHILDREN.fingerprint] * children + ["of other weights"]
        items = [scored(number, float(value)) for number, value in enumerate(percentiles)]
        order = rng.permutation(len(items))
        stored = self.database.ask(lambda db: [save(db, items[at], detection(), bundles[at]) for at in order]).result()
        self.store.upsert(*stored)

    def ask(self, qtbot: QtBot, question: DriftQuestion) -> DriftPage:
        before = self.holder.state.drift
        self.drift.look(question)
        qtbot.waitUntil(lambda: self.holder.state.drift is not before)
        page = self.holder.state.drift
        assert page is not None
        return page


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Path) -> Iterator[Room]:
    made = Room(tmp_path)
    yield made
    made.close()


def test_the_weights_with_the_most_results_are_looked_at_and_no_others_mixed_in(qtbot: QtBot, room: Room) -> None:
    room.fill()
    page = room.ask(qtbot, DriftQuestion(last=None))
    assert page.question.bundle == ADULT.fingerprint
    assert (page.whole.count, page.concerns, page.others) == (80, (), 1)
    assert [(one.name, one.results) for one in page.bundles] == [("adult", 80), ("zhanglab", 60)]
    assert page.bundle is not None
    assert page.bundle.held_out == ADULT.card.calibration.held_out_normals
    children = room.ask(qtbot, DriftQuestion(CHILDREN.fingerprint, None))
    assert (children.whole.count, children.concerns) == (60, (Concern.TOO_LOW,))


def test_an_empty_worklist_has_an_empty_page(qtbot: QtBot, room: Room) -> None:
    page = room.ask(qtbot, DriftQuestion())
    assert (page.bundle, page.whole.count, page.concerns, page.asks_to_learn) == (None, 0, (), False)


def test_of_two_questions_the_later_is_answered(qtbot: QtBot, room: Room) -> None:
    room.fill()
    pages: list[DriftPage | None] = []
    room.holder.changed.connect(lambda _, new: pages.append(new.drift))
    room.drift.look(DriftQuestion(last=50))
    room.drift.look(DriftQuestion(last=100))
    qtbot.waitUntil(lambda: any(pages))
    qtbot.wait(50)
    assert [page.question.last for page in pages if page] == [100]


def test_once_a_week_it_looks_by_itself_and_says_what_cannot_be_right(qtbot: QtBot, room: Room) -> None:
    room.fill()
    today = datetime.now(UTC).date()
    looked: list[date] = []
    room.drift.looked.connect(looked.append)
    room.drift.looked_on = today - timedelta(days=6)
    room.drift.start()
    room.ask(qtbot, DriftQuestion())
    assert (looked, room.notices) == ([], [])
    room.drift.looked_on = today - timedelta(days=7)
    room.drift.start()
    qtbot.waitUntil(lambda: bool(room.notices))
    assert (looked, room.notices) == ([today], [DRIFTED])


def test_nothing_is_said_of_what_has_only_changed_or_is_as_it_should_be(qtbot: QtBot, room: Room) -> None:
    room.fill(children=0, change=True)
    page = room.ask(qtbot, DriftQuestion(last=100, abnormal=0.9))
    assert page.concerns == (Concern.CHANGED,)
    looked: list[date] = []
    room.drift.looked.connect(looked.append)
    room.drift.start()
    qtbot.waitUntil(lambda: bool(looked))
    room.ask(qtbot, DriftQuestion())
    assert room.notices == []


def test_a_store_that_fails_is_said(qtbot: QtBot, room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Database) -> None:
        raise ValueError("secret")

    monkeypatch.setattr(Database, "scored_by", broken)
    room.drift.look(DriftQuestion())
    qtbot.waitUntil(lambda: bool(room.notices))
    assert room.notices == [FAILED]
    assert room.holder.state.drift is None
