"""Who is let in to the node, and what is told of those who are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from squid_core.contracts.network import NodeEvent, NodeEventKind
from squid_core.network.configuration import Caller, Listening
from squid_core.network.listening import admission
from squid_core.network.listening.admission import Doorkeeper, Teller


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def _listening(**more: int) -> Listening:
    callers = (
        Caller(ae_title="PACS", address="10.0.0.5"),
        Caller(ae_title="CR1", address="10.1.0.0/16"),
        Caller(ae_title="SIX", address="fd00::/64"),
    )
    return Listening(ae_title="SQUID", port=11112, callers=callers, **more)


@pytest.mark.parametrize("address", ["10.0.0.5", "10.1.2.3", "fd00::7", "::ffff:10.0.0.5", "fd00::7%eth0"])
def test_an_address_of_the_list_may_connect(address: str) -> None:
    assert Doorkeeper(_listening()).connects(address) == ""


@pytest.mark.parametrize("address", ["10.0.0.6", "127.0.0.1", "::1", "fd01::7", "", "nonsense"])
def test_any_other_address_may_not(address: str) -> None:
    assert Doorkeeper(_listening()).connects(address) == admission.STRANGE_ADDRESS


def test_nobody_may_connect_where_nobody_is_listed() -> None:
    gate = Doorkeeper(Listening(ae_title="SQUID", port=11112))
    assert gate.connects("127.0.0.1") == admission.STRANGE_ADDRESS
    assert gate.asks("127.0.0.1", "PACS", "SQUID") is admission.CALLER_UNKNOWN


def test_title_and_address_belong_together() -> None:
    gate = Doorkeeper(_listening())
    assert gate.asks("10.0.0.5", "PACS", "SQUID") is None
    assert gate.asks("10.1.9.9", " CR1 ", "SQUID ") is None
    assert gate.asks("10.1.9.9", "PACS", "SQUID") is admission.CALLER_UNKNOWN
    assert gate.asks("10.0.0.5", "pacs", "SQUID") is admission.CALLER_UNKNOWN
    assert gate.asks("10.0.0.5", "PACS", "ANY-SCP") is admission.CALLED_UNKNOWN


def test_so_many_associations_at_once_and_no_more() -> None:
    gate = Doorkeeper(_listening(associations=2))
    assert [gate.asks("10.0.0.5", "PACS", "SQUID") for _ in range(3)] == [None, None, admission.LIMIT_EXCEEDED]
    gate.releases()
    assert gate.asks("10.0.0.5", "PACS", "SQUID") is None


def test_connections_that_say_nothing_are_bounded_too() -> None:
    gate = Doorkeeper(_listening(associations=2))
    let_in = [gate.connects("10.0.0.5") for _ in range(100)].count("")
    assert let_in == 2 + admission.SPARE_CONNECTIONS
    gate.leaves()
    assert gate.connects("10.0.0.5") == ""
    assert gate.connects("10.0.0.5") == admission.TOO_MANY


def test_one_address_may_connect_so_often_in_a_minute() -> None:
    clock = Clock()
    gate = Doorkeeper(_listening(a_minute=3), clock)
    for _ in range(3):
        assert gate.connects("10.1.0.1") == ""
        gate.leaves()
        clock.now += 10
    assert gate.connects("10.1.0.1") == admission.TOO_OFTEN
    assert gate.connects("10.1.0.2") == ""  # another one is not held up by it
    clock.now += 31
    assert gate.connects("10.1.0.1") == ""
    assert gate.connects("10.1.0.1") == admission.TOO_OFTEN


def test_what_is_remembered_of_addresses_is_bounded() -> None:
    clock = Clock()
    gate = Doorkeeper(_listening(), clock)
    for number in range(admission.MAX_ADDRESSES + 10):
        assert gate.connects(f"10.1.{number // 256}.{number % 256}") == ""
        gate.leaves()
        clock.now += 1
    assert len(gate._lately) < 100


def test_refusals_that_come_quickly_are_told_together() -> None:
    clock, told = Clock(), list[NodeEvent]()
    teller = Teller(told.append, clock)
    for _ in range(1000):
        teller.said(NodeEventKind.REFUSED, "No.")
    teller.said(NodeEventKind.FAULT, "Full.")
    teller.flush()
    assert told == [NodeEvent(NodeEventKind.REFUSED, "No."), NodeEvent(NodeEventKind.FAULT, "Full.")]
    clock.now += admission.TOLD_TOGETHER_SECONDS
    teller.flush()
    teller.flush()
    assert told[2:] == [NodeEvent(NodeEventKind.REFUSED, "No.", count=999)]
    teller.said(NodeEventKind.REFUSED, "No.")
    teller.flush(everything=True)
    assert sum(event.count for event in told if event.kind == NodeEventKind.REFUSED) == 1001


def test_every_object_is_told(tmp_path: Path) -> None:
    told = list[NodeEvent]()
    teller = Teller(told.append)
    teller.stored(tmp_path / "a")
    teller.stored(None)
    assert [event.path for event in told] == [tmp_path / "a", None]
