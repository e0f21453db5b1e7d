"""The rows of a stored worklist, made into images a slice at a time: of 20 000 it takes half a second."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from app.domain.study import ImageItem

Row = tuple[Any, ...]  # key, path, identity as JSON, and more
_KEY, _IDENTITY = 0, 2


class StoredImages:
    """What is left of the rows to be made into images.

    Attributes:
        left_out: how many rows made no sense.

    Args:
        rows: in the order in which the studies should be read.
        make: makes an image of a row; None where it makes no sense.
    """

    def __init__(self, rows: Iterable[Row], make: Callable[[Row], ImageItem | None]) -> None:
        self._rows, self._make = deque(rows), make
        self.left_out = 0

    def first(self, count: int, key: str) -> tuple[ImageItem, ...]:
        """What the window shows first.

        Args:
            count: of the rows to read first.
            key: of an image that is wanted too.

        Returns:
            These images; and, of the first study as of that image's, every image of study and patient.
        """
        wanted: set[str] = set()
        for row in self._rows:
            if row is self._rows[0] or row[_KEY] == key:
                wanted |= _names(row[_IDENTITY])
        now, later = deque[Row](), deque[Row]()
        for number, row in enumerate(self._rows):
            near = number < count or row[_KEY] == key or any(name in row[_IDENTITY] for name in wanted)
            (now if near else later).append(row)
        self._rows = later
        return self._made(now)

    def take(self, count: int) -> tuple[ImageItem, ...]:
        """The next ones; none when there are none left, or no more that make sense."""
        made: tuple[ImageItem, ...] = ()
        while self._rows and not made:
            made = self._made([self._rows.popleft() for _ in range(min(count, len(self._rows)))])
        return made

    def _made(self, rows: Iterable[Row]) -> tuple[ImageItem, ...]:
        items = [self._make(row) for row in rows]
        made = tuple(item for item in items if item is not None)
        self.left_out += len(items) - len(made)
        return made


def _names(identity: str) -> set[str]:
    """Study and patient as they are written in a row; other rows that happen to hold the same do no harm."""
    try:
        values = json.loads(identity)
    except ValueError:
        return set()
    found = (str(values.get(name) or "").strip() for name in ("study_instance_uid", "patient_id"))
    return {json.dumps(name)[1:-1] for name in found if name}
