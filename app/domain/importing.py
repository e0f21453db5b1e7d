"""What an import found. Its sentences name nobody; the list of damaged files does, and is shown only by who masks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

MAX_REASONS = 20  # hostile files may give each a sentence of its own
OTHER_REASON = "Other reasons."
MAX_FAILED = 2000  # files that are listed one by one


@dataclass(frozen=True, slots=True)
class FailedFile:
    """A file that could not be read. Its name may be a patient's.

    Attributes:
        member: its name in the archive at `path`; '' for a file of its own.
        reason: a plain sentence.
    """

    path: Path
    reason: str
    member: str = ""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """Counts of one import; files that are no images appear here and not in the worklist.

    Attributes:
        found: files seen so far; images: those that went into the worklist.
        reasons: how many were left out or could not be read, by plain sentence.
        failed: those of them that could not be read, one by one; at most MAX_FAILED.
        running: the scan is not at its end; cancelled: the user stopped it.
    """

    found: int = 0
    images: int = 0
    reasons: tuple[tuple[str, int], ...] = ()
    running: bool = False
    cancelled: bool = False
    failed: tuple[FailedFile, ...] = ()

    def with_reason(self, reason: str) -> ImportReport:
        """One more file left out for `reason`."""
        counts = dict(self.reasons)
        if reason not in counts and len(counts) >= MAX_REASONS:
            reason = OTHER_REASON
        counts[reason] = counts.get(reason, 0) + 1
        return replace(self, reasons=tuple(counts.items()))

    def with_failed(self, one: FailedFile) -> ImportReport:
        """One more file that could not be read."""
        told = self.with_reason(one.reason)
        return told if len(self.failed) >= MAX_FAILED else replace(told, failed=(*self.failed, one))

    @property
    def left_out(self) -> int:
        """How many files are not in the worklist."""
        return sum(count for _, count in self.reasons)

    @property
    def text(self) -> str:
        """One line for the status bar."""
        if self.running:
            return f"Importing: {self.found} files seen, {self.images} images"
        head = "Import stopped" if self.cancelled else "Import finished"
        rest = "".join(f"; {count} left out: {reason.rstrip('.')}" for reason, count in self.reasons)
        return f"{head}: {self.images} of {self.found} files are images{rest}"
