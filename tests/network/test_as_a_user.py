"""As a new user would: a PACS is set up, tested, asked, fetched from and sent to, by keys and mouse alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from unittest.mock import patch

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from app.headless.phantom import draw
from app.main import Program
from app.paths import AppPaths
from app.ui.dialogs.query import QueryDialog
from app.ui.preferences.system_form import SystemForm
from tests.app import light_worker
from tests.app.ui.hands import ALT, CTRL, LEFT, SHIFT
from tests.network.peers import LOOPBACK, Orthanc, free_port
from tests.squid_core.dicom.phantoms import chest, save

Key = Qt.Key
SECONDS = 60  # for each step, on a machine that is at work with other things
MS = 1000


@pytest.fixture
def program(tmp_path: Path, qtbot: QtBot) -> Iterator[Program]:
    """The whole of it, with nothing configured; a detector that starts at once."""
    with patch("app.services.detector.client.worker", light_worker):
        made = Program(AppPaths(tmp_path / "home"), "cpu", keep_layout=False)
        made.start()
        yield made
        made.close()


def front(qtbot: QtBot, kind: type[QDialog]) -> QDialog:
    """The dialog of this kind, once the keys are its."""
    found: list[QDialog] = []

    def there() -> bool:
        found[:] = [part for part in QApplication.topLevelWidgets() if isinstance(part, kind) and part.isActiveWindow()]
        return len(found) == 1

    qtbot.waitUntil(there, timeout=5 * MS)
    return found[0]


def type_port(form: SystemForm, port: int) -> None:
    """Type another port, and Enter."""
    QTest.keyClick(form.port, Key.Key_A, CTRL)
    QTest.keyClicks(form.port, str(port))
    QTest.keyClick(form, Key.Key_Return)


def waits(qtbot: QtBot, until: Callable[[], bool]) -> None:
    qtbot.waitUntil(until, timeout=SECONDS * MS)


def test_a_new_user_reads_from_the_pacs_and_sends_back(
    program: Program, orthanc: Orthanc, qtbot: QtBot, tmp_path: Path
) -> None:
    film = chest(
        draw(), PatientName="User^New", PatientID="NU-1", StudyDate=date.today().strftime("%Y%m%d"),  # noqa: DTZ011
        StudyTime="101112", StudyID="S1", AccessionNumber="A-NU", BurnedInAnnotation="NO", Modality="DX",
        StudyDescription="Thorax", ReferringPhysicianName="",
    )  # fmt: skip
    orthanc.put(save(tmp_path, film, "film"))
    window, state = program.window, program.holder
    qtbot.waitExposed(window)
    waits(qtbot, lambda: state.state.restored)

    # Nothing is set up: the query says so and leads to the settings.
    window.activateWindow()
    QTest.keyClick(window, Key.Key_O, CTRL | SHIFT)
    query = front(qtbot, QueryDialog)
    assert isinstance(query, QueryDialog)
    QTest.keyClick(query, Key.Key_Return)
    qtbot.waitUntil(lambda: program.preferences.dialog is not None)
    settings = program.preferences.dialog
    assert settings is not None
    assert settings.network is not None
    group = settings.network
    QTest.mouseClick(group.add, LEFT)
    form = front(qtbot, SystemForm)
    assert isinstance(form, SystemForm)
    for line, text in ((form.name, "PACS"), (form.ae_title, orthanc.aet), (form.host, LOOPBACK)):
        QTest.keyClicks(line, text)
    type_port(form, free_port())
    waits(qtbot, lambda: [peer.name for peer in state.state.network.peers] == ["PACS"])
    QTest.mouseClick(group.test, LEFT)
    waits(qtbot, lambda: "Nobody listens there" in group.tested.text.text())
    QTest.mouseClick(group.edit, LEFT)
    form = front(qtbot, SystemForm)
    assert isinstance(form, SystemForm)
    type_port(form, orthanc.dicom_port)
    waits(qtbot, lambda: state.state.network.peers[0].port == orthanc.dicom_port)
    assert not group.tested.isVisible(), "what was said is of the other port"
    QTest.mouseClick(group.test, LEFT)
    waits(qtbot, lambda: group.tested.sign.isVisible() and group.tested.sign.accessibleName() == "good")
    QTest.keyClick(settings, Key.Key_Escape)

    # Today's studies, one of them fetched.
    query.activateWindow()
    query.begin()
    QTest.keyClicks(query.form.name, "user")
    QTest.keyClick(query, Key.Key_Return)
    waits(qtbot, lambda: query.table.model().rowCount() == 1)
    QTest.keyClick(query.form.name, Key.Key_Down)
    QTest.keyClick(query.table, Key.Key_Return)
    uid = str(film.StudyInstanceUID)
    waits(qtbot, lambda: program.store.worklist.study(uid) is not None)
    waits(qtbot, lambda: query.table.model().index(0, 0).data() == "here already")
    waits(qtbot, lambda: program.store.worklist.study(uid).score is not None)  # type: ignore[union-attr]
    QTest.keyClick(query, Key.Key_Escape)

    # Read, and sent back.
    program.wishes.study_selected.emit(uid)
    waits(qtbot, lambda: state.state.study_uid == uid and state.state.radiograph is not None)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(window, Key.Key_S, CTRL | ALT)
    send = window.sending.dialog
    assert send is not None
    QTest.keyClick(send, Key.Key_Return)
    waits(qtbot, lambda: state.state.outbox.sent == 2)

    (study,) = orthanc.ask(f"/dicom-web/studies?StudyInstanceUID={uid}&includefield=00080061")
    assert set(study["00080061"]["Value"]) == {"DX", "SR", "OT"}
