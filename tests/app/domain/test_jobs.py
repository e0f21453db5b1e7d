from __future__ import annotations

import pytest

from app.domain.jobs import PENDING, TRANSITIONS, JobEvent, JobState, advance


def test_an_image_goes_from_the_queue_through_reader_and_detector_to_its_score() -> None:
    state = JobState.QUEUED
    for event, expected in (
        (JobEvent.READ, JobState.READING),
        (JobEvent.SUBMIT, JobState.SCORING),
        (JobEvent.SCORE, JobState.SCORED),
    ):
        state = advance(state, event)
        assert state is expected


@pytest.mark.parametrize("state", sorted(PENDING))
def test_work_in_hand_can_be_cancelled_or_taken_up_again(state: JobState) -> None:
    assert advance(state, JobEvent.CANCEL) is JobState.CANCELLED
    assert advance(state, JobEvent.RETRY) is JobState.QUEUED


@pytest.mark.parametrize("state", sorted(set(JobState) - PENDING))
def test_whatever_is_done_can_be_asked_for_again_and_nothing_else(state: JobState) -> None:
    allowed = {event for (before, event) in TRANSITIONS if before is state}
    assert allowed == {JobEvent.REQUEST}
    assert advance(state, JobEvent.REQUEST) is JobState.QUEUED


def test_nothing_is_scored_without_having_been_at_the_detector() -> None:
    leading = {before for (before, event), after in TRANSITIONS.items() if after is JobState.SCORED}
    assert leading == {JobState.SCORING}


def test_an_impossible_step_is_a_fault_with_a_sentence() -> None:
    with pytest.raises(ValueError, match="a job that is scored cannot read"):
        advance(JobState.SCORED, JobEvent.READ)
