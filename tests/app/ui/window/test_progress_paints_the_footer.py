"""While the queue works, its progress is painted in the footer: nothing of the picture is painted again."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.domain.session import Progress
from tests.app.ui import synthetic
from tests.app.ui.conftest import Room

STEPS = 5


class Paints(QObject):
    """Counts what is painted of a widget and of all in it."""

    def __init__(self, *widgets: QWidget) -> None:
        super().__init__()
        self.of: Counter[str] = Counter()
        for widget in widgets:
            for one in (widget, *widget.findChildren(QWidget)):
                one.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """See the class."""
        if event.type() == QEvent.Type.Paint:
            self.of[f"{type(watched).__name__} {watched.objectName()}"] += 1
        return False


def settle(qtbot: QtBot) -> None:
    """Until what was to be painted has been."""
    for _ in range(3):
        QApplication.sendPostedEvents()
        qtbot.wait(10)


def test_progress_paints_the_footer_and_no_pane(room: Room, qtbot: QtBot) -> None:
    image = synthetic.radiograph()
    room.open(image)
    room.holder.update(detection=synthetic.detection(image), progress=Progress(1, 100))
    settle(qtbot)
    window = room.window
    panes, footer = Paints(window.panes, window.header, window.settings), Paints(window.footer)
    for done in range(2, 2 + STEPS):
        room.holder.update(progress=Progress(done, 100))
        settle(qtbot)
    assert footer.of.total() >= STEPS
    assert panes.of == {}


def test_a_score_of_another_study_paints_no_pane(room: Room, qtbot: QtBot) -> None:
    image = synthetic.radiograph()
    room.open(image)
    room.holder.update(detection=synthetic.detection(image))
    room.store.upsert(*(synthetic.item(number) for number in range(20, 40)))
    qtbot.wait(100)
    settle(qtbot)
    panes = Paints(room.window.panes)
    for number in range(20, 20 + STEPS):
        room.store.upsert(synthetic.item(number, 0.1))
        qtbot.wait(100)
    assert panes.of == {}
