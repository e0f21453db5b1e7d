"""On to what is not read, and back."""

from __future__ import annotations

import pytest

from app.domain.errors import Notice
from app.domain.listing.filter import Filter
from app.domain.study import Reading
from app.services.reading.visits import LAST_ONE, NONE_BEFORE, ONE_READ, SHOWN_READ, Visits
from app.services.state.notifier import Notifier
from app.services.state.session_holder import SessionHolder
from app.services.state.worklist_store import WorklistStore
from tests.app.samples import image

ITEMS = tuple(image(str(number), f"1.{number}", 0.9 - number / 10) for number in range(4))
UIDS = tuple(item.study_uid for item in ITEMS)


class Desk:
    """The service, and a reading desk that shows what it is asked for."""

    def __init__(self) -> None:
        self.holder, self.store, notifier = SessionHolder(), WorklistStore(), Notifier()
        self.notices: list[Notice] = []
        notifier.posted.connect(self.notices.append)
        notifier.flush()
        self.store.upsert(*ITEMS)
        self.visits = Visits(self.holder, self.store, self.show, notifier)

    def show(self, uid: str) -> None:
        study = self.store.worklist.study(uid)
        assert study is not None
        self.holder.update(study=study, image_key=study.top_image.key)

    def read(self, *numbers: int) -> None:
        self.store.judge({}, {ITEMS[number].content_key: Reading.READ for number in numbers})

    def on(self) -> None:
        at = UIDS.index(self.here) + 1
        self.visits.next_unread(UIDS[at:] + UIDS[:at])

    @property
    def here(self) -> str:
        return self.holder.state.study_uid


@pytest.fixture
def desk(qapp: object) -> Desk:
    made = Desk()
    made.show(UIDS[0])
    return made


def test_it_goes_past_what_is_read_and_from_the_end_to_what_was_left(desk: Desk) -> None:
    desk.read(1)
    desk.on()
    assert desk.here == UIDS[2]
    desk.on()
    desk.on()
    assert desk.here == UIDS[0], "left without a word, it is offered again"
    assert desk.notices == []


def test_at_the_end_it_says_so_and_stays(desk: Desk) -> None:
    desk.read(1, 2, 3)
    desk.on()
    assert (desk.here, desk.notices) == (UIDS[0], [LAST_ONE])
    desk.read(0)
    desk.on()
    assert (desk.here, desk.notices[-1].title) == (UIDS[0], "All 4 studies have been read.")
    desk.visits.next_unread(UIDS[:1])
    assert desk.notices[-1].title == ONE_READ
    desk.holder.update(filter=Filter("thorax"))
    desk.visits.next_unread(UIDS)
    assert desk.notices[-1].title == SHOWN_READ
    desk.visits.next_unread(())
    assert len(desk.notices) == 4, "an empty list says enough"


def test_back_walks_through_what_was_looked_at_and_past_what_has_gone(desk: Desk) -> None:
    for uid in (UIDS[2], UIDS[1], UIDS[3]):
        desk.show(uid)
    desk.store.remove([ITEMS[1].key])
    desk.visits.back()
    assert desk.here == UIDS[2]
    desk.visits.back()
    assert desk.here == UIDS[0]
    desk.visits.back()
    assert (desk.here, desk.notices) == (UIDS[0], [NONE_BEFORE])
    desk.show(UIDS[3])
    desk.visits.back()
    assert desk.here == UIDS[0]
