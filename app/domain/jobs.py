"""The life of one image in the triage queue, as a transition table (after pynetdicom's fsm.py)."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType


class JobState(StrEnum):
    """Where an image stands."""

    QUEUED = "queued"
    READING = "reading"
    SCORING = "scoring"
    SCORED = "scored"
    VIEWABLE = "viewable"  # a sound image without a score: refused, asked about, or the detector failed on it
    SKIPPED = "skipped"  # not an image after all
    ERROR = "error"
    CANCELLED = "cancelled"


class JobEvent(StrEnum):
    """What happens to it."""

    READ = "read"  # a reader takes the file
    SUBMIT = "submit"  # decoded, on its way to the detector
    SCORE = "score"  # the detection is committed to the store
    REFUSE = "refuse"  # an image, but not for the detector, not without asking, or the detector has no answer
    SKIP = "skip"
    FAIL = "fail"  # the file cannot be read
    CANCEL = "cancel"
    RETRY = "retry"  # its child process died, or the program stopped, before the answer came
    WAIT = "wait"  # its file is being written; it is read again when it has come to rest
    REQUEST = "request"  # the user, new weights or a changed file ask for it again


PENDING = frozenset({JobState.QUEUED, JobState.READING, JobState.SCORING})

TRANSITIONS = MappingProxyType(
    {
        (JobState.QUEUED, JobEvent.READ): JobState.READING,
        (JobState.QUEUED, JobEvent.CANCEL): JobState.CANCELLED,
        (JobState.QUEUED, JobEvent.RETRY): JobState.QUEUED,
        (JobState.QUEUED, JobEvent.REQUEST): JobState.QUEUED,
        (JobState.READING, JobEvent.SUBMIT): JobState.SCORING,
        (JobState.READING, JobEvent.REFUSE): JobState.VIEWABLE,
        (JobState.READING, JobEvent.SKIP): JobState.SKIPPED,
        (JobState.READING, JobEvent.FAIL): JobState.ERROR,
        (JobState.READING, JobEvent.WAIT): JobState.QUEUED,
        (JobState.READING, JobEvent.CANCEL): JobState.CANCELLED,
        (JobState.READING, JobEvent.RETRY): JobState.QUEUED,
        (JobState.SCORING, JobEvent.SCORE): JobState.SCORED,
        (JobState.SCORING, JobEvent.REFUSE): JobState.VIEWABLE,
        (JobState.SCORING, JobEvent.CANCEL): JobState.CANCELLED,
        (JobState.SCORING, JobEvent.RETRY): JobState.QUEUED,
        (JobState.SCORED, JobEvent.REQUEST): JobState.QUEUED,
        (JobState.VIEWABLE, JobEvent.REQUEST): JobState.QUEUED,
        (JobState.SKIPPED, JobEvent.REQUEST): JobState.QUEUED,
        (JobState.ERROR, JobEvent.REQUEST): JobState.QUEUED,
        (JobState.CANCELLED, JobEvent.REQUEST): JobState.QUEUED,
    }
)


def advance(state: JobState, event: JobEvent) -> JobState:
    """The state after `event`.

    Raises:
        ValueError: the table has no such transition; a fault of the program, not of a file.
    """
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise ValueError(f"a job that is {state} cannot {event}") from None
