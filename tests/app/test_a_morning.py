"""A morning: forty studies read with real key and mouse events, one key each, and a look at the explanation of each.

The window, the readers and the database are the real ones; the detector counts bright rows. Frontal images alone and
with a lateral, priors, two files that ask, a damaged one; no two have the same shape, so that whatever is drawn through
the geometry of another image is found out. A log keeps what the program took for a command, what the panes drew, and
what lay under the pointer when it was pressed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.domain.jobs import JobState
from app.domain.study import Judgement, Reading, Study
from app.main import Program
from app.paths import AppPaths
from app.ui.worklist.model import UID_ROLE
from tests.app.world import CodeDetector
from tests.squid_core.dicom.phantoms import chest, phantom, save, to_bytes

K, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier
JUDGING = {"accept": K.Key_Y, "reject": K.Key_N, "normal": K.Key_F}
SAID = {"accept": Judgement.ACCEPTED, "reject": Judgement.REJECTED, "normal": Judgement.NORMAL}
FRONTAL, WITH_LATERAL, WITH_PRIOR, ASKING = 30, 5, 3, 2  # studies; and one that is damaged
FORTY = FRONTAL + WITH_LATERAL + WITH_PRIOR + ASKING
PATIENCE_MS = 120_000
REST_MS, PEEK_MS = 20, 400  # that the pointer rests before a press, that a key is held to peek


class Log(QObject):
    """What happened, as far as the reader can be harmed by it."""

    def __init__(self, program: Program) -> None:
        super().__init__()
        self.commands: list[str] = []
        self.drawn = 0
        self.drawn_wrongly: list[str] = []
        self.moved: list[str] = []
        self._program = program
        for name, action in program.window.actions_by_name.items():
            action.triggered.connect(lambda _=False, name=name: self.commands.append(name))
        for pane in program.window.panes.panes:
            pane.view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """What is painted is drawn through its own geometry: its image's bytes, and its image's shape."""
        if event.type() is QEvent.Type.Paint:
            session, link = self._program.holder.state, self._program.window.panes.link
            found, image = session.shown_detection, session.radiograph
            if found is not None:
                self.drawn += 1
                if image is None and session.error is None:
                    self.drawn_wrongly.append("before its image")
                elif image is not None and image.content.digest != found.digest:
                    self.drawn_wrongly.append("on other bytes")
                elif found.geometry.original_shape != link.shape:
                    self.drawn_wrongly.append(f"{found.geometry.original_shape} as {link.shape}")
        return False


class Hand:
    """The reader's: rests before it presses, and notes whether what it means is still there then."""

    def __init__(self, qtbot: QtBot, log: Log) -> None:
        self._qtbot, self._log = qtbot, log

    def click(self, widget: QWidget, at: QPoint, target: Callable[[], object]) -> None:
        QTest.mouseMove(widget, at)
        meant, where = target(), widget.mapToGlobal(at)
        self._qtbot.wait(REST_MS)
        if target() != meant or widget.mapToGlobal(at) != where:
            self._log.moved.append(f"{meant} is {target()}")
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)

    @staticmethod
    def key(key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, key, held)


