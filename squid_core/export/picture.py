"""The panes, or an image without a result, as PNG under a line that says whom it is about."""

from __future__ import annotations

import io
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from squid_core.export.panes import draw, windowed
from squid_core.export.patient_words import patient_line, study_line
from squid_core.export.request import ExportRequest
from squid_core.export.source import ExportSource, Written
from squid_core.inference.drawing import MUTED, STYLE, WINDOW

DPI, STRIP = 100, 0.62  # inches


def write_picture(request: ExportRequest, source: ExportSource) -> Written:
    """RGB PNG without metadata; the original alone where the image was not scored."""
    radiograph = source.radiograph
    if request.detection is not None:
        picture = draw(radiograph, request.shown, *request.scored())
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
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with rc_context(cast(Any, STYLE)):
        figure = Figure(figsize=(width / DPI, STRIP), dpi=DPI, facecolor=WINDOW)
        canvas = FigureCanvasAgg(figure)
        left = 20 / width
        figure.text(left, 0.68, patient, fontsize=13, weight="bold", va="center")
        figure.text(left, 0.26, study, fontsize=10.5, color=MUTED, va="center")
        canvas.draw()  # type: ignore[no-untyped-call]
        drawn = np.asarray(canvas.buffer_rgba())[..., :3]  # type: ignore[no-untyped-call]
    strip: NDArray[np.uint8] = np.zeros((drawn.shape[0], width, 3), np.uint8)
    strip[:, : min(width, drawn.shape[1])] = drawn[:, :width]
    return strip
