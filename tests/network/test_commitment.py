"""Storage commitment: what lies on the disk is promised, and nothing else; against Orthanc and pynetdicom."""

from __future__ import annotations

import json
import queue
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import pytest
from pydicom.dataset import Dataset
from pydicom.uid import generate_uid
from pynetdicom import AE, evt
from pynetdicom.association import Association
from pynetdicom.sop_class import (  # type: ignore[attr-defined]
    StorageCommitmentPushModel,
    StorageCommitmentPushModelInstance,
)

from squid_core.contracts.network import NodeEventKind
from squid_core.network.configuration import Caller, Peer
from squid_core.network.listening import commitment
from squid_core.network.listening.commitment import ACCEPTED, CLASS_CONFLICT, INVALID, NO_SUCH_OBJECT
from tests.network.nodes import AET, CALLER, Node, running_node, until
from tests.network.peers import LOOPBACK, free_port, running_orthanc
from tests.squid_core.dicom.phantoms import CR, DX, chest, phantom, save, to_bytes


class Asker:
    """A system that asks for commitment on an association, and hears of it there."""

    def __init__(self, association: Association) -> None:
        self.association = association
        self.reports: queue.Queue[tuple[int, Dataset]] = queue.Queue()

    def heard(self, event: evt.Event) -> tuple[int, None]:
        self.reports.put((int(cast(Any, event.request).EventTypeID), event.event_information))
        return ACCEPTED, None

    def asks(self, *objects: tuple[str, str], action: int = 1) -> int:
        asked = Dataset()
        asked.TransactionUID = generate_uid()
        asked.ReferencedSOPSequence = [_reference(*one) for one in objects]
        named = (StorageCommitmentPushModel, StorageCommitmentPushModelInstance)
        status, _ = self.association.send_n_action(asked, action, *named)
        return int(status.Status)


def _reference(sop_class: str, instance: str) -> Dataset:
    item = Dataset()
    item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = sop_class, instance
    return item


@contextmanager
def _asker(node: Node) -> Iterator[Asker]:
    entity = AE(CALLER)
    entity.add_requested_context(StorageCommitmentPushModel)
    asker = Asker(cast(Association, None))
    handlers: list[Any] = [(evt.EVT_N_EVENT_REPORT, asker.heard)]
    asker.association = entity.associate(LOOPBACK, node.port, ae_title=AET, evt_handlers=handlers)
    assert asker.association.is_established
    try:
        yield asker
    finally:
        asker.association.release()


def _film(folder: Path, name: str) -> tuple[str, Path]:
    film = chest(phantom(64, 64))
    return str(film.SOPInstanceUID), save(folder, to_bytes(film), name)


def test_what_is_there_is_promised_and_what_is_not_is_listed(tmp_path: Path) -> None:
    uid, film = _film(tmp_path, "film")
    gone, other = _film(tmp_path, "other")
    with running_node(tmp_path / "incoming", commitment=True) as node:
        assert node.takes(film, other).returncode == 0
        next(path for path in node.whole() if gone.encode() in path.read_bytes()).unlink()
        with _asker(node) as asker:
            assert asker.asks((DX, uid)) == ACCEPTED
            kind, said = asker.reports.get(timeout=10)
            assert kind == commitment.ALL_THERE
            assert [item.ReferencedSOPInstanceUID for item in said.ReferencedSOPSequence] == [uid]
            assert "FailedSOPSequence" not in said

            assert asker.asks((DX, uid), (DX, gone), (CR, uid), (DX, "1.2.3")) == ACCEPTED
            kind, said = asker.reports.get(timeout=10)
            assert kind == commitment.SOME_MISSING
            assert [item.ReferencedSOPInstanceUID for item in said.ReferencedSOPSequence] == [uid]
            failed = [(item.ReferencedSOPInstanceUID, item.FailureReason) for item in said.FailedSOPSequence]
            assert failed == [(gone, NO_SUCH_OBJECT), (uid, CLASS_CONFLICT), ("1.2.3", NO_SUCH_OBJECT)]


def test_nothing_is_promised_of_a_folder_that_is_gone(tmp_path: Path) -> None:
    uid, film = _film(tmp_path, "film")
    with running_node(tmp_path / "incoming", commitment=True) as node:
        assert node.takes(film).returncode == 0
        shutil.rmtree(tmp_path / "incoming")
        with _asker(node) as asker:
            assert asker.asks((DX, uid)) == ACCEPTED
            kind, said = asker.reports.get(timeout=10)
    assert kind == commitment.SOME_MISSING
    assert "ReferencedSOPSequence" not in said


def test_what_is_no_request_is_declined(tmp_path: Path) -> None:
    with running_node(tmp_path, commitment=True) as node, _asker(node) as asker:
        assert asker.asks() == INVALID
        assert asker.asks((DX, "1.2.3"), action=7) == INVALID
        assert asker.asks((DX, "1.2.3")) == ACCEPTED


def test_commitment_is_answered_only_where_that_is_set(tmp_path: Path) -> None:
    with running_node(tmp_path) as node:
        entity = AE(CALLER)
        entity.add_requested_context(StorageCommitmentPushModel)
        association = entity.associate(LOOPBACK, node.port, ae_title=AET)
        assert not association.is_established


def test_a_system_that_is_gone_is_tried_again_and_then_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commitment, "PAUSES", (0.0, 0.1, 0.1))
    peer = Peer(name="PACS", ae_title=CALLER, host=LOOPBACK, port=free_port())
    with running_node(tmp_path, commitment=True, peers=(peer,)) as node:
        with _asker(node) as asker:
            assert asker.asks((DX, "1.2.3")) == ACCEPTED
        until(lambda: node.count(NodeEventKind.FAULT) == 1)
        assert node.sentences(NodeEventKind.FAULT) == {commitment.UNREPORTED}


def test_orthanc_asks_and_is_told_on_a_connection_to_it(tmp_path: Path) -> None:
    port = free_port()
    with running_orthanc(tmp_path / "orthanc", our_port=port) as orthanc:
        peer = Peer(name="Orthanc", ae_title=orthanc.aet, host=LOOPBACK, port=orthanc.dicom_port)
        callers = (Caller(ae_title=orthanc.aet, address=LOOPBACK),)
        uid, film = _film(tmp_path, "film")
        missing, other = _film(tmp_path, "other")
        with running_node(tmp_path / "incoming", commitment=True, peers=(peer,), callers=callers, port=port) as node:
            orthanc.put(film, other)
            assert node.takes(film, calling=orthanc.aet).returncode == 0
            asked = {"DicomInstances": [{"SOPClassUID": DX, "SOPInstanceUID": one} for one in (uid, missing)]}
            path = f"/modalities/{orthanc.modality}/storage-commitment"
            answer = orthanc.ask(path, json.dumps(asked).encode())
            late = time.monotonic() + 15
            while (report := orthanc.ask(answer["Path"]))["Status"] == "Pending" and time.monotonic() < late:
                time.sleep(0.05)
            assert report["Status"] == "Failure"
            assert [one["SOPInstanceUID"] for one in report["Success"]] == [uid]
            assert [one["SOPInstanceUID"] for one in report["Failures"]] == [missing]
            assert NO_SUCH_OBJECT in report["Failures"][0].values()
            assert node.count(NodeEventKind.FAULT) == 0
