"""Which presentation states are offered at an image."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from app.domain.presenting import FoundState, Offer
from squid_core.contracts.presentation import StateHead
from squid_core.contracts.radiograph import Identity
from squid_core.dicom.source import Source

IMAGE = Identity("1.2", sop_instance_uid="1.2.1", patient_name="Doe, Jane", patient_id="P")
HEAD = StateHead(replace(IMAGE, sop_instance_uid="9.1"), ("1.2.1", "1.2.2"), "READ", created=date(2024, 3, 1))


def found(head: StateHead = HEAD, place: str = "a") -> FoundState:
    return FoundState(Source(Path("/films") / place), head)


def test_states_are_offered_in_the_order_in_which_they_were_made() -> None:
    earlier = replace(HEAD, identity=replace(HEAD.identity, sop_instance_uid="9.2"), created=date(2023, 1, 1))
    unknown = replace(HEAD, identity=replace(HEAD.identity, sop_instance_uid="9.3"), created=None)
    states = [found(), found(earlier, "b"), found(unknown, "c")]
    offer = Offer.to(IMAGE, states)
    assert offer.states == (states[2], states[1], states[0])
    assert (offer.state(states[1].key), offer.state("none")) == (states[1], None)


def test_a_state_that_was_found_twice_is_offered_once_where_it_was_found_last() -> None:
    last, first = found(place="usb"), found(place="disk")
    assert Offer.to(IMAGE, [last, first]).states == (last,)


def test_states_of_another_patient_or_study_are_counted_and_not_offered() -> None:
    own = HEAD.identity
    others = replace(own, patient_id="Q"), replace(own, patient_name="Roe"), replace(own, study_instance_uid="3")
    strange = [
        replace(HEAD, identity=replace(other, sop_instance_uid=f"8.{number}")) for number, other in enumerate(others)
    ]
    offer = Offer.to(IMAGE, [found(), *(found(head, str(at)) for at, head in enumerate(strange))])
    assert (offer.states, offer.strangers) == ((found(),), 3)
