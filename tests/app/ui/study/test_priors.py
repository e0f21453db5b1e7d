"""Another study of the patient beside the current one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.errors import Notice, Severity
from app.domain.priors import Beside
from app.domain.study import Study
from app.domain.watching import WatchedFolder
from app.ui.words.prior_words import apart_words, offer_words
from squid_core.contracts.radiograph import Radiograph, Window
from tests.app.ui import synthetic
from tests.app.ui.conftest import Room

Settle = Callable[[], None]


OLD = date(2011, 3, 1)


def study_of(number: int, day: date | None = OLD, **changes: object) -> Study:
    made = synthetic.identity(number, patient_id="P0000", study_date=day, **changes)
    item = synthetic.item(number, 0.4, identity=made)
    return Study(item.study_uid, (item,))


def prior_image(study: Study) -> Radiograph:
    """Of another size than the current one; dark, with one bright square above its middle on the left."""
    pixels = np.zeros((900, 700), np.uint16)
    pixels[200:300, 100:200] = 4000
    window = Window(2000, 4000)
    return synthetic.radiograph(pixels.astype(np.float32), identity=study.identity, window=window)


@pytest.fixture
def compared(room: Room, settle: Settle) -> tuple[Room, Study]:
    """A room with a prior beside the current study."""
    image = synthetic.radiograph()
    room.open(image, synthetic.detection(image))
    prior = study_of(20)
    shown = prior_image(prior)
    beside = Beside(prior, prior.images[0].key).with_radiograph(shown, shown.window)
    room.holder.update(others=(prior,), beside=beside)
    settle()
    return room, prior


def grey_at(room: Room, row: float, column: float) -> int:
    view = room.window.panes.prior.view
    x, y = view.rect_shown.to_viewport(row, column)
    return QColor(view.grab().toImage().pixel(round(x), round(y))).lightness()


def test_current_and_prior_stand_side_by_side_and_both_say_their_date(compared: tuple[Room, Study]) -> None:
    panes = compared[0].window.panes
    assert [pane.isVisible() for pane in panes.all_panes] == [True, False, False, False, True]
    assert panes.prior.title.text() == "PRIOR 2011-03-01"
    assert panes.prior.state.text().splitlines()[0] == "PRIOR 2011-03-01"
    assert panes.original.state.text().splitlines()[0] == "CURRENT 2014-05-02"
    assert panes.prior.badge.text() == "3.2 years earlier"
    assert abs(panes.original.width() - panes.prior.width()) <= 8
    left, right = panes.original.mapTo(panes, QPoint()).x(), panes.prior.mapTo(panes, QPoint()).x()
    assert left < right


def test_the_prior_shows_its_own_pixels_the_right_way_round(compared: tuple[Room, Study], settle: Settle) -> None:
    room = compared[0]
    assert grey_at(room, 250, 150) > 200
    for row, column in ((250, 550), (650, 150), (650, 550)):
        assert grey_at(room, row, column) < 60


def test_zoom_and_pan_follow_by_share_of_each_image(compared: tuple[Room, Study], settle: Settle) -> None:
    room = compared[0]
    panes = room.window.panes
    panes.link.zoom_about(150, 125, 3.0)
    settle()
    for one, other in ((panes.link, panes.prior.link), (panes.prior.link, panes.link)):
        one.pan(12, 7)
        shares = [
            ((link.centre[0] + 0.5) / link.shape[0], (link.centre[1] + 0.5) / link.shape[1]) for link in (one, other)
        ]
        assert shares[0] == pytest.approx(shares[1])
        assert one.magnification == other.magnification == pytest.approx(3.0)
    assert panes.prior.link.shape == (900, 700)
    assert panes.link.shape == (600, 500)


def test_keys_window_the_prior_while_it_has_the_focus_and_reset_gives_both_their_own(
    compared: tuple[Room, Study],
) -> None:
    room = compared[0]
    own, before = room.holder.state.window, room.holder.state.beside
    assert before is not None
    assert before.radiograph is not None
    view = room.window.panes.prior.view
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    after = room.holder.state.beside
    assert after is not None
    assert after.window is not None
    assert before.window is not None
    assert after.window.width > before.window.width
    assert room.holder.state.window == own
    QTest.keyClick(view, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    reset = room.holder.state.beside
    assert reset is not None
    assert reset.window == before.radiograph.window


def test_a_drag_on_the_prior_changes_only_its_window(compared: tuple[Room, Study], qtbot: QtBot) -> None:
    room = compared[0]
    before, view = room.holder.state, room.window.panes.prior.view
    middle = view.viewport().rect().center()
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle)
    for step in range(1, 6):
        QTest.mouseMove(view.viewport(), middle + QPoint(10 * step, 0))
    end = middle + QPoint(50, 0)
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, end)
    after = room.holder.state
    assert before.beside is not None
    assert after.beside is not None
    assert after.beside.window != before.beside.window
    assert after.window == before.window


def test_a_preset_key_is_for_the_pane_with_the_focus(compared: tuple[Room, Study], qtbot: QtBot) -> None:
    room = compared[0]
    own = room.holder.state.window
    room.window.panes.prior.view.setFocus()
    QTest.keyClick(room.window.panes.prior.view, Qt.Key.Key_6)
    state = room.holder.state
    assert state.beside is not None
    assert state.beside.window is not None
    assert state.beside.window.name == "Full range"
    assert state.window == own


def test_the_prior_has_a_cursor_of_its_own(compared: tuple[Room, Study], qtbot: QtBot) -> None:
    room = compared[0]
    view = room.window.panes.prior.view
    x, y = view.rect_shown.to_viewport(250, 150)
    QTest.mouseMove(view.viewport(), QPointF(x, y).toPoint())
    assert "value 4000" in room.window.panes.prior.readout.whole
    assert room.holder.state.cursor is None


def test_escape_and_the_menu_leave_the_comparison_and_the_panes_are_as_before(
    compared: tuple[Room, Study], qtbot: QtBot, settle: Settle
) -> None:
    room = compared[0]
    with qtbot.waitSignal(room.wishes.beside_wanted) as wanted:
        QTest.keyClick(room.window.panes.original.view, Qt.Key.Key_Escape)
    assert wanted.args == [""]
    room.holder.update(beside=None)
    settle()
    panes = room.window.panes
    assert [pane.isVisible() for pane in panes.all_panes] == [True, True, True, True, False]
    assert abs(panes.original.width() - panes.reconstruction.width()) <= 8
    assert panes.original.state.text() == ""


def test_keys_walk_through_the_priors_and_the_header_offers_them(compared: tuple[Room, Study], qtbot: QtBot) -> None:
    room, prior = compared
    for modifier, step in ((Qt.KeyboardModifier.NoModifier, 1), (Qt.KeyboardModifier.ShiftModifier, -1)):
        with qtbot.waitSignal(room.wishes.beside_stepped) as wanted:
            QTest.keyClick(room.window.panes.original.view, Qt.Key.Key_B, modifier)
        assert wanted.args == [step]
    button = room.window.header.priors
    assert button.isVisible()
    assert button.accessibleName() == "1 prior: 2011-03-01"
    entry = button.menu().actions()[0]
    assert entry.text().startswith("2011-03-01  ·  3.2 years earlier")
    with qtbot.waitSignal(room.wishes.beside_wanted) as chosen:
        entry.trigger()
    assert chosen.args == [prior.uid]


def test_another_name_is_warned_of_in_words_over_the_panes(compared: tuple[Room, Study], settle: Settle) -> None:
    room = compared[0]
    beside = room.holder.state.beside
    assert beside is not None
    room.holder.update(beside=replace(beside, name_differs=True))
    settle()
    assert any("names differ" in line.text.text() for line in room.window.banners.lines)
    assert "another name" in room.window.panes.prior.badge.text()


def test_a_prior_that_cannot_be_read_says_why_in_its_own_pane(compared: tuple[Room, Study], settle: Settle) -> None:
    room, prior = compared
    error = Notice(Severity.ERROR, "The file ends before its picture does.")
    room.holder.update(beside=Beside(prior, prior.images[0].key).failed(error))
    settle()
    assert "The file ends" in room.window.panes.prior.message
    assert room.window.panes.original.message == ""
    lay = replace(error, place=Path("/media/stick"))
    room.holder.update(beside=Beside(prior, prior.images[0].key).failed(lay))
    assert str(lay.place) in room.window.panes.prior.message
    assert any(str(lay.place) in line.text.text() for line in room.window.banners.lines)
    room.holder.update(mask_names=True)
    settle()
    said = [room.window.panes.prior.message, *(line.text.text() for line in room.window.banners.lines)]
    assert not any("stick" in words for words in said)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2014, 5, 1), "1 day earlier"), (date(2014, 4, 12), "20 days earlier"), (date(2014, 5, 2), "same day"),
        (date(2013, 5, 2), "12 months earlier"), (date(2010, 5, 2), "4 years earlier"),
        (date(2019, 11, 1), "5.5 years later"), (None, ""),
    ],
)  # fmt: skip
def test_how_far_apart_two_studies_lie_is_said_in_words(day: date | None, words: str) -> None:
    assert apart_words(study_of(20, day), study_of(0, date(2014, 5, 2))) == words


def test_later_studies_are_not_called_priors() -> None:
    current = study_of(0, date(2014, 5, 2))
    assert offer_words((study_of(2, date(2020, 1, 1)),), current) == "1 later study: 2020-01-01"
    both = (study_of(2, date(2020, 1, 1)), study_of(3, date(2012, 1, 1)))
    assert offer_words(both, current) == "2 priors: 2012-01-01"


def test_with_names_masked_neither_dates_nor_folders_are_shown(compared: tuple[Room, Study], settle: Settle) -> None:
    room = compared[0]
    room.holder.update(
        mask_names=True, mask_key="key", recent=(Path("/films/Lindqvist"),), watch=WatchedFolder(Path("/in"))
    )
    settle()
    panes = room.window.panes
    shown = [panes.prior.title.text(), panes.prior.state.text(), panes.original.state.text()]
    shown += [action.text() for action in room.window.header.priors.menu().actions()]
    assert not any("2011" in text or "2014" in text for text in shown)
    assert "3.2 years earlier" in panes.prior.badge.text()
    assert not room.window.recent._menu.isEnabled()
    assert not room.window.footer.watch.folder.isVisible()
