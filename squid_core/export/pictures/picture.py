"""The panes, or an image without a result, as PNG under a line that says whom it is about."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from squid_core.contracts.radiograph import Radiograph
from squid_core.contracts.reading import Remarks
from squid_core.export.dicom.parts import RESEARCH_ONLY
from squid_core.export.pictures.drawing import MUTED, as_shown, drawn
from squid_core.export.pictures.panes import MARK_POINTS, draw, draw_original, windowed
from squid_core.export.pictures.patient_words import patient_line, study_line
from squid_core.export.pictures.remarks import draw_marks, with_words
from squid_core.export.request import ExportRequest, ShownAs
from squid_core.export.source import ExportSource, Written, pictured_remarks

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DPI, STRIP = 100, 0.62  # inches


def write_picture(request: ExportRequest, source: ExportSource) -> Written:
    """RGB PNG without metadata; the original alone where the image was not scored."""
    radiograph = source.radiograph
    remarks = pictured_remarks(request, source)
    if request.detection is not None:
        picture = draw(radiograph, request.shown, *request.scored(), request.picture, remarks)
    else:
        picture = with_words(_alone(radiograph, request.shown, remarks), remarks)
    strip = _strip(picture.shape[1], *strip_lines(request, radiograph))
    buffer = io.BytesIO()
    Image.fromarray(np.concatenate((strip, picture))).save(buffer, "PNG", optimize=False)
    return Written(buffer.getvalue())


def strip_lines(request: ExportRequest, radiograph: Radiograph) -> tuple[str, str]:
    """Whom the picture is about; and of when, behind the notice, which the panes of a scored image bear themselves."""
    identity = radiograph.identity
    study = study_line(request, identity, radiograph.frame_count)
    notice = "" if request.detection is not None else f"{RESEARCH_ONLY}  ·  "
    return patient_line(request, identity), f"{notice}{study}"


def _alone(radiograph: Radiograph, shown: ShownAs, remarks: Remarks) -> NDArray[np.uint8]:
    """(H, W, 3) RGB: the original pixel by pixel, with the letters of its sides and the marks on it."""
    height, width = windowed(radiograph, shown).shape[:2]
    if shown.quarters % 2:
        height, width = width, height

    def fill(figure: Figure) -> None:
        axes = figure.add_axes((0, 0, 1, 1))
        draw_original(axes, radiograph, shown)
        axes.set_aspect("auto")
        axes.spines[:].set_visible(False)
        if shown.marks:
            draw_marks(axes, remarks.marks, as_shown(shown, radiograph.pixels.shape), MARK_POINTS)

    return drawn(width / DPI, height / DPI, DPI, fill)


def _strip(width: int, patient: str, study: str) -> NDArray[np.uint8]:
    """(62, width, 3) uint8 with two lines of text."""

    def fill(figure: Figure) -> None:
        figure.text(20 / width, 0.68, patient, fontsize=13, weight="bold", va="center")
        figure.text(20 / width, 0.26, study, fontsize=10.5, color=MUTED, va="center")

    words = drawn(width / DPI, STRIP, DPI, fill)
    strip: NDArray[np.uint8] = np.zeros((words.shape[0], width, 3), np.uint8)
    strip[:, : min(width, words.shape[1])] = words[:, :width]
    return strip
