"""Which machine answers for a file: every file in exactly one part."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from squid_core.contracts.errors import SquidError
from squid_core.inference.shard import Shard


@given(st.text(st.characters(exclude_categories=["Cs"])), st.integers(1, 50))
def test_every_file_is_in_exactly_one_part(relative: str, of: int) -> None:
    assert sum(Shard(number, of).holds(relative) for number in range(1, of + 1)) == 1


def test_parts_are_alike_in_size_and_the_same_on_every_machine() -> None:
    names = [f"2026/11/{number}/IM{number % 7}" for number in range(4000)]
    sizes = [sum(map(Shard(number, 4).holds, names)) for number in range(1, 5)]
    assert sizes == [975, 1010, 988, 1027]
    assert all(map(Shard().holds, names))


@pytest.mark.parametrize("stated", ["", "1", "0/4", "5/4", "-1/4", "1/0", "a/b", "1/4/2", "１/4", "²/4", "1.0/4"])
def test_what_is_no_part_is_a_sentence(stated: str) -> None:
    with pytest.raises(SquidError, match="1/4"):
        Shard.read(stated)
    assert Shard.read("2/4") == Shard(2, 4)
