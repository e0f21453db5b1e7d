from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.jobs import JobEvent, JobState
from app.domain.study import ImageItem, Study, image_key
from squid_core.contracts.radiograph import LATERAL_VIEW, Decision, Identity, Verdict
from tests.app.samples import image


def test_a_study_shows_the_score_of_its_most_abnormal_image() -> None:
    study = Study("1.2.3", (image("a", score=0.2), image("b", score=0.9), image("c")))
    assert study.score == 0.9
    assert study.percentile == 90
    assert study.top_image.path.name == "b"


def test_a_score_of_zero_is_a_score() -> None:
    study = Study("1.2.3", (image("a"), image("b", score=0.0)))
    assert study.score == 0.0
    assert study.top_image.path.name == "b"


def test_a_study_says_that_work_is_in_hand_before_it_says_results() -> None:
    images = (image("a", score=0.2), image("b", state=JobState.READING))
    assert Study("1.2.3", images).state is JobState.READING


def test_a_refused_image_beside_a_scored_one_does_not_hide_the_score() -> None:
    images = (image("a", state=JobState.VIEWABLE, message="A side view."), image("b", score=0.3))
    study = Study("1.2.3", images)
    assert (study.state, study.score, study.message) == (JobState.SCORED, 0.3, "")


def test_a_study_without_score_opens_its_first_image_that_can_be_shown() -> None:
    images = (image("a", state=JobState.ERROR), image("b", state=JobState.VIEWABLE))
    assert Study("1.2.3", images).top_image.path.name == "b"


def test_a_study_is_never_empty() -> None:
    with pytest.raises(ValueError, match="at least one image"):
        Study("1.2.3", ())


def test_the_key_of_an_image_says_nothing_about_its_file() -> None:
    key = image_key(Path("/patients/Doe^Jane/a.dcm"))
    assert len(key) == 24
    assert set(key) <= set("0123456789abcdef")
    assert key != image_key(Path("/patients/Doe^Jane/b.dcm"))


def test_files_without_a_study_are_studies_of_their_own() -> None:
    first, second = (replace(image(name), identity=Identity("")) for name in "ab")
    assert first.study_uid != second.study_uid


def test_only_an_open_question_asks() -> None:
    asked = replace(
        image(state=JobState.VIEWABLE, message="The body part says RIBCAGE. Analyse anyway?"),
        verdict=Verdict(Decision.ASK, "The body part says RIBCAGE. Analyse anyway?"),
    )
    assert asked.asks
    assert not replace(asked, accepted=True).asks
    assert not replace(asked, verdict=Verdict(Decision.REFUSE, "A tibia.")).asks


def test_asking_for_an_image_again_drops_what_its_former_score_said() -> None:
    again = image(score=0.7).advanced(JobEvent.REQUEST)
    assert (again.state, again.score, again.percentile, again.weights) == (JobState.QUEUED, None, None, "")


def test_images_stand_in_the_order_of_view_series_and_number_and_not_of_arrival() -> None:
    def of(name: str, arrival: int, **identity: object) -> ImageItem:
        return replace(image(name), arrival=arrival, identity=Identity("1.2.3", **identity))  # type: ignore[arg-type]

    lateral = of("lateral", 1, view_position="LL", series_number=1, instance_number=1)
    sideways = of("sideways", 2, patient_orientation=("A", "F"), series_number=2)
    second = of("second", 3, view_position="PA", series_number=2, instance_number=10)
    first = of("first", 4, view_position="PA", series_number=2, instance_number=9)
    unnumbered = of("unnumbered", 5, view_position="AP")
    study = Study("1.2.3", (lateral,))
    for item in (sideways, second, first, unnumbered):
        study = study.with_image(item)
    assert [item.path.name for item in study.images] == ["first", "second", "unnumbered", "lateral", "sideways"]
    found = replace(first, verdict=Verdict(Decision.REFUSE, LATERAL_VIEW))  # by a code that its words do not repeat
    names = [item.path.name for item in study.with_image(found).images]
    assert names == ["second", "unnumbered", "lateral", "first", "sideways"]


def test_a_study_opens_its_frontal_image_where_none_has_a_score() -> None:
    lateral = replace(image("a"), identity=Identity("1.2.3", view_position="LATERAL"))
    frontal = replace(image("b"), identity=Identity("1.2.3", view_position="PA"), arrival=9)
    assert Study("1.2.3", (lateral,)).with_image(frontal).top_image.path.name == "b"
