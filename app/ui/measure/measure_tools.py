"""The hand on the original: draws marks, takes hold of them, moves them, by mouse and by key.

Holds only what is under way (a drawing, a drag, words being typed); what is done goes into the session. A tool stays in
hand until Esc or its key again, as in Weasis and OHIF. With a tool in hand only handles are taken hold of, so that a
new mark can begin on the line of another; without one lines and words are, too.
"""

from __future__ import annotations

import math
from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QMouseEvent

from app.domain.marks.annotations import Annotations
from app.domain.marks.mark_geometry import clamped, handles, snapped
from app.domain.marks.measurements import Arrow, CardiothoracicRatio, Length, Note, Point, Roi, in_order, scale_of
from app.domain.marks.tools import REPLACING, Draft, Tool, region_of
from app.domain.session import Session
from app.domain.settings import PaneName
from app.services.state.session_holder import SessionHolder
from app.services.threads.signals import TypedSignal
from app.ui.measure.calibrating import Calibrating
from app.ui.measure.hold import Hold, UnderWay, dragged, hold_at, hold_whole
from app.ui.measure.marks_display import MarksDisplay
from app.ui.measure.note_writer import NoteWriter, Words
from app.ui.measure.nudging import Nudging
from app.ui.panes.pane_grid import PaneGrid
from app.ui.panes.pane_view import ARROWS, ENTER
from app.ui.wishes import Wishes

REACH = 8.0  # screen pixels within which a handle or line is taken hold of
CLICK = 4.0  # screen pixels that the mouse may move between press and release of a click
COARSE = 10  # steps of an arrow key with Shift
SHOWN = ("annotations", "tool", "radiograph", "display")  # fields of the session that marks are drawn from


