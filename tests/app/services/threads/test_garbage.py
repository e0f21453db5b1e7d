"""Garbage is collected, and on the window's thread."""

from __future__ import annotations

import gc
import threading
import weakref

from pytestqt.qtbot import QtBot

from app.services.threads.garbage import GarbageCollector, collect_what_is_due


class _Knot:
    def __init__(self, freed_on: list[int]) -> None:
        self.me = self
        weakref.finalize(self, lambda: freed_on.append(threading.get_ident()))


def test_cycles_made_on_another_thread_are_freed_on_the_windows(qtbot: QtBot) -> None:
    freed_on: list[int] = []
    collector = GarbageCollector()

    def tie() -> None:
        for _ in range(5000):
            _Knot(freed_on)

    worker = threading.Thread(target=tie)
    worker.start()
    worker.join()
    assert not freed_on, "nothing is collected while a worker allocates"
    qtbot.waitUntil(lambda: len(freed_on) == 5000)
    assert set(freed_on) == {threading.get_ident()}
    collector.close()


def test_closing_hands_collection_back() -> None:
    gc.enable()
    collector = GarbageCollector()
    assert not gc.isenabled()
    collector.close()
    assert gc.isenabled()
    collect_what_is_due()
    assert gc.get_count()[0] <= gc.get_threshold()[0]
