"""Results go to real systems: Orthanc by C-STORE and STOW-RS, and storescp of DCMTK, with and without TLS."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from pydicom import dcmread
from pydicom.uid import JPEGBaseline8Bit, generate_uid

from squid_core.cli import main
from squid_core.contracts.network import Meant, Outcome, Sent
from squid_core.network import words
from squid_core.network.configuration import NetworkSettings, Peer, write_settings
from squid_core.network.errands import identify, send_files
from squid_core.network.outbox import Outbox, OutboxState, Outgoing
from tests.network.peers import LOOPBACK, Orthanc, free_port, running, running_orthanc
from tests.squid_core.dicom.phantoms import chest, encapsulated, jpeg, phantom, save
from tests.squid_core.network.certificates import make_certificates
from tests.squid_core.network.sending.test_send import scp

PACS = "PACS"
NOW = 1_800_000_000.0
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <s:ResourceWarning")  # pynetdicom's, where nobody lets it in


def films(folder: Path, count: int) -> tuple[Path, ...]:
    return tuple(
        save(folder, chest(phantom(32, 40), SOPInstanceUID=generate_uid()), f"film {number}") for number in range(count)
    )


def by_dicom(orthanc: Orthanc) -> NetworkSettings:
    return _settings(Peer(name=PACS, ae_title=orthanc.aet, host=LOOPBACK, port=orthanc.dicom_port))


def by_web(orthanc: Orthanc) -> NetworkSettings:
    return _settings(Peer(name=PACS, dicomweb=orthanc.dicomweb))


def _settings(peer: Peer) -> NetworkSettings:
    return NetworkSettings(peers=(peer,))


def uids(files: tuple[Path, ...]) -> tuple[str, ...]:
    return tuple(meant.sop_instance_uid for meant in identify(files))


def held(orthanc: Orthanc) -> dict[str, str]:
    """What it has, by SOP Instance UID: its own names of them."""
    return {one["MainDicomTags"]["SOPInstanceUID"]: one["ID"] for one in orthanc.ask("/instances?expand")}


@pytest.mark.parametrize("settings", [by_dicom, by_web])
def test_orthanc_has_what_was_sent_as_it_was(orthanc: Orthanc, tmp_path: Path, settings: object) -> None:
    image = phantom(32, 40, bits=8, dtype="uint8")
    pressed = encapsulated(chest(image, bits=8, SOPInstanceUID=generate_uid()), [jpeg(image)], JPEGBaseline8Bit)
    files = (*films(tmp_path, 2), save(tmp_path, pressed, "compressed"))
    assert callable(settings)
    sent: Sent = send_files(settings(orthanc), PACS, "", files, identify(files))
    assert sent.said.outcome is Outcome.DONE, sent
    assert sent.accepted == uids(files)
    for uid, file in zip(uids(files), files, strict=True):
        stored = tmp_path / uid
        stored.write_bytes(orthanc.ask(f"/instances/{held(orthanc)[uid]}/file"))
        assert dcmread(stored) == dcmread(file)
        assert dcmread(stored).file_meta.TransferSyntaxUID == dcmread(file).file_meta.TransferSyntaxUID
    again: Sent = send_files(settings(orthanc), PACS, "", files, identify(files))
    assert again.accepted == uids(files)


def test_orthanc_refuses_by_stow_what_it_cannot_read_and_takes_the_others(orthanc: Orthanc, tmp_path: Path) -> None:
    files = films(tmp_path, 3)
    meant = identify(files)
    data = files[1].read_bytes()
    files[1].write_bytes(data[: len(data) // 2])  # its header is whole, its pixels are cut
    sent = send_files(by_web(orthanc), PACS, "", files, meant)
    assert set(sent.accepted) == {meant[0].sop_instance_uid, meant[2].sop_instance_uid}
    assert list(sent.refused) == [meant[1].sop_instance_uid]
    assert set(sent.accepted) <= held(orthanc).keys()


def test_storescp_takes_everything(tmp_path: Path) -> None:
    port, folder = free_port(), tmp_path / "taken"
    folder.mkdir()
    files = films(tmp_path, 3)
    peer = Peer(name=PACS, ae_title="STORESCP", host=LOOPBACK, port=port)
    with running(["storescp", "-od", str(folder), str(port)], port):
        sent = send_files(_settings(peer), PACS, "", files, identify(files))
    assert sent.accepted == uids(files), sent
    assert {str(dcmread(path).SOPInstanceUID) for path in folder.iterdir()} == set(uids(files))


def test_storescp_that_refuses_all_connections_is_told(tmp_path: Path) -> None:
    port = free_port()
    files = films(tmp_path, 1)
    peer = Peer(name=PACS, ae_title="STORESCP", host=LOOPBACK, port=port)
    with running(["storescp", "--refuse", str(port)], port):
        sent = send_files(_settings(peer), PACS, "", files, identify(files))
    assert sent.unsent == uids(files)
    assert sent.said.sentence


def test_storescp_that_aborts_midway_keeps_what_it_had(tmp_path: Path) -> None:
    port, folder = free_port(), tmp_path / "taken"
    folder.mkdir()
    files = films(tmp_path, 2)
    peer = Peer(name=PACS, ae_title="STORESCP", host=LOOPBACK, port=port)
    with running(["storescp", "--abort-during", "-od", str(folder), str(port)], port):
        sent = send_files(_settings(peer), PACS, "", files, identify(files))
    assert sorted(sent.unsent) == sorted(uids(files))
    assert sent.said.outcome is Outcome.FAILED


def outgoing(file: Path, number: int) -> Outgoing:
    (meant,) = identify((file,))
    return Outgoing(file, meant, "sr", f"digest {number}", "weights")


def drained(outbox: Outbox, settings: NetworkSettings, now: float) -> list[Meant]:
    """Whose objects were offered, until nothing is due."""
    offered: list[Meant] = []
    while (batch := outbox.next_due(now, (PACS,), 2)) is not None:
        offered += batch.meant
        outbox.settle(batch, send_files(settings, PACS, "", batch.files, batch.meant), now)
    return offered


def test_a_pacs_that_is_down_for_an_hour_has_everything_once_when_it_is_back(tmp_path: Path) -> None:
    files = films(tmp_path / "made", 5)
    outbox, now = Outbox(tmp_path / "home"), NOW
    with running_orthanc(tmp_path / "orthanc") as orthanc:
        settings = by_dicom(orthanc)
        outbox.add(PACS, [outgoing(files[0], 0)], now)
        drained(outbox, settings, now)
        assert held(orthanc).keys() == {uids(files)[0]}
    outbox.add(PACS, [outgoing(file, number) for number, file in enumerate(files)], now)
    asked = 0
    while now < NOW + 3600:  # it is down
        asked += len(drained(outbox, settings, now)) > 0
        moment = outbox.next_moment(now, (PACS,))
        assert moment is not None
        assert moment > now
        now = moment
    assert asked == 9
    assert outbox.counts()[OutboxState.WAITING] == 4
    with running_orthanc(tmp_path / "orthanc", orthanc.http_port, orthanc.dicom_port, orthanc.our_port) as back:
        offered = drained(Outbox(tmp_path / "home"), settings, now)  # and this program was started anew
        assert sorted(meant.sop_instance_uid for meant in offered) == sorted(uids(files)[1:])
        assert held(back).keys() == set(uids(files))
        stored = [one for one in back.ask("/changes?limit=1000")["Changes"] if one["ChangeType"] == "NewInstance"]
        assert len(stored) == len(files)
        assert drained(outbox, settings, now + 1e6) == []
    assert outbox.counts()[OutboxState.SENT] == len(files)
    assert list((tmp_path / "home" / "outbox").iterdir()) == []


KILLED_AT = {
    "two of five are accepted": """
