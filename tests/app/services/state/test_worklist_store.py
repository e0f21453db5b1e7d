"""The worklist's changes reach the window bundled."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from app.services.state.worklist_store import WorklistStore
from tests.app.samples import image


def test_the_window_hears_of_a_hundred_changes_at_once(qtbot: QtBot) -> None:
    store, heard = WorklistStore(), list[tuple[int, int]]()
    store.changed.connect(lambda old, new: heard.append((len(old), len(new))))
    for number in range(100):
        store.upsert(image(str(number), f"study {number}"))
    assert len(store.worklist) == 100
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [(0, 100)]
    assert store.next_arrival() == 1
