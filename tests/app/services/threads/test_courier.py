"""What other threads finish comes to the window's thread."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from pytestqt.qtbot import QtBot

from app.services.threads.courier import Courier


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
