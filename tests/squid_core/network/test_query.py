"""What is made of what a catalogue answers, whichever protocol it is asked by."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from squid_core.contracts.network import FoundStudy, Outcome, Question
from squid_core.network import query, words
from squid_core.network.catalogue import FoundInstance, FoundSeries
from squid_core.network.configuration import NetworkSettings, Peer
from squid_core.network.errands import find

PEER = Peer(name="pacs", ae_title="A", host="h", port=104)


class Shelf:
    """A catalogue in memory; it matches modalities, or says nothing of them."""

    def __init__(self, silent: bool = False) -> None:
        self.silent = silent
        self.held: dict[FoundStudy, list[FoundSeries]] = {}
        self.looked_at: list[str] = []

    def has(self, uid: str, *series: tuple[str, str], date: str = "20261130", time: str = "") -> None:
        listed = [FoundSeries(f"{uid}.{number}", *one) for number, one in enumerate(series)]
        modalities = () if self.silent else tuple(dict.fromkeys(one.modality for one in listed))
        self.held[FoundStudy(uid, study_date=date, study_time=time, modalities=modalities)] = listed

    def studies(self, _question: Question, modality: str, most: int) -> tuple[list[FoundStudy], bool]:
        found = [one for one in self.held if not modality or not one.modalities or modality in one.modalities]
        return found[:most], len(found) > most

    def series(self, study: str) -> list[FoundSeries]:
        self.looked_at.append(study)
        return next(series for one, series in self.held.items() if one.study_instance_uid == study)

    def instances(self, study: str, series: str) -> list[FoundInstance]:
        raise AssertionError(f"{study} {series}")


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Shelf:
    made = Shelf()

    @contextmanager
    def open_one(*_args: Any) -> Iterator[Shelf]:
        yield made

    monkeypatch.setattr(query, "catalogue_of", open_one)
    return made


def asked(question: Question, most: int = 500) -> list[str]:
    answer = find(NetworkSettings(peers=(PEER,)), "pacs", "", question, most)
    assert answer.said.outcome is Outcome.DONE
    return [study.study_instance_uid for study in answer.studies]


def test_a_study_of_two_modalities_is_found_once_and_the_newest_is_first(shelf: Shelf) -> None:
    shelf.has("1.1", ("CR", ""), ("DX", ""), time="080000")
    shelf.has("1.2", ("DX", ""), time="090000")
    shelf.has("1.3", ("MR", ""))
    shelf.has("1.4", ("CR", ""), date="20261129")
    assert asked(Question(modalities=("CR", "DX"))) == ["1.2", "1.1", "1.4"]
    assert shelf.looked_at == []


def test_where_no_modality_is_said_the_series_are_asked(shelf: Shelf) -> None:
    shelf.silent = True
    shelf.has("1.1", ("MR", ""))
    shelf.has("1.2", ("PR", ""), ("DX", "CHEST"))
    shelf.has("1.3")
    assert asked(Question(modalities=("dx",))) == ["1.2", "1.3"]


@pytest.mark.parametrize(
    ("stated", "kept"),
    [
        *((name, True) for name in ("CHEST", "CHEST_PA", "THORAX", "LUNGE", "TORAX", "胸部", "RIBS", "", "XYZ")),
        *((name, False) for name in ("HAND", "ABDOMEN", "KNIE", "PELVIS", "SKULL")),
    ],
)
def test_the_chest_has_many_names_and_what_is_elsewhere_is_left_out(shelf: Shelf, stated: str, kept: bool) -> None:
    shelf.has("1.1", ("DX", stated), ("PR", ""), ("SR", ""))
    assert asked(Question(modalities=("CR", "DX"), body_part="chest")) == (["1.1"] if kept else [])


def test_other_parts_are_compared_letter_by_letter_and_wildcards_are_the_askers(shelf: Shelf) -> None:
    for number, part in enumerate(("HAND", "LHAND", "KNEE", "THORAX")):
        shelf.has(f"1.{number}", ("DX", part))
    assert sorted(asked(Question(body_part="HAND"))) == ["1.0", "1.1"]
    assert asked(Question(body_part="K*E")) == ["1.2"]


def test_of_several_series_one_is_enough(shelf: Shelf) -> None:
    shelf.has("1.1", ("DX", "HAND"), ("DX", "CHEST"))
    shelf.has("1.2", ("DX", "HAND"), ("CR", "KNEE"))
    shelf.has("1.3", ("DX", "HAND"), ("CT", "CHEST"))
    assert asked(Question(modalities=("CR", "DX"), body_part="CHEST")) == ["1.1"]


def test_more_than_was_asked_for_is_said(shelf: Shelf) -> None:
    for number in range(9):
        shelf.has(f"1.{number}", ("DX" if number % 2 else "CR", ""))
    answer = find(NetworkSettings(peers=(PEER,)), "pacs", "", Question(modalities=("CR", "DX")), 5)
    assert (len(answer.studies), answer.more, answer.said.sentence) == (5, True, words.MORE)
