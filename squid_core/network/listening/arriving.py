"""From the bytes of a connection to whole objects: PDUs and messages within limits, data sets straight into files.

pynetdicom negotiates, keeps the state machine and answers. What it would do without bound is bounded here: it believes
the length of a PDU, keeps a message in memory until it is whole, and waits for a peer that writes slowly. Only the node
loads this.
"""

from __future__ import annotations

import contextlib
import queue
import select
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from pynetdicom.acse import ACSE
from pynetdicom.ae import ApplicationEntity
from pynetdicom.association import Association
from pynetdicom.dimse import DIMSEServiceProvider
from pynetdicom.dimse_messages import C_STORE_RQ, DIMSEMessage
from pynetdicom.dul import DULServiceProvider
from pynetdicom.pdu_primitives import P_DATA
from pynetdicom.transport import AssociationSocket

from squid_core.contracts.errors import SquidError
from squid_core.network.incoming import HalfFile, Incoming, part10_head
from squid_core.network.listening.admission import Doorkeeper, Refusal

MAX_REQUEST_PDU = 1 << 17  # an association request with all it may propose (PS3.8 9.3.2)
MAX_COMMAND_BYTES = 1 << 16
MAX_IDENTIFIER_BYTES = 4 << 20  # data set of a message that is not stored, such as 10 000 references to be committed
MAX_WAITING = 4  # messages of one association that were not answered yet: one is agreed on (PS3.7 D.3.3.3)
PASSED_OVER = 4  # times the largest object: what is read of one that is not kept, so that its sender can be told
REST_SECONDS = 0.05  # of an association on which nothing comes, between two looks at whether it has been too long
BUSY_SECONDS = 0.25  # after something has come
_CLOSING_SECONDS = 5.0
_QUICKACK = getattr(socket, "TCP_QUICKACK", None)


class BadMessageError(Exception):
    """A message that breaks the standard or a limit."""


class BoundedSocket(AssociationSocket):
    """Reads no more than a PDU may have, and waits no longer for all of it than `patience` seconds."""

    def __init__(self, association: Association, client: socket.socket, most: int, patience: float) -> None:
        super().__init__(association, client_socket=client)
        self._most, self._patience = most, patience

    def recv(self, nr_bytes: int) -> bytearray:
        """So many bytes; fewer where the peer has closed.

        Raises:
            OSError: they are too many, or did not come in time; the connection is closed.
        """
        connection = self.socket
        if connection is None:
            return bytearray()
        if nr_bytes > self._most:
            self._shutdown_socket()
            raise OSError("too long a PDU")
        data = bytearray(nr_bytes)
        view, got = memoryview(data), 0
        until = time.monotonic() + self._patience
        while got < nr_bytes:
            connection.settimeout(max(until - time.monotonic(), 0.001))
            try:
                read = connection.recv_into(view[got:])
            except TimeoutError:
                self._shutdown_socket()
                raise
            if not read:
                return data[:got]
            got += read
        if _QUICKACK is not None:  # a peer that waits for it before it sends the rest would wait 40 ms each time
            connection.setsockopt(socket.IPPROTO_TCP, _QUICKACK, 1)
        return data

    def send(self, bytestream: bytes) -> None:
        """Send an answer; a peer that does not read it in time is given up."""
        if self.socket is not None:
            self.socket.settimeout(self._patience)
            super().send(bytestream)


class Arrival:
    """Where the data set of one C-STORE goes as it comes: what pynetdicom takes for its temporary file.

    Attributes:
        error: why it is not kept; the rest of it is passed over then, so that the peer can be told.
    """

    name = ""  # pynetdicom removes the file of that name

    def __init__(self, incoming: Incoming, head: bytes) -> None:
        self.error: SquidError | None = None
        self._part: HalfFile | None = None
        self._most, self._size = incoming.object_bytes, 0
        try:
            self._part = incoming.begin()
        except SquidError as error:
            self.error = error
        self.write(head)

    @property
    def file(self) -> Arrival:
        """What is flushed after each fragment."""
        return self

    def write(self, chunk: bytes) -> None:
        """Take what has come.

        Raises:
            BadMessageError: it goes on and on.
        """
        self._size += len(chunk)
        if self._part is not None and self.error is None:
            try:
                self._part.write(chunk)
            except SquidError as error:
                self.error = error
        elif self._size > PASSED_OVER * self._most:
            raise BadMessageError

    def flush(self) -> None:
        """Nothing: `finish` does."""

    def finish(self, sop_instance_uid: str) -> Path | None:
        """Keep it, as `HalfFile.finish`.

        Raises:
            SquidError: it cannot be kept, or could not.
        """
        if self.error is not None or self._part is None:
            raise self.error or SquidError("An object did not come whole.")
        return self._part.finish(sop_instance_uid)

    def close(self) -> None:
        """Whatever was not finished leaves nothing."""
        if self._part is not None:
            self._part.abandon()


