"""What "Send results" of the menu does: ask what goes where, and wish for it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from app.domain.network import SendOrder
from app.domain.session import Session
from app.domain.study import Study
from app.services.state.session_holder import SessionHolder
from app.ui.dialogs.sending import SendDialog
from app.ui.keys.specs import on_triggered
from app.ui.look.widgets import open_dialog
from app.ui.wishes import Wishes


class SendActions(QObject):
    """Sends results of the shown study, or of several.

    Args:
        actions: of the menu.
        holder: its session says what is shown and which systems there are.
        wishes: told what is to be sent.
        window: parent of the dialog.

    Attributes:
        dialog: the one that was opened last.
    """

    def __init__(self, actions: dict[str, QAction], holder: SessionHolder, wishes: Wishes, window: QWidget) -> None:
        super().__init__(window)
        self._action, self._holder, self._wishes, self._window = actions["send_results"], holder, wishes, window
        self._last: SendOrder | None = None
        self.dialog: SendDialog | None = None
        on_triggered(actions, {"send_results": self.show})
        wishes.results_sent.connect(self._remember)
        holder.changed.connect(self._on_session)
        self._on_session(None, holder.state)

    def show(self) -> None:
        """Ask for the shown study."""
        if (study := self._holder.state.study) is not None:
            self.show_several((study,))

    def show_several(self, studies: Sequence[Study]) -> None:
        """Ask for several studies, as they are on the worklist."""
        self.dialog = SendDialog(studies, self._holder.state, self._wishes, self._window, self._last)
        open_dialog(self.dialog)

    def _remember(self, order: SendOrder) -> None:
        self._last = order

    def _on_session(self, _: Session | None, new: Session) -> None:
        self._action.setEnabled(new.study is not None)
