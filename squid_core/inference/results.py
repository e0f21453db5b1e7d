"""How one file ended."""

from __future__ import annotations

from dataclasses import dataclass, field

from squid_core.contracts.detection import Detection
from squid_core.contracts.radiograph import FileStatus, Identity, Verdict


@dataclass(frozen=True, slots=True)
class FileResult:
    """How one file ended, in a sentence. The unit of `squid triage` and of the triage queue.

    Attributes:
        path: relative to the folder the user gave.
        message: a plain sentence without patient identifiers or folder names.
        seconds: wall time spent on the file.
        peak_rss_mb: greatest resident memory of the child process while on this file, MB.
    """

    path: str
    status: FileStatus
    message: str
    identity: Identity | None = None
    verdict: Verdict | None = None
    detection: Detection | None = field(default=None, repr=False)
    seconds: float = 0.0
    peak_rss_mb: float = 0.0
