from __future__ import annotations

from dataclasses import replace
from datetime import date

from app.domain.learning import (
    FEWEST,
    MOST,
    Learning,
    LearningPhase,
    Normals,
    Population,
    WhyNot,
    sort_out,
)
from app.domain.study import ImageItem, Judgement
from app.domain.worklist import Worklist
from tests.app.samples import digest_of, image


def item(
    number: int, judgement: Judgement = Judgement.NORMAL, score: float | None = 0.5, patient: str = "", **of: object
) -> ImageItem:
    """An image in a study of its own, of a patient of its own."""
    bare = image(f"{number}", f"1.{number}", score=score, arrival=number)
    who = replace(bare.identity, patient_id=patient or f"P{number}", **of)  # type: ignore[arg-type]
    return replace(bare, identity=who, digest=digest_of(f"{number}"), judgement=judgement)


def listed(*items: ImageItem) -> Worklist:
    return Worklist().judged({one.digest: one.judgement for one in items}).upsert(*items)


def adults(*items: ImageItem) -> Normals:
    return sort_out(listed(*items).studies).of(Population.ADULT)


def test_only_what_was_called_normal_enters() -> None:
    said = [item(number, judgement) for number, judgement in enumerate(Judgement)]
    found = adults(*said)
    assert [one.judgement for one in found.images] == [Judgement.NORMAL]
    assert found.left_out == ()
    assert sort_out(listed(*said).studies).abnormal == 2


def test_a_study_with_a_finding_in_one_of_its_images_does_not_enter() -> None:
    first, other = item(1), item(2, Judgement.ACCEPTED)
    same = replace(other, identity=replace(first.identity, sop_instance_uid="2"))
    assert adults(first, same).images == ()


def test_ages_go_to_the_weights_that_read_them_and_unknown_ones_to_those_of_adults() -> None:
    worklist = listed(
        item(1, patient_age=4.0), item(2, patient_age=17.9), item(3, patient_age=18.0), item(4, patient_age=None)
    )
    by_population = {who: [one.arrival for one in sort_out(worklist.studies).of(who).images] for who in Population}
    assert by_population == {Population.ADULT: [4, 3], Population.PAEDIATRIC: [2, 1]}


def test_of_a_patient_the_newest_image_counts_and_the_others_are_counted() -> None:
    days = [date(2024, 1, day) for day in (2, 9, 5)]
    of_one = [item(number, patient="A", study_date=day) for number, day in enumerate(days)]
    found = adults(*of_one, item(7, patient="B", study_date=date(2024, 1, 1)))
    assert [one.arrival for one in found.images] == [1, 7]
    assert found.left_out == ((WhyNot.PATIENT, 2),)


def test_nameless_patients_are_told_apart_by_their_studies() -> None:
    nameless = [item(number, patient=" ", patient_name="") for number in range(3)]
    assert len(adults(*nameless).images) == 3


def test_what_has_no_score_or_no_file_is_left_out_with_its_reason() -> None:
    found = adults(item(1, score=None), item(2, score=None), replace(item(3), replaced=True), item(4))
    assert [one.arrival for one in found.images] == [4]
    assert found.left_out == ((WhyNot.NOT_SCORED, 2), (WhyNot.REPLACED, 1))


def test_enough_are_thirty_and_of_very_many_the_newest_are_taken() -> None:
    assert not adults(*map(item, range(FEWEST - 1))).enough
    assert adults(*map(item, range(FEWEST))).enough
    found = adults(*map(item, range(MOST + 3)))
    assert [one.arrival for one in found.images] == list(range(MOST + 2, 2, -1))
    assert found.left_out == ((WhyNot.SPARE, 3),)


def test_devices_are_named_where_they_have_enough() -> None:
    rooms = ["ROOM 1"] * 9 + ["ROOM 2"] * 5 + ["ROOM 3"] * 4 + [""] * 2
    items = [item(number, station_name=room, manufacturer="") for number, room in enumerate(rooms)]
    made = [item(100 + number, station_name="", manufacturer="Maker") for number in range(6)]
    assert adults(*items, *made).stations == (("ROOM 1", 9), ("Maker", 6), ("ROOM 2", 5), ("", 6))


def test_there_is_something_to_stop_while_images_are_fetched_and_learned() -> None:
    running = {phase for phase in LearningPhase if Learning(phase=phase).running}
    assert running == {LearningPhase.GATHERING, LearningPhase.LEARNING}
