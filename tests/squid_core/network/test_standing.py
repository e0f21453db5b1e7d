from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from squid_core.contracts.network import Answer, Fetched, FoundStudy, Outcome, Question, Said
from squid_core.network.configuration import Standing
from squid_core.network.standing import MOST_DAYS, StandingQuery

TAIPEI, BERLIN = ZoneInfo("Asia/Taipei"), ZoneInfo("Europe/Berlin")
STANDING = Standing(peer="PACS", minutes=10)
DONE, FAILED, REFUSED = (Said(outcome, "") for outcome in (Outcome.DONE, Outcome.FAILED, Outcome.REFUSED))
STEP = timedelta(minutes=10)


@dataclass
class Pacs:
    """What a system has, by the day of its studies, and how often each was fetched from it."""

    studies: dict[date, dict[str, int]] = field(default_factory=dict)
    fetches: list[str] = field(default_factory=list)
    asked: list[date] = field(default_factory=list)
    fails: Callable[[str], bool] = lambda _: False
    down: bool = False

    def has(self, day: date, uid: str, instances: int = 1) -> None:
        self.studies.setdefault(day, {})[uid] = instances


def look(query: StandingQuery, pacs: Pacs, now: datetime) -> None:
    """One turn, as its runner does it."""
    for day in query.days(now):
        pacs.asked.append(day)
        found = tuple(FoundStudy(uid, instances=number) for uid, number in pacs.studies.get(day, {}).items())
        answer = Answer(FAILED) if pacs.down else Answer(DONE, found)
        for study in query.wanted(answer.studies, now):
            pacs.fetches.append(study.study_instance_uid)
            failed = pacs.fails(study.study_instance_uid)
            query.settle(study, day, Fetched(FAILED, missing=1) if failed else Fetched(DONE, files=1), now)
        query.asked(day, now, answer)


def test_each_study_is_fetched_once_however_often_it_is_asked_for(tmp_path: Path) -> None:
    pacs, day = Pacs(), date(2026, 11, 30)
    now = datetime(2026, 11, 30, 8, tzinfo=TAIPEI)
    for hour in range(8):
        pacs.has(day, f"1.{hour}")
        for minute in range(0, 60, 10):
            look(StandingQuery(STANDING, tmp_path, TAIPEI), pacs, now + timedelta(hours=hour, minutes=minute))
    assert pacs.fetches == [f"1.{hour}" for hour in range(8)]
    assert set(pacs.asked) == {day}


def test_what_arrives_round_midnight_is_not_missed(tmp_path: Path) -> None:
    pacs, query = Pacs(), StandingQuery(STANDING, tmp_path, TAIPEI)
    late, early = date(2026, 11, 30), date(2026, 12, 1)
    look(query, pacs, datetime(2026, 11, 30, 23, 55, tzinfo=TAIPEI))
    pacs.has(late, "1.late")  # at 23:59
    look(query, pacs, datetime(2026, 12, 1, 0, 5, tzinfo=TAIPEI))
    pacs.has(late, "1.later")  # it took the modality until 0:30
    pacs.has(early, "2.early")
    look(query, pacs, datetime(2026, 12, 1, 0, 45, tzinfo=TAIPEI))
    assert pacs.fetches == ["1.late", "1.later", "2.early"]
    look(query, pacs, datetime(2026, 12, 1, 2, 5, tzinfo=TAIPEI))
    assert query.days(datetime(2026, 12, 1, 2, 6, tzinfo=TAIPEI)) == (early,)
    assert pacs.fetches == ["1.late", "1.later", "2.early"]


