"""The worklist's changes reach the window bundled."""

from __future__ import annotations

from itertools import count
from time import monotonic

from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from app.domain.study import Judgement
from app.services.state.worklist_store import WorklistStore
from tests.app.samples import digest_of, image


def test_the_window_hears_of_a_hundred_changes_at_once(qtbot: QtBot) -> None:
    store, heard = WorklistStore(), list[tuple[int, int]]()
    store.changed.connect(lambda old, new: heard.append((len(old), len(new))))
    for number in range(100):
        store.upsert(image(str(number), f"study {number}"))
    assert len(store.worklist) == 100
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [(0, 100)]
    assert store.next_arrival() == 1


def test_while_the_queue_works_the_window_hears_once_a_second_and_of_the_reader_at_once(qtbot: QtBot) -> None:
    store, heard = WorklistStore(), list[float]()
    store.changed.connect(lambda _, new: heard.append(monotonic()))
    queue = QTimer(interval=10)
    numbers = count()
    queue.timeout.connect(lambda: store.upsert(image(str(next(numbers)))))
    begun = monotonic()
    queue.start()
    qtbot.waitUntil(lambda: len(heard) == 1)
    assert heard[0] - begun < 0.5, "the first at once"
    qtbot.waitUntil(lambda: len(heard) == 2)
    assert heard[1] - heard[0] > 0.9
    done = monotonic()
    store.judge({digest_of("0"): Judgement.NORMAL})
    qtbot.waitUntil(lambda: len(heard) == 3)
    assert heard[2] - done < 0.5
    done = monotonic()
    store.upsert(image(str(next(numbers))))
    store.tell_soon()
    qtbot.waitUntil(lambda: len(heard) == 4)
    assert heard[3] - done < 0.5
    queue.stop()
    store.upsert(image(str(next(numbers))))
    qtbot.waitUntil(lambda: len(heard) == 5)
    assert next(numbers) == len(store.worklist.studies[0].images), "and of the last"
