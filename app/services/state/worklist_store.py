"""Holds the worklist for the window."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from PySide6.QtCore import QElapsedTimer, QObject, QTimer

from app.domain.study import ImageItem, Judgement, Reading
from app.domain.worklist import Worklist
from app.services.threads.signals import TypedSignal

COALESCE_MS = 50
PACE_MS = 1000  # between two times that it is told of what the queue or an import does


class WorklistStore(QObject):
    """The worklist as it is now; `changed` is emitted at most once a second, however fast the queue works.

    The first change after a rest, and what the reader does, is told at once: 50 ms later, with what else there is.
    """

    changed = TypedSignal[Worklist, Worklist]()  # old (as last emitted), new

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worklist = self._told = Worklist()
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._tell)
        self._since = QElapsedTimer()  # it was told last; not started before

    @property
    def worklist(self) -> Worklist:
        """The worklist as it is now."""
        return self._worklist

    def restore(self, worklist: Worklist) -> None:
        """Begin with a worklist that was made elsewhere; it is told of at once."""
        self._timer.stop()
        self._worklist = worklist
        self._tell()

    def upsert(self, *items: ImageItem) -> None:
        """Add or replace images."""
        if items:
            self._set(self._worklist.upsert(*items))

    def rename(self, *items: ImageItem) -> None:
        """Replace images whose text was read in other characters; all of a study stay together."""
        if items:
            self._set(self._worklist.without(item.key for item in items).upsert(*items))

    def judge(
        self, judgements: Mapping[str, Judgement], readings: Mapping[str, Reading] = MappingProxyType({})
    ) -> None:
        """Take over what the reader says, and how far they have come; see `Worklist.judged`."""
        if judgements or readings:
            self._set(self._worklist.judged(judgements, readings))
            self.tell_soon()

    def remove(self, keys: Iterable[str]) -> None:
        """Take images off."""
        self._set(self._worklist.without(keys))
        self.tell_soon()

    def tell_soon(self) -> None:
        """The reader has done it: what is not told yet waits for no second."""
        if self._timer.isActive() and self._timer.remainingTime() > COALESCE_MS:
            self._timer.start(COALESCE_MS)

    def next_arrival(self) -> int:
        """The running number for the next image that is found."""
        return 1 + self._worklist.last_arrival

    def _set(self, worklist: Worklist) -> None:
        self._worklist = worklist
        if not self._timer.isActive():
            rest = PACE_MS - self._since.elapsed() if self._since.isValid() else 0
            self._timer.start(max(COALESCE_MS, rest))

    def _tell(self) -> None:
        self._since.start()
        old, self._told = self._told, self._worklist
        self.changed.emit(old, self._told)
