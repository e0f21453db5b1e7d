"""A pane draws a detection only through that detection's own geometry, and nothing before there is its image."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from app.domain.errors import Notice, Severity
from app.domain.session import Session
from app.domain.settings import ColourMap
from app.domain.study import Study
from app.ui.panes.image_pane import ImagePane
from app.ui.panes.view_link import FIT_MARGIN
from squid_core.contracts.detection import Detection, DetectorSettings, Geometry, Region, RegionShape, Trial
from squid_core.contracts.radiograph import Content, Radiograph
from tests.app.ui import synthetic
from tests.app.ui.conftest import Room

GONE = Notice(Severity.WARNING, "The file of this image is no longer there.", "Put it back.")
# By digest: (height, width) of the image, and the share of it, from the top and from the left, that the model saw.
IMAGES = {"a": ((600, 400), (0.2, 0.3)), "b": ((300, 500), (0.4, 0.1)), "c": ((600, 400), (0.05, 0.5))}
SEEN = 0.4  # of the height and of the width
LOOKS = {"corner_text": False, "patch_grid": True, "overlay": True, "overlay_opacity": 1.0, "difference_threshold": 0}
SLACK = 4  # screen pixels: the edge of a patch is two wide


def radiograph(digest: str) -> Radiograph:
    """Even grey, so that everything in colour is the detector's."""
    (height, width), _ = IMAGES[digest]
    image = synthetic.radiograph(np.full((height, width), 2000, np.float32), content=Content(digest, 1, 1))
    return replace(image, identity=replace(image.identity, patient_orientation=()), spacing=None)


def detection(digest: str, top_k: int = 5) -> Detection:
    """All its pictures fill the part of the image that the model saw."""
    shape, (top, left) = IMAGES[digest]
    found = synthetic.detection(radiograph(digest), settings=replace(synthetic.LOCKED, top_k=top_k))
    side = found.geometry.model_shape
    scale = shape[0] * SEEN / side[0], shape[1] * SEEN / side[1]
    origin = shape[0] * top - 0.5 + scale[0] / 2, shape[1] * left - 0.5 + scale[1] / 2
    even = np.full(side, 0.5, np.float32)
    return replace(
        found,
        geometry=Geometry.upright(shape, side, origin, scale),
        input_image=even,
        reconstruction=even,
        difference=even * 0.6,
        digest=digest,
    )


def pixels(pane: ImagePane) -> NDArray[np.int16]:
    """(H, W, 3) of what is drawn, without the words over it."""
    picture = pane.view.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    data = np.frombuffer(picture.constBits(), np.uint8).reshape(picture.height(), picture.bytesPerLine())
    return data[:, : picture.width() * 3].reshape(picture.height(), picture.width(), 3).astype(np.int16)


def extent(mask: NDArray[np.bool_]) -> tuple[float, float, float, float]:
    """(top, left, bottom, right) of what is true."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return float(rows[0]), float(columns[0]), float(rows[-1] + 1), float(columns[-1] + 1)


def expected(digest: str, pane: ImagePane) -> tuple[float, float, float, float]:
    """Where the model's image lies on the screen, from its own shape alone: fitted and centred."""
    (height, width), (top, left) = IMAGES[digest]
    room = pane.view.viewport().size()
    zoom = FIT_MARGIN * min(room.width() / width, room.height() / height)
    y, x = room.height() / 2 + (top - 0.5) * height * zoom, room.width() / 2 + (left - 0.5) * width * zoom
    return y, x, y + SEEN * height * zoom, x + SEEN * width * zoom


def may_draw(session: Session) -> str | None:
    """The digest of what may be drawn, told from the session's fields alone."""
    found = session.what_if if session.what_if is not None else session.detection
    if found is None:
        return None
    if session.radiograph is None:
        return found.digest if session.error is not None else None
    return found.digest if found.digest == session.radiograph.content.digest else None


