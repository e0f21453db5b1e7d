"""Space shows the reconstruction while it is held, a tap leaves it; Esc ends it first; it never outlasts its image."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.services.reading.reading_desk import FILE_GONE
from app.ui.actions.held_key import HOLD_MS
from app.ui.look.theme import tokens
from app.ui.panes.image_pane import Place
from app.ui.panes.original_pane import OriginalPane
from tests.app.ui import synthetic
from tests.app.ui.conftest import Room
from tests.app.ui.hands import NONE, key

SPACE, ESC = Qt.Key.Key_Space, Qt.Key.Key_Escape


@pytest.fixture
def opened(room: Room, settle: Callable[[], None]) -> Room:
    image = synthetic.radiograph()
    room.open(image, synthetic.detection(image))
    room.window.panes.original.view.setFocus()
    settle()
    return room


def original(room: Room) -> OriginalPane:
    return room.window.panes.original


def repeat(widget: QWidget) -> None:
    """What a key that stays down sends, some thirty times a second."""
    for kind in (QEvent.Type.KeyRelease, QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
        QApplication.sendEvent(widget, QKeyEvent(kind, SPACE, NONE, " ", True))


def test_a_held_key_peeks(opened: Room, qtbot: QtBot) -> None:
    view = original(opened).view
    QTest.keyPress(view, SPACE)
    assert original(opened).flickering
    repeat(view)
    qtbot.wait(HOLD_MS + 50)
    repeat(view)
    assert original(opened).flickering, "as long as it is down"
    QTest.keyPress(view, Qt.Key.Key_Shift)
    QTest.keyRelease(view, Qt.Key.Key_Shift)
    assert original(opened).flickering, "another key that comes up is not this one"
    QTest.keyRelease(view, SPACE)
    assert not original(opened).flickering
    assert not opened.window.actions_by_name["flicker"].isChecked()


def test_a_tap_leaves_it_until_the_next(opened: Room, qtbot: QtBot) -> None:
    key(opened.window, SPACE)
    assert original(opened).flickering
    assert opened.window.actions_by_name["flicker"].isChecked()
    qtbot.wait(HOLD_MS + 50)
    key(opened.window, Qt.Key.Key_I)
    assert original(opened).flickering
    key(opened.window, SPACE)
    assert not original(opened).flickering


def test_a_peek_ends_when_the_program_loses_the_keys(opened: Room, qapp: QApplication) -> None:
    QTest.keyPress(original(opened).view, SPACE)
    QApplication.sendEvent(qapp, QEvent(QEvent.Type.ApplicationDeactivate))
    assert not original(opened).flickering
    QTest.keyRelease(original(opened).view, SPACE)
    assert not original(opened).flickering


@pytest.mark.parametrize("where", ["memory", "worklist", "original"])
def test_escape_ends_it_first_wherever_the_keys_are(opened: Room, where: str) -> None:
    window = opened.window
    opened.holder.update(patch=3, swipe=0.4)
    key(window, SPACE)
    assert original(opened).flickering
    has_focus: QWidget = (
        window.worklist.list if where == "worklist" else getattr(window.panes, where, original(opened)).view
    )
    has_focus.setFocus()
    key(has_focus, ESC)
    assert not original(opened).flickering
    assert opened.holder.state.patch == 3, "one step at a time"
    assert opened.holder.state.swipe == 0.4


@pytest.mark.parametrize("gone", [False, True], ids=["another image", "the files of both are gone"])
def test_it_is_never_left_on_when_another_image_opens(opened: Room, gone: bool) -> None:
    if gone:
        opened.holder.update(radiograph=None, error=FILE_GONE)
    key(opened.window, SPACE)
    assert original(opened).flickering
    image = synthetic.radiograph()
    opened.fill(item := synthetic.item(1, 0.4))
    study = opened.store.worklist.study_of(item.key)
    changes = {} if gone else {"radiograph": image, "window": image.window}
    opened.holder.update(study=study, image_key=item.key, detection=synthetic.detection(image, 0.4, 60.0), **changes)
    assert not original(opened).flickering
    assert not original(opened).strip.isVisible()
    assert original(opened).title.text() == "Original"
    assert not opened.window.actions_by_name["flicker"].isChecked()


def test_an_amber_strip_over_the_whole_width_says_what_is_seen(opened: Room, settle: Callable[[], None]) -> None:
    pane = original(opened)
    opened.holder.update(display=opened.holder.state.display.model_copy(update={"corner_text": False}))
    assert not pane.strip.isVisible()
    key(opened.window, SPACE)
    settle()
    assert pane.strip.text() == "RECONSTRUCTION"
    assert "Reconstruction" in pane.title.text()
    strip = pane.strip.geometry()
    assert (strip.left(), strip.width()) == (0, pane.view.width())
    picture = pane.view.grab().toImage()
    for x in (1, picture.width() - 2):
        assert picture.pixelColor(x, strip.center().y()).name() == tokens().image_warning
    opened.holder.update(display=opened.holder.state.display.model_copy(update={"corner_text": True}))
    settle()
    for place in Place:
        label = pane._texts.get(place)
        assert label is None or not label.isVisible() or not label.geometry().intersects(strip), place
    assert not pane.state.isVisible() or not pane.state.geometry().intersects(strip)


def test_it_ends_where_its_detection_goes(opened: Room) -> None:
    key(opened.window, SPACE)
    state = opened.holder.state
    assert state.image is not None
    opened.holder.update(detection=None)
    assert not original(opened).flickering
    opened.holder.update(detection=replace(synthetic.detection(synthetic.radiograph()), score=0.2))
    assert not original(opened).flickering, "and does not come back by itself"
