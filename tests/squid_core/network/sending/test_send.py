from __future__ import annotations

import contextlib
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from pydicom.dataset import Dataset
from pydicom.uid import (
    BasicTextSRStorage,
    ComprehensiveSRStorage,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEGBaseline8Bit,
    generate_uid,
)
from pynetdicom import AE, _config, evt

from squid_core.contracts.errors import SquidError
from squid_core.contracts.network import Outcome, Sent
from squid_core.network import reach, words
from squid_core.network.configuration import NetworkSettings, Peer, Role
from squid_core.network.errands import identify, send_files
from squid_core.network.sending import answers, send
from tests.squid_core.dicom.phantoms import CR, DX, SC, chest, encapsulated, jpeg, phantom, save

PACS = "PACS"
KINDS = (DX, CR, SC, ComprehensiveSRStorage)


@dataclass
class Scp:
    """A PACS that answers as it is told; `got` are the bytes of the data sets it was sent, by SOP Instance UID."""

    port: int
    answers: Callable[[evt.Event], int]
    got: dict[str, list[bytes]] = field(default_factory=dict)
    syntaxes: list[str] = field(default_factory=list)
    associations: int = 0

    @property
    def settings(self) -> NetworkSettings:
        return NetworkSettings(peers=(Peer(name=PACS, ae_title="PACS", host="127.0.0.1", port=self.port),))


def of(event: evt.Event) -> str:
    """SOP Instance UID of what is stored."""
    request: Any = event.request
    return str(request.AffectedSOPInstanceUID)


@contextlib.contextmanager
def scp(
    answers: Callable[[evt.Event], int] = lambda _: 0,
    kinds: Sequence[str] = KINDS,
    syntaxes: Sequence[str] = (ExplicitVRLittleEndian, ImplicitVRLittleEndian),
    **limits: Any,
) -> Iterator[Scp]:
    made = Scp(0, answers)

    def stored(event: evt.Event) -> int:
        request: Any = event.request
        made.got.setdefault(of(event), []).append(request.DataSet.getvalue())
        made.syntaxes.append(str(event.context.transfer_syntax))
        return made.answers(event)

    def begun(_event: evt.Event) -> None:
        made.associations += 1

    entity = AE("PACS")
    for name, value in limits.items():
        setattr(entity, name, value)
    for kind in kinds:
        entity.add_supported_context(kind, list(syntaxes))
    handlers: list[Any] = [(evt.EVT_C_STORE, stored), (evt.EVT_ACCEPTED, begun)]
    server = entity.make_server(("127.0.0.1", 0), evt_handlers=handlers)
    made.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield made
    finally:
        socketserver.BaseServer.shutdown(server)  # its own takes it off a list on which it is not
        thread.join()
        for association in server.active_associations:
            association.abort()
        server.server_close()


@pytest.fixture(autouse=True)
def _short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach, "ANSWER_SECONDS", 1.0)
    monkeypatch.setattr(_config, "LOG_HANDLER_LEVEL", "none")


def film(folder: Path, name: str = "film", **attributes: Any) -> Path:
    attributes.setdefault("SOPInstanceUID", generate_uid())
    return save(folder, chest(phantom(32, 40), **attributes), name)


def films(folder: Path, count: int) -> tuple[Path, ...]:
    return tuple(film(folder, f"film {number}") for number in range(count))


def uids(files: Sequence[Path]) -> tuple[str, ...]:
    return tuple(meant.sop_instance_uid for meant in identify(tuple(files)))


def body(path: Path) -> bytes:
    """A file's data set as its bytes are."""
    from pynetdicom.dsutils import split_dataset

    return path.read_bytes()[split_dataset(path)[1] :]


def _send(peer: Scp, files: Sequence[Path]) -> Sent:
    return send_files(peer.settings, PACS, "", tuple(files), identify(tuple(files)))


def test_files_arrive_byte_for_byte_on_one_association(tmp_path: Path) -> None:
    files = films(tmp_path, 3)
    with scp() as pacs:
        sent = _send(pacs, files)
        assert sent.said.outcome is Outcome.DONE
        assert sent.accepted == uids(files)
        assert pacs.got == {uid: [body(file)] for uid, file in zip(uids(files), files, strict=True)}
        assert pacs.associations == 1


def test_what_is_compressed_is_sent_as_it_is(tmp_path: Path) -> None:
    image = phantom(32, 40, bits=8, dtype="uint8")
    file = save(tmp_path, encapsulated(chest(image, bits=8), [jpeg(image)], JPEGBaseline8Bit), "compressed")
    with scp(syntaxes=(JPEGBaseline8Bit, ExplicitVRLittleEndian)) as pacs:
        assert _send(pacs, [file]).accepted == uids([file])
        assert pacs.got[uids([file])[0]] == [body(file)]
        assert pacs.syntaxes == [JPEGBaseline8Bit]
    with scp() as pacs:  # which takes nothing that is compressed
        sent = _send(pacs, [file])
        assert pacs.got == {}
        assert sent.said.outcome is Outcome.REFUSED
        assert list(sent.refused) == list(uids([file]))


