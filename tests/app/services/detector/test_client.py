from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.services.detector.client import InferenceClient
from app.services.detector.process import Urgency
from app.services.state.notifier import Notifier
from app.storage.detections import EncodedResult
from squid_core.contracts.errors import DeviceFailedError, SquidError
from tests.app.samples import detection, model_input
from tests.app.services.fakes import FakeProcess

FOLDER = Path("/weights/adult")


@pytest.fixture
def process() -> FakeProcess:
    return FakeProcess()


@pytest.fixture
def client(qapp: object, process: FakeProcess) -> InferenceClient:
    return InferenceClient(Notifier(), process)


def test_triage_is_asked_for_with_locked_settings_on_the_chosen_device(
    client: InferenceClient, process: FakeProcess
) -> None:
    client.device = "cpu"
    client.detect_many(FOLDER, [model_input()])
    urgency, name, args, _ = process.asked[0]
    assert (urgency, name, args[:2]) == (Urgency.TRIAGE, "detect_many", (str(FOLDER), "cpu"))


def test_the_reader_is_answered_before_the_queue(client: InferenceClient, process: FakeProcess) -> None:
    locked = detection()
    trial = replace(locked.trial, shuffled=True)
    client.device = "cpu"
    futures = [client.what_if(FOLDER, locked, trial), client.entries(FOLDER, 3, (7, 9)), client.maps(FOLDER, locked)]
    assert [(urgency, name, args[2:]) for urgency, name, args, _ in process.asked] == [
        (Urgency.READER, "what_if", (locked, trial)),
        (Urgency.READER, "entries", (3, (7, 9))),
        (Urgency.READER, "maps", (locked,)),
    ]
    assert all(args[:2] == (str(FOLDER), "cpu") for _, _, args, _ in process.asked)
    assert [asked[3] for asked in process.asked] == futures


def test_after_a_batch_that_fails_each_image_is_asked_alone_and_only_the_culprit_is_given_up(
    client: InferenceClient, process: FakeProcess
) -> None:
    good, bad = EncodedResult.of(detection()), SquidError("The detector failed twice on this image.")
    first, second = client.detect_many(FOLDER, [model_input(), model_input()])
    process.asked[0][3].set_exception(SquidError("Its process has died."))
    assert [(name, len(args[2])) for _, name, args, _ in process.asked] == [("detect_many", n) for n in (2, 1, 1)]
    process.asked[1][3].set_exception(bad)
    process.asked[2][3].set_result([good])
    assert first.exception(1) is bad
    assert second.result(1) is good


def test_of_a_batch_only_what_the_card_had_no_room_for_is_asked_again(
    client: InferenceClient, process: FakeProcess
) -> None:
    good, odd = EncodedResult.of(detection()), SquidError("The detector's answer is not a number.")
    no_room = DeviceFailedError.of(MemoryError(), lasting=False)
    futures = client.detect_many(FOLDER, [model_input()] * 3, Urgency.READER)
    process.asked[0][3].set_result([good, no_room, odd])
    assert futures[0].result(1) is good
    assert futures[2].exception(1) is odd
    assert [(urgency, len(args[2])) for urgency, _, args, _ in process.asked[1:]] == [(Urgency.READER, 1)]
    process.asked[1][3].set_result([good])
    assert futures[1].result(1) is good
