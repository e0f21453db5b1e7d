"""What goes to a printer lies on the paper whole and the right way up, and what cannot be printed is a sentence."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPageLayout, QPageSize
from PySide6.QtPrintSupport import QPrinter
from pytestqt.qtbot import QtBot

from app.domain.errors import Severity
from app.domain.orientation import Orientation
from app.services.exporting.export_service import NOT_PRINTED, PRINTED
from app.services.exporting.preparing import CHANGED
from app.services.exporting.printing import PrintJob
from squid_core.contracts.errors import SquidError
from squid_core.export.request import ExportKind
from tests.app.services.exporting.desks import Desk, put

SIZE = (210, 120)


def picture() -> QImage:
    """Red in the upper left quarter, blue elsewhere."""
    made = QImage(*SIZE, QImage.Format.Format_RGB32)
    made.fill(Qt.GlobalColor.blue)
    for x in range(SIZE[0] // 2):
        for y in range(SIZE[1] // 2):
            made.setPixelColor(x, y, QColor(255, 0, 0))
    return made


def to_pdf(path: Path) -> QPrinter:
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setPageOrientation(QPageLayout.Orientation.Landscape)
    return printer


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="poppler is not installed")
def test_a_picture_fills_the_paper_in_true_proportions(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "printed.pdf"
    desk.holder.update(image_key="abc")
    desk.service.send_to_printer(PrintJob(to_pdf(path), picture()))
    qtbot.waitUntil(lambda: bool(desk.notices))
    assert (desk.notices[-1].severity, desk.notices[-1].title) == (Severity.INFO, PRINTED)
    assert desk.trail() == [("export", "abc", "picture of the panes to print, identified")]
    subprocess.run(["pdftoppm", "-r", "50", "-png", str(path), str(tmp_path / "page")], check=True)  # noqa: S607
    (page,) = tmp_path.glob("page*.png")
    shown = np.asarray(Image.open(page).convert("RGB")).astype(int)
    red = (shown[..., 0] > 200) & (shown[..., 2] < 60)
    blue = (shown[..., 2] > 200) & (shown[..., 0] < 60)
    rows, columns = np.nonzero(red | blue)
    height, width = rows.max() - rows.min() + 1, columns.max() - columns.min() + 1
    assert width / height == pytest.approx(SIZE[0] / SIZE[1], rel=0.02)
    assert width > 0.9 * shown.shape[1]
    red_rows, red_columns = np.nonzero(red)
    assert red_rows.max() < rows.min() + height * 0.52
    assert red_columns.max() < columns.min() + width * 0.52


@pytest.mark.qt_log_ignore("QPainter::begin")
def test_a_printer_that_takes_nothing_is_a_sentence(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    desk.service.send_to_printer(PrintJob(to_pdf(tmp_path / "nowhere" / "printed.pdf"), picture(), of_page=True))
    qtbot.waitUntil(lambda: bool(desk.notices))
    assert (desk.notices[-1].severity, desk.notices[-1].title) == (Severity.ERROR, NOT_PRINTED)
    assert "The printer does not take the page." in desk.notices[-1].advice
    assert desk.trail() == []


@pytest.mark.parametrize("masked", [False, True])
def test_the_page_is_asked_for_as_the_image_is_shown_and_goes_on_record(
    qtbot: QtBot,
    desk: Desk,
    adult_hash: str,
    masked: bool,
) -> None:
    key = put(desk, "a", adult_hash)
    desk.holder.update(image_key=key, mask_names=masked, mask_key="secret")
    desk.readers.answers = [b"PNG"]
    with qtbot.waitSignal(desk.service.page_drawn) as told:
        desk.service.draw_page(Orientation(mirrored=True))
    assert told.args == [b"PNG"]
    (request,) = desk.readers.requests
    assert request.kinds == (ExportKind.PDF,)
    assert (request.shown.mirrored, request.mask_names, request.deidentify) == (True, masked, False)
    if masked:
        assert request.key == "secret"
    how = "names masked" if masked else "identified"
    assert desk.trail() == [("export", key, f"report page to print, {how}")]


def test_a_page_that_cannot_be_drawn_is_a_sentence(
    qtbot: QtBot,
    desk: Desk,
    adult_hash: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk.holder.update(image_key=put(desk, "a", adult_hash))
    failed = SquidError("The file is broken.")
    monkeypatch.setattr(desk.readers, "carry_out", lambda *_: (_ for _ in ()).throw(failed))
    desk.service.draw_page(Orientation())
    qtbot.waitUntil(lambda: bool(desk.notices))
    assert (desk.notices[-1].title, desk.notices[-1].advice) == (NOT_PRINTED, str(failed))
    assert desk.trail() == []
    assert CHANGED not in desk.notices[-1].advice
