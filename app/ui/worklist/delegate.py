"""Draws one study of the worklist: who and when on the left, score or state on the right; or all in one line."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.domain.jobs import PENDING, JobState
from app.domain.listing.levels import LEVELS, level_of
from app.domain.settings import ListColumn, ListSettings
from app.domain.study import Judgement, Reading, Study
from app.i18n.language import tr
from app.ui.look.levels import level_colour
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
    state_words,
    unsound,
)
from app.ui.worklist.columns import BAR_LENGTH as SHORT_BAR
from app.ui.worklist.columns import column_text, place_columns
from app.ui.worklist.model import MASKED_ROLE, PRIOR_ROLE, STUDY_ROLE
from squid_core.privacy import UNREAD_NAME

Index = QModelIndex | QPersistentModelIndex
PAD, ICON, BAR, MARKER, BAR_LENGTH = 9, 16, 4, 3, 60
COMPACT_PAD = 4
DOT = 7  # of a study that was never opened
INDENT = 14  # of a prior
SCORED = JobState.SCORED.value  # the icon
GAP = 3  # between two segments of a bar
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_ELIDE = Qt.TextElideMode.ElideRight


def state_colour(study: Study) -> str:
    """The colour that goes with the icon and the word; to be scored is neither good nor bad."""
    if open_question(study) or unsound(study):
        return tokens().warning
    if study.state is JobState.ERROR:
        return tokens().error
    return tokens().accent if study.state in PENDING else tokens().muted


class WorklistDelegate(QStyledItemDelegate):
    """Two lines and a bar, or one line with columns.

    A study that was never opened is bold and has a dot, one that was opened has a ring, one that was read is quiet.

    Attributes:
        listing: how the worklist is shown.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.listing = ListSettings()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Two lines of text, a bar and air; or one line."""
        height = option.fontMetrics.height()
        return QSize(200, height + 2 * COMPACT_PAD if self.listing.compact else 2 * height + BAR + 2 * PAD + 6)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one study."""
        study = index.data(STUDY_ROLE)
        assert isinstance(study, Study)  # noqa: S101 - used with WorklistModel only
        area: QRect = option.rect
        painter.save()
        self._paint_ground(painter, area, option.state)
        masked = bool(index.data(MASKED_ROLE))
        row = area.adjusted(PAD + MARKER, 0, -PAD, 0)
        indent = INDENT if index.data(PRIOR_ROLE) else 0
        if indent:
            self._paint_branch(painter, row)
        if self.listing.compact:
            self._paint_line(painter, row, study, indent, masked=masked)
        else:
            self._paint_lines(painter, row.adjusted(indent, PAD, 0, -PAD), study, masked=masked)
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
    def _paint_branch(painter: QPainter, row: QRect) -> None:
        """The line from the patient's newest study down to a prior."""
        painter.setPen(QPen(QColor(tokens().outline), 1))
        corner = QPoint(row.left() + 3, row.center().y())
        painter.drawLine(QPoint(corner.x(), row.top()), corner)
        painter.drawLine(corner, QPoint(corner.x() + 5, corner.y()))

    # -- two lines

    def _paint_lines(self, painter: QPainter, inside: QRect, study: Study, *, masked: bool) -> None:
        metrics = painter.fontMetrics()
        _paint_progress(painter, QRect(inside.left(), inside.top() + (metrics.height() - ICON) // 2, ICON, ICON), study)
        if state_icon(study) != SCORED:  # its score is there to see
            at = QPoint(inside.left(), inside.top() + metrics.height() + 6 + (metrics.height() - ICON) // 2)
            _paint_icon(painter, at, state_icon(study), state_colour(study))
        first, second = _right_words(study)
        score_font = _font(painter.font(), study, 1.15) if study.score is not None else painter.font()
        right_width = QFontMetrics(score_font).horizontalAdvance(first)
        if study.score is not None:
            right_width = max(right_width, BAR_LENGTH)
        text = inside.left() + ICON + 8
        line = metrics.height()
        left = QRect(text, inside.top(), inside.right() - right_width - 8 - text, line)
        right = QRect(inside.right() - right_width, inside.top(), right_width, line)
        taken = max(right_width, metrics.horizontalAdvance(second)) if second else 0
        below = QRect(text, left.bottom() + 6, inside.right() - taken - 8 - text, line)
        name, detail = _who(study, masked=masked)
        plain = QFont(painter.font())
        painter.setFont(_font(plain, study))
        painter.setPen(_ink(study))
        elide = _ELIDE if study.identity.patient_name else Qt.TextElideMode.ElideMiddle  # a number is told by its end
        painter.drawText(left, _LEFT, painter.fontMetrics().elidedText(name, elide, left.width()))
        painter.setFont(plain)
        painter.setPen(QColor(tokens().muted))
        painter.drawText(below, _LEFT, metrics.elidedText(detail, _ELIDE, below.width()))
        if study.score is None:
            painter.setPen(QColor(state_colour(study)))
            painter.drawText(right, _RIGHT, first)
            return
        painter.setFont(score_font)
        painter.setPen(QColor(tokens().muted) if study.outside_memory else _ink(study))
        painter.drawText(right, _RIGHT, first)
        bar = QRect(right.right() - BAR_LENGTH + 1, right.bottom() + 4, BAR_LENGTH, BAR)
        paint_level(painter, bar, study)
        painter.setFont(plain)
        painter.setPen(QColor(tokens().muted))
        width = metrics.horizontalAdvance(second)
        painter.drawText(QRect(right.right() - width, bar.bottom() + 3, width, line), _RIGHT, second)

    # -- one line

    def _paint_line(self, painter: QPainter, row: QRect, study: Study, indent: int, *, masked: bool) -> None:
        bold = QFont(painter.font())
        bold.setWeight(QFont.Weight.Bold)
        metrics = QFontMetrics(bold)
        middle = row.center().y()
        _paint_progress(painter, QRect(row.left() + indent // 2, middle - ICON // 2, ICON, ICON), study)
        start = row.left() + ICON + INDENT // 2 + 4  # the columns of priors lie below the others
        if study.score is None:
            _paint_icon(painter, QPoint(start, middle - ICON // 2), state_icon(study), state_colour(study))
        plain, strong = QFont(painter.font()), _font(painter.font(), study)
        state_width = max(metrics.horizontalAdvance(word) for word in state_words())
        for place in place_columns(self.listing.columns, row.right() - start, metrics, state_width):
            cell = QRect(start + place.left, row.top(), place.width, row.height())
            words = column_text(study, place.column, masked=masked)
            is_main = place.column in (ListColumn.SCORE, ListColumn.NAME)
            painter.setFont(strong if is_main else plain)
            painter.setPen(_ink(study) if is_main else QColor(tokens().muted))
            if place.column is ListColumn.STATE:
                painter.setPen(QColor(state_colour(study)))
            if place.column is ListColumn.SCORE and study.score is not None:
                bar = QRect(cell.right() - SHORT_BAR, middle - BAR // 2, SHORT_BAR, BAR)
                paint_level(painter, bar, study)
                cell.setRight(bar.left() - 6)
                if study.outside_memory:
                    painter.setPen(QColor(tokens().muted))
                painter.drawText(cell, _RIGHT, words)
                continue
            painter.drawText(cell, _LEFT, painter.fontMetrics().elidedText(words, _ELIDE, cell.width()))


def paint_level(painter: QPainter, bar: QRect, study: Study) -> None:
    """As many segments as the score reaches operating points, and one; their colour says the same once more."""
    level = -1 if study.percentile is None or study.outside_memory else level_of(study.percentile)
    width = (bar.width() - GAP * (LEVELS - 1)) // LEVELS
    for number in range(LEVELS):
        segment = QRect(bar.left() + number * (width + GAP), bar.top(), width, bar.height())
        painter.fillRect(segment, QColor(level_colour(level) if number <= level else tokens().border))


def _paint_icon(painter: QPainter, at: QPoint, name: str, colour: str) -> None:
    device = painter.device()
    ratio = device.devicePixelRatio() if device else 1.0
    painter.drawPixmap(at, pixmap(name, colour, ICON, ratio))


def _paint_progress(painter: QPainter, square: QRect, study: Study) -> None:
    """The judgement; without one a dot for a study that was never opened, a ring for one that was."""
    if study.judgement is not Judgement.NONE:
        _paint_icon(painter, square.topLeft(), judgement_icon(study.judgement), tokens().text)
        return
    if study.reading is Reading.READ:
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(tokens().accent), 1.5))
    painter.setBrush(QColor(tokens().accent) if study.reading is Reading.UNREAD else Qt.BrushStyle.NoBrush)
    dot = QRect(0, 0, DOT, DOT)
    dot.moveCenter(square.center())
    painter.drawEllipse(dot)
    painter.restore()


def _font(plain: QFont, study: Study, times: float = 1.0) -> QFont:
    """Bold while nobody has opened the study."""
    made = QFont(plain)
    made.setPointSizeF(made.pointSizeF() * times)
    made.setWeight(QFont.Weight.Bold if study.reading is Reading.UNREAD else QFont.Weight.Normal)
    return made


def _ink(study: Study) -> QColor:
    """Quiet once the study is read."""
    return QColor(tokens().muted if study.reading is Reading.READ else tokens().text)


def _who(study: Study, *, masked: bool) -> tuple[str, str]:
    """First and second line: a patient's ID is whole in the second where it does not stand in the first."""
    identity = study.identity
    unread = UNREAD_NAME.fullmatch(identity.patient_name)
    name = tr("Patient {pseudonym}").format(pseudonym=unread[1]) if unread else called(study)
    number = tr("ID {number}").format(number=unread[2]) if unread else ""
    kind = " ".join(part for part in (identity.modality, study.description) if part)
    count = tr("{count} images").format(count=len(study.images)) if len(study.images) > 1 else ""
    return name, "  ".join(part for part in (number, date_words(study.date, masked), kind, count) if part)


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
