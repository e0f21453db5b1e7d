"""What of the worklist is shown: priors under their patient, orders, filters, and what a change costs."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.listing.filter import Chip, Filter, plain
from app.domain.listing.rows import AT_ONCE, WorklistRows
from app.domain.masking import Masking
from app.domain.settings import SortBy
from app.domain.study import ImageItem, Judgement, Reading
from app.domain.worklist import Worklist
from tests.app.samples import image
from tests.app.ui import synthetic

TODAY = date(2026, 11, 30)
NONE = Masking()


def rows(worklist: Worklist, wanted: Filter = Filter(), sort: SortBy = SortBy.SCORE, kept: str = "") -> list[str]:  # noqa: B008
    made = WorklistRows()
    made.follow(worklist, TODAY)
    made.use(wanted, sort, NONE, kept)
    return [study.uid for study in made.shown]


def of_patient(
    number: int, patient: str, when: date | None, score: float | None = None, **changes: object
) -> ImageItem:
    who = synthetic.identity(number, patient_id=patient, patient_name=f"Name of {patient}", study_date=when)
    return synthetic.item(number, score, identity=who)


def test_priors_stand_under_the_newest_of_their_patient_and_are_no_work() -> None:
    worklist = Worklist([
        of_patient(0, "A", date(2020, 1, 1), 0.5), of_patient(1, "B", date(2021, 1, 1), 0.7),
        of_patient(2, "B", date(2026, 1, 1), 0.2), of_patient(3, "B", date(2023, 1, 1), 0.1),
    ])  # fmt: skip
    assert rows(worklist) == ["1.2.3.2", "1.2.3.3", "1.2.3.1", "1.2.3.0"], "nothing lowers a study's place"
    made = WorklistRows()
    made.follow(worklist, TODAY)
    assert set(made.priors) == {"1.2.3.1", "1.2.3.3"}
    assert (made.work, made.scored, made.unread, made.counts[Chip.UNREAD]) == (2, 2, 2, 2)
    made.follow(worklist.without(["key-2"]), TODAY)
    assert set(made.priors) == {"1.2.3.1"}, "the next newest is work again"


def test_two_studies_of_one_day_are_both_work() -> None:
    same = date(2026, 11, 30)
    worklist = Worklist([of_patient(0, "A", same, 0.5), of_patient(1, "A", same, 0.7), of_patient(2, "A", None, 0.1)])
    made = WorklistRows()
    made.follow(worklist, TODAY)
    assert not made.priors
    assert made.counts[Chip.TODAY] == 2


def test_one_number_with_two_names_joins_nothing() -> None:
    other = replace(of_patient(1, "A", date(2026, 1, 1)), identity=synthetic.identity(1, patient_id="A"))
    made = WorklistRows()
    made.follow(Worklist([of_patient(0, "A", date(2020, 1, 1)), other]), TODAY)
    assert not made.priors


def test_orders() -> None:
    worklist = Worklist([
        of_patient(0, "C", date(2020, 1, 1), 0.9), of_patient(1, "A", date(2022, 1, 1), 0.1),
        of_patient(2, "B", date(2021, 1, 1)),
    ])  # fmt: skip
    assert rows(worklist, sort=SortBy.SCORE) == ["1.2.3.0", "1.2.3.1", "1.2.3.2"]
    assert rows(worklist, sort=SortBy.TIME) == ["1.2.3.1", "1.2.3.2", "1.2.3.0"]
    assert rows(worklist, sort=SortBy.NAME) == ["1.2.3.1", "1.2.3.2", "1.2.3.0"]
    assert rows(worklist, sort=SortBy.WAITING) == ["1.2.3.0", "1.2.3.1", "1.2.3.2"]


def test_the_open_study_never_leaves_the_list() -> None:
    worklist = Worklist(synthetic.reading_list())
    assert rows(worklist, Filter("", frozenset({Chip.ERROR})), kept="1.2.3.2") == ["1.2.3.2", "1.2.3.9"]


def test_accents_and_capitals_do_not_matter() -> None:
    assert plain("Müller ÅSA Ŝtraße") == plain("MULLER asa strasse")


def test_a_date_is_found_however_it_is_parted() -> None:
    worklist = Worklist([of_patient(0, "A", date(2020, 3, 4)), of_patient(1, "B", date(2020, 3, 5))])
    for text in ("2020-03-04", "2020/03/04", "2020.03.04", "20200304", "name 2020-03-04 a"):
        assert rows(worklist, Filter(text)) == ["1.2.3.0"]
    assert rows(worklist, Filter("2020-03")) == ["1.2.3.0", "1.2.3.1"]


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), sort=st.sampled_from(SortBy), text=st.sampled_from(("", "a", "zz")))
def test_rows_that_followed_every_change_are_those_made_anew(seed: int, sort: SortBy, text: str) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    worklist, followed = Worklist(), WorklistRows()
    wanted = Filter(text, frozenset(chance.sample(list(Chip), chance.choice((0, 0, 1)))) - {Chip.CHANGED})
    followed.use(wanted, sort, NONE, "1.2.3.1")
    for _ in range(25):
        number = chance.randrange(12)
        match chance.randrange(6):
            case 0:
                worklist = worklist.without([f"key-{number}"])
            case 1:
                worklist = worklist.judged({f"{number:064x}": chance.choice(list(Judgement))})
            case 2:
                worklist = worklist.judged({}, {f"{number:064x}": chance.choice(list(Reading))})
            case _:
                when = chance.choice((None, date(2020 + number % 5, 1, 1)))
                score = chance.choice((None, round(chance.random(), 2)))
                worklist = worklist.upsert(of_patient(number, "ABC"[number % 3], when, score))
        followed.follow(worklist, TODAY)
        _ = chance.random() < 0.7 and followed.shown
        anew = WorklistRows()
        anew.follow(worklist, TODAY)
        anew.use(wanted, sort, NONE, "1.2.3.1")
        assert list(followed.shown) == list(anew.shown)
        assert set(followed.priors) == set(anew.priors)
        counts = {chip: number for chip, number in followed.counts.items() if chip is not Chip.CHANGED}
        assert counts == {chip: number for chip, number in anew.counts.items() if chip is not Chip.CHANGED}
        if wanted == Filter():
            assert len(followed.shown) == len(worklist)


def test_what_stands_above_or_has_come_and_was_never_opened_is_found() -> None:
    high = [image(str(n), f"1.{n}", 0.9 - n / 100, arrival=n) for n in range(6)]
    worklist, made = Worklist(high), WorklistRows()
    worklist = worklist.judged({}, {high[0].content_key: Reading.READ, high[1].content_key: Reading.READING})
    made.follow(worklist, TODAY)
    assert made.above("1.4") == (2, "1.2"), "what was opened is known to the reader"
    assert made.new("1.9") == (0, "")
    made.begin(3)
    assert made.new("1.9") == (2, "1.4")
    assert made.new("1.4") == (1, "1.5"), "the open one is known"
    made.follow(worklist.without([high[2].key]), TODAY)
    assert made.above("1.4") == (1, "1.3")
    made.follow(worklist.upsert(replace(high[5], score=0.95)), TODAY)
    assert made.above("1.4") == (3, "1.5"), "the highest first"


def test_a_prior_that_was_never_opened_stands_above_nothing() -> None:
    made = WorklistRows()
    worklist = Worklist([
        of_patient(0, "A", date(2020, 1, 1), 0.9), of_patient(1, "A", date(2026, 1, 1), 0.2),
        of_patient(2, "B", date(2026, 1, 1), 0.1),
    ])  # fmt: skip
    made.follow(worklist, TODAY)
    assert made.above("1.2.3.2") == (1, "1.2.3.1")


def test_of_many_changes_the_first_to_read_are_seen_at_once_and_the_rest_in_idle_time() -> None:
    worklist = Worklist(synthetic.item(number, number / 1000) for number in range(1000))
    made = WorklistRows()
    made.follow(worklist, TODAY)
    assert made.is_behind
    assert list(made.shown) == list(worklist.studies)[:AT_ONCE]
    gone = worklist.without(["key-0", "key-999"])
    made.follow(gone, TODAY)
    assert list(made.shown)[: AT_ONCE - 1] == list(gone.studies)[: AT_ONCE - 1], "what has gone is gone at once"
    made.use(Filter("", frozenset({Chip.HIGH})), SortBy.SCORE, NONE, "")
    while made.warm(0.001):
        pass
    assert not made.is_behind
    made.use(Filter(), SortBy.SCORE, NONE, "")
    assert list(made.shown) == list(gone.studies)
    assert (made.work, made.counts[Chip.UNREAD]) == (998, 998)


def test_past_midnight_other_studies_are_of_today() -> None:
    worklist, made = Worklist([of_patient(0, "A", TODAY), of_patient(1, "B", date(2026, 12, 1))]), WorklistRows()
    made.follow(worklist, TODAY)
    made.use(Filter("", frozenset({Chip.TODAY})), SortBy.SCORE, NONE, "")
    assert [study.uid for study in made.shown] == ["1.2.3.0"]
    made.follow(worklist, date(2026, 12, 1))
    assert [study.uid for study in made.shown] == ["1.2.3.1"]
    assert made.counts[Chip.TODAY] == 1
