"""Header and panes as a picture to take away: as they are on the screen, without bars and buttons, with the notice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter
from PySide6.QtWidgets import QAbstractButton, QWidget

from app.i18n.language import tr
from app.ui.look.theme import font, tokens
from app.ui.panes.image_pane import ImagePane
from app.ui.panes.pane_grid import PaneGrid
from app.ui.study.study_header import StudyHeader
from app.ui.words.words import RESEARCH_USE

MARGIN, GAP = 12, 4  # screen pixels
NAME_POINTS, WORD_POINTS = 13.0, 9.5
DOT = "  ·  "


def panes_picture(header: StudyHeader, said: Sequence[str], panes: PaneGrid) -> QImage:
    """What is said of the study and of the image, then the panes of this window; in device pixels, without the pointer.

    Args:
        header: says who it is, as the switch allows, and the score.
        said: sentences over the panes.
        panes: each in its place.
    """
    shown = [pane for pane in panes.shown if pane.window() is panes.window()]
    ratio, width = panes.devicePixelRatioF(), panes.width()
    head = _head(header, said, width)
    picture = QImage(round(width * ratio), round((head + panes.height()) * ratio), QImage.Format.Format_RGB32)
    picture.setDevicePixelRatio(ratio)
    picture.fill(QColor(tokens().window))
    painter = QPainter(picture)
    _head(header, said, width, painter)
    for pane in shown:
        pointed = pane.view.pointed_at
        pane.view.set_cursor(None)
        _draw_pane(painter, pane, pane.mapTo(panes, QPoint()) + QPoint(0, head))
        pane.view.set_cursor(pointed)
    painter.end()
    return picture


def _head(header: StudyHeader, said: Sequence[str], width: int, painter: QPainter | None = None) -> int:
    """Draw the lines above the panes, where there is a painter.

    Returns:
        Their height in screen pixels.
    """
    colours, half = tokens(), width // 2
    left = (
        (header.name.whole, font(NAME_POINTS, bold=True), colours.text),
        (header.person.whole, font(WORD_POINTS), colours.muted),
        (header.kind.whole, font(WORD_POINTS), colours.muted),
    )
    score = "  ".join(part for part in (header.score.text(), header.place.whole) if part)
    right = (
        (tr(RESEARCH_USE), font(WORD_POINTS, bold=True), colours.warning),
        (score, font(WORD_POINTS, bold=True), colours.text),
        (DOT.join(part for part in (header.source.whole, header.more.whole) if part), font(WORD_POINTS), colours.muted),
    )
    foot = MARGIN
    for lines, start, align in (
        (left, MARGIN, Qt.AlignmentFlag.AlignLeft),
        (right, half, Qt.AlignmentFlag.AlignRight),
    ):
        y = MARGIN
        for words, face, colour in lines:
            y = _line(painter, words, face, colour, QRect(start, y, half - MARGIN, 0), align)
        foot = max(foot, y)
    for words in said:
        room = QRect(MARGIN, foot, width - 2 * MARGIN, 0)
        foot = _line(painter, words, font(WORD_POINTS), colours.warning, room, Qt.AlignmentFlag.AlignLeft)
    return foot + MARGIN - GAP


def _line(painter: QPainter | None, words: str, face: QFont, colour: str, room: QRect, align: Qt.AlignmentFlag) -> int:
    """Draw words, wrapped where they are longer than their room; where they end."""
    flags = int(align) | int(Qt.TextFlag.TextWordWrap)
    needed = QFontMetrics(face).boundingRect(QRect(0, 0, room.width(), 10_000), flags, words or " ").height()
    if painter is not None:
        painter.setFont(face)
        painter.setPen(QColor(colour))
        painter.drawText(QRect(room.x(), room.y(), room.width(), needed), flags, words)
    return room.y() + needed + GAP


def _draw_pane(painter: QPainter, pane: ImagePane, at: QPoint) -> None:
    """A pane with its name in the place of its bar, and without the buttons elsewhere on it."""
    painter.drawPixmap(at, pane.grab())
    bar = cast(QWidget, pane.bar.parentWidget())
    for widget in (bar, *(button for button in pane.findChildren(QAbstractButton) if button.isVisibleTo(pane))):
        place = QRect(widget.mapTo(pane, QPoint()) + at, widget.size())
        painter.fillRect(place, QColor(tokens().panel))
    room = QRect(bar.mapTo(pane, QPoint()) + at, bar.size()).adjusted(8, 0, -8, 0)
    badge = "" if pane.badge.isHidden() else pane.badge.text()
    name = _in_bar(painter, room, pane.title.text(), Qt.AlignmentFlag.AlignLeft, bold=True)
    _in_bar(painter, room.adjusted(name + MARGIN, 0, 0, 0), badge, Qt.AlignmentFlag.AlignRight)


def _in_bar(painter: QPainter, room: QRect, words: str, side: Qt.AlignmentFlag, *, bold: bool = False) -> int:
    """Draw one line, cut where it is longer than its room; its width."""
    face = font(WORD_POINTS, bold=bold)
    words = QFontMetrics(face).elidedText(words, Qt.TextElideMode.ElideRight, max(room.width(), 0))
    painter.setFont(face)
    painter.setPen(QColor(tokens().text if bold else tokens().muted))
    painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter) | int(side), words)
    return QFontMetrics(face).horizontalAdvance(words)