@pytest.mark.parametrize(
    ("zone", "begin", "hours"),
    [
        (BERLIN, date(2026, 3, 28), 71),  # the clocks go forward on the 29th
        (BERLIN, date(2026, 10, 24), 73),  # and back on the 25th
        (TAIPEI, date(2026, 10, 24), 72),
        (ZoneInfo("America/Santiago"), date(2026, 9, 5), 71),  # on the 6th there is no midnight
    ],
)
def test_summer_time_neither_skips_nor_doubles_a_day(tmp_path: Path, zone: ZoneInfo, begin: date, hours: int) -> None:
    """A film every hour for three days; all instants are counted in UTC."""
    pacs = Pacs()
    instant = datetime(begin.year, begin.month, begin.day, tzinfo=zone).astimezone(UTC)
    end = datetime.combine(begin + timedelta(days=3), datetime.min.time(), zone).astimezone(UTC)
    made: list[str] = []
    while instant < end:
        day = instant.astimezone(zone).date()
        pacs.has(day, f"1.{len(made)}")
        made.append(f"1.{len(made)}")
        look(StandingQuery(STANDING, tmp_path, zone), pacs, instant)
        instant += timedelta(hours=1)
    assert len(made) == hours
    assert pacs.fetches == made
    for number in range(2):  # all but the last are done with
        assert begin + timedelta(days=number) not in StandingQuery(STANDING, tmp_path, zone).days(instant + 15 * STEP)


def test_after_a_restart_each_day_that_was_missed_is_asked_for(tmp_path: Path) -> None:
    pacs = Pacs()
    friday = date(2026, 11, 27)
    pacs.has(friday, "1.morning")
    look(StandingQuery(STANDING, tmp_path, TAIPEI), pacs, datetime(2026, 11, 27, 17, tzinfo=TAIPEI))
    pacs.has(friday, "1.evening")
    pacs.has(date(2026, 11, 28), "2")
    pacs.has(date(2026, 11, 29), "3")
    pacs.has(date(2026, 11, 30), "4")
    monday = datetime(2026, 11, 30, 7, 30, tzinfo=TAIPEI)
    look(StandingQuery(STANDING, tmp_path, TAIPEI), pacs, monday)
    assert pacs.fetches == ["1.morning", "1.evening", "2", "3", "4"]
    assert StandingQuery(STANDING, tmp_path, TAIPEI).days(monday) == (date(2026, 11, 30),)


def test_a_study_that_has_grown_is_fetched_again(tmp_path: Path) -> None:
    pacs, query, day = Pacs(), StandingQuery(STANDING, tmp_path, TAIPEI), date(2026, 11, 30)
    now = datetime(2026, 11, 30, 9, tzinfo=TAIPEI)
    pacs.has(day, "1", 1)
    look(query, pacs, now)
    pacs.has(day, "1", 2)
    look(query, pacs, now + STEP)
    look(query, pacs, now + 2 * STEP)
    pacs.has(day, "1", 1)  # one was deleted there
    look(query, pacs, now + 3 * STEP)
    assert pacs.fetches == ["1", "1"]


def test_a_study_of_which_nobody_says_how_large_it_is_is_looked_at_now_and_then(tmp_path: Path) -> None:
    query, now = StandingQuery(STANDING, tmp_path, TAIPEI), datetime(2026, 11, 30, 9, tzinfo=TAIPEI)
    study = FoundStudy("1")
    query.settle(study, date(2026, 11, 30), Fetched(DONE), now)
    assert query.wanted([study], now + STEP) == ()
    assert query.wanted([study], now + timedelta(hours=1)) == (study,)
    assert query.wanted([replace(study, instances=1)], now + STEP) == (replace(study, instances=1),)


def test_what_failed_in_the_middle_is_tried_again_and_holds_its_day_open(tmp_path: Path) -> None:
    pacs = Pacs(fails=lambda uid: uid == "2")
    query, day = StandingQuery(STANDING, tmp_path, TAIPEI), date(2026, 11, 30)
    for uid in ("1", "2", "3"):
        pacs.has(day, uid)
    look(query, pacs, datetime(2026, 11, 30, 23, tzinfo=TAIPEI))
    look(query, pacs, datetime(2026, 12, 1, 5, tzinfo=TAIPEI))
    assert pacs.fetches == ["1", "2", "3", "2"]
    pacs.fails = lambda _: False
    pacs.down = True
    look(query, pacs, datetime(2026, 12, 1, 6, tzinfo=TAIPEI))
    pacs.down = False
    look(query, pacs, datetime(2026, 12, 1, 7, tzinfo=TAIPEI))
    assert pacs.fetches == ["1", "2", "3", "2", "2"]
    assert query.days(datetime(2026, 12, 1, 8, tzinfo=TAIPEI)) == (date(2026, 12, 1),)


