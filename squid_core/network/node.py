"""The node: other systems send objects to it, and it writes them into the incoming folder. It alone listens.

For a process of its own, which holds neither Qt nor torch nor a decoder: it loads pynetdicom.
"""

from __future__ import annotations

import contextlib
import errno
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from copy import copy
from pathlib import Path
from socketserver import BaseServer
from typing import Any, cast

from pydicom import uid
from pynetdicom import evt
from pynetdicom.ae import ApplicationEntity
from pynetdicom.presentation import build_context
from pynetdicom.sop_class import StorageCommitmentPushModel, Verification  # type: ignore[attr-defined]
from pynetdicom.transport import AddressInformation, RequestHandler, ThreadedAssociationServer

from squid_core.contracts.errors import SquidError
from squid_core.contracts.network import NodeEvent, NodeEventKind
from squid_core.dicom.header.sopclasses import GRAYSCALE_STATE, RADIOGRAPHS, SECONDARY_CAPTURES
from squid_core.dicom.pixel.syntaxes import READ
from squid_core.network.configuration import Listening, Peer, Tls
from squid_core.network.incoming import Incoming, ObjectTooLargeError
from squid_core.network.listening.admission import Doorkeeper, Refusal, Teller
from squid_core.network.listening.arriving import MAX_REQUEST_PDU, Arrival, BoundedAssociation, BoundedSocket
from squid_core.network.listening.commitment import Committer
from squid_core.network.reach import silence_libraries

STORED_CLASSES = (
    *sorted(RADIOGRAPHS),
    *sorted(SECONDARY_CAPTURES),
    uid.XRayRadiofluoroscopicImageStorage,
    GRAYSCALE_STATE,
    uid.BasicTextSRStorage,
    uid.EnhancedSRStorage,
    uid.ComprehensiveSRStorage,
    uid.Comprehensive3DSRStorage,
    uid.ChestCADSRStorage,
    uid.KeyObjectSelectionDocumentStorage,
    uid.SegmentationStorage,
)
PREFERRED = (uid.ExplicitVRLittleEndian, uid.ImplicitVRLittleEndian)  # no sender need compress, or lose, anything
STORED_SYNTAXES = (*PREFERRED, *sorted(READ - set(PREFERRED)))

SUCCESS, OUT_OF_RESOURCES, NOT_UNDERSTOOD = 0x0000, 0xA700, 0xC000  # PS3.4 table B.2-1
REQUEST_SECONDS = 10.0  # for TLS, and again for the association request (ARTIM)
ANSWER_SECONDS = 10.0  # for the answer to a report of a commitment
STOPPING_SECONDS = 0.8  # for objects that are on their way when it is to stop
ENDING_SECONDS = 2.0  # for connections to end
LOOK_SECONDS = 0.2  # between two looks at whether it is to stop
STACK_BYTES = 1 << 20  # of each thread, of which a connection has two: they count as memory where that is limited
SPACE_SECONDS = 15.0  # between two looks at the disk

BAD_CERTIFICATE = "A connection was closed: it brought no certificate that is trusted here, or no TLS."


def run_node(
    listening: Listening,
    folder: Path,
    tell: Callable[[NodeEvent], None],
    stop: threading.Event,
    peers: Sequence[Peer] = (),
) -> None:
    """Listen until told to stop. What has begun then is finished, or leaves nothing.

    Args:
        listening: how, and to whom.
        folder: the incoming folder.
        tell: is called for one event at a time, on any thread.
        stop: when to stop; nothing listens any more when this function returns.
        peers: to these a storage commitment is reported on a connection of its own, to others on theirs.

    Raises:
        SquidError: it cannot listen, and why.
    """
    if not listening.wanted:
        raise SquidError("No node is configured here.", "Set an AE title and a port in the network settings.")
    silence_libraries()
    incoming = Incoming(folder, listening.free_gb, listening.object_mb)
    incoming.sweep()
    teller = Teller(tell)
    committer = Committer(listening, incoming, peers, teller, stop)
    node = _Node(listening, incoming, teller)
    server = _begin(node, committer)
    stack = threading.stack_size(STACK_BYTES)
    thread = threading.Thread(target=server.serve_forever, args=(LOOK_SECONDS,), name="node accepts", daemon=True)
    thread.start()
    shown = f"[{listening.host}]" if ":" in listening.host else listening.host
    try:
        teller.said(NodeEventKind.LISTENING, f"Listening as {listening.ae_title} on {shown} port {listening.port}.")
        _watch(incoming, teller, stop, thread)
    finally:
        server.shutdown()
        thread.join()
        _end(server)
        with contextlib.suppress(OSError):
            incoming.sweep()
        teller.flush(everything=True)
        threading.stack_size(stack)
        teller.said(NodeEventKind.STOPPED, "Nothing listens any more.")


