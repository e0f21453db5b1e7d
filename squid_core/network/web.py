"""Another system over DICOMweb (PS3.18): studies by QIDO-RS, objects by WADO-RS as a stream.

Nothing of the surroundings is taken: no proxy, no .netrc. A password goes to the address that is configured, by TLS,
and nowhere else.
"""

from __future__ import annotations

import io
import ipaddress
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from types import TracebackType
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
from dicomweb_client import DICOMwebClient
from pydicom.datadict import tag_for_keyword
from pydicom.dataset import Dataset
from requests.adapters import HTTPAdapter
from requests.auth import HTTPBasicAuth

from squid_core.contracts.errors import SquidError
from squid_core.contracts.network import FoundStudy, Outcome, Question, Said
from squid_core.dicom.header.elements import ElementEncoding, Walk, base_tag
from squid_core.dicom.header.values import CONVERSION_ERRORS
from squid_core.dicom.leniency import lenient
from squid_core.network import words
from squid_core.network.catalogue import (
    INSTANCE_KEYS,
    MOST_INSTANCES,
    MOST_SERIES,
    NOBODY,
    SERIES_KEYS,
    STUDY_KEYS,
    FoundInstance,
    FoundSeries,
    instance_of,
    matching,
    series_of,
    study_of,
)
from squid_core.network.configuration import Peer
from squid_core.network.reach import ANSWER_SECONDS, CONNECT_SECONDS, look, silence_libraries, tls_context
from squid_core.network.words import PeerError

T = TypeVar("T")

CHUNK_BYTES = 1 << 18
MAX_PART_HEAD = 8_192  # bytes of the header of a part
_PAGE = 1_000  # answers that are asked for at once
_NO_SUCH_PAGE = ("HTTP 400", "HTTP 404", "HTTP 416")
_HEAD_BYTES = 16_384  # of an object, in which its file meta information ends
_PREFIX_AT, _META_AT = 128, 132  # PS3.10 7.1
_META_ENCODING = ElementEncoding(implicit=False, little=True)
_INSTANCE = 0x00020003  # Media Storage SOP Instance UID
_ANY_SYNTAX = 'multipart/related; type="application/dicom"; transfer-syntax=*'


