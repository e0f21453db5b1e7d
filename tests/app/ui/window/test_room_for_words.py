"""Name, percentile, worklist and keys have their room and say what is so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.domain.settings import DisplaySettings, EvidenceMap, Layout
from app.domain.study import Study
from app.i18n.language import use_language
from app.ui.actions.held_key import HOLD_MS
from app.ui.dialogs.export import ExportDialog
from app.ui.keys.bindings import all_keys, with_keys
from app.ui.window.main_window import MainWindow
from app.ui.window.reading_splitter import BOUNDS
from app.ui.window.window_memory import bring_back, remember
from app.ui.words.words import patient_words
from squid_core.contracts.detection import DetectorSettings, Trial
from squid_core.privacy import masked
from tests.app.ui import synthetic
from tests.app.ui.conftest import Room

NAME = "CompressedSamples, RG1"


@pytest.fixture
def opened(room: Room, settle: Callable[[], None]) -> Room:
    image = synthetic.radiograph()
    image = replace(image, identity=replace(image.identity, patient_name=NAME))
    room.open(image, synthetic.detection(image))
    settle()
    return room


@pytest.fixture
def chinese() -> Iterator[None]:
    use_language("zh_TW")
    yield
    use_language("en")


def test_name_and_percentile_are_whole_beside_a_what_if_in_a_small_window(
    opened: Room, settle: Callable[[], None]
) -> None:
    found = opened.holder.state.detection
    assert found is not None
    opened.holder.update(what_if=found, trial=Trial(DetectorSettings(top_k=60)))
    settle()
    header = opened.window.header
    assert opened.window.dock.isVisible()
    assert header.what_if.score.text() == "What-if 0.83 (no change)"
    assert header.what_if.geometry().top() > header.score.geometry().center().y(), "right below the locked score"
    for label in (header.name, header.person, header.place, header.source, header.more):
        assert "…" not in label.text()
    assert header.name.text() == NAME
    assert header.place.text().startswith("97th percentile")
    assert header.place.accessibleName() == "97th percentile of held-out normals"


def test_words_with_keys_follow_the_keys(opened: Room) -> None:
    window = opened.window
    display = window.settings.display
    assert (display.overlay.text(), display.corner_text.text()) == ("Over the original (G)", "Corner text (T)")
    own = with_keys(with_keys({}, "overlay", ("Ctrl+Alt+G",)), "corner_text", ())
    own = with_keys(with_keys(own, "shuffle", ("F7",)), "score", ("F8",))
    opened.holder.update(keys=all_keys(with_keys(own, "accept", ("F4",))))
    assert (display.overlay.text(), display.corner_text.text()) == ("Over the original (Ctrl+Alt+G)", "Corner text")
    assert "(F7)" in window.panes.memory.shuffle.toolTip()
    assert "(F8)" in window.header.why.toolTip()
    accept, reject, _ = window.header.judgement.buttons.values()
    assert "(F4)" in accept.toolTip()
    assert "(N)" in reject.toolTip()


def test_the_worklist_has_a_share_of_the_window_until_its_divider_is_moved(
    opened: Room, settle: Callable[[], None]
) -> None:
    window = opened.window
    assert window.worklist.width() == BOUNDS[0]
    window.resize(2560, 1440)
    settle()
    assert window.worklist.width() == round(0.16 * 2560)
    handle = window.divider.handle(1)
    middle = handle.rect().center()
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(handle, middle - QPoint(90, 0))
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=middle - QPoint(90, 0))
    settle()
    moved = window.worklist.width()
    assert moved < round(0.16 * 2560) - 50
    window.resize(1800, 1000)
    settle()
    assert window.worklist.width() == moved


def test_the_mark_of_full_screen_says_how_the_window_is(opened: Room, settle: Callable[[], None]) -> None:
    window = opened.window
    mark = window.actions_by_name["full_screen"]
    QTest.keyClick(window, Qt.Key.Key_F11)
    settle()
    assert (window.isFullScreen(), mark.isChecked()) == (True, True)
    kept = remember(window)
    window.showNormal()
    settle()
    assert not mark.isChecked()
    for memory in (kept, replace(kept, shape=Qt.WindowState.WindowNoState), remember(window)):
        other = MainWindow(opened.holder, opened.store, opened.notifier, opened.wishes)
        bring_back(other, memory)
        other.show()
        settle()
        assert other.actions_by_name["full_screen"].isChecked() == other.isFullScreen()
        assert other.isFullScreen() == (memory.shape == kept.shape)
        other.close()
        other.deleteLater()


def test_a_map_over_the_original_has_its_key_where_no_pane_has_it(opened: Room, settle: Callable[[], None]) -> None:
    original, display = opened.window.panes.original, DisplaySettings(layout=Layout.ONE)
    opened.holder.update(display=display)
    settle()
    before = original.view.geometry()
    assert not original.key.isVisible()
    QTest.keyClick(opened.window, Qt.Key.Key_G)
    settle()
    assert original.key.isVisible()
    assert original.view.geometry() == before
    assert "from darker −0.5 to +0.5 brighter" in original.key.accessibleName()
    for label in original.view.findChildren(QLabel):
        assert not (label.isVisible() and label.geometry().intersects(original.key.geometry()))
    opened.holder.update(display=display.model_copy(update={"overlay": True, "layout": Layout.FOUR}))
    settle()
    assert not original.key.isVisible(), "the difference pane has it"
    other = {"overlay": True, "layout": Layout.FOUR, "overlay_map": EvidenceMap.PATCHES}
    opened.holder.update(display=display.model_copy(update=other))
    settle()
    assert original.key.isVisible(), "of another map"
    assert "50th pct." in original.key.accessibleName()


def test_the_export_dialog_opens_with_what_is_to_be_done_next(room: Room, settle: Callable[[], None]) -> None:
    item = synthetic.item(0, 0.83)
    dialog = ExportDialog(Study(item.study_uid, (item, synthetic.item(1, 0.2))), item, room.window)
    dialog.show()
    settle()
    assert dialog.focusWidget() is dialog.browse
    assert dialog.whole_study.width() < dialog.width() / 2, "its focus is no bar across the dialog"
    dialog.close()


def test_a_pseudonym_is_said_in_the_language_of_the_window(chinese: None) -> None:
    jane = replace(synthetic.radiograph().identity, patient_id="7", patient_name="Doe, Jane")
    hidden = masked(jane, "key")
    digits = hidden.patient_name.removeprefix("Patient ")
    assert patient_words(hidden) == f"病人 {digits}"
    assert patient_words(replace(jane, patient_name="Patient Zero")) == "Patient Zero"


def test_a_held_key_shows_the_magnifier_while_it_is_held_and_a_short_press_switches_it(
    opened: Room, qtbot: QtBot
) -> None:
    def press(kind: QEvent.Type, *, repeated: bool = False) -> None:
        event = QKeyEvent(kind, Qt.Key.Key_Z, Qt.KeyboardModifier.NoModifier, "z", repeated)
        if kind == QEvent.Type.KeyPress:
            QTest.simulateEvent(opened.window, True, Qt.Key.Key_Z, Qt.KeyboardModifier.NoModifier, "z", repeated, -1)
        else:
            QApplication.sendEvent(opened.window, event)

    def on() -> bool:
        return opened.holder.state.display.magnifier

    press(QEvent.Type.KeyPress)
    press(QEvent.Type.KeyRelease)
    assert on(), "a short press leaves it on"
    press(QEvent.Type.KeyPress)
    press(QEvent.Type.KeyRelease)
    assert not on()
    press(QEvent.Type.KeyPress)
    for _ in range(4):
        press(QEvent.Type.KeyRelease, repeated=True)
        press(QEvent.Type.KeyPress, repeated=True)
        assert on(), "what a held key repeats changes nothing"
    qtbot.wait(HOLD_MS + 50)
    press(QEvent.Type.KeyRelease)
    assert not on()