class _Node:
    """What the connections share."""

    def __init__(self, listening: Listening, incoming: Incoming, teller: Teller) -> None:
        self.listening, self.incoming, self.teller = listening, incoming, teller
        self.gate = Doorkeeper(listening)
        self.tls = None if listening.tls is None else _tls_context(listening.tls)

    def refused(self, refusal: Refusal) -> None:
        """Tell of it."""
        self.teller.said(NodeEventKind.REFUSED, refusal.sentence)

    def store(self, event: evt.Event) -> int:
        """Keep an object that has come; the answer to its C-STORE."""
        request, association = cast(Any, event.request), cast(BoundedAssociation, event.assoc)
        arrival: Arrival | None = request._dataset_file  # noqa: SLF001 - pynetdicom has no other name for it
        if arrival is None:
            return NOT_UNDERSTOOD
        try:
            path = arrival.finish(str(request.AffectedSOPInstanceUID))
        except ObjectTooLargeError as error:
            self.teller.said(NodeEventKind.REFUSED, str(error))
            return OUT_OF_RESOURCES
        except SquidError as error:
            self.teller.said(NodeEventKind.FAULT, str(error))
            return OUT_OF_RESOURCES
        finally:
            association.dimse.ended(arrival)
        self.teller.stored(path)
        return SUCCESS


class _Server(ThreadedAssociationServer):
    """Asks the gate about each connection before anything is read from it."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, *arguments: Any, node: _Node, **options: Any) -> None:  # noqa: ANN401 - pynetdicom's
        self.node = node
        super().__init__(*arguments, **options)

    def get_request(self) -> tuple[Any, Any]:
        """As it comes; TLS begins on the connection's own thread, where it holds up nobody."""
        connection, address = cast(Any, self.socket).accept()
        return connection, address

    def verify_request(self, request: Any, client_address: Any) -> bool:  # noqa: ANN401 - socketserver's
        """Whether it is let in; it is closed otherwise."""
        why_not = self.node.gate.connects(client_address[0])
        if why_not:
            self.node.teller.said(NodeEventKind.REFUSED, why_not)
        return not why_not

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - socketserver's
        """On a thread of its own."""
        try:
            super().process_request(request, client_address)
        except RuntimeError:  # the system gives no more threads
            self.node.gate.leaves()
            raise

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - socketserver's
        """A connection that could not begin has been counted and closed; nothing is written about it."""

    def service_actions(self) -> None:
        """Nothing: what connections leave behind is collected when it must be."""

    def shutdown(self) -> None:
        """Accept nobody any more."""
        BaseServer.shutdown(self)
        self.server_close()


class _Handler(RequestHandler):
    """Makes an association of a connection that was let in."""

    server: Any

    def handle(self) -> None:
        """TLS where it is asked for, then the association on its own thread."""
        node = self.server.node
        begun = False
        try:
            connection = self.request
            connection.settimeout(REQUEST_SECONDS)
            if node.tls is not None:
                connection = node.tls.wrap_socket(connection, server_side=True)
            association = self._associate(connection)
            association.start()
            begun = True
        except OSError:  # ssl.SSLError too
            if node.tls is not None:
                node.teller.said(NodeEventKind.REFUSED, BAD_CERTIFICATE)
            self.server.shutdown_request(self.request)
        finally:
            if not begun:
                node.gate.leaves()

    def _associate(self, connection: Any) -> BoundedAssociation:  # noqa: ANN401 - a socket, or one of ssl's
        node, server = self.server.node, self.server
        association = BoundedAssociation(server.ae, node.incoming, node.gate, node.refused)
        association._server = server  # noqa: SLF001 - as pynetdicom's own handler does
        association.name = f"AcceptorThread@{id(association)}"  # by which the server finds its associations
        most = max(server.ae.maximum_pdu_size, MAX_REQUEST_PDU)
        patience = float(node.listening.idle_seconds)
        association.set_socket(BoundedSocket(association, connection, most, patience))
        acceptor = association.acceptor
        acceptor.maximum_length = server.ae.maximum_pdu_size
        acceptor.ae_title = server.ae_title
        acceptor.address_info = AddressInformation.from_tuple(server.server_address)
        acceptor.implementation_class_uid = server.ae.implementation_class_uid
        acceptor.implementation_version_name = server.ae.implementation_version_name
        acceptor.supported_contexts = [copy(context) for context in server.contexts]
        association.requestor.address_info = AddressInformation.from_tuple(self.client_address)
        for event, handler in server._handlers.items():  # noqa: SLF001 - see above
            if event.is_intervention and handler:
                association.bind(event, *handler)
        return association


