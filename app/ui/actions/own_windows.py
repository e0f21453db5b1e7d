"""The grey windows that the user has saved: their names in the menu, and the dialog that keeps them."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from app.domain.session import Session
from app.domain.settings import OWN_KEYS
from app.i18n.language import tr
from app.services.state.session_holder import SessionHolder
from app.ui.actions.display import DisplayActions
from app.ui.dialogs.own_windows import OwnWindowsDialog
from app.ui.keys.specs import on_triggered
from app.ui.look.widgets import open_dialog


class OwnWindowActions(QObject):
    """Names the actions of the own windows after these, and greys out what makes no sense now."""

    def __init__(
        self, actions: dict[str, QAction], holder: SessionHolder, display: DisplayActions, window: QWidget
    ) -> None:
        super().__init__(window)
        self._actions, self._holder, self._display, self._window = actions, holder, display, window
        on_triggered(actions, {"own_windows": self.show})
        holder.changed.connect(self._on_session)
        self._on_session(None, holder.state)

    def show(self) -> None:
        """Open the dialog for the window that is shown now."""
        session = self._holder.state
        dialog = OwnWindowsDialog(session.display.own_windows, session.radiograph, session.window, self._window)
        dialog.wanted.connect(lambda kept: self._display.change(own_windows=kept))
        open_dialog(dialog)

    def _on_session(self, old: Session | None, new: Session) -> None:
        if not new.differs(old, "display", "radiograph"):
            return
        grey = new.radiograph is not None and not new.radiograph.is_colour
        for key in OWN_KEYS:
            own, action = new.display.own_window(key), self._actions[f"preset_{key}"]
            # A name is no shortcut: an ampersand is doubled.
            action.setText(own.name.replace("&", "&&") if own else tr("Own window {key}").format(key=key))
            action.setEnabled(grey and own is not None)
