"""What is asked of the percentiles is answered from the stored results, of one bundle at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.domain.drift.watch import Concern, DriftPage, DriftQuestion
from app.domain.study import ImageItem
from app.services.reading.drift_desk import FAILED, DriftDesk
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

    def fill(self) -> None:
        rng, percentiles = np.random.default_rng(2), [*np.linspace(1, 99, 80), *np.linspace(1, 30, 60), 50.0]
        bundles = [ADULT.fingerprint] * 80 + [CHILDREN.fingerprint] * 60 + ["of other weights"]
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
    qtbot.waitUntil(lambda: bool(pages))
    qtbot.wait(50)
    assert [page.question.last for page in pages if page] == [100]


def test_a_store_that_fails_is_said(qtbot: QtBot, room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Database) -> None:
        raise ValueError("secret")

    monkeypatch.setattr(Database, "scored_by", broken)
    room.drift.look(DriftQuestion())
    qtbot.waitUntil(lambda: bool(room.notices))
    assert room.notices == [FAILED]
    assert room.holder.state.drift is None
