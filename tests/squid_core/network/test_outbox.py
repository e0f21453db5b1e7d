from __future__ import annotations

import multiprocessing
import os
import random
import signal
from pathlib import Path

import psutil
import pytest

from squid_core.contracts.errors import SquidError
from squid_core.contracts.network import Meant, Outcome, Said, Sent
from squid_core.network import outbox as outbox_module
from squid_core.network.leases import LEASE_SECONDS
from squid_core.network.outbox import (
    BATCH,
    FOLDER,
    ORPHAN_SECONDS,
    Outbox,
    OutboxBatch,
    OutboxRow,
    OutboxState,
    Outgoing,
    pause,
)

NOW = 1_800_000_000.0
PACS, OTHER = "PACS", "Archive"
BOTH = (PACS, OTHER)
DOWN = Sent(Said(Outcome.FAILED, "It does not answer."))


def outgoing(folder: Path, number: int = 1, kind: str = "sr", fingerprint: str = "w1") -> Outgoing:
    """A result of image `number`; its bytes say which."""
    folder.mkdir(exist_ok=True)
    file = folder / f"{number}-{kind}"
    file.write_bytes(f"{number} {kind}".encode())
    return Outgoing(file, Meant(f"1.2.{number}.{kind}", f"1.3.{number}", f"P{number}"), kind, f"d{number}", fingerprint)


def accepted(batch: OutboxBatch, *but: str) -> Sent:
    """All of a batch went through, except those that were not reached."""
    uids = [meant.sop_instance_uid for meant in batch.meant]
    return Sent(Said(Outcome.DONE, ""), tuple(uid for uid in uids if uid not in but), {}, but)


def due(outbox: Outbox, now: float = NOW, peers: tuple[str, ...] = BOTH, most: int = BATCH) -> OutboxBatch:
    batch = outbox.next_due(now, peers, most)
    assert batch is not None
    return batch


def files(home: Path) -> list[bytes]:
    folder = home / FOLDER
    return sorted(path.read_bytes() for path in folder.iterdir()) if folder.is_dir() else []


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def outbox(home: Path) -> Outbox:
    return Outbox(home)


def test_a_result_is_sent_once_and_its_file_removed(outbox: Outbox, home: Path, tmp_path: Path) -> None:
    result = outgoing(tmp_path / "made")
    assert outbox.add(PACS, [result], NOW) == 1
    batch = due(outbox)
    assert batch.peer == PACS
    assert batch.meant == (result.meant,)
    assert [path.read_bytes() for path in batch.files] == [b"1 sr"]
    outbox.settle(batch, accepted(batch), NOW)
    assert files(home) == []
    assert outbox.counts()[OutboxState.SENT] == 1
    assert outbox.add(PACS, [result], NOW) == 0
    assert outbox.next_due(NOW + 1e6, BOTH) is None
    assert files(home) == []


def test_what_makes_it_another_result_makes_it_another_row(outbox: Outbox, tmp_path: Path) -> None:
    made = tmp_path / "made"
    assert outbox.add(PACS, [outgoing(made, kind="sr"), outgoing(made, kind="sc")], NOW) == 2
    assert outbox.add(PACS, [outgoing(made, fingerprint="w2")], NOW) == 1
    assert outbox.add(OTHER, [outgoing(made)], NOW) == 1
    assert outbox.has(PACS, "d1", "sr", "w2")
    assert not outbox.has(OTHER, "d1", "sr", "w2")


def test_files_are_for_this_user_alone_and_their_names_say_nothing(outbox: Outbox, home: Path, tmp_path: Path) -> None:
    result = outgoing(tmp_path / "made")
    outbox.add(PACS, [result], NOW)
    (file,) = (home / FOLDER).iterdir()
    assert file.stat().st_mode & 0o077 == 0
    assert (home / FOLDER).stat().st_mode & 0o077 == 0
    assert not any(part in file.name for part in (result.meant.patient_id, "1.2.1", "1.3.1", "sr"))


