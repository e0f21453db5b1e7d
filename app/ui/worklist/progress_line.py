"""Over the worklist: how much of it is read, what should not wait, and what stands above or has come since."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QToolButton, QWidget

from app.domain.listing.rows import WorklistRows
from app.domain.session import Session
from app.i18n.language import QT_TR_NOOP, tr
from app.ui.look.widgets import ElidedLabel, in_column, in_row, name_control
from app.ui.wishes import Wishes

READS = ("study", "began")
HIGH_LEFT = QT_TR_NOOP("1 above the 95% line left"), QT_TR_NOOP("{count} above the 95% line left")
ABOVE = QT_TR_NOOP("1 higher above"), QT_TR_NOOP("{count} higher above")
NEW = QT_TR_NOOP("1 new"), QT_TR_NOOP("{count} new")


class ProgressLine(QFrame):
    """Two lines, each with a chip at its end that pushes nothing away when it comes: the words before it give way.

    A chip goes to the first study that it counts, and does nothing by itself. It counts what was never opened: of a
    higher score than the open study, and what has come since the reader gave the first word.
    """

    def __init__(self, wishes: Wishes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("progressLine")
        self._wishes = wishes
        self._rows = WorklistRows()
        self._uid = ""
        self._began: int | None = None
        self.read = ElidedLabel("", "muted")
        self.high = ElidedLabel("", "muted")
        self.above = self._chip()
        self.new = self._chip()
        lines = in_row((self.read, 1), self.above, spacing=6), in_row((self.high, 1), self.new, spacing=6)
        in_column(*lines, of=self, margins=(12, 0, 10, 6), spacing=1)

    def set_rows(self, rows: WorklistRows) -> None:
        """Follow the worklist by its rows; priors are no work and are not counted."""
        self._rows = rows
        self._render()

    def render_session(self, old: Session | None, new: Session) -> None:
        """Follow which study is open."""
        if new.differs(old, *READS) and (self._uid, self._began) != (new.study_uid, new.began):
            self._uid, self._began = new.study_uid, new.began
            self._render()

    def _render(self) -> None:
        rows = self._rows
        self.read.set_whole(tr("{read} of {count} read").format(read=rows.work - rows.unread, count=rows.work))
        self.high.set_whole(_counted(HIGH_LEFT, rows.high_left))
        rows.begin(self._began)
        self._count(self.above, *rows.above(self._uid), ABOVE, tr("Go to the highest of them"))
        self._count(self.new, *rows.new(self._uid), NEW, tr("Go to the first of them"))

    def _count(self, chip: QToolButton, count: int, first: str, words: tuple[str, str], tip: str) -> None:
        chip.setProperty("uid", first)
        chip.setVisible(bool(count))
        text = _counted(words, count)
        if chip.text() != text:
            chip.setText(text)
            name_control(chip, text, tip)

    def _chip(self) -> QToolButton:
        chip = QToolButton()
        chip.setProperty("chip", True)
        chip.clicked.connect(lambda: self._wishes.study_selected.emit(str(chip.property("uid"))))
        policy = chip.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # of its height: the lines stay where they are
        chip.setSizePolicy(policy)
        chip.hide()
        return chip


def _counted(words: tuple[str, str], count: int) -> str:
    return tr(words[0]) if count == 1 else tr(words[1]).format(count=count)
