"""The node against DCMTK's storescu: what is sent is there whole, once and in order; who is not listed gets nothing."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.filereader import read_file_meta_info
from pydicom.uid import UID, JPEG2000Lossless

from squid_core.contracts.errors import SquidError
from squid_core.contracts.network import NodeEventKind
from squid_core.network.configuration import Caller, Listening
from squid_core.network.listening import admission
from squid_core.network.node import STORED_CLASSES, STORED_SYNTAXES, run_node
from tests.network.nodes import (
    AET,
    CALLER,
    Node,
    answer,
    connected,
    data_pdu,
    digest,
    request,
    running_node,
    squid_node,
    store_command,
    uid_of,
    until,
)
from tests.network.peers import LOOPBACK, needs, run
from tests.squid_core.dicom.phantoms import CR, DX, SC, chest, phantom, save, to_bytes

SENDERS, EACH = 10, 50


def _studies(folder: Path) -> list[Path]:
    """500 studies in ten folders: small ones, and three that are not."""
    small, large = chest(phantom(64, 64)), chest(phantom(2000, 1500))
    folders = []
    for sender in range(SENDERS):
        (folder / f"{sender}").mkdir(parents=True)
        for number in range(EACH):
            film = large if number == 7 and sender < 3 else small
            uid = f"1.2.826.0.1.{sender}.{number}"
            film.SOPInstanceUID = film.file_meta.MediaStorageSOPInstanceUID = UID(f"{uid}.1")
            film.StudyInstanceUID, film.PatientID = uid, f"P{sender}-{number}"
            film.save_as(folder / f"{sender}" / f"{number:02d}.dcm", enforce_file_format=True)
        folders.append(folder / f"{sender}")
    return folders


def test_five_hundred_studies_by_ten_senders_at_once_are_there_whole_once_and_in_order(tmp_path: Path) -> None:
    needs("storescu")
    folders = _studies(tmp_path / "sent")
    sent = {uid_of(path): digest(path) for folder in folders for path in folder.iterdir()}
    assert len(sent) == SENDERS * EACH
    with running_node(tmp_path / "incoming") as node:
        with ThreadPoolExecutor(SENDERS) as pool:
            done = list(pool.map(lambda one: _push(node, one), folders))
        assert [one.returncode for one in done] == [0] * SENDERS, done[0].stderr
        until(lambda: node.count(NodeEventKind.STORED) == SENDERS * EACH)
        there = node.whole()
        assert {uid_of(path): digest(path) for path in there} == sent
        assert len(there) == SENDERS * EACH
        told = [event.path for event in node.told if event.kind == NodeEventKind.STORED]
        assert Counter(told) == Counter(there)
        for sender in range(SENDERS):  # each has sent its own in order
            of_it = [uid for uid in map(uid_of, there) if uid.startswith(f"1.2.826.0.1.{sender}.")]
            assert of_it == sorted(of_it, key=lambda uid: int(uid.split(".")[-2]))
        assert node.halves() == []
    assert [event.kind for event in node.told if event.kind != NodeEventKind.STORED] == [
        NodeEventKind.LISTENING,
        NodeEventKind.STOPPED,
    ]


def _push(node: Node, folder: Path) -> subprocess.CompletedProcess[str]:
    return run("storescu", "-aet", CALLER, "-aec", AET, LOOPBACK, str(node.port), *sorted(folder.iterdir()))


def test_what_is_sent_again_is_told_and_kept_once(tmp_path: Path) -> None:
    film = save(tmp_path, to_bytes(chest(phantom(64, 64))), "film")
    with running_node(tmp_path / "incoming") as node:
        assert node.takes(film).returncode == 0
        assert node.takes(film).returncode == 0
        until(lambda: node.count(NodeEventKind.STORED) == 2)
        assert len(node.whole()) == 1
        assert [event.path for event in node.told if event.kind == NodeEventKind.STORED] == [node.whole()[0], None]


@pytest.mark.parametrize("sop_class", STORED_CLASSES)
def test_every_class_is_taken_and_an_object_keeps_its_syntax(tmp_path: Path, sop_class: str) -> None:
    contexts = [(1 + 2 * number, sop_class, str(syntax)) for number, syntax in enumerate(STORED_SYNTAXES)]
    body = np.random.default_rng(7).bytes(5000)  # the node looks into no data set
    with running_node(tmp_path) as node, connected(node.port) as peer:
        peer.sendall(request(contexts))
        assert answer(peer)[0] == 2
        for number, _, _ in contexts:
            command = store_command(sop_class, f"1.2.{number}", message=number)
            peer.sendall(data_pdu((number, 3, command)) + data_pdu((number, 0, body[:2000]), (number, 2, body[2000:])))
            assert answer(peer)[0] == 4
        until(lambda: node.count(NodeEventKind.STORED) == len(contexts))
        for path, (number, _, syntax) in zip(node.whole(), contexts, strict=True):
            meta = read_file_meta_info(path)
            assert (meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID) == (sop_class, f"1.2.{number}")
            assert meta.TransferSyntaxUID == syntax
            assert path.read_bytes().endswith(body)


def test_a_compressed_object_comes_as_it_was(tmp_path: Path) -> None:
    film = chest(phantom(64, 64))
    film.compress(JPEG2000Lossless)
    path = save(tmp_path, to_bytes(film), "film")
    with running_node(tmp_path / "incoming") as node:
        sent = run("storescu", "-xv", "-aet", CALLER, "-aec", AET, LOOPBACK, str(node.port), path)
        assert sent.returncode == 0, sent.stderr
        until(lambda: len(node.whole()) == 1)
        assert digest(node.whole()[0]) == digest(path)
        assert dcmread(node.whole()[0]).file_meta.TransferSyntaxUID == JPEG2000Lossless


def test_what_is_no_radiograph_is_not_taken(tmp_path: Path) -> None:
    film = chest(phantom(64, 64))
    film.SOPClassUID = film.file_meta.MediaStorageSOPClassUID = UID("1.2.840.10008.5.1.4.1.1.2")  # CT
    with running_node(tmp_path / "incoming") as node:
        assert node.takes(save(tmp_path, to_bytes(film), "slice")).returncode != 0
        assert node.whole() == []
        assert {CR, DX, SC} <= set(STORED_CLASSES)


@pytest.mark.parametrize(
    ("calling", "called", "reason"),
    [("NOBODY", AET, "Calling AE Title Not Recognized"), (CALLER, "ANY-SCP", "Called AE Title Not Recognized")],
)
def test_who_is_not_listed_is_rejected_with_the_reason(tmp_path: Path, calling: str, called: str, reason: str) -> None:
    with running_node(tmp_path) as node:
        done = run("echoscu", "-aet", calling, "-aec", called, LOOPBACK, str(node.port))
        assert reason in done.stdout + done.stderr
        assert "Rejected Permanent" in done.stdout + done.stderr
        assert node.echoes()
        expected = admission.STRANGE_CALLER if called == AET else admission.STRANGE_CALLED
        assert node.sentences(NodeEventKind.REFUSED) == {expected}


def test_an_address_that_is_not_listed_is_not_even_heard(tmp_path: Path) -> None:
    callers = (Caller(ae_title=CALLER, address="10.9.8.7"),)
    with running_node(tmp_path, callers=callers) as node:
        assert not node.echoes()
        until(lambda: node.count(NodeEventKind.REFUSED) > 0)
        assert node.sentences(NodeEventKind.REFUSED) == {admission.STRANGE_ADDRESS}


def test_more_associations_than_agreed_are_told_to_come_later(tmp_path: Path) -> None:
    verification = [(1, "1.2.840.10008.1.1", "1.2.840.10008.1.2")]
    with running_node(tmp_path, associations=1) as node:
        with connected(node.port) as first:
            first.sendall(request(verification))
            assert answer(first)[0] == 2
            with connected(node.port) as second:
                second.sendall(request(verification))
                assert answer(second)[:10] == b"\x03\0\0\0\0\x04\0\x02\x03\x02"  # transient, local limit exceeded
        until(node.echoes)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"port": 0}, "No node is configured"),
        ({"ae_title": ""}, "No node is configured"),
        ({"host": "192.0.2.1"}, "no such address"),
        ({"tls": {"authority": "/nowhere.pem"}}, "certificates of the node cannot be read"),
    ],
)
def test_why_it_cannot_listen_is_said(tmp_path: Path, change: dict[str, Any], words: str) -> None:
    with running_node(tmp_path, **change) as node:
        assert len(node.failed) == 1
        assert words in str(node.failed[0])
        assert node.told == []


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    with running_node(tmp_path / "one") as node:
        listening = Listening(ae_title=AET, port=node.port)
        with pytest.raises(SquidError, match="taken by another program"):
            run_node(listening, tmp_path / "two", lambda _: None, threading.Event())
        assert node.echoes()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_squid_node_listens_counts_and_ends_cleanly(tmp_path: Path, number: int) -> None:
    needs("storescu")
    film = save(tmp_path, to_bytes(chest(phantom(64, 64))), "film")
    with squid_node(tmp_path / "home") as (port, process):
        sent = run("storescu", "-aet", CALLER, "-aec", AET, LOOPBACK, str(port), film)
        assert sent.returncode == 0, sent.stderr
        assert run("echoscu", "-aet", "DOE", "-aec", AET, LOOPBACK, str(port)).returncode != 0
        with connected(port) as half:  # an object that is on its way when it ends
            half.sendall(request([(1, DX, "1.2.840.10008.1.2")]))
            assert answer(half)[0] == 2
            half.sendall(data_pdu((1, 3, store_command(DX, "1.2.3"))) + data_pdu((1, 0, bytes(10_000))))
            process.send_signal(number)
            out, errors = process.communicate(timeout=20)
    assert process.returncode == 0, errors
    assert errors == ""
    assert out.splitlines() == [admission.STRANGE_CALLER, "Nothing listens any more.", "Objects stored: 1."]
    files = [path for path in (tmp_path / "home" / "incoming").rglob("*") if path.is_file()]
    assert len(files) == 1
    assert digest(files[0]) == digest(film)


def test_squid_node_says_why_it_does_not_listen(tmp_path: Path) -> None:
    def said(*arguments: str) -> str:
        command = [sys.executable, "-m", "squid_core.cli", "node", "--home", str(tmp_path), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 2
        assert done.stdout == ""
        return done.stderr

    assert said() == "squid: No node is configured here. Set an AE title and a port in the network settings.\n"
    assert "There is no such file" in said("--settings", str(tmp_path / "none.json"))
    (tmp_path / "bad.json").write_text("{", encoding="utf-8")
    assert "settings are damaged" in said("--settings", str(tmp_path / "bad.json"))


def test_the_node_holds_no_window_no_network_of_neurons_and_no_decoder() -> None:
    script = (
        "import sys, squid_core.cli\nfrom squid_core.processes.child import shut_out_decoders\nshut_out_decoders()\n"
        "import squid_core.network.node\n"
        "print(*(name for name in ('PySide6', 'torch', 'PIL', 'openjpeg', 'pylibjpeg', 'rle', 'jpeg_ls',"
        " 'cv2', 'imagecodecs', 'SimpleITK', 'highdicom') if sys.modules.get(name) is not None))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ""
