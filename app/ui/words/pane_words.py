"""What panes say of the detector's pictures: how fine they are, and why there is none."""

from __future__ import annotations

from app.domain.session import Session
from app.i18n.language import say, tr
from squid_core.contracts.detection import Detection
from squid_core.contracts.radiograph import PixelArray


def model_badge(detection: Detection, picture: PixelArray | None = None) -> tuple[str, str]:
    """The mark of a pane at model resolution, or of a picture that is finer, and its explanation."""
    size = detection.geometry.model_shape[0]
    tip = tr("The model works on {size} × {size} pixels; this picture is enlarged from that.")
    badge = tr("{size} px, enlarged")
    if picture is None or picture.shape[0] == size:
        return badge.format(size=size), tip.format(size=size)
    finer = tr(
        "A normal picture, painted in {finer} × {finer} pixels: the image itself where nothing is doubted, memory "
        "where the lesion critic or the anatomy is in doubt. Score, difference and a region made normal use the "
        "reconstruction in {size} × {size} pixels, which is shown until this one has come."
    )
    return badge.format(size=picture.shape[0]), finer.format(finer=picture.shape[0], size=size)


WAITS_FOR = ("study", "image_key", "error", "loading", "detection", "what_if")  # fields that `waiting_message` reads


def waiting_message(session: Session) -> str:
    """Why there is no detection to draw, in words; '' where there is one or nothing is selected."""
    if session.shown_detection is not None or session.study is None:
        return ""
    item = session.image
    if session.error is not None:
        return tr("No image")
    if session.detection is not None and session.loading:
        return say(session.loading)
    if item is None or item.pending or session.loading:
        return tr("Not scored yet")
    if item.asks:
        return tr("Not analysed: see the question above")
    return tr("Not analysed")
