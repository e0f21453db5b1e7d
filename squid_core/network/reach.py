"""A connection to another system over DICOM (PS3.8), with TLS where it is configured, and a reason where there is none.

For a child or the command line: it loads pynetdicom.
"""

from __future__ import annotations

import contextlib
import logging
import socket
import ssl
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from pynetdicom import AE, _config, evt
from pynetdicom.association import Association
from pynetdicom.pdu_primitives import SCP_SCU_RoleSelectionNegotiation
from pynetdicom.presentation import PresentationContext

from squid_core.contracts.network import Said
from squid_core.network import words
from squid_core.network.configuration import NetworkSettings, Peer, Tls
from squid_core.network.words import PeerError

CONNECT_SECONDS = 10.0  # for the connection, and again for TLS
ASSOCIATE_SECONDS = 20.0  # for the answer to an association request
ANSWER_SECONDS = 60.0  # for each answer; a large archive takes long over its first
SILENT_SECONDS = 120.0  # after which a connection on which nothing is said is closed
MAX_PDU_BYTES = 131_072  # that is taken
_LOOK_SECONDS = 3.0  # for what a TLS server may say after the handshake
_LIBRARIES = ("pynetdicom", "pydicom", "dicomweb_client", "urllib3", "requests", "retrying")
_NEVER = logging.CRITICAL + 1


def silence_libraries() -> None:
    """Their logs hold data sets, AE titles and addresses: nothing of that is written anywhere."""
    _config.LOG_HANDLER_LEVEL = "none"
    _config.LOG_REQUEST_IDENTIFIERS = _config.LOG_RESPONSE_IDENTIFIERS = False
    for name in _LIBRARIES:
        logger = logging.getLogger(name)
        logger.setLevel(_NEVER)
        logger.propagate = False


def tls_context(tls: Tls | None) -> ssl.SSLContext:
    """For a connection to a peer: its certificate and its host name are checked, always.

    Raises:
        PeerError: the certificates cannot be read.
    """
    tls = tls or Tls()
    try:
        context = ssl.create_default_context(cafile=tls.authority or None)
        context.minimum_version = ssl.TLSVersion.TLSv1_2  # PS3.15 B.9, B.10
        if tls.certificate:
            context.load_cert_chain(tls.certificate, tls.key or None, password=_no_password)
    except (OSError, ValueError) as error:
        raise words.refused(words.UNREADABLE_CERTIFICATES, type(error).__name__) from error
    return context


@contextlib.contextmanager
def associated(
    settings: NetworkSettings,
    peer: Peer,
    contexts: Sequence[PresentationContext],
    *,
    needed: str = "",
    without: str = words.NO_ECHO,
    delivering: Sequence[str] = (),
    on_store: Callable[[evt.Event], Any] | None = None,
) -> Iterator[Association]:
    """An association while the block runs; released at its end, aborted where the block fails.

    Args:
        settings: who calls.
        peer: who is called.
        contexts: presentation contexts that are proposed, at most 128.
        needed: SOP class without which there is no use in it; '' for none.
        without: what is said where that, or every context, was declined.
        delivering: SOP classes that the peer may store on this association (C-GET).
        on_store: what takes them, as pynetdicom's EVT_C_STORE handler.

    Raises:
        PeerError: it did not come about.
    """
    silence_libraries()
    tls = None if peer.tls is None else (tls_context(peer.tls), peer.host)
    entity = AE(settings.calling)
    entity.connection_timeout, entity.acse_timeout = CONNECT_SECONDS, ASSOCIATE_SECONDS
    entity.dimse_timeout, entity.network_timeout = ANSWER_SECONDS, SILENT_SECONDS
    heard: dict[str, Any] = {}

    def connected(event: evt.Event) -> None:
        heard["connected"] = True
        transport = event.assoc.dul.socket
        if transport is not None and transport.socket is not None:  # else each message waits 40 ms for the one before
            transport.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    handlers: list[Any] = [(evt.EVT_CONN_OPEN, connected)]
    if on_store is not None:
        handlers.append((evt.EVT_C_STORE, on_store))
    began = time.monotonic()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)  # pynetdicom leaves a socket that found nobody open
            association = entity.associate(
                peer.host,
                peer.port,
                contexts=list(contexts),
                ae_title=peer.ae_title,
                max_pdu=MAX_PDU_BYTES,
                ext_neg=[_delivering(sop_class) for sop_class in delivering],
                tls_args=tls,
                evt_handlers=handlers,
            )
    except OSError as error:  # the host has no address
        raise PeerError(words.unreached(error)) from error
    if not association.is_established:
        raise PeerError(_why_not(association, peer, tls, heard, without, time.monotonic() - began))
    try:
        _refuse_without(association, needed, without)
        yield association
    except BaseException:
        association.abort()
        raise
    else:
        association.release()
    finally:
        association.join(CONNECT_SECONDS)


def broken_off(association: Association) -> PeerError:
    """Why an answer did not come: the peer went, or said nothing for too long."""
    late = association._sent_abort  # noqa: SLF001 - as pynetdicom ends a silence; it has no other name for it
    return words.failed(words.SILENT if late else words.BROKEN_OFF, "timed out" if late else "aborted")


def _why_not(
    association: Association,
    peer: Peer,
    tls: tuple[ssl.SSLContext, str] | None,
    heard: dict[str, Any],
    without: str,
    seconds: float,
) -> Said:
    """Why an association did not come about."""
    answer = association.acceptor.primitive
    if association.is_rejected and answer is not None:
        return words.rejection(int(answer.result or 0), int(answer.result_source or 0), int(answer.diagnostic or 0))
    if association.rejected_contexts:
        return words.refused(without, "no presentation context").said
    if heard.get("connected"):
        if tls is not None and (said := look(peer.host, peer.port, tls)) is not None:
            return said  # with TLS 1.3 a client's certificate is declined after the handshake
        late = seconds >= ASSOCIATE_SECONDS
        return words.failed(words.NOT_DICOM, "timed out" if late else "aborted").said
    if seconds >= CONNECT_SECONDS:
        return words.failed(words.NO_ANSWER, "timed out").said
    return look(peer.host, peer.port, tls) or words.failed(words.NETWORK_FAILED, "not connected").said


def look(host: str, port: int, tls: tuple[ssl.SSLContext, str] | None) -> Said | None:
    """What is wrong with a connection of which a library does not say it; None where it can be made.

    Args:
        host: where to.
        port: there.
        tls: context and name of the host; None for no TLS.
    """
    try:
        with socket.create_connection((host, port), timeout=CONNECT_SECONDS) as plain:
            if tls is not None:
                with tls[0].wrap_socket(plain, server_hostname=tls[1]) as secured:
                    secured.settimeout(_LOOK_SECONDS)
                    with contextlib.suppress(TimeoutError):  # it waits for a request: all is well
                        secured.recv(1)
    except OSError as error:
        return words.unreached(error)
    return None


def _refuse_without(association: Association, needed: str, without: str) -> None:
    """Raise PeerError where a SOP class that is needed was not accepted."""
    if needed and needed not in {context.abstract_syntax for context in association.accepted_contexts}:
        raise words.refused(without, "no presentation context")


def _delivering(sop_class: str) -> SCP_SCU_RoleSelectionNegotiation:
    role = SCP_SCU_RoleSelectionNegotiation()
    role.sop_class_uid = sop_class
    role.scu_role, role.scp_role = False, True
    return role


def _no_password() -> str:
    """A key with a password is refused, never asked for on a terminal that a child does not have."""
    return ""