class Web:
    """See `Catalogue`. A context.

    Args:
        peer: has an address of DICOMweb services.
        password: of its user; '' for none.

    Raises:
        PeerError: the password would travel in the clear, the certificates cannot be read, or the address is none.
    """

    def __init__(self, peer: Peer, password: str) -> None:
        silence_libraries()
        self._session = web_session(peer, password)
        self._base = peer.dicomweb.rstrip("/")
        self._tls = peer.tls
        self._no_password = bool(peer.user and not password)
        try:
            self._client = DICOMwebClient(
                self._base, session=self._session, timeout=(CONNECT_SECONDS, ANSWER_SECONDS), permissive_uid=True
            )
        except ValueError as error:
            raise words.refused(words.NOT_FOUND, "no address") from error
        self._client.set_http_retry_params(retry=False)

    def __enter__(self) -> Web:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.close()

    def studies(self, question: Question, modality: str, most: int) -> tuple[list[FoundStudy], bool]:
        """See `Catalogue`."""
        keys, search = matching(question, modality), self._client.search_for_studies
        found = self._listed(
            partial(search, fields=list(STUDY_KEYS), search_filters=keys), STUDY_KEYS, study_of, most + 1
        )
        return found[:most], len(found) > most

    def series(self, study: str) -> list[FoundSeries]:
        """See `Catalogue`."""
        search = partial(self._client.search_for_series, study, fields=list(SERIES_KEYS))
        return self._listed(search, SERIES_KEYS, series_of, MOST_SERIES)

    def instances(self, study: str, series: str) -> list[FoundInstance]:
        """See `Catalogue`."""
        search = partial(self._client.search_for_instances, study, series, fields=list(INSTANCE_KEYS))
        return self._listed(search, INSTANCE_KEYS, instance_of, MOST_INSTANCES)

    def test(self) -> None:
        """A query of nothing.

        Raises:
            PeerError: it fails.
        """
        self.studies(Question(study_instance_uid=NOBODY), "", 1)

    def object(self, study: str, series: str, instance: str) -> Iterator[bytes]:
        """An object's bytes, a Part 10 file in the form in which it lies there; never the whole of it in memory.

        Raises:
            PeerError: it does not come, is cut short, or is another one than was asked for.
        """
        url = f"{self._base}/studies/{study}/series/{series}/instances/{instance}"
        try:
            with self._session.get(
                url, headers={"Accept": _ANY_SYNTAX}, stream=True, timeout=(CONNECT_SECONDS, ANSWER_SECONDS)
            ) as response:
                response.raise_for_status()
                yield from _checked(_body(response), instance)
        except (requests.RequestException, OSError) as error:
            raise self._why(error) from error

    def _listed(
        self, search: Callable[..., Any], keywords: tuple[str, ...], read: Callable[[Dataset], T | None], most: int
    ) -> list[T]:
        """Page by page: a system may answer with less than it was asked for (PS3.18 8.3.4.4), and need not say so."""
        found: dict[T, None] = {}
        asked_for = 0
        while len(found) < most:
            try:
                answers = self._asked(partial(search, limit=min(_PAGE, most - len(found)), offset=asked_for))
            except PeerError as error:
                if asked_for and error.said.detail in _NO_SUCH_PAGE:
                    break
                raise
            before, asked_for = len(found), asked_for + len(answers)
            found.update(dict.fromkeys(_each(answers, keywords, read)))
            if len(found) == before:  # there are no more, or it does not know of pages
                break
        return list(found)

    def _asked(self, question: Callable[[], Any]) -> list[Any]:
        """An answer in JSON.

        Raises:
            PeerError: there is none.
        """
        try:
            answer = question()
        except (requests.exceptions.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
            raise words.refused(words.NOT_DICOMWEB, "no JSON") from error
        except (requests.RequestException, OSError) as error:
            raise self._why(error) from error
        except ValueError as error:
            raise words.refused(words.NOT_DICOMWEB, type(error).__name__) from error
        return answer if isinstance(answer, list) else []

    def _why(self, error: Exception) -> PeerError:
        response = getattr(error, "response", None)
        if response is None:
            cut = isinstance(error, requests.exceptions.ChunkedEncodingError | requests.exceptions.ContentDecodingError)
            return words.failed(words.CUT_SHORT, "cut") if cut else PeerError(self._looked(words.unreached(error)))
        said = words.http_status(int(response.status_code))
        if self._no_password and said.sentence == words.NOT_ALLOWED:
            return words.refused(words.NO_PASSWORD, said.detail)
        return PeerError(said)

    def _looked(self, said: Said) -> Said:
        """With TLS 1.3 a client's certificate is declined after the handshake, and the reason may be lost."""
        parts = urlsplit(self._base)
        if parts.scheme == "https" and parts.hostname and said.sentence in (words.NO_TLS, words.BROKEN_OFF):
            return look(parts.hostname, parts.port or 443, (tls_context(self._tls), parts.hostname)) or said
        return said


def try_web(peer: Peer, password: str) -> Said:
    """Whether a peer's DICOMweb services answer a query of nothing.

    Raises:
        PeerError: they do not.
    """
    with Web(peer, password) as web:
        web.test()
    return Said(Outcome.DONE, words.WORKS)


def web_session(peer: Peer, password: str) -> requests.Session:
    """A session that speaks to the peer's address alone; for `stow` too.

    Raises:
        PeerError: the password would travel in the clear, or the certificates cannot be read.
    """
    session = _OwnSession()
    session.trust_env = False
    session.headers["Accept-Encoding"] = "identity"  # films do not pack: it costs a system most of the time
    parts = urlsplit(peer.dicomweb)
    if peer.user and password:
        if parts.scheme != "https" and not is_loopback(parts.hostname or ""):
            raise words.refused(words.PLAIN_PASSWORD)
        session.auth = HTTPBasicAuth(peer.user.encode(), password.encode())  # of text requests would make Latin-1
    if parts.scheme == "https":
        session.mount("https://", _TlsAdapter(peer))
        if peer.tls is not None and peer.tls.authority:
            session.verify = peer.tls.authority
    return session


def is_loopback(host: str) -> bool:
    """Whether it is this machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class _OwnSession(requests.Session):
    """Follows no redirection to another host, port or scheme: what is configured is what is spoken to."""

    def prepare_request(self, request: requests.Request) -> requests.PreparedRequest:
        prepared = super().prepare_request(request)
        if prepared.url is not None:  # RFC 3986 lets it stand, and Orthanc's DICOMweb 1.7 does not decode it
            prepared.url = prepared.url.replace("%2A", "*")
        return prepared

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        target = super().get_redirect_target(resp)
        if target is not None:
            here, there = urlsplit(resp.url), urlsplit(target)
            elsewhere = there.netloc and (here.scheme, here.netloc) != (there.scheme or here.scheme, there.netloc)
            if elsewhere or resp.request.method != "GET":
                resp.close()
                raise words.refused(words.REDIRECTED, f"HTTP {resp.status_code}")
        return target


class _TlsAdapter(HTTPAdapter):
    """Trusts whom the settings name, or else whom the system trusts."""

    def __init__(self, peer: Peer) -> None:
        self._context = tls_context(peer.tls)
        super().__init__()

    def init_poolmanager(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - as requests has it
        super().init_poolmanager(*args, **options, ssl_context=self._context)


def _body(response: requests.Response) -> Iterator[bytes]:
    """The first part of a multipart answer, or an answer that is one object (PS3.18 8.7.3).

    Raises:
        PeerError: it is neither, or ends within the part.
    """
    stated = response.headers.get("Content-Type", "")
    kind, _, options = stated.partition(";")
    chunks = response.iter_content(CHUNK_BYTES)
    if kind.strip().lower() == "application/dicom":
        return chunks
    if kind.strip().lower() != "multipart/related":
        raise words.refused(words.NOT_DICOMWEB, "Content-Type")
    named = (option.partition("=") for option in options.split(";"))
    boundary = {name.strip().lower(): value.strip().strip('"') for name, _, value in named}.get("boundary", "")
    if not boundary:
        raise words.refused(words.NOT_DICOMWEB, "boundary")
    return first_part(chunks, boundary.encode("latin-1", "replace"))


def first_part(chunks: Iterator[bytes], boundary: bytes) -> Iterator[bytes]:
    """The content of the first part of a multipart message (RFC 2046 5.1), as it comes.

    Raises:
        PeerError: it is none, or ends within the part.
    """
    held, end = b"\r\n", b"\r\n--" + boundary  # the first boundary may stand at the very beginning
    for delimiter in (end, b"\r\n\r\n"):
        while delimiter not in held:
            chunk = next(chunks, None)
            if chunk is None or len(held) > MAX_PART_HEAD + 2 * CHUNK_BYTES:
                raise words.failed(words.CUT_SHORT if chunk is None else words.NOT_DICOMWEB, "multipart")
            held += chunk
        held = held.partition(delimiter)[2]
    while end not in held:
        chunk = next(chunks, None)
        if chunk is None:
            raise words.failed(words.CUT_SHORT, "multipart")
        sure = max(0, len(held) - len(end))  # what cannot be the beginning of a boundary
        if sure:
            yield held[:sure]
        held = held[sure:] + chunk
    yield held.partition(end)[0]


def _checked(chunks: Iterator[bytes], instance: str) -> Iterator[bytes]:
    """The same bytes, if they are a Part 10 file of that instance."""
    head = b""
    for chunk in chunks:
        head += chunk
        if len(head) >= _HEAD_BYTES:
            break
    if head[_PREFIX_AT:_META_AT] != b"DICM":
        raise words.refused(words.NOT_DICOMWEB, "no Part 10 file")
    try:
        meta = Walk(io.BytesIO(head), _META_AT, len(head), _META_ENCODING, {_INSTANCE}, only_group=2).run()
    except SquidError as error:
        raise words.refused(words.NOT_DICOMWEB, "no Part 10 file") from error
    stated = meta.elements.get(base_tag(_INSTANCE))
    if stated is None or (stated.value or b"").strip(b" \0") != instance.encode("ascii"):
        raise words.refused(words.ANOTHER_OBJECT)
    yield head
    yield from chunks


def _each(answers: list[Any], keywords: tuple[str, ...], read: Callable[[Dataset], T | None]) -> list[T]:
    """What each answer says; what makes no sense is left out."""
    read_ones = (read(_dataset(answer, keywords)) for answer in answers if isinstance(answer, Mapping))
    return [one for one in read_ones if one is not None]


def _dataset(answer: Mapping[str, Any], keywords: tuple[str, ...]) -> Dataset:
    """Named elements of the DICOM JSON model (PS3.18 F.2), whatever stands in the others."""
    dataset = Dataset()
    with lenient():
        for keyword in keywords:
            element = answer.get(f"{tag_for_keyword(keyword):08X}")
            stated = element.get("Value") if isinstance(element, Mapping) else None
            texts = [_text(value) for value in stated[:100]] if isinstance(stated, list) else []
            try:
                if any(texts):
                    setattr(dataset, keyword, texts if len(texts) > 1 else texts[0])
            except CONVERSION_ERRORS:
                continue
    return dataset


def _text(value: object) -> str:
    if isinstance(value, Mapping):  # a person's name, F.2.2
        groups = (value.get(group) for group in ("Alphabetic", "Ideographic", "Phonetic"))
        return "=".join(group if isinstance(group, str) else "" for group in groups).rstrip("=")
    return str(value) if isinstance(value, str | int) else ""
