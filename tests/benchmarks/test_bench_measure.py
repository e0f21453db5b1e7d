"""A step of dragging the corner of a region over most of 3000 x 3000 pixels, with other marks beside it."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytest_benchmark.fixture import BenchmarkFixture
from pytestqt.qtbot import QtBot

from app.domain.marks.annotations import Annotations
from app.domain.marks.measurements import Length, Roi, RoiShape
from app.services.state.session_holder import SessionHolder
from app.ui.measure.measure_tools import MeasureTools
from app.ui.panes.pane_grid import PaneGrid
from app.ui.wishes import Wishes
from squid_core.contracts.radiograph import Decision, Identity, Radiograph, Verdict, Window
from tests.benchmarks.test_bench_display import FRAME_SECONDS, SIDE

OTHERS = 10


@pytest.mark.parametrize("shape", list(RoiShape))
def test_a_step_of_dragging_a_region(
    qtbot: QtBot, qapp: QApplication, benchmark: BenchmarkFixture, shape: RoiShape
) -> None:
    pixels = np.random.default_rng(0).integers(0, 65536, (SIDE, SIDE), dtype=np.uint16)
    window = Window(30000, 40000)
    holder, panes = SessionHolder(), PaneGrid(Wishes())
    qtbot.addWidget(panes)
    panes.resize(1600, 1200)
    panes.show()
    holder.changed.connect(panes.render_session)
    tools = MeasureTools(holder, panes, Wishes(), panes)
    holder.update(radiograph=Radiograph(pixels, window, Identity("1.2.3"), Verdict(Decision.ANALYSE)), window=window)
    others = tuple(Length(((200.0 * number, 100.0), (200.0 * number, 900.0))) for number in range(OTHERS))
    steps = itertools.count()

    def frame() -> None:
        edge = SIDE - 10.0 - next(steps) % 200
        holder.update(
            annotations=Annotations((*others, Roi(((10.0, 10.0), (edge, edge)), shape))), selected_mark=OTHERS
        )
        panes.original.view.viewport().repaint()

    benchmark.extra_info["goal, seconds"] = FRAME_SECONDS
    benchmark(frame)
    assert tools.display.overlay.picture.labels[OTHERS][0].startswith("mean 327")