def test_a_system_that_is_down_is_asked_once_a_pause_and_gets_everything_once_it_is_back(
    outbox: Outbox, tmp_path: Path
) -> None:
    results = [outgoing(tmp_path / "made", number) for number in range(120)]
    outbox.add(PACS, results, NOW)
    now, asked, got = NOW, 0, []
    while now < NOW + 3600:
        batch = outbox.next_due(now, BOTH)
        if batch is not None:
            asked += 1
            outbox.settle(batch, DOWN, now)
            assert outbox.next_due(now, BOTH) is None
        now += 5
    assert asked == 9  # at 0, 10, 30, 70, 150, 310, 630, 1270 and 2550 s
    assert outbox.failing() == {PACS: "It does not answer."}
    moment = outbox.next_moment(now, BOTH)
    assert moment is not None
    assert moment <= now + 3600
    while (next_batch := outbox.next_due(moment, BOTH)) is not None:
        got += [meant.sop_instance_uid for meant in next_batch.meant]
        outbox.settle(next_batch, accepted(next_batch), moment)
    assert sorted(got) == sorted(result.meant.sop_instance_uid for result in results)
    assert outbox.counts()[OutboxState.WAITING] == 0
    assert outbox.failing() == {}
    assert outbox.next_moment(moment, BOTH) is None


def test_pauses_grow_from_ten_seconds_to_an_hour() -> None:
    assert [pause(n) for n in (1, 2, 3, 9, 10, 1000)] == [10, 20, 40, 2560, 3600, 3600]


def test_a_system_that_is_down_holds_up_no_other(outbox: Outbox, tmp_path: Path) -> None:
    outbox.add(PACS, [outgoing(tmp_path / "made")], NOW)
    outbox.add(OTHER, [outgoing(tmp_path / "made")], NOW)
    outbox.settle(due(outbox), DOWN, NOW)
    batch = due(outbox)
    assert batch.peer == OTHER
    outbox.settle(batch, accepted(batch), NOW)
    assert outbox.next_due(NOW, BOTH) is None


def test_one_that_does_not_get_through_waits_while_the_others_do(outbox: Outbox, tmp_path: Path) -> None:
    outbox.add(PACS, [outgoing(tmp_path / "made", number) for number in (1, 2)], NOW)
    batch = due(outbox)
    said = Said(Outcome.PARTLY, "It is short of space.")
    outbox.settle(batch, Sent(said, ("1.2.2.sr",), {}, ("1.2.1.sr",)), NOW)
    assert outbox.next_due(NOW + 9, BOTH) is None
    (row,) = outbox.rows((OutboxState.WAITING,))
    assert (row.tries, row.next_try, row.said) == (1, NOW + 10, "It is short of space.")
    outbox.add(PACS, [outgoing(tmp_path / "made", 3)], NOW)  # it is up, so this one need not wait
    assert [meant.sop_instance_uid for meant in due(outbox).meant] == ["1.2.3.sr"]


def test_what_fails_again_and_again_comes_after_what_was_never_tried(outbox: Outbox, tmp_path: Path) -> None:
    outbox.add(PACS, [outgoing(tmp_path / "made", number) for number in (1, 2, 3)], NOW)
    first = due(outbox, most=1)
    outbox.settle(first, DOWN, NOW)
    assert [meant.sop_instance_uid for meant in due(outbox, NOW + 10).meant] == ["1.2.2.sr", "1.2.3.sr", "1.2.1.sr"]


def test_what_was_refused_says_why_and_is_tried_again_only_when_the_user_says_so(
    outbox: Outbox, home: Path, tmp_path: Path
) -> None:
    outbox.add(PACS, [outgoing(tmp_path / "made")], NOW)
    batch = due(outbox)
    outbox.settle(batch, Sent(Said(Outcome.REFUSED, "x"), (), {"1.2.1.sr": "It takes no reports."}), NOW)
    (row,) = outbox.rows((OutboxState.REFUSED,))
    assert row.said == "It takes no reports."
    assert outbox.next_due(NOW + 1e6, BOTH) is None
    outbox.retry([row.number])
    batch = due(outbox)
    outbox.settle(batch, accepted(batch), NOW)
    assert outbox.counts()[OutboxState.SENT] == 1
    assert files(home) == []


