"""The menu bar: every action in the place that its spec names."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMenuBar

from app.i18n.language import tr
from app.ui.actions.file_windows import FileWindows
from app.ui.keys.specs import MENUS, RECENT, SPECS
from app.ui.keys.view_specs import WINDOW_PRESETS
from app.ui.window.recent_menu import RecentMenu
from app.ui.wishes import Wishes


def fill_menus(bar: QMenuBar, actions: Mapping[str, QAction], file_windows: FileWindows, wishes: Wishes) -> RecentMenu:
    """Fill the menu bar; the menu of what was opened last follows the session."""
    menus: dict[str, QMenu] = {name: bar.addMenu(tr(name)) for name in MENUS}
    for spec in SPECS:
        if not spec.menu:
            continue
        parent = menus[spec.menu.split("/")[0]]
        if spec.menu not in menus:
            menus[spec.menu] = parent.addMenu(tr(spec.menu.split("/")[1]))
        if spec.separated:
            menus[spec.menu].addSeparator()
        menus[spec.menu].addAction(actions[spec.name])
    menus[WINDOW_PRESETS].addSeparator()
    menus[WINDOW_PRESETS].addMenu(file_windows)
    return RecentMenu(menus[RECENT], actions["forget_recent"], wishes)
