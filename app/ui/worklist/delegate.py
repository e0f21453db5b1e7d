"""Draws one study of the worklist: who and when on the left, score or state on the right."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.domain.jobs import PENDING, JobState
from app.domain.study import Judgement, Study
from app.i18n.language import tr
from app.ui.look.theme import pixmap, tokens
from app.ui.words.words import (
    FILE_REPLACED,
    UNSOUND,
    called,
    date_words,
    judgement_icon,
    open_question,
    percentile_mark,
    score_words,
    state_icon,
    state_word,
    unsound,
)
from app.ui.worklist.model import MASKED_ROLE, STUDY_ROLE

Index = QModelIndex | QPersistentModelIndex
PAD, ICON, BAR, MARKER, BAR_LENGTH = 9, 16, 4, 3, 60
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def state_colour(study: Study) -> str:
    """The colour that goes with the icon and the word."""
    if open_question(study) or unsound(study):
        return tokens().warning
    colours = {JobState.ERROR: tokens().error, JobState.SCORED: tokens().good}
    return tokens().accent if study.state in PENDING else colours.get(study.state, tokens().muted)


class WorklistDelegate(QStyledItemDelegate):
    """Two lines and a bar."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Two lines of text, a bar and air."""
        height = option.fontMetrics.height()
        return QSize(200, 2 * height + BAR + 2 * PAD + 6)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one study."""
        study = index.data(STUDY_ROLE)
        assert isinstance(study, Study)  # noqa: S101 - used with WorklistModel only
        area: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        self._paint_ground(painter, area, state)
        inside = area.adjusted(PAD + MARKER, PAD, -PAD, -PAD)
        self._paint_icon(painter, inside, study)
        line = painter.fontMetrics().height()
        word = _right_words(study)
        right_width = BAR_LENGTH if study.score is not None else painter.fontMetrics().horizontalAdvance(word[0])
        left = QRect(inside.left() + ICON + 8, inside.top(), inside.width() - ICON - 16 - right_width, line)
        right = QRect(inside.right() - right_width, inside.top(), right_width, line)
        taken = max(right_width, painter.fontMetrics().horizontalAdvance(word[1])) if word[1] else 0
        below_width = inside.width() - ICON - 16 - taken
        self._paint_who(painter, left, below_width, study, masked=bool(index.data(MASKED_ROLE)))
        if study.score is not None:
            self._paint_score(painter, right, study)
        else:
            painter.setPen(QColor(state_colour(study)))
            painter.drawText(right, _RIGHT, word[0])
        painter.restore()

    @staticmethod
    def _paint_ground(painter: QPainter, area: QRect, state: QStyle.StateFlag) -> None:
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, QColor(tokens().selection))
            painter.fillRect(QRect(area.left(), area.top(), MARKER, area.height()), QColor(tokens().accent))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, QColor(tokens().raised))
        if state & QStyle.StateFlag.State_HasFocus and state & QStyle.StateFlag.State_KeyboardFocusChange:
            painter.setPen(QColor(tokens().accent))
            painter.drawRect(area.adjusted(0, 0, -1, -1))
        painter.setPen(QColor(tokens().border))
        painter.drawLine(area.bottomLeft(), area.bottomRight())

    @staticmethod
    def _paint_icon(painter: QPainter, inside: QRect, study: Study) -> None:
        device = painter.device()
        ratio = device.devicePixelRatio() if device else 1.0
        picture = pixmap(state_icon(study), state_colour(study), ICON, ratio)
        painter.drawPixmap(inside.left(), inside.top() + 1, picture)
        if study.judgement is not Judgement.NONE:
            mark = pixmap(judgement_icon(study.judgement), tokens().text, ICON, ratio)
            painter.drawPixmap(inside.left(), inside.bottom() - ICON - 1, mark)

    @staticmethod
    def _paint_who(painter: QPainter, line: QRect, below_width: int, study: Study, *, masked: bool) -> None:
        metrics = painter.fontMetrics()
        plain, bold = QFont(painter.font()), QFont(painter.font())
        bold.setWeight(QFont.Weight.DemiBold)
        painter.setFont(bold)
        painter.setPen(QColor(tokens().text))
        elide = Qt.TextElideMode.ElideRight
        name = painter.fontMetrics().elidedText(called(study), elide, line.width())
        painter.drawText(line, _LEFT, name)
        painter.setFont(plain)
        painter.setPen(QColor(tokens().muted))
        date = date_words(study.date, masked)
        kind = " ".join(part for part in (study.identity.modality, study.description) if part)
        count = tr("{count} images").format(count=len(study.images)) if len(study.images) > 1 else ""
        words = "  ".join(part for part in (date, kind, count) if part)
        below = QRect(line.left(), line.bottom() + 6, below_width, line.height())
        painter.drawText(below, _LEFT, metrics.elidedText(words, elide, below.width()))

    @staticmethod
    def _paint_score(painter: QPainter, line: QRect, study: Study) -> None:
        score = study.score or 0.0
        plain, bold = QFont(painter.font()), QFont(painter.font())
        bold.setWeight(QFont.Weight.Bold)
        bold.setPointSizeF(bold.pointSizeF() * 1.15)
        painter.setFont(bold)
        painter.setPen(QColor(tokens().muted if study.outside_memory else tokens().text))
        painter.drawText(line, _RIGHT, score_words(score, study.outside_memory))
        bar = QRect(line.left(), line.bottom() + 4, line.width(), BAR)
        painter.fillRect(bar, QColor(tokens().border))
        if not study.outside_memory:  # a bar would measure what means little
            bar.setWidth(max(round(bar.width() * score), 1))
            painter.fillRect(bar, QColor(tokens().accent))
        painter.setFont(plain)
        painter.setPen(QColor(tokens().muted))
        words = _right_words(study)[1]
        width = painter.fontMetrics().horizontalAdvance(words)
        painter.drawText(QRect(line.right() - width, bar.bottom() + 3, width, line.height()), _RIGHT, words)


def _right_words(study: Study) -> tuple[str, str]:
    """What stands on the right in the first and in the second line of a study."""
    if study.score is None:
        return state_word(study), ""
    shown = score_words(study.score, study.outside_memory)
    if study.state is not JobState.SCORED:  # scored already, and an image of it is at work or in question
        return shown, state_word(study)
    if study.top_image.replaced:
        return shown, tr(FILE_REPLACED)
    if study.outside_memory:
        return shown, tr(UNSOUND)
    return shown, "" if study.percentile is None else percentile_mark(study.percentile)
