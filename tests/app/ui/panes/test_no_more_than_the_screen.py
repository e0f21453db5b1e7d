"""Nothing is resampled before it is known what a pane shows, nor to more than its viewport holds."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from app.domain.session import Session
from app.ui.panes.memory_pane import MemoryPane
from app.ui.panes.original_pane import OriginalPane
from app.ui.panes.picture_source import ROOM, source_of
from app.ui.panes.view_link import ViewLink, ViewRect
from app.ui.wishes import Wishes
from squid_core.contracts.affine import IDENTITY, Matrix
from tests.app.ui import synthetic
from tests.app.ui.conftest import Room

WIDTH, HEIGHT = 700, 500  # of a viewport
ORIGINAL = (2500, 2048)
PATCHES: Matrix = ((625.0, 0.0, 312.0), (0.0, 512.0, 255.5))  # 4 x 4 over the original


@pytest.mark.parametrize("ratio", [1.0, 2.0])
@pytest.mark.parametrize("times", [1.0, 8.0, 64.0])
@pytest.mark.parametrize("place", [PATCHES, IDENTITY], ids=["patches", "original"])
def test_no_picture_is_resampled_to_more_than_the_viewport(place: Matrix, times: float, ratio: float) -> None:
    link = ViewLink()
    link.set_image(ORIGINAL)
    link.zoom_about(700.0, 900.0, times)
    shape = (4, 4) if place is PATCHES else ORIGINAL
    sample = source_of(np.zeros(shape, np.float32), place).sample(link.rect(WIDTH, HEIGHT), ratio)
    assert sample is not None
    assert sample.shape[0] <= HEIGHT * ratio + ROOM
    assert sample.shape[1] <= WIDTH * ratio + ROOM
    assert sample.take().shape == sample.shape


def test_what_is_cut_off_at_the_viewport_looks_as_the_whole_enlarged() -> None:
    values = np.random.default_rng(2).random((4, 4), dtype=np.float32)
    view = ViewRect(top=500.0, left=300.0, height=200.0, width=400.0, zoom=2.0)
    sample = source_of(values, PATCHES).sample(view, 1.0)
    assert sample is not None
    assert (sample.extent, sample.shape) == ((500.0, 300.0, 200.0, 400.0), (400, 800))
    whole = cv2.resize(values, (2 * 2048, 2 * 2500), interpolation=cv2.INTER_LINEAR)
    expected = whole[1001:1401, 601:1401]  # pixel edges lie at half a pixel of the original
    assert sample.take() == pytest.approx(expected, abs=0.02)


def _noting(made: Callable[..., object], sizes: list[tuple[int, int]]) -> Callable[..., object]:
    """A function of OpenCV's that also notes which sizes, (width, height), it is asked for."""

    def called(*given: object, **more: object) -> object:
        sizes.extend(one for one in given if isinstance(one, tuple))
        return made(*given, **more)

    return called


def _memory() -> MemoryPane:
    return MemoryPane(ViewLink(), Wishes())


def _original() -> OriginalPane:
    return OriginalPane(ViewLink())


@pytest.mark.parametrize("made", [_memory, _original])
def test_nothing_is_resampled_before_the_view_is_known(
    room: Room, monkeypatch: pytest.MonkeyPatch, made: Callable[[], MemoryPane | OriginalPane]
) -> None:
    image = synthetic.radiograph()
    shown = Session(radiograph=image, detection=synthetic.detection(image), window=image.window)
    pane = made()
    pane.setParent(room.window)
    pane.resize(400, 300)
    taken: list[tuple[int, int]] = []
    for name in ("resize", "warpAffine"):
        monkeypatch.setattr(cv2, name, _noting(getattr(cv2, name), taken))
    pane.render_session(None, shown)
    assert pane.image.source is not None
    assert taken == []
    pane.link.set_image((image.pixels.shape[0], image.pixels.shape[1]))
    assert taken
    size = pane.view.viewport().size()
    assert all(width <= size.width() + ROOM and height <= size.height() + ROOM for width, height in taken)
