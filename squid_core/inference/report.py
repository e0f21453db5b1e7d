"""Results of a triage as JSON lines, CSV and a table for the terminal. Never an identifier.

All of it grows with the results: nothing here keeps more of them than the highest few.
"""

from __future__ import annotations

import heapq
import json
import shutil
from collections import Counter
from collections.abc import Mapping
from typing import Any

from squid_core.contracts.radiograph import Decision, FileStatus, Verdict
from squid_core.inference.results import FileResult, Score
from squid_core.text import csv_cell

COLUMNS = (
    "path", "status", "message", "verdict", "reason", "score", "percentile", "weights", "outside_memory",
    "registered", "mirrored", "seconds", "peak_rss_mb",
)  # fmt: skip
KEYS = (*COLUMNS, "digest", "bundle", "again")  # of a line of JSON
UNSOUND = "?"  # after a score that means little
HIGHEST = 20  # scores that are named again at the end
_MIN_MESSAGE = 30
_MAX_PATH = 48
_BESIDE_PATH = 38  # columns of status, score, percentile and weights


def to_record(result: FileResult) -> dict[str, Any]:
    """One result as plain values, keys in the order of KEYS; score, percentile and weights only when scored.

    `verdict` is analyse, ask or refuse, with its `reason`; None for what holds no image. `outside_memory` is whether
    the image resembles nothing in the detector's memory, so that its score means little; None without a score.
    `registered` is whether it could be laid on the mean normal chest, `mirrored` whether the chest looks mirrored; None
    without a score and where the weights lay nothing. `digest`, `bundle` and `again` are what `--resume` goes by.
    """
    verdict, score = result.verdict, result.score
    record: dict[str, Any] = {"path": result.path, "status": result.status.value, "message": result.message}
    record["verdict"] = verdict.decision.value if verdict else None
    record["reason"] = verdict.reason if verdict else ""
    if score is not None:
        record["score"] = round(score.score, 6)
        record["percentile"] = round(score.percentile, 2)
        record["weights"] = score.weights
    record["outside_memory"] = None if score is None else score.outside_memory
    record["registered"] = None if score is None else score.registered
    record["mirrored"] = None if score is None else score.mirrored
    record["seconds"] = round(result.seconds, 3)
    record["peak_rss_mb"] = round(result.peak_rss_mb, 1)
    record["digest"], record["bundle"], record["again"] = result.digest, result.bundle, result.again
    return record


def from_record(record: Mapping[str, Any]) -> FileResult:
    """What a line said of a file, but for who it is about and the detection itself.

    Raises:
        ValueError, KeyError, TypeError: these are no values of `to_record`.
    """
    path, score = str(record["path"]), None
    if record.get("score") is not None:
        laid = record.get("registered"), record.get("mirrored")
        outside = bool(record.get("outside_memory"))
        score = Score(float(record["score"]), float(record["percentile"]), str(record["weights"]), outside, *laid)
    verdict = record.get("verdict")
    return FileResult(
        path=path,
        status=FileStatus(record["status"]),
        message=str(record["message"]),
        verdict=None if verdict is None else Verdict(Decision(verdict), str(record.get("reason", ""))),
        score=score,
        seconds=float(record.get("seconds", 0)),
        peak_rss_mb=float(record.get("peak_rss_mb", 0)),
        digest=str(record.get("digest", "")),
        bundle=str(record.get("bundle", "")),
        again=bool(record.get("again", False)),
    )


def to_json_line(result: FileResult) -> str:
    """One result as a line of JSON."""
    return json.dumps(to_record(result), ensure_ascii=False)


def to_csv_row(result: FileResult) -> list[str]:
    """One result as CSV cells that no spreadsheet takes for formulas."""
    record = to_record(result)
    return [csv_cell(_cell(record.get(column))) for column in COLUMNS]


def _cell(value: object) -> object:
    """Nothing as an empty cell, and true and false as JSON writes them."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else value


class ResultTable:
    """A table for the terminal that grows a line a file, with counts and the highest scores at its end.

    Args:
        width: of a line in characters; the terminal's by default.

    Attributes:
        counts: files by how they ended, those that were answered before included.
        unanswered: files that are to be tried again.
    """

    def __init__(self, width: int | None = None) -> None:
        width = width or shutil.get_terminal_size((140, 24)).columns
        self._path = max(min(width - _BESIDE_PATH - _MIN_MESSAGE, _MAX_PATH), 12)
        self._message = max(width - self._path - _BESIDE_PATH, _MIN_MESSAGE)
        self.counts: Counter[FileStatus] = Counter()
        self.unanswered = 0
        self._before = 0
        self._unsound = False
        self._highest: list[tuple[float, int, str]] = []  # a heap of scores, order of arrival and lines

    def head(self) -> str:
        """The first line."""
        return f"{'file':<{self._path}}  {'status':<8}  {'score':>6} {'pct':>5}  {'weights':<10}  why"

    def line(self, result: FileResult, *, before: bool = False) -> str:
        """One result's line, which is counted.

        Args:
            result: of one file.
            before: it was answered in an earlier run.
        """
        score = result.score
        doubt = UNSOUND if score and score.outside_memory else " "
        value = f"{score.score:5.3f}{doubt}" if score else ""
        percentile = f"{score.percentile:5.1f}" if score else ""
        line = (
            f"{_cut(result.path, self._path, keep_end=True):<{self._path}}  {result.status.value:<8}  {value:>6} "
            f"{percentile:>5}  {_cut(score.weights if score else '', 10):<10}  {_cut(result.message, self._message)}"
        ).rstrip()
        self.counts[result.status] += 1
        self.unanswered += result.again
        self._before += before
        if score is not None:
            self._unsound |= score.outside_memory
            entry = (score.score, -self.counts.total(), line)
            (heapq.heappushpop if len(self._highest) >= HIGHEST else heapq.heappush)(self._highest, entry)
        return line

    def end(self, seconds: float) -> str:
        """The last lines: the highest scores, the counts, and how fast it went.

        Args:
            seconds: since the first file was begun.
        """
        lines = [""]
        if len(self._highest) > 1:
            lines += ["Highest scores:", *(line for *_, line in sorted(self._highest, reverse=True)), ""]
        files, done = self.counts.total(), self.counts.total() - self._before
        summary = ", ".join(f"{self.counts[one]} {one.value}" for one in FileStatus if self.counts[one]) or "none"
        before = f" {self._before} answered before." if self._before else ""
        rate = f" {done / seconds:.1f} files a second." if done and seconds else ""
        lines.append(f"{files} files: {summary}.{before}{rate} Research use only.")
        if self.unanswered:
            lines.append(f"{self.unanswered} without an answer yet: what went wrong may pass; their lines say what.")
        if self._unsound:
            lines.append(f"{UNSOUND} the image resembles nothing in the detector's memory: its score means little.")
        return "\n".join(lines)


def _cut(text: str, width: int, *, keep_end: bool = False) -> str:
    if len(text) <= width:
        return text
    return "…" + text[1 - width :] if keep_end else text[: width - 1] + "…"