def test_retry_ends_a_pause(outbox: Outbox, tmp_path: Path) -> None:
    outbox.add(PACS, [outgoing(tmp_path / "made")], NOW)
    outbox.settle(due(outbox), DOWN, NOW)
    outbox.retry([row.number for row in outbox.rows()])
    assert due(outbox).peer == PACS


def test_an_answer_of_the_system_ends_its_pause(outbox: Outbox, tmp_path: Path) -> None:
    outbox.add(PACS, [outgoing(tmp_path / "made")], NOW)
    outbox.settle(due(outbox), DOWN, NOW)
    outbox.answered(PACS)
    assert due(outbox).peer == PACS


def test_given_up_is_never_sent_by_itself_but_by_hand(outbox: Outbox, home: Path, tmp_path: Path) -> None:
    result = outgoing(tmp_path / "made")
    outbox.add(PACS, [result], NOW)
    outbox.give_up([row.number for row in outbox.rows()], NOW)
    assert files(home) == []
    assert outbox.next_due(NOW, BOTH) is None
    assert outbox.add(PACS, [result], NOW) == 0
    assert files(home) == []
    assert outbox.add(PACS, [result], NOW, by_hand=True) == 1
    assert [path.read_bytes() for path in due(outbox).files] == [b"1 sr"]


def test_given_up_on_its_way_and_accepted_all_the_same_is_sent(outbox: Outbox, tmp_path: Path) -> None:
    outbox.add(PACS, [outgoing(tmp_path / "made", number) for number in (1, 2)], NOW)
    batch = due(outbox)
    outbox.give_up([row.number for row in batch.rows], NOW)
    outbox.settle(batch, Sent(Said(Outcome.PARTLY, ""), ("1.2.1.sr",), {}, ("1.2.2.sr",)), NOW)
    assert {row.meant.sop_instance_uid: row.state for row in outbox.rows()} == {
        "1.2.1.sr": OutboxState.SENT,
        "1.2.2.sr": OutboxState.GIVEN_UP,
    }


def test_cancelled_is_no_failure(outbox: Outbox, tmp_path: Path) -> None:
    outbox.add(PACS, [outgoing(tmp_path / "made")], NOW)
    outbox.settle(due(outbox), Sent(Said(Outcome.CANCELLED, "")), NOW)
    assert due(outbox).rows[0].tries == 0


def test_two_at_once_never_have_the_same(home: Path, tmp_path: Path) -> None:
    one, two = Outbox(home), Outbox(home)
    one.add(PACS, [outgoing(tmp_path / "made", number) for number in range(4)], NOW)
    one.add(OTHER, [outgoing(tmp_path / "made")], NOW)
    first, second = due(one, most=2), due(two)
    assert (first.peer, second.peer) == (PACS, OTHER)  # and one connection a system
    assert two.next_due(NOW, BOTH) is None
    one.settle(first, accepted(first), NOW)
    third = due(two)
    assert not set(first.meant) & set(third.meant)


def test_a_lease_ends_when_nothing_was_heard_for_too_long(outbox: Outbox, tmp_path: Path) -> None:
    outbox.add(PACS, [outgoing(tmp_path / "made")], NOW)
    late = due(outbox)
    assert outbox.next_due(NOW + LEASE_SECONDS - 1, BOTH) is None
    again = due(outbox, NOW + LEASE_SECONDS)
    outbox.settle(late, DOWN, NOW + LEASE_SECONDS)  # it is not theirs any more
    assert outbox.next_due(NOW + LEASE_SECONDS + 20, BOTH) is None
    outbox.settle(late, accepted(late), NOW + LEASE_SECONDS)  # but what was accepted was
    outbox.settle(again, DOWN, NOW + LEASE_SECONDS)
    assert outbox.counts()[OutboxState.SENT] == 1


