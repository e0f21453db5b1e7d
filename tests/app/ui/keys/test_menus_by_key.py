"""Every command has a key and an underlined letter; menus, context menus and the tool bar need no mouse."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import SIGNAL, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QWidget
from pytestqt.qtbot import QtBot

from app.domain.session import Session
from app.i18n.language import use_language
from app.services.state.notifier import Notifier
from app.services.state.session_holder import SessionHolder
from app.services.state.worklist_store import WorklistStore
from app.ui.keys.bindings import all_keys, default_keys
from app.ui.keys.mnemonics import letters, with_mnemonic, without_mnemonic, words_of
from app.ui.keys.specs import SPECS
from app.ui.window.main_window import MainWindow
from app.ui.wishes import Wishes
from squid_core.contracts.radiograph import Window
from tests.app.ui import synthetic
from tests.app.ui.conftest import Room
from tests.app.ui.hands import ALT, CTRL, SHIFT, key
from tests.app.ui.marking import K


@pytest.fixture
def opened(room: Room, settle: Callable[[], None]) -> Room:
    image = synthetic.radiograph()
    first = synthetic.item(0, 0.83)
    room.fill(first, synthetic.item(3, 0.2))
    room.open(image, synthetic.detection(image), first)
    settle()
    return room


@pytest.fixture(params=["en", "zh_TW"])
def window(request: pytest.FixtureRequest, qtbot: QtBot, styled: QApplication) -> Iterator[MainWindow]:
    """In both languages, with a file of several windows."""
    use_language(request.param)
    windows = (Window(500, 1000, name="NORMAL"), Window(300, 400, name="HARD & SHARP"))
    image = synthetic.radiograph(window=windows[0], windows=windows)
    holder = SessionHolder(Session(keys=all_keys({})))
    made = MainWindow(holder, WorklistStore(), Notifier(), Wishes())
    qtbot.addWidget(made)
    holder.update(radiograph=image, window=image.window)
    yield made
    use_language("en")


def active_again(room: Room, qtbot: QtBot) -> None:
    """A popup has taken the keys from the window, and the offscreen platform does not give them back."""
    room.window.activateWindow()
    qtbot.waitUntil(room.window.isActiveWindow)


def focused() -> QWidget:
    part = QApplication.focusWidget()
    assert part is not None
    return part


def menus_in(entries: list[object]) -> Iterator[list[str]]:
    """The words of each menu, of the bar first."""
    yield [action.text() for action in entries if not action.isSeparator()]  # type: ignore[attr-defined]
    for action in entries:
        inner = action.menu()  # type: ignore[attr-defined]
        if isinstance(inner, QMenu):
            yield from menus_in(list(inner.actions()))


def test_every_entry_of_every_menu_has_a_letter_of_its_own(window: MainWindow) -> None:
    found = list(menus_in(list(window.menuBar().actions())))
    assert len(found) > 10
    for entries in found:
        held = [QKeySequence.mnemonic(text).toString() for text in entries]
        assert all(held), entries
        assert len(set(held)) == len(held), entries
    assert found[0][0] in ("&File", "檔案(&F)")


def heard_by(action: QAction) -> int:
    """How many do something when the action is triggered or switched; the menus it is in only close."""
    menus = sum(isinstance(holder, QMenu) for holder in action.associatedObjects())
    return action.receivers(SIGNAL("triggered(bool)")) - menus + action.receivers(SIGNAL("toggled(bool)"))


def test_every_action_does_something(window: MainWindow) -> None:
    assert [name for name, action in window.actions_by_name.items() if heard_by(action) < 1] == []


def test_what_an_action_is_called_elsewhere_has_no_letter(window: MainWindow) -> None:
    for action in window.actions_by_name.values():
        assert "&" not in words_of(action)
    assert not any("&" in button.accessibleName() for button in window.tool_bar.buttons.values())
    assert not any("&" in button.toolTip() for button in window.tool_bar.buttons.values())


def test_new_words_of_an_action_keep_its_letter(window: MainWindow) -> None:
    undo = window.actions_by_name["undo"]
    before = QKeySequence.mnemonic(undo.text())
    undo.setText("Undo: judgement")
    assert QKeySequence.mnemonic(undo.text()) == before
    assert words_of(undo) == "Undo: judgement"
    undo.setText("Undo: R&&D")  # a doubled ampersand is one of the words
    assert QKeySequence.mnemonic(undo.text()) == before
    assert words_of(undo) == "Undo: R&D"


def no_blank_before_an_end(words: str) -> str:
    return re.sub(r" +(?=…|$)", "", words.strip())


@given(st.lists(st.text(st.sampled_from("AaBbz9&…. 檔"), max_size=9).map(no_blank_before_an_end), max_size=36))
def test_letters_are_unique_whatever_the_words_are(entries: list[str]) -> None:
    found = letters(entries)
    assert len(set(found)) == len(found) == len(entries)
    for words, letter in zip(entries, found, strict=True):
        text = with_mnemonic(words.replace("&", "&&"), letter)
        assert QKeySequence.mnemonic(text).toString() == f"Alt+{letter}"
        assert without_mnemonic(text) == words


def test_letters_by_hand() -> None:
    assert letters(("Open folder…", "Open files…", "Quit", "Open")) == ("O", "F", "Q", "P")
    assert letters(("Go", "Og", "Gg")) == ("G", "O", "A")
    assert with_mnemonic("Open files…", "F") == "Open &files…"
    assert with_mnemonic("開啟檔案…", "F") == "開啟檔案(&F)…"
    assert with_mnemonic("Menu bar", "J") == "Menu bar (&J)"
    assert without_mnemonic("Menu bar (&J)") == "Menu bar"
    assert without_mnemonic("開啟檔案(&F)…") == "開啟檔案…"
    assert without_mnemonic("R&&D &notes") == "R&D notes"


def test_every_action_has_a_key() -> None:
    assert [spec.name for spec in SPECS if not default_keys()[spec.name]] == []
    assert [spec.name for spec in SPECS if not all(default_keys()[spec.name])] == []


def test_no_key_of_an_action_is_the_letter_of_a_menu(opened: Room) -> None:
    taken = {QKeySequence.mnemonic(action.text()).toString() for action in opened.window.menuBar().actions()}
    assert taken == {"Alt+F", "Alt+V", "Alt+M", "Alt+S", "Alt+H"}
    assert not taken & {one for held in default_keys().values() for one in held}


def test_f10_opens_the_menus_and_letters_go_on_from_there(opened: Room, settle: Callable[[], None]) -> None:
    key(opened.window.panes.original.view, K.Key_F10)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert menu.actions()[0] is opened.window.actions_by_name["open_folder"]
    key(menu, K.Key_Right)
    view = QApplication.activePopupWidget()
    assert isinstance(view, QMenu)
    invert = opened.window.actions_by_name["invert"]
    letter = QKeySequence.mnemonic(invert.text())[0].key()  # type: ignore[index]  # the stubs do not know it
    key(view, letter)
    settle()
    assert opened.holder.state.invert
    assert QApplication.activePopupWidget() is None


def test_after_esc_in_a_menu_its_letters_are_no_commands(opened: Room, qtbot: QtBot) -> None:
    key(opened.window.panes.original.view, K.Key_F10)
    menu = QApplication.activePopupWidget()
    assert menu is not None
    key(menu, K.Key_Escape)
    active_again(opened, qtbot)
    bar = opened.window.menuBar()
    assert QApplication.focusWidget() is bar
    shown = opened.holder.state.display.graphics
    key(bar, K.Key_V)  # the View menu, not the graphics of the file
    assert opened.holder.state.display.graphics is shown
    popup = QApplication.activePopupWidget()
    assert popup is not None
    popup.close()


@pytest.mark.parametrize(("which", "keys"), [(K.Key_F10, SHIFT), (K.Key_Menu, Qt.KeyboardModifier.NoModifier)])
def test_the_context_menu_of_what_has_the_focus_comes_by_key(
    opened: Room, which: Qt.Key, keys: Qt.KeyboardModifier, qtbot: QtBot, settle: Callable[[], None]
) -> None:
    listed = opened.window.worklist.list
    listed.setFocus()
    row = listed.viewport().mapToGlobal(listed.visualRect(listed.currentIndex()).center())
    with qtbot.waitSignal(opened.window.worklist.menu_wanted) as asked:
        key(listed, which, keys)
    assert asked.args == [row]
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert opened.window.actions_by_name["remove"] in menu.actions()
    menu.close()
    active_again(opened, qtbot)
    line = QLineEdit("words", opened.window.reading)
    line.show()
    line.setFocus()
    settle()
    key(line, which, keys)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert menu.parent() is line
    menu.close()


def test_the_tool_bar_is_one_stop_and_arrows_go_along_it(opened: Room, qtbot: QtBot) -> None:
    buttons = list(opened.window.tool_bar.buttons.values())
    possible = [button for button in buttons if button.isEnabled()]
    assert len(possible) < len(buttons)  # nothing to undo
    stops = [button for button in buttons if button.focusPolicy() is not Qt.FocusPolicy.NoFocus]
    assert stops == [possible[0]]
    possible[0].setFocus()
    for button in (*possible[1:], possible[0]):
        QTest.keyClick(focused(), K.Key_Down)
        assert QApplication.focusWidget() is button
    for which, button in ((K.Key_Up, possible[-1]), (K.Key_Home, possible[0]), (K.Key_End, possible[-1])):
        QTest.keyClick(focused(), which)
        assert QApplication.focusWidget() is button
    with qtbot.assertNotEmitted(opened.wishes.image_selected):
        QTest.keyClick(possible[-1], K.Key_Up)
    here = possible[-2]
    assert QApplication.focusWidget() is here
    QTest.keyClick(here, K.Key_Tab)
    assert QApplication.focusWidget() not in buttons
    QTest.keyClick(focused(), K.Key_Backtab, SHIFT)
    assert QApplication.focusWidget() is here, "Tab comes back to where one was"
    QTest.keyClick(here, K.Key_Space)
    assert here.isChecked()


def test_what_the_focus_stands_on_may_become_impossible(opened: Room) -> None:
    bar = opened.window.tool_bar
    bar.buttons["tool_arrow"].setFocus()
    opened.window.actions_by_name["tool_arrow"].setEnabled(False)
    stops = [name for name, button in bar.buttons.items() if button.focusPolicy() is not Qt.FocusPolicy.NoFocus]
    assert stops == ["tool_window_level"]


@pytest.mark.parametrize(("which", "keys", "name"), [(K.Key_D, CTRL, "drift"), (K.Key_Delete, ALT, "remove")])
def test_what_had_no_key_has_one(opened: Room, which: Qt.Key, keys: Qt.KeyboardModifier, name: str) -> None:
    found = []
    action = opened.window.actions_by_name[name]
    action.triggered.disconnect()
    action.triggered.connect(lambda: found.append(name))
    key(opened.window.panes.original.view, which, keys)
    assert found == [name]
