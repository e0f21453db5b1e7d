"""The menu on an image: what a reader does with the picture, a right click away. Every line is in the menu bar too."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from app.i18n.language import QT_TR_NOOP, tr
from app.ui.actions.file_windows import FileWindows
from app.ui.keys.specs import SPECS
from app.ui.keys.view_specs import TURN, WINDOW_PRESETS
from app.ui.panes.pane_grid import PaneGrid

TOOLS = QT_TR_NOOP("Tools")
ABOVE = ("invert", "fit", "actual_size", "reset")
GROUPS = (
    ("flicker", "swipe", "overlay", "magnifier"),
    ("corner_text", "graphics", "marks"),
    ("edit_mark", "delete_mark"),
    ("copy_image", "header", "export", "export_panes", "print"),
)


class ImageMenu(QMenu):
    """One for all panes; it acts on the pane that was asked, which has the focus by then.

    Args:
        actions: of the program, by name.
        panes: whose right click, or key of the context menu, opens it.
        file_windows: the windows that the file carries.
        window: its parent.
    """

    def __init__(
        self, actions: Mapping[str, QAction], panes: PaneGrid, file_windows: FileWindows, window: QWidget
    ) -> None:
        super().__init__(window)
        presets = self._submenu(tr(WINDOW_PRESETS.split("/")[1]), actions, _in_menu(WINDOW_PRESETS))
        presets.addSeparator()
        presets.addMenu(file_windows)
        self._add(actions, ABOVE)
        self._submenu(tr(TURN.split("/")[1]), actions, _in_menu(TURN))
        self.addSeparator()
        self._submenu(tr(TOOLS), actions, tuple(spec.name for spec in SPECS if spec.name.startswith("tool_")))
        for group in GROUPS:
            self.addSeparator()
            self._add(actions, group)
        for pane in panes.all_panes:
            pane.view.menu_wanted.connect(self._open)

    def _submenu(self, title: str, actions: Mapping[str, QAction], names: tuple[str, ...]) -> QMenu:
        menu = self.addMenu(title)
        menu.addActions([actions[name] for name in names])
        return menu

    def _add(self, actions: Mapping[str, QAction], names: tuple[str, ...]) -> None:
        self.addActions([actions[name] for name in names if name in actions])

    def _open(self, where: QPoint) -> None:
        self.popup(where)


def _in_menu(path: str) -> tuple[str, ...]:
    """Names of the actions that a menu of the menu bar has."""
    return tuple(spec.name for spec in SPECS if spec.menu == path)
