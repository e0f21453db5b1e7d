"""A line to write in, over the image, at the place where the words will stand."""

from __future__ import annotations

from PySide6.QtCore import QPointF
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.marks.measurements import MAX_TEXT, clean_text
from app.i18n.language import tr
from app.services.threads.signals import TypedSignal

WIDTH = 220


class NoteEditor(QLineEdit):
    """Open from `start` until Enter, Esc or a click elsewhere.

    Signals:
        written: the words, cleaned; whatever was typed counts unless Esc was pressed.
        dropped: Esc.
    """

    written = TypedSignal[str]()
    dropped = TypedSignal[()]()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._pane = parent
        self.setObjectName("noteEditor")
        self.setMaxLength(MAX_TEXT)
        self.setAccessibleName(tr("Text of the note"))
        self.setPlaceholderText(tr("Text, then Enter"))
        self._open = False
        self.editingFinished.connect(self.finish)
        self.hide()

    @property
    def is_open(self) -> bool:
        """Whether something is being written."""
        return self._open

    def start(self, at: QPointF, text: str) -> None:
        """Open beside a point of the parent, over `text`."""
        area = self._pane.size()
        width, height = min(WIDTH, area.width() - 8), self.sizeHint().height()
        x = min(max(at.x() + 8, 4.0), area.width() - width - 4.0)
        y = min(max(at.y() - height / 2, 4.0), area.height() - height - 4.0)
        self.setGeometry(round(x), round(y), width, height)
        self.setText(text)
        self.selectAll()
        self._open = True
        self.show()
        self.setFocus()

    def finish(self) -> None:
        """Close; what was typed counts."""
        if self._open:
            self._close()
            self.written.emit(clean_text(self.text()))

    def drop(self) -> None:
        """Close; nothing has been typed."""
        if self._open:
            self._close()
            self.dropped.emit()

    def _close(self) -> None:
        """The keys go back to the pane, unless the user has gone elsewhere."""
        self._open = False
        if self.hasFocus():
            self._pane.setFocus()
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and the keys of a line; none of them is for the pane below."""
        super().keyPressEvent(event)
        event.accept()

    def hideEvent(self, event: QHideEvent) -> None:
        """The window closes with words half written: they count."""
        super().hideEvent(event)
        self.finish()
