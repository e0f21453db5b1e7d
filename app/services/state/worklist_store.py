"""Holds the worklist for the window."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from PySide6.QtCore import QObject, QTimer

from app.domain.study import ImageItem, Judgement, Reading
from app.domain.worklist import Worklist
from app.services.threads.signals import TypedSignal

COALESCE_MS = 50


class WorklistStore(QObject):
    """The worklist as it is now; `changed` is emitted at most every 50 ms, however fast the queue works."""

    changed = TypedSignal[Worklist, Worklist]()  # old (as last emitted), new

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worklist = self._told = Worklist()
        self._timer = QTimer(self, singleShot=True, interval=COALESCE_MS)
        self._timer.timeout.connect(self._tell)

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

    def remove(self, keys: Iterable[str]) -> None:
        """Take images off."""
        self._set(self._worklist.without(keys))

    def next_arrival(self) -> int:
        """The running number for the next image that is found."""
        return 1 + self._worklist.last_arrival

    def _set(self, worklist: Worklist) -> None:
        self._worklist = worklist
        if not self._timer.isActive():
            self._timer.start()

    def _tell(self) -> None:
        old, self._told = self._told, self._worklist
        self.changed.emit(old, self._told)
