from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.domain.jobs import JobState
from app.domain.study import ImageItem, Judgement, Reading
from app.domain.worklist import Worklist
from squid_core.bundle.library import population_of
from tests.app.samples import digest_of, image


def names(worklist: Worklist) -> list[str]:
    return [study.uid for study in worklist.studies]


def test_the_highest_score_comes_first_then_what_waits_as_it_came_then_errors() -> None:
    worklist = Worklist(
        [
            image("a", "error", state=JobState.ERROR, arrival=1),
            image("b", "second waiting", arrival=3),
            image("c", "low", score=0.1, arrival=4),
            image("d", "first waiting", state=JobState.VIEWABLE, arrival=2),
            image("e", "high", score=0.9, arrival=5),
        ]
    )
    assert names(worklist) == ["high", "low", "first waiting", "second waiting", "error"]


def test_equal_scores_stay_in_the_order_they_came() -> None:
    worklist = Worklist([image("a", "later", score=0.5, arrival=2), image("b", "earlier", score=0.5, arrival=1)])
    assert names(worklist) == ["earlier", "later"]


def test_a_new_score_moves_its_study_and_leaves_the_former_worklist_as_it_was() -> None:
    before = Worklist([image("a", "one", score=0.5), image("b", "two", arrival=1)])
    after = before.upsert(image("b", "two", score=0.8, arrival=1))
    assert names(before) == ["one", "two"]
    assert names(after) == ["two", "one"]


def test_images_of_one_study_are_one_row() -> None:
    worklist = Worklist().upsert(image("a", score=0.1), image("b", score=0.6))
    assert len(worklist) == 1
    assert worklist.studies[0].score == 0.6


def test_a_file_that_was_replaced_by_another_patients_leaves_its_former_study() -> None:
    worklist = Worklist([image("a", "one"), image("b", "one")]).upsert(image("a", "other"))
    assert [len(worklist.study(uid).images) for uid in ("one", "other")] == [1, 1]  # type: ignore[union-attr]
    assert Worklist([image("a", "one")]).upsert(image("a", "other")).study("one") is None


def test_what_is_scored_and_what_was_stopped_is_counted_as_it_changes() -> None:
    worklist = Worklist([image("a", "1.1", 0.5), image("b", "1.2"), image("c", "1.3", state=JobState.CANCELLED)])
    assert (worklist.scored, worklist.stopped) == (1, True)
    assert not worklist.without([image("c").key]).stopped
    again = worklist.upsert(image("c", "1.3", 0.9))
    assert (again.scored, again.stopped) == (2, False)
    assert (worklist.scored, worklist.stopped) == (1, True)


def test_images_are_found_by_their_key() -> None:
    item = image("a", "one")
    worklist = Worklist([item])
    assert worklist.image(item.key) is item
    assert worklist.study_of(item.key) is worklist.study("one")
    assert worklist.image("unknown") is None
    assert worklist.without([item.key]).image(item.key) is None


@st.composite
def images(draw: st.DrawFn) -> list[ImageItem]:
    states = st.sampled_from([state for state in JobState if state is not JobState.SCORED])
    scores = st.one_of(st.none(), st.floats(0, 1))
    rows = draw(st.lists(st.tuples(st.integers(0, 5), scores, states), max_size=12))
    return [
        image(str(number), f"study {study}", score, None if score is not None else state, number)
        for number, (study, score, state) in enumerate(rows)
    ]


@given(images())
def test_no_study_is_ever_hidden_and_a_higher_score_is_never_below(items: list[ImageItem]) -> None:
    worklist = Worklist(items)
    assert sorted(names(worklist)) == sorted({item.study_uid for item in items})
    assert sum(len(study.images) for study in worklist.studies) == len(items)
    scores = [study.score for study in worklist.studies]
    known = [score for score in scores if score is not None]
    assert scores[: len(known)] == sorted(known, reverse=True)


