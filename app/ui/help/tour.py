"""A tour in five steps: a bubble beside each part of the window. It asks for nothing and holds nothing up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from app.i18n.language import tr
from app.services.threads.signals import TypedSignal
from app.ui.look.theme import font, tokens
from app.ui.look.widgets import in_column, in_row, name_control, plain_label

BUBBLE_WIDTH = 340
GAP, MARGIN = 18, 12  # pixels between bubble and target, and between bubble and the window's edge
RING = 3
TITLE_POINTS = 12.0


@dataclass(frozen=True)
class Step:
    """One stop.

    Attributes:
        targets: the widgets it is about; those that are hidden are left out.
    """

    title: str
    text: str
    targets: tuple[QWidget, ...]


class Ring(QWidget):
    """A frame round the target and a line to it from the bubble; the mouse goes through."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self._targets: list[QRect] = []
        self._bubble = QRect()

    def point(self, targets: list[QRect], bubble: QRect) -> None:
        """Frame these rectangles of the window."""
        self._targets, self._bubble = targets, bubble
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for target in self._targets:
            self._frame(painter, target.adjusted(RING, RING, -RING, -RING))
        painter.end()

    def _frame(self, painter: QPainter, frame: QRect) -> None:
        painter.setPen(QPen(QColor(tokens().accent), RING))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(frame, 6, 6)
        start = self._bubble.center()
        end = QPoint(min(max(start.x(), frame.left()), frame.right()), min(max(start.y(), frame.top()), frame.bottom()))
        painter.drawLine(start, end)
        painter.setBrush(QColor(tokens().accent))
        painter.drawEllipse(end, RING + 2, RING + 2)


class Bubble(QFrame):
    """Words and three buttons.

    Signals:
        moved_on: the next (1) or previous (-1) step is wanted. ended: the tour is to end.
    """

    moved_on = TypedSignal[int]()
    ended = TypedSignal[()]()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("tourBubble")
        self.setFixedWidth(BUBBLE_WIDTH)
        self.title = plain_label("", wrap=True)
        self.title.setFont(font(TITLE_POINTS, bold=True))
        self.text = plain_label("", wrap=True)
        self.count = plain_label("", "muted")
        self.skip, self.back, self.next = QPushButton(tr("Skip")), QPushButton(tr("Back")), QPushButton(tr("Next"))
        self.next.setProperty("primary", True)
        name_control(self.skip, tr("Skip the tour"))
        name_control(self.back, tr("Previous step of the tour"))
        self.skip.clicked.connect(self.ended)
        self.back.clicked.connect(lambda: self.moved_on.emit(-1))
        self.next.clicked.connect(lambda: self.moved_on.emit(1))
        for button in (self.skip, self.back, self.next):
            button.setAutoDefault(True)
        buttons = in_row(self.count, 1, self.skip, self.back, self.next)
        self._column = in_column(self.title, self.text, buttons, of=self, margins=(16, 14, 16, 12), spacing=8)

    def show_step(self, step: Step, number: int, total: int) -> None:
        """Say a step; the last one has nothing to skip."""
        self.title.setText(step.title)
        self.text.setText(step.text)
        self.count.setText(f"{number} / {total}")
        self.count.setAccessibleName(tr("Step {number} of {total}").format(number=number, total=total))
        self.back.setEnabled(number > 1)
        last = number == total
        self.skip.setVisible(not last)
        self.next.setText(tr("Done") if last else tr("Next"))
        name_control(self.next, tr("End the tour") if last else tr("Next step of the tour"))
        self.setAccessibleName(step.title)
        self.setAccessibleDescription(step.text)
        self.setFixedHeight(self._column.totalHeightForWidth(BUBBLE_WIDTH))


class Tour(QObject):
    """Leads through the steps in a window.

    Signals:
        ended: it is over, whichever way.
    """

    ended = TypedSignal[()]()

    def __init__(self, window: QWidget, steps: Callable[[], tuple[Step, ...]]) -> None:
        super().__init__(window)
        self._window, self._steps = window, steps()
        self._at = 0
        self.ring, self.bubble = Ring(window), Bubble(window)
        self.bubble.moved_on.connect(self.step)
        self.bubble.ended.connect(self.end)
        window.installEventFilter(self)

    def begin(self, take_focus: bool) -> None:
        """Show the first step.

        Args:
            take_focus: the user asked for the tour, so that Enter and Space go on from here.
        """
        self.ring.show()
        self.bubble.show()
        self._show()
        if take_focus:
            self.bubble.next.setFocus()

    @property
    def number(self) -> int:
        """The step that is shown, from 1."""
        return self._at + 1

    def step(self, step: int) -> None:
        """The next (1) or previous (-1) step; after the last one the tour ends."""
        self._at += step
        if not 0 <= self._at < len(self._steps):
            self.end()
            return
        held = self.bubble.isAncestorOf(self._window.focusWidget()) if self._window.focusWidget() else False
        self._show()
        if held and not self.bubble.back.hasFocus():
            self.bubble.next.setFocus()

    def end(self) -> None:
        """Take everything away."""
        self._window.removeEventFilter(self)
        for part in (self.ring, self.bubble):
            part.hide()
            part.deleteLater()
        self.ended.emit()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the window when its parts move."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest) and self.bubble.isVisible():
            self._place()
        return False

    def _show(self) -> None:
        self.bubble.show_step(self._steps[self._at], self.number, len(self._steps))
        self._place()

    def _place(self) -> None:
        targets = self._targets()
        area = QRect()
        for target in targets:
            area = area.united(target)
        self.bubble.move(bubble_place(area, self.bubble.size(), self._window.size()))
        self.ring.setGeometry(self._window.rect())
        self.ring.point(targets, self.bubble.geometry())
        self.ring.raise_()
        self.bubble.raise_()

    def _targets(self) -> list[QRect]:
        """What the step is about, in the window, as far as it can be seen."""
        seen = (widget for widget in self._steps[self._at].targets if widget.isVisible())
        return [QRect(widget.mapTo(self._window, QPoint()), widget.size()) for widget in seen]


def bubble_place(target: QRect, bubble: QSize, window: QSize) -> QPoint:
    """Top left of a bubble beside its target, on the side with most room; in the middle where there is no target.

    Where no side has room, as beside a target that fills the window, the bubble lies in the target's lower corner.
    """
    if target.isEmpty():
        return QPoint((window.width() - bubble.width()) // 2, (window.height() - bubble.height()) // 2)
    room = {
        "right": window.width() - target.right() - bubble.width(),
        "left": target.left() - bubble.width(),
        "below": window.height() - target.bottom() - bubble.height(),
        "above": target.top() - bubble.height(),
    }
    side = max(room, key=lambda name: room[name])
    x, y = target.left() + GAP, target.top() + GAP
    if room[side] < GAP + MARGIN:
        x, y = target.right() - bubble.width() - GAP, target.bottom() - bubble.height() - GAP
    elif side in ("right", "left"):
        x = target.right() + GAP if side == "right" else target.left() - GAP - bubble.width()
    else:
        y = target.bottom() + GAP if side == "below" else target.top() - GAP - bubble.height()
    return QPoint(
        min(max(x, MARGIN), window.width() - bubble.width() - MARGIN),
        min(max(y, MARGIN), window.height() - bubble.height() - MARGIN),
    )
