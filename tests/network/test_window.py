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
from app.domain.network import FetchState, NodeState, SendOrder
from app.headless.phantom import draw
from app.main import Program, application
from app.paths import AppPaths
from squid_core.contracts.network import Outcome, Question, Said
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


def test_asked_fetched_scored_and_sent_back_by_a_rule(
    qtbot: QtBot, start: Callable[[], Program], orthanc: Orthanc, tmp_path: Path
) -> None:
    path, uid = film(tmp_path)
    orthanc.put(path)
    program = start()
    wishes, holder = program.wishes, program.holder
    web = Peer(name="PACS", dicomweb=orthanc.dicomweb)
    settings = NetworkSettings(peers=(web,), rules=(SendRule(peer="PACS"),))
    qtbot.waitUntil(lambda: holder.state.restored, timeout=WAIT_MS)
    wishes.network_settings_changed.emit(settings)
    wishes.peer_tested.emit("PACS")
    qtbot.waitUntil(
        lambda: bool(holder.state.peers_tested) and holder.state.peers_tested[0].said is not None, timeout=WAIT_MS
    )
    said = holder.state.peers_tested[0].said
    assert said is not None
    assert said.outcome is Outcome.DONE

    wishes.studies_asked.emit("PACS", Question(study_instance_uid=uid))
    qtbot.waitUntil(lambda: not holder.state.elsewhere.running, timeout=WAIT_MS)
    assert holder.state.elsewhere.said == Said(Outcome.DONE, "It has answered.")
    assert [study.study_instance_uid for study in holder.state.elsewhere.studies] == [uid]
    wishes.studies_fetched.emit("PACS", (uid,))
    qtbot.waitUntil(lambda: scored(program, uid), timeout=WAIT_MS)
    item = holder.state.fetching.item(uid)
    assert item is not None
    assert (item.state, item.files) == (FetchState.DONE, 1)

    qtbot.waitUntil(lambda: holder.state.outbox.sent == 2 and program.idle, timeout=WAIT_MS)
    assert modalities(orthanc, uid) == ["DX", "OT", "SR"]


def test_what_is_pushed_comes_and_todays_studies_come_by_themselves(
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
        every = Standing(peer="PACS", minutes=1)
        program.wishes.network_settings_changed.emit(settings.model_copy(update={"standing": (every,)}))
        qtbot.waitUntil(lambda: scored(program, other), timeout=WAIT_MS)
        assert program.holder.state.fetching.total == 0  # nobody asked for it by hand
        assert program.notifier.history == ()
        assert program.store.worklist.study(uid) is None  # what was taken off does not come back


def test_results_that_wait_are_sent_once_the_system_is_back(
    qtbot: QtBot, start: Callable[[], Program], tmp_path: Path
) -> None:
    path, uid = film(tmp_path)
    port, http = free_port(), free_port()
    peer = Peer(name="PACS", ae_title="ORTHANC", host=LOOPBACK, port=port)
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