from squid_core.network.sending.answers import Tally
real, seen = Tally.note, []
def note(*arguments):
    real(*arguments)
    seen.append(1)
    if len(seen) == 2:
        die()
Tally.note = note
""",
    "accepted and not noted": """
from squid_core.network.outbox import Outbox
Outbox.settle = lambda *_: die()
""",
}


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="the system has no SIGKILL")
def test_killed_while_it_sends_nothing_is_lost_or_doubled(orthanc: Orthanc, tmp_path: Path) -> None:
    for point, patch in KILLED_AT.items():
        home, files = tmp_path / point, films(tmp_path / f"made {point}", 5)
        write_settings(by_dicom(orthanc), home)
        Outbox(home).add(PACS, [outgoing(file, number) for number, file in enumerate(files)], NOW)
        before = new_instances(orthanc)
        script = f"import os, signal\ndef die(): os.kill(os.getpid(), signal.SIGKILL)\n{patch}\n{COMMAND}"
        killed = subprocess.run([sys.executable, "-c", script, "send", "--waiting", "--home", str(home)], timeout=60)
        assert killed.returncode == -signal.SIGKILL, point
        assert main(["send", "--waiting", "--home", str(home)]) == 0, point
        assert held(orthanc).keys() >= set(uids(files)), point
        assert new_instances(orthanc) == before + len(files), point
        assert list((home / "outbox").iterdir()) == [], point


COMMAND = "from squid_core.cli import main\nraise SystemExit(main())"


def new_instances(orthanc: Orthanc) -> int:
    """How many objects it has taken in as new ever since it was started."""
    changes = orthanc.ask("/changes?limit=10000")["Changes"]
    return sum(one["ChangeType"] == "NewInstance" for one in changes)


def test_two_programs_at_once_send_each_object_once(tmp_path: Path) -> None:
    files, home = films(tmp_path / "made", 30), tmp_path / "home"
    with scp() as pacs:
        write_settings(pacs.settings, home)
        Outbox(home).add(PACS, [outgoing(file, number) for number, file in enumerate(files)], NOW)
        command = [sys.executable, "-c", COMMAND, "send", "--waiting", "--home", str(home)]
        programs = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for _ in range(2)]
        assert 0 in [program.wait(60) for program in programs]
        assert {uid: len(got) for uid, got in pacs.got.items()} == dict.fromkeys(uids(files), 1)


def test_storescp_with_tls_wants_a_certificate_that_it_knows(tmp_path: Path) -> None:
    port, folder = free_port(), tmp_path / "taken"
    folder.mkdir()
    made = make_certificates(tmp_path)
    files = films(tmp_path / "made", 2)
    peer = Peer(name=PACS, ae_title="STORESCP", host=LOOPBACK, port=port)
    pem = [str(tmp_path / name) for name in ("server.key", "server.pem", "authority.pem")]
    command = ["storescp", "+tls", pem[0], pem[1], "+cf", pem[2], "-rc", "-od", str(folder), str(port)]
    with running(command, port):
        for tls, sentence in (
            (made.tls("stranger", "client"), words.UNTRUSTED),
            (made.tls("authority"), words.WANTS_CERTIFICATE),
            (None, None),
        ):
            sent = _sent(peer.model_copy(update={"tls": tls}), files)
            assert sent.unsent == uids(files)
            assert sentence in (None, sent.said.sentence)
        sent = _sent(peer.model_copy(update={"tls": made.tls("authority", "client")}), files)
    assert sent.accepted == uids(files), sent
    assert len(list(folder.iterdir())) == len(files)


def _sent(peer: Peer, files: tuple[Path, ...]) -> Sent:
    return send_files(_settings(peer), PACS, "", files, identify(files))
