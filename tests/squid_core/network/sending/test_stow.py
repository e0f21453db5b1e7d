from __future__ import annotations

import base64
import contextlib
import email
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from squid_core.contracts.network import Outcome, Sent
from squid_core.network import words
from squid_core.network.configuration import NetworkSettings, Peer
from squid_core.network.errands import identify, send_files
from squid_core.network.sending import answers, stow
from tests.squid_core.network.sending.test_send import film, films, uids

Reply = tuple[int, object]


@dataclass
class Server:
    """A DICOMweb service that answers as it is told; `requests` are the parts of each request, `heads` its headers."""

    answers: Callable[[list[bytes]], Reply]
    port: int = 0
    requests: list[list[bytes]] = field(default_factory=list)
    heads: list[dict[str, str]] = field(default_factory=list)

    def peer(self, **more: Any) -> NetworkSettings:
        return NetworkSettings(peers=(Peer(name="PACS", dicomweb=f"http://127.0.0.1:{self.port}/rs/", **more),))

    def send(self, *files: Path, password: str = "", **more: Any) -> Sent:
        return send_files(self.peer(**more), "PACS", password, files, identify(files))


@contextlib.contextmanager
def server(answers: Callable[[list[bytes]], Reply]) -> Iterator[Server]:
    made = Server(answers)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
            message = email.message_from_bytes(head + body)
            assert message.is_multipart()
            parts = [part.get_payload(decode=True) for part in message.get_payload()]  # type: ignore[union-attr]
            made.requests.append(parts)  # type: ignore[arg-type]
            made.heads.append({**self.headers, "path": self.path})
            status, answer = made.answers(made.requests[-1])
            if not status:
                self.connection.close()
                return
            text = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            pass

    with Quiet(("127.0.0.1", 0), Handler) as running:
        made.port = running.server_address[1]
        thread = threading.Thread(target=running.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield made
        finally:
            running.shutdown()
            thread.join()


def item(uid: str, **reasons: int) -> dict[str, object]:
    return {
        "00081150": {"vr": "UI", "Value": ["1.2.840.10008.5.1.4.1.1.1.1"]},
        "00081155": {"vr": "UI", "Value": [uid]},
        **{tag[1:]: {"vr": "US", "Value": [reason]} for tag, reason in reasons.items()},
    }


def told(stored: list[object], failed: list[object]) -> dict[str, object]:
    return {"00081199": {"vr": "SQ", "Value": stored}, "00081198": {"vr": "SQ", "Value": failed}}


def test_files_arrive_as_they_are_in_one_request(tmp_path: Path) -> None:
    files = films(tmp_path, 3)
    with server(lambda _: (200, told([item(uid) for uid in uids(files)], []))) as pacs:
        sent = pacs.send(*files)
    assert sent.said.outcome is Outcome.DONE
    assert sent.accepted == uids(files)
    assert pacs.requests == [[file.read_bytes() for file in files]]
    assert pacs.heads[0]["path"] == "/rs/studies"
    assert "Authorization" not in pacs.heads[0]


def test_what_was_refused_is_told_by_object(tmp_path: Path) -> None:
    files = films(tmp_path, 4)
    good, bad, full, unnamed = uids(files)
    answer = told([item(good, _00081196=0xB000)], [item(bad, _00081197=0xA900), item(full, _00081197=0xA700)])
    for status in (202, 409):
        with server(lambda _, status=status: (status, answer)) as pacs:  # type: ignore[misc]
            sent = pacs.send(*files)
        assert sent.accepted == (good,)
        assert sent.refused == {bad: f"{answers.UNFIT} It answered with status A900H."}
        assert sorted(sent.unsent) == sorted((full, unnamed))
        assert sent.said.outcome is Outcome.PARTLY


def test_all_stored_without_a_list_is_believed(tmp_path: Path) -> None:
    files = films(tmp_path, 2)
    for text in (b"", b"<NativeDicomModel/>", b"[[[["):
        with server(lambda _, text=text: (200, text)) as pacs:  # type: ignore[misc]
            assert pacs.send(*files).accepted == uids(files)


@pytest.mark.parametrize("status", [202, 409])
def test_some_stored_without_a_list_is_not(tmp_path: Path, status: int) -> None:
    files = films(tmp_path, 2)
    with server(lambda _: (status, b"")) as pacs:
        sent = pacs.send(*files)
    assert sent.unsent == uids(files)
    assert sent.said.sentence == answers.UNSAID


def test_many_files_take_several_requests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stow, "AT_ONCE", 2)
    files = films(tmp_path, 5)
    with server(lambda _: (200, b"")) as pacs:
        assert pacs.send(*files).accepted == uids(files)
    assert [len(parts) for parts in pacs.requests] == [2, 2, 1]
    monkeypatch.setattr(stow, "AT_ONCE_BYTES", 1)
    with server(lambda _: (200, b"")) as pacs:
        pacs.send(*files)
    assert [len(parts) for parts in pacs.requests] == [1] * 5


