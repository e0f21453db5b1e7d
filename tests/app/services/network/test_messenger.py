"""The messenger's children: bounded in time, ended when they are not wanted, replaced when they die."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.services.network.messenger import Messenger
from squid_core.contracts.errors import SquidError


@pytest.fixture
def messenger() -> Iterator[Messenger]:
    made = Messenger()
    yield made
    made.close()


def double(number: int) -> int:
    return 2 * number


def write_after(file: str, seconds: float) -> None:
    Path(f"{file}.begun").touch()
    time.sleep(seconds)
    Path(file).touch()


def leave() -> None:
    os._exit(3)


def test_it_answers_and_goes_on_after_a_child_has_died(messenger: Messenger) -> None:
    assert messenger.ask(double, 21, seconds=30).result(30) == 42
    with pytest.raises(SquidError, match="has failed"):
        messenger.ask(leave, seconds=30).result(30)
    assert messenger.ask(double, 4, seconds=30).result(30) == 8


def test_what_takes_too_long_is_ended_with_a_sentence(messenger: Messenger, tmp_path: Path) -> None:
    messenger.ask(double, 1, seconds=30).result(30)
    with pytest.raises(SquidError, match="did not finish in time"):
        messenger.ask(write_after, str(tmp_path / "late"), 2.0, seconds=0.3).result(30)
    time.sleep(0.1)
    assert not (tmp_path / "late").exists()


def test_what_is_cancelled_does_no_more(messenger: Messenger, tmp_path: Path) -> None:
    errand = messenger.ask(write_after, str(tmp_path / "cancelled"), 1.0, seconds=30)
    until = time.monotonic() + 20
    while not (tmp_path / "cancelled.begun").exists():
        assert time.monotonic() < until
        time.sleep(0.01)
    assert errand.cancel()
    time.sleep(1.2)
    assert not (tmp_path / "cancelled").exists()
