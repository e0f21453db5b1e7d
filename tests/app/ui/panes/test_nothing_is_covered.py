"""In panes as narrow as a small screen makes them, words do not lie on words."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain.errors import Notice, Severity
from app.domain.settings import DisplaySettings, Layout
from app.i18n.language import tr
from app.ui.dialogs.lists import NoticesDialog
from app.ui.panes.image_pane import Place
from app.ui.panes.pane_title import PaneTitle
from squid_core.contracts.detection import DetectorSettings, Trial
from tests.app.ui import synthetic
from tests.app.ui.conftest import Room


def test_the_mark_at_the_foot_makes_way_for_the_corner_texts(room: Room, settle: Callable[[], None]) -> None:
    image = synthetic.radiograph()
    room.open(image, synthetic.detection(image))
    pane = room.window.panes.reconstruction  # in the original's pane they leave the foot of the picture
    pane.set_text(Place.BOTTOM, "F")
    pane.set_text(Place.BOTTOM_LEFT, "a long line of words " * 12)
    settle()
    foot, corner = pane._texts[Place.BOTTOM], pane._texts[Place.BOTTOM_LEFT]
    assert corner.geometry().right() > foot.geometry().left(), "they would lie on each other"
    assert not corner.geometry().intersects(foot.geometry())
    pane.set_text(Place.BOTTOM_LEFT, "short")
    assert foot.geometry().bottom() == corner.geometry().bottom(), "and comes back"


def test_a_wide_plate_makes_way_for_the_corner_texts(room: Room, settle: Callable[[], None]) -> None:
    image = synthetic.radiograph()
    room.open(image, synthetic.detection(image))
    pane = room.window.panes.original
    pane.set_text(Place.TOP_RIGHT, "500 × 600")
    corner = pane._texts[Place.TOP_RIGHT]
    pane.state.say("narrow")
    pane._place_state()
    high = pane.state.y()
    pane.state.say("a long line of words " * 4)
    pane._place_state()
    assert pane.state.geometry().right() > corner.geometry().left(), "it is as wide as that"
    assert not corner.geometry().intersects(pane.state.geometry())
    pane.state.say("narrow")
    pane._place_state()
    assert pane.state.y() == high


def test_a_long_title_ends_in_an_ellipsis_and_stays_whole_for_others(room: Room, settle: Callable[[], None]) -> None:
    title = PaneTitle("Normal reconstruction")
    title.resize(title.sizeHint())
    whole = title.grab().toImage()
    title.resize(title.sizeHint().width() - 12, title.height())
    cut = title.grab().toImage()
    assert title.text() == "Normal reconstruction"
    assert cut.copy(0, 0, 60, cut.height()) == whole.copy(0, 0, 60, cut.height())
    assert cut != whole.copy(0, 0, cut.width(), cut.height()), "not merely cut off"


def test_the_bars_of_all_panes_are_of_one_height(room: Room, settle: Callable[[], None]) -> None:
    image = synthetic.radiograph()
    room.open(image, synthetic.detection(image))
    room.holder.update(patch=0, display=DisplaySettings(layout=Layout.FOUR))
    settle()
    bars = [pane.title.parentWidget() for pane in room.window.panes.panes]
    assert all(bar is not None for bar in bars)
    assert len({bar.height() for bar in bars if bar is not None}) == 1


def test_a_what_if_is_named_below_the_numbers_of_the_patches(room: Room, settle: Callable[[], None]) -> None:
    image = synthetic.radiograph()
    found = synthetic.detection(image)
    room.open(image, found)
    room.holder.update(what_if=found, trial=Trial(DetectorSettings(top_k=9)))
    settle()
    assert room.window.panes.memory.text(Place.BOTTOM_LEFT) == tr("What-if")
    assert not room.window.panes.memory.text(Place.TOP_LEFT), "the first patch's number stands there"


def test_a_long_notice_is_shown_whole(qtbot: QtBot) -> None:
    advice = "It was taken off the list of what was opened last; open it where it lies now. " * 2
    dialog = NoticesDialog([Notice(Severity.WARNING, "That folder or file is no longer there.", advice)])
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.wait(50)
    table, item = dialog.table, dialog.table.item(0, 1)
    assert item is not None
    wanted = table.fontMetrics().boundingRect(
        0, 0, table.columnWidth(1) - 12, 10_000, int(Qt.TextFlag.TextWordWrap), item.text()
    )
    assert table.rowHeight(0) >= wanted.height()
    assert table.columnWidth(1) > table.width() / 2, "an empty column of details takes no room from it"
