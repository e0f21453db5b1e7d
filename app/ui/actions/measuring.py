"""The Measure menu and its keys: what can be done now, and doing it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from app.domain.marks.measurements import Arrow, Note
from app.domain.marks.tools import REPLACING, Tool
from app.domain.session import Session
from app.i18n.language import tr
from app.services.state.session_holder import SessionHolder
from app.ui.keys.specs import on_triggered
from app.ui.measure.measure_tools import MeasureTools
from app.ui.words.undoing_words import deed_words

# Fields of the session that decide what makes sense.
READS = ("radiograph", "detection", "tool", "annotations", "selected_mark", "display", "undoing")


def action_name(tool: Tool) -> str:
    """Name of the action that takes a tool in hand."""
    return f"tool_{tool.value}"


def tool_groups(actions: dict[str, QAction]) -> tuple[tuple[QAction, ...], ...]:
    """The actions of the tool bar, in groups."""
    names = (
        tuple(action_name(tool) for tool in Tool if tool not in REPLACING),
        tuple(action_name(tool) for tool in REPLACING),
        ("undo", "redo", "delete_mark"),
    )
    return tuple(tuple(actions[name] for name in group) for group in names)


class MeasureActions(QObject):
    """Connects the measure actions with the tools, and greys out what makes no sense now."""

    def __init__(
        self, actions: dict[str, QAction], holder: SessionHolder, tools: MeasureTools, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._actions, self._holder, self._tools = actions, holder, tools
        does: dict[str, Callable[[], None]] = {
            "undo": tools.undo,
            "redo": tools.redo,
            "next_mark": lambda: tools.select_next(1),
            "previous_mark": lambda: tools.select_next(-1),
            "edit_mark": tools.edit_text,
            "delete_mark": tools.delete,
            "delete_marks": tools.delete_all,
        }
        for tool in Tool:
            does[action_name(tool)] = partial(self._choose, tool)
        on_triggered(actions, does)
        tools.drawing_changed.connect(lambda _: self._render(holder.state))
        holder.changed.connect(self._on_session)  # a method of ours: Qt lets go of it with us
        self._render(holder.state)

    def _on_session(self, old: Session, new: Session) -> None:
        if new.differs(old, *READS):
            self._render(new)

    def _choose(self, tool: Tool) -> None:
        self._tools.choose(tool)
        self._render(self._holder.state)  # Qt has turned the check mark round already

    def _render(self, session: Session) -> None:
        there = session.radiograph is not None
        for tool in Tool:
            action = self._actions[action_name(tool)]
            action.setEnabled(there and (tool not in REPLACING or session.detection is not None))
            action.setChecked(tool is session.tool)
        annotations, selected = session.annotations, session.selected_mark
        mark = annotations.marks[selected] if selected is not None and selected < len(annotations.marks) else None
        under_way = self._tools.drawing
        can = {
            "next_mark": bool(annotations.marks),
            "previous_mark": bool(annotations.marks),
            "edit_mark": isinstance(mark, Note | Arrow),
            "delete_mark": mark is not None and session.marks_shown,
            "delete_marks": bool(annotations.marks),
        }
        for name, possible in can.items():
            self._actions[name].setEnabled(there and possible)
        undoing = session.undoing
        for name, text, named, deed in (
            ("undo", tr("Undo"), tr("Undo: {deed}"), undoing.undo),
            ("redo", tr("Redo"), tr("Redo: {deed}"), undoing.redo),
        ):
            self._actions[name].setText(text if deed is None else named.format(deed=deed_words(deed)))
            self._actions[name].setEnabled(deed is not None or (name == "undo" and under_way))
