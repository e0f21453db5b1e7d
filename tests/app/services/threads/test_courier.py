"""Steps that read downwards and wait for others without holding the window up."""

from __future__ import annotations

from concurrent.futures import CancelledError, Future

from pytestqt.qtbot import QtBot

from app.services.threads.courier import Courier, Steps, answer


class Walk:
    """Three futures to wait for, and what became of them."""

    def __init__(self) -> None:
        self.futures: list[Future[int]] = [Future() for _ in range(3)]
        self.seen: list[object] = []

    def steps(self) -> Steps[None]:
        try:
            for future in self.futures:
                try:
                    self.seen.append((yield from answer(future)))
                except (ValueError, CancelledError) as error:
                    self.seen.append(type(error))
            self.seen.append("done")
        finally:
            self.seen.append("closed")


def test_steps_go_on_with_each_answer_and_with_each_error(qtbot: QtBot) -> None:
    courier, walk = Courier(), Walk()
    courier.run(walk.steps())
    walk.futures[1].set_exception(ValueError("no"))  # before it is waited for
    assert walk.seen == []
    walk.futures[0].set_result(7)
    assert walk.seen == [], "not on the thread that answers"
    qtbot.waitUntil(lambda: walk.seen == [7, ValueError])
    walk.futures[2].cancel()
    qtbot.waitUntil(lambda: walk.seen == [7, ValueError, CancelledError, "done", "closed"])


def test_steps_that_are_wanted_no_more_are_closed_at_the_next_answer(qtbot: QtBot) -> None:
    courier, walk, wanted = Courier(), Walk(), [True]
    courier.run(walk.steps(), lambda: bool(wanted))
    walk.futures[0].set_result(7)
    qtbot.waitUntil(lambda: walk.seen == [7])
    wanted.clear()
    walk.futures[1].set_result(8)
    qtbot.waitUntil(lambda: walk.seen == [7, "closed"])


def test_steps_without_a_wait_are_done_at_once(qtbot: QtBot) -> None:
    courier, walk = Courier(), Walk()
    walk.futures.clear()
    courier.run(walk.steps())
    assert walk.seen == ["done", "closed"]
