"""Marks come with their image, and are kept the moment they change."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.domain.errors import Notice
from app.domain.marks.annotations import Annotations, Marks
from app.domain.marks.measurements import Length, Note
from app.domain.study import ImageItem, Study
from app.services.reading.annotation_desk import AnnotationDesk
from app.services.state.history import History
from app.services.state.notifier import Notifier
from app.services.state.session_holder import SessionHolder
from app.services.state.worklist_store import WorklistStore
from app.services.threads.courier import Courier
from app.services.threads.database_thread import DatabaseThread
from squid_core.contracts.radiograph import Content
from tests.app.samples import digest_of, image
from tests.app.services.fakes import radiograph

LINE = Length(((1.0, 2.0), (3.0, 4.0)))
NOTE = Note(((5.0, 6.0),), "here")


class Desk:
    """The service with what it needs."""

    def __init__(self, path: Path) -> None:
        self.open = True
        self.notices: list[Notice] = []
        self.holder, self.store, self.courier, self.notifier = SessionHolder(), WorklistStore(), Courier(), Notifier()
        self.notifier.posted.connect(self.notices.append)
        self.notifier.flush()
        self.database = DatabaseThread(path, self.notices.append)
        self.history = History(self.holder)
        self.desk = AnnotationDesk(self.holder, self.database, self.courier, self.notifier, self.history)

    def show(self, item: ImageItem) -> None:
        self.store.upsert(item)
        study = Study(item.study_uid, (item,))
        shown = replace(radiograph(), content=Content(digest_of(item.path.name)))
        self.holder.update(
            study=study, image_key=item.key, radiograph=shown, annotations=Annotations(), selected_mark=None
        )

    def draw(self, item: ImageItem, annotations: Annotations) -> None:
        self.holder.update(annotations=annotations)
        self.desk.save(item.key, annotations)

    @property
    def marks(self) -> Marks:
        return self.holder.state.annotations.marks

    def close(self) -> None:
        if self.open:
            self.open = False
            self.courier.close()
            self.database.close()


@pytest.fixture
def open_desk(qapp: object, tmp_path: Path) -> Iterator[Callable[[], Desk]]:
    desks: list[Desk] = []

    def begin() -> Desk:
        desks.append(Desk(tmp_path / "worklist.sqlite"))
        return desks[-1]

    yield begin
    for desk in desks:
        desk.close()


def test_what_is_drawn_last_before_the_program_closes_is_there_again(
    qtbot: QtBot, open_desk: Callable[[], Desk]
) -> None:
    item, desk = image("a"), open_desk()
    desk.show(item)
    desk.draw(item, Annotations().added(LINE).added(NOTE))
    desk.close()  # at once
    again = open_desk()
    again.show(item)
    qtbot.waitUntil(lambda: again.marks == (LINE, NOTE))


def test_marks_and_their_history_come_back_with_their_image(qtbot: QtBot, open_desk: Callable[[], Desk]) -> None:
    first, second, desk = image("a"), image("b", "1.9"), open_desk()
    desk.show(first)
    desk.draw(first, Annotations().added(LINE))
    desk.draw(first, Annotations((LINE,)).added(NOTE))
    desk.show(second)
    assert not desk.marks
    desk.show(first)
    assert desk.marks == (LINE, NOTE)
    desk.history.undo()
    assert list(desk.marks) == [LINE]
    desk.show(second)
    desk.history.undo()
    assert not desk.marks, "of the other image"
    desk.show(first)
    assert not desk.marks
    desk.history.redo()
    assert list(desk.marks) == [LINE]
    desk.history.redo()
    assert list(desk.marks) == [LINE, NOTE]
    stored = desk.database.ask(lambda database: database.marks(digest_of("a"))).result(5)
    assert stored == (LINE, NOTE)


def test_what_is_half_done_when_another_image_comes_is_kept_with_its_own(
    qtbot: QtBot, open_desk: Callable[[], Desk]
) -> None:
    first, second, desk = image("a"), image("b", "1.9"), open_desk()
    desk.show(first)
    desk.show(second)
    desk.desk.save(first.key, Annotations().added(LINE))  # as the window does while it follows the new image
    assert not desk.marks
    desk.show(first)
    assert list(desk.marks) == [LINE]
    assert desk.database.ask(lambda database: database.marks(digest_of("a"))).result(5) == (LINE,)


def test_what_is_drawn_before_the_archive_answers_comes_on_top(qtbot: QtBot, open_desk: Callable[[], Desk]) -> None:
    item, desk = image("a"), open_desk()
    desk.show(item)
    desk.draw(item, Annotations().added(LINE))
    desk.close()
    again = open_desk()
    again.show(item)
    again.draw(item, Annotations().added(NOTE))  # no event loop has run: the answer is still on its way
    again.show(item)  # and is not asked for twice
    qtbot.waitUntil(lambda: again.marks == (LINE, NOTE))
    again.close()
    last = open_desk()
    last.show(item)
    qtbot.waitUntil(lambda: last.marks == (LINE, NOTE))


def test_an_answer_for_an_image_that_was_left_changes_nothing(qtbot: QtBot, open_desk: Callable[[], Desk]) -> None:
    first, second, desk = image("a"), image("b", "1.9"), open_desk()
    desk.show(first)
    desk.draw(first, Annotations().added(LINE))
    desk.close()
    again = open_desk()
    again.show(first)
    again.show(second)
    again.database.ask(lambda _: None).result(5)
    qtbot.wait(20)
    assert not again.marks
    again.show(first)
    assert again.marks == (LINE,)


def test_damaged_marks_are_a_notice_and_an_empty_image(
    qtbot: QtBot, open_desk: Callable[[], Desk], tmp_path: Path
) -> None:
    item, desk = image("a"), open_desk()
    desk.show(item)
    desk.draw(item, Annotations().added(LINE))
    desk.close()
    with sqlite3.connect(tmp_path / "worklist.sqlite") as connection:
        connection.execute("UPDATE annotations SET payload = '{}'")
    connection.close()
    again = open_desk()
    again.show(item)
    qtbot.waitUntil(lambda: [notice.title for notice in again.notices] == [
        "The stored measurements of this image are damaged."
    ])  # fmt: skip
    assert again.marks == ()


def test_a_new_database_gets_what_is_known(qtbot: QtBot, open_desk: Callable[[], Desk]) -> None:
    item, desk = image("a"), open_desk()
    desk.show(item)
    desk.draw(item, Annotations().added(LINE))
    lost = desk.database.ask(lambda database: database._file.run(lambda db: db.execute("DELETE FROM annotations")))
    lost.result(5)
    desk.desk.save_all()
    assert desk.database.ask(lambda database: database.marks(digest_of("a"))).result(5) == (LINE,)