class MeasureTools(QObject):
    """Gets mouse and keys of the original before the pane does.

    Signals:
        drawing_changed: whether a drawing, a drag or writing is under way.
    """

    drawing_changed = TypedSignal[bool]()

    def __init__(self, holder: SessionHolder, panes: PaneGrid, wishes: Wishes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._holder, self._panes, self._view, self._wishes = holder, panes, panes.original.view, wishes
        self._doing = UnderWay()
        self._pressed_at: QPointF | None = None
        self._nudging = Nudging(holder, wishes, self)
        self.display = MarksDisplay(panes)
        self.calibrating = Calibrating(self._view, holder, self._commit)
        self.writer = NoteWriter(self._view, self._on_words)
        self._view.hand = self
        self._view.installEventFilter(self)
        holder.changed.connect(self._on_session)
        self._do()

    @property
    def drawing(self) -> bool:
        """Whether a drawing, a drag or writing is under way."""
        return self._doing.draft is not None or self._doing.hold is not None or self.writer.busy

    @property
    def draft(self) -> Draft | None:
        """The points placed so far of a mark that is being drawn."""
        return self._doing.draft

    def go_on_with(self, draft: Draft | None) -> None:
        """Go on with a drawing that another window has begun on the same image."""
        self._do(draft=draft)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The window closes: what the arrow keys have moved is kept now."""
        if event.type() == QEvent.Type.Hide:
            self._nudging.flush()
        return super().eventFilter(watched, event)

    # -- wishes of the menu and the keys

    def choose(self, tool: Tool) -> None:
        """Take a tool in hand; the one in hand is put away."""
        self._let_go()
        again = tool is self._holder.state.tool
        self._holder.update(tool=Tool.WINDOW_LEVEL if again else tool, selected_mark=None)
        if self._holder.state.tool is not Tool.WINDOW_LEVEL or self._view.isVisible():
            self._panes.ask_for(PaneName.ORIGINAL)  # where it is not on the screen it comes: nobody draws unseen

    @property
    def in_hand(self) -> bool:
        """Whether Esc has something to put away here."""
        session = self._holder.state
        return self.drawing or session.tool is not Tool.WINDOW_LEVEL or session.selected_mark is not None

    def escape(self) -> None:
        """Put away the words, else the drawing, else the tool, else the selection."""
        if self.drawing:
            self._drop()
        elif self._holder.state.tool is not Tool.WINDOW_LEVEL:
            self._holder.update(tool=Tool.WINDOW_LEVEL)
        else:
            self._holder.update(selected_mark=None)

    def delete(self) -> None:
        """Delete the selected mark; words of it that are being changed go with it."""
        self._drop() if self.writer.index is not None else self._let_go()
        selected = self._holder.state.selected_mark
        if selected is not None:
            self._commit(self._holder.state.annotations.removed(selected), None)

    def delete_all(self) -> None:
        """Delete every mark of the image; it can be undone."""
        self._let_go()
        self._commit(self._holder.state.annotations.changed(()), None)

    def undo(self) -> None:
        """Take back the last thing that was done, on whichever image; a drawing that is under way is that."""
        if self.drawing:
            self._drop()
        else:
            self._nudging.flush()
            self._wishes.undo_requested.emit()

    def redo(self) -> None:
        """The step again."""
        self._let_go()
        self._nudging.flush()
        self._wishes.redo_requested.emit()

    def select_next(self, step: int) -> None:
        """Select the next or previous mark, in the order of drawing."""
        self._let_go()
        count = len(self._holder.state.annotations.marks)
        if count and self._holder.state.display.marks:
            selected = self._holder.state.selected_mark
            start = (-1 if step > 0 else 0) if selected is None else selected
            self._holder.update(tool=Tool.WINDOW_LEVEL, selected_mark=(start + step) % count)
            self._panes.ask_for(PaneName.ORIGINAL)

    def edit_text(self) -> None:
        """Write the words of the selected note or arrow."""
        selected = self._holder.state.selected_mark
        if selected is None:
            return
        mark = self._holder.state.annotations.marks[selected]
        if isinstance(mark, Note | Arrow):
            self._panes.ask_for(PaneName.ORIGINAL)
            label = self.display.overlay.label_place(selected)
            at = QPointF(*self._view.rect_shown.to_viewport(*mark.points[-1]))
            self._write(selected, mark.points[-1], at if label is None else label.center(), mark.text)

    # -- the mouse, before the pane gets it

    def press(self, event: QMouseEvent) -> bool:
        """A button goes down."""
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.button() != Qt.MouseButton.LeftButton or shift or self._holder.state.radiograph is None:
            return False
        self.writer.finish()
        session, at, point = self._holder.state, event.position(), self._point(event)
        hold = self._under(at, point) if self._doing.draft is None else None
        if hold is not None:
            self._holder.update(selected_mark=hold.index)
            self._do(hold=hold, active=hold.grip.handle)
        elif self._doing.draft is not None or session.tool is not Tool.WINDOW_LEVEL:
            self._place(point)
        else:
            self._holder.update(selected_mark=None)
            return False
        self._pressed_at = at
        return True

    def move(self, event: QMouseEvent) -> bool:
        """The mouse moves."""
        if self._holder.state.radiograph is None:
            return False
        if self._pressed_at is None and event.buttons() != Qt.MouseButton.NoButton:
            return False
        if self._pressed_at is not None and not event.buttons() & Qt.MouseButton.LeftButton:
            self._drop()  # the button came up somewhere else, in a dialog that opened
        if self._doing.hold is not None:
            self._do(hold=replace(self._doing.hold, now=dragged(self._doing.hold, self._point(event), self._shape)))
        elif self._doing.draft is not None:
            self._do(floating=self._point(event))
        over = None if self.drawing else self._under(event.position(), self._point(event))
        self.display.show_cursor(self._holder.state, self._doing, over)
        return self._pressed_at is not None

    def release(self, event: QMouseEvent) -> bool:
        """A button comes up: the end of a drag, or of a click."""
        if event.button() != Qt.MouseButton.LeftButton or self._pressed_at is None:
            return False
        way = event.position() - self._pressed_at
        self._pressed_at = None
        moved = math.hypot(way.x(), way.y()) > CLICK
        hold = self._doing.hold
        if hold is not None:
            self._do(hold=None)
            if moved:
                self._commit(self._holder.state.annotations.replaced(hold.index, hold.now), hold.index)
        elif self._doing.draft is not None and moved:
            self._place(self._point(event))
        return True

    def double_click(self, event: QMouseEvent) -> bool:
        """Two quick clicks: two points with a tool, the words of a note without."""
        if self._holder.state.tool is not Tool.WINDOW_LEVEL:
            return self.press(event)
        if self._holder.state.radiograph is None or self._under(event.position(), self._point(event)) is None:
            return False
        self.edit_text()
        return True

    # -- keys

    def wants(self, event: QKeyEvent) -> bool:
        """Whether a key is for the marks rather than for a shortcut of the window."""
        if event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier):
            return False
        session = self._holder.state
        busy = session.tool is not Tool.WINDOW_LEVEL or session.selected_mark is not None
        return session.radiograph is not None and busy and (event.key() in ARROWS or event.key() in ENTER)

    def key(self, event: QKeyEvent) -> bool:
        """Arrow keys move the crosshair of a tool or the selected mark; Enter places a point or takes the next."""
        if not self.wants(event):
            return False
        drawing = self._holder.state.tool is not Tool.WINDOW_LEVEL
        if event.key() in ENTER:
            self._place(self._crosshair()) if drawing else self._next_handle()
            return True
        times = COARSE if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        down, right = (float(step * times) for step in ARROWS[Qt.Key(event.key())])
        if drawing:
            self._move_crosshair(down, right)
        else:
            self._nudging.nudge(self._on_screen(down, right), self._doing.active, self._shape)
        return True

    def _crosshair(self) -> Point:
        """The session's cursor, else the middle of what is shown."""
        cursor = self._holder.state.cursor
        if cursor is None:
            middle = self._view.viewport().rect().center()
            cursor = self._view.rect_shown.to_original(middle.x(), middle.y())
        return clamped(cursor, self._shape)

    def _on_screen(self, down: float, right: float) -> tuple[float, float]:
        """(rows, columns): so many original pixels down or right on the screen, however the image is turned."""
        rows, columns = self._view.rect_shown.step(right, down)
        length, steps = math.hypot(rows, columns), max(abs(down), abs(right))
        return round(rows / length * steps, 6), round(columns / length * steps, 6)

    def _move_crosshair(self, down: float, right: float) -> None:
        """By pixels of the original, or by those of the screen where they are larger."""
        pixels = max(1.0, round(1 / self._view.rect_shown.zoom))
        (row, column), (rows, columns) = self._crosshair(), self._on_screen(down * pixels, right * pixels)
        cursor = clamped((row + rows, column + columns), self._shape)
        self._holder.update(cursor=cursor)
        self._do(floating=cursor)

    def _next_handle(self) -> None:
        """All of the mark, then one handle after the other, then all again."""
        selected = self._holder.state.selected_mark
        if selected is not None:
            count = len(handles(self._holder.state.annotations.marks[selected]))
            following = 0 if self._doing.active is None else self._doing.active + 1
            self._do(active=following if following < count and count > 1 else None)

    # -- drawing and dragging

    @property
    def _shape(self) -> tuple[int, int]:
        radiograph = self._holder.state.radiograph
        assert radiograph is not None  # noqa: S101 - nothing is drawn without an image
        return radiograph.pixels.shape[0], radiograph.pixels.shape[1]

    def _point(self, event: QMouseEvent) -> Point:
        """Where the mouse is in the original; with Ctrl a drawing keeps to 0, 45, 90... degrees."""
        point = self._view.rect_shown.to_original(event.position().x(), event.position().y())
        anchor, radiograph = self._doing.draft.anchor if self._doing.draft else None, self._holder.state.radiograph
        straight = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if straight and anchor is not None and radiograph is not None:
            point = snapped(anchor, point, radiograph.aspect)
        return clamped(point, self._shape)

    def _under(self, at: QPointF, point: Point) -> Hold | None:
        """What lies under the mouse."""
        session = self._holder.state
        marks = session.annotations.marks if session.marks_shown else ()
        reach, body = REACH / self._view.rect_shown.zoom, session.tool is Tool.WINDOW_LEVEL
        aspect = 1.0 if session.radiograph is None else session.radiograph.aspect
        hold = hold_at(marks, session.selected_mark, point, reach, body=body, aspect=aspect)
        worded = self.display.overlay.label_at(at) if body and hold is None else None
        return hold_whole(marks, worded, point) if worded is not None and worded < len(marks) else hold

    def _place(self, point: Point) -> None:
        """One more point of the drawing; the last one makes the mark."""
        session = self._holder.state
        if session.annotations.full and session.tool not in REPLACING:
            return
        draft = (self._doing.draft or Draft(session.tool)).placed(point)
        if not draft.complete:
            self._do(draft=draft, floating=None)
            return
        self._do(draft=None, floating=None, active=None)
        mark = draft.mark()
        if isinstance(mark, Length) and draft.tool is Tool.CALIBRATE:
            self._holder.update(tool=Tool.WINDOW_LEVEL)  # an image has one scale
            self.calibrating.ask(mark)
            return
        if isinstance(mark, Roi) and draft.tool in REPLACING:
            self._holder.update(tool=Tool.WINDOW_LEVEL)  # one region at a time: the hand is free to look at it
            if (region := region_of(mark)) is not None:
                self._wishes.region_drawn.emit(region)
            return
        if mark is None:
            self._write(None, point, QPointF(*self._view.rect_shown.to_viewport(*point)))
            return
        if isinstance(mark, CardiothoracicRatio) and session.radiograph is not None:
            mark = in_order(mark, scale_of(session.radiograph))
        index = len(session.annotations.marks)
        self._commit(session.annotations.added(mark), index)
        if isinstance(mark, Arrow):  # what is typed now is what it points at
            self._write(index, point, QPointF(*self._view.rect_shown.to_viewport(*point)))

    def _commit(self, annotations: Annotations, selected: int | None) -> None:
        """Into the session, and to be kept."""
        if annotations is not self._holder.state.annotations:
            self._nudging.flush()  # a step of its own
            self._holder.update(annotations=annotations, selected_mark=selected)
            self._wishes.marks_changed.emit(self._holder.state.image_key, annotations)

    def _write(self, index: int | None, place: Point, at: QPointF, text: str = "") -> None:
        self.writer.start(index, place, at, text)
        self._do(writing=True)

    def _on_words(self, words: Words | None) -> None:
        self._do(writing=False)
        if words is not None:
            self._commit(*words.applied(self._holder.state.annotations))

    def _let_go(self) -> None:
        """Words being typed count, a drawing does not."""
        self.writer.finish()
        self._drop()

    def _drop(self) -> None:
        """Nothing is under way any more."""
        self.writer.drop()
        self._pressed_at = None
        self._do(draft=None, floating=None, hold=None)

    def _do(self, **changes: object) -> None:
        """Change what is under way, and show it."""
        was = self.drawing
        self._doing = replace(self._doing, **changes)  # type: ignore[arg-type]
        self.display.show(self._holder.state, self._doing)
        if was != self.drawing or "writing" in changes:
            self.drawing_changed.emit(self.drawing)

    # -- following the session

    def _on_session(self, old: Session, new: Session) -> None:
        if not new.differs(old, "image_key", "selected_mark", *SHOWN):
            return
        if new.differs(old, "image_key"):
            self._leave(old)
        if new.differs(old, "tool"):
            self.display.show_cursor(new, self._doing, None)
        if not new.marks_shown and new.selected_mark is not None:
            QTimer.singleShot(0, self, self._deselect)  # not while others still follow this change
        if new.differs(old, "selected_mark"):
            self._do(active=None)
        elif new.differs(old, *SHOWN):
            self._do()

    def _deselect(self) -> None:
        """No key may change a mark that cannot be seen."""
        if not self._holder.state.marks_shown:
            self._holder.update(selected_mark=None)

    def _leave(self, old: Session) -> None:
        """Another image takes this one's place: what was moved or half written is kept with the old one."""
        nudged = self._nudging.taken()
        annotations = nudged or old.annotations
        words = self.writer.taken_away()
        if words is not None:
            annotations, _ = words.applied(annotations)
        if nudged is not None or annotations is not old.annotations:
            self._wishes.marks_changed.emit(old.image_key, annotations)
        self._drop()
