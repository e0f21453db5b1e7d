"""Results on their way out: written once they are committed, kept over a restart, sent once, to whom is configured."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.domain.errors import Severity
from app.domain.network import OutboxPage, SendOrder
from app.domain.study import ImageItem, Judgement, Reading
from app.services.exporting.preparing import Preparer
from app.services.network.faults import PeerFaults
from app.services.network.result_writer import ANOTHER, FOLDER, NOTHING, ON_THE_WAY, ResultWriter
from app.services.network.sending_desk import SendingDesk
from app.services.state.worklist_store import WorklistStore
from app.services.threads.database_thread import DatabaseThread
from squid_core.bundle.library import Bundles
from squid_core.contracts.detection import Detection, Maps
from squid_core.contracts.errors import SquidError
from squid_core.contracts.network import Meant, Outcome, Said, Sent
from squid_core.dicom.readers import ReaderPool
from squid_core.export.request import Exported, ExportKind, ExportRequest
from squid_core.network.configuration import NetworkSettings, Peer, Role, SendRule
from squid_core.network.outbox import Outbox
from squid_core.network.store import FILE
from tests.app.samples import detection, digest_of, image, save, scored
from tests.app.services.fakes import done
from tests.app.services.network.desks import DOWN, PACS, Room

BOTH = (ExportKind.STRUCTURED_REPORT, ExportKind.SECONDARY_CAPTURE)
EVERY = NetworkSettings(peers=(PACS,), rules=(SendRule(peer="PACS"),))
READ = NetworkSettings(peers=(PACS,), rules=(SendRule(peer="PACS", kinds=("sr",), only_read=True),))
NO_RULE = NetworkSettings(peers=(PACS,))


class Writers(ReaderPool):
    """Readers that write files which say whose they are."""

    def __init__(self) -> None:
        self.requests: list[ExportRequest] = []

    def carry_out(self, errand: Any, clear: Callable[[], None]) -> Future[Any]:
        (request,) = errand.args
        self.requests.append(request)
        paths = []
        for kind in request.kinds:
            paths.append(request.folder / f"{kind.value}.dcm")
            paths[-1].write_text(f"{request.path.path.name} {kind.value} {request.digest}", encoding="ascii")
        return done(Exported(request.kinds, tuple(paths)))


class Exit:
    """Writer and sender over a real worklist, a real outbox, and a PACS in the test's hands."""

    def __init__(self, room: Room) -> None:
        self.room, self.store, self.readers = room, WorklistStore(), Writers()
        self.database = DatabaseThread(room.home / "worklist.sqlite", lambda _: None)
        preparer = Preparer(self.readers, room.holder, self.store, self.database, self._maps, Bundles())
        parts = (self.database, room.messenger, room.courier, room.notifier)
        self.writer = ResultWriter(room.home, self.readers, preparer, room.holder, self.store, *parts)
        faults = PeerFaults(room.holder, room.notifier)
        self.sending = SendingDesk(
            room.home, room.keeper, room.holder, room.messenger, faults, room.courier, room.notifier
        )
        self.writer.put.connect(self.sending.go_on)
        self.writer.left_changed.connect(self.sending.show_writing)
        self.down = False
        self.refuses: set[str] = set()
        self.got: list[tuple[str, str]] = []  # system and what the file says
        self.whose: Callable[[Path], Meant] = self._whose
        room.messenger.answers = {
            "identify": lambda files: tuple(map(self.whose, files)),
            "send_files": self._send,
        }

    def start(self) -> None:
        self.room.courier.run(self.writer.start())
        self.sending.start()

    def close(self) -> None:
        self.writer.close()
        self.sending.close()
        self.database.close()

    def put(self, name: str) -> ImageItem:
        """A scored image whose result is committed."""
        item = replace(image(name, f"1.2.{name}"), digest=digest_of(name))
        result = detection(model_hash=Bundles().choose("adult", 50).card.weights_sha256)
        item = scored(item, result)
        (item,) = self.database.ask(lambda database: (save(database, item, result, "bundle"),)).result(5)
        found = self.database.ask(lambda database: database.images()).result(5)
        stored = next(one for one in found if one.key == item.key)
        self.store.upsert(stored)
        return stored

    @property
    def page(self) -> OutboxPage:
        return self.room.holder.state.outbox

    @property
    def quiet(self) -> bool:
        return not self.writer.running and not self.sending.running and not self.page.running

    def trail(self) -> list[str]:
        lines = self.database.ask(lambda database: database.audit()).result(5)
        return [line.detail for line in lines if line.action == "send"]

    def _maps(self, folder: Path, result: Detection) -> Future[Maps]:
        return done(Maps(np.zeros((8, 8), np.float32), 4, picture=np.full((16, 16), 0.5, np.float32)))

    def _whose(self, path: Path) -> Meant:
        name, kind, _ = path.read_text(encoding="ascii").split()
        return Meant(f"9.{name}.{kind}", f"1.2.{name}", "")

    def _send(self, settings: object, peer: str, password: str, files: Any, meant: Any) -> Sent:
        if self.down:
            return Sent(DOWN, unsent=tuple(one.sop_instance_uid for one in meant))
        names = [path.read_text(encoding="ascii").rpartition(" ")[0] for path in files]
        taken = [(name, one.sop_instance_uid) for name, one in zip(names, meant, strict=True)]
        refused = {uid: "It does not take reports." for name, uid in taken if name.split()[1] in self.refuses}
        accepted = tuple(uid for _, uid in taken if uid not in refused)
        self.got += [(peer, name) for name, uid in taken if uid in accepted]
        said = Said(Outcome.PARTLY if refused else Outcome.DONE, "")
        return Sent(said, accepted, refused)


