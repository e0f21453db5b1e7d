"""Storage commitment (PS3.4 J): what lies in the incoming folder is promised, nothing else. For the node only."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from pydicom.dataset import Dataset
from pydicom.errors import InvalidDicomError
from pydicom.filereader import read_file_meta_info
from pynetdicom import evt
from pynetdicom.association import Association
from pynetdicom.presentation import build_context
from pynetdicom.sop_class import (  # type: ignore[attr-defined]
    StorageCommitmentPushModel,
    StorageCommitmentPushModelInstance,
)

from squid_core.contracts.network import NodeEventKind
from squid_core.network.configuration import Listening, NetworkSettings, Peer
from squid_core.network.incoming import Incoming
from squid_core.network.listening.admission import Teller
from squid_core.network.reach import associated

ACCEPTED, INVALID, BUSY = 0x0000, 0x0115, 0x0213  # PS3.7 annex C: success, invalid argument, resource limitation
NO_SUCH_OBJECT, CLASS_CONFLICT = 0x0112, 0x0119  # failure reasons, PS3.3 C.14.1.1
ALL_THERE, SOME_MISSING = 1, 2  # event types, PS3.4 J.3.3
ASK_COMMITMENT = 1
MAX_REFERENCES = 10_000
MAX_PENDING = 32
PAUSES = (0.0, 5.0, 30.0, 120.0)  # seconds before each try at reporting
LEAVE_SECONDS = 0.5  # for a caller to release, who does not mean to hear of it on the same association
UNREPORTED = (
    "A storage commitment could not be reported: the system that asked for it was not reached. "
    "Give its AE title, host and port in the network settings."
)


class Committer:
    """Answers requests for storage commitment.

    Args:
        listening: who we are.
        incoming: where the objects lie.
        peers: systems that are reported to on a connection of its own, by their AE titles.
        teller: is told what could not be reported.
        stop: when nothing is reported any more; who has not heard asks again.
    """

    def __init__(
        self,
        listening: Listening,
        incoming: Incoming,
        peers: Sequence[Peer],
        teller: Teller,
        stop: threading.Event,
    ) -> None:
        self._listening, self._incoming, self._teller, self._stop = listening, incoming, teller, stop
        self._peers = {peer.ae_title: peer for peer in peers if peer.ae_title and peer.host and peer.port}
        self._pending = threading.Semaphore(MAX_PENDING)

    def asked(self, event: evt.Event) -> tuple[int, None]:
        """Take a request (N-ACTION); the report follows once it has been answered."""
        request = cast(Any, event.request)
        if request.ActionTypeID != ASK_COMMITMENT:
            return INVALID, None
        asked = event.action_information
        references = list(asked.get("ReferencedSOPSequence", None) or ())
        if "TransactionUID" not in asked or not 0 < len(references) <= MAX_REFERENCES:
            return INVALID, None
        if not self._pending.acquire(blocking=False):
            return BUSY, None
        association = event.assoc
        caller = str(cast(Any, association.requestor.primitive).calling_ae_title).strip()
        arguments = (association, self._peers.get(caller), str(asked.TransactionUID), references)
        threading.Thread(target=self._report, args=arguments, name="commitment", daemon=True).start()
        return ACCEPTED, None

    def report(self, transaction: str, references: Sequence[Dataset]) -> Dataset:
        """What is there of what was asked for: EventInformation of the N-EVENT-REPORT (PS3.4 table J.3-2)."""
        there: list[Dataset] = []
        missing: list[Dataset] = []
        for reference in references:
            reason = self._missing(reference)
            item = Dataset()
            item.ReferencedSOPClassUID = reference.get("ReferencedSOPClassUID", "")
            item.ReferencedSOPInstanceUID = reference.get("ReferencedSOPInstanceUID", "")
            if reason:
                item.FailureReason = reason
            (missing if reason else there).append(item)
        said = Dataset()
        said.TransactionUID = transaction
        if there:
            said.ReferencedSOPSequence = there
        if missing:
            said.FailedSOPSequence = missing
        return said

    def _missing(self, reference: Dataset) -> int:
        """Why an object cannot be promised; 0 where it lies on the disk, flushed and renamed."""
        instance = str(reference.get("ReferencedSOPInstanceUID", ""))
        path = self._incoming.has(instance) if instance else None
        meta = None if path is None else _meta(path)
        if meta is None or meta.get("MediaStorageSOPInstanceUID") != instance:
            return NO_SUCH_OBJECT
        stated = meta.get("MediaStorageSOPClassUID")
        return 0 if stated == reference.get("ReferencedSOPClassUID") else CLASS_CONFLICT

    def _report(self, association: Association, peer: Peer | None, transaction: str, references: list[Dataset]) -> None:
        try:
            for pause in PAUSES:
                if self._stop.wait(pause):
                    return
                said = self.report(transaction, references)  # anew: it is promised as it is now
                if self._sent(association, peer, said):
                    return
                if peer is None:
                    break
            self._teller.said(NodeEventKind.FAULT, UNREPORTED)
        finally:
            self._pending.release()

    def _sent(self, association: Association, peer: Peer | None, said: Dataset) -> bool:
        """Whether the system that asked knows now."""
        event_type = SOME_MISSING if "FailedSOPSequence" in said else ALL_THERE
        named = (StorageCommitmentPushModel, StorageCommitmentPushModelInstance)
        with contextlib.suppress(Exception):  # pynetdicom raises several kinds where a connection is no more
            if peer is None:
                time.sleep(LEAVE_SECONDS)
                if not association.is_established:
                    return False
                status, _ = association.send_n_event_report(said, event_type, *named)
                return "Status" in status and status.Status == ACCEPTED
            settings, context = NetworkSettings(listening=self._listening), build_context(StorageCommitmentPushModel)
            model = StorageCommitmentPushModel  # of which we are the provider here as well (PS3.4 J.3.3)
            with associated(settings, peer, [context], needed=model, delivering=[model]) as own:
                status, _ = own.send_n_event_report(said, event_type, *named)
                return "Status" in status and status.Status == ACCEPTED
        return False


def _meta(path: Path) -> Dataset | None:
    """What a file says that it is; None where it says nothing any more."""
    try:
        return read_file_meta_info(path)
    except (OSError, InvalidDicomError, ValueError, AttributeError):
        return None
