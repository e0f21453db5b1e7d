"""The marks of one image."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.domain.marks.measurements import KnownLength, Measurement

MAX_MARKS = 200  # of one image

Marks = tuple[Measurement, ...]


@dataclass(frozen=True, slots=True)
class Annotations:
    """What is drawn on an image now.

    Attributes:
        before: what was drawn before the last step; whoever keeps the history takes it from here.
    """

    marks: Marks = ()
    before: Marks = field(default=(), compare=False)

    @property
    def full(self) -> bool:
        """Whether no further mark fits."""
        return len(self.marks) >= MAX_MARKS

    def changed(self, marks: Marks) -> Annotations:
        """The same after a step; itself where nothing is different or too much is asked for."""
        if marks == self.marks or len(marks) > MAX_MARKS:
            return self
        return Annotations(marks, self.marks)

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
        return Annotations((*self.marks[:index], mark, *self.marks[index + 1 :]), self.before)

    def removed(self, index: int) -> Annotations:
        """Without the mark at `index`."""
        return self.changed((*self.marks[:index], *self.marks[index + 1 :]))