def test_a_judgement_moves_no_study_and_no_score_and_stays_with_the_study() -> None:
    worklist = Worklist([image("a", "first", score=0.9, arrival=1), image("b", "second", score=0.5, arrival=2)])
    judged = worklist.judged({digest_of("a"): Judgement.REJECTED, digest_of("d"): Judgement.ACCEPTED})
    assert names(judged) == names(worklist) == ["first", "second"]
    first = judged.study("first")
    assert first is not None
    assert (first.judgement, first.score) == (Judgement.REJECTED, 0.9)
    assert worklist.study("first").judgement is Judgement.NONE  # type: ignore[union-attr]
    later = judged.upsert(image("c", "first", score=0.95, arrival=3), image("d", "not here yet", score=0.1, arrival=4))
    assert later.study("first").judgement is Judgement.REJECTED  # type: ignore[union-attr]
    assert later.study("not here yet").judgement is Judgement.ACCEPTED  # type: ignore[union-attr]
    back = later.without([image("a").key, image("c").key]).upsert(image("a", "first", score=0.9, arrival=1))
    assert back.study("first").judgement is Judgement.REJECTED  # type: ignore[union-attr]
    other = replace(image("a", "first", score=0.9, arrival=1), digest=digest_of("other bytes"))
    replaced = worklist.judged({digest_of("a"): Judgement.REJECTED}).upsert(other).study("first")
    assert replaced is not None
    assert replaced.judgement is Judgement.NONE


@given(st.lists(st.tuples(st.integers(0, 7), st.one_of(st.none(), st.floats(0, 1)), st.booleans(), st.booleans())))
def test_however_it_came_about_the_order_is_that_of_a_list_made_at_once(
    steps: list[tuple[int, float | None, bool, bool]],
) -> None:
    worklist, there = Worklist(), dict[str, ImageItem]()
    for number, score, gone, looked_at in steps:
        item = image(str(number), f"study {number % 5}", score, arrival=number)
        item = replace(item, weights=f"weights {number % 3}")
        worklist = worklist.without([item.key]) if gone else worklist.upsert(item)
        there = {key: one for key, one in there.items() if key != item.key} | ({} if gone else {item.key: item})
        if looked_at:
            assert names(worklist) == names(Worklist(there.values()))
    assert names(worklist) == names(Worklist(there.values()))
    tops = [study.top_image for study in worklist.studies if study.score is not None]
    assert worklist.scored_by == Counter((top.weights, population_of(top.identity.patient_age)) for top in tops)


def test_a_study_is_unread_until_opened_and_read_when_all_its_images_are() -> None:
    one, other = image("a", "1.1", 0.9), image("b", "1.1")
    worklist = Worklist([one, other, image("c", "1.2", 0.5)])
    reading = [study.reading for study in worklist.studies]
    assert reading == [Reading.UNREAD, Reading.UNREAD]
    opened = worklist.judged({}, {one.content_key: Reading.READING, other.content_key: Reading.READING})
    assert opened.studies[0].reading is Reading.READING
    half = opened.judged({}, {one.content_key: Reading.READ})
    assert half.studies[0].reading is Reading.READING, "one of its images came later"
    read = half.judged({}, {other.content_key: Reading.READ})
    assert [study.reading for study in read.studies] == [Reading.READ, Reading.UNREAD]
    later = read.upsert(image("d", "1.1"))
    assert later.studies[0].reading is Reading.READING, "a new image is work again"
    assert [study.uid for study in read.studies] == [study.uid for study in worklist.studies]


def test_what_was_read_is_so_of_bytes_and_outlives_the_row() -> None:
    one = image("a", "1.1", 0.9)
    read = Worklist([one]).judged({}, {one.content_key: Reading.READ})
    assert read.without([one.key]).upsert(one).studies[0].reading is Reading.READ
    assert read.upsert(replace(one, digest=digest_of("other"))).studies[0].reading is Reading.UNREAD
    damaged = image("z", "1.9", state=JobState.ERROR)
    damaged = replace(damaged, digest="")
    marked = Worklist([damaged]).judged({}, {damaged.key: Reading.READ})
    assert marked.studies[0].reading is Reading.READ, "without bytes it goes by its place"
