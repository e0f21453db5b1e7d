"""Frames over 3000 x 3000 pixels at screen size, all four panes drawn: 30 frames a second is 33 ms a frame."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytest_benchmark.fixture import BenchmarkFixture
from pytestqt.qtbot import QtBot

from app.domain.session import Session
from app.domain.settings import DisplaySettings
from app.domain.window_level import dragged
from app.ui.panes.pane_grid import PaneGrid
from app.ui.wishes import Wishes
from squid_core.contracts.detection import Geometry
from squid_core.contracts.radiograph import Decision, Identity, Radiograph, Verdict, Window
from tests.app.ui import synthetic

SIDE = 3000
LAID = Geometry((SIDE, SIDE), (128, 128), ((22.5, -3.2, 200.0), (3.0, 22.0, -150.0)))  # as a registered image lies
FRAME_SECONDS = 1 / 30
LOOKS: dict[str, dict[str, object]] = {
    "plain": {},
    "gamma": {"gamma": 1.5},
    "clahe": {"clahe": True},
    "magnifier": {"magnifier": True, "magnifier_times": 3},
}
Frame = Callable[[int], None]


@pytest.fixture
def image() -> Radiograph:
    """16 bits, noise: the worst there is to look up and to resample."""
    pixels = np.random.default_rng(0).integers(0, 65536, (SIDE, SIDE), dtype=np.uint16)
    return Radiograph(pixels, Window(30000, 40000), Identity("1.2.3"), Verdict(Decision.ANALYSE))


@pytest.fixture
def panes(image: Radiograph, qtbot: QtBot, qapp: QApplication) -> PaneGrid:
    grid = PaneGrid(Wishes())
    qtbot.addWidget(grid)
    grid.resize(1600, 1200)
    grid.show()
    return grid


def measure(benchmark: BenchmarkFixture, panes: PaneGrid, frame: Frame) -> None:
    """Time `frame` with the painting of every pane; the median is what the documents give."""
    steps = itertools.count()

    def one() -> None:
        frame(next(steps))
        for pane in panes.panes:
            pane.view.viewport().repaint()

    benchmark.extra_info["goal, seconds"] = FRAME_SECONDS
    benchmark(one)


def show(panes: PaneGrid, image: Radiograph, look: str, quarters: int) -> Session:
    display = DisplaySettings.model_validate({**LOOKS[look], "overlay": True})
    found = replace(synthetic.detection(synthetic.radiograph()), geometry=LAID)
    session = Session(radiograph=image, window=image.window, detection=found, display=display, cursor=(1400.0, 1600.0))
    panes.render_session(None, session)
    panes.link.turn(quarters)
    QApplication.processEvents()
    return session


@pytest.mark.parametrize("quarters", [0, 1], ids=["upright", "turned"])
@pytest.mark.parametrize("look", LOOKS)
def test_a_step_of_a_window_drag(
    panes: PaneGrid, image: Radiograph, benchmark: BenchmarkFixture, look: str, quarters: int
) -> None:
    old = start = show(panes, image, look, quarters)

    def frame(step: int) -> None:
        nonlocal old
        new = Session(
            radiograph=image,
            window=dragged(image.window, step % 200, step % 200 / 2),
            detection=start.detection,
            display=start.display,
            cursor=start.cursor,
        )
        panes.render_session(old, new)
        old = new

    measure(benchmark, panes, frame)


@pytest.mark.parametrize("quarters", [0, 1], ids=["upright", "turned"])
@pytest.mark.parametrize("look", ["plain", "clahe"])
def test_a_step_of_a_pan(
    panes: PaneGrid, image: Radiograph, benchmark: BenchmarkFixture, look: str, quarters: int
) -> None:
    show(panes, image, look, quarters)
    panes.link.zoom_about(1500, 1500, 3.0)
    measure(benchmark, panes, lambda step: panes.link.pan(*((9, 13) if step % 40 < 20 else (-9, -13))))


@pytest.mark.parametrize("quarters", [0, 1], ids=["upright", "turned"])
@pytest.mark.parametrize("look", ["plain", "clahe"])
def test_a_step_of_a_zoom(
    panes: PaneGrid, image: Radiograph, benchmark: BenchmarkFixture, look: str, quarters: int
) -> None:
    show(panes, image, look, quarters)
    measure(benchmark, panes, lambda step: panes.link.zoom_about(1200, 1700, 1.1 if step % 20 < 10 else 1 / 1.1))


def test_a_step_of_a_swipe(panes: PaneGrid, image: Radiograph, benchmark: BenchmarkFixture) -> None:
    old = start = show(panes, image, "plain", 0)

    def frame(step: int) -> None:
        nonlocal old
        new = Session(
            radiograph=image, window=start.window, detection=start.detection, display=start.display,
            cursor=start.cursor, swipe=(step % 50) / 50,
        )  # fmt: skip
        panes.render_session(old, new)
        old = new

    measure(benchmark, panes, frame)
