"""Calibration by a known length: asks how long a line is, and again where the file says otherwise."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QInputDialog, QMessageBox, QWidget

from app.domain.marks.annotations import Annotations
from app.domain.marks.measurements import (
    MAX_LENGTH_MM,
    KnownLength,
    Length,
    Unit,
    contradicts,
    distance,
    scale_of,
    spacing_by,
)
from app.domain.session import Session
from app.i18n.language import tr
from app.services.state.session_holder import SessionHolder
from app.ui.words.mark_words import source_words
from squid_core.contracts.radiograph import Radiograph, Spacing

LEAST_MM = 0.1
DIGITS = 1


class Calibrating(QObject):
    """Turns a line into the scale of its image. The file is never written; the line can be undone as any mark.

    Args:
        pane: parent of what asks.
        holder: whose session says which image the line is on.
        commit: keeps the annotations of the shown image.
    """

    def __init__(self, pane: QWidget, holder: SessionHolder, commit: Callable[[Annotations, int | None], None]) -> None:
        super().__init__(pane)
        self._pane, self._holder, self._commit = pane, holder, commit

    def ask(self, line: Length) -> None:
        """Have the reader say how long a line is; nothing is waited for."""
        image = self._holder.state.radiograph
        if image is None:
            return
        drawn = distance(line.points[0], line.points[1], scale_of(image, self._holder.state.annotations.marks))
        asked = QInputDialog(self._pane)
        asked.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        asked.setWindowTitle(tr("Calibrate by a known length"))
        asked.setLabelText(tr("How long is this line, in millimetres?"))
        asked.setInputMode(QInputDialog.InputMode.DoubleInput)
        asked.setDoubleDecimals(DIGITS)
        asked.setDoubleRange(LEAST_MM, MAX_LENGTH_MM)
        asked.setDoubleValue(drawn.value if drawn.unit is Unit.MILLIMETRES else 100.0)
        asked.doubleValueSelected.connect(lambda length: self._on_length(image, KnownLength(line.points, length)))
        asked.open()

    def _on_length(self, image: Radiograph, mark: KnownLength) -> None:
        own = spacing_by(mark, image.aspect)
        if own is None:
            _box(
                self._pane,
                QMessageBox.Icon.Warning,
                tr("No radiograph has such pixels."),
                tr("Draw the line again, from one end to the other, and check its length."),
            ).open()
        elif image.spacing is not None and contradicts(own, image.spacing):
            self._ask_again(image, mark, own, image.spacing)
        else:
            self._keep(image, mark)

    def _ask_again(self, image: Radiograph, mark: KnownLength, own: Spacing, stated: Spacing) -> None:
        question = _box(
            self._pane,
            QMessageBox.Icon.Question,
            tr("The file states another scale. Use yours for this image?"),
            tr(
                "Yours: {own:.3g} mm a pixel. The file: {stated:.3g} mm, {source}. Lengths that were measured on this"
                " image change; the file stays as it is, and Undo takes it back."
            ).format(own=own.column_mm, stated=stated.column_mm, source=source_words(stated)),
        )
        yes = question.addButton(tr("Use mine"), QMessageBox.ButtonRole.AcceptRole)
        no = question.addButton(tr("Keep the file's"), QMessageBox.ButtonRole.RejectRole)
        question.setDefaultButton(no)
        question.buttonClicked.connect(lambda button: self._keep(image, mark) if button is yes else None)
        question.open()

    def _keep(self, image: Radiograph, mark: KnownLength) -> None:
        """Unless another image is shown by now."""
        session: Session = self._holder.state
        if session.radiograph is image:
            self._commit(session.annotations.calibrated(mark), None)


def _box(parent: QWidget, icon: QMessageBox.Icon, text: str, more: str) -> QMessageBox:
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setIcon(icon)
    box.setWindowTitle(tr("Calibrate by a known length"))
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(text)
    box.setInformativeText(more)
    return box
