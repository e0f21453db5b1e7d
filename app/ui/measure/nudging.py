"""Moving a mark step by step with the arrow keys: keys held down are one step to undo, and are kept once they rest."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from app.domain.marks.annotations import Annotations
from app.domain.marks.mark_geometry import Grip, whole
from app.domain.marks.measurements import Point
from app.services.state.session_holder import SessionHolder
from app.ui.measure.hold import moved
from app.ui.wishes import Wishes

SAVE_MS = 400  # after the last step


class Nudging(QObject):
    """Changes the session at once; what it has made of the marks is handed on a moment later."""

    def __init__(self, holder: SessionHolder, wishes: Wishes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._holder, self._wishes = holder, wishes
        self._made: Annotations | None = None  # not yet handed on
        self._timer = QTimer(self, singleShot=True, interval=SAVE_MS)
        self._timer.timeout.connect(self.flush)

    def nudge(self, by: Point, handle: int | None, shape: tuple[int, int]) -> None:
        """Move the selected mark, or one handle of it.

        Args:
            by: (rows, columns) of the original.
            handle: its index; None for all of the mark.
            shape: (rows, columns) of the image, which no mark leaves.
        """
        session = self._holder.state
        if session.selected_mark is None:
            return
        mark = session.annotations.marks[session.selected_mark]
        going_on = self._made is not None and self._made is session.annotations
        change = session.annotations.amended if going_on else session.annotations.replaced
        grip = whole(mark) if handle is None else Grip(handle)
        annotations = change(session.selected_mark, moved(mark, grip, by, shape))
        if annotations is not session.annotations:
            self._made = annotations
            self._holder.update(annotations=annotations)
            self._timer.start()

    def flush(self) -> None:
        """Hand on what has been moved, now."""
        if (made := self.taken()) is not None:
            self._wishes.marks_changed.emit(self._holder.state.image_key, made)

    def taken(self) -> Annotations | None:
        """What has been moved and not been handed on, for somebody who does that."""
        self._timer.stop()
        made, self._made = self._made, None
        return made
