"""The menu bar: every action in the place that its spec names; and how menus are opened by key."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtWidgets import QAbstractItemView, QAbstractScrollArea, QApplication, QMenu, QMenuBar, QWidget

from app.i18n.language import tr
from app.ui.actions.file_windows import TITLE, FileWindows
from app.ui.keys.mnemonics import keep_mnemonic, letters
from app.ui.keys.specs import MENUS, RECENT, SPECS
from app.ui.keys.view_specs import WINDOW_PRESETS
from app.ui.window.recent_menu import RecentMenu
from app.ui.wishes import Wishes


def fill_menus(bar: QMenuBar, actions: Mapping[str, QAction], file_windows: FileWindows, wishes: Wishes) -> RecentMenu:
    """Fill the menu bar; the menu of what was opened last follows the session."""
    menus: dict[str, QMenu] = {name: bar.addMenu(tr(name)) for name in MENUS}
    entries: dict[str, dict[str, QAction]] = {"": {name: menu.menuAction() for name, menu in menus.items()}}
    for spec in SPECS:
        if not spec.menu:
            continue
        parent, _, child = spec.menu.partition("/")
        if spec.menu not in menus:
            menus[spec.menu] = menus[parent].addMenu(tr(child))
            entries.setdefault(parent, {})[child] = menus[spec.menu].menuAction()
        if spec.separated:
            menus[spec.menu].addSeparator()
        menus[spec.menu].addAction(actions[spec.name])
        if not actions[spec.name].isEnabled():  # it says why
            menus[spec.menu].setToolTipsVisible(True)
        entries.setdefault(spec.menu, {})[spec.text] = actions[spec.name]
    menus[WINDOW_PRESETS].addSeparator()
    entries[WINDOW_PRESETS][TITLE] = menus[WINDOW_PRESETS].addMenu(file_windows)
    for held in entries.values():
        for letter, action in zip(letters(tuple(held)), held.values(), strict=True):
            keep_mnemonic(action, letter)
    return RecentMenu(menus[RECENT], actions["forget_recent"], wishes)


def open_menu_bar(bar: QMenuBar) -> None:
    """Open the first menu; arrow keys and letters go on from there."""
    if bar.isVisible():
        bar.setActiveAction(bar.actions()[0])


def open_context_menu() -> None:
    """Ask whatever has the focus for its context menu, as Qt does for a key of the desktop's own."""
    control = QApplication.focusWidget()
    if control is None or QApplication.activePopupWidget() is not None:
        return
    asked = control.viewport() if isinstance(control, QAbstractScrollArea) else control
    where = _asked_at(control)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, where, asked.mapToGlobal(where))
    QApplication.sendEvent(asked, event)


def _asked_at(control: QWidget) -> QPoint:
    """At the current row of a list, at the cursor of a line, else in the middle."""
    if isinstance(control, QAbstractItemView):
        row = control.visualRect(control.currentIndex())
        return row.center() if row.isValid() else control.viewport().rect().center()
    cursor = control.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle)
    typing = control.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
    return cursor.center() if typing and cursor is not None else control.rect().center()
