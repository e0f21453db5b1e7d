"""The system's own dialog of printers, for one picture."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPageLayout, QPageSize
from PySide6.QtWidgets import QDialog, QWidget

from app.i18n.language import tr
from app.services.exporting.printing import PrintJob


def has_printer() -> bool:
    """Whether the system knows one."""
    from PySide6.QtPrintSupport import QPrinterInfo

    return bool(QPrinterInfo.availablePrinterNames())


def ask_printer(picture: QImage, parent: QWidget, accepted: Callable[[PrintJob], None], *, of_page: bool) -> None:
    """Let the user choose printer and paper; the picture lies on it as it is wider or higher."""
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    across = picture.width() > picture.height()
    printer.setPageOrientation(QPageLayout.Orientation.Landscape if across else QPageLayout.Orientation.Portrait)
    printer.setDocName("SQUID Viewer")  # spoolers show and keep it: no name of a patient
    dialog = QPrintDialog(printer, parent)
    dialog.setWindowTitle(tr("Print report page") if of_page else tr("Print picture of the panes"))
    dialog.setOption(QPrintDialog.PrintDialogOption.PrintPageRange, on=False)
    dialog.accepted.connect(lambda: accepted(PrintJob(printer, picture, of_page)))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    QDialog.open(dialog)  # its own `open` wants a receiver of signals