def write(folder: Path) -> None:
    """The files of the morning."""
    shapes = iter((160 + 2 * number, 200 + 3 * (number % 7)) for number in range(100))

    def film(name: str, patient: int, study: str, image: int = 1, **attributes: Any) -> bytes:
        data = to_bytes(
            chest(
                phantom(*next(shapes)), PatientID=f"P{patient}", PatientName=f"Reader{patient}^X",
                StudyInstanceUID=f"1.2.{study}", SeriesInstanceUID=f"1.2.{study}.{image}",
                SOPInstanceUID=f"1.2.{study}.{image}.1", PatientOrientation=["L", "F"], **attributes,
            )
        )  # fmt: skip
        save(folder, data, name)
        return data

    for patient in range(FORTY):
        asks: dict[str, Any] = {"BodyPartExamined": None, "ViewPosition": None} if patient >= FORTY - ASKING else {}
        film(f"{patient}-1", patient, f"{100 + patient}", **asks)
        if FRONTAL <= patient < FRONTAL + WITH_LATERAL:
            film(f"{patient}-2", patient, f"{100 + patient}", 2, ViewPosition="LL")
        elif FRONTAL + WITH_LATERAL <= patient < FORTY - ASKING:
            film(f"{patient}-prior", patient, f"{200 + patient}", StudyDate="20210301")
    whole = film("damaged", 90, "190")
    save(folder, whole[: len(whole) // 2], "damaged")


@pytest.fixture
def program(qtbot: QtBot, tmp_path: Path) -> Iterator[Program]:
    disk = tmp_path / "disk"
    write(disk)
    with patch("app.services.services.InferenceClient", CodeDetector):
        program = Program(AppPaths(tmp_path / "home"), "cpu", keep_layout=False)
    program.start()
    program.window.resize(1280, 800)
    qtbot.waitExposed(program.window)
    program.window.activateWindow()
    program.window.windowHandle().requestActivate()
    program.open([disk])
    qtbot.waitUntil(lambda: program.idle and program.holder.state.radiograph is not None, timeout=PATIENCE_MS)
    program.window.let_go()  # of the tour
    yield program
    program.close()


def test_forty_studies_are_read_with_one_key_each_and_nothing_else_happens(qtbot: QtBot, program: Program) -> None:
    holder, window, store = program.holder, program.window, program.store
    log = Log(program)
    hand = Hand(qtbot, log)
    studies, panes = window.worklist.list, window.panes
    expected: list[str] = []
    words: dict[str, Judgement] = {}

    def command(name: str, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        expected.append(name)
        hand.key(key, held)

    def shown() -> bool:
        state = holder.state
        image = state.image
        there = state.radiograph is not None or state.error is not None
        return there and (image is None or image.score is None or state.detection is not None)

    def look(number: int) -> None:
        """At the explanation: into the memory, at the reconstruction, or at the list; the focus goes along."""
        if number % 4 == 0:
            pane = panes.memory.view.viewport()
            hand.click(pane, pane.rect().center(), lambda: holder.state.image_key)
            assert holder.state.patch is not None
        elif number % 4 == 1:
            panes.original.view.setFocus()
            expected.append("flicker")
            QTest.keyPress(panes.original.view, K.Key_Space)
            qtbot.wait(PEEK_MS)
            assert panes.original.flickering
            QTest.keyRelease(panes.original.view, K.Key_Space)
            assert not panes.original.flickering
        elif number % 4 == 2:
            at = studies.studies.row_of(holder.state.study_uid)
            assert at is not None
            row = studies.visualRect(studies.studies.index(at))
            hand.click(studies.viewport(), row.center(), lambda: studies.indexAt(row.center()).data(UID_ROLE))
            hand.key(K.Key_F6)  # letters typed in the list are for its filter
            expected.append("next_pane")
        else:
            window.tool_bar.buttons["undo"].setFocus()

    hand.key(K.Key_Home)
    seen: list[str] = []
    for number in range(FORTY + 1):
        qtbot.waitUntil(shown, timeout=PATIENCE_MS)
        study = holder.state.study
        assert study is not None
        seen.append(study.uid)
        if study.state is JobState.ERROR:
            command("mark_read", K.Key_J)
            continue
        if study.asks:
            command("analyse_anyway", K.Key_Return, CTRL)
            qtbot.waitUntil(lambda: holder.state.detection is not None, timeout=PATIENCE_MS)
        look(number)
        name = list(JUDGING)[number % 3]
        words[study.uid] = SAID[name]
        command(name, JUDGING[name])
    qtbot.waitUntil(lambda: program.idle, timeout=PATIENCE_MS)

    assert len(set(seen)) == FORTY + 1, "every study was shown once"
    assert len(words) == FORTY
    assert {study.uid: study.judgement for study in store.worklist.studies if study.uid in words} == words
    assert Counter(log.commands) == Counter(expected), "no command that the reader did not give"
    assert not log.drawn_wrongly
    assert log.drawn > FORTY, "the log has looked"
    assert not log.moved
    left: list[Study] = [study for study in store.worklist.studies if study.reading is not Reading.READ]
    assert len(left) == WITH_PRIOR, "priors are no work"
    stored = program.services.database.ask(lambda database: database.judgements()).result(5)
    assert len(stored) == FORTY + WITH_LATERAL  # of each image
    assert program.notifier.history[-1].title.endswith("studies have been read.")
