"""A patient's name, number and UIDs come with the objects and stay in them: in no log, setting or name of a file."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from pydicom import Dataset
from pytestqt.qtbot import QtBot

from app.domain.network import NodeState
from app.headless.phantom import draw
from app.main import Program, application
from app.paths import AppPaths
from squid_core.contracts.network import Meant
from squid_core.network.configuration import (
    Caller,
    Listening,
    NetworkSettings,
    Peer,
    Role,
    SendRule,
    incoming_folder,
    write_settings,
)
from squid_core.network.outbox import Outbox, Outgoing
from tests.app import light_worker
from tests.app.test_canary import ACCESSION, BORN, NAME, NUMBER, SECRETS, found_in
from tests.network.peers import LOOPBACK, Orthanc, free_port, run
from tests.network.squid import squid, squid_node
from tests.squid_core.dicom.phantoms import chest, phantom, save, to_bytes

UID = "1.2.826.0.1.77317731"  # every UID of the objects begins so
TOLD = (*SECRETS, UID)
OBJECTS = ("incoming/", "outbox/")  # they hold whole objects; their names are looked at all the same
STORES = ("network.sqlite", "worklist.sqlite")  # what waits to be sent is checked against it once more
PATIENCE_MS = 90_000


def canary(number: int) -> Dataset:
    """A film that names its patient wherever it can."""
    return chest(
        phantom(64, 64), PatientName=f"{NAME}^PHI", PatientID=NUMBER, AccessionNumber=ACCESSION, PatientBirthDate=BORN,
        StudyDescription=f"of {NAME}", PatientComments=NAME, StudyInstanceUID=f"{UID}.1.{number}",
        SeriesInstanceUID=f"{UID}.2.{number}", SOPInstanceUID=f"{UID}.3.{number}",
    )  # fmt: skip


def filmed(folder: Path, number: int) -> Path:
    film = canary(number)
    film.file_meta.MediaStorageSOPInstanceUID = film.SOPInstanceUID
    return save(folder, film, f"film {number}")


def told(home: Path) -> list[str]:
    """Where something of the patient stands that is neither an object nor a store of the program's."""
    found = [line for line in found_in(home, TOLD) if not line.startswith((*OBJECTS, *STORES))]
    names = [str(path.relative_to(home)).lower() for path in home.rglob("*")]
    return found + [name for name in names for secret in TOLD if secret.lower() in name]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """The program's own folder; at the end neither it nor any other place tells the patient."""
    folder = Path(os.environ["SQUID_VIEWER_HOME"])
    folder.mkdir()
    yield folder
    assert told(folder) == []
    assert found_in(Path(os.environ["TMPDIR"]), TOLD) == []


def test_what_is_received_fetched_and_kept_for_sending_tells_the_patient_nowhere_else(
    orthanc: Orthanc, home: Path, tmp_path: Path
) -> None:
    port = free_port()
    films = [filmed(tmp_path / "films", number) for number in range(3)]
    orthanc.put(films[0])
    write_settings(
        NetworkSettings(
            listening=Listening(ae_title="SQUID", port=port, callers=(Caller(ae_title="PACS", address=LOOPBACK),)),
            peers=(
                Peer(name="PACS", ae_title=orthanc.aet, host=LOOPBACK, port=orthanc.dicom_port),
                Peer(name="Away", ae_title="AWAY", host=LOOPBACK, port=free_port(), roles=frozenset({Role.SEND})),
            ),
        )
    )
    said = tmp_path / "said by the node"
    to_the_node = ("-aec", "SQUID", LOOPBACK, str(port))
    whole = to_bytes(canary(3))
    garbled = save(tmp_path / "films", whole[:600] + b"\xff" * 80 + whole[680:], "garbled")
    with squid_node(port, said):
        assert run("storescu", "-aet", "PACS", *to_the_node, films[1]).returncode == 0
        assert run("storescu", "-aet", NAME, *to_the_node, films[1]).returncode != 0, "a stranger who is called so"
        run("storescu", "-aet", "PACS", *to_the_node, garbled)
        run("storescu", "-aet", "PACS", *to_the_node, films[1], films[2])

    fetched = squid("fetch", "--from", "PACS", "--patient-id", NUMBER)
    assert fetched.returncode == 0, fetched.stdout + fetched.stderr
    failed = squid("fetch", "--from", "PACS", "--study", f"{UID}.1.99")
    results = [
        Outgoing(film, Meant(f"{UID}.3.{number}", f"{UID}.1.{number}", NUMBER), "sr", f"{number:064}")
        for number, film in enumerate(films)
    ]
    assert Outbox(home).add("Away", results, time.time()) == len(films)
    waiting = squid("send", "--waiting")
    assert waiting.returncode != 0, "nobody is there"
    refused = squid("send", save(tmp_path, b"no DICOM of " + NAME.encode(), "letter"), "--to", "PACS")

    came = {path.read_bytes()[-8192:] for path in incoming_folder().rglob("*.dcm")}
    assert {film.read_bytes()[-8192:] for film in films} <= came, "the search above had something to find"
    kept = {path.read_bytes() for path in (home / "outbox").iterdir()}
    assert {film.read_bytes() for film in films} <= kept
    spoken = [text for done in (fetched, failed, waiting, refused) for text in (done.stdout, done.stderr)]
    for text in (said.read_text(), *spoken):
        assert [secret for secret in TOLD if secret.lower() in text.lower()] == []


@pytest.mark.slow  # the whole program, with its children, from what is received to a result that waits
def test_a_window_that_receives_scores_and_keeps_results_for_sending_tells_the_patient_nowhere_else(
    qtbot: QtBot, qapp: object, home: Path, tmp_path: Path
) -> None:
    application()
    port = free_port()
    film = canary(4)
    film.Rows, film.Columns, film.PixelData = 512, 512, draw().tobytes()
    write_settings(
        NetworkSettings(
            listening=Listening(ae_title="SQUID", port=port, callers=(Caller(ae_title="PACS", address=LOOPBACK),)),
            peers=(Peer(name="Away", ae_title="AWAY", host=LOOPBACK, port=free_port(), roles=frozenset({Role.SEND})),),
            rules=(SendRule(peer="Away", kinds=("sr",)),),
        )
    )
    with patch("app.services.detector.client.worker", light_worker):
        program = Program(AppPaths(home), "cpu")
        program.start()
        try:
            holder = program.holder
            qtbot.waitUntil(lambda: holder.state.node.state is NodeState.LISTENING, timeout=PATIENCE_MS)
            sent = run("storescu", "-aet", "PACS", "-aec", "SQUID", LOOPBACK, str(port), save(tmp_path, film, "film"))
            assert sent.returncode == 0, sent.stderr
            qtbot.waitUntil(lambda: holder.state.outbox.waiting == 1, timeout=PATIENCE_MS)
        finally:
            program.close()
    assert [path for path in (home / "outbox").iterdir() if NAME.encode() in path.read_bytes()]
