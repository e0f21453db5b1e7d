"""The images of the open study below the list: a click shows one, and the list does not move with the study."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.study import ImageItem, Study
from app.domain.thumbnails import Thumbnail
from tests.app.ui import synthetic
from tests.app.ui.conftest import Room

ALONE = synthetic.item(0, 0.8)
PAIR = tuple(
    synthetic.item(number, 0.5, identity=synthetic.identity(5, view_position=view))
    for number, view in ((5, "PA"), (6, ""))
)


def show(room: Room, *images: ImageItem) -> None:
    study = Study(images[0].study_uid, images)
    room.holder.update(study=study, image_key=images[0].key)
    QApplication.processEvents()


@pytest.fixture
def opened(room: Room) -> Room:
    room.fill(ALONE, *PAIR)
    show(room, *PAIR)
    return room


def test_every_image_has_its_view_and_its_picture(opened: Room) -> None:
    strip = opened.window.worklist.images
    pictures = tuple(Thumbnail(image.key, np.full((112, 90), 128, np.uint8)) for image in PAIR)
    opened.holder.update(thumbnails=pictures)
    assert strip.isVisible()
    assert [strip.item(at).text() for at in range(strip.count())] == ["PA", "Image 2"]
    assert all(not strip.item(at).icon().isNull() for at in range(strip.count()))
    assert strip.currentRow() == 0
    opened.holder.update(image_key=PAIR[1].key)
    assert strip.currentRow() == 1


def test_a_click_shows_the_image(opened: Room, qtbot: QtBot) -> None:
    strip = opened.window.worklist.images
    where = strip.visualItemRect(strip.item(1)).center()
    with qtbot.waitSignal(opened.wishes.image_selected) as told:
        QTest.mouseClick(strip.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, where)
    assert told.args == [PAIR[1].key]


def test_the_list_keeps_its_room_whatever_study_is_open(opened: Room) -> None:
    place = opened.window.worklist.list.geometry()
    show(opened, ALONE)
    assert opened.window.worklist.images.count() == 0
    assert opened.window.worklist.list.geometry() == place


def test_a_worklist_of_single_images_has_no_strip(room: Room) -> None:
    room.fill(ALONE)
    show(room, ALONE)
    assert not room.window.worklist.images.isVisible()
