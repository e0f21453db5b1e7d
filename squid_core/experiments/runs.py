"""A run that is done is not repeated: its result is kept beside the facts that it follows from."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from squid_core.files import write_json
from squid_core.long_runs import claim_folder

Json = dict[str, Any]


def once(path: Path, facts: Json, work: Callable[[], Json]) -> Json:
    """The kept result if it was made from the same facts, else a new one, which is kept.

    Args:
        path: of the JSON file.
        facts: all that the result follows from; JSON values.
        work: makes the result; JSON values.

    Raises:
        SquidError: the folder or the file cannot be written.
    """
    facts = json.loads(json.dumps(facts))  # tuples become lists, as they will be when read again
    kept = _read(path)
    if kept.get("facts") == facts and isinstance(kept.get("result"), dict):
        return dict(kept["result"])
    result = work()
    claim_folder(path.parent, "results' folder")
    write_json(path, {"facts": facts, "result": result})
    return result


def percent(value: float | None) -> str:
    """A share as it stands in a table: per cent with one decimal, '' for none."""
    return "" if value is None else f"{100 * value:.1f}"


def markdown(head: list[str], rows: list[list[str]]) -> str:
    """A table in markdown; the first column is text, the others are figures."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _read(path: Path) -> Json:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):  # not there, or cut short: the run is made again
        return {}
    return kept if isinstance(kept, dict) else {}
