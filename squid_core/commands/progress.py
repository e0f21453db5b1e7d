"""How far a triage is, on a terminal: files done, rate and time left."""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from squid_core.contracts.errors import SquidError
from squid_core.dicom.container.scan import walk
from squid_core.inference.shard import Shard
from squid_core.terminal import say

_TOLD_EACH = 500  # files between two looks at the count


class TriageProgress:
    """A line at the foot of a terminal, below what is said meanwhile; nothing where stderr is no terminal. A context.

    Files are counted on a thread, beside the work; until that is done the line says of how many at least.

    Args:
        paths, shard: as of the triage.
    """

    def __init__(self, paths: Sequence[Path], shard: Shard) -> None:
        from tqdm import tqdm

        self._shown = sys.stderr.isatty()
        self._bar = tqdm(unit=" files", leave=False, disable=not self._shown, dynamic_ncols=True)
        self._paths, self._shard = paths, shard
        self._counted, self._all_counted, self._left = 0, False, threading.Event()

    def __enter__(self) -> TriageProgress:
        if self._shown:
            threading.Thread(target=self._count, name="count of files", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._left.set()
        self._bar.close()

    def done(self, line: str) -> None:
        """One more file is answered; its line is said, where it has one.

        Raises:
            OutputError: it cannot be written.
        """
        if not self._shown:
            if line:
                say(line)
            return
        if line:
            self._bar.clear()
            say(line)
        if self._all_counted:  # members of archives are not counted before they are met
            self._bar.total = max(self._counted, self._bar.n + 1)
        else:
            self._bar.set_postfix_str(f"of {self._counted} at least", refresh=False)
        self._bar.update()

    def _count(self) -> None:
        counted = 0
        try:
            for path in self._paths:
                for found in walk(path):
                    counted += self._shard.holds(found.relative)
                    if not counted % _TOLD_EACH:
                        self._counted = counted
                    if self._left.is_set():
                        return
        except SquidError:
            return  # the triage says it
        self._counted, self._all_counted = counted, True