@pytest.fixture
def leaving(room: Room) -> Iterator[Exit]:
    made = Exit(room)
    yield made
    made.close()


def test_by_hand(qtbot: QtBot, room: Room, leaving: Exit) -> None:
    room.holder.update(network=NO_RULE)
    leaving.start()
    keys = (leaving.put("a").key, leaving.put("b").key)
    leaving.writer.order(SendOrder(keys, BOTH, "PACS"))
    qtbot.waitUntil(lambda: leaving.page.sent == 4 and leaving.quiet)
    assert sorted(leaving.got) == [("PACS", f"{name} {kind}") for name in "ab" for kind in ("sc", "sr")]
    assert room.titles() == [ON_THE_WAY]
    assert leaving.trail() == ["sr sc to PACS, by hand"] * 2
    assert leaving.page.items == ()
    leaving.writer.order(SendOrder(keys, BOTH, "PACS"))  # once more: it has them
    qtbot.waitUntil(lambda: len(room.notices) == 2 and leaving.quiet)
    assert len(leaving.got) == 4
    qtbot.waitUntil(lambda: not any((room.home / FOLDER).iterdir()))


def test_a_rule_sends_what_is_scored_from_then_on_and_once(qtbot: QtBot, room: Room, leaving: Exit) -> None:
    before = leaving.put("old")
    room.holder.update(network=NO_RULE)
    leaving.start()
    leaving.writer.on_scored([before])
    room.holder.update(network=EVERY)
    leaving.writer.use_rules()
    item = leaving.put("a")
    for _ in range(2):
        leaving.writer.on_scored([item])
    qtbot.waitUntil(lambda: leaving.page.sent == 2 and leaving.quiet)
    assert leaving.got == [("PACS", "a sr"), ("PACS", "a sc")]
    leaving.writer.on_scored([item])
    qtbot.wait(100)
    qtbot.waitUntil(lambda: leaving.quiet)
    assert len(leaving.readers.requests) == 1  # nor is it written again
    assert room.notices == []


def test_what_was_committed_when_nobody_could_ask_is_sent_at_the_next_start(
    qtbot: QtBot, room: Room, leaving: Exit
) -> None:
    room.holder.update(network=EVERY)
    leaving.start()
    leaving.writer.on_scored([leaving.put("a")])
    qtbot.waitUntil(lambda: leaving.page.sent == 2 and leaving.quiet)
    items = [leaving.put("a"), leaving.put("b")]  # the program was killed after b was committed
    leaving.close()
    again = Exit(room)
    again.store.upsert(*items)
    again.start()
    qtbot.waitUntil(lambda: again.page.sent == 4 and again.quiet)
    assert again.got == [("PACS", "b sr"), ("PACS", "b sc")]
    again.close()


