"""A detector that is stopped, hangs or loses its graphics card: the image is scored all the same, and soon."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.services.detector import client as clients
from app.services.detector import worker
from app.services.detector.client import InferenceClient
from app.services.detector.devices import CARD_FAILED, ON_THE_CPU, RESTARTED
from app.services.state.notifier import Notifier
from app.storage.detections import EncodedResult, decode
from squid_core.bundle.card import read_card
from squid_core.bundle.library import weights_root
from squid_core.contracts.errors import DeviceFailedError
from squid_core.preprocessing import prepare
from tests.app.samples import detection, model_input

SOON = 30  # seconds, as the user is promised
FOLDER = weights_root() / "adult"


@pytest.fixture
def notifier(qapp: object) -> Notifier:
    return Notifier()


@pytest.fixture
def client(notifier: Notifier) -> Iterator[InferenceClient]:
    client = InferenceClient(notifier)
    yield client
    client.close()


def told(notifier: Notifier, qapp: object) -> list[str]:
    qapp.processEvents()  # type: ignore[attr-defined]
    return [notice.title for notice in notifier.history]


# What runs in the child in the place of the detector.


def load(folder: str, device: str) -> None:
    time.sleep(0.2)


def answers(word: str) -> list[EncodedResult]:
    return [replace(EncodedResult.of(detection()), model=word)]


def short_of_memory(folder: str, device: str, _: object) -> list[EncodedResult]:
    if device != "cpu":
        raise DeviceFailedError.of(MemoryError(), lasting=False)
    return answers(device)


def dead_driver(folder: str, device: str, _: object) -> list[EncodedResult]:
    if device != "cpu":
        raise DeviceFailedError.of(RuntimeError(), lasting=True)
    return answers(device)


def hung_driver(folder: str, device: str, _: object) -> list[EncodedResult]:
    if device != "cpu":
        time.sleep(600)
    return answers(device)


def hang_when_loaded(folder: str, device: str, markers: tuple[str]) -> list[EncodedResult]:
    if not Path(markers[0]).exists():
        Path(markers[0]).touch()
        time.sleep(600)
    return answers("answered")


@pytest.fixture
def light(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is loaded, and what hangs is seen sooner."""
    monkeypatch.setattr(worker, "load", load)
    monkeypatch.setattr(clients, "ASK_SECONDS", 1.0)


@pytest.mark.usefixtures("light")
@pytest.mark.parametrize(
    ("failing", "notices"),
    [
        (short_of_memory, [CARD_FAILED.title, ON_THE_CPU.title]),
        (dead_driver, [ON_THE_CPU.title]),
        (hung_driver, [CARD_FAILED.title, ON_THE_CPU.title]),
    ],
)
def test_where_the_card_fails_the_cpu_answers_and_the_user_is_told_once(
    client: InferenceClient,
    notifier: Notifier,
    qapp: object,
    monkeypatch: pytest.MonkeyPatch,
    failing: object,
    notices: list[str],
) -> None:
    monkeypatch.setattr(worker, "detect_many", failing)
    asked: list[Future[Any]] = [client.detect_many(FOLDER, [model_input()])[0] for _ in range(4)]
    assert [future.result(SOON).model for future in asked] == ["cpu"] * 4
    assert told(notifier, qapp) == notices


@pytest.mark.usefixtures("light")
def test_a_detector_that_hangs_once_its_weights_are_loaded_is_replaced_after_a_short_time(
    client: InferenceClient, notifier: Notifier, qapp: object, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    client.device = "cpu"
    monkeypatch.setattr(worker, "detect_many", hang_when_loaded)
    marker: Any = str(tmp_path / "marker")
    answer: Any = client.detect_many(FOLDER, [marker])[0].result(SOON)
    assert answer.model == "answered"
    assert told(notifier, qapp) == [RESTARTED.title]


@pytest.mark.skipif(not hasattr(os, "waitid"), reason="the system does not say who is stopped")
def test_a_stopped_detector_is_replaced_and_the_image_scored_soon(
    client: InferenceClient, notifier: Notifier, qapp: object
) -> None:
    client.device = "cpu"
    report = client.warm_up(FOLDER).result(120)
    os.kill(report.pid, signal.SIGSTOP)
    began = time.monotonic()
    noise = np.random.default_rng(5).normal(1000, 200, (300, 200)).astype(np.float32)
    result = client.detect_many(FOLDER, [prepare(noise, read_card(FOLDER).preprocessing)])[0].result(120)
    assert time.monotonic() - began < SOON
    assert decode(result.payload).device == "cpu"
    assert told(notifier, qapp) == [RESTARTED.title]
