"""What a change of the session costs: Python calls until everybody has heard of it, so that no machine matters.

A mouse that moves changes the session a hundred times a second, and triage as often as it gets on.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from types import FrameType

import pytest

from squid_core.contracts.detection import Trial
from tests.app.ui import explained, synthetic
from tests.app.ui.conftest import Room

# Calls at most, by what changes. Nobody reads the device but the choice of it.
CURSOR_MOVE, NOBODY_READS, WINDOW_DRAG, WHAT_IF = 300, 160, 600, 1200


@pytest.fixture
def reading(room: Room, settle: Callable[[], None]) -> Room:
    """An image with all that is known of it."""
    image = synthetic.radiograph()
    room.open(image, synthetic.detection(image))
    room.holder.update(card=explained.card(), maps=explained.maps(), cursor=(90.0, 110.0))
    settle()
    return room


def calls(room: Room, **changes: object) -> int:
    """Python functions called while the session changes; generators count each time they go on."""
    called = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal called
        called += event == "call"

    former = sys.getprofile()
    sys.setprofile(count)
    try:
        room.holder.update(**changes)
    finally:
        sys.setprofile(former)
    return called


def test_a_cursor_move_is_told_in_few_calls(reading: Room) -> None:
    assert calls(reading, cursor=(100.0, 120.0)) < CURSOR_MOVE
    assert reading.window.panes.original.readout.whole.startswith("x 120  y 100")


def test_a_change_that_nobody_reads_is_told_in_fewer(reading: Room) -> None:
    assert calls(reading, device="cpu") < NOBODY_READS
    assert reading.window.settings.detector.device.value == "cpu"


def test_a_step_of_a_window_drag_is_told_in_few_calls(reading: Room) -> None:
    window = reading.holder.state.window
    assert window is not None
    assert calls(reading, window=replace(window, center=window.center + 9)) < WINDOW_DRAG


def test_the_answer_of_a_what_if_is_told_in_few_calls(reading: Room) -> None:
    session = reading.holder.state
    assert session.detection is not None
    trial = Trial(replace(session.detection.trial.settings, top_k=9))
    reading.holder.update(trial=trial, what_if_running=True)
    answer = replace(session.detection, score=0.7)
    assert calls(reading, what_if=answer, what_if_running=False) < WHAT_IF
    assert "0.70" in reading.window.header.what_if.score.text()
