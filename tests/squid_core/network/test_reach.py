"""What a system that does not play along is said to do; each is one of ours on loopback."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydicom.dataset import Dataset
from pynetdicom import AE, evt
from pynetdicom.presentation import build_context

from squid_core.contracts.errors import SquidError
from squid_core.contracts.network import Outcome, Question, Said
from squid_core.network import cfind, reach, words
from squid_core.network.configuration import Peer, Role, Tls
from squid_core.network.errands import find, try_peer
from tests.squid_core.network.certificates import Certificates, make_certificates
from tests.squid_core.network.odd_systems import ALWAYS, LOOPBACK, listener, scp, settings_of

# pynetdicom leaves the socket to the garbage collector where the peer was first to close the connection.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <s:ResourceWarning")

GET, SECONDARY = "1.2.840.10008.5.1.4.1.2.2.3", "1.2.840.10008.5.1.4.1.1.7"
ALL = (*ALWAYS, GET, SECONDARY)


def nothing(_event: evt.Event) -> Iterator[tuple[int, None]]:
    yield 0x0000, None


FINDS_NOTHING = [(evt.EVT_C_FIND, nothing)]


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONNECT_SECONDS", "ASSOCIATE_SECONDS", "ANSWER_SECONDS"):
        monkeypatch.setattr(reach, name, 1.0)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("certificates"))


def test_a_system_that_does_all_that_is_wanted_of_it() -> None:
    with scp(FINDS_NOTHING, ALL) as peer:
        assert try_peer(settings_of(peer), "odd", "") == Said(Outcome.DONE, words.WORKS)


@pytest.mark.parametrize(
    ("offered", "roles", "missing"),
    [
        (ALWAYS, {Role.QUERY, Role.SEND}, [words.NO_GET, words.NO_STORE]),
        (ALWAYS[:1], {Role.QUERY, Role.SEND}, [words.NO_FIND, words.NO_GET, words.NO_STORE]),
        ((*ALWAYS, GET), {Role.SEND}, [words.NO_STORE]),
        ((*ALWAYS, GET), {Role.QUERY}, []),
    ],
)
def test_what_a_system_does_not_offer_is_named(offered: tuple[str, ...], roles: set[Role], missing: list[str]) -> None:
    with scp(FINDS_NOTHING, offered) as peer:
        said = try_peer(settings_of(peer.model_copy(update={"roles": frozenset(roles)})), "odd", "")
    expected = " ".join([words.ANSWERS, *missing]) if missing else words.WORKS
    assert (said.outcome, said.sentence) == (Outcome.PARTLY if missing else Outcome.DONE, expected)


def _knows_callers(entity: AE) -> None:
    entity.require_calling_aet = ["SOMEBODY"]


def _checks_its_name(entity: AE) -> None:
    entity.require_called_aet = True


@pytest.mark.parametrize(
    ("change", "outcome", "sentence"),
    [
        (_knows_callers, Outcome.REFUSED, "The calling AE title is not known there."),
        (_checks_its_name, Outcome.REFUSED, "The called AE title is not known there."),
    ],
)
def test_an_association_that_is_rejected(change: Callable[[AE], None], outcome: Outcome, sentence: str) -> None:
    with scp(change=change) as peer:
        said = try_peer(settings_of(peer.model_copy(update={"ae_title": "WRONG"})), "odd", "")
    assert said.outcome is outcome
    assert sentence in said.sentence
    assert said.detail.startswith("A-ASSOCIATE-RJ")


def test_a_system_that_is_full() -> None:
    def narrow(entity: AE) -> None:
        entity.maximum_associations = 1

    with scp(change=narrow) as peer, reach.associated(settings_of(peer), peer, [build_context(ALWAYS[0])]):
        said = try_peer(settings_of(peer), "odd", "")
    assert said.outcome is Outcome.FAILED
    assert "as many connections as it allows" in said.sentence


def test_a_system_that_offers_nothing_of_it() -> None:
    with scp(classes=(SECONDARY,)) as peer:
        answer = find(settings_of(peer), "odd", "", Question())
        assert answer.said == Said(Outcome.REFUSED, words.NO_FIND, "no presentation context")
        only_query = peer.model_copy(update={"roles": frozenset({Role.QUERY})})
        assert try_peer(settings_of(only_query), "odd", "").sentence == words.NO_SERVICE


def _hangs(connection: socket.socket) -> None:
    connection.settimeout(5)
    while connection.recv(4096):
        pass


def _closes(connection: socket.socket) -> None:
    connection.recv(10)


def _speaks_http(connection: socket.socket) -> None:
    connection.recv(4096)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def _aborts(connection: socket.socket) -> None:
    connection.recv(4096)
    connection.sendall(struct.pack(">BBIBBBB", 7, 0, 4, 0, 0, 2, 1))


@pytest.mark.parametrize("answer", [_hangs, _closes, _speaks_http, _aborts])
def test_what_is_no_dicom_port_is_called_so(answer: Callable[[socket.socket], None]) -> None:
    with listener(answer) as peer:
        said = try_peer(settings_of(peer), "odd", "")
    assert (said.outcome, said.sentence) == (Outcome.FAILED, words.NOT_DICOM)


def test_a_closed_port_and_an_unknown_host() -> None:
    with socket.create_server((LOOPBACK, 0)) as server:
        port = server.getsockname()[1]
    closed = Peer(name="odd", ae_title="ODD", host=LOOPBACK, port=port)
    assert try_peer(settings_of(closed), "odd", "") == Said(Outcome.FAILED, words.CLOSED_PORT, "refused")
    nowhere = closed.model_copy(update={"host": "no-such-host.invalid"})
    assert try_peer(settings_of(nowhere), "odd", "").sentence == words.NO_HOST


def test_a_system_that_is_not_configured_is_asked_nothing() -> None:
    with pytest.raises(SquidError, match="No such system"):
        try_peer(settings_of(Peer(name="odd", ae_title="ODD", host=LOOPBACK, port=1)), "other", "")


def _certificates_of(peer: Peer, tls: Tls) -> Peer:
    return peer.model_copy(update={"tls": tls})


def test_a_connection_by_tls_with_certificates_of_both_ends(certificates: Certificates) -> None:
    with scp(FINDS_NOTHING, ALL, tls=certificates.server(asks=True)) as peer:
        said = try_peer(settings_of(_certificates_of(peer, certificates.tls(shown="client"))), "odd", "")
        assert (said.outcome, said.sentence) == (Outcome.DONE, words.WORKS)
        said = try_peer(settings_of(_certificates_of(peer, certificates.tls())), "odd", "")
        assert (said.outcome, said.sentence) == (Outcome.REFUSED, words.WANTS_CERTIFICATE)


@pytest.mark.parametrize(
    ("shown", "trusted", "sentence"),
    [
        ("server", "stranger", words.UNTRUSTED),
        ("elsewhere", "authority", words.OTHER_NAME),
        ("old", "authority", words.EXPIRED),
    ],
)
def test_a_certificate_that_is_not_believed(
    certificates: Certificates, shown: str, trusted: str, sentence: str
) -> None:
    with scp(tls=certificates.server(shown)) as peer:
        said = try_peer(settings_of(_certificates_of(peer, certificates.tls(trusted))), "odd", "")
    assert (said.outcome, said.sentence) == (Outcome.REFUSED, sentence)


def test_tls_where_there_is_none_and_none_where_there_is(certificates: Certificates) -> None:
    with scp() as peer:
        said = try_peer(settings_of(_certificates_of(peer, certificates.tls())), "odd", "")
        assert said.sentence in (words.NO_TLS, words.BROKEN_OFF)
    with scp(tls=certificates.server()) as peer:
        assert try_peer(settings_of(peer), "odd", "").sentence == words.NOT_DICOM


def test_certificates_that_cannot_be_read(tmp_path: Path) -> None:
    gone = Tls(authority=str(tmp_path / "gone.pem"))
    peer = Peer(name="odd", ae_title="ODD", host=LOOPBACK, port=1, tls=gone)
    assert try_peer(settings_of(peer), "odd", "").sentence == words.UNREADABLE_CERTIFICATES
    assert ssl.create_default_context().check_hostname  # what tls_context begins with


def _study(uid: str, **values: Any) -> Dataset:
    dataset = Dataset()
    dataset.QueryRetrieveLevel, dataset.StudyInstanceUID = "STUDY", uid
    for keyword, value in values.items():
        setattr(dataset, keyword, value)
    return dataset


def _found(*datasets: Dataset, last: int = 0x0000) -> list[Any]:
    def answer(_event: evt.Event) -> Iterator[tuple[int, Dataset | None]]:
        for dataset in datasets:
            yield 0xFF00, dataset
        yield last, None

    return [(evt.EVT_C_FIND, answer)]


@pytest.mark.filterwarnings("ignore:Invalid value")
def test_answers_that_make_no_sense_are_left_out_and_text_is_made_harmless() -> None:
    name = "\u202edoe^\x07jane"
    odd = _study("1.2.3", SpecificCharacterSet="ISO_IR 192", PatientName=name, NumberOfStudyRelatedInstances="0")
    odd.ModalitiesInStudy, odd.StudyDate = ["CR", "", "CR", "DX"], "2026.11.30"
    with scp(_found(_study("not a uid"), odd, _study(""))) as peer:
        answer = find(settings_of(peer), "odd", "", Question())
    assert answer.said.outcome is Outcome.DONE
    (study,) = answer.studies
    assert (study.patient_name, study.modalities, study.instances) == ("doe, jane", ("CR", "DX"), 0)
    assert study.study_date == "20261130"


def test_text_is_read_in_the_character_set_it_is_written_in() -> None:
    chinese = _study("1.2.3", SpecificCharacterSet="GB18030", PatientName="Wang^XiaoDong=王^小东")
    wrong = _study("1.2.4", SpecificCharacterSet="ISO_IR 100", PatientID="x")
    wrong.add_new("StudyDescription", "LO", "胸部")
    wrong.SpecificCharacterSet = "ISO_IR 192"
    with scp(_found(chinese, wrong)) as peer:
        studies = find(settings_of(peer), "odd", "", Question()).studies
    assert [(study.patient_name, study.description) for study in studies] == [("Wang, XiaoDong", ""), ("", "胸部")]


def test_a_query_that_fails_in_the_middle_is_said_to_have_failed() -> None:
    with scp(_found(_study("1.2.3"), last=0xA700)) as peer:
        answer = find(settings_of(peer), "odd", "", Question())
    assert (answer.said.outcome, answer.studies) == (Outcome.FAILED, ())
    assert "short of memory" in answer.said.sentence


def test_a_peer_that_aborts_in_the_middle() -> None:
    def aborts(event: evt.Event) -> Iterator[tuple[int, Dataset]]:
        yield 0xFF00, _study("1.2.3")
        event.assoc.abort(block=False)
        yield 0xFF00, _study("1.2.4")

    with scp([(evt.EVT_C_FIND, aborts)]) as peer:
        assert find(settings_of(peer), "odd", "", Question()).said.sentence == words.BROKEN_OFF


def test_a_peer_that_goes_silent_in_the_middle() -> None:
    gone = threading.Event()

    def falls_silent(_event: evt.Event) -> Iterator[tuple[int, Dataset]]:
        yield 0xFF00, _study("1.2.3")
        gone.wait(5)
        yield 0xFF00, _study("1.2.4")

    with scp([(evt.EVT_C_FIND, falls_silent)]) as peer:
        said = find(settings_of(peer), "odd", "", Question()).said
        gone.set()
    assert (said.outcome, said.sentence) == (Outcome.FAILED, words.SILENT)


def test_more_than_was_asked_for_is_cancelled() -> None:
    told: list[int] = []

    def endless(event: evt.Event) -> Iterator[tuple[int, Dataset | None]]:
        for number in range(20_000):
            time.sleep(0.001)  # pynetdicom hears nothing while it has something to send
            if event.is_cancelled:
                yield 0xFE00, None
                return
            told.append(number)
            yield 0xFF00, _study(f"1.2.{number + 1}")
        yield 0x0000, None

    with scp([(evt.EVT_C_FIND, endless)]) as peer:
        answer = find(settings_of(peer), "odd", "", Question(), 20)
    assert (answer.said.outcome, len(answer.studies), answer.more) == (Outcome.DONE, 20, True)
    assert len(told) < 10_000


def test_one_that_does_not_stop_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cfind, "_AFTER_CANCEL", 0.2)

    def deaf(event: evt.Event) -> Iterator[tuple[int, Dataset | None]]:
        for number in range(200_000):
            yield 0xFF00, _study(f"1.2.{number + 1}")

    with scp([(evt.EVT_C_FIND, deaf)]) as peer:
        began = time.monotonic()
        said = find(settings_of(peer), "odd", "", Question(), 20).said
    assert (said.outcome, said.sentence) == (Outcome.FAILED, words.DOES_NOT_STOP)
    assert time.monotonic() - began < 10
