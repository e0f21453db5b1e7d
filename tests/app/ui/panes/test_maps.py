"""The difference pane and the overlay draw any of four maps, honestly named and the right way round."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.session import Session
from app.domain.settings import ColourMap, DisplaySettings, EvidenceMap
from app.ui.panes.difference_pane import value_at
from app.ui.panes.evidence_map import colour_scale, drawn, map_badge, map_values, missing_words, what_it_is_not
from app.ui.panes.image_pane import Place
from app.ui.words.agreement_words import agreement_of, agreement_words, disagreement_short
from squid_core.contracts.detection import Detection
from squid_core.inference.agreement import Accord, MapName
from tests.app.ui import explained, synthetic
from tests.app.ui.conftest import Room


@pytest.fixture
def opened(room: Room, settle: Callable[[], None]) -> Room:
    image = synthetic.radiograph()
    room.open(image, synthetic.detection(image))
    room.holder.update(maps=explained.maps(), card=explained.card())
    settle()
    return room


def found(room: Room) -> Detection:
    detection = room.holder.state.detection
    assert detection is not None
    return detection


def show(room: Room, **changes: object) -> None:
    room.holder.update(display=room.holder.state.display.model_copy(update=changes))


def test_keys_choose_the_map_of_the_pane_and_of_the_overlay(opened: Room, qtbot: QtBot) -> None:
    window = opened.window
    with qtbot.waitSignal(opened.wishes.display_changed) as blocker:
        QTest.keyClick(window, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    assert blocker.args[0].pane_map is EvidenceMap.PATCHES
    assert not blocker.args[0].overlay
    with qtbot.waitSignal(opened.wishes.display_changed) as blocker:
        QTest.keyClick(window, Qt.Key.Key_G, Qt.KeyboardModifier.ShiftModifier)
    assert blocker.args[0].overlay_map is EvidenceMap.PATCHES
    assert blocker.args[0].overlay, "choosing a map shows it"
    for _ in range(3):
        QTest.keyClick(window, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    assert opened.holder.state.display.pane_map is EvidenceMap.DIFFERENCE, "and round again"


def test_the_settings_panel_chooses_them_too(opened: Room, qtbot: QtBot) -> None:
    panel = opened.window.settings.display
    for combo, field in ((panel.pane_map, "pane_map"), (panel.overlay_map, "overlay_map")):
        combo.setFocus()
        with qtbot.waitSignal(opened.wishes.display_changed) as blocker:
            QTest.keyClick(combo, Qt.Key.Key_End)
        assert getattr(blocker.args[0], field) is EvidenceMap.GRAD_CAM


@pytest.mark.parametrize(
    ("kind", "badge"),
    [
        (EvidenceMap.DIFFERENCE, "128 px, enlarged"),
        (EvidenceMap.PATCHES, "4 × 4 places, enlarged"),
        (EvidenceMap.LESION, "12 × 12 places, enlarged"),
        (EvidenceMap.GRAD_CAM, "4 × 4 places, enlarged"),
    ],
)
def test_every_map_says_how_fine_it_is_in_the_pane_and_over_the_original(
    opened: Room, kind: EvidenceMap, badge: str
) -> None:
    show(opened, pane_map=kind, overlay_map=kind, overlay=True)
    panes = opened.window.panes
    assert panes.difference.badge.text() == badge
    assert panes.original.badge.text() == f"{panes.difference.title.text()}: {badge}"
    show(opened, overlay=False)
    assert panes.original.badge.text() == ""


def test_maps_lie_the_right_way_round_over_the_original(opened: Room, settle: Callable[[], None]) -> None:
    """The critic is sure of place (7, 2) of 12 x 12: at 0.625 of the height and 0.208 of the width."""
    show(opened, overlay_map=EvidenceMap.LESION, overlay=True, overlay_opacity=1.0, colour_map=ColourMap.INFERNO)
    settle()
    pane = opened.window.panes.original
    view, height, width = pane.view.rect_shown, 600, 500
    marked = pane.view.grab().toImage()
    show(opened, overlay=False)
    settle()
    plain = pane.view.grab().toImage()

    def changed(row: float, column: float) -> bool:
        x, y = view.to_viewport(row * height, column * width)
        return bool(marked.pixel(round(x), round(y)) != plain.pixel(round(x), round(y)))

    row, column = 7.5 / 12, 2.5 / 12
    assert changed(row, column)
    assert not changed(1 - row, column)
    assert not changed(row, 1 - column)
    assert not changed(column, row)


def test_the_value_under_the_cursor_is_that_of_the_map(opened: Room) -> None:
    detection = found(opened)
    lesion = explained.maps().lesion
    assert lesion is not None
    assert value_at(detection, lesion, (600 * 7.5 / 12, 500 * 2.5 / 12)) == pytest.approx(0.95)
    assert value_at(detection, lesion, (600 * 2.5 / 12, 500 * 7.5 / 12)) == pytest.approx(0.02)
    assert value_at(detection, lesion, (-10, 10)) is None
    show(opened, pane_map=EvidenceMap.LESION)
    opened.holder.update(cursor=(600 * 7.5 / 12, 500 * 2.5 / 12))
    assert opened.window.panes.difference.readout.whole == "0.95"
    show(opened, pane_map=EvidenceMap.PATCHES)
    assert opened.window.panes.difference.readout.whole == "percentile 91", "row 3, column 1 of the grid"


def test_patches_are_drawn_as_blocks_from_the_median_up() -> None:
    image = synthetic.radiograph()
    session = Session(radiograph=image, detection=synthetic.detection(image))
    values = map_values(EvidenceMap.PATCHES, session)
    assert values is not None
    assert values.shape == (128, 128)
    assert np.unique(values[64:96, 32:64]).size == 1, "nothing is finer than a patch"
    assert values[70, 40] == pytest.approx((99.2 - 50) / 50)
    made = drawn(EvidenceMap.PATCHES, session)
    assert made is not None
    assert made.index(np.array([[0.0, 1.0]], np.float32)).tolist() == [[128, 255]], "the warm arm of a signed map"
    scale = colour_scale(EvidenceMap.LESION, DisplaySettings(colour_map=ColourMap.CIVIDIS))
    assert (scale.bottom, scale.top, scale.signed) == (0.0, 1.0, False)


def test_only_the_difference_is_smoothed() -> None:
    image = synthetic.radiograph()
    session = Session(
        radiograph=image,
        detection=synthetic.detection(image),
        maps=explained.maps(),
        display=DisplaySettings(smoothing=4.0),
    )
    for kind in (EvidenceMap.LESION, EvidenceMap.GRAD_CAM):
        made = drawn(kind, session)
        assert made is not None
        assert np.array_equal(made.values, map_values(kind, session))  # type: ignore[arg-type]


def test_a_map_that_is_not_there_says_why(opened: Room) -> None:
    pane = opened.window.panes.difference
    opened.holder.update(maps=None)
    show(opened, pane_map=EvidenceMap.LESION)
    assert pane.message == "Being computed…"
    assert pane.badge.text() == ""
    opened.holder.update(maps=replace(explained.maps(), lesion=None))
    assert pane.message == "These weights have no lesion critic."
    opened.holder.update(maps=None, card=None)
    show(opened, pane_map=EvidenceMap.GRAD_CAM)
    assert pane.message == "The weights are not installed here."
    opened.holder.update(maps=explained.maps())
    assert pane.message == ""
    assert missing_words(EvidenceMap.PATCHES, Session()) == ""
    assert map_badge(EvidenceMap.LESION, Session()) == ("", "")


def test_the_map_of_a_what_if_is_its_own(opened: Room) -> None:
    show(opened, pane_map=EvidenceMap.LESION)
    what_if = explained.shuffled(found(opened))
    opened.holder.update(what_if=what_if, trial=what_if.trial)
    assert opened.window.panes.difference.message == "Being computed…", "not the locked result's map"
    opened.holder.update(what_if_maps=explained.maps(1, 10))
    assert opened.window.panes.difference.message == ""
    assert opened.window.panes.difference.image.source is opened.holder.state.what_if_maps.lesion  # type: ignore[union-attr]


def test_no_map_claims_more_than_is_so() -> None:
    detection = synthetic.detection(synthetic.radiograph())
    read = Session(detection=replace(detection, components={"lesion map": 1.0, "discriminator": 0.5}))
    unread = Session(detection=replace(detection, components={"texture pattern": 1.0}))
    difference = "The score does not read this map. SQUID does not localise to the pixel."
    assert what_it_is_not(EvidenceMap.DIFFERENCE, read) == difference
    assert what_it_is_not(EvidenceMap.LESION, read).endswith("The score reads how strong it is, not where.")
    assert what_it_is_not(EvidenceMap.LESION, unread).endswith("The score does not read it.")
    assert what_it_is_not(EvidenceMap.GRAD_CAM, read).endswith("The score reads how strong it is, not where.")
    assert what_it_is_not(EvidenceMap.PATCHES, read).endswith("The score does not read it.")


def test_maps_that_point_to_different_places_are_said_to(opened: Room) -> None:
    pane = opened.window.panes.difference
    # The synthetic difference and the strangest patch lie at the lower left of the middle; so does the critic's place.
    together = agreement_of(opened.holder.state)
    assert together is not None
    assert together.accord is Accord.SAME
    assert not pane.disagreement.isVisible()
    QApplication.processEvents()
    before = pane.view.geometry()
    opened.holder.update(maps=explained.maps(1, 10))
    QApplication.processEvents()
    assert pane.view.geometry() == before, "what comes in the background moves no picture"
    assert pane.disagreement.isVisible()
    assert pane.disagreement.text().startswith("≠ The maps point to different places")
    assert "the lesion critic to the patient's left upper zone" in pane.disagreement.accessibleDescription()
    assert "the patches’ memory to the patient's right mid zone;" in pane.disagreement.accessibleDescription()
    opened.holder.update(maps=None)
    assert not pane.disagreement.isVisible()


def test_agreement_in_words() -> None:
    image = synthetic.radiograph()
    session = Session(radiograph=image, detection=synthetic.detection(image), maps=explained.maps())
    same = agreement_of(session)
    assert same is not None
    assert agreement_words(same, session).startswith("The maps point to the same place: ")
    quiet = replace(same, places={}, nowhere=tuple(same.places), accord=Accord.NONE)
    assert agreement_words(quiet, session) == "No map finds anything unusual in one place."
    name, place = next(iter(same.places.items()))
    one = replace(same, places={name: place}, nowhere=(MapName.PATCHES, MapName.LESION), accord=Accord.ALONE)
    assert agreement_words(one, session).startswith("Only one map points anywhere: ")
    assert "Nothing unusual in: the patches’ memory, the lesion critic." in agreement_words(one, session)
    both = replace(same, accord=Accord.OVERLAP)
    assert agreement_words(both, session).startswith("The maps point to places that overlap: ")
    assert disagreement_short(None) == disagreement_short(same) == disagreement_short(both) == ""


@pytest.mark.parametrize(
    ("orientation", "side"),
    [(("L", "F"), "patient's left upper zone"), (("R", "F"), "patient's right upper zone"), ((), "upper right of the")],
)
def test_a_place_is_on_the_side_that_the_letters_name(opened: Room, orientation: tuple[str, ...], side: str) -> None:
    image = opened.holder.state.radiograph
    assert image is not None
    opened.holder.update(maps=explained.maps(1, 10))
    opened.holder.update(radiograph=replace(image, identity=replace(image.identity, patient_orientation=orientation)))
    panes = opened.window.panes
    for screen_side in (Place.RIGHT, Place.LEFT):  # as in the file, then mirrored on the screen
        words = panes.difference.disagreement.accessibleDescription()
        assert f"the lesion critic to the {side}" in words, "the screen's turning changes no word"
        assert ("The file does not fully say" in words) is (orientation == ())
        assert panes.original.text(screen_side) == "".join(orientation[:1])
        panes.link.flip()
