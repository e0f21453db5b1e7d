from __future__ import annotations

import subprocess
import sys
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from squid_core.contracts.errors import SquidError
from squid_core.contracts.network import Answer, Fetched, Outcome, Question, Said
from squid_core.network import words
from squid_core.network.configuration import Listening, NetworkSettings, Peer
from squid_core.network.errands import fetch_study, find, prepare_messenger, try_peer
from squid_core.processes.held import Attempt
from squid_core.processes.pool import Pool
from tests.squid_core.network.odd_systems import WebAnswer, WebAsked, settings_of, web
from tests.squid_core.network.test_web import INSTANCE, STUDY, film, holding, in_json, multipart

SPEAKING = ("pynetdicom", "pydicom", "dicomweb_client", "requests", "keyring", "torch", "PySide6", "cv2")
NAMED_BY_THE_WINDOW = ("errands", "configuration", "secrets", "store", "standing")


def test_who_names_the_errands_loads_nothing_that_speaks_to_a_network() -> None:
    modules = ", ".join(f"squid_core.network.{name}" for name in NAMED_BY_THE_WINDOW)
    script = f"import sys, squid_core.contracts.network, {modules}\n"
    script += f"print(*(name for name in {SPEAKING!r} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == []


@pytest.mark.parametrize("errand", [try_peer, find, fetch_study])
def test_a_system_that_is_not_configured_is_never_spoken_to(errand: Any, tmp_path: Path) -> None:
    more = {try_peer: (), find: (Question(),), fetch_study: (STUDY, tmp_path)}[errand]
    with web(lambda _: in_json()) as (peer, asked):
        with pytest.raises(SquidError, match="No such system"):
            errand(settings_of(peer), "other", "", *more)
        assert asked == []


@pytest.fixture
def pool() -> Any:
    made = Pool(1, prepare_messenger, stopped="The network was closed.")
    yield made
    made.close()


def asked_of(pool: Pool, function: Any, *args: Any, seconds: float = 20.0) -> Future[Any]:
    def fail(error: BaseException, _seconds: float) -> Any:
        return error

    return pool.run([Attempt(function, args, seconds)], fail)


def test_errands_are_run_by_a_child_and_one_that_is_cancelled_leaves_nothing(pool: Pool, tmp_path: Path) -> None:
    half: list[str] = []

    def told(asked: WebAsked) -> WebAnswer:
        if asked.path.endswith(INSTANCE) and not half:
            answer = multipart(film())

            def slowly() -> Any:
                yield b"".join(answer.pieces)[:3_000] + b"\0" * 600_000
                half.append(asked.path)
                child.cancel()

            return WebAnswer(headers=answer.headers, pieces=slowly())
        return holding(multipart(film()))(asked)

    with web(told) as (peer, _):
        settings = NetworkSettings(peers=(peer,), listening=Listening(free_gb=0.1))
        said: Said = asked_of(pool, try_peer, settings, "odd", "").result(60)
        assert (said.outcome, said.sentence) == (Outcome.DONE, words.WORKS)
        answer: Answer = asked_of(pool, find, settings, "odd", "", Question()).result(20)
        assert [study.study_instance_uid for study in answer.studies] == [STUDY]
        child = asked_of(pool, fetch_study, settings, "odd", "", STUDY, tmp_path)
        with pytest.raises(BaseException):  # noqa: B017, PT011 - it is cancelled
            child.result(20)
        assert half
        came: Fetched = asked_of(pool, fetch_study, settings, "odd", "", STUDY, tmp_path).result(60)
    assert (came.said.outcome, came.files) == (Outcome.DONE, 1)
    assert [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()] == [film()]


def test_what_goes_to_a_child_and_back_can_travel() -> None:
    import pickle

    settings = NetworkSettings(peers=(Peer(name="a", ae_title="A", host="h", port=104),))
    for value in (settings, Question(), Answer(Said(Outcome.DONE, ""))):
        assert pickle.loads(pickle.dumps(value)) == value  # noqa: S301 - our own
