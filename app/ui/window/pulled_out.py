"""Panes and the worklist in windows of their own, on whichever screen; closing such a window puts its part back."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QByteArray, QEvent, QObject, Qt
from PySide6.QtGui import QAction, QCloseEvent, QMoveEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.services.threads.signals import TypedSignal
from app.ui.keys.focus_rules import claimed
from app.ui.look.widgets import NO_MARGINS, in_column
from app.ui.window.screen_place import bring_onto_screen

SIZE = (720, 800)


@dataclass(frozen=True)
class Part:
    """What can be pulled out.

    Attributes:
        widget: it. take: has those it stood among do without it. put_back: puts it among them again.
        title: of its window; never of a patient.
    """

    widget: QWidget
    take: Callable[[], object]
    put_back: Callable[[], object]
    title: Callable[[], str]


class Outside(QWidget):
    """A window with one part in it, in which the keys work as in the main window."""

    left = TypedSignal[()]()
    placed = TypedSignal[()]()

    def __init__(self, part: Part, actions: Iterable[QAction], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle(part.title())
        self.resize(*SIZE)
        self.addActions(list(actions))
        in_column(part.widget, of=self, margins=NO_MARGINS)

    def event(self, event: QEvent) -> bool:
        """Keys that belong to the control with the focus are no shortcuts here either."""
        return True if claimed(event) else bool(super().event(event))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Its part goes back."""
        super().closeEvent(event)
        self.left.emit()

    def moveEvent(self, event: QMoveEvent) -> None:
        """Its place is kept."""
        super().moveEvent(event)
        self.placed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Its size is kept."""
        super().resizeEvent(event)
        self.placed.emit()


class PulledOut(QObject):
    """Which parts are outside.

    Signals:
        changed: names of the parts that are outside, with the places of their windows (base64 of saveGeometry).
    """

    changed = TypedSignal[dict[str, str]]()

    def __init__(self, parts: Mapping[str, Part], actions: Iterable[QAction], window: QWidget) -> None:
        super().__init__(window)
        self._parts, self._actions, self._window = parts, tuple(actions), window
        self._outside: dict[str, Outside] = {}
        self._quiet = False

    @property
    def places(self) -> dict[str, str]:
        """See `changed`."""
        return {
            name: base64.b64encode(window.saveGeometry().data()).decode("ascii")
            for name, window in self._outside.items()
        }

    def is_outside(self, name: str) -> bool:
        """Whether a part has a window of its own."""
        return name in self._outside

    def toggle(self, name: str) -> None:
        """Pull a part out, or put it back."""
        if name in self._outside:
            self._outside[name].close()
        else:
            self._pull(name)
            self.changed.emit(self.places)

    def bring_back(self, places: Mapping[str, str]) -> None:
        """Have the parts outside that were so, on the screens where they were if those are there."""
        for name, place in places.items():
            if name in self._parts and name not in self._outside:
                self._pull(name, place)

    def end(self) -> None:
        """Close the windows for good; the next ones come back to the same places."""
        self._quiet = True
        for window in tuple(self._outside.values()):
            window.close()

    def _pull(self, name: str, place: str = "") -> None:
        part = self._parts[name]
        part.take()
        window = self._outside[name] = Outside(part, self._actions, self._window)
        if place:
            window.restoreGeometry(QByteArray.fromBase64(QByteArray(place.encode("ascii", "ignore"))))
            bring_onto_screen(window)
        window.left.connect(lambda: self._put_back(name))
        window.placed.connect(self._tell)
        part.widget.show()
        window.show()

    def _put_back(self, name: str) -> None:
        window = self._outside.pop(name, None)
        if window is not None:
            self._parts[name].put_back()
            self._tell()
            window.deleteLater()

    def _tell(self) -> None:
        if not self._quiet:
            self.changed.emit(self.places)