def _begin(node: _Node, committer: Committer) -> _Server:
    """A server that listens already.

    Raises:
        SquidError: it cannot.
    """
    listening = node.listening
    entity = ApplicationEntity(listening.ae_title)
    entity.maximum_associations = 1000  # the gate counts
    entity.maximum_pdu_size = listening.pdu_kb * 1024
    entity.acse_timeout = REQUEST_SECONDS
    entity.network_timeout, entity.dimse_timeout = listening.idle_seconds, ANSWER_SECONDS
    contexts = [build_context(Verification, list(PREFERRED))]
    contexts += [build_context(one, list(STORED_SYNTAXES)) for one in STORED_CLASSES]
    handlers: list[Any] = [(evt.EVT_C_STORE, node.store), (evt.EVT_C_ECHO, lambda _: SUCCESS)]
    if listening.commitment:
        contexts.append(build_context(StorageCommitmentPushModel, list(PREFERRED)))
        handlers.append((evt.EVT_N_ACTION, committer.asked))
    try:
        server = entity.make_server(
            (listening.host, listening.port),
            contexts=contexts,
            evt_handlers=handlers,
            server_class=_Server,
            request_handler=_Handler,
            node=node,
        )
    except OSError as error:
        raise _not_listening(error) from error
    return cast(_Server, server)


def _watch(incoming: Incoming, teller: Teller, stop: threading.Event, accepts: threading.Thread) -> None:
    """Until it is to stop: say what has been counted, and when the disk begins to be full or to be gone.

    Raises:
        SquidError: nobody is accepted any more.
    """
    looked, said = -SPACE_SECONDS, ""
    while not stop.wait(LOOK_SECONDS):
        if not accepts.is_alive():
            raise SquidError("The node has stopped listening.", "Start it again.")
        teller.flush()
        if time.monotonic() - looked >= SPACE_SECONDS:
            looked, fault = time.monotonic(), ""
            try:
                incoming.look_at_space()
            except SquidError as error:
                fault = str(error)
            if fault and fault != said:
                teller.said(NodeEventKind.FAULT, fault)
            said = fault


def _end(server: _Server) -> None:
    """Let what is coming come, for a moment; then end every connection, also one that is just beginning."""
    until = time.monotonic() + STOPPING_SECONDS
    while time.monotonic() < until and any(cast(Any, one.dimse).busy for one in server.active_associations):
        time.sleep(0.02)
    until = time.monotonic() + ENDING_SECONDS
    while time.monotonic() < until and (ending := server.active_associations):
        for association in ending:
            association.abort(block=False)
        time.sleep(0.02)


def _tls_context(tls: Tls) -> ssl.SSLContext:
    """TLS in which both sides show a certificate (PS3.15 B.9, B.10).

    Raises:
        SquidError: the certificates cannot be read.
    """
    try:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(tls.authority)
        context.load_cert_chain(tls.certificate, tls.key or None, password=lambda: "")
    except (OSError, ValueError) as error:  # ssl.SSLError too
        raise SquidError(
            "The certificates of the node cannot be read.",
            "Name PEM files: its certificate, its key without a password, the authority of those who may connect.",
            type(error).__name__,
        ) from error
    return context


def _not_listening(error: OSError) -> SquidError:
    said = {
        errno.EADDRINUSE: ("The port is taken by another program.", "End that program, or choose another port."),
        errno.EACCES: ("The system does not give this port to a user's program.", "Choose a port above 1023."),
        errno.EADDRNOTAVAIL: ("This machine has no such address.", "Choose one that it has, or 0.0.0.0 for all."),
    }
    fallback = ("The node cannot listen.", "Look at its address and its port.")
    return SquidError(*said.get(error.errno or 0, fallback), type(error).__name__)
