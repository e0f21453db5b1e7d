"""What a window shows that is not in the session, so that a window built anew goes on where the old one was."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QByteArray, QRect, Qt, QTimer
from PySide6.QtWidgets import QAbstractScrollArea, QSplitter, QWidget

from app.domain.errors import Notice
from app.domain.marks.tools import Draft
from app.ui.panes.view_link import ViewState
from app.ui.window.main_window import MainWindow
from app.ui.window.window_dialogs import OpenWindows

# Where a widget stands: class and number among its like, from the window down. Words play no part: they may change.
Address = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class WindowMemory:
    """Taken from one window and given to the next.

    Attributes:
        place: of the window while it is neither maximised nor full screen. shape: whether it is.
        checked: names of the checkable actions that are on.
        view: zoom, place and orientation of the linked panes. maximised: number of the pane that is shown alone.
        notice: the one in the footer.
        worklist_width: as the user has chosen it; 0 where it follows the window.
        draft: points placed of a mark that is being drawn. windows: those that are open beside it.
    """

    place: QRect
    shape: Qt.WindowState
    state: QByteArray
    worklist_width: int
    splitters: dict[Address, QByteArray]
    scrolls: dict[Address, tuple[int, int]]
    focus: Address
    checked: frozenset[str]
    view: ViewState
    maximised: int | None
    flickering: bool
    notice: Notice | None
    draft: Draft | None
    windows: OpenWindows


def remember(window: MainWindow) -> WindowMemory:
    """What the window shows now."""
    panes = window.panes
    focus = window.focusWidget()
    return WindowMemory(
        place=window.normalGeometry() if window.isMaximized() or window.isFullScreen() else window.geometry(),
        shape=window.windowState(),
        state=window.saveState(),
        worklist_width=window.divider.own_width,
        splitters={address(part, window): part.saveState() for part in window.findChildren(QSplitter)},
        scrolls={
            address(part, window): (part.horizontalScrollBar().value(), part.verticalScrollBar().value())
            for part in window.findChildren(QAbstractScrollArea)
        },
        focus=address(focus, window) if focus is not None else (),
        checked=frozenset(name for name, action in window.actions_by_name.items() if action.isChecked()),
        view=panes.link.state,
        maximised=panes.all_panes.index(panes.maximised) if panes.maximised is not None else None,
        flickering=panes.original.flickering,
        notice=window.footer.shown_notice,
        draft=window.measure.draft,
        windows=window.dialogs.open_windows,
    )


def bring_back(window: MainWindow, memory: WindowMemory) -> None:
    """Make a new window, not shown yet, look like the remembered one. Places in lists follow once it is laid out."""
    window.setGeometry(memory.place)  # restoreGeometry would move it to where it thinks the screen is
    window.setWindowState(memory.shape)
    followed = memory.checked | {"full_screen"} if window.isFullScreen() else memory.checked - {"full_screen"}
    if memory.maximised is not None:
        window.panes.toggle_maximised(window.panes.all_panes[memory.maximised])
    for name, action in window.actions_by_name.items():
        if action.isCheckable() and action.isChecked() != (name in followed):
            action.setChecked(name in followed)
    window.restoreState(memory.state)
    for where, state in memory.splitters.items():
        if isinstance(part := find(where, window), QSplitter):
            part.restoreState(state)
    window.divider.bring_back(memory.worklist_width)
    if memory.flickering:
        window.panes.original.toggle_flicker()
    if memory.notice is not None:
        window.footer.show_notice(memory.notice)
    window.panes.link.show(memory.view)
    window.measure.go_on_with(memory.draft)
    QTimer.singleShot(0, window, lambda: _settle(window, memory))


def _settle(window: MainWindow, memory: WindowMemory) -> None:
    for where, (across, down) in memory.scrolls.items():
        part = find(where, window)
        if isinstance(part, QAbstractScrollArea):
            part.horizontalScrollBar().setValue(across)
            part.verticalScrollBar().setValue(down)
    window.dialogs.open_again(memory.windows)
    focus = find(memory.focus, window) if memory.focus else None
    if focus is not None:
        focus.setFocus()


def address(widget: QWidget, window: QWidget) -> Address:
    """The way from the window down to a widget."""
    steps: list[tuple[str, int]] = []
    while widget is not window:
        parent = widget.parentWidget()
        if parent is None:
            return ()
        steps.append((type(widget).__name__, _alike(parent, type(widget).__name__).index(widget)))
        widget = parent
    return tuple(reversed(steps))


def find(where: Address, window: QWidget) -> QWidget | None:
    """The widget at an address; None where the window has no such."""
    widget: QWidget = window
    for kind, number in where:
        alike = _alike(widget, kind)
        if number >= len(alike):
            return None
        widget = alike[number]
    return widget if where else None


def _alike(parent: QWidget, kind: str) -> list[QWidget]:
    return [child for child in parent.children() if isinstance(child, QWidget) and type(child).__name__ == kind]
