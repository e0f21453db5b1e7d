"""The one scheduler: what may be read, what the device takes."""

from __future__ import annotations

import random

from squid_core.inference.flow import BATCHES_AHEAD, Flow, Machine, readers_here


def test_a_core_is_left_to_the_detector() -> None:
    assert [readers_here(cores) for cores in (1, 2, 4, 16, 64)] == [1, 1, 3, 15, 63]


def test_no_more_files_are_read_at_once_than_there_are_readers() -> None:
    flow = Flow[str](Machine(readers=2))
    flow.read("a", 1)
    assert flow.may_read(1)
    flow.read("b", 1)
    assert not flow.may_read(1)
    flow.leave("a")
    assert flow.may_read(1)


def test_a_reader_is_free_once_its_file_has_arrived() -> None:
    """Whatever is still asked about it, of a database or a disk; but it stays in hand."""
    flow = Flow[str](Machine(readers=1, bytes_ahead=100))
    flow.read("a", 60)
    flow.arrived("a")
    assert flow.may_read(40)
    assert not flow.may_read(41)
    assert not flow.empty
    flow.arrived("never read")
    assert flow.bytes_in_hand == 60
    flow.leave("a")
    assert flow.empty


def test_what_has_arrived_does_not_run_away_from_the_device() -> None:
    flow = Flow[int](Machine(readers=1, batch=1))
    for number in range(BATCHES_AHEAD):
        assert flow.may_read(1)
        flow.read(number, 1)
        flow.arrived(number)
    assert not flow.may_read(1)


def test_bytes_in_hand_are_bounded_but_a_larger_file_goes_alone() -> None:
    flow = Flow[str](Machine(readers=9, bytes_ahead=100))
    assert flow.may_read(1000)
    flow.read("large", 1000)
    assert not flow.may_read(1)
    flow.ready("large", "adult", 40)
    assert flow.may_read(60)
    assert not flow.may_read(61)


def test_readers_do_not_run_away_from_the_device() -> None:
    flow = Flow[int](Machine(readers=9, batch=2))
    for number in range(2 * BATCHES_AHEAD):
        assert flow.may_read(1)
        flow.ready(number, "adult", 1)
    assert not flow.may_read(1)
    assert flow.next_batch() == (0, 1)
    assert flow.may_read(1)


def test_a_batch_is_what_waits_for_the_same_weights() -> None:
    flow = Flow[str](Machine(batch=3))
    for key in ("a1", "c1", "a2", "a3", "a4"):
        flow.ready(key, key[0], 1)
    assert flow.next_batch() == ("a1", "a2", "a3")
    assert flow.next_batch() == ()
    flow.leave("a1", "a2")
    assert flow.next_batch() == ()
    flow.leave("a3")
    assert flow.next_batch() == ("c1",)


def test_two_batches_are_in_flight_on_a_card() -> None:
    flow = Flow[int](Machine(batch=2, batches=2))
    for number in range(6):
        flow.ready(number, "adult", 1)
    assert [flow.next_batch() for _ in range(3)] == [(0, 1), (2, 3), ()]


def test_what_the_user_looks_at_goes_next_and_alone() -> None:
    flow = Flow[int](Machine(batch=4))
    for number in range(4):
        flow.ready(number, "adult", 1)
    flow.ready(9, "adult", 1, urgent=True)
    flow.hurry([3, 77])
    assert flow.next_batch() == (3,)
    flow.leave(3)
    assert flow.next_batch() == (9,)
    flow.leave(9)
    assert flow.next_batch() == (0, 1, 2)


def test_whatever_happens_every_image_is_answered_once_and_no_bound_is_passed() -> None:
    for seed in range(30):
        dice = random.Random(seed)  # noqa: S311
        machine = Machine(dice.randint(1, 5), dice.randint(1, 5), dice.randint(1, 2), dice.choice((10, 50)))
        flow, todo, answered = Flow[int](machine), list(range(60)), list[int]()
        reading: list[int] = []
        batches: list[tuple[int, ...]] = []
        while todo or not flow.empty:
            while todo and flow.may_read(7):
                reading.append(todo.pop(0))
                flow.read(reading[-1], 7)
            while batch := flow.next_batch():
                batches.append(batch)
            assert len(reading) <= machine.readers
            assert len(batches) <= machine.batches
            assert flow.bytes_in_hand <= max(machine.bytes_ahead, 7)
            if reading and (not batches or dice.random() < 0.6):
                key = reading.pop(dice.randrange(len(reading)))
                if dice.random() < 0.2:
                    answered.append(key)
                    flow.leave(key)
                else:
                    flow.ready(key, dice.choice("ab"), 3, urgent=dice.random() < 0.1)
            elif batches:
                batch = batches.pop(0)
                answered += batch
                flow.leave(*batch)
        assert sorted(answered) == list(range(60))
