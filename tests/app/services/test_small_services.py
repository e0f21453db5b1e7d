from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from app.domain.errors import Notice, Severity
from app.domain.session import Progress, Session
from app.paths import AppPaths
from app.services.state.notifier import Notifier
from app.services.state.session_holder import SessionHolder
from app.services.state.worklist_store import WorklistStore
from app.services.threads.courier import Courier
from app.services.threads.database_thread import DatabaseThread
from app.services.threads.latest import LatestWins
from app.storage.database import Database
from squid_core.contracts.errors import SquidError
from tests.app.samples import detection, image

NOTICE = Notice(Severity.INFO, "Hello.")


def elsewhere(function: Callable[[], Any]) -> None:
    """Run on another thread."""
    thread = threading.Thread(target=function)
    thread.start()
    thread.join()


def test_what_other_threads_finish_arrives_on_the_windows_thread(qtbot: QtBot) -> None:
    courier, seen = Courier(), list[int]()
    future: Future[int] = Future()
    courier.when_done(future, lambda done: seen.extend([done.result(), threading.get_ident()]))
    elsewhere(lambda: future.set_result(7))
    assert seen == []  # not before the event loop turns
    qtbot.waitUntil(lambda: seen == [7, threading.get_ident()])


def test_nothing_arrives_after_the_end(qtbot: QtBot) -> None:
    courier, seen = Courier(), list[int]()
    courier.call(lambda: seen.append(1))
    courier.close()
    elsewhere(lambda: courier.call(lambda: seen.append(2)))
    qtbot.wait(20)
    assert seen == []


def test_a_change_made_while_another_is_told_reaches_everybody_after_it(qtbot: QtBot) -> None:
    holder, early, late = SessionHolder(), list[tuple[str, str]](), list[tuple[str, str]]()
    holder.changed.connect(lambda old, new: early.append((old.loading, new.loading)))
    holder.changed.connect(lambda _, new: holder.update(loading="second") if new.loading == "first" else None)
    holder.changed.connect(lambda old, new: late.append((old.loading, new.loading)))  # a window built later
    holder.update(loading="first")
    assert early == late == [("", "first"), ("first", "second")]