def test_nothing_is_said_to_be_on_its_way_when_the_outbox_cannot_be_written(
    qtbot: QtBot, room: Room, leaving: Exit, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise SquidError("The outbox cannot be written.")

    monkeypatch.setattr(Outbox, "settle", full)
    room.holder.update(network=NO_RULE)
    leaving.start()
    leaving.writer.order(SendOrder((leaving.put("a").key,), BOTH, "PACS"))
    qtbot.waitUntil(lambda: "The outbox cannot be written." in room.titles())
    qtbot.waitUntil(lambda: not leaving.sending.running)
    assert len(leaving.got) == 2
    assert not leaving.page.sending


def test_a_reader_rule_waits_for_the_reader(qtbot: QtBot, room: Room, leaving: Exit) -> None:
    room.holder.update(network=READ)
    leaving.start()
    item = leaving.put("a")
    leaving.writer.on_scored([item])
    qtbot.wait(50)
    assert leaving.readers.requests == []
    leaving.database.ask(lambda database: database.judge([item.digest], item.key, Judgement.ACCEPTED)).result(5)
    leaving.store.judge({item.digest: Judgement.ACCEPTED}, {item.content_key: Reading.READ})
    leaving.writer.on_read([item.key])
    qtbot.waitUntil(lambda: leaving.page.sent == 1 and leaving.quiet)
    assert leaving.got == [("PACS", "a sr")]
    (request,) = leaving.readers.requests
    assert request.opinion is not None  # what was said is in it


def test_a_system_that_is_down_has_it_once_when_it_is_back(qtbot: QtBot, room: Room, leaving: Exit) -> None:
    room.holder.update(network=NO_RULE)
    leaving.down = True
    leaving.start()
    leaving.writer.order(SendOrder((leaving.put("a").key,), BOTH, "PACS"))
    qtbot.waitUntil(lambda: leaving.page.waiting == 2 and leaving.quiet)
    qtbot.waitUntil(lambda: all(item.next_try for item in leaving.page.items))
    assert room.holder.state.peer_faults == {"PACS": DOWN.sentence}
    assert {item.sentence for item in leaving.page.items} == {DOWN.sentence}
    assert {item.study_instance_uid for item in leaving.page.items} == {"1.2.a"}
    leaving.close()

    again = Exit(room)  # the program is started anew
    again.start()
    qtbot.waitUntil(lambda: again.quiet and again.page.waiting == 2)
    assert again.got == []  # its pause is not over
    again.sending.hurry("PACS")
    qtbot.waitUntil(lambda: again.page.sent == 2 and again.quiet)
    assert again.got == [("PACS", "a sr"), ("PACS", "a sc")]
    assert room.holder.state.peer_faults == {}
    assert room.titles() == [ON_THE_WAY]
    again.close()


def test_what_was_refused_is_said_and_kept_for_the_user(qtbot: QtBot, room: Room, leaving: Exit) -> None:
    room.holder.update(network=NO_RULE)
    leaving.refuses = {"sr"}
    leaving.start()
    leaving.writer.order(SendOrder((leaving.put("a").key,), BOTH, "PACS"))
    qtbot.waitUntil(lambda: leaving.page.refused == 1 and leaving.page.sent == 1 and leaving.quiet)
    notice = room.notices[-1]
    assert (notice.title, notice.advice) == ("PACS did not take 1 of the results.", "It does not take reports.")
    (item,) = leaving.page.items
    assert (item.kind, item.refused, item.sentence) == ("sr", True, "It does not take reports.")
    leaving.refuses = set()
    leaving.sending.retry([item.number])
    qtbot.waitUntil(lambda: leaving.page.sent == 2 and leaving.quiet)
    assert leaving.page.items == ()


def test_what_is_given_up_is_never_sent(qtbot: QtBot, room: Room, leaving: Exit) -> None:
    room.holder.update(network=NO_RULE)
    leaving.down = True
    leaving.start()
    leaving.writer.order(SendOrder((leaving.put("a").key,), BOTH, "PACS"))
    qtbot.waitUntil(lambda: leaving.page.waiting == 2 and leaving.quiet)
    leaving.sending.give_up([item.number for item in leaving.page.items])
    leaving.down = False
    qtbot.waitUntil(lambda: leaving.page.waiting == 0 and leaving.quiet)
    leaving.sending.hurry("PACS")
    qtbot.wait(50)
    assert leaving.got == []


def test_a_result_of_another_patient_is_not_sent(qtbot: QtBot, room: Room, leaving: Exit) -> None:
    room.holder.update(network=NO_RULE)
    leaving.whose = lambda path: Meant("9.9", "1.2.a", "somebody else")
    leaving.start()
    leaving.writer.order(SendOrder((leaving.put("a").key,), BOTH, "PACS"))
    qtbot.waitUntil(lambda: bool(room.notices) and leaving.quiet)
    notice = room.notices[-1]
    assert (notice.severity, notice.title, notice.advice) == (Severity.ERROR, NOTHING, ANOTHER)
    assert leaving.got == []


def test_nothing_goes_to_whom_results_do_not_go(qtbot: QtBot, room: Room, leaving: Exit) -> None:
    asked_only = Peer(name="PACS", ae_title="PACS", host="127.0.0.1", port=104, roles=frozenset({Role.QUERY}))
    room.holder.update(network=NetworkSettings(peers=(asked_only,)))
    leaving.start()
    for peer in ("PACS", "Elsewhere"):
        room.notices.clear()
        leaving.writer.order(SendOrder((leaving.put("a").key,), BOTH, peer))
        qtbot.waitUntil(lambda: bool(room.notices) and leaving.quiet)
        assert room.titles() == [NOTHING]
    assert leaving.readers.requests == []
    assert "send_files" not in room.messenger.names()


def test_nothing_configured_makes_no_file(qtbot: QtBot, room: Room, leaving: Exit) -> None:
    room.holder.update(network=NetworkSettings())
    leaving.start()
    leaving.writer.on_scored([leaving.put("a")])
    until = time.monotonic() + 0.2
    qtbot.waitUntil(lambda: time.monotonic() > until and leaving.quiet)
    assert not (room.home / FILE).exists()
