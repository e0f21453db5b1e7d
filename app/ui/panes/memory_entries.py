"""The list beside the memory pane: a patch and the entries that its memory answered with."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.domain.session import EntryPictures, Session
from app.i18n.language import tr
from app.ui.look.theme import font, tokens
from app.ui.look.widgets import tool_tip
from app.ui.panes.image_pane import unit_to_uint8
from app.ui.panes.patch_grid import patch_name, patch_pixels
from app.ui.panes.viewport_image import to_image
from app.ui.wishes import Wishes
from squid_core.contracts.detection import MemoryMatch

PAD, WEIGHT_BAR, POINTS = 6, 4, 8.5
REMOVED_OPACITY = 0.35
TOGGLE_KEYS = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_Return, Qt.Key.Key_Enter)
WORDS_WIDTH = 126  # of a line of words, with the margins and the scroll bar
THUMB_RANGE = (52, 112)
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class EntryRow:
    """One line of the list.

    Attributes:
        weight: 0..1 share in the memory's answer; None for the patch itself.
        slot: in the queue of the patch's position; None for the patch itself.
        removed: the what-if does not read it; it can be put back.
    """

    title: str
    lines: tuple[str, ...]
    picture: QImage | None
    weight: float | None = None
    slot: int | None = None
    removed: bool = False

    @property
    def spoken(self) -> str:
        """The line as a screen reader says it."""
        parts = [self.title, *self.lines]
        if self.removed:
            parts.append(tr("removed in the what-if, Delete puts it back"))
        elif self.slot is not None:
            parts.append(tr("Delete takes it out of memory"))
        return tr(", ").join(parts)


class Sources(StrEnum):
    """Whether the file names of the training images behind the entries are written; they may name a patient."""

    HIDDEN = "hidden"
    SHOWN = "shown"
    MASKED = "masked"


def entry_rows(session: Session, sources: Sources = Sources.HIDDEN) -> tuple[EntryRow, ...]:
    """The list for a session; empty while no patch is selected.

    Args:
        session: what is shown; entries that its what-if does not read stay listed, so that they can be put back.
        sources: whether the training images are named.
    """
    detection, patch = session.shown_detection, session.shown_patch
    if detection is None or patch is None or not 0 <= patch < detection.grid**2:
        return ()
    percentile = math.floor(float(detection.patch_percentiles.flat[patch]))
    own = EntryRow(
        tr("The patch"),
        (patch_name(detection, patch), tr("percentile {percentile}").format(percentile=percentile)),
        to_image(unit_to_uint8(patch_pixels(detection.input_image, detection.grid, patch))),
    )
    pictures = _pictures(session.entries, patch, detection.model)
    gone = [entry.match for entry in session.trial.removed if entry.patch == patch] if session.trial else []
    slots_gone = {match.slot for match in gone}
    rows, rank = [own], 0
    for match in _with_removed(detection.matches[patch], gone):
        removed = match.slot in slots_gone
        rank += not removed
        number = "" if removed else f"{rank}.  "
        title = tr("{number}weight {weight:.2f}").format(number=number, weight=match.weight)
        lines, picture = _lines(match, sources, removed), pictures.get(match.slot)
        rows.append(EntryRow(title, lines, picture, match.weight, match.slot, removed))
    return tuple(rows)


def _with_removed(matches: tuple[MemoryMatch, ...], gone: list[MemoryMatch]) -> list[MemoryMatch]:
    """The entries read, and those taken away where their similarity would have put them."""
    listed = list(matches)
    known = {match.slot for match in matches}
    for former in gone:
        if former.slot not in known:
            place = (at for at, match in enumerate(listed) if match.similarity < former.similarity)
            listed.insert(next(place, len(listed)), former)
    return listed


def _lines(match: MemoryMatch, sources: Sources, removed: bool) -> tuple[str, ...]:
    place = tr("newest in queue") if match.age == 0 else tr("queue place {place}").format(place=match.age + 1)
    second = tr("removed") if removed else place
    lines = (tr("similarity {value:.2f}").format(value=match.similarity), second)
    if match.source is None or sources is Sources.HIDDEN:
        return lines
    return (*lines, tr("source masked") if sources is Sources.MASKED else match.source)


def _pictures(entries: EntryPictures | None, patch: int, model: str) -> dict[int, QImage]:
    """Pictures by slot, of this patch and bundle only."""
    if entries is None or entries.patch != patch or (entries.model and entries.model != model):
        return {}
    return {
        slot: to_image(unit_to_uint8(picture)) for slot, picture in zip(entries.slots, entries.pictures, strict=True)
    }


class EntriesModel(QAbstractListModel):
    """Rows of EntryRow."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[EntryRow, ...] = ()

    @property
    def rows(self) -> tuple[EntryRow, ...]:
        """What is listed."""
        return self._rows

    def set_rows(self, rows: tuple[EntryRow, ...]) -> None:
        """List something else; keeps the place when only pictures came in."""
        if [row.slot for row in rows] == [row.slot for row in self._rows]:
            self._rows = rows
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """Number of lines."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Text for screen readers and keyboards; the delegate draws the rest."""
        if not index.isValid():
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._rows[index.row()].spoken
        if role == Qt.ItemDataRole.ToolTipRole:
            return tool_tip(_click_words(self._rows[index.row()]))
        return None