def test_a_process_is_the_same_when_the_clock_is_set_meanwhile(
    outbox: Outbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox.add(PACS, [outgoing(tmp_path / "made")], NOW)
    due(outbox)
    began = psutil.Process().create_time()
    monkeypatch.setattr(psutil.Process, "create_time", lambda _: began + 1.0)  # it is counted from the system's start
    assert outbox.next_due(NOW, BOTH) is None
    monkeypatch.setattr(psutil.Process, "create_time", lambda _: began + 1000.0)  # another, of the same number
    assert outbox.next_due(NOW, BOTH) is not None


def test_a_clock_that_was_wrong_holds_nothing_up(outbox: Outbox, tmp_path: Path) -> None:
    outbox.add(PACS, [outgoing(tmp_path / "made")], NOW)
    outbox.settle(due(outbox, NOW + 1e8), DOWN, NOW + 1e8)
    moment = outbox.next_moment(NOW, BOTH)
    assert moment == NOW
    assert due(outbox, moment)
    assert due(outbox, NOW - 1e6)  # a lease from the future


def test_nothing_is_due_of_a_system_that_is_not_configured(outbox: Outbox, tmp_path: Path) -> None:
    outbox.add(PACS, [outgoing(tmp_path / "made")], NOW)
    assert outbox.next_due(NOW, (OTHER,)) is None
    assert outbox.next_moment(NOW, (OTHER,)) is None


def test_what_was_sent_is_forgotten_but_for_that_it_was(outbox: Outbox, home: Path, tmp_path: Path) -> None:
    result = outgoing(tmp_path / "made")
    outbox.add(PACS, [result], NOW)
    batch = due(outbox)
    outbox.settle(batch, accepted(batch), NOW)
    assert outbox.clear_done(NOW) == 0
    assert outbox.clear_done(NOW + 1) == 1
    assert outbox.rows() == ()
    assert outbox.add(PACS, [result], NOW) == 0
    assert outbox.counts()[OutboxState.SENT] == 1


def test_a_result_that_cannot_be_copied_is_a_sentence_and_leaves_nothing(
    outbox: Outbox, home: Path, tmp_path: Path
) -> None:
    good, gone = outgoing(tmp_path / "made", 1), outgoing(tmp_path / "made", 2)
    gone.file.unlink()
    with pytest.raises(SquidError):
        outbox.add(PACS, [good, gone], NOW)
    assert files(home) == []
    assert outbox.rows() == ()


def test_files_of_nobody_are_swept_and_those_that_wait_are_not(outbox: Outbox, home: Path, tmp_path: Path) -> None:
    outbox.sweep(NOW)  # before there is a folder
    outbox.add(PACS, [outgoing(tmp_path / "made")], NOW)
    for name in ("orphan.dcm", ".orphan.dcm.part"):
        (home / FOLDER / name).write_bytes(b"x")
    written = (home / FOLDER / "orphan.dcm").stat().st_mtime
    outbox.sweep(written + 1)  # whoever writes it may be at it still
    assert len(files(home)) == 3
    outbox.sweep(written + ORPHAN_SECONDS + 10)
    assert files(home) == [b"1 sr"]


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_each_is_accepted_once_or_given_up(home: Path, tmp_path: Path, seed: int) -> None:
    chance, outbox, now = random.Random(seed), Outbox(home), NOW  # noqa: S311
    wanted: dict[str, int] = {}  # how often each was accepted
    given_up: set[str] = set()
    under_way: list[OutboxBatch] = []
    for number in range(60):
        passed = chance.choice((0.0, 1.0, 30.0, 4000.0))
        now += passed
        if passed > LEASE_SECONDS:  # whoever had something has died before it was sent
            under_way.clear()
        match chance.randrange(6):
            case 0 | 1:
                result = outgoing(tmp_path / "made", chance.randrange(12))
                peer = chance.choice(BOTH)
                outbox.add(peer, [result], now)
                wanted.setdefault(f"{peer} {result.meant.sop_instance_uid}", 0)
            case 2 | 3:
                if batch := outbox.next_due(now, BOTH, chance.randint(1, 4)):
                    under_way.append(batch)
            case 4 if under_way:
                settled = under_way.pop(chance.randrange(len(under_way)))
                _settle_somehow(outbox, settled, chance, now, wanted)
            case 5 if number % 3 == 0 and (rows := outbox.rows((OutboxState.WAITING, OutboxState.REFUSED))):
                row = chance.choice(rows)
                if chance.random() < 0.5:
                    outbox.retry([row.number])
                else:
                    outbox.give_up([row.number], now)
                given_up = {_name(row) for row in outbox.rows((OutboxState.GIVEN_UP,))}
    now += LEASE_SECONDS  # the same
    outbox.retry([row.number for row in outbox.rows((OutboxState.REFUSED,))])
    outbox.hurry(BOTH)
    while (batch := outbox.next_due(now, BOTH)) is not None:
        for row in batch.rows:
            wanted[_name(row)] += 1
        outbox.settle(batch, accepted(batch), now)
    assert {name for name, times in wanted.items() if times != 1} <= given_up
    assert max(wanted.values()) == 1
    outbox.sweep(now)
    assert files(home) == []


def _name(row: OutboxRow) -> str:
    return f"{row.peer} {row.meant.sop_instance_uid}"


def _settle_somehow(
    outbox: Outbox, batch: OutboxBatch, chance: random.Random, now: float, wanted: dict[str, int]
) -> None:
    fates = {row: chance.choice(("accepted", "refused", "unsent")) for row in batch.rows}
    went = {fate: [row for row in batch.rows if fates[row] == fate] for fate in ("accepted", "refused")}
    for row in went["accepted"]:
        wanted[_name(row)] += 1
    uids = {fate: tuple(row.meant.sop_instance_uid for row in rows) for fate, rows in went.items()}
    outbox.settle(batch, Sent(Said(Outcome.PARTLY, "x"), uids["accepted"], dict.fromkeys(uids["refused"], "x")), now)


KILLED_AT = {
    "copied": ("shutil.copyfileobj", "before"),
    "named": ("pathlib.Path.replace", "after"),
    "entered": ("squid_core.network.outbox._insert", "after"),
    "leased": ("squid_core.network.outbox.Outbox.next_due", "after"),
    "sent": ("squid_core.network.outbox.Outbox.settle", "before"),
    "noted": ("squid_core.network.outbox.remove", "before"),
}


def _die(home: Path, made: Path, point: str) -> None:
    """Take two results in and send them, and be killed on the way; what was sent stands in a file."""
    name, when = KILLED_AT[point]
    owner_name, _, attribute = name.rpartition(".")
    owner = {
        "shutil": __import__("shutil"),
        "pathlib.Path": Path,
        "squid_core.network.outbox": outbox_module,
        "squid_core.network.outbox.Outbox": Outbox,
    }[owner_name]
    real = getattr(owner, attribute)

    def deadly(*arguments: object, **named: object) -> object:
        if when == "after":
            real(*arguments, **named)
        os.kill(os.getpid(), signal.SIGKILL)
        return None

    outbox = Outbox(home)
    setattr(owner, attribute, deadly)
    outbox.add(PACS, [outgoing(made, number) for number in (1, 2)], NOW)
    _send_all(outbox, made)


def _send_all(outbox: Outbox, made: Path) -> None:
    while (batch := outbox.next_due(NOW, BOTH)) is not None:
        with (made / "sent").open("a") as sent:
            sent.writelines(f"{path.read_text()}\n" for path in batch.files)
        outbox.settle(batch, accepted(batch), NOW)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="the system has no SIGKILL")
@pytest.mark.parametrize("point", KILLED_AT)
def test_killed_at_any_point_nothing_is_lost_or_doubled(home: Path, tmp_path: Path, point: str) -> None:
    made = tmp_path / "made"
    made.mkdir()
    child = multiprocessing.get_context("spawn").Process(target=_die, args=(home, made, point))
    child.start()
    child.join(30)
    assert child.exitcode == -signal.SIGKILL
    outbox = Outbox(home)  # the program is started again
    outbox.sweep(NOW)
    outbox.add(PACS, [outgoing(made, number) for number in (1, 2)], NOW)  # and what was not taken in is written again
    _send_all(outbox, made)
    sent = (made / "sent").read_text().splitlines()
    assert set(sent) == {"1 sr", "2 sr"}
    if point != "sent":  # accepted, and killed before it could be noted: offered again under the same UID
        assert len(sent) == 2
    assert outbox.counts() == {
        OutboxState.WAITING: 0,
        OutboxState.SENT: 2,
        OutboxState.REFUSED: 0,
        OutboxState.GIVEN_UP: 0,
    }
    outbox.sweep(4e9)
    assert files(home) == []
