"""What the score is made of: a bar for each component, in standard deviations from held-out normals."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import NormalDist

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.listing.levels import LEVELS, level_of
from app.i18n.language import tr
from app.ui.look.levels import level_colour, level_marks
from app.ui.look.theme import tokens

REACH = 4.0  # standard deviations at the ends of the axis; the number says what lies beyond
LABEL_SHARE = 0.62  # of the width, at most
LINE_GAP = 7


def component_name(name: str) -> str:
    """A component in plain words; an unknown one keeps its name."""
    names = {
        "discriminator": tr("Reconstruction unlike a normal image"),
        "memory": tr("Far from memory, all patches"),
        "patch": tr("Far from memory, strangest patch"),
        "elsewhere": tr("Patches fit memory better in other places"),
        "texture pattern": tr("Lung texture, where it is strong"),
        "texture coarse": tr("Lung texture, how strong"),
        "texture symmetry": tr("Lung texture, left against right"),
        "texture residual": tr("Lung texture, against reconstruction"),
        "lesion map": tr("Lesion critic, strangest places"),
        "lesion logit": tr("Lesion critic, whole image"),
        "anatomy": tr("Anatomy unlike normal, all places"),
    }
    return names.get(name, name)


def number_words(value: float) -> str:
    """With a sign; a real minus."""
    return f"{value:+.1f}".replace("-", "−")


def component_level(value: float) -> int:
    """How many operating points a component reaches, were its values among normals a normal distribution."""
    return level_of(100 * NormalDist().cdf(value))


def level_words() -> str:
    """What the marks beside the numbers mean."""
    return tr(
        "▲ from 1.3, ▲▲ from 1.6, ▲▲▲ from 2.3 standard deviations on: below them lie 90, 95 and 99% of a normal"
        " distribution."
    )


class ComponentBars(QWidget):
    """Right of the middle speaks for abnormal, left for normal; beside each bar its number, and a mark a level."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._components: dict[str, float] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("What the score is made of, in standard deviations from held-out normals"))

    def show_components(self, components: Mapping[str, float]) -> None:
        """Draw these, greatest first."""
        self._components = dict(sorted(components.items(), key=lambda item: -item[1]))
        self.setAccessibleDescription(
            "; ".join(
                " ".join(filter(None, (component_name(name), number_words(value), level_marks(component_level(value)))))
                for name, value in self._components.items()
            )
        )
        self.setFixedHeight(len(self._components) * self._line)
        self.update()

    @property
    def _line(self) -> int:
        return self.fontMetrics().height() + LINE_GAP

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        if not self._components:
            return
        painter = QPainter(self)
        longest = max(painter.fontMetrics().horizontalAdvance(component_name(name)) for name in self._components)
        left = min(longest + 14, self.width() * LABEL_SHARE)
        number = painter.fontMetrics().horizontalAdvance("+00.0") + 8
        marks = painter.fontMetrics().horizontalAdvance(level_marks(LEVELS - 1)) + 6
        track = QRectF(left, 0, self.width() - left - number - marks, self._line)
        middle = track.center().x()
        for at, (name, value) in enumerate(self._components.items()):
            line = QRectF(0, at * self._line, self.width(), self._line)
            painter.setPen(QColor(tokens().text))
            text = painter.fontMetrics().elidedText(component_name(name), Qt.TextElideMode.ElideRight, round(left - 10))
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
            beside = line.adjusted(0, 0, -marks, 0)
            painter.drawText(beside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, number_words(value))
            level = component_level(value)
            painter.setPen(QColor(level_colour(level)))
            beside = line.adjusted(line.width() - marks + 6, 0, 0, 0)
            painter.drawText(beside, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, level_marks(level))
            ground = QRectF(track.left(), line.center().y() - 4, track.width(), 8)
            painter.fillRect(ground, QColor(tokens().border))
            reach = min(max(value / REACH, -1.0), 1.0) * track.width() / 2
            bar = QRectF(min(middle, middle + reach), ground.top(), abs(reach), ground.height())
            painter.fillRect(bar, QColor(level_colour(level)))
            painter.fillRect(QRectF(middle - 0.5, ground.top() - 3, 1, ground.height() + 6), QColor(tokens().muted))
        painter.end()
