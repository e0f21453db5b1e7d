"""What is to be written survives the program, and is there once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from app.storage.wanted import Wanted, Wish
from squid_core.network.store import FILE


def test_to_look_makes_no_file(tmp_path: Path) -> None:
    wanted = Wanted(tmp_path)
    assert wanted.first() is None
    assert wanted.count() == 0
    assert wanted.results_asked() is None
    assert not (tmp_path / FILE).exists()


def test_wishes_are_kept_in_order_and_once_the_users_first(tmp_path: Path) -> None:
    rule, other, hand = Wish("PACS", "a", ("sr", "sc")), Wish("PACS", "b", ("sr",)), Wish("PACS", "c", ("sc",), True)
    Wanted(tmp_path).add([rule, rule, other], results=7)
    Wanted(tmp_path).add([hand, rule])
    wanted = Wanted(tmp_path)
    seen = []
    while (wish := wanted.first()) is not None:
        assert wish.number > 0
        seen.append(replace(wish, number=0))
        wanted.done(wish)
    assert seen == [hand, rule, other]
    assert wanted.results_asked() == 7
    wanted.add([], results=9)
    assert Wanted(tmp_path).results_asked() == 9
