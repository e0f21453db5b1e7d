"""Ctrl+C: the image as shown and a sentence, which any program can paste."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from app.domain.marks.annotations import Annotations
from app.domain.marks.measurements import CardiothoracicRatio
from app.domain.session import Session
from app.ui.words.copied_words import copied_sentence
from tests.app.ui import synthetic
from tests.app.ui.conftest import Room

HEART = CardiothoracicRatio(((50.0, 30.0), (50.0, 71.0), (60.0, 0.0), (60.0, 100.0)))


@pytest.fixture(autouse=True)
def _empty() -> Iterator[None]:
    QGuiApplication.clipboard().clear()
    yield
    QGuiApplication.clipboard().clear()


def test_image_and_sentence_are_copied_with_one_key(room: Room, settle: Callable[[], None]) -> None:
    image = synthetic.radiograph()
    room.open(image, replace(synthetic.detection(image), score=0.9, percentile=96.4))
    room.holder.update(annotations=Annotations((HEART,)))
    settle()
    pane = room.window.panes.original
    pane.view.setFocus()
    QTest.keyClick(pane.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    content = QGuiApplication.clipboard().mimeData()
    assert content.hasImage()
    assert content.text().startswith("Cardiothoracic ratio 0.41. Score 0.90, 96th percentile of normals")
    assert QGuiApplication.clipboard().image().size() == pane.view.size() * pane.view.devicePixelRatioF()


def test_the_pane_that_has_the_focus_is_copied(room: Room, settle: Callable[[], None]) -> None:
    image = synthetic.radiograph()
    room.open(image, synthetic.detection(image))
    settle()
    pane = room.window.panes.reconstruction
    pane.view.setFocus()
    QTest.keyClick(pane.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().image() == pane.view.grab().toImage()


def test_no_words_tell_who_it_is(room: Room) -> None:
    image = synthetic.radiograph()
    room.open(image, synthetic.detection(image))
    said, who = copied_sentence(room.holder.state), image.identity
    assert said
    for told in (who.patient_name, who.patient_id, who.accession_number):
        assert not told or told not in said


def test_an_image_without_a_score_is_copied_without_a_sentence() -> None:
    assert copied_sentence(Session(radiograph=synthetic.radiograph())) == ""


def test_a_score_that_means_little_is_said_to(room: Room) -> None:
    image = synthetic.radiograph()
    room.open(image, replace(synthetic.detection(image), outside_memory=True))
    assert "means little" in copied_sentence(room.holder.state)
