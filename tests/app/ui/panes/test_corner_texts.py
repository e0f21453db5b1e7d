"""Who it is stands in the corner; no word lies on the angles between ribs and diaphragm, nor on another word."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import combinations

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QLabel

from app.domain.priors import Beside
from app.domain.settings import EvidenceMap, Layout
from app.domain.study import Study
from app.ui.panes.image_pane import Place
from app.ui.panes.original_pane import OriginalPane
from squid_core.bundle.library import available
from squid_core.contracts.radiograph import FloatArray
from squid_core.pose import unpack
from tests.app.ui import synthetic
from tests.app.ui.conftest import Room
from tests.app.ui.hands import CTRL, key

WHO = synthetic.identity(0, patient_birth_date=date(1960, 3, 4), accession_number="A-2026-00412", laterality="B")
TOLD = ("Lindqvist, Astrid", "P0000", "1960-03-04", "54", "A-2026-00412")
# Where the angles between ribs and diaphragm lie in the mean normal chest: (row, column), in shares of the picture, by
# eye and checked against its greys below. A field that ends closer below the lungs has them lower down.
ANGLES = ((0.72, 0.17), (0.72, 0.85))
ABOVE, ASIDE, BELOW = 0.10, 0.10, 0.20


def mean_chest() -> FloatArray:
    """Of the weights that ship for adults."""
    return unpack(available()["adult"].card.preprocessing.mean_chest).mean


def opened(room: Room, shape: tuple[int, int], settle: Callable[[], None]) -> OriginalPane:
    image = synthetic.radiograph(synthetic.chest(*shape), identity=WHO)
    room.open(image, synthetic.detection(image), synthetic.item(0, 0.83, identity=WHO))
    settle()
    return room.window.panes.original


def words(pane: OriginalPane) -> dict[str, QLabel]:
    """Everything that is written over the picture."""
    labels = {place.value: label for place, label in pane._texts.items()}
    labels |= {"state": pane.state, "strip": pane.strip}
    return {name: label for name, label in labels.items() if label.isVisible() and label.text()}


def test_the_angles_are_where_the_mean_chest_has_them() -> None:
    mean = mean_chest()
    side = mean.shape[0]
    for row, column in ANGLES:
        inner = slice(round((column - 0.06) * side), round((column + 0.06) * side))
        lung, diaphragm = mean[round((row - ABOVE) * side), inner], mean[round((row + ABOVE) * side), inner]
        assert lung.min() < 0.7 * diaphragm.mean()


@pytest.mark.parametrize("size", [(1280, 800), (1200, 1600), (1920, 1080)])
@pytest.mark.parametrize("layout", list(Layout))
@pytest.mark.parametrize("shape", [(600, 600), (600, 490), (490, 600)])
def test_no_word_lies_on_the_angles_or_on_another(
    room: Room, settle: Callable[[], None], size: tuple[int, int], layout: Layout, shape: tuple[int, int]
) -> None:
    room.window.resize(*size)
    changes = {"layout": layout, "overlay": True, "overlay_map": EvidenceMap.PATCHES}
    room.holder.update(display=room.holder.state.display.model_copy(update=changes))
    pane = opened(room, shape, settle)
    for state in ("plain", "flickering", "mirrored"):
        if state == "flickering":
            pane.toggle_flicker()
        elif state == "mirrored":
            pane.toggle_flicker()
            room.window.panes.link.flip()
        settle()
        height, width = shape
        for row, column in ANGLES:
            top, left = (row - ABOVE) * height, (column - ASIDE) * width
            angle = pane.view.rect_shown.on_screen(top, left, (ABOVE + BELOW) * height, 2 * ASIDE * width)
            for name, label in words(pane).items():
                assert not QRectF(label.geometry()).intersects(angle), (state, name, label.text())
        for (one, first), (other, second) in combinations(words(pane).items(), 2):
            assert not first.geometry().intersects(second.geometry()), (state, one, other)


def test_who_it_is_stands_in_the_corner_and_is_masked_by_the_one_switch(room: Room, settle: Callable[[], None]) -> None:
    room.holder.update(display=room.holder.state.display.model_copy(update={"layout": Layout.ONE}))
    pane = opened(room, (600, 600), settle)
    said = pane.text(Place.TOP_LEFT)
    for part in (*TOLD, "F", "Laterality B"):
        assert part in said
    room.holder.update(mask_names=True, mask_key="a secret")
    settle()
    masked = pane.text(Place.TOP_LEFT)
    for part in ("Lindqvist", "P0000", "1960", "A-2026"):
        assert part not in masked
    assert room.window.header.name.text() in masked, "the pseudonym of the header"
    room.holder.update(mask_names=False)
    assert pane.text(Place.TOP_LEFT) == said


def test_the_prior_is_called_by_its_own_patient_and_masked_alike(room: Room, settle: Callable[[], None]) -> None:
    opened(room, (600, 600), settle)
    other = synthetic.identity(0, study_instance_uid="1.2.9", accession_number="B-2012-1")
    item = synthetic.item(7, 0.2, identity=other)
    image = synthetic.radiograph(identity=other)
    room.holder.update(beside=Beside(Study(item.study_uid, (item,)), item.key, image, image.window))
    settle()
    panes = room.window.panes
    assert "Lindqvist, Astrid" in panes.prior.text(Place.TOP_LEFT)
    room.holder.update(mask_names=True, mask_key="a secret")
    settle()
    first = panes.prior.text(Place.TOP_LEFT).split("\n")[0]
    assert "Lindqvist" not in first
    assert first == panes.original.text(Place.TOP_LEFT).split("\n")[0], "one pseudonym for one patient"


def test_a_copied_picture_does_not_say_who_it_is(room: Room, settle: Callable[[], None]) -> None:
    pane = opened(room, (600, 600), settle)
    plain = pane.picture()
    assert all(part in pane.text(Place.TOP_LEFT) for part in TOLD[:2]), "the screen goes on saying it"
    nobody = synthetic.identity(0, patient_name="", patient_id="", laterality="B", patient_age=None, patient_sex="")
    room.holder.update(radiograph=synthetic.radiograph(synthetic.chest(600, 600), identity=nobody))
    settle()
    pane.set_text(Place.TOP_LEFT, "Laterality B")
    assert pane.view.grab().toImage() == plain


def test_on_a_screen_of_two_pixels_for_one_pixel_for_pixel_is_100_percent(
    room: Room, settle: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    pane = opened(room, (600, 600), settle)
    monkeypatch.setattr(type(pane.view), "devicePixelRatioF", lambda _: 2.0)
    key(room.window, Qt.Key.Key_1, CTRL)
    settle()
    assert pane.view.rect_shown.zoom == pytest.approx(0.5)
    assert "Zoom 100%" in pane.text(Place.BOTTOM_LEFT)