def test_what_is_refused_is_not_asked_for_for_ever(tmp_path: Path) -> None:
    query, now = StandingQuery(STANDING, tmp_path, TAIPEI), datetime(2026, 11, 30, 9, tzinfo=TAIPEI)
    study = FoundStudy("1", instances=1)
    query.settle(study, date(2026, 11, 30), Fetched(REFUSED), now)
    assert query.wanted([study], now) == ()


def test_a_day_of_which_there_is_more_than_was_told_stays_open(tmp_path: Path) -> None:
    query, day = StandingQuery(STANDING, tmp_path, TAIPEI), date(2026, 11, 30)
    query.days(datetime(2026, 11, 30, 9, tzinfo=TAIPEI))
    later = datetime(2026, 12, 1, 9, tzinfo=TAIPEI)
    assert not query.asked(day, later, Answer(DONE, more=True))
    assert query.asked(day, later, Answer(DONE))


def test_a_clock_that_was_wrong_costs_no_day(tmp_path: Path) -> None:
    query = StandingQuery(STANDING, tmp_path, TAIPEI)
    query.days(datetime(2030, 1, 1, tzinfo=TAIPEI))
    assert query.days(datetime(2026, 11, 30, 9, tzinfo=TAIPEI)) == (date(2026, 11, 30),)
    long_ago = StandingQuery(Standing(peer="other"), tmp_path, TAIPEI)
    long_ago.days(datetime(2001, 1, 1, tzinfo=TAIPEI))
    now = datetime(2026, 11, 30, 9, tzinfo=TAIPEI)
    assert len(long_ago.days(now)) == MOST_DAYS + 1
    look(long_ago, Pacs(), now)
    assert long_ago.days(now) == (date(2026, 11, 30),)


def test_each_query_has_a_past_of_its_own(tmp_path: Path) -> None:
    now, day = datetime(2026, 11, 30, 9, tzinfo=TAIPEI), date(2026, 11, 30)
    study = FoundStudy("1", instances=1)
    StandingQuery(STANDING, tmp_path, TAIPEI).settle(study, day, Fetched(DONE), now)
    hands = StandingQuery(Standing(peer="PACS", body_part="HAND"), tmp_path, TAIPEI)
    same = StandingQuery(Standing(peer="PACS", modalities=("DX", "CR"), minutes=60), tmp_path, TAIPEI)
    assert hands.wanted([study], now) == (study,)
    assert same.wanted([study], now) == ()
    assert same.question(day).modalities == ("DX", "CR")


def test_the_part_of_the_body_is_asked_of_a_study_once_until_it_grows(tmp_path: Path) -> None:
    now, day = datetime(2026, 11, 30, 9, tzinfo=TAIPEI), date(2026, 11, 30)
    query, hand = (
        StandingQuery(Standing(peer="PACS", body_part="CHEST"), tmp_path, TAIPEI),
        FoundStudy("1", instances=1),
    )
    assert query.question(day).body_part == "", "a day is asked for at study level"
    asked = query.part_of(hand)
    assert asked == Question(modalities=("CR", "DX"), body_part="CHEST", study_instance_uid="1")
    query.done_with(hand, day, now)
    assert query.wanted([hand], now) == ()
    grown = FoundStudy("1", instances=2)
    assert query.wanted([grown], now) == (grown,)
    assert StandingQuery(Standing(peer="PACS", body_part=""), tmp_path, TAIPEI).part_of(hand) is None


def test_the_time_zone_of_the_workstation_is_the_one_of_no_other(tmp_path: Path) -> None:
    query = StandingQuery(STANDING, tmp_path)
    now = datetime.now(UTC)
    assert query.days(now) == (now.astimezone().date(),)
