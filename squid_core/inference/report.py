"""Results of a triage as JSON lines, CSV and a table for the terminal. Never an identifier."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Sequence
from typing import Any

from squid_core.contracts.radiograph import FileStatus
from squid_core.inference.results import FileResult
from squid_core.text import csv_cell

COLUMNS = (
    "path", "status", "message", "verdict", "reason", "score", "percentile", "weights", "outside_memory",
    "registered", "mirrored", "seconds", "peak_rss_mb",
)  # fmt: skip
UNSOUND = "?"  # after a score that means little
_MIN_MESSAGE = 30
_MAX_PATH = 48


def to_record(result: FileResult) -> dict[str, Any]:
    """One result as plain values, keys in the order of COLUMNS; score, percentile and weights only when scored.

    `verdict` is analyse, ask or refuse, with its `reason`; None for what holds no image. `outside_memory` is whether
    the image resembles nothing in the detector's memory, so that its score means little; None without a score.
    `registered` is whether it could be laid on the mean normal chest, `mirrored` whether the chest looks mirrored; None
    without a score and where the weights lay nothing.
    """
    verdict, detection = result.verdict, result.detection
    record: dict[str, Any] = {"path": result.path, "status": result.status.value, "message": result.message}
    record["verdict"] = verdict.decision.value if verdict else None
    record["reason"] = verdict.reason if verdict else ""
    if detection is not None:
        record["score"] = round(detection.score, 6)
        record["percentile"] = round(detection.percentile, 2)
        record["weights"] = detection.model
    record["outside_memory"] = None if detection is None else detection.outside_memory
    pose = None if detection is None else detection.pose
    record["registered"] = None if pose is None else pose.registered
    record["mirrored"] = None if pose is None else pose.mirrored
    record["seconds"] = round(result.seconds, 3)
    record["peak_rss_mb"] = round(result.peak_rss_mb, 1)
    return record


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


def table(results: Sequence[FileResult], width: int | None = None) -> str:
    """A table for the terminal: scored files first, highest score on top, then the others in order, then counts."""
    width = width or shutil.get_terminal_size((140, 24)).columns
    ordered = sorted(results, key=lambda result: -(result.detection.score if result.detection else -1.0))
    path_width = min(max((len(result.path) for result in results), default=4), _MAX_PATH)
    message_width = max(width - path_width - 38, _MIN_MESSAGE)
    lines = [f"{'file':<{path_width}}  {'status':<8}  {'score':>6} {'pct':>5}  {'weights':<10}  why"]
    for result in ordered:
        detection = result.detection
        doubt = UNSOUND if detection and detection.outside_memory else " "
        score = f"{detection.score:5.3f}{doubt}" if detection else ""
        percentile = f"{detection.percentile:5.1f}" if detection else ""
        model = detection.model if detection else ""
        lines.append(
            f"{_cut(result.path, path_width, keep_end=True):<{path_width}}  {result.status.value:<8}  {score:>6} "
            f"{percentile:>5}  {_cut(model, 10):<10}  {_cut(result.message, message_width)}".rstrip()
        )
    counts = Counter(result.status for result in results)
    summary = ", ".join(f"{counts[status]} {status.value}" for status in FileStatus if counts[status]) or "none"
    lines += ["", f"{len(results)} files: {summary}. Research use only."]
    if any(result.detection is not None and result.detection.outside_memory for result in results):
        lines.append(f"{UNSOUND} the image resembles nothing in the detector's memory: its score means little.")
    return "\n".join(lines)


def _cut(text: str, width: int, *, keep_end: bool = False) -> str:
    if len(text) <= width:
        return text
    return "…" + text[1 - width :] if keep_end else text[: width - 1] + "…"
