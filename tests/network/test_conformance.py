"""docs/dicom.md on the wire: what a peer hears of the node and of a messenger while an association is made."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydicom.uid import MPEG2MPML, UID, CTImageStorage
from pynetdicom import AE, evt
from pynetdicom.association import Association
from pynetdicom.pdu_primitives import SCP_SCU_RoleSelectionNegotiation
from pynetdicom.presentation import build_context
from pynetdicom.sop_class import (  # type: ignore[attr-defined] # pynetdicom makes these names
    ComputedRadiographyImageStorage,
    StorageCommitmentPushModel,
    StudyRootQueryRetrieveInformationModelFind,
    StudyRootQueryRetrieveInformationModelGet,
    StudyRootQueryRetrieveInformationModelMove,
    Verification,
)

from squid_core.contracts.network import NodeEvent, NodeEventKind
from squid_core.dicom.pixel.syntaxes import READ
from squid_core.network.configuration import Caller, Listening, NetworkSettings, Peer
from squid_core.network.errands import fetch_study, try_peer
from squid_core.network.node import run_node
from tests.network.peers import LOOPBACK, free_port

IMPLEMENTATION = "1.2.826.0.1.3680043.9.3811."  # pynetdicom's root


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Listening]:
    """A node that listens, with storage commitment."""
    callers = (Caller(ae_title="PACS", address=LOOPBACK),)
    listening = Listening(ae_title="SQUID", port=free_port(), callers=callers, commitment=True)
    stop, ready = threading.Event(), threading.Event()

    def tell(event: NodeEvent) -> None:
        if event.kind is NodeEventKind.LISTENING:
            ready.set()

    thread = threading.Thread(target=run_node, args=(listening, tmp_path / "incoming", tell, stop))
    thread.start()
    try:
        assert ready.wait(20)
        yield listening
    finally:
        stop.set()
        thread.join(20)


def associated(node: Listening, *contexts: Any, **options: Any) -> Association:
    caller = AE("PACS")
    made = caller.associate(LOOPBACK, node.port, contexts=list(contexts), ae_title=node.ae_title, **options)
    assert made.is_established
    return made


def test_the_node_says_who_it_is_how_much_it_takes_and_answers_an_echo(node: Listening) -> None:
    association = associated(node, build_context(Verification))
    acceptor = association.acceptor
    assert association.send_c_echo().Status == 0
    association.release()
    assert str(acceptor.implementation_class_uid).startswith(IMPLEMENTATION)
    assert (acceptor.implementation_version_name or "").startswith("PYNETDICOM_3")
    assert acceptor.maximum_length == node.pdu_kb * 1024
    assert acceptor.asynchronous_operations == (1, 1)
    assert (acceptor.sop_class_extended, acceptor.user_identity) == ({}, None)


def test_of_what_is_proposed_the_node_takes_what_it_keeps_the_plainest_first(node: Listening) -> None:
    syntaxes = sorted(READ)
    proposed = [build_context(ComputedRadiographyImageStorage, syntax) for syntax in syntaxes]
    proposed += [
        build_context(ComputedRadiographyImageStorage, syntaxes),
        build_context(ComputedRadiographyImageStorage, MPEG2MPML),
        build_context(CTImageStorage),
        build_context(StudyRootQueryRetrieveInformationModelFind),
        build_context(StudyRootQueryRetrieveInformationModelMove),
        build_context(StorageCommitmentPushModel),
    ]
    association = associated(node, *proposed)
    taken = {one.context_id: one for one in association.accepted_contexts}
    association.release()
    alone = [taken[2 * number + 1].transfer_syntax[0] for number in range(len(syntaxes))]
    assert sorted(alone) == syntaxes
    assert taken[2 * len(syntaxes) + 1].transfer_syntax[0] == UID("1.2.840.10008.1.2.1")
    declined = {one.abstract_syntax: one.result for one in association.rejected_contexts}
    assert declined == {
        ComputedRadiographyImageStorage: 4,  # transfer syntaxes not supported (PS3.8 table 9-18)
        CTImageStorage: 3,  # abstract syntax not supported
        StudyRootQueryRetrieveInformationModelFind: 3,
        StudyRootQueryRetrieveInformationModelMove: 3,
    }
    assert len(taken) == len(syntaxes) + 2, "and storage commitment"


@pytest.fixture
def heard() -> Iterator[tuple[Peer, list[Any]]]:
    """A PACS that takes every association and answers no question; what it was proposed."""
    entity, proposals = AE("PACS"), list[Any]()
    for one in (
        Verification,
        StudyRootQueryRetrieveInformationModelFind,
        StudyRootQueryRetrieveInformationModelGet,
    ):
        entity.add_supported_context(one)
    handlers: list[tuple[Any, Callable[..., Any]]] = [
        (evt.EVT_REQUESTED, lambda event: proposals.append(event.assoc.requestor)),
        (evt.EVT_C_FIND, answered),
    ]
    server = entity.start_server((LOOPBACK, 0), block=False, evt_handlers=handlers)  # type: ignore[arg-type]
    assert server is not None
    try:
        yield Peer(name="PACS", ae_title="PACS", host=LOOPBACK, port=server.server_address[1]), proposals
    finally:
        server.shutdown()


def answered(event: evt.Event) -> Iterator[tuple[int, Any]]:
    """One series with one computed radiograph."""
    question = event.identifier
    answer = type(question)()
    answer.QueryRetrieveLevel = question.QueryRetrieveLevel
    answer.StudyInstanceUID, answer.SeriesInstanceUID = "1.2.3", "1.2.3.4"
    if question.QueryRetrieveLevel == "SERIES":
        answer.Modality = "CR"
    elif question.QueryRetrieveLevel == "IMAGE":
        answer.SOPInstanceUID, answer.SOPClassUID = "1.2.3.4.5", ComputedRadiographyImageStorage
    else:
        return
    yield 0xFF00, answer


def test_a_messenger_proposes_only_what_it_does_and_its_own_name(heard: tuple[Peer, list[Any]], tmp_path: Path) -> None:
    peer, proposals = heard
    settings = NetworkSettings(peers=(peer,))
    try_peer(settings, peer.name, "")
    fetch_study(settings, peer.name, "", "1.2.3", tmp_path / "incoming")
    assert len(proposals) >= 2
    for one in proposals:
        assert one.ae_title == "SQUID"
        assert one.asynchronous_operations == (1, 1)
        assert (one.sop_class_extended, one.user_identity) == ({}, None)
        assert one.maximum_length == 131_072
    getting = [one for one in proposals if ComputedRadiographyImageStorage in one.role_selection]
    assert len(getting) == 1
    roles: dict[UID, SCP_SCU_RoleSelectionNegotiation] = getting[0].role_selection
    assert {uid: (role.scu_role, role.scp_role) for uid, role in roles.items()} == {
        ComputedRadiographyImageStorage: (False, True)
    }
    contexts = [one for one in getting[0].requested_contexts if one.abstract_syntax == ComputedRadiographyImageStorage]
    assert {one.transfer_syntax[0] for one in contexts} == READ
    assert all(len(one.transfer_syntax) == 1 for one in contexts)
