from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.services.detector.client import InferenceClient
from app.services.detector.process import Urgency
from app.services.state.notifier import Notifier
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
