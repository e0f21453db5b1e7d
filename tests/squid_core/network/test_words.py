from __future__ import annotations

import errno
import socket
import ssl

import pytest
import requests

from squid_core.contracts.network import Outcome, Said
from squid_core.network import words


@pytest.mark.parametrize(
    ("result", "source", "reason", "outcome", "sentence"),
    [
        (1, 1, 7, Outcome.REFUSED, "The called AE title is not known there."),
        (1, 1, 3, Outcome.REFUSED, "The calling AE title is not known there."),
        (1, 1, 2, Outcome.REFUSED, "another protocol"),
        (1, 1, 1, Outcome.REFUSED, "without a reason"),
        (1, 2, 2, Outcome.REFUSED, "another version"),
        (2, 1, 1, Outcome.FAILED, "for now"),
        (2, 3, 1, Outcome.FAILED, "too busy"),
        (1, 3, 2, Outcome.FAILED, "as many connections"),
        (9, 9, 9, Outcome.REFUSED, "without a reason"),
    ],
)
def test_a_rejected_association(result: int, source: int, reason: int, outcome: Outcome, sentence: str) -> None:
    said = words.rejection(result, source, reason)
    assert said.outcome is outcome
    assert sentence in said.sentence


def _verification(code: int) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError()
    error.verify_code = code
    return error


def _alert(reason: str) -> ssl.SSLError:
    error = ssl.SSLError()
    error.reason = reason
    return error


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (ConnectionRefusedError(), words.CLOSED_PORT),
        (ConnectionResetError(), words.BROKEN_OFF),
        (BrokenPipeError(), words.BROKEN_OFF),
        (TimeoutError(), words.NO_ANSWER),
        (socket.gaierror(-2, "unknown"), words.NO_HOST),
        (OSError(errno.EHOSTUNREACH, "no route"), words.NO_ROUTE),
        (OSError(errno.ENETUNREACH, "no network"), words.NO_ROUTE),
        (OSError(errno.EIO, "odd"), words.NETWORK_FAILED),
        (_verification(18), words.UNTRUSTED),
        (_verification(19), words.UNTRUSTED),
        (_verification(10), words.EXPIRED),
        (_verification(62), words.OTHER_NAME),
        (_alert("TLSV13_ALERT_CERTIFICATE_REQUIRED"), words.WANTS_CERTIFICATE),
        (_alert("SSLV3_ALERT_HANDSHAKE_FAILURE"), words.WANTS_CERTIFICATE),
        (_alert("TLSV1_ALERT_UNKNOWN_CA"), words.WANTS_CERTIFICATE),
        (_alert("WRONG_VERSION_NUMBER"), words.NO_TLS),
    ],
)
def test_a_connection_that_did_not_come_about(error: OSError, sentence: str) -> None:
    assert words.unreached(error).sentence == sentence
    wrapped = requests.exceptions.ConnectionError(error)
    assert words.unreached(wrapped).sentence == sentence


def test_causes_that_lead_in_a_ring_come_to_an_end() -> None:
    first, second = OSError(), OSError()
    first.__cause__, second.__cause__ = second, first
    assert words.unreached(first).sentence == words.NETWORK_FAILED


@pytest.mark.parametrize(
    ("code", "outcome", "sentence"),
    [
        (0x0122, Outcome.REFUSED, "does not offer this service"),
        (0x0124, Outcome.REFUSED, "does not allow"),
        (0xA700, Outcome.FAILED, "short of memory"),
        (0xA7FF, Outcome.FAILED, "short of memory"),
        (0xA801, Outcome.REFUSED, "does not know the node here"),
        (0xA900, Outcome.REFUSED, "does not understand"),
        (0xA9AB, Outcome.REFUSED, "does not understand"),
        (0xB000, Outcome.PARTLY, "could not send all"),
        (0xC001, Outcome.FAILED, "could not carry this out"),
        (0xFE00, Outcome.CANCELLED, "was stopped"),
    ],
)
def test_a_status_that_is_no_success(code: int, outcome: Outcome, sentence: str) -> None:
    said = words.status(code)
    assert (said.outcome, said.detail) == (outcome, f"status {code:04X}H")
    assert sentence in said.sentence


@pytest.mark.parametrize(
    ("code", "outcome", "sentence"),
    [
        (401, Outcome.REFUSED, words.NOT_ALLOWED),
        (403, Outcome.REFUSED, words.FORBIDDEN),
        (404, Outcome.REFUSED, words.NOT_FOUND),
        (413, Outcome.REFUSED, words.TOO_MUCH),
        (418, Outcome.REFUSED, words.UNEXPECTED_HTTP),
        (429, Outcome.FAILED, words.TOO_MANY),
        (500, Outcome.FAILED, words.SERVER_FAILED),
        (503, Outcome.FAILED, words.SERVER_FAILED),
    ],
)
def test_an_http_status_that_is_no_success(code: int, outcome: Outcome, sentence: str) -> None:
    assert words.http_status(code) == Said(outcome, sentence, f"HTTP {code}")


def test_every_sentence_is_one_that_says_what_to_do_or_what_is() -> None:
    sentences = [value for name, value in vars(words).items() if name.isupper() and isinstance(value, str)]
    assert len(sentences) > 40
    assert len(set(sentences)) == len(sentences)
    for sentence in sentences:
        assert sentence[0].isupper()
        assert sentence[-1] in ".?"
