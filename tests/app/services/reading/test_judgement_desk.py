"""What the reader says of a study, and how far they have come with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from app.domain.errors import Notice
from app.domain.jobs import JobState
from app.domain.listing.rows import WorklistRows
from app.domain.study import ImageItem, Judgement, Reading, Study
from app.services.reading.judgement_desk import NO_FINDING, NO_PICTURE, NOT_READ, JudgementDesk
from app.services.state.history import History
from app.services.state.notifier import Notifier
from app.services.state.session_holder import SessionHolder
from app.services.state.worklist_store import WorklistStore
from app.services.threads.database_thread import DatabaseThread
from app.storage.database import Action
from tests.app.samples import digest_of, image


class Desk:
    """The service with what it needs."""

    def __init__(self) -> None:
        self.holder, self.store, notifier = SessionHolder(), WorklistStore(), Notifier()
        self.notices: list[Notice] = []
        notifier.posted.connect(self.notices.append)
        notifier.flush()
        self.database = DatabaseThread(None, self.notices.append)
        self.history = History(self.holder)
        self.desk = JudgementDesk(self.holder, self.store, self.database, self.history, notifier)

    def show(self, *items: ImageItem) -> None:
        self.store.upsert(*items)
        self.holder.update(study=self.study(items[0].study_uid), image_key=items[0].key)

    def study(self, uid: str) -> Study:
        study = self.store.worklist.study(uid)
        assert study is not None
        return study

    def said(self, uid: str) -> tuple[Judgement, Reading]:
        return self.study(uid).judgement, self.study(uid).reading

    def stored(self) -> tuple[dict[str, Judgement], dict[str, Reading]]:
        return self.database.ask(lambda database: (database.judgements(), database.readings())).result(5)

    def trail(self, action: Action) -> list[str]:
        lines = self.database.ask(lambda database: database.audit()).result(5)
        return [line.detail for line in lines if line.action == action]


@pytest.fixture
def desk(qapp: object) -> Iterator[Desk]:
    made = Desk()
    yield made
    made.database.close()


def test_opening_a_study_is_reading_it_and_judging_it_all_of_its_images_is_having_read_it(desk: Desk) -> None:
    frontal, lateral = (
        image("a", "1.1", 0.9),
        replace(image("b", "1.1", state=JobState.VIEWABLE), digest=digest_of("b")),
    )
    desk.show(frontal, lateral)
    assert desk.said("1.1") == (Judgement.NONE, Reading.READING)
    assert desk.desk.judge(Judgement.REJECTED)
    assert desk.said("1.1") == (Judgement.REJECTED, Reading.READ)
    digests = {frontal.digest, lateral.digest}
    assert desk.stored() == (dict.fromkeys(digests, Judgement.REJECTED), dict.fromkeys(digests, Reading.READ))
    assert desk.desk.judge(Judgement.REJECTED)
    desk.history.undo()
    assert desk.said("1.1") == (Judgement.NONE, Reading.READING), "said twice is said once"
    desk.history.redo()
    assert desk.said("1.1") == (Judgement.REJECTED, Reading.READ)
    assert desk.trail(Action.JUDGE) == ["rejected", "none", "rejected"]


def test_undo_puts_back_what_each_image_said_before(desk: Desk) -> None:
    one, other = image("a", "1.1", 0.9), image("b", "1.1", 0.8)
    desk.show(one)
    desk.desk.judge(Judgement.ACCEPTED)
    desk.store.upsert(other)
    desk.desk.judge(Judgement.NORMAL)
    desk.history.undo()
    said = {item.digest: (item.judgement, item.reading) for item in desk.study("1.1").images}
    assert said[one.digest] == (Judgement.ACCEPTED, Reading.READ)
    assert said[other.digest] == (Judgement.NONE, Reading.UNREAD)
    assert desk.stored()[0] == {one.digest: Judgement.ACCEPTED}


def test_an_image_that_comes_into_the_open_study_is_being_read_too(desk: Desk) -> None:
    first, late = image("a", "1.1", 0.9), image("b", "1.1", 0.8)
    desk.show(first)
    desk.desk.judge(Judgement.ACCEPTED)
    desk.store.upsert(late)
    assert desk.said("1.1")[1] is Reading.READING, "it is work again"
    desk.holder.update(study=desk.study("1.1"))
    assert [item.reading for item in desk.study("1.1").images] == [Reading.READ, Reading.READING]


def test_without_a_score_there_is_no_finding_but_a_study_that_may_be_normal(desk: Desk) -> None:
    desk.show(replace(image("a", "1.1", state=JobState.VIEWABLE), digest=digest_of("a")))
    assert not desk.desk.judge(Judgement.ACCEPTED)
    assert desk.notices == [NO_FINDING]
    assert desk.desk.judge(Judgement.NORMAL)
    assert desk.said("1.1") == (Judgement.NORMAL, Reading.READ)


def test_a_damaged_study_is_marked_read_and_goes_by_its_place(desk: Desk) -> None:
    damaged = image("a", "1.1", state=JobState.ERROR)
    desk.show(damaged)
    assert not desk.desk.judge(Judgement.NORMAL)
    assert desk.notices == [NO_PICTURE]
    desk.desk.mark(["1.1"], Reading.READ)
    assert desk.said("1.1") == (Judgement.NONE, Reading.READ)
    assert desk.stored()[1] == {damaged.key: Reading.READ}
    desk.store.upsert(replace(damaged, digest=digest_of("a"), state=JobState.VIEWABLE))
    assert desk.said("1.1")[1] is Reading.UNREAD, "what can be read now has not been"


def test_what_waits_for_its_reader_is_not_judged(desk: Desk) -> None:
    desk.show(image("a", "1.1"))
    assert not desk.desk.judge(Judgement.NORMAL)
    assert desk.notices == [NOT_READ]


def test_several_are_marked_at_once_and_one_step_takes_it_back(desk: Desk) -> None:
    items = [image(str(number), f"1.{number}", 0.9 - number / 10) for number in range(3)]
    desk.store.upsert(*items)
    desk.show(items[0])
    desk.desk.mark(["1.0", "1.1", "1.2", "1.9"], Reading.READ)
    assert {desk.said(item.study_uid)[1] for item in items} == {Reading.READ}
    assert desk.holder.state.undoing.said is not None
    assert desk.holder.state.undoing.said.outcome.count == 3
    desk.history.undo()
    assert [desk.said(f"1.{n}")[1] for n in range(3)] == [Reading.READING, Reading.UNREAD, Reading.UNREAD]
    assert desk.stored()[1] == {items[0].digest: Reading.READING}
    assert desk.trail(Action.READ) == ["read", "read", "read", "reading", "unread", "unread"]


def test_marked_unread_it_stays_so_until_it_is_opened_again(desk: Desk) -> None:
    item, other = image("a", "1.1", 0.9), image("b", "1.2", 0.8)
    desk.store.upsert(item, other)
    desk.show(item)
    desk.desk.judge(Judgement.ACCEPTED)
    desk.desk.mark(["1.1"], Reading.UNREAD)
    desk.holder.update(study=desk.study("1.1"))
    assert desk.said("1.1") == (Judgement.ACCEPTED, Reading.UNREAD)
    desk.show(other)
    desk.show(item)
    assert desk.said("1.1")[1] is Reading.READING


def test_what_comes_after_the_first_word_is_new(desk: Desk) -> None:
    first = image("a", "1.1", 0.5, arrival=4)
    desk.show(first)
    assert desk.holder.state.began is None
    desk.desk.judge(Judgement.ACCEPTED)
    assert desk.holder.state.began == 4
    desk.store.upsert(image("b", "1.2", 0.9, arrival=5))
    desk.desk.judge(Judgement.REJECTED)
    assert desk.holder.state.began == 4
    rows = WorklistRows()
    rows.begin(4)
    rows.follow(desk.store.worklist, date(2026, 11, 30))
    assert rows.new("") == (1, "1.2")
