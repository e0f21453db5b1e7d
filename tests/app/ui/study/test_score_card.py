"""The score in words and picture, and the reader's own judgement of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.jobs import JobState
from app.domain.session import Session
from app.domain.study import Judgement
from app.ui.actions.judging import JUDGEMENTS
from app.ui.study.component_bars import component_name
from app.ui.study.histogram import shares
from app.ui.study.score_card import ScoreCard
from app.ui.words.score_words import facts, operating_points, operating_sentence, place_sentence, reliance_sentence
from app.ui.words.words import row_words
from squid_core.bundle.library import available
from squid_core.contracts.detection import Pose
from squid_core.inference.doubts import MIRRORED, NOT_REGISTERED
from tests.app.samples import judged
from tests.app.ui import explained, synthetic
from tests.app.ui.conftest import Room

LEFT, NO_MODIFIER = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def opened(room: Room, settle: Callable[[], None]) -> Room:
    image = synthetic.radiograph()
    room.open(image, synthetic.detection(image, score=0.87))
    room.holder.update(maps=explained.maps(), card=explained.card(), weights_reason="chosen by age 54")
    settle()
    return room


def card(room: Room) -> ScoreCard:
    found = room.window.findChild(ScoreCard)
    assert isinstance(found, ScoreCard)
    return found


def test_the_histogram_is_that_of_the_normals_scores() -> None:
    scores = np.random.default_rng(0).beta(2, 3, 5000)
    quantiles = tuple(float(value) for value in np.quantile(scores, np.linspace(0, 1, 201)))
    by_hand = np.histogram(scores, bins=25, range=(0, 1))[0] / len(scores)
    assert shares(quantiles).sum() == pytest.approx(1)
    assert np.abs(shares(quantiles) - by_hand).max() < 0.005
    assert shares((0.5,) * 201, 10).tolist() == pytest.approx([0, 0, 0, 0, 0, 1, 0, 0, 0, 0], abs=1e-9) or shares(
        (0.5,) * 201, 10
    ).tolist() == pytest.approx([0, 0, 0, 0, 1, 0, 0, 0, 0, 0], abs=1e-9)


def test_the_operating_point_in_words() -> None:
    points = operating_points(explained.card().calibration)
    assert points == ((90, 0.82), (95, 0.86), (99, 0.892))
    assert operating_sentence(0.5, points) == (
        "Below the lowest line (90%, 0.82): 90 of 100 normal images score below that line."
    )
    assert operating_sentence(0.87, points) == (
        "Above the 95% line (0.86): 5 of 100 normal images lie above that line. Below the 99% line (0.89)."
    )
    assert operating_sentence(0.95, points) == "Above the 99% line (0.89): 1 of 100 normal images lie above that line."
    assert operating_sentence(0.95, ()) == ""


def test_the_place_among_normals_in_words() -> None:
    found = synthetic.detection(synthetic.radiograph())
    assert place_sentence(replace(found, percentile=97.9), 400) == (
        "Higher than 97 of 100 normal images held out from training. (400 of them were measured.)"
    )
    assert place_sentence(replace(found, percentile=100.0), None).startswith("Higher than every one")
    assert place_sentence(replace(found, percentile=0.4), None).startswith("Higher than fewer than 1 of 100")
    assert reliance_sentence(0.634) == "63%, the rest comes past memory"
    assert reliance_sentence(1.0) == "all of it goes through memory"
    assert reliance_sentence(None) == "not known"


def test_s_and_the_mark_beside_the_score_open_it_and_it_says_all(opened: Room) -> None:
    QTest.keyClick(opened.window, Qt.Key.Key_S)
    shown = card(opened)
    assert shown.isVisible()
    shown.close()
    QTest.mouseClick(opened.window.header.why, LEFT)
    assert shown.isVisible()
    assert shown.score.text() == "Score 0.87"
    assert "97 of 100 normal images" in shown.place.text()
    assert shown.operating.text().startswith("Above the 95% line")
    assert not shown.outside.isVisible()
    assert shown.operating.text() in shown.histogram.accessibleDescription()
    assert "Far from memory" not in shown.components.accessibleDescription()
    assert "Reconstruction unlike a normal image +1.4" in shown.components.accessibleDescription()
    rows = dict(facts(opened.holder.state))
    assert rows["Paper's A"].startswith("0.71")
    assert rows["Weights"] == "adult, 000000000000 (chosen by age 54)"
    assert rows["Time"] == "0.8 s on cpu"
    assert rows["Reconstruction"] == "80%, the rest comes past memory"
    assert rows["Maps"].startswith("The maps point to the same place")


def test_it_follows_what_is_shown_and_goes_when_there_is_no_score(opened: Room) -> None:
    QTest.keyClick(opened.window, Qt.Key.Key_S)
    shown, found = card(opened), opened.holder.state.detection
    assert found is not None
    what_if = explained.shuffled(found)
    opened.holder.update(what_if=what_if, trial=what_if.trial)
    assert shown.what_if.text().startswith("What-if: 0.81 (−0.06).")
    assert shown.score.text() == "Score 0.87", "the locked score stays"
    opened.holder.update(detection=replace(found, outside_memory=True), what_if=None, trial=None)
    assert shown.outside.isVisible()
    assert "resembles nothing" in shown.outside.text()
    assert not shown.pose.isVisible()
    apart = replace(found, pose=Pose(0.1, registered=False, mirrored=True))
    opened.holder.update(detection=apart, what_if=None, trial=None)
    assert shown.outside.text() == MIRRORED
    assert shown.pose.text() == NOT_REGISTERED
    opened.holder.update(detection=replace(found, pose=Pose(0.9, registered=True)))
    assert not shown.outside.isVisible()
    assert not shown.pose.isVisible()
    opened.holder.update(card=None)
    assert not shown.histogram.isVisible()
    opened.holder.update(detection=None)
    assert not shown.isVisible()
    QTest.keyClick(opened.window, Qt.Key.Key_S)
    assert not shown.isVisible(), "nothing to say"


def test_it_is_back_with_the_next_score_and_takes_no_focus_but_not_once_it_was_closed(
    opened: Room, settle: Callable[[], None]
) -> None:
    QTest.keyClick(opened.window, Qt.Key.Key_S)
    shown, found = card(opened), opened.holder.state.detection
    assert found is not None
    assert shown.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating), "which offscreen does not heed"
    opened.holder.update(detection=None)
    opened.holder.update(detection=replace(found, score=0.31))
    settle()
    assert shown.isVisible()
    assert shown.score.text() == "Score 0.31"
    shown.close()
    opened.holder.update(detection=None)
    opened.holder.update(detection=found)
    assert not shown.isVisible()


def test_nothing_of_the_card_is_cut_off(opened: Room, settle: Callable[[], None]) -> None:
    QTest.keyClick(opened.window, Qt.Key.Key_S)
    settle()
    shown = card(opened)
    assert shown.height() >= shown.column.heightForWidth(shown.width())
    assert shown.height() <= 760, "fits a screen of 1280 x 800"
    assert shown.components.height() >= 2 * shown.fontMetrics().height()


@pytest.mark.parametrize(("score", "marks"), [(0.81, ""), (0.82, "▲"), (0.87, "▲▲"), (0.95, "▲▲▲")])
def test_how_high_it_is_is_a_colour_and_marks_and_none_is_green(
    opened: Room, settle: Callable[[], None], score: float, marks: str
) -> None:
    QTest.keyClick(opened.window, Qt.Key.Key_S)
    shown, found = card(opened), opened.holder.state.detection
    assert found is not None
    parts = {"lesion map": 2.5, "anatomy": 1.7, "memory": 1.3, "texture coarse": 0.2, "patch": -3.0}
    opened.holder.update(detection=replace(found, score=score, components=parts))
    settle()
    assert shown.level.text() == marks
    said = shown.components.accessibleDescription().split("; ")
    assert [line.count("▲") for line in said] == [3, 2, 1, 0, 0]
    for widget in (shown.histogram, shown.components):
        picture = widget.grab().toImage()
        colours = {picture.pixel(x, y) for x in range(picture.width()) for y in range(picture.height())}
        green = [one for one in map(QColor, colours) if 80 <= one.hslHue() <= 170 and one.hslSaturation() > 60]
        assert not green, "nothing here says that all is well"
    opened.holder.update(detection=replace(found, score=score, outside_memory=True))
    assert shown.level.text() == shown.operating.text() == "", "the score means little"


def test_every_component_of_the_shipped_weights_has_plain_words() -> None:
    bundles = available()
    assert bundles
    for shipped in bundles.values():
        for name in shipped.card.calibration.components:
            assert component_name(name) != name, name


def test_the_facts_wait_for_the_maps() -> None:
    found = synthetic.detection(synthetic.radiograph())
    assert dict(facts(Session(detection=found)))["Maps"] == "…"
    assert facts(Session()) == ()


@pytest.mark.parametrize(
    ("keys", "judgement", "words"),
    [
        ((Qt.Key.Key_Y, NO_MODIFIER), Judgement.ACCEPTED, "finding accepted by you"),
        ((Qt.Key.Key_N, NO_MODIFIER), Judgement.REJECTED, "finding rejected by you"),
        ((Qt.Key.Key_F, NO_MODIFIER), Judgement.NORMAL, "called normal by you"),
    ],
)
def test_keys_and_their_buttons_say_what_the_reader_thinks(
    opened: Room, qtbot: QtBot, keys: tuple[Qt.Key, Qt.KeyboardModifier], judgement: Judgement, words: str
) -> None:
    with qtbot.waitSignal(opened.wishes.judged) as blocker:
        QTest.keyClick(opened.window, *keys)
    uid = opened.holder.state.study_uid
    assert blocker.args == [judgement, (uid,)], "and on to the next"
    button = opened.window.header.judgement.buttons[judgement]
    with qtbot.waitSignal(opened.wishes.judged) as blocker:
        QTest.mouseClick(button, LEFT)
    assert blocker.args == [judgement, (uid,)]
    study = opened.holder.state.study
    assert study is not None
    assert not button.isChecked(), "the session says what is so, not the click"
    opened.holder.update(study=judged(study, judgement))
    assert button.isChecked()
    assert words in opened.window.header.more.whole
    assert words in row_words(judged(study, judgement))
    checked = {value for name, value in JUDGEMENTS.items() if opened.window.actions_by_name[name].isChecked()}
    assert checked == {judgement}


def test_the_worklist_marks_a_judgement_with_a_shape(room: Room, settle: Callable[[], None]) -> None:
    room.fill(*(synthetic.item(number, 0.9 - number / 10) for number in range(3)))
    settle()
    pictures = []
    for judgement in Judgement:
        room.store.judge({synthetic.item(1, 0.8).digest: judgement})
        room.store.changed.emit(room.store.worklist, room.store.worklist)
        settle()
        list_view = room.window.worklist.list
        image = list_view.viewport().grab(list_view.visualRect(list_view.studies.index(1))).toImage()
        pictures.append(image.convertToFormat(image.Format.Format_Grayscale8))
        uids = [study.uid for study in room.store.worklist.studies]
        assert uids == ["1.2.3.0", "1.2.3.1", "1.2.3.2"], "no study moves"
    alike = [(a, b) for a in range(len(pictures)) for b in range(a) if pictures[a] == pictures[b]]
    assert not alike, "grey, and still all different"


def test_without_a_score_there_is_no_finding_but_a_study_and_without_a_picture_there_is_nothing(room: Room) -> None:
    item = synthetic.item(0)
    room.open(synthetic.radiograph(), None, item)
    enabled = {judgement: button.isEnabled() for judgement, button in room.window.header.judgement.buttons.items()}
    assert enabled == {Judgement.ACCEPTED: False, Judgement.REJECTED: False, Judgement.NORMAL: True}
    room.open(synthetic.radiograph(), None, replace(item, state=JobState.ERROR))
    assert not room.window.header.judgement.isVisible()
