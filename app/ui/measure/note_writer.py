"""Writing the words of notes and arrows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF

from app.domain.marks.annotations import Annotations
from app.domain.marks.measurements import Arrow, Note, Point, clean_text
from app.ui.measure.note_editor import NoteEditor
from app.ui.panes.pane_view import PaneView


@dataclass(frozen=True, slots=True)
class Words:
    """Words for a mark.

    Attributes:
        index: of the note or arrow; None for a new note at `place`.
    """

    index: int | None
    place: Point
    text: str

    def applied(self, annotations: Annotations) -> tuple[Annotations, int | None]:
        """The annotations with these words, and the mark to select; a note without words is none."""
        if self.index is None:
            if not self.text:
                return annotations, None
            return annotations.added(Note((self.place,), self.text)), len(annotations.marks)
        if self.index >= len(annotations.marks):
            return annotations, None
        mark = annotations.marks[self.index]
        if isinstance(mark, Note) and not self.text:
            return annotations.removed(self.index), None
        if isinstance(mark, Note | Arrow):
            return annotations.replaced(self.index, replace(mark, text=self.text)), self.index
        return annotations, None


class NoteWriter:
    """Owns the line that is written in.

    Args:
        view: the pane that is written on.
        done: called with the Words, or None where they were dropped.
    """

    def __init__(self, view: PaneView, done: Callable[[Words | None], None]) -> None:
        self._done = done
        self._index: int | None = None
        self._place: Point = (0.0, 0.0)
        self.editor = NoteEditor(view)
        self.editor.written.connect(lambda text: done(Words(self._index, self._place, text)))
        self.editor.dropped.connect(lambda: done(None))

    @property
    def busy(self) -> bool:
        """Whether words are being typed."""
        return self.editor.is_open

    @property
    def index(self) -> int | None:
        """Of the mark whose words are being changed; None for a new note, or none at all."""
        return self._index if self.busy else None

    def start(self, index: int | None, place: Point, at: QPointF, text: str = "") -> None:
        """Have words written beside a point of the viewport."""
        self._index, self._place = index, place
        self.editor.start(at, text)

    def finish(self) -> None:
        """Take the words as they are now."""
        self.editor.finish()

    def drop(self) -> None:
        """Forget the words."""
        self.editor.drop()

    def taken_away(self) -> Words | None:
        """What has been typed, for an image that is left; nobody else is told."""
        if not self.busy:
            return None
        words = Words(self._index, self._place, clean_text(self.editor.text()))
        self.editor.drop()
        return words
