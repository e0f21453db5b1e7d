"""How one file ended."""

from __future__ import annotations

from dataclasses import dataclass, field

from squid_core.contracts.detection import Detection
from squid_core.contracts.radiograph import FileStatus, Identity, Verdict


@dataclass(frozen=True, slots=True)
class Score:
    """What a line of results says of a detection.

    Attributes:
        score: 0..1, high is abnormal; percentile: 0..100, among normals.
        weights: name of the bundle that scored it.
        outside_memory: the image resembles nothing in the detector's memory, so that its score means little.
        registered, mirrored: as in `Pose`; None where the weights lay nothing.
    """

    score: float
    percentile: float
    weights: str
    outside_memory: bool = False
    registered: bool | None = None
    mirrored: bool | None = None

    @classmethod
    def of(cls, detection: Detection) -> Score:
        """The few numbers of a detection that are kept where it is not."""
        pose = detection.pose
        laid = (None, None) if pose is None else (pose.registered, pose.mirrored)
        return cls(detection.score, detection.percentile, detection.model, detection.outside_memory, *laid)


@dataclass(frozen=True, slots=True)
class FileResult:
    """How one file ended, in a sentence. The unit of `squid triage` and of the triage queue.

    Attributes:
        path: relative to the folder the user gave.
        message: a plain sentence without patient identifiers or folder names.
        score: where it was scored.
        seconds: wall time spent on the file.
        peak_rss_mb: greatest resident memory of the child process while on this file, MB.
        digest: SHA-256 of its bytes, 64 hexadecimal digits; '' where they were not read.
        bundle: fingerprint of the bundle whose answer it is; '' where none was asked.
        again: no answer yet: what went wrong may pass, and the next run tries it again.
    """

    path: str
    status: FileStatus
    message: str
    identity: Identity | None = None
    verdict: Verdict | None = None
    score: Score | None = None
    detection: Detection | None = field(default=None, repr=False)
    seconds: float = 0.0
    peak_rss_mb: float = 0.0
    digest: str = ""
    bundle: str = ""
    again: bool = False
