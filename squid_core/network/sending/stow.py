"""Objects to a system by STOW-RS (PS3.18 10.5), streamed from the disk as they are.

For a child or the command line: it loads requests. dicomweb-client would write each file anew, hold all of them in
memory, and take the answer that some were refused (409) for an error without saying which.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import requests

from squid_core.contracts.network import Outcome, Said
from squid_core.network import words
from squid_core.network.configuration import Peer
from squid_core.network.reach import ANSWER_SECONDS, CONNECT_SECONDS, silence_libraries
from squid_core.network.sending import answers
from squid_core.network.sending.answers import Tally
from squid_core.network.sending.sendable import Sendable
from squid_core.network.web import web_session
from squid_core.network.words import PeerError

AT_ONCE, AT_ONCE_BYTES = 16, 64_000_000  # objects of one request, and their bytes unless one alone has more
ANSWER_BYTES = 4_000_000  # of an answer, which names each object once
_CHUNK = 1 << 18
_ANSWERS = (200, 202, 409)  # all, some or none of them were stored (PS3.18 table 10.5.3-1)
_STORED, _FAILED = "00081199", "00081198"  # Referenced SOP Sequence, Failed SOP Sequence
_UID, _WARNING, _REASON = "00081155", "00081196", "00081197"
_ALL = 200
_BROKEN = 0  # the connection, in the middle
_PERHAPS_OF_ONE = (_BROKEN, 400, 413, 500)
_REFUSED = {400: answers.DECLINED, 413: answers.TOO_LARGE, 415: answers.NO_SUCH_KIND}
_CHANGED, _UNSAID_REASON = 0xB000, 0xC000


def stow(peer: Peer, password: str, files: Sequence[Sendable], tally: Tally) -> None:
    """Send files; what becomes of each goes into the tally."""
    silence_libraries()
    left = list(files)
    try:
        with web_session(peer, password) as session:
            while left:
                now = _of_one_request(left)
                _store(session, peer, now, tally)
                left = left[len(now) :]
    except PeerError as error:
        no_password = peer.user and not password and error.said.sentence == words.NOT_ALLOWED
        said = words.refused(words.NO_PASSWORD, error.said.detail).said if no_password else error.said
        tally.leave((file.uid for file in left if not tally.knows(file.uid)), said)


class Multipart:
    """The body of a request, read from the files as it is sent; `len` is its bytes.

    Args:
        files: one part each.
    """

    def __init__(self, files: Sequence[Path]) -> None:
        self._boundary = secrets.token_hex(24)
        self._head = f"--{self._boundary}\r\nContent-Type: application/dicom\r\n\r\n".encode()
        self._end = f"--{self._boundary}--\r\n".encode()
        self._files = files
        self._length = sum(len(self._head) + file.stat().st_size + 2 for file in files) + len(self._end)
        self._pieces = self._all()
        self._piece, self._at = memoryview(b""), 0

    @property
    def content_type(self) -> str:
        """Of the request."""
        return f'multipart/related; type="application/dicom"; boundary={self._boundary}'

    def __len__(self) -> int:
        return self._length

    def read(self, size: int = -1) -> bytes:
        """The next bytes; fewer than `size` at the end of a piece, none at the end."""
        if self._at == len(self._piece):
            self._piece, self._at = memoryview(next(self._pieces, b"")), 0
        begin, self._at = self._at, len(self._piece) if size < 0 else min(self._at + size, len(self._piece))
        return bytes(self._piece[begin : self._at])

    def _all(self) -> Iterator[bytes]:
        for path in self._files:
            yield self._head
            with path.open("rb") as file:
                while piece := file.read(_CHUNK):
                    yield piece
            yield b"\r\n"
        yield self._end


def _of_one_request(files: Sequence[Sendable]) -> Sequence[Sendable]:
    """The first of them, as many as are sent at once."""
    sizes = 0
    for number, file in enumerate(files[:AT_ONCE]):
        sizes += file.size
        if number and sizes > AT_ONCE_BYTES:
            return files[:number]
    return files[:AT_ONCE]


def _store(session: requests.Session, peer: Peer, files: Sequence[Sendable], tally: Tally) -> None:
    """One request; or one for each, where it may be one of them that all are declined for.

    Raises:
        PeerError: it was not reached, or answers for no object.
    """
    why = Said(Outcome.FAILED, answers.UNABLE)
    try:
        status, answer = _posted(session, peer, [file.path for file in files])
    except PeerError as error:
        if error.said.sentence != words.BROKEN_OFF:
            raise
        status, answer, why = _BROKEN, {}, error.said
    if status in _ANSWERS or _items(answer, _FAILED):
        _note(status, answer, files, tally)
    elif status in _PERHAPS_OF_ONE and len(files) > 1:
        stored = _items(answer, _STORED)  # Orthanc says 400 where one of many is damaged, and stores the others
        _note(status, answer, [file for file in files if file.uid in stored], tally)
        for file in files:
            if file.uid not in stored:
                _store(session, peer, [file], tally)
    elif status in _REFUSED:
        for file in files:
            tally.refuse(file.uid, _REFUSED[status], f"HTTP {status}")
    elif status in _PERHAPS_OF_ONE:
        tally.leave([files[0].uid], why)
    else:
        raise PeerError(words.http_status(status))


def _posted(session: requests.Session, peer: Peer, files: Sequence[Path]) -> tuple[int, Mapping[str, Any]]:
    """HTTP status and the data set that came with it, empty where none is understood.

    Raises:
        PeerError: it was not reached, or broke off.
    """
    try:
        body = Multipart(files)
        with session.post(
            f"{peer.dicomweb.rstrip('/')}/studies",
            data=body,
            headers={"Content-Type": body.content_type, "Accept": "application/dicom+json"},
            timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
            stream=True,
            allow_redirects=False,
        ) as response:
            if response.is_redirect:
                raise words.refused(words.REDIRECTED, f"HTTP {response.status_code}")
            text = b""
            for chunk in response.iter_content(_CHUNK):
                text += chunk
                if len(text) > ANSWER_BYTES:
                    raise words.failed(words.BROKEN_ANSWER, "too long")
            return response.status_code, _understood(text)
    except (requests.RequestException, OSError) as error:
        raise PeerError(words.unreached(error)) from error


def _understood(text: bytes) -> Mapping[str, Any]:
    """An answer in the DICOM JSON model (PS3.18 F.2); some put it into a list."""
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    first = answer[0] if isinstance(answer, list) and answer else answer
    return first if isinstance(first, dict) else {}


def _note(status: int, answer: Mapping[str, Any], files: Sequence[Sendable], tally: Tally) -> None:
    """What became of each (PS3.18 10.5.3.2). Where all went well it need not name them."""
    stored, failed = _items(answer, _STORED), _items(answer, _FAILED)
    for file in files:
        if file.uid in failed:
            reason = failed[file.uid].get(_REASON)
            tally.note(file.uid, reason if isinstance(reason, int) and reason else _UNSAID_REASON)
        elif file.uid in stored:
            tally.note(file.uid, _CHANGED if stored[file.uid].get(_WARNING) else 0)
        elif status == _ALL and not failed:
            tally.note(file.uid, 0)
        else:
            tally.leave([file.uid], Said(Outcome.FAILED, answers.UNSAID, f"HTTP {status}"))


def _items(answer: Mapping[str, Any], sequence: str) -> dict[str, dict[str, Any]]:
    """The items of a sequence by the SOP Instance UID that they name, each value by its tag."""
    found = (_plain(item) for item in _values(answer.get(sequence)) if isinstance(item, dict))
    return {str(item[_UID]): item for item in found if _UID in item}


def _plain(item: Mapping[str, Any]) -> dict[str, Any]:
    """First values by tag."""
    return {tag: values[0] for tag, element in item.items() if (values := _values(element))}


def _values(element: object) -> list[Any]:
    values = element.get("Value") if isinstance(element, dict) else None
    return values if isinstance(values, list) else []
