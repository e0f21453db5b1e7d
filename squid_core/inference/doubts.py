"""What a reader of a score must be told of the image behind it, in sentences."""

from __future__ import annotations

from squid_core.contracts.detection import Detection

OUTSIDE_MEMORY = "This image resembles nothing in the detector's memory: the score means little here."
MIRRORED = (
    "This chest looks mirrored: the heart seems to lie on the patient's right. Check the side markers; something large"
    " and dense on that side can look alike."
)
NOT_REGISTERED = (
    "This picture could not be laid on the mean normal chest: it was scored as it is, and its score means less."
)
DOUBTS = (OUTSIDE_MEMORY, MIRRORED, NOT_REGISTERED)


def is_mirrored(detection: Detection) -> bool:
    """Whether the chest looks mirrored."""
    return detection.pose is not None and detection.pose.mirrored


def is_unregistered(detection: Detection) -> bool:
    """Whether the picture was to be laid on the mean normal chest and could not be."""
    return detection.pose is not None and not detection.pose.registered


def doubts(detection: Detection) -> tuple[str, ...]:
    """Those of DOUBTS that hold, the gravest first."""
    holds = (detection.outside_memory, is_mirrored(detection), is_unregistered(detection))
    return tuple(sentence for sentence, so in zip(DOUBTS, holds, strict=True) if so)
