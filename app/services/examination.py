"""What the queue makes of a file that a reader has examined: is it the image that was meant, and for the detector?"""

from __future__ import annotations

import time
from dataclasses import replace

from app.domain.jobs import JobEvent
from app.domain.study import ImageItem
from squid_core.contracts.radiograph import Content, Decision, FileStatus
from squid_core.dicom.readers import Examined


def objection(item: ImageItem, examined: Examined) -> tuple[JobEvent, str] | None:
    """Why a file that has been read is not for the detector; None where it is."""
    verdict = examined.verdict
    if examined.status is FileStatus.ERROR:
        return JobEvent.FAIL, examined.message
    if examined.status is FileStatus.SKIPPED:
        return JobEvent.SKIP, examined.message
    if verdict is None:
        return JobEvent.REFUSE, examined.message
    if verdict.decision is Decision.REFUSE or (verdict.decision is Decision.ASK and not item.accepted):
        return JobEvent.REFUSE, verdict.reason
    return None


def is_about(item: ImageItem, examined: Examined) -> bool:
    """Whether a reader has read this image, or nothing that contradicts it."""
    found, content = examined.identity, examined.content or Content()
    return found is None or found.image == item.identity.image or item.is_named_otherwise(content, found)


def known(item: ImageItem, examined: Examined) -> ImageItem:
    """The image with what its reader has found."""
    content = examined.content or Content()
    return replace(
        item,
        identity=examined.identity or item.identity,
        verdict=examined.verdict or item.verdict,
        digest=content.digest,
        size=content.size or item.size,
        modified_ns=content.modified_ns or item.modified_ns,
        replaced=False,
    )


def may_move(examined: Examined, found: Content, rest: float) -> bool:
    """Whether a file may be on its way: written while it was read, since it was found, or less than `rest` s ago."""
    content = examined.content
    if examined.changing or content is None:
        return examined.changing
    if (content.size, content.modified_ns) != (found.size, found.modified_ns):
        return True
    return abs(time.time_ns() - content.modified_ns) < rest * 1e9