def test_a_system_that_knows_only_implicit_vr_gets_it(tmp_path: Path) -> None:
    (file,) = films(tmp_path, 1)
    with scp(syntaxes=(ImplicitVRLittleEndian,)) as pacs:
        assert _send(pacs, [file]).accepted == uids([file])
        assert pacs.syntaxes == [ImplicitVRLittleEndian]
        ((data,),) = pacs.got.values()
        assert chest(phantom(32, 40)).PixelData in data


def test_a_kind_that_is_not_taken_holds_up_no_other(tmp_path: Path) -> None:
    good = film(tmp_path, "good")
    bad = film(tmp_path, "bad", SOPClassUID=BasicTextSRStorage)
    with scp() as pacs:
        sent = _send(pacs, [bad, good])
        assert sent.accepted == uids([good])
        assert sent.refused == {uids([bad])[0]: answers.NOT_IN_THIS_FORM}
        assert sent.said.outcome is Outcome.PARTLY
        alone = _send(pacs, [bad])
        assert alone.said.outcome is Outcome.REFUSED
        assert not alone.unsent


STATUSES = (
    (0x0000, "accepted", "It has accepted it."),
    (0x0111, "accepted", "It has accepted it."),
    (0xB000, "accepted", answers.CHANGED),
    (0xB007, "accepted", answers.CHANGED),
    (0xA700, "unsent", answers.SHORT),
    (0xA7FF, "unsent", answers.SHORT),
    (0x0110, "unsent", answers.UNABLE),
    (0x0213, "unsent", answers.SHORT),
    (0xA900, "refused", f"{answers.UNFIT} It answered with status A900H."),
    (0xC123, "refused", f"{answers.NOT_UNDERSTOOD} It answered with status C123H."),
    (0x0122, "refused", f"{answers.NO_SUCH_KIND} It answered with status 0122H."),
    (0x0124, "refused", f"{answers.NOT_ALLOWED} It answered with status 0124H."),
    (0x0106, "refused", f"{answers.INVALID} It answered with status 0106H."),
    (0x7777, "refused", f"{answers.DECLINED} It answered with status 7777H."),
)


@pytest.mark.parametrize(("status", "where", "said"), STATUSES)
def test_every_status_is_told_in_words(status: int, where: str, said: str) -> None:
    tally = answers.Tally()
    tally.note("1.2.3", status)
    sent = tally.sent()
    assert tuple(getattr(sent, where)) == ("1.2.3",)
    assert sum(len(part) for part in (sent.accepted, sent.refused, sent.unsent)) == 1
    assert sent.said.sentence == said
    assert (sent.said.outcome is Outcome.FAILED) is (where == "unsent")


def test_each_file_has_the_status_that_it_was_answered_with(tmp_path: Path) -> None:
    files = films(tmp_path, len(STATUSES))
    told = {uid: status for uid, (status, _, _) in zip(uids(files), STATUSES, strict=True)}
    with scp(lambda event: told[of(event)]) as pacs:
        sent = _send(pacs, files)
        assert pacs.associations == 1
    for where in ("accepted", "refused", "unsent"):
        wanted = {uid for uid, status in zip(uids(files), STATUSES, strict=True) if status[1] == where}
        assert set(getattr(sent, where)) == wanted


def test_one_refused_is_told_apart_from_the_others(tmp_path: Path) -> None:
    files = films(tmp_path, 3)
    _, bad, full = uids(files)
    with scp(lambda event: {bad: 0xC000, full: 0xA700}.get(of(event), 0)) as pacs:
        sent = _send(pacs, files)
    assert (sent.accepted, tuple(sent.refused), sent.unsent) == ((uids(files)[0],), (bad,), (full,))
    assert sent.said.outcome is Outcome.PARTLY
    assert sent.said.sentence == answers.SHORT


def test_what_was_accepted_before_an_abort_stays_and_the_rest_goes_on(tmp_path: Path) -> None:
    files = films(tmp_path, 4)
    poison = uids(files)[1]

    def answer(event: evt.Event) -> int:
        if of(event) == poison:
            event.assoc.abort()
        return 0

    with scp(answer) as pacs:
        sent = _send(pacs, files)
    assert sent.accepted == tuple(uid for uid in uids(files) if uid != poison)
    assert sent.unsent == (poison,)
    assert sent.said.outcome is Outcome.PARTLY
    assert sent.said.sentence == words.BROKEN_OFF


def test_a_system_that_breaks_off_again_and_again_is_left_alone(tmp_path: Path) -> None:
    files = films(tmp_path, 9)

    def answer(event: evt.Event) -> int:
        event.assoc.abort()
        return 0

    with scp(answer) as pacs:
        sent = _send(pacs, files)
        assert pacs.associations == send.BROKEN_MAX
    assert sorted(sent.unsent) == sorted(uids(files))
    assert sent.said.outcome is Outcome.FAILED


