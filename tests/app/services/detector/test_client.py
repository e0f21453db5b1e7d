from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.domain.errors import Notice
from app.domain.session import PatchEntries
from app.services.detector.client import EntriesWanted, InferenceClient, WhatIf
from app.services.detector.process import Urgency
from app.services.detector.worker import WorkerReport
from app.services.state.notifier import Notifier
from app.services.threads.courier import Courier
from squid_core.contracts.detection import DetectorSettings
from squid_core.contracts.errors import SquidError
from tests.app.samples import detection, model_input
from tests.app.services.fakes import FakeProcess

FOLDER = Path("/weights/adult")


@pytest.fixture
def process() -> FakeProcess:
    return FakeProcess()


@pytest.fixture
def client(qtbot: QtBot, process: FakeProcess) -> InferenceClient:
    notifier = Notifier()
    notifier.flush()
    return InferenceClient(Courier(), notifier, process)


def what_if(top_k: int) -> WhatIf:
    return WhatIf("key", FOLDER, model_input(), DetectorSettings(top_k))


def test_dragging_a_slider_asks_once_for_where_it_stopped(
    qtbot: QtBot, client: InferenceClient, process: FakeProcess
) -> None:
    answers: list[int] = []
    client.what_if_ready.connect(lambda wanted, _: answers.append(wanted.settings.top_k))
    for top_k in range(1, 20):
        client.what_if(what_if(top_k))
    qtbot.waitUntil(lambda: len(process.asked) == 1)
    urgency, name, args, future = process.asked[0]
    assert (urgency, name, args[3].top_k) == (Urgency.READER, "detect", 19)
    client.what_if(what_if(30))
    qtbot.wait(120)
    assert len(process.asked) == 1  # one in flight
    future.set_result(detection())
    qtbot.waitUntil(lambda: len(process.asked) == 2)
    process.asked[1][3].set_result(detection())
    qtbot.waitUntil(lambda: answers == [30])


def test_triage_is_asked_for_with_locked_settings_on_the_chosen_device(
    client: InferenceClient, process: FakeProcess
) -> None:
    client.device = "cpu"
    client.detect(FOLDER, model_input())
    urgency, name, args, _ = process.asked[0]
    assert (urgency, name, args[:2], args[3]) == (Urgency.TRIAGE, "detect", (str(FOLDER), "cpu"), None)


def test_pictures_of_memory_arrive_with_what_they_are(
    qtbot: QtBot, client: InferenceClient, process: FakeProcess
) -> None:
    answers: list[PatchEntries] = []
    client.entries_ready.connect(lambda _, entries: answers.append(entries))
    client.entries(EntriesWanted("key", FOLDER, "adult", 3, (7, 9)))
    pictures = np.zeros((2, 8, 8), dtype=np.float32)
    process.asked[0][3].set_result(pictures)
    qtbot.waitUntil(lambda: bool(answers))
    assert (answers[0].patch, answers[0].slots, answers[0].model) == (3, (7, 9), "adult")
    assert answers[0].pictures is pictures


def test_the_start_of_the_detector_is_shown_and_its_failure_said(
    qtbot: QtBot, client: InferenceClient, process: FakeProcess
) -> None:
    states: list[str] = []
    reports: list[WorkerReport] = []
    notices: list[Notice] = []
    client.state_changed.connect(states.append)
    client.warmed_up.connect(reports.append)
    client._notifier.posted.connect(notices.append)
    client.warm_up(FOLDER)
    process.asked[0][3].set_result(WorkerReport(1, "2", cuda=False))
    qtbot.waitUntil(lambda: bool(reports))
    client.warm_up(FOLDER)
    process.asked[1][3].set_exception(SquidError("The weights are damaged."))
    qtbot.waitUntil(lambda: bool(notices))
    assert states == ["The detector is starting", ""] * 2
    assert notices[0].title == "The weights are damaged."
