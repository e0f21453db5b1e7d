"""The memory pane shows the entries of the patch under the mouse; a click keeps one. Nothing moves meanwhile."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.ui.panes.memory_pane import NO_PATCH, PEEK_MS
from tests.app.ui import explained, synthetic
from tests.app.ui.conftest import Room

PATCH, OTHER = 2 * synthetic.GRID + 1, synthetic.GRID + 2
SETTLED_MS = 3 * PEEK_MS


@pytest.fixture
def opened(room: Room, settle: Callable[[], None]) -> Room:
    """The window of a program that keeps and shows patches as the reading desk does."""
    image = synthetic.radiograph()
    room.open(image, synthetic.detection(image))
    room.wishes.patch_selected.connect(
        lambda patch: room.holder.update(patch=None if patch < 0 else patch, peeked=None, entries=None)
    )
    room.wishes.patch_peeked.connect(
        lambda patch: room.holder.update(peeked=None if patch < 0 else patch, entries=None)
    )
    settle()
    return room


def place(room: Room, patch: int) -> QPoint:
    found, view = room.holder.state.detection, room.window.panes.memory.view
    assert found is not None
    x, y = view.rect_shown.to_viewport(*synthetic.middle_of(found, patch))
    return QPoint(round(x), round(y))


def point_at(room: Room, patch: int) -> None:
    viewport = room.window.panes.memory.view.viewport()
    here, none = QPointF(place(room, patch)), Qt.MouseButton.NoButton
    QApplication.sendEvent(
        viewport,
        QMouseEvent(
            QEvent.Type.MouseMove, here, viewport.mapToGlobal(here), none, none, Qt.KeyboardModifier.NoModifier
        ),
    )


def click(room: Room, patch: int) -> None:
    QTest.mouseClick(room.window.panes.memory.view.viewport(), Qt.MouseButton.LeftButton, pos=place(room, patch))
    QApplication.processEvents()


def leave(room: Room) -> None:
    memory = room.window.panes.memory
    for widget in (memory.view.viewport(), memory.view, memory):
        QApplication.sendEvent(widget, QEvent(QEvent.Type.Leave))


def test_the_entries_of_the_patch_under_the_mouse_are_listed_and_nothing_moves(opened: Room, qtbot: QtBot) -> None:
    memory = opened.window.panes.memory
    assert memory.hint.isVisible()
    before = memory.view.geometry()
    point_at(opened, PATCH)
    qtbot.waitUntil(lambda: opened.holder.state.peeked == PATCH)
    found = opened.holder.state.detection
    assert found is not None
    opened.holder.update(entries=explained.entries(found, PATCH))
    QApplication.processEvents()
    assert [row.slot for row in memory.list.entries.rows[1:]] == [match.slot for match in found.matches[PATCH]]
    assert all(row.picture is not None for row in memory.list.entries.rows)
    assert memory.list.isVisible()
    assert memory.view.geometry() == before
    leave(opened)
    QApplication.processEvents()
    assert opened.holder.state.shown_patch is None
    assert memory.hint.isVisible()
    assert memory.view.geometry() == before


def test_a_mouse_that_crosses_the_patches_asks_only_for_the_one_it_rests_on(opened: Room, qtbot: QtBot) -> None:
    asked: list[int] = []
    opened.wishes.patch_peeked.connect(asked.append)
    for patch in range(synthetic.GRID**2):
        point_at(opened, patch)
    point_at(opened, OTHER)
    qtbot.wait(SETTLED_MS)
    assert asked == [OTHER]
    point_at(opened, OTHER)
    qtbot.wait(SETTLED_MS)
    assert asked == [OTHER]


def test_a_click_keeps_a_patch_and_a_second_click_or_escape_lets_go(opened: Room, qtbot: QtBot) -> None:
    point_at(opened, PATCH)
    click(opened, PATCH)
    assert (opened.holder.state.patch, opened.holder.state.peeked) == (PATCH, None)
    point_at(opened, OTHER)
    qtbot.wait(SETTLED_MS)
    assert opened.holder.state.shown_patch == PATCH, "one that is kept stays"
    leave(opened)
    assert opened.holder.state.shown_patch == PATCH
    qtbot.wait(QApplication.doubleClickInterval() + 50)
    click(opened, PATCH)
    assert opened.holder.state.shown_patch is None
    qtbot.wait(QApplication.doubleClickInterval() + 50)
    click(opened, OTHER)
    view = opened.window.panes.memory.view
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert opened.holder.state.shown_patch is None


def test_a_double_click_enlarges_the_pane_and_keeps_the_patch(opened: Room) -> None:
    memory = opened.window.panes.memory
    opened.holder.update(patch=PATCH)
    viewport, here = memory.view.viewport(), QPointF(place(opened, PATCH))
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    down, up, twice = QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease, QEvent.Type.MouseButtonDblClick
    for kind, held in ((down, left), (up, none), (twice, left), (up, none)):
        event = QMouseEvent(kind, here, viewport.mapToGlobal(here), left, held, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(viewport, event)
    QApplication.processEvents()
    assert opened.window.panes.maximised is memory
    assert opened.holder.state.patch == PATCH


def test_the_arrow_keys_go_on_from_the_patch_under_the_mouse(opened: Room, qtbot: QtBot) -> None:
    point_at(opened, PATCH)
    qtbot.waitUntil(lambda: opened.holder.state.peeked == PATCH)
    view = opened.window.panes.memory.view
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert opened.holder.state.patch == PATCH, "the first one keeps it"
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert opened.holder.state.patch == PATCH + 1
    opened.wishes.patch_selected.emit(NO_PATCH)
    assert opened.holder.state.shown_patch is None
