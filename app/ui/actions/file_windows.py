"""A menu of the grey windows and tables that the shown file carries, by name."""

from __future__ import annotations

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from app.domain.session import Session
from app.i18n.language import QT_TR_NOOP, tr
from app.services.threads.signals import TypedSignal
from app.ui.keys.window_presets import window_words
from squid_core.contracts.radiograph import Window

TITLE = QT_TR_NOOP("Windows of the file")


class FileWindows(QMenu):
    """One line a window, the shown one marked; greyed where the file has none to choose from.

    Signals:
        chosen: the window that was picked.
    """

    chosen = TypedSignal[Window]()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr(TITLE), parent)

    def render_session(self, old: Session | None, new: Session) -> None:
        """Follow the image and its window."""
        if new.differs(old, "radiograph"):
            self._fill(new)
        if new.radiograph is not None and new.differs(old, "radiograph", "window"):
            for action, window in zip(self.actions(), new.radiograph.windows, strict=False):
                action.setChecked(window == new.window)

    def _fill(self, session: Session) -> None:
        self.clear()
        image = session.radiograph
        self.menuAction().setEnabled(image is not None and not image.is_colour)
        if image is None or image.is_colour:
            return
        for number, window in enumerate(image.windows, 1):
            name = window_words(image, window) or tr("Window")
            # A name from the file is no shortcut: an ampersand is doubled.
            words = name.replace("&", "&&")
            action = QAction(f"&{number}  {words}" if number < 10 else words, self)
            action.setCheckable(True)
            action.triggered.connect(lambda _=False, window=window: self.chosen.emit(window))
            self.addAction(action)
