"""The button in the original's bar that shows the image by one of its presentation states, and as in the file again."""

from __future__ import annotations

from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from app.domain.session import Session
from app.i18n.language import tr
from app.ui.look.widgets import name_control
from app.ui.wishes import Wishes
from app.ui.words.presentation_words import entry_words

READS = ("offer", "presented", "mask_names")  # fields of a session that are shown here


class StateChooser(QToolButton):
    """Hidden while there is nothing to offer; an entry that is chosen again goes back."""

    def __init__(self, wishes: Wishes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wishes = wishes
        self.setMenu(QMenu(self))
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setProperty("small", True)
        self.setObjectName("stateChooser")
        self.setText(tr("As presented…"))
        words = tr("Presentation states of this image: how somebody else has shown it")
        name_control(self, words, words)
        self.hide()

    def render_session(self, old: Session | None, new: Session) -> None:
        """Offer what there is."""
        if not new.differs(old, *READS):
            return
        states = new.offer.states
        self.setVisible(bool(states))
        menu, shown = self.menu(), new.presented.key if new.presented is not None else ""
        menu.clear()
        for state in states:
            action = menu.addAction(entry_words(state.head, new.mask_names).replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(state.key == shown)
            action.triggered.connect(lambda _=False, key=state.key: self._wishes.state_wanted.emit(key))
        menu.addSeparator()
        plain = menu.addAction(tr("As in the file"))
        plain.setEnabled(bool(shown))
        plain.triggered.connect(lambda: self._wishes.state_wanted.emit(""))
