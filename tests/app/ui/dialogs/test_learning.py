"""Learn this hospital: what the dialog says, and what it asks for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from app.domain.learning import Learning, LearningPhase, Population
from app.domain.session import Session
from app.ui.dialogs.learning import LearningDialog
from app.ui.dialogs.tenths_plot import TenthsPlot
from app.ui.wishes import Wishes
from app.ui.words.learning_words import advice_sentence, mixed_words, worth_sentence
from squid_core.bundle.card import Estimate
from tests.app.ui import drifting, learned, synthetic
from tests.app.ui.conftest import Room

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def dialog(qtbot: QtBot, styled: QApplication, wishes: Wishes) -> LearningDialog:
    made = LearningDialog(wishes)
    qtbot.addWidget(made)
    show(made, learned.STATES["counted"])
    made.show()
    return made


def show(dialog: LearningDialog, learning: Learning, adults: str = "adult") -> None:
    in_use = (("adult", adults), ("paediatric", "zhanglab"))
    dialog.render_session(None, Session(learning=learning, weights_in_use=in_use))


def said(dialog: LearningDialog) -> str:
    """Everything that can be read in it."""
    parts = [part for kind in (QLabel, QPushButton) for part in dialog.findChildren(kind) if part.isVisible()]
    return "\n".join(part.text() for part in parts)  # type: ignore[attr-defined]


def test_it_says_what_can_be_learned_from_and_what_is_left_out(dialog: LearningDialog) -> None:
    assert dialog.choices[Population.ADULT].text() == "Adults: 57 normal studies, each of another patient"
    words = said(dialog)
    assert "By device: ROOM 1: 43; ROOM 2: 11; others: 3." in words
    assert "Left out: 4 further images of a patient (the newest counts); 1 not scored" in words
    assert "23 studies with findings that you accepted or rejected do not enter." in words
    assert dialog.learn.isEnabled()


def test_who_is_too_few_cannot_be_learned(dialog: LearningDialog) -> None:
    dialog.choose(Population.PAEDIATRIC)
    assert not dialog.learn.isEnabled()
    assert "12 of at least 30" in dialog.choices[Population.PAEDIATRIC].text()
    show(dialog, learned.STATES["too-few"])
    dialog.choose(Population.ADULT)
    assert not dialog.learn.isEnabled()
    show(dialog, learned.learning(30, 0))
    assert dialog.learn.isEnabled()


def test_learn_asks_for_those_that_are_chosen(dialog: LearningDialog, wishes: Wishes, qtbot: QtBot) -> None:
    with qtbot.waitSignal(wishes.learning_wanted) as blocker:
        QTest.mouseClick(dialog.learn, LEFT)
    assert blocker.args == [Population.ADULT]
    show(dialog, learned.learning(0, 40))
    dialog.choose(Population.PAEDIATRIC)
    with qtbot.waitSignal(wishes.learning_wanted) as blocker:
        QTest.mouseClick(dialog.learn, LEFT)
    assert blocker.args == [Population.PAEDIATRIC]


@pytest.mark.parametrize(
    ("state", "words"), [("fetching", "Fetching the images…"), ("at-work", "Learning. Scoring goes on")]
)
def test_at_work_it_says_how_far_it_is_and_can_be_stopped(
    dialog: LearningDialog, wishes: Wishes, qtbot: QtBot, state: str, words: str
) -> None:
    show(dialog, learned.STATES[state])
    assert words in said(dialog)
    assert dialog.bar.value() == round(100 * learned.STATES[state].share)
    assert not dialog.learn.isVisible()
    with qtbot.waitSignal(wishes.learning_stopped):
        QTest.mouseClick(dialog.stop, LEFT)


def test_the_offer_says_what_it_would_be_worth_and_the_reader_decides(
    dialog: LearningDialog, wishes: Wishes, qtbot: QtBot
) -> None:
    assert not dialog.use.isVisible()
    show(dialog, learned.STATES["offered"])
    assert worth_sentence(learned.ADAPTED) in said(dialog)
    with qtbot.waitSignal(wishes.learned_used):
        QTest.mouseClick(dialog.use, LEFT)
    with qtbot.waitSignal(wishes.learned_discarded):
        QTest.mouseClick(dialog.discard, LEFT)
    show(dialog, replace(learned.STATES["offered"], phase=LearningPhase.KEEPING))
    assert not dialog.use.isEnabled()
    assert not dialog.discard.isEnabled()


def test_the_sentence_counts_with_intervals() -> None:
    assert worth_sentence(learned.ADAPTED) == (
        "Beyond the 95th percentile: 17 of your 57 normals (11 to 25); with the learned weights 3 (1 to 9). 3 would be"
        " right."
    )


def test_the_advice_is_as_good_as_the_figures() -> None:
    good, bad = learned.AFTER, learned.BEFORE
    half = bad.model_copy(update={"ks": 0.3})

    def advice(before: Estimate, after: Estimate) -> str:
        return advice_sentence(learned.ADAPTED.model_copy(update={"before": before, "after": after}))

    assert (good.fits, half.fits, bad.fits) == (True, False, False)
    assert advice(bad, good).startswith("They fit your hospital")
    assert advice(bad, half).startswith("They fit better, but not well yet")
    assert advice(bad, bad).startswith("They fit no better")
    assert all("little to gain" in advice(good, after) for after in (good, half, bad))


def test_weights_learned_before_can_be_used_left_and_deleted(
    dialog: LearningDialog, wishes: Wishes, qtbot: QtBot
) -> None:
    show(dialog, learned.STATES["kept"], adults=learned.OURS.name)
    buttons = {button.accessibleName(): button for button in dialog.kept.findChildren(QPushButton)}
    assert set(buttons) == {
        "Card of adult-2026-11-29", "Card of zhanglab-2026-10-02",
        "Delete adult-2026-11-29", "Delete zhanglab-2026-10-02", "Use zhanglab-2026-10-02 for new studies",
        "Use Adults for new studies",
    }  # fmt: skip
    with qtbot.waitSignal(dialog.card_wanted) as wanted:
        QTest.mouseClick(buttons["Card of adult-2026-11-29"], LEFT)
    assert wanted.args == ["adult-2026-11-29"]
    with qtbot.waitSignal(wishes.learned_chosen) as blocker:
        QTest.mouseClick(buttons["Use Adults for new studies"], LEFT)
    assert blocker.args == [Population.ADULT, ""]
    with qtbot.waitSignal(wishes.learned_chosen) as blocker:
        QTest.mouseClick(buttons["Use zhanglab-2026-10-02 for new studies"], LEFT)
    assert blocker.args == [Population.PAEDIATRIC, "zhanglab-2026-10-02"]
    for word, deleted in (("Cancel", []), ("Delete", ["adult-2026-11-29"])):
        heard = list[str]()
        wishes.learned_deleted.connect(heard.append)
        QTest.mouseClick(buttons["Delete adult-2026-11-29"], LEFT)
        (question,) = dialog.findChildren(QMessageBox)
        assert "adult-2026-11-29" in question.text()
        button = next(button for button in question.buttons() if button.text().replace("&", "") == word)
        button.click()
        wishes.learned_deleted.disconnect(heard.append)
        assert heard == deleted
        qtbot.waitUntil(lambda: not dialog.findChildren(QMessageBox))


def test_a_failure_stays_readable(dialog: LearningDialog) -> None:
    show(dialog, learned.STATES["failed"])
    assert "Learning took too long and was ended. Nothing was changed. Try again." in said(dialog)


def test_the_plot_shows_what_lies_far_out(qtbot: QtBot, styled: QApplication) -> None:
    pictures = []
    for tenths in (learned.BEFORE.tenths, learned.BEFORE.tenths[::-1], learned.AFTER.tenths):
        plot = TenthsPlot("Now")
        qtbot.addWidget(plot)
        plot.resize(200, plot.height())
        plot.show_tenths(tenths, 21.0, "words")
        image = plot.grab().toImage()
        row = image.height() - 40  # near the foot of the bars
        pictures.append([image.pixelColor(x, row).value() for x in range(image.width())])
        assert plot.accessibleDescription() == "words"
    first, mirrored, even = pictures
    assert first != mirrored
    assert first != even


def test_the_menu_opens_it_and_it_follows_the_session(room: Room, wishes: Wishes) -> None:
    asked = list[bool]()
    wishes.learning_looked_at.connect(lambda: asked.append(True))
    room.window.actions_by_name["learn"].trigger()
    dialog = room.window.dialogs.learning
    assert dialog is not None
    assert asked == [True]
    room.holder.update(learning=learned.STATES["offered"])
    assert dialog.use.isVisible()
    dialog.close()
    QApplication.processEvents()
    assert room.window.dialogs.learning is None


def test_the_drift_watch_opens_it_where_it_proposes_to_learn(room: Room) -> None:
    room.window.dialogs.show_drift()
    drift = room.window.dialogs.drift
    assert drift is not None
    room.holder.update(drift=drifting.drifted())
    QTest.mouseClick(drift.learn, LEFT)
    assert room.window.dialogs.learning is not None
    room.window.dialogs.learning.close()
    drift.close()
    QApplication.processEvents()


def test_the_list_says_when_scores_do_not_compare(room: Room, wishes: Wishes, qtbot: QtBot) -> None:
    room.fill(*(synthetic.item(number, 0.9 - number / 10) for number in range(3)))
    room.holder.update(weights_in_use=(("adult", "adult"), ("paediatric", "zhanglab")))
    line = room.window.worklist.mixed
    assert not line.isVisible()
    room.fill(replace(synthetic.item(1, 0.8), weights="adult-2026-11-29"))
    assert line.isVisible()
    assert line.words.text() == (
        "1 score is of other weights (adult-2026-11-29) than new studies get (adult), and does not compare."
    )
    with qtbot.waitSignal(wishes.scored_alike):
        QTest.mouseClick(line.again, LEFT)
    room.holder.update(weights_in_use=())
    assert not line.isVisible(), "nothing is known"


def test_two_populations_have_weights_of_their_own_and_are_not_called_mixed() -> None:
    in_use = {"adult": "adult", "paediatric": "zhanglab"}
    assert mixed_words({("adult", "adult"): 3, ("zhanglab", "paediatric"): 2}, in_use) == ""
    assert "2 scores" in mixed_words({("adult", "adult"): 3, ("adult", "paediatric"): 2}, in_use)
