"""The window and a real Orthanc: studies come, are scored, and their results go back under the right study."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from pydicom.uid import generate_uid
from pytestqt.qtbot import QtBot

from app.domain.jobs import JobState
from app.domain.network import NodeState, SendOrder
from app.headless.phantom import draw
from app.main import Program, application
from app.paths import AppPaths
from squid_core.export.request import ExportKind
from squid_core.network.configuration import (
    Caller,
    Listening,
    NetworkSettings,
    Peer,
    Retrieval,
    SendRule,
    Standing,
)
from tests.app import light_worker
from tests.app.test_responsiveness import MOST_SECONDS, Heart
from tests.network.peers import LOOPBACK, Orthanc, free_port, needs, running_orthanc
from tests.squid_core.dicom.phantoms import chest, phantom, save, to_bytes

WAIT_MS = 30_000  # for a machine that has much else to do
PUSHED, SENDERS = 500, 10
BOTH = (ExportKind.STRUCTURED_REPORT, ExportKind.SECONDARY_CAPTURE)


@pytest.fixture
def start(qapp: object, tmp_path: Path) -> Iterator[Callable[[], Program]]:
    """Programs on one folder, one after another; a detector that starts at once."""
    programs: list[Program] = []

    def begin() -> Program:
        for program in programs:
            program.close()
        application()
        programs.append(Program(AppPaths(tmp_path / "home"), "cpu"))
        programs[-1].start()
        return programs[-1]

    with patch("app.services.detector.client.worker", light_worker):
        yield begin
        for program in programs:
            program.close()


def film(folder: Path, name: str = "film", **attributes: Any) -> tuple[Path, str]:
    """A chest radiograph, and the study that it is."""
    uid = generate_uid()
    made = chest(draw(), StudyInstanceUID=uid, SOPInstanceUID=generate_uid(), **attributes)
    return save(folder, made, name), str(uid)


def pacs(orthanc: Orthanc, **how: object) -> Peer:
    return Peer.model_validate(
        {"name": "PACS", "ae_title": orthanc.aet, "host": LOOPBACK, "port": orthanc.dicom_port, **how}
    )


def modalities(orthanc: Orthanc, uid: str) -> list[str]:
    """Of the series that it has of a study, as DICOMweb serves them."""
    series = orthanc.ask(f"/dicom-web/studies/{uid}/series?includefield=Modality")
    return sorted(one["00080060"]["Value"][0] for one in series)


def scored(program: Program, uid: str) -> bool:
    study = program.store.worklist.study(uid)
    return study is not None and study.state is JobState.SCORED


def test_what_is_pushed_comes_todays_studies_come_by_themselves_and_a_rule_sends_their_results_back(
    qtbot: QtBot, start: Callable[[], Program], tmp_path: Path
) -> None:
    port = free_port()
    listening = Listening(
        ae_title="SQUID", port=port, callers=(Caller(ae_title="ORTHANC", address=LOOPBACK),), free_gb=0.1
    )
    with running_orthanc(tmp_path / "orthanc", our_port=port) as orthanc:
        today = f"{date.today():%Y%m%d}"  # noqa: DTZ011 - the day as users have it
        (first, uid), (second, other) = film(tmp_path, "one"), film(tmp_path, "two", StudyDate=today)
        orthanc.put(first, second)
        program = start()
        qtbot.waitUntil(lambda: program.holder.state.restored, timeout=WAIT_MS)
        moved = pacs(orthanc, retrieval=Retrieval.MOVE)
        settings = NetworkSettings(listening=listening, peers=(moved,))
        program.wishes.network_settings_changed.emit(settings)
        qtbot.waitUntil(lambda: program.holder.state.node.state is NodeState.LISTENING, timeout=WAIT_MS)
        program.wishes.studies_fetched.emit("PACS", (uid,))  # by C-MOVE: it is pushed to the node
        qtbot.waitUntil(lambda: scored(program, uid), timeout=WAIT_MS)
        assert program.holder.state.node.received == 1
        program.wishes.remove_requested.emit((uid,))
        qtbot.waitUntil(lambda: program.idle and program.store.worklist.study(uid) is None, timeout=WAIT_MS)

        program = start()
        qtbot.waitUntil(lambda: program.holder.state.node.state is NodeState.LISTENING, timeout=WAIT_MS)
        by_itself = {"standing": (Standing(peer="PACS", minutes=1),), "rules": (SendRule(peer="PACS"),)}
        program.wishes.network_settings_changed.emit(settings.model_copy(update=by_itself))
        qtbot.waitUntil(lambda: scored(program, other), timeout=WAIT_MS)
        assert program.holder.state.fetching.total == 0  # nobody asked for it by hand
        qtbot.waitUntil(lambda: program.holder.state.outbox.sent == 2, timeout=WAIT_MS)
        assert modalities(orthanc, other) == ["DX", "OT", "SR"]
        assert modalities(orthanc, uid) == ["DX"]  # the rule is for what is scored from then on
        assert program.notifier.history == ()
        assert program.store.worklist.study(uid) is None  # what was taken off does not come back


def test_results_that_wait_are_sent_once_the_system_is_back(
    qtbot: QtBot, start: Callable[[], Program], tmp_path: Path
) -> None:
    path, uid = film(tmp_path)
    port, http = free_port(), free_port()
    peer = Peer(name="PACS", dicomweb=f"http://{LOOPBACK}:{http}/dicom-web")
    program = start()
    program.open([path])
    qtbot.waitUntil(lambda: scored(program, uid), timeout=WAIT_MS)
    program.wishes.network_settings_changed.emit(NetworkSettings(peers=(peer,)))
    key = program.store.worklist.studies[0].top_image.key
    program.wishes.results_sent.emit(SendOrder((key,), BOTH, "PACS"))
    qtbot.waitUntil(lambda: program.holder.state.outbox.waiting == 2 and program.idle, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: bool(program.holder.state.peer_faults), timeout=WAIT_MS)

    with running_orthanc(tmp_path / "orthanc", http, port) as orthanc:
        orthanc.put(path)
        program = start()
        qtbot.waitUntil(lambda: program.holder.state.outbox.waiting == 2, timeout=WAIT_MS)
        program.wishes.peer_tested.emit("PACS")  # it answers: its pause is over
        qtbot.waitUntil(lambda: program.holder.state.outbox.sent == 2, timeout=WAIT_MS)
        assert len(modalities(orthanc, uid)) == 3
        assert len(orthanc.instances()) == 3
        assert program.holder.state.peer_faults == {}


def test_five_hundred_studies_pushed_by_ten_at_once_are_in_the_worklist_in_order_of_arrival(
    qtbot: QtBot, start: Callable[[], Program], tmp_path: Path
) -> None:
    program_of_dcmtk, port = needs("storescu"), free_port()
    sound = to_bytes(chest(phantom(64, 64), StudyInstanceUID="1.2.3.100000", SOPInstanceUID="1.2.4.100000"))
    for number in range(PUSHED):
        save(tmp_path / f"sender {number % SENDERS}", sound.replace(b".100000", b".1%05d" % number), f"{number}")
    caller = Caller(ae_title="STORESCU", address=LOOPBACK)
    listening = Listening(ae_title="SQUID", port=port, callers=(caller,), free_gb=0.1)
    program = start()
    qtbot.waitUntil(lambda: program.holder.state.restored, timeout=WAIT_MS)
    program.wishes.network_settings_changed.emit(NetworkSettings(listening=listening))
    qtbot.waitUntil(lambda: program.holder.state.node.state is NodeState.LISTENING, timeout=WAIT_MS)
    heart = Heart()
    address = ("-aec", "SQUID", LOOPBACK, str(port), "+sd")
    senders = [
        subprocess.Popen([program_of_dcmtk, *address, str(tmp_path / f"sender {number}")]) for number in range(SENDERS)
    ]
    try:
        qtbot.waitUntil(lambda: len(program.store.worklist) == PUSHED, timeout=4 * WAIT_MS)
    finally:
        codes = [sender.wait(60) for sender in senders]
    heart.stop()
    assert codes == [0] * SENDERS
    images = sorted(program.store.worklist.images(), key=lambda image: image.arrival)
    assert len(images) == len({image.identity.sop_instance_uid for image in images}) == PUSHED
    names = [image.path.name for image in images]
    assert names == sorted(names)
    assert program.holder.state.node.received == PUSHED
    assert heart.own < MOST_SECONDS, f"paused for {heart.own * 1000:.0f} ms of its own work"
