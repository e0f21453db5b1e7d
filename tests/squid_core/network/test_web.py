"""DICOMweb servers that do not play along; each is one of ours on loopback."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from squid_core.contracts.network import Fetched, Outcome, Question
from squid_core.network import words
from squid_core.network.configuration import Listening, NetworkSettings, Peer
from squid_core.network.errands import fetch_study, find, try_peer
from squid_core.network.web import Web, first_part, is_loopback
from squid_core.network.words import PeerError
from tests.squid_core.dicom.phantoms import chest, phantom, to_bytes
from tests.squid_core.network.certificates import Certificates, make_certificates
from tests.squid_core.network.odd_systems import WebAnswer, WebAsked, settings_of, web

STUDY, SERIES, INSTANCE = "1.2.3", "1.2.3.1", "1.2.3.1.1"
MULTIPART_HEAD = b"--cut\r\nContent-Type: application/dicom\r\n\r\n"
HTML = {"Content-Type": "text/html"}


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("certificates"))


def element(value: Any, vr: str = "UI") -> dict[str, Any]:
    return {"vr": vr, "Value": [value]}


def in_json(*answers: Any) -> WebAnswer:
    return WebAnswer(pieces=(json.dumps(answers).encode(),))


def film(instance: str = INSTANCE) -> bytes:
    uids: dict[str, Any] = {"StudyInstanceUID": STUDY, "SeriesInstanceUID": SERIES, "SOPInstanceUID": instance}
    made = chest(phantom(64, 64), **uids)
    made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID
    return to_bytes(made)


def multipart(*pieces: bytes, end: bytes = b"\r\n--cut--\r\n") -> WebAnswer:
    return WebAnswer(
        headers={"Content-Type": 'multipart/related; type="application/dicom"; boundary=cut'},
        pieces=(MULTIPART_HEAD, *pieces, end),
    )


def holding(answer: WebAnswer) -> Callable[[WebAsked], WebAnswer]:
    """A server that has one film, and answers so when it is asked for it."""

    def told(asked: WebAsked) -> WebAnswer:
        path = asked.path.partition("?")[0]
        if path.endswith("/studies"):
            return in_json({"0020000D": element(STUDY)})
        if path.endswith(f"/studies/{STUDY}/series"):
            return in_json({"0020000E": element(SERIES), "00080060": element("DX", "CS")})
        if path.endswith("/instances"):
            return in_json() if "offset=1" in asked.path else in_json({"00080018": element(INSTANCE)})
        return answer

    return told


def fetch(answer: WebAnswer, folder: Path) -> Fetched:
    with web(holding(answer)) as (peer, _):
        settings = NetworkSettings(peers=(peer,), listening=Listening(free_gb=0.1, object_mb=1))
        return fetch_study(settings, "odd", "", STUDY, folder)


def whole_files(folder: Path) -> list[bytes]:
    assert not list(folder.glob(".*"))
    return [path.read_bytes() for path in folder.rglob("*.dcm")]


def test_a_film_comes_as_it_is_sent_however_it_is_cut(tmp_path: Path) -> None:
    data = film()
    for number, cuts in enumerate(((len(data),), (1, 2, 130, 131), (len(data) - 1,))):
        folder = tmp_path / str(number)
        edges = (0, *cuts, len(data))
        pieces = [data[begin:end] for begin, end in pairwise(edges)]
        came = fetch(multipart(*pieces), folder)
        assert (came.said.outcome, came.files) == (Outcome.DONE, 1)
        assert whole_files(folder) == [data]


def test_a_film_may_come_without_the_envelope(tmp_path: Path) -> None:
    assert fetch(WebAnswer(headers={"Content-Type": "application/dicom"}, pieces=(film(),)), tmp_path).files == 1
    assert whole_files(tmp_path) == [film()]


@pytest.mark.parametrize(
    ("answer", "outcome", "sentence"),
    [
        (multipart(film()[:3000], end=b""), Outcome.FAILED, words.CUT_SHORT),
        (multipart(film()[:20], end=b""), Outcome.FAILED, words.CUT_SHORT),
        (multipart(b"<html>no film</html>"), Outcome.REFUSED, words.NOT_DICOMWEB),
        (multipart(film("1.2.3.1.9")), Outcome.FAILED, words.ANOTHER_OBJECT),
        (multipart(film(), b"0" * 1_000_000), Outcome.FAILED, "An object has more than 1 MB."),
        (WebAnswer(headers={"Content-Type": "application/dicom", "Content-Length": "99999"}, pieces=(film(),)),
         Outcome.FAILED, words.CUT_SHORT),
        (WebAnswer(headers=HTML, pieces=(b"<html>log in</html>",)), Outcome.REFUSED, words.NOT_DICOMWEB),
        (WebAnswer(headers={"Content-Type": "multipart/related"}), Outcome.REFUSED, words.NOT_DICOMWEB),
        (WebAnswer(status=404), Outcome.FAILED, words.NOT_FOUND),
        (WebAnswer(status=503), Outcome.FAILED, words.SERVER_FAILED),
    ],
)  # fmt: skip
def test_what_does_not_come_whole_leaves_nothing(
    answer: WebAnswer, outcome: Outcome, sentence: str, tmp_path: Path
) -> None:
    came = fetch(answer, tmp_path)
    assert (came.said.outcome, came.files, came.missing) == (outcome, 0, 1)
    assert sentence in came.said.sentence
    assert whole_files(tmp_path) == []


@pytest.mark.parametrize(
    ("answer", "outcome", "sentence"),
    [
        (WebAnswer(status=401), Outcome.REFUSED, words.NOT_ALLOWED),
        (WebAnswer(status=403), Outcome.REFUSED, words.FORBIDDEN),
        (WebAnswer(status=404), Outcome.REFUSED, words.NOT_FOUND),
        (WebAnswer(status=500), Outcome.FAILED, words.SERVER_FAILED),
        (WebAnswer(headers=HTML, pieces=(b"<html>log in</html>",)), Outcome.REFUSED, words.NOT_DICOMWEB),
        (WebAnswer(pieces=(b"\xff\xfe[",)), Outcome.REFUSED, words.NOT_DICOMWEB),
        (WebAnswer(pieces=(b"[" * 100_000,)), Outcome.REFUSED, words.NOT_DICOMWEB),
        (WebAnswer(status=302, headers={"Location": "http://elsewhere.example/"}), Outcome.REFUSED, words.REDIRECTED),
        (WebAnswer(status=302, headers={"Location": "//127.0.0.1:1/"}), Outcome.REFUSED, words.REDIRECTED),
        (WebAnswer(status=204, pieces=()), Outcome.DONE, words.WORKS),
    ],
)
def test_a_test_says_what_is_wrong(answer: WebAnswer, outcome: Outcome, sentence: str) -> None:
    with web(lambda _: answer) as (peer, _):
        said = try_peer(settings_of(peer), "odd", "")
    assert (said.outcome, said.sentence) == (outcome, sentence)


def test_a_closed_port() -> None:
    with web(lambda _: WebAnswer()) as (peer, _):
        pass
    assert try_peer(settings_of(peer), "odd", "").sentence == words.CLOSED_PORT
    named = Peer(name="odd", dicomweb="https://no-such-host.invalid/dicom-web")
    assert try_peer(settings_of(named), "odd", "").sentence == words.NO_HOST


def test_a_question_says_what_was_asked_for() -> None:
    with web(lambda _: in_json()) as (peer, asked):
        find(settings_of(peer), "odd", "", Question(patient_name="Müller*", patient_id="a&b=c"), 7)
    question, *_ = asked
    assert "PatientName=M%C3%BCller*&" in question.path
    assert "PatientID=a%26b%3Dc" in question.path
    assert "limit=8" in question.path
    assert question.headers["Accept-Encoding"] == "identity"


@pytest.mark.parametrize("beyond", [200, 204, 404])
def test_a_system_that_answers_with_less_than_it_was_asked_for_is_asked_for_the_rest(beyond: int) -> None:
    def told(asked: WebAsked) -> WebAnswer:
        offset = int(parse_qs(urlsplit(asked.path).query).get("offset", ["0"])[0])
        page = [{"0020000D": element(f"1.2.{number}")} for number in range(offset, min(offset + 3, 8))]
        return in_json(*page) if page else WebAnswer(status=beyond, pieces=(b"[]",) if beyond == 200 else ())

    with web(told) as (peer, asked):
        answer = find(settings_of(peer), "odd", "", Question())
        assert (len(answer.studies), answer.more) == (8, False)
        assert len(asked) == 4
        answer = find(settings_of(peer), "odd", "", Question(), 7)
        assert (len(answer.studies), answer.more) == (7, True)


def test_a_system_that_knows_no_pages_is_not_asked_for_ever() -> None:
    with web(lambda _: in_json({"0020000D": element("1.2.4")})) as (peer, asked):
        assert len(find(settings_of(peer), "odd", "", Question()).studies) == 1
    assert len(asked) == 2


def test_answers_that_make_no_sense_are_left_out() -> None:
    odd: list[Any] = [
        7, None, [], {}, {"0020000D": 7}, {"0020000D": element("../../etc")}, {"0020000D": element(None)},
        {"0020000D": element("1.2.4"), "00100010": element({"Alphabetic": 7, "Ideographic": "王^小东"}, "PN"),
         "00080061": {"vr": "CS", "Value": "CR"}, "00201208": element(-3, "IS"),
         "00100020": element("x\n\u202ey", "LO")},
        {"0020000D": element("1.2.5"), "00100010": element("Doe^Jane", "PN"), "00201208": element(4, "IS"),
         "00080061": {"vr": "CS", "Value": ["DX", "CR"]}, "00100020": {"vr": "LO"}},
    ]  # fmt: skip
    with web(lambda _: in_json(*odd)) as (peer, _):
        answer = find(settings_of(peer), "odd", "", Question())
    assert answer.said.outcome is Outcome.DONE
    told = [
        (one.study_instance_uid, one.patient_name, one.modalities, one.instances, one.patient_id)
        for one in answer.studies
    ]
    assert told == [("1.2.4", "王, 小东", (), None, "x y"), ("1.2.5", "Doe, Jane", ("DX", "CR"), 4, "")]


def test_a_password_goes_to_the_address_alone_and_never_in_the_clear(certificates: Certificates) -> None:
    with web(lambda _: in_json(), certificates.server()) as (peer, asked):
        secured = peer.model_copy(update={"user": "jürgen", "tls": certificates.tls()})
        assert try_peer(settings_of(secured), "odd", "geheim").outcome is Outcome.DONE
        assert asked[0].headers["Authorization"] == "Basic asO8cmdlbjpnZWhlaW0="
    with web(lambda _: in_json()) as (peer, asked):
        assert try_peer(settings_of(peer.model_copy(update={"user": "a"})), "odd", "b").outcome is Outcome.DONE
        assert asked[0].headers["Authorization"]  # to this machine
    plain = Peer(name="odd", dicomweb="http://pacs.invalid/dicom-web", user="a")
    assert try_peer(settings_of(plain), "odd", "b").sentence == words.PLAIN_PASSWORD


def test_nothing_of_the_surroundings_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login x password y\n", encoding="ascii")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", "")
    with web(lambda _: in_json()) as (peer, asked):
        assert try_peer(settings_of(peer), "odd", "").outcome is Outcome.DONE
    assert "Authorization" not in asked[0].headers


def test_a_user_of_whom_no_password_is_kept() -> None:
    with web(lambda _: WebAnswer(status=401)) as (peer, _):
        said = try_peer(settings_of(peer.model_copy(update={"user": "a"})), "odd", "")
    assert (said.outcome, said.sentence) == (Outcome.REFUSED, words.NO_PASSWORD)


@pytest.mark.parametrize(
    ("shown", "trusted", "asks", "sentence"),
    [
        ("server", "stranger", False, words.UNTRUSTED),
        ("elsewhere", "authority", False, words.OTHER_NAME),
        ("old", "authority", False, words.EXPIRED),
        ("server", "authority", True, words.WANTS_CERTIFICATE),
    ],
)
def test_a_certificate_that_is_not_believed(
    certificates: Certificates, shown: str, trusted: str, asks: bool, sentence: str
) -> None:
    with web(lambda _: in_json(), certificates.server(shown, asks=asks)) as (peer, _):
        said = try_peer(settings_of(peer.model_copy(update={"tls": certificates.tls(trusted)})), "odd", "")
    assert (said.outcome, said.sentence) == (Outcome.REFUSED, sentence)


def test_certificates_of_both_ends(certificates: Certificates) -> None:
    with web(lambda _: in_json(), certificates.server(asks=True)) as (peer, _):
        both = peer.model_copy(update={"tls": certificates.tls(shown="client")})
        assert try_peer(settings_of(both), "odd", "").outcome is Outcome.DONE


def test_the_first_part_of_a_message_is_found_wherever_it_is_cut() -> None:
    body = b"\r\n--cu\r\n--\r\n--cut"[:-1] + b"\x00" * 50
    message = b"preamble\r\n--cut\r\nContent-Type: application/dicom\r\n\r\n" + body + b"\r\n--cut--\r\n"
    for size in range(1, len(message) + 1):
        chunks: Iterator[bytes] = (message[begin : begin + size] for begin in range(0, len(message), size))
        assert b"".join(first_part(chunks, b"cut")) == body
    with pytest.raises(PeerError):
        list(first_part(iter([b"a" * (1 << 18)] * 4), b"cut"))


def test_what_a_library_raises_is_no_traceback(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def breaks(*_args: object) -> None:
        raise LookupError("Doe^Jane")

    monkeypatch.setattr(Web, "series", breaks)
    monkeypatch.setattr(Web, "studies", breaks)
    with web(lambda _: in_json()) as (peer, _):
        settings = settings_of(peer)
        said = try_peer(settings, "odd", "")
        assert (
            said == find(settings, "odd", "", Question()).said == fetch_study(settings, "odd", "", "1", tmp_path).said
        )
    assert (said.outcome, said.sentence, said.detail) == (Outcome.FAILED, words.UNFORESEEN, "LookupError")


def test_this_machine_is_known_by_its_names() -> None:
    assert [is_loopback(host) for host in ("localhost", "127.0.0.2", "::1", "pacs", "10.0.0.1", "")] == [
        *(True, True, True),
        *(False, False, False),
    ]
