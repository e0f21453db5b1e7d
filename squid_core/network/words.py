"""Every way in which an errand to another system can end, in words that a PACS administrator understands.

Plain values in, `Said` out; loads neither pynetdicom nor requests. What a system says of itself is never quoted: it may
name a patient.
"""

from __future__ import annotations

import errno
import socket
import ssl

from squid_core.contracts.network import Outcome, Said

# A-ASSOCIATE-RJ by source and reason (PS3.8 table 9-21).
_REJECTIONS = {
    (1, 2): "It speaks another protocol on this port: the application context is not supported there.",
    (1, 3): "The calling AE title is not known there. Have the AE title and address of this program entered there.",
    (1, 7): "The called AE title is not known there. Compare the AE title with the one that its administrator names.",
    (2, 2): "It speaks another version of the DICOM protocol.",
    (3, 1): "It is too busy now, and asks to be called again later.",
    (3, 2): "It has as many connections as it allows. Try again later, or have its limit raised.",
}
_REJECTED = "It refused the connection without a reason. Have it looked up in its log: it may not know this program."
_REJECTED_NOW = "It refused the connection for now. Try again later."

NO_HOST = "Its host name is not known. Compare it with the one that its administrator names."
NO_ROUTE = "No way leads to its address. Look at the network, a VPN and the firewalls between."
CLOSED_PORT = "Nobody listens there: the port is closed. Is it running, and is the port right?"
NO_ANSWER = "It did not answer in time. Is it running, is the port right, and does a firewall let this program through?"
SILENT = "It stopped answering in the middle. Try again; if it happens again, have its log looked at."
BROKEN_OFF = "It broke the connection off. Have its log looked at."
NOT_DICOM = (
    "Something listens there that did not take up the conversation: is it a DICOM port, and is TLS wanted there or not?"
)
UNTRUSTED = "Its certificate is not trusted. Name the authority that signed it in the settings."
OTHER_NAME = "Its certificate is made out for another host. Enter the host as it stands in the certificate."
EXPIRED = "Its certificate has expired, or is not valid yet."
WANTS_CERTIFICATE = "It asks for a certificate of this program, or does not accept the one that it was shown."
NO_TLS = "It does not speak TLS on this port, or none that is safe."
UNREADABLE_CERTIFICATES = (
    "The certificates in the settings cannot be read, or certificate and key do not belong together."
)
NETWORK_FAILED = "The network failed. Try again."

NO_ECHO = "It does not answer to a test (C-ECHO), though it took the connection."
NO_FIND = "It does not offer queries (C-FIND)."
NO_GET = "It does not offer C-GET. Choose C-MOVE in the settings, if it knows the node here."
NO_MOVE = "It does not offer C-MOVE. Choose C-GET in the settings."
NO_KINDS = "It hands out no images of these kinds by C-GET. Choose C-MOVE in the settings, if it knows the node here."

NO_STORE = "It does not take results (C-STORE)."
NO_SERVICE = "It offers nothing that this program needs."

WORKS = "It answers, and offers what is wanted of it."
ANSWERS = "It answers."
ANSWERED = "It has answered."
MORE = "It has more studies than are shown. Narrow the search, by days or by patient."

# C-FIND, C-GET and C-MOVE statuses (PS3.4 C.4.1.1.4, C.4.2.1.5, C.4.3.1.4; PS3.7 annex C).
_STATUSES = {
    0x0122: (Outcome.REFUSED, "It does not offer this service."),
    0x0124: (Outcome.REFUSED, "It does not allow this program to ask. Have it entered there."),
    0xA700: (Outcome.FAILED, "It is short of memory or disk. Try again later."),
    0xA701: (Outcome.FAILED, "It is short of memory or disk. Try again later."),
    0xA702: (Outcome.FAILED, "It could not send: it is short of memory or disk, or could not reach the node here."),
    0xA801: (
        Outcome.REFUSED,
        "It does not know the node here. Have its AE title, address and port entered there, or choose C-GET.",
    ),
    0xA900: (Outcome.REFUSED, "It does not understand this question."),
    0xB000: (Outcome.PARTLY, "It could not send all of it."),
    0xFE00: (Outcome.CANCELLED, "It was stopped."),
}
UNABLE = "It could not carry this out. Have its log looked at."
BROKEN_ANSWER = "Its answer makes no sense. Have its log looked at."
DOES_NOT_STOP = "It has more studies than can be listed, and does not stop when it is told to. Narrow the search."

FETCHED = "The study is here."
NO_STUDY = "It does not have this study."
NO_IMAGES = "It has no image of this study that this program reads."
SOME_MISSING = "Some images did not come. Fetch the study again: what is here is not fetched twice."
NODE_OFF = "C-MOVE brings images to the node here, which is off. Give it a port and an AE title, or choose C-GET."
NOT_ARRIVED = (
    "It says that it has sent the images, and they did not arrive. Has it the right address of the node here, and is "
    "it listed there as a caller?"
)

NOT_ALLOWED = "It does not know this user or this password."
FORBIDDEN = "This user is not allowed to do this there."
NOT_FOUND = "There are no DICOMweb services at this address. Compare it with the one that its administrator names."
NO_MEDIA = "It does not hand the images out in a form that this program takes."
TOO_MUCH = "It will not answer so wide a question. Narrow it, by days or by patient."
TOO_MANY = "It is asked too often. Try again later."
SERVER_FAILED = "It has a fault of its own. Try again later, or have its log looked at."
UNEXPECTED_HTTP = "It answers in a way that is not foreseen."
NOT_DICOMWEB = "What answers there speaks no DICOMweb: it may be a web page or a gateway. Compare the address."
REDIRECTED = "It points to another address, which is not followed. Enter that address, if it is right."
PLAIN_PASSWORD = "A password is never sent without TLS. Enter an address that begins with https."  # noqa: S105
NO_PASSWORD = "No password is kept for this user. Enter it in the settings, or by squid peers --password."  # noqa: S105
ANOTHER_OBJECT = "It sent another image than it was asked for."
CUT_SHORT = "It broke off in the middle of an image. Try again."
UNFORESEEN = "Something happened over it that was not foreseen. Try again, or have its log looked at."


