"""The marks of one image, with a way back."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.marks.measurements import KnownLength, Measurement

MAX_MARKS = 200  # of one image
MAX_STEPS = 100  # that can be undone

Marks = tuple[Measurement, ...]


@dataclass(frozen=True, slots=True)
class Annotations:
    """What is drawn on an image now, what it was before, and what was undone.

    Attributes:
        past: earlier marks, the latest last; at most MAX_STEPS.
        future: undone marks, the next to redo last.
    """

    marks: Marks = ()
    past: tuple[Marks, ...] = ()
    future: tuple[Marks, ...] = ()

    @property
    def full(self) -> bool:
        """Whether no further mark fits."""
        return len(self.marks) >= MAX_MARKS

    def changed(self, marks: Marks) -> Annotations:
        """The same after a step that can be undone; itself where nothing is different or too much is asked for."""
        if marks == self.marks or len(marks) > MAX_MARKS:
            return self
        return Annotations(marks, (*self.past, self.marks)[-MAX_STEPS:])

    def added(self, mark: Measurement) -> Annotations:
        """With one more mark, drawn last."""
        return self.changed((*self.marks, mark))

    def calibrated(self, mark: KnownLength) -> Annotations:
        """With this line of known length, drawn last, in the place of the one before: an image has one scale."""
        return self.changed((*(other for other in self.marks if not isinstance(other, KnownLength)), mark))

    def replaced(self, index: int, mark: Measurement) -> Annotations:
        """With another mark in the place of the one at `index`."""
        return self.changed((*self.marks[:index], mark, *self.marks[index + 1 :]))

    def amended(self, index: int, mark: Measurement) -> Annotations:
        """The same as `replaced`, as part of the step before: a key held down is one step to undo."""
        return Annotations((*self.marks[:index], mark, *self.marks[index + 1 :]), self.past)

    def removed(self, index: int) -> Annotations:
        """Without the mark at `index`."""
        return self.changed((*self.marks[:index], *self.marks[index + 1 :]))

    def undone(self) -> Annotations:
        """One step back; itself where there is none."""
        if not self.past:
            return self
        return Annotations(self.past[-1], self.past[:-1], (*self.future, self.marks))

    def redone(self) -> Annotations:
        """One undone step again; itself where there is none."""
        if not self.future:
            return self
        return Annotations(self.future[-1], (*self.past, self.marks)[-MAX_STEPS:], self.future[:-1])