def test_a_system_that_stops_answering_is_waited_for_no_longer_than_allowed(tmp_path: Path) -> None:
    files, over = films(tmp_path, 1), threading.Event()
    with scp(lambda _: 0 * over.wait(20)) as pacs:
        sent = _send(pacs, files)
        over.set()
    assert sent.unsent == uids(files)
    assert sent.said.sentence == words.SILENT


@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")  # pynetdicom's, where nobody listens
def test_nobody_there_and_not_wanted_are_told_and_all_is_unsent(tmp_path: Path) -> None:
    files = films(tmp_path, 2)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        sent = _send(Scp(closed.getsockname()[1], lambda _: 0), files)
    assert sent.unsent == uids(files)
    assert sent.said.sentence == words.CLOSED_PORT
    with scp(require_called_aet=True) as pacs:
        settings = pacs.settings
        settings = settings.model_copy(update={"peers": (settings.peers[0].model_copy(update={"ae_title": "X"}),)})
        sent = send_files(settings, PACS, "", files)
    assert sent.unsent == uids(files)
    assert "called AE title" in sent.said.sentence


def test_more_kinds_than_an_association_has_room_for_take_several(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert send.MAX_CONTEXTS == 128
    monkeypatch.setattr(send, "MAX_CONTEXTS", 4)
    files = [film(tmp_path, f"film {number}", SOPClassUID=kind) for number, kind in enumerate((*KINDS, DX))]
    with scp() as pacs:
        sent = _send(pacs, files)
        assert sorted(sent.accepted) == sorted(uids(files))
        assert pacs.associations == 3


def test_a_file_that_is_not_whose_it_was_is_not_sent(tmp_path: Path) -> None:
    files = films(tmp_path, 4)
    meant = list(identify(files))
    meant[0] = replace(meant[0], patient_id="another")
    meant[1] = replace(meant[1], study_instance_uid="1.2.3")
    meant[2] = replace(meant[2], sop_instance_uid="1.2.4")
    with scp() as pacs:
        sent = send_files(pacs.settings, PACS, "", files, tuple(meant))
        assert list(pacs.got) == [meant[3].sop_instance_uid]
    assert sent.refused == {
        one.sop_instance_uid: "Its file belongs to another patient or study than it did when it was "
        "put in the outbox. It was not sent."
        for one in meant[:3]
    }
    assert sent.accepted == (meant[3].sop_instance_uid,)


def test_files_that_are_gone_or_damaged_are_not_sent_and_hold_up_no_other(tmp_path: Path) -> None:
    files = films(tmp_path, 5)
    meant = identify(files)
    files[0].unlink()
    files[1].write_bytes(b"no DICOM")
    files[2].write_bytes(files[2].read_bytes()[:200])
    data: Dataset = chest(phantom(32, 40), SOPInstanceUID=generate_uid())
    save(tmp_path, data, files[3].name)
    with scp() as pacs:
        sent = send_files(pacs.settings, PACS, "", files, meant)
    assert sent.accepted == (meant[4].sop_instance_uid,)
    assert set(sent.refused) == {one.sop_instance_uid for one in meant[:4]}
    with scp() as pacs, pytest.raises(SquidError):
        send_files(pacs.settings, PACS, "", files)


def test_a_file_that_goes_while_the_others_are_sent_holds_up_none(tmp_path: Path) -> None:
    files = films(tmp_path, 3)

    def answer(_: evt.Event) -> int:
        files[1].unlink(missing_ok=True)
        return 0

    meant = identify(files)
    with scp(answer) as pacs:
        sent = send_files(pacs.settings, PACS, "", files, meant)
    assert sent.accepted == (meant[0].sop_instance_uid, meant[2].sop_instance_uid)
    assert sent.unsent == (meant[1].sop_instance_uid,)  # the next time it is seen to be gone before anything is sent


def test_nothing_goes_where_nobody_said_that_it_may(tmp_path: Path) -> None:
    files = films(tmp_path, 1)
    with scp() as pacs:
        with pytest.raises(SquidError):
            send_files(pacs.settings, "another", "", files)
        settings = pacs.settings
        asked = settings.peers[0].model_copy(update={"roles": frozenset((Role.QUERY,))})
        with pytest.raises(SquidError):
            send_files(settings.model_copy(update={"peers": (asked,)}), PACS, "", files)
        assert pacs.associations == 0


def test_no_sentence_holds_an_identifier(tmp_path: Path) -> None:
    file = film(tmp_path, "Doe", PatientID="SECRET-1")
    meant = identify((file,))
    with scp(lambda _: 0xC000) as pacs:
        sent = send_files(pacs.settings, PACS, "", (file,), meant)
    told = f"{sent.said} {list(sent.refused.values())}"
    assert not any(part in told for part in ("SECRET", "Doe", meant[0].sop_instance_uid, meant[0].study_instance_uid))
