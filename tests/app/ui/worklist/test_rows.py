"""How a row looks: levels that can be counted, no green, who a study is of, and columns that find room."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.listing.levels import level_of
from app.domain.session import Session
from app.domain.settings import ListColumn, ListSettings
from app.domain.study import ImageItem, Judgement, Reading, Study
from app.domain.worklist import Worklist
from app.ui.look import theme
from app.ui.look.levels import level_colour
from app.ui.wishes import Wishes
from app.ui.worklist.columns import place_columns
from app.ui.worklist.delegate import paint_level
from app.ui.worklist.view import WorklistView
from squid_core.contracts.radiograph import Identity
from tests.app.ui import synthetic

LEVELS = ((50.0, 1), (89.9, 1), (90.0, 2), (95.0, 3), (98.9, 3), (99.0, 4), (100.0, 4))


@pytest.fixture(params=["dark", "light"])
def look(request: pytest.FixtureRequest, styled: QApplication) -> Iterator[theme.Tokens]:
    theme.apply(styled, theme.THEMES[request.param])
    yield theme.tokens()
    theme.apply(styled)


def study(item: ImageItem) -> Study:
    return Study(item.study_uid, (item,))


def drawn(shown: Study) -> list[str]:
    """The colours of a bar's segments."""
    image = QImage(60, 4, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    paint_level(painter, QRect(0, 0, 60, 4), shown)
    painter.end()
    return [image.pixelColor(segment * 15 + 6, 1).name() for segment in range(4)]


@pytest.mark.parametrize(("percentile", "filled"), LEVELS)
def test_a_score_fills_a_segment_more_at_every_operating_point(
    look: theme.Tokens, percentile: float, filled: int
) -> None:
    colours = drawn(study(synthetic.item(0, 0.5, percentile=percentile)))
    empty = QColor(look.border).name()
    assert [colour != empty for colour in colours] == [number < filled for number in range(4)]
    assert set(colours[:filled]) == {QColor(level_colour(level_of(percentile))).name()}


def test_no_score_is_green_and_a_scored_study_has_no_tick(look: theme.Tokens, qtbot: QtBot) -> None:
    view = WorklistView(Wishes())
    qtbot.addWidget(view)
    view.resize(268, 500)
    view.show()
    view.set_worklist(Worklist(synthetic.item(n, 0.5, percentile=p) for n, (p, _) in enumerate(LEVELS)))
    QApplication.processEvents()
    picture = view.list.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    colours = {picture.pixel(x, y) for x in range(picture.width()) for y in range(picture.height())}
    hues = [QColor(rgb) for rgb in colours]
    assert not [one.name() for one in hues if 75 < one.hsvHue() < 180 and one.hsvSaturation() > 60 and one.value() > 60]


def test_levels_can_be_told_apart_without_their_hue(look: theme.Tokens) -> None:
    greys = sorted(QColor(level_colour(level)).lightness() for level in range(4))
    assert len({level_colour(level) for level in range(4)}) == 4
    assert all(abs(grey - QColor(look.panel).lightness()) > 50 for grey in greys), "each stands out from the row"


def painted(view: WorklistView, *items: ImageItem, readings: dict[str, Reading] | None = None) -> QImage:
    worklist = Worklist(items)
    view.set_worklist(worklist.judged({}, readings) if readings else worklist)
    QApplication.processEvents()
    return view.list.viewport().grab().toImage()


@pytest.fixture
def view(styled: QApplication, qtbot: QtBot) -> WorklistView:
    widget = WorklistView(Wishes())
    qtbot.addWidget(widget)
    widget.resize(268, 300)
    widget.show()
    return widget


def test_unread_opened_read_and_judged_look_each_otherwise(view: WorklistView) -> None:
    item = synthetic.item(0, 0.5)
    pictures = [painted(view, item, readings={item.digest: reading}) for reading in Reading]
    judged = Worklist([item]).judged({item.digest: Judgement.REJECTED})
    view.set_worklist(judged.judged({}, {item.digest: Reading.READ}))
    QApplication.processEvents()
    pictures.append(view.list.viewport().grab().toImage())
    assert all(one != other for at, one in enumerate(pictures) for other in pictures[:at])


def test_studies_without_a_name_are_told_apart(view: WorklistView) -> None:
    nameless = {"patient_name": "", "study_description": ""}
    items = [
        synthetic.item(0, identity=synthetic.identity(0, patient_id="A-1", **nameless)),
        synthetic.item(1, identity=synthetic.identity(1, patient_id="A-2", **nameless)),
        synthetic.item(2, identity=synthetic.identity(2, patient_id="", **nameless)),
        synthetic.item(3, identity=synthetic.identity(3, patient_id="", **nameless)),
    ]
    view.set_worklist(Worklist(items))
    for masked in (False, True):
        view.render_session(None, Session(mask_names=masked, mask_key="secret"))
        model = view.list.studies
        names = {str(model.index(row).data(Qt.ItemDataRole.DisplayRole)).split(",")[0] for row in range(4)}
        assert len(names) == 4
        assert "Unnamed patient" not in names


@pytest.mark.parametrize("compact", [False, True])
def test_the_number_beside_a_pseudonym_is_whole_in_the_narrowest_list(
    view: WorklistView, monkeypatch: pytest.MonkeyPatch, compact: bool
) -> None:
    said: list[str] = []
    whole = QPainter.drawText

    def listen(painter: QPainter, *what: object) -> object:
        said.append(str(what[-1]))
        return whole(painter, *what)  # type: ignore[call-overload]

    monkeypatch.setattr(QPainter, "drawText", listen)
    view.render_session(None, Session(listing=ListSettings(compact=compact)))
    who: Identity = synthetic.identity(0, patient_name="Patient AB12CD (ID 4711-0815-99)", study_description="Thorax")
    painted(view, synthetic.item(0, 0.5, identity=who))
    assert any("ID 4711-0815-99" in words for words in said)


@pytest.mark.parametrize("width", range(120, 1500, 60))
def test_columns_never_lie_over_each_other_nor_outside(styled: QApplication, width: int) -> None:
    font = theme.font()
    for points in (9.5, 19.0):
        font.setPointSizeF(points)
        places = place_columns(frozenset(ListColumn), width, QFontMetrics(font), 80)
        assert ListColumn.NAME in {place.column for place in places}
        for one, other in pairwise(places):
            assert one.left + one.width < other.left
        assert all(0 <= place.left <= place.left + place.width <= width for place in places)
    assert len(place_columns(frozenset(ListColumn), 3000, QFontMetrics(font), 80)) == len(ListColumn)


def test_a_replaced_file_says_so_in_its_row(view: WorklistView) -> None:
    item = synthetic.item(0, 0.5)
    assert painted(view, item) != painted(view, replace(item, replaced=True))