class BoundedDimse(DIMSEServiceProvider):
    """Puts messages together within limits; data sets that are to be stored go to `Incoming` as they come."""

    def __init__(self, association: Association, incoming: Incoming) -> None:
        super().__init__(association)
        self._incoming = incoming
        self._arrivals: list[Arrival] = []  # not kept, refused or abandoned yet
        self._coming: Arrival | None = None  # the one of which more is to come

    @property
    def busy(self) -> bool:
        """Whether an object is coming, or waits to be kept."""
        return bool(self._arrivals)

    def receive_primitive(self, primitive: P_DATA) -> None:
        """Take the fragments of a PDU. What breaks the standard or a limit ends the association, and only that."""
        try:
            for context_id, data in primitive.presentation_data_value_list:
                self._take(context_id, data)
        except Exception:  # noqa: BLE001 - pynetdicom's own decoding raises whatever it meets
            self.message = None
            if self._coming is not None:  # what has come whole is the other thread's
                self._coming.close()
                self.ended(self._coming)
            self.dul.event_queue.put("Evt19")  # invalid PDU: A-P-ABORT

    def ended(self, arrival: Arrival) -> None:
        """It has been kept or refused."""
        if arrival in self._arrivals:
            self._arrivals.remove(arrival)

    def abandon(self) -> None:
        """What has not come whole, or was not answered, leaves nothing."""
        for arrival in list(self._arrivals):
            arrival.close()
            self.ended(arrival)

    def _take(self, context_id: int, data: bytes) -> None:
        message = self.message
        begun = message is not None and message.context_id is not None  # its command is whole
        if data[0] & 1:
            if begun or (message is not None and message.encoded_command_set.tell() + len(data) > MAX_COMMAND_BYTES):
                raise BadMessageError
        elif message is None or message.context_id != context_id or _too_much(message, data):
            raise BadMessageError
        if self.msg_queue.qsize() >= MAX_WAITING or len(self._arrivals) > MAX_WAITING:
            raise BadMessageError
        fragment = P_DATA()
        fragment.presentation_data_value_list.append((context_id, data))
        super().receive_primitive(fragment)
        message = self.message
        if message is None:
            self._coming = None
        if not begun and isinstance(message, C_STORE_RQ):
            arrival = Arrival(self._incoming, _head(message, self.assoc))
            self._arrivals.append(arrival)
            self._coming = arrival
            message._data_set_file = cast(Any, arrival)  # noqa: SLF001 - the place pynetdicom itself has for it


class BoundedAcse(ACSE):
    """Asks the gate before anything is negotiated."""

    def __init__(self, association: BoundedAssociation) -> None:
        super().__init__(association)
        self._visitor = association

    def negotiate_association(self) -> None:
        """Accept or reject."""
        refusal = self._visitor.asks()
        if refusal is None:
            super().negotiate_association()
        else:
            self.send_reject(refusal.result, refusal.source, refusal.reason)
            self.assoc.kill()


class _Waking(queue.Queue[Any]):
    """A queue that wakes whoever waits."""

    def __init__(self, wakes: threading.Event) -> None:
        super().__init__()
        self._wakes = wakes

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:  # noqa: ANN401
        """As a queue has it."""
        super().put(item, block, timeout)
        self._wakes.set()


class _Checkpoint(threading.Event):
    """Where pynetdicom's loop over an association passes each millisecond; here it rests while nothing comes."""

    def __init__(self, wakes: threading.Event, something: Callable[[], bool]) -> None:
        super().__init__()
        self._wakes, self._something = wakes, something

    def wait(self, timeout: float | None = None) -> bool:
        """Until it may go on, and there is something to be done, or it must look whether there is."""
        passed = super().wait(timeout)
        if not self._something():
            self._wakes.wait(REST_SECONDS)
            self._wakes.clear()
        return passed if self.is_set() else self.wait(timeout)