class PeerError(Exception):
    """An errand cannot go on; `said` is how it ends. It stays in its process."""

    def __init__(self, said: Said) -> None:
        super().__init__(said.sentence)
        self.said = said


def failed(sentence: str, detail: str = "") -> PeerError:
    """What may be tried again."""
    return PeerError(Said(Outcome.FAILED, sentence, detail))


def refused(sentence: str, detail: str = "") -> PeerError:
    """What trying again does not help."""
    return PeerError(Said(Outcome.REFUSED, sentence, detail))


def unforeseen(error: Exception) -> Said:
    """A library failed in a way of its own; whatever it says of it may quote an answer."""
    return Said(Outcome.FAILED, UNFORESEEN, type(error).__name__)


def rejection(result: int, source: int, reason: int) -> Said:
    """An association that was rejected (PS3.8 9.3.4).

    Args:
        result: 1 for good, 2 for now.
        source: 1 the application, 2 and 3 its protocol machine.
        reason: of that source.
    """
    outcome = Outcome.FAILED if result == 2 or source == 3 else Outcome.REFUSED
    sentence = _REJECTIONS.get((source, reason), _REJECTED_NOW if outcome is Outcome.FAILED else _REJECTED)
    return Said(outcome, sentence, f"A-ASSOCIATE-RJ {result}, {source}, {reason}")


def status(code: int) -> Said:
    """The last status of a query or a retrieval that did not succeed."""
    detail = f"status {code:04X}H"
    if code in _STATUSES:
        outcome, sentence = _STATUSES[code]
        return Said(outcome, sentence, detail)
    if code & 0xFF00 == 0xA700:
        return Said(Outcome.FAILED, _STATUSES[0xA700][1], detail)
    if code & 0xFF00 == 0xA900:
        return Said(Outcome.REFUSED, _STATUSES[0xA900][1], detail)
    return Said(Outcome.FAILED, UNABLE, detail)


def is_of_one_object(said: Said) -> bool:
    """Whether it is about the one object that was asked for, and the next may come all the same."""
    return said.sentence == ANOTHER_OBJECT or said.detail in ("HTTP 404", "HTTP 406", "HTTP 410")


def http_status(code: int) -> Said:
    """An HTTP status that is no success (PS3.18 8.5)."""
    sentence, outcome = {
        401: (NOT_ALLOWED, Outcome.REFUSED),
        403: (FORBIDDEN, Outcome.REFUSED),
        404: (NOT_FOUND, Outcome.REFUSED),
        406: (NO_MEDIA, Outcome.REFUSED),
        408: (NO_ANSWER, Outcome.FAILED),
        410: (NOT_FOUND, Outcome.REFUSED),
        413: (TOO_MUCH, Outcome.REFUSED),
        429: (TOO_MANY, Outcome.FAILED),
    }.get(code, (SERVER_FAILED, Outcome.FAILED) if code >= 500 else (UNEXPECTED_HTTP, Outcome.REFUSED))
    return Said(outcome, sentence, f"HTTP {code}")


def unreached(error: BaseException) -> Said:
    """Why no connection came about, or why it broke; `error` may be wrapped in others."""
    for one in _causes(error):
        if isinstance(one, ssl.SSLCertVerificationError):
            sentence = _CERTIFICATES.get(one.verify_code, UNTRUSTED)
            return Said(Outcome.REFUSED, sentence, f"verify code {one.verify_code}")
        if isinstance(one, ssl.SSLError):
            asked = any(word in (one.reason or "") for word in ("CERTIFICATE", "BAD_CERT", "UNKNOWN_CA"))
            sentence = WANTS_CERTIFICATE if asked or "HANDSHAKE_FAILURE" in (one.reason or "") else NO_TLS
            return Said(Outcome.REFUSED, sentence, str(one.reason or type(one).__name__))
    for one in _causes(error):
        if isinstance(one, socket.gaierror):
            return Said(Outcome.FAILED, NO_HOST, f"gaierror {one.errno}")
        if isinstance(one, TimeoutError):
            return Said(Outcome.FAILED, NO_ANSWER, "timed out")
        if isinstance(one, ConnectionRefusedError):
            return Said(Outcome.FAILED, CLOSED_PORT, "refused")
        if isinstance(one, ConnectionError):
            return Said(Outcome.FAILED, BROKEN_OFF, type(one).__name__)
        if isinstance(one, OSError) and one.errno in (errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN):
            return Said(Outcome.FAILED, NO_ROUTE, errno.errorcode[one.errno])
    return Said(Outcome.FAILED, NETWORK_FAILED, type(error).__name__)


_CERTIFICATES = {9: EXPIRED, 10: EXPIRED, 62: OTHER_NAME, 63: OTHER_NAME, 64: OTHER_NAME}  # X509_V_ERR_...


def _causes(error: BaseException | None) -> list[BaseException]:
    """An error and all that it came of; libraries hold some as an argument only."""
    found: list[BaseException] = []
    waiting = [error]
    while waiting and len(found) < 20:  # a ring of causes ends too
        one = waiting.pop(0)
        if one is None or one in found:
            continue
        found.append(one)
        reason = getattr(one, "reason", None)  # urllib3 has its cause there
        held = [part for part in (reason, *one.args) if isinstance(part, BaseException)]
        waiting += [one.__cause__, one.__context__, *held]
    return found
