"""Objects to another system, as they are: by STOW-RS where it has DICOMweb, else by C-STORE (PS3.4 B).

For a child or the command line: it loads pynetdicom. What is compressed is offered so and never decoded; only what is
not may be written in the plainest transfer syntax, which every system has to take (PS3.5 10.1). It may be killed at any
point: it writes nothing.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from pydicom import dcmread
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian
from pynetdicom import _config, build_context
from pynetdicom.association import Association
from pynetdicom.presentation import PresentationContext

from squid_core.contracts.errors import SquidError
from squid_core.contracts.network import Meant, Said, Sent
from squid_core.dicom.leniency import lenient
from squid_core.network import words
from squid_core.network.configuration import NetworkSettings, Peer, Role
from squid_core.network.reach import associated
from squid_core.network.sending import answers
from squid_core.network.sending.answers import Tally
from squid_core.network.sending.sendable import GONE, Sendable, checked, sendable
from squid_core.network.words import PeerError

MAX_CONTEXTS = 128  # of an association (PS3.8 7.1.1.13: odd numbers of a byte)
BROKEN_MAX = 5  # associations in a row that end with their first object, before the rest is left for later
_ANSWERED = "Status"


def sent(
    settings: NetworkSettings, peer: Peer, password: str, files: Sequence[Path], meant: Sequence[Meant] = ()
) -> Sent:
    """Send files to a system; see `squid_core.network.errands.send_files`.

    Raises:
        SquidError: nothing is to be sent there, or a file of which nobody said whose it is cannot be sent.
    """
    if Role.SEND not in peer.roles:
        raise SquidError("This system is not one that results go to.", "Allow it in the settings of the network.")
    whose = tuple(meant) or tuple(sendable(file).meant for file in files)
    good, bad = checked(files, whose)
    tally = Tally(refused=bad)
    if peer.dicomweb:
        from squid_core.network.sending.stow import stow

        stow(peer, password, good, tally)
    else:
        _store_all(settings, peer, good, tally)
    return tally.sent()


def _store_all(settings: NetworkSettings, peer: Peer, files: Sequence[Sendable], tally: Tally) -> None:
    """By C-STORE, on as many associations as it takes."""
    left, broken = list(files), 0
    while left:
        now = _of_one_association(left)
        try:
            with associated(settings, peer, _contexts(now), without=answers.NO_KINDS) as association:
                done, why = _store(association, now, tally)
        except PeerError as error:
            if error.said.sentence == answers.NO_KINDS:
                tally.refused |= {file.uid: answers.NO_SUCH_KIND for file in now}
                left = left[len(now) :]
                continue
            tally.leave((file.uid for file in left), error.said)
            return
        left = left[done:]
        if why is None:
            continue
        if done:  # whatever broke it off, it may be that no more than these are taken at once
            broken = 0
            continue
        broken += 1  # it may be this object that breaks it: the others must not wait behind it
        tally.leave((left.pop(0).uid,), why)
        if broken == BROKEN_MAX:
            tally.leave((file.uid for file in left), why)
            return


def _store(association: Association, files: Sequence[Sendable], tally: Tally) -> tuple[int, Said | None]:
    """How many were answered for, and why the others were not."""
    for number, file in enumerate(files):
        context = _accepted(association, file)
        if context is None:
            tally.refused[file.uid] = answers.NOT_IN_THIS_FORM
            continue
        began = time.monotonic()
        try:
            status = _store_one(association, file, context, number)
        except (RuntimeError, ConnectionError):  # it went between two objects
            status = None
        except OSError:  # the file did, and the other end waits for the rest of it
            return number, words.failed(GONE).said
        if status is None:
            late = time.monotonic() - began >= (association.dimse_timeout or 0)
            return number, words.failed(words.SILENT if late else words.BROKEN_OFF).said
        tally.note(file.uid, status)
    return len(files), None


def _store_one(association: Association, file: Sendable, context: PresentationContext, number: int) -> int | None:
    """The status that it answers with; None where it does not answer."""
    as_it_is = context.transfer_syntax[0] == file.syntax
    with _from_disk(as_it_is), lenient():
        what = file.path if as_it_is else dcmread(file.path)
        answer = association.send_c_store(what, msg_id=number % 65535 + 1)
    return int(answer.Status) if _ANSWERED in answer else None


@contextlib.contextmanager
def _from_disk(as_it_is: bool) -> Iterator[None]:
    """A file's bytes go out as they are, without pydicom between."""
    before = _config.STORE_SEND_CHUNKED_DATASET
    _config.STORE_SEND_CHUNKED_DATASET = as_it_is
    try:
        yield
    finally:
        _config.STORE_SEND_CHUNKED_DATASET = before


def _accepted(association: Association, file: Sendable) -> PresentationContext | None:
    """The context by which it can be sent, as it is if possible."""
    found = {
        str(context.transfer_syntax[0]): context
        for context in association.accepted_contexts
        if context.abstract_syntax == file.sop_class
    }
    return next((found[syntax] for syntax in _forms(file) if syntax in found), None)


def _forms(file: Sendable) -> tuple[str, ...]:
    """Transfer syntaxes in which it can be sent: its own, and the plainest where that loses nothing."""
    plain = file.syntax == ExplicitVRLittleEndian
    return (str(file.syntax), str(ImplicitVRLittleEndian)) if plain else (str(file.syntax),)


def _contexts(files: Sequence[Sendable]) -> list[PresentationContext]:
    return [build_context(sop_class, syntax) for sop_class, syntax in _proposals(files)]


def _proposals(files: Sequence[Sendable]) -> list[tuple[str, str]]:
    return list(dict.fromkeys((str(file.sop_class), syntax) for file in files for syntax in _forms(file)))


def _of_one_association(files: Sequence[Sendable]) -> Sequence[Sendable]:
    """As many of the first as need no more contexts than there can be."""
    proposals: set[tuple[str, str]] = set()
    for number, file in enumerate(files):
        proposals.update((str(file.sop_class), syntax) for syntax in _forms(file))
        if len(proposals) > MAX_CONTEXTS:
            return files[:number]
    return files
