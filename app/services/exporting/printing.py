"""A picture on its way to a printer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter

from squid_core.contracts.errors import SquidError

if TYPE_CHECKING:  # loaded when somebody prints
    from PySide6.QtPrintSupport import QPrinter


@dataclass(frozen=True, slots=True, eq=False)
class PrintJob:
    """What goes to which printer, as it was set up in the dialog.

    Attributes:
        of_page: it is the report page, which is on record when it is drawn; else the picture of the panes.
    """

    printer: QPrinter
    picture: QImage
    of_page: bool = False

    def send(self) -> None:
        """Draw the picture as large as the page allows; to be called where a spooler may be waited for.

        Raises:
            SquidError: the printer does not take it.
        """
        painter = QPainter()
        if not painter.begin(self.printer):
            raise SquidError("The printer does not take the page.", "Look whether it is there, or choose another one.")
        room = painter.viewport()
        size = self.picture.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect((room.width() - size.width()) // 2, 0, size.width(), size.height())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(place, self.picture)
        painter.end()
