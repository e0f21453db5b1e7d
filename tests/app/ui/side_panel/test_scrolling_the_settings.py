"""Scrolling the settings panel scrolls it, and changes no setting that happens to lie under the mouse."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.app.ui import synthetic
from tests.app.ui.conftest import Room


@pytest.mark.parametrize("control", ["top_k", "top_k_slider", "shrinkage", "gate", "rho"])
def test_the_wheel_over_a_control_asks_for_no_what_if(
    room: Room, qtbot: QtBot, settle: Callable[[], None], control: str
) -> None:
    image = synthetic.radiograph()
    room.open(image, synthetic.detection(image))
    section = room.window.settings.what_if
    section.rho.setEnabled(True)
    settle()
    target: QWidget = getattr(section, control)
    target.setFocus()
    at = QPointF(target.rect().center())
    event = QWheelEvent(
        at, QPointF(target.mapToGlobal(at.toPoint())), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    with qtbot.assertNotEmitted(room.wishes.what_if_changed, wait=20):
        QApplication.sendEvent(target, event)
    assert not event.isAccepted()
