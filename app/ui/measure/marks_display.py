"""Shows what is drawn and what is under way: on the original with figures, on the other pictures as faint lines."""

from __future__ import annotations

from PySide6.QtCore import Qt

from app.domain.marks.mark_geometry import Grip
from app.domain.marks.measurements import scale_by, spacing_in_use
from app.domain.marks.tools import Draft, Tool
from app.domain.session import Session
from app.i18n.language import tr
from app.ui.measure.hold import Hold, UnderWay
from app.ui.measure.mark_figures import MarkFigures
from app.ui.measure.marks_overlay import MarksOverlay
from app.ui.measure.marks_picture import MarksPicture
from app.ui.panes.pane_grid import PaneGrid
from app.ui.words.mark_words import mark_description, tool_hint


class MarksDisplay:
    """The overlays of the panes."""

    def __init__(self, panes: PaneGrid) -> None:
        self._view = panes.original.view
        self._figures = MarkFigures()
        self.overlay = MarksOverlay(self._view.viewport())
        self._view.add_overlay(self.overlay.paint)
        self._faint = []
        for pane in (panes.reconstruction, panes.difference):
            overlay = MarksOverlay(pane.view.viewport(), faint=True)
            pane.view.add_overlay(overlay.paint)
            self._faint.append(overlay)

    def show(self, session: Session, doing: UnderWay) -> None:
        """Draw what there is now."""
        picture = MarksPicture()
        if session.radiograph is not None and session.marks_shown:
            picture = self._picture(session, doing)
        elif session.radiograph is not None and session.annotations.marks:
            picture = MarksPicture(hint=tr("Marks are hidden"))
        for overlay in (self.overlay, *self._faint):
            overlay.set_picture(picture)
        chosen = picture.selected
        words = "" if chosen is None else mark_description(picture.marks[chosen], picture.labels[chosen])
        self._view.setAccessibleDescription(words or picture.hint)

    def show_cursor(self, session: Session, doing: UnderWay, over: Hold | None) -> None:
        """The shape of the mouse says what a press would do here."""
        viewport = self._view.viewport()
        if doing.hold is not None:
            viewport.setCursor(_shape(doing.hold.grip, held=True))
        elif doing.draft is None and over is not None:
            viewport.setCursor(_shape(over.grip, held=False))
        elif session.tool is not Tool.WINDOW_LEVEL and session.radiograph is not None:
            viewport.setCursor(Qt.CursorShape.CrossCursor)
        else:
            viewport.unsetCursor()

    def _picture(self, session: Session, doing: UnderWay) -> MarksPicture:
        radiograph, marks, draft = session.radiograph, session.annotations.marks, doing.draft
        assert radiograph is not None  # noqa: S101 - asked with an image only
        if doing.hold is not None and doing.hold.index < len(marks):
            marks = (*marks[: doing.hold.index], doing.hold.now, *marks[doing.hold.index + 1 :])
        spacing = spacing_in_use(radiograph, marks)  # as it would be: a calibration that is dragged counts at once
        whole = draft.placed(doing.floating).mark() if draft and doing.floating else None
        selected = session.selected_mark
        return MarksPicture(
            marks=marks,
            labels=tuple(self._figures.lines(mark, radiograph, spacing) for mark in marks),
            scale=scale_by(spacing, radiograph.aspect),
            selected=selected if selected is not None and selected < len(marks) else None,
            active=doing.active,
            draft=draft.lines(doing.floating) if draft else (),
            ends=draft.points if draft else (),
            draft_label=self._figures.lines(whole, radiograph, spacing) if whole else (),
            hint="" if doing.writing else _hint(session, draft),
        )


def _hint(session: Session, draft: Draft | None) -> str:
    if session.tool is not Tool.WINDOW_LEVEL and session.annotations.full:
        return tr("No more marks fit on this image; delete some first")
    return tool_hint(session.tool, len(draft.points) if draft else 0)


def _shape(grip: Grip, *, held: bool) -> Qt.CursorShape:
    if grip.handle is not None:
        return Qt.CursorShape.CrossCursor if held else Qt.CursorShape.SizeAllCursor
    return Qt.CursorShape.ClosedHandCursor if held else Qt.CursorShape.OpenHandCursor