@pytest.mark.parametrize(
    ("status", "where", "sentence"),
    [
        (400, "refused", f"{answers.DECLINED} It answered with status HTTP 400."),
        (413, "refused", f"{answers.TOO_LARGE} It answered with status HTTP 413."),
        (500, "unsent", answers.UNABLE),
        (0, "unsent", words.BROKEN_OFF),
    ],
)
def test_one_that_all_are_declined_for_is_found(tmp_path: Path, status: int, where: str, sentence: str) -> None:
    files = films(tmp_path, 3)
    poison = files[1].read_bytes()
    with server(lambda parts: (status, b"") if poison in parts else (200, b"")) as pacs:
        sent = pacs.send(*files)
    assert sent.accepted == (uids(files)[0], uids(files)[2])
    assert tuple(getattr(sent, where)) == (uids(files)[1],)
    assert sent.said.sentence.endswith(sentence)


def test_what_was_stored_although_the_request_was_bad_is_not_sent_again(tmp_path: Path) -> None:
    files = films(tmp_path, 3)
    stored = told([item(uids(files)[0]), item(uids(files)[2])], [])
    with server(lambda parts: (400, stored if len(parts) > 1 else b"")) as pacs:
        sent = pacs.send(*files)
    assert sent.accepted == (uids(files)[0], uids(files)[2])
    assert list(sent.refused) == [uids(files)[1]]
    assert [len(parts) for parts in pacs.requests] == [3, 1]


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (401, words.NOT_ALLOWED),
        (403, words.FORBIDDEN),
        (404, words.NOT_FOUND),
        (503, words.SERVER_FAILED),
        (307, words.REDIRECTED),
    ],
)
def test_what_concerns_all_is_asked_once(tmp_path: Path, status: int, sentence: str) -> None:
    files = films(tmp_path, 3)
    with server(lambda _: (status, b"")) as pacs:
        sent = pacs.send(*files)
    assert len(pacs.requests) == 1
    assert sent.unsent == uids(files)
    assert sent.said.sentence == sentence


def test_a_kind_that_it_does_not_take_is_refused(tmp_path: Path) -> None:
    files = films(tmp_path, 1)
    with server(lambda _: (415, b"")) as pacs:
        assert pacs.send(*files).refused == {
            uids(files)[0]: f"{answers.NO_SUCH_KIND} It answered with status HTTP 415."
        }


SECRET = "a:b\u00fc"  # noqa: S105


def test_a_password_goes_to_this_machine_or_by_tls_only(tmp_path: Path) -> None:
    file = film(tmp_path)
    with server(lambda _: (200, b"")) as pacs:
        pacs.send(file, user="radiology", password=SECRET)
        assert pacs.heads[0]["Authorization"] == "Basic " + base64.b64encode(f"radiology:{SECRET}".encode()).decode()
        away = NetworkSettings(peers=(Peer(name="PACS", dicomweb="http://192.0.2.1/rs", user="radiology"),))
        sent = send_files(away, "PACS", "secret", (file,), identify((file,)))
    assert sent.said.sentence == words.PLAIN_PASSWORD
    assert len(sent.unsent) == 1


def test_a_user_without_a_password_is_told_to_enter_it(tmp_path: Path) -> None:
    with server(lambda _: (401, b"")) as pacs:
        assert pacs.send(film(tmp_path), user="radiology").said.sentence == words.NO_PASSWORD


@pytest.mark.parametrize(
    "answer",
    [[], {"00081198": 1}, {"00081198": {"Value": [1, {"00081155": {"Value": []}}]}}, {"00081199": {"Value": "x"}}],
)
def test_nonsense_is_no_answer(tmp_path: Path, answer: object) -> None:
    with server(lambda _: (202, answer)) as pacs:
        assert pacs.send(film(tmp_path)).said.sentence == answers.UNSAID


def test_an_answer_without_an_end_is_not_read_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stow, "ANSWER_BYTES", 1000)
    with server(lambda _: (200, b" " * 2000)) as pacs:
        assert pacs.send(film(tmp_path)).said.sentence == words.BROKEN_ANSWER


def test_the_body_is_as_long_as_it_says(tmp_path: Path) -> None:
    body = stow.Multipart(films(tmp_path, 2))
    read = b"".join(iter(lambda: body.read(100), b""))
    assert len(read) == len(body)
