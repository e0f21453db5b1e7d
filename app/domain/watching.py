"""A folder that is watched for new files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class WatchedFolder:
    """How the watching goes.

    Attributes:
        folder: where new files are looked for.
        reachable: whether the folder could be listed the last time.
        taken: files handed on so far in this run of the program.
        crowded: the folder holds more than is looked at; what lies deeper or beyond the limit is not seen.
    """

    folder: Path
    reachable: bool = True
    taken: int = 0
    crowded: bool = False