def test_notices_wait_until_a_window_can_show_them(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    notifier, shown = Notifier(), list[Notice]()
    with caplog.at_level(logging.INFO):
        notifier.post(NOTICE)
    notifier.posted.connect(shown.append)
    assert shown == []
    notifier.flush()
    assert shown == [NOTICE]
    elsewhere(lambda: notifier.post(NOTICE))
    qtbot.waitUntil(lambda: shown == [NOTICE, NOTICE])
    assert "Hello." in caplog.text


def test_the_session_changes_once_and_says_from_what_to_what() -> None:
    holder, changes = SessionHolder(), list[tuple[Session, Session]]()
    holder.changed.connect(lambda old, new: changes.append((old, new)))
    holder.update(progress=Progress(1, 2), loading="Reading the image")
    holder.update(loading="Reading the image")
    assert len(changes) == 1
    old, new = changes[0]
    assert (old.loading, new.loading, holder.state.progress) == ("", "Reading the image", Progress(1, 2))
    assert new is holder.state


def test_the_session_takes_arrays_without_comparing_them() -> None:
    holder = SessionHolder()
    first, second = detection(), detection()
    holder.update(detection=first)
    holder.update(detection=second)
    assert holder.state.detection is second


def test_the_session_refuses_fields_it_does_not_have() -> None:
    with pytest.raises(TypeError):
        SessionHolder().update(colour="red")


def test_the_window_hears_of_a_hundred_changes_at_once(qtbot: QtBot) -> None:
    store, heard = WorklistStore(), list[tuple[int, int]]()
    store.changed.connect(lambda old, new: heard.append((len(old), len(new))))
    for number in range(100):
        store.upsert(image(str(number), f"study {number}"))
    assert len(store.worklist) == 100
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [(0, 100)]
    assert store.next_arrival() == 1


def test_the_archive_answers_in_order_and_off_the_windows_thread(tmp_path: Path) -> None:
    archive = DatabaseThread(tmp_path / "worklist.sqlite", lambda _: None)
    archive.tell(lambda store: store.save_images([image()]))
    thread, count = archive.ask(lambda store: (threading.get_ident(), len(store.images()))).result(5)
    assert count == 1
    assert thread != threading.get_ident()
    archive.close()


def test_the_archive_finishes_what_was_asked_before_it_closes(tmp_path: Path) -> None:
    file = tmp_path / "worklist.sqlite"
    archive = DatabaseThread(file, lambda _: None)
    for number in range(20):
        archive.tell(partial(Database.save_images, items=[image(str(number), str(number))]))
    archive.close()
    store = Database(file, lambda _: None)
    assert len(store.images()) == 20
    store.close()


def test_a_fault_in_the_archive_is_logged_by_kind_only(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    archive = DatabaseThread(None, lambda _: None)

    def fail(_: Database) -> None:
        raise ValueError("Doe, Jane")

    archive.tell(fail)
    archive.close()
    assert "ValueError" in caplog.text
    assert "Doe" not in caplog.text


class Asked:
    """A `LatestWins` over strings, with its answers."""

    def __init__(self, debounce_ms: int = 0) -> None:
        self.started: list[tuple[str, Future[str]]] = []
        self.answers: list[tuple[str, str]] = []
        self.failures: list[tuple[str, str]] = []
        self.latest: LatestWins[str, str] = LatestWins(
            Courier(),
            self.start,
            lambda request, answer: self.answers.append((request, answer)),
            lambda request, error: self.failures.append((request, error.title)),
            debounce_ms,
        )

    def start(self, request: str) -> Future[str]:
        future: Future[str] = Future()
        self.started.append((request, future))
        return future

    @property
    def names(self) -> list[str]:
        return [request for request, _ in self.started]


def test_only_the_newest_request_is_answered_and_one_at_a_time(qtbot: QtBot) -> None:
    asked = Asked()
    for request in "abc":
        asked.latest.ask(request)
    assert asked.names == ["a"]
    asked.started[0][1].set_result("A")
    qtbot.waitUntil(lambda: len(asked.started) == 2)
    assert asked.names == ["a", "c"]
    assert asked.answers == []
    asked.started[1][1].set_result("C")
    qtbot.waitUntil(lambda: asked.answers == [("c", "C")])


def test_a_burst_of_requests_becomes_one(qtbot: QtBot) -> None:
    asked = Asked(debounce_ms=30)
    for request in "abc":
        asked.latest.ask(request)
        qtbot.wait(5)
    assert asked.names == []
    qtbot.waitUntil(lambda: asked.names == ["c"])


def test_a_forgotten_request_is_never_answered(qtbot: QtBot) -> None:
    asked = Asked()
    asked.latest.ask("a")
    asked.latest.forget()
    asked.started[0][1].set_result("A")
    qtbot.wait(20)
    assert asked.answers == []
    asked.latest.ask("b")
    assert asked.names == ["a", "b"]


def test_a_failure_is_said_in_plain_words(qtbot: QtBot) -> None:
    asked = Asked()
    asked.latest.ask("a")
    asked.started[0][1].set_exception(SquidError("No."))
    qtbot.waitUntil(lambda: asked.failures == [("a", "No.")])
    asked.latest.ask("b")
    asked.started[1][1].set_exception(ValueError("Doe, Jane"))
    qtbot.waitUntil(lambda: asked.failures[1:] == [("b", "This could not be done.")])


def test_the_programs_folder_can_be_moved(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SQUID_VIEWER_HOME", str(tmp_path / "mine"))
    assert AppPaths.default().database == tmp_path / "mine" / "worklist.sqlite"
    monkeypatch.delenv("SQUID_VIEWER_HOME")
    assert AppPaths.default().root.name == "squid-viewer"
