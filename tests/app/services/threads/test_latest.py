"""Of many requests only the newest is answered, and one at a time is under way."""

from __future__ import annotations

from concurrent.futures import Future

from pytestqt.qtbot import QtBot

from app.services.threads.courier import Courier
from app.services.threads.latest import LatestWins
from squid_core.contracts.errors import SquidError


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
