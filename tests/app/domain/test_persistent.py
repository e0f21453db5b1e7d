"""Collections whose versions share what does not differ: they behave as a dict and as a sorted list do."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.persistent import BLOCK, SharingMap, SharingSequence


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 600), st.sampled_from(("set", "drop", "copy"))), max_size=60))
def test_a_map_is_a_dict_and_a_copy_never_changes(steps: list[tuple[int, str]]) -> None:
    made, wanted = SharingMap[int, object](), dict[int, object]()
    former = [(made.copy(), dict(wanted))]
    for number, what in steps:
        if what == "set":
            made[number] = wanted[number] = object()
        elif what == "drop":
            made.pop(number, None)
            wanted.pop(number, None)
        else:
            former.append((made, dict(wanted)))
            made = made.copy()
    assert dict(made) == wanted
    for version, then in former:
        assert dict(version) == then
        apart = {key for key in then.keys() | wanted.keys() if then.get(key) is not wanted.get(key)}
        assert made.differing(version) == version.differing(made) == apart


def test_a_sequence_is_a_sorted_list_and_a_copy_never_changes() -> None:
    chance = random.Random(3)  # noqa: S311 - no secret
    made = SharingSequence(((number,), f"value {number}") for number in range(0, 6 * BLOCK, 2))
    wanted = {(number,): f"value {number}" for number in range(0, 6 * BLOCK, 2)}
    former = [(made.copy(), dict(wanted))]
    for step in range(6000):
        key = (chance.randrange(6 * BLOCK),) if step < 3000 else (chance.randrange(BLOCK),)
        if chance.random() < 0.4:
            made.discard(key)
            wanted.pop(key, None)
        else:
            made.put(key, str(step))
            wanted[key] = str(step)
        if step % 1000 == 0:
            former.append((made, dict(wanted)))
            made = made.copy()
    for sequence, then in [*former, (made, wanted)]:
        keys = sorted(then)
        assert list(sequence.keys()) == keys
        assert list(sequence) == [sequence[row] for row in range(len(keys))] == [then[key] for key in keys]
        for row, key in enumerate(keys):
            assert (sequence.row(key), sequence.before(key), sequence.value(key)) == (row, row, then[key])
        assert sequence.before((10**6,)) == len(sequence) == len(keys)
        assert sequence.row((10**6,)) is None
        assert (sequence[-1], sequence[1:3]) == (then[keys[-1]], (then[keys[1]], then[keys[2]]))
        with pytest.raises(IndexError):
            _ = sequence[len(keys)]


def test_an_empty_sequence_holds_nothing_and_takes_something() -> None:
    made: SharingSequence[str] = SharingSequence()
    assert (len(made), list(made), made.row((1,)), made.before((1,))) == (0, [], None, 0)
    made.discard((1,))
    made.put((1,), "one")
    made.discard((1,))
    made.put((2,), "two")
    assert list(made) == ["two"]