def check(room: Room) -> None:
    """Every pane shows what may be drawn where it belongs, and else nothing of the detector's."""
    digest, panes = may_draw(room.holder.state), room.window.panes
    for pane in (panes.reconstruction, panes.difference, panes.memory, panes.original):
        drawn = pixels(pane)
        mask = np.ptp(drawn, axis=2) > 24 if pane is panes.original else np.abs(drawn - drawn[0, 0]).max(axis=2) > 12
        if digest is None:
            assert not mask.any(), pane.title.text()
        else:
            assert extent(mask) == pytest.approx(expected(digest, pane), abs=SLACK), pane.title.text()


@pytest.fixture
def walked(room: Room, settle: Callable[[], None]) -> Room:
    """After an image of another shape, whose detection and what-if are on the screen."""
    display = room.holder.state.display.model_copy(update={**LOOKS, "colour_map": ColourMap.INFERNO})
    room.holder.update(display=display)
    room.open(radiograph("a"), detection("a"))
    settle()
    check(room)
    return room


def select(room: Room, number: int, **left: object) -> None:
    """As the desk does before anything is there; `left` is what it should have taken away."""
    item = synthetic.item(number, 0.5)
    nothing: dict[str, object] = {"detection": None, "what_if": None, "trial": None, "maps": None, "error": None}
    fields = {**nothing, "radiograph": None, "loading": "Reading the image", **left}
    room.holder.update(study=Study(item.study_uid, (item,)), image_key=item.key, **fields)


@pytest.mark.parametrize("digest", ["b", "c"])
@pytest.mark.parametrize("order", list(permutations(("radiograph", "detection", "what_if"))))
@pytest.mark.parametrize("stale", [False, True], ids=["cleared", "another image's detection still there"])
def test_in_whatever_order_things_come(
    walked: Room, settle: Callable[[], None], digest: str, order: tuple[str, ...], stale: bool
) -> None:
    select(walked, 1, **({"detection": detection("a")} if stale else {}))
    settle()
    check(walked)
    comes: dict[str, dict[str, object]] = {
        "radiograph": {"radiograph": radiograph(digest), "window": radiograph(digest).window, "loading": ""},
        "detection": {"detection": detection(digest)},
        "what_if": {"what_if": detection(digest, 9), "trial": Trial(DetectorSettings(9))},
    }
    for name in order:
        walked.holder.update(**comes[name])
        settle()
        check(walked)
    assert may_draw(walked.holder.state) == digest


def test_a_stored_result_stands_alone_where_the_image_cannot_be_shown(walked: Room, settle: Callable[[], None]) -> None:
    select(walked, 1, detection=detection("b"))
    settle()
    check(walked)
    assert walked.window.panes.reconstruction.message == "Reading the image"
    walked.holder.update(loading="", error=GONE)
    settle()
    assert may_draw(walked.holder.state) == "b"
    check(walked)


def test_loupe_flicker_swipe_and_region_draw_nothing_before_either(walked: Room, settle: Callable[[], None]) -> None:
    display = walked.holder.state.display.model_copy(update={"magnifier": True})
    trial = Trial(synthetic.LOCKED, region=Region(RegionShape.RECTANGLE, 20, 20, 90, 90))
    select(walked, 1)
    walked.holder.update(display=display, cursor=(100.0, 60.0))
    settle()
    panes = walked.window.panes
    empty = [pixels(pane) for pane in panes.panes]
    walked.holder.update(detection=detection("b"), swipe=0.5, trial=trial)
    panes.original.toggle_flicker()
    settle()
    assert not panes.original.flickering
    for pane, before in zip(panes.panes, empty, strict=True):
        assert np.array_equal(pixels(pane), before), pane.title.text()
    walked.holder.update(radiograph=radiograph("b"), window=radiograph("b").window, loading="")
    settle()
    for pane, before in zip(panes.panes, empty, strict=True):
        assert not np.array_equal(pixels(pane), before), "and then it does"
