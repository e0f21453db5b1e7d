"""The panes, or an image without a result, as PNG under a line that says whom it is about."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from squid_core.export.pictures.drawing import MUTED, drawn
from squid_core.export.pictures.panes import draw, windowed
from squid_core.export.pictures.patient_words import patient_line, study_line
from squid_core.export.request import ExportRequest
from squid_core.export.source import ExportSource, Written

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DPI, STRIP = 100, 0.62  # inches


def write_picture(request: ExportRequest, source: ExportSource) -> Written:
    """RGB PNG without metadata; the original alone where the image was not scored."""
    radiograph = source.radiograph
    if request.detection is not None:
        picture = draw(radiograph, request.shown, *request.scored(), request.picture)
    else:
        grey = windowed(radiograph, request.shown)
        picture = grey if grey.ndim == 3 else np.repeat(grey[..., None], 3, axis=2)
    identity = radiograph.identity
    lines = patient_line(request, identity), study_line(request, identity, radiograph.frame_count)
    strip = _strip(picture.shape[1], *lines)
    buffer = io.BytesIO()
    Image.fromarray(np.concatenate((strip, picture))).save(buffer, "PNG", optimize=False)
    return Written(buffer.getvalue())


def _strip(width: int, patient: str, study: str) -> NDArray[np.uint8]:
    """(62, width, 3) uint8 with two lines of text."""

    def fill(figure: Figure) -> None:
        figure.text(20 / width, 0.68, patient, fontsize=13, weight="bold", va="center")
        figure.text(20 / width, 0.26, study, fontsize=10.5, color=MUTED, va="center")

    words = drawn(width / DPI, STRIP, DPI, fill)
    strip: NDArray[np.uint8] = np.zeros((words.shape[0], width, 3), np.uint8)
    strip[:, : min(width, words.shape[1])] = words[:, :width]
    return strip