class BoundedDul(DULServiceProvider):
    """Rests while nothing comes; ends the connection where pynetdicom would end its thread with a traceback."""

    def __init__(self, association: Association, wakes: threading.Event) -> None:
        self._active = 0.0
        super().__init__(association)
        self.to_user_queue = _Waking(wakes)

    @property
    def _run_loop_delay(self) -> float:
        """What pynetdicom sleeps between two looks; before that, rest until the peer sends something.

        Not while an answer of ours may be on its way: those come from another thread, which cannot wake this one.
        """
        if self.socket is not None and time.monotonic() - self._active > BUSY_SECONDS:
            with contextlib.suppress(OSError, ValueError):  # it is closed
                select.select([cast(socket.socket, self.socket.socket)], [], [], REST_SECONDS)
        return 0.001

    @_run_loop_delay.setter
    def _run_loop_delay(self, _seconds: float) -> None:
        """As it is here."""

    def _is_transport_event(self) -> bool:
        happened = super()._is_transport_event()
        if happened:
            self._active = time.monotonic()
        return happened

    def _process_recv_primitive(self) -> bool:
        happened = super()._process_recv_primitive()
        if happened:
            self._active = time.monotonic()
        return happened

    def run_reactor(self) -> None:
        """As pynetdicom's."""
        try:
            super().run_reactor()
        except Exception:  # noqa: BLE001 - nothing that a peer sends may do more than end its own connection
            if self.socket is not None:
                self.socket.close()
        finally:
            self.to_user_queue.put(cast(Any, None))  # who waits for a request need not wait any longer


class BoundedAssociation(Association):
    """One connection to the node, from its first byte to the last file.

    Args:
        entity: pynetdicom's.
        incoming: where objects go.
        gate: asked whether it may begin, and told of its end.
        refused: told why not.
    """

    dimse: BoundedDimse

    def __init__(
        self, entity: ApplicationEntity, incoming: Incoming, gate: Doorkeeper, refused: Callable[[Refusal], None]
    ) -> None:
        super().__init__(entity, "acceptor")
        self._gate, self._refused = gate, refused
        self._admitted = False
        wakes = threading.Event()
        self.dul = BoundedDul(self, wakes)
        self.acse = BoundedAcse(self)
        self.dimse = BoundedDimse(self, incoming)
        self.dimse.msg_queue = _Waking(wakes)
        self._reactor_checkpoint = _Checkpoint(wakes, self._has_something)
        self._reactor_checkpoint.set()
        self.acse_timeout, self.network_timeout = entity.acse_timeout, entity.network_timeout  # of the new `dul`

    def _has_something(self) -> bool:
        return not (self.dimse.msg_queue.empty() and self.dul.to_user_queue.empty() and self.dul.is_alive())

    def asks(self) -> Refusal | None:
        """Whether it may begin; None where it may."""
        request = cast(Any, self.requestor.primitive)
        address = str(cast(Any, self.requestor.address_info).address)
        refusal = self._gate.asks(address, request.calling_ae_title, request.called_ae_title)
        self._admitted = refusal is None
        if refusal is not None:
            self._refused(refusal)
        return refusal

    def run_reactor(self) -> None:
        """As pynetdicom's; and at its end nothing is left of it, however it ended."""
        try:
            super().run_reactor()
        except Exception:  # noqa: BLE001 - see BoundedDul
            self.dul.kill_dul()
        finally:
            if self.dul.socket is not None:
                self.dul.socket.close()
            self.dul.kill_dul()
            if self._started_dul and self.dul is not threading.current_thread():
                self.dul.join(_CLOSING_SECONDS)
            self.dimse.abandon()
            if self._admitted:
                self._gate.releases()
            self._gate.leaves()


def _too_much(message: DIMSEMessage, data: bytes) -> bool:
    if isinstance(message, C_STORE_RQ):
        return False  # `Arrival` counts
    held = message.data_set
    return held is None or held.tell() + len(data) > MAX_IDENTIFIER_BYTES


def _head(message: C_STORE_RQ, association: Association) -> bytes:
    command = message.command_set
    context = association._accepted_cx[cast(int, message.context_id)]  # noqa: SLF001 - by its number
    if command.AffectedSOPClassUID != context.abstract_syntax:
        raise BadMessageError
    syntax = context.transfer_syntax[0]
    return part10_head(str(command.AffectedSOPClassUID), str(command.AffectedSOPInstanceUID), str(syntax))
