"""A disk that does not answer costs a thread, and nobody waits for longer than they said."""

from __future__ import annotations

import threading
import time

import pytest

from app.services.threads.disk import ask_disk


def test_an_answer_and_a_failure_are_handed_on() -> None:
    assert ask_disk(lambda: 7, 5).result(5) == 7
    with pytest.raises(OSError, match="no such disk"):
        ask_disk(_fail, 5).result(5)


def test_a_silent_disk_is_given_up_in_time_and_its_late_answer_is_dropped() -> None:
    go_on = threading.Event()
    began = time.monotonic()
    silent = ask_disk(lambda: go_on.wait(20), 0.05)
    with pytest.raises(TimeoutError):
        silent.result(5)
    assert ask_disk(lambda: go_on.wait(20), 0.05, lambda: False).result(5) is False
    assert time.monotonic() - began < 2
    go_on.set()
    time.sleep(0.05)
    assert isinstance(silent.exception(), TimeoutError)


def _fail() -> int:
    raise OSError("no such disk")