def _click_words(row: EntryRow) -> str:
    if row.slot is None:
        return ""
    if row.removed:
        return tr("Taken out of memory in the what-if. Click to put it back.")
    return tr("Click to try without this entry.")


class EntryDelegate(QStyledItemDelegate):
    """Draws a picture with its numbers and a bar for the weight."""

    thumb = THUMB_RANGE[0]  # edge of a picture in screen pixels

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """A thumbnail's height."""
        return QSize(120, self.thumb + 2 * PAD)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one line."""
        model = index.model()
        assert isinstance(model, EntriesModel)  # noqa: S101 - used with no other
        row = model.rows[index.row()]
        painter.setFont(option.font)
        area: QRect = option.rect
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, QColor(tokens().selection))
        frame = QRect(area.left() + PAD, area.top() + PAD, self.thumb, self.thumb)
        painter.fillRect(frame, QColor(tokens().image))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if row.removed:
            painter.setOpacity(REMOVED_OPACITY)
        if row.picture is not None:
            painter.drawImage(frame, row.picture)
        else:
            painter.setPen(QColor(tokens().image_muted))
            painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, "…")
        painter.setPen(QColor(tokens().accent if row.weight is None else tokens().border))
        painter.drawRect(frame.adjusted(0, 0, -1, -1))
        painter.setOpacity(1.0)
        if row.removed:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(tokens().what_if), 2))
            painter.drawLine(frame.topLeft(), frame.bottomRight())
            painter.drawLine(frame.topRight(), frame.bottomLeft())
        self._paint_words(painter, row, area.adjusted(2 * PAD + self.thumb, PAD, -PAD, -PAD))
        painter.restore()

    @staticmethod
    def _paint_words(painter: QPainter, row: EntryRow, area: QRect) -> None:
        plain, bold = QFont(painter.font()), QFont(painter.font())
        bold.setWeight(QFont.Weight.DemiBold)
        bold.setStrikeOut(row.removed)
        height = painter.fontMetrics().height()
        top = area.top()
        for number, text in enumerate((row.title, *row.lines)):
            painter.setFont(bold if number == 0 else plain)
            ink = tokens().what_if if row.removed else tokens().muted
            painter.setPen(QColor(tokens().text if number == 0 else ink))
            line = QRect(area.left(), top, area.width(), height)
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width())
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
            top += height + 1
        if not row.removed and row.weight is not None:
            bar = QRect(area.left(), area.bottom() - WEIGHT_BAR, area.width(), WEIGHT_BAR)
            painter.fillRect(bar, QColor(tokens().border))
            bar.setWidth(round(area.width() * min(max(row.weight, 0.0), 1.0)))
            painter.fillRect(bar, QColor(tokens().accent))


class EntriesList(QListView):
    """The list itself."""

    def __init__(self, wishes: Wishes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wishes = wishes
        self.setObjectName("entries")
        self.setAccessibleName(tr("Memory entries of the selected patch"))
        self.entries = EntriesModel(self)
        self.setModel(self.entries)
        self._delegate = EntryDelegate(self)
        self.setItemDelegate(self._delegate)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFont(font(POINTS))
        self.follow_width(0)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.clicked.connect(self._toggle)

    def event(self, ev: QEvent) -> bool:
        """Claim the keys that toggle before the window's shortcuts get them."""
        if ev.type() == QEvent.Type.ShortcutOverride and isinstance(ev, QKeyEvent) and _toggles(ev):
            ev.accept()
            return True
        return bool(super().event(ev))

    def keyPressEvent(self, ev: QKeyEvent) -> None:
        """Del, Backspace or Enter take the current entry out of memory, or put it back."""
        if _toggles(ev):
            self._toggle(self.currentIndex())
            ev.accept()
        else:
            super().keyPressEvent(ev)

    def _toggle(self, index: QModelIndex) -> None:
        slot = self.entries.rows[index.row()].slot if index.isValid() else None
        if slot is not None:
            self._wishes.entry_toggled.emit(slot)

    def follow_width(self, pane_width: int) -> None:
        """Grow the pictures with the pane that the list is in."""
        thumb = min(max(pane_width // 3 - WORDS_WIDTH, THUMB_RANGE[0]), THUMB_RANGE[1])
        self.setFixedWidth(thumb + WORDS_WIDTH)
        if thumb != self._delegate.thumb:
            self._delegate.thumb = thumb
            self.scheduleDelayedItemsLayout()


def _toggles(ev: QKeyEvent) -> bool:
    return ev.key() in TOGGLE_KEYS and not ev.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
