"""The window's side of a second start."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from pytestqt.qtbot import QtBot

from app.instance import Request, claim, hand_over
from app.services.second_start import SecondStart
from app.services.threads.courier import Courier


def test_a_second_start_is_heard_by_the_first(qtbot: QtBot, tmp_path: Path) -> None:
    home = tmp_path / "home"
    own = claim(home)
    assert own is not None
    courier = Courier()
    listening = SecondStart(home, courier)
    heard: list[Request] = []
    listening.asked.connect(heard.append)
    asked = Request((tmp_path / "film",))
    with ThreadPoolExecutor(1) as other:
        for number in (1, 2):
            answer = other.submit(hand_over, home, asked)
            qtbot.waitUntil(partial(_has, heard, number))
            assert answer.result(5) is None
    assert heard == [asked, asked]
    courier.close()
    own.release()


def test_what_was_asked_before_anybody_listened_is_heard(qtbot: QtBot, tmp_path: Path) -> None:
    home = tmp_path / "home"
    own = claim(home)
    assert own is not None
    with ThreadPoolExecutor(1) as other:
        answer = other.submit(hand_over, home, Request())
        courier = Courier()
        listening = SecondStart(home, courier)
        heard: list[Request] = []
        listening.asked.connect(heard.append)
        qtbot.waitUntil(lambda: heard == [Request()])
        assert answer.result(5) is None
    courier.close()
    own.release()


def _has(heard: list[Request], count: int) -> bool:
    return len(heard) == count
