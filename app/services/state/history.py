"""The one history of everything that the reader does and may take back, in this run of the program."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from PySide6.QtCore import QObject

from app.domain.undoing import OF_AN_IMAGE, Deed, DeedSaid, Effect, Undoing, Way
from app.services.state.session_holder import SessionHolder
from app.services.threads.signals import TypedSignal

MAX_STEPS = 200  # that can be undone
TOLD = frozenset({Deed.JUDGEMENT, Deed.READ, Deed.REMOVAL})  # when they are done; the others are seen where they are


@dataclass(frozen=True, slots=True)
class UndoStep:
    """One thing that was done.

    Attributes:
        image_key: of an image that it was done to, which is shown again when it is taken back.
        undo, redo: put things back as they were before and after; neither makes a step of its own.
        joins: a step with the same words here, on the same image and right after, is part of this one; '' for none.
    """

    deed: Deed
    image_key: str
    undo: Callable[[], object]
    redo: Callable[[], object]
    outcome: Effect = field(default_factory=Effect)
    joins: str = ""


class History(QObject):
    """Holds the steps; says in the session what undo and redo would do.

    Signals:
        shown_again: key of an image, that the reader may see what has been taken back or done again.
    """

    shown_again = TypedSignal[str]()

    def __init__(self, holder: SessionHolder, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._holder = holder
        self._past: list[UndoStep] = []
        self._future: list[UndoStep] = []
        self._number = 0

    def did(self, step: UndoStep) -> None:
        """Something was done; what had been undone cannot be redone any more."""
        last = self._past[-1] if self._past else None
        joined = last is not None and bool(step.joins) and not self._future
        if last is not None and joined and (last.joins, last.image_key) == (step.joins, step.image_key):
            self._past[-1] = replace(last, redo=step.redo)
        else:
            self._past = [*self._past, step][-MAX_STEPS:]
        self._future.clear()
        self._tell(self._said(step, Way.DONE, elsewhere=False) if step.deed in TOLD else None)

    def undo(self) -> None:
        """Take back the last thing, and show where it was done."""
        if self._past:
            step = self._past.pop()
            self._future.append(step)
            self._tell(None)
            step.undo()
            self._show(step, Way.UNDONE)

    def redo(self) -> None:
        """Do the thing again that was taken back last."""
        if self._future:
            step = self._future.pop()
            self._past.append(step)
            self._tell(None)
            step.redo()
            self._show(step, Way.REDONE)

    def forget(self, deed: Deed, image_key: str = "") -> None:
        """What was done of this kind, to an image or to any, cannot be taken back any more."""

        def stays(step: UndoStep) -> bool:
            return step.deed is not deed or (bool(image_key) and step.image_key != image_key)

        self._past = [step for step in self._past if stays(step)]
        self._future = [step for step in self._future if stays(step)]
        said = self._holder.state.undoing.said
        self._tell(said if said is None or said.deed is not deed else None)

    def forget_images(self, keys: frozenset[str]) -> None:
        """Images have gone for good: what was done to them cannot be taken back, nor can any removal."""

        def stays(step: UndoStep) -> bool:
            return step.deed is not Deed.REMOVAL and step.image_key not in keys

        self._past = [step for step in self._past if stays(step)]
        self._future = [step for step in self._future if stays(step)]
        self._tell(self._holder.state.undoing.said)

    def withdraw(self, deed: Deed) -> None:
        """The last thing, where it was of this kind, has come to nothing."""
        if self._past and self._past[-1].deed is deed:
            self._past.pop()
            self._tell(None)

    def _show(self, step: UndoStep, way: Way) -> None:
        """Of a mark its image is shown, of a judgement its study, whichever image of it."""
        state = self._holder.state
        in_study = state.study is not None and state.study.image(step.image_key) is not None
        here = step.image_key == state.image_key if step.deed in OF_AN_IMAGE else in_study
        if not here:
            self.shown_again.emit(step.image_key)
        now = self._holder.state
        went = not in_study and now.study is not None and now.study.image(step.image_key) is not None
        self._tell(self._said(step, way, elsewhere=went))

    def _said(self, step: UndoStep, way: Way, *, elsewhere: bool) -> DeedSaid:
        self._number += 1
        return DeedSaid(step.deed, way, step.outcome, elsewhere, self._number)

    def _tell(self, said: DeedSaid | None) -> None:
        undo = self._past[-1].deed if self._past else None
        redo = self._future[-1].deed if self._future else None
        undoing = Undoing(undo, redo, said)
        if undoing != self._holder.state.undoing:
            self._holder.update(undoing=undoing)
