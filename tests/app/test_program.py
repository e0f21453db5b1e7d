"""The real thing: window, readers, detector and database together."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.jobs import JobState
from app.domain.layers.chosen import load_chosen
from app.domain.settings import DisplaySettings
from app.domain.study import Judgement
from app.headless import phantom
from app.instance import Request, claim, hand_over
from app.main import Program, application
from app.paths import AppPaths
from app.storage.database import Action, Database
from app.storage.faults import LOCKED, SAVED
from squid_core.contracts.detection import DetectorSettings, Region, RegionShape
from tests.app.samples import image

PATIENCE_MS = 120_000


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("films") / "phantom"
    assert phantom.write_in_child(file)
    return file


def idle(qtbot: QtBot, program: Program) -> None:
    qtbot.waitUntil(lambda: program.idle, timeout=PATIENCE_MS)


def worker_pid(qtbot: QtBot, program: Program) -> int:
    work = program.services
    qtbot.waitUntil(lambda: work.worker is not None, timeout=PATIENCE_MS)
    assert work.worker is not None
    return work.worker.pid


def test_a_film_is_scored_the_detector_killed_and_everything_there_after_a_restart(
    qtbot: QtBot, start: Callable[[], Program], film: Path, tmp_path: Path
) -> None:
    program = start()
    program.open([film])
    idle(qtbot, program)
    study = program.store.worklist.studies[0]
    assert study.state is JobState.SCORED
    assert study.score is not None

    holder = program.holder
    qtbot.waitUntil(lambda: holder.state.study_uid == study.uid, timeout=PATIENCE_MS)  # nobody looks at black panes
    qtbot.waitUntil(lambda: holder.state.detection is not None, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: holder.state.radiograph is not None, timeout=PATIENCE_MS)
    assert holder.state.detection is not None
    assert holder.state.detection.score == study.score

    os.kill(worker_pid(qtbot, program), signal.SIGTERM)
    locked = holder.state.detection.trial.settings
    program.wishes.what_if_changed.emit(DetectorSettings(locked.top_k + 1))
    qtbot.waitUntil(lambda: holder.state.what_if is not None, timeout=PATIENCE_MS)
    assert program.store.worklist.studies[0].score == study.score

    program.wishes.patch_selected.emit(0)
    qtbot.waitUntil(lambda: holder.state.entries is not None, timeout=PATIENCE_MS)
    assert holder.state.entries is not None
    assert len(holder.state.entries.pictures) == locked.top_k + 1
    program.wishes.display_changed.emit(DisplaySettings(overlay=True))
    program.close()

    assert load_chosen(tmp_path / "home" / "settings.json")[0].settings().display.overlay
    again = start()
    idle(qtbot, again)
    restored = again.store.worklist.studies[0]
    assert (restored.uid, restored.score) == (study.uid, study.score)
    qtbot.waitUntil(lambda: again.holder.state.detection is not None, timeout=PATIENCE_MS)
    assert again.holder.state.display.overlay


def test_what_if_on_memory_and_on_the_image_is_answered_and_a_judgement_outlives_the_program(
    qtbot: QtBot, start: Callable[[], Program], film: Path
) -> None:
    program = start()
    program.open([film])
    holder, wishes = program.holder, program.wishes
    qtbot.waitUntil(lambda: holder.state.detection is not None, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: holder.state.maps is not None, timeout=PATIENCE_MS)
    found, maps = holder.state.detection, holder.state.maps
    assert found is not None
    assert maps is not None
    assert maps.lesion is not None
    wishes.patch_selected.emit(5)
    gone = found.matches[5][0]
    wishes.entry_toggled.emit(gone.slot)
    qtbot.waitUntil(lambda: holder.state.what_if is not None, timeout=PATIENCE_MS)
    assert holder.state.what_if is not None
    assert gone.slot not in {match.slot for match in holder.state.what_if.matches[5]}
    assert not np.array_equal(holder.state.what_if.reconstruction, found.reconstruction)
    height, width = found.geometry.original_shape
    region = Region(RegionShape.ELLIPSE, 0.2 * height, 0.1 * width, 0.6 * height, 0.4 * width)
    wishes.region_drawn.emit(region)
    qtbot.waitUntil(lambda: not holder.state.what_if_running, timeout=PATIENCE_MS)
    assert holder.state.what_if is not None
    assert holder.state.what_if.trial.region == region
    changed = np.abs(holder.state.what_if.input_image - found.input_image) > 0
    down, across = (index.astype(np.float64) for index in np.nonzero(changed))
    rows, columns = found.geometry.to_original(down, across)
    assert 0.15 * height < rows.min() < rows.max() < 0.65 * height
    assert 0.05 * width < columns.min() < columns.max() < 0.45 * width
    wishes.what_if_reset.emit()
    assert holder.state.shown_detection is found

    wishes.judged.emit(Judgement.REJECTED, ())
    uid = holder.state.study_uid
    qtbot.waitUntil(lambda: holder.state.study is not None and holder.state.study.judgement is Judgement.REJECTED)
    program.close()
    again = start()
    idle(qtbot, again)
    study = again.store.worklist.study(uid)
    assert study is not None
    assert (study.judgement, study.score) == (Judgement.REJECTED, found.score)
    qtbot.waitUntil(lambda: again.holder.state.study is not None, timeout=PATIENCE_MS)
    again.wishes.judged.emit(Judgement.REJECTED, ())  # it is set, not flipped
    again.wishes.judged.emit(Judgement.NONE, ())
    qtbot.waitUntil(lambda: again.store.worklist.study(uid).judgement is Judgement.NONE)  # type: ignore[union-attr]
    trail = again.services.database.ask(lambda database: database.audit()).result(5)
    assert [entry.detail for entry in trail if entry.action == Action.JUDGE] == ["rejected", "none"]
    scores = [entry for entry in trail if entry.action == Action.SCORE]
    assert len(scores) == 1, "no what-if is ever stored"


def test_until_the_window_is_there_no_worklist_is_read_and_no_process_started(qapp: object, tmp_path: Path) -> None:
    application()
    program = Program(AppPaths(tmp_path / "home"), "cpu")
    program.preferences.use("device", "cuda")
    program.open([tmp_path])
    assert multiprocessing.active_children() == []
    assert not (tmp_path / "home" / "worklist.sqlite").exists()
    assert not program.idle
    program.close()


def test_what_is_asked_for_before_the_services_have_begun_is_not_lost(
    qtbot: QtBot, start: Callable[[], Program], tmp_path: Path
) -> None:
    program = start()
    assert not program.services.is_restored
    empty = tmp_path / "empty"
    empty.mkdir()
    program.open([empty])
    idle(qtbot, program)
    assert program.holder.state.import_report is not None
    assert program.holder.state.import_report.text == "Import finished: 0 of 0 files are images"


def test_damaged_files_of_the_programs_own_are_notices_in_the_window(
    qtbot: QtBot, start: Callable[[], Program], tmp_path: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "settings.json").write_text("{")
    (home / "worklist.sqlite").write_bytes(b"rubbish" * 1000)
    program = start()
    titles: list[str] = []
    program.notifier.posted.connect(lambda notice: titles.append(notice.title))
    idle(qtbot, program)
    qtbot.waitUntil(lambda: "The stored worklist was damaged." in titles)
    assert program.window.isVisible()


def test_a_study_taken_off_the_list_is_gone_after_a_restart_and_its_removal_is_on_record(
    qtbot: QtBot, start: Callable[[], Program]
) -> None:
    program = start()
    idle(qtbot, program)
    work = program.services
    kept, removed = image("kept", "1.1", state=JobState.CANCELLED), image("removed", "1.2", state=JobState.CANCELLED)
    program.store.upsert(kept, removed)
    work.database.tell(lambda database: database.save_images([kept, removed]))
    program.wishes.remove_requested.emit(("1.2",))
    assert [study.uid for study in program.store.worklist.studies] == ["1.1"]
    program.close()
    again = start()
    idle(qtbot, again)
    assert [study.uid for study in again.store.worklist.studies] == ["1.1"]
    trail = again.services.database.ask(lambda database: database.audit()).result(5)
    assert [(entry.action, entry.subject) for entry in trail] == [("delete", removed.key)]


def test_a_second_start_shows_the_window_and_opens_there_what_it_was_asked_to(
    qtbot: QtBot, start: Callable[[], Program], tmp_path: Path
) -> None:
    own = claim(tmp_path / "home")
    assert own is not None
    program = start()
    idle(qtbot, program)
    program.window.showMinimized()
    letter = tmp_path / "letter"
    letter.write_text("no image")
    with ThreadPoolExecutor(1) as second:
        answer = second.submit(hand_over, tmp_path / "home", Request((letter,)))
        qtbot.waitUntil(lambda: program.holder.state.import_report is not None, timeout=PATIENCE_MS)
        assert answer.result(5) is None
    assert not program.window.isMinimized()
    idle(qtbot, program)
    own.release()


def test_the_queue_goes_on_while_the_worklist_is_locked_and_all_is_saved_when_the_lock_goes(
    qtbot: QtBot, start: Callable[[], Program], film: Path, tmp_path: Path
) -> None:
    program = start()
    idle(qtbot, program)
    titles: list[str] = []
    program.notifier.posted.connect(lambda notice: titles.append(notice.title))
    with closing(sqlite3.connect(tmp_path / "home" / "worklist.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        program.open([film])
        idle(qtbot, program)
        assert program.store.worklist.studies[0].score is not None
        qtbot.waitUntil(lambda: program.holder.state.detection is not None, timeout=PATIENCE_MS)
        assert other.execute("SELECT count(*) FROM results").fetchone() == (0,)
        other.execute("ROLLBACK")
        qtbot.waitUntil(lambda: other.execute("SELECT count(*) FROM results").fetchone() == (1,), timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: SAVED.title in titles)
    assert titles == [LOCKED.title, SAVED.title]


def test_a_worklist_whose_file_breaks_under_the_program_is_written_anew(
    qtbot: QtBot, start: Callable[[], Program], film: Path, tmp_path: Path
) -> None:
    program = start()
    idle(qtbot, program)
    work = program.services
    item = image("kept")
    program.store.upsert(item)

    def wreck(store: Database) -> None:
        store._file.read(lambda db: db.execute("DROP TABLE images"))

    work.database.ask(wreck).result(5)
    work.database.tell(lambda database: database.save_images([image("new")]))
    qtbot.waitUntil(lambda: len(work.database.ask(lambda database: database.images()).result(5)) == 2)


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_a_polite_kill_ends_the_program_and_its_children_cleanly(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-m", "app"], stderr=subprocess.PIPE, text=True)
    log = tmp_path / "viewer home" / "worklist.sqlite"
    until = time.monotonic() + 60
    while not log.exists() and time.monotonic() < until:
        time.sleep(0.1)
    time.sleep(1)
    process.send_signal(signal.SIGTERM)
    _, complaints = process.communicate(timeout=60)
    assert (process.returncode, complaints) == (0, "")


CODE = """
import sys
from pathlib import Path
from app.headless.headless import play
from app.main import Program, application
from app.paths import AppPaths

def script(program):
    program.open([Path(sys.argv[1])])
    yield lambda: program.idle
    print(program.store.worklist.studies[0].state)

if __name__ == "__main__":
    application()
    heavy = {"torch", "pydicom", "pylibjpeg", "openjpeg", "SimpleITK"}
    print(sorted(heavy & set(sys.modules)))
    program = Program(AppPaths(Path(sys.argv[2])), "cpu")
    play(program, script(program), 120)
    program.close()
    print(sorted(heavy & set(sys.modules)))
"""


def test_the_windows_process_imports_neither_torch_nor_a_decoder_even_for_a_triage(film: Path, tmp_path: Path) -> None:
    script = tmp_path / "window.py"
    script.write_text(CODE)
    ended = subprocess.run(
        [sys.executable, str(script), str(film), str(tmp_path / "home")],
        capture_output=True, text=True, timeout=200, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines() == ["[]", "scored", "[]"]


def test_what_was_drawn_is_there_after_a_restart(qtbot: QtBot, start: Callable[[], Program], film: Path) -> None:
    program = start()
    program.open([film])
    idle(qtbot, program)
    qtbot.waitUntil(lambda: program.holder.state.radiograph is not None, timeout=PATIENCE_MS)
    program.window.activateWindow()
    qtbot.waitUntil(program.window.isActiveWindow)
    view = program.window.panes.original.view
    QTest.keyClick(program.window, Qt.Key.Key_D)
    QTest.keyClick(view, Qt.Key.Key_Return)
    QTest.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(view, Qt.Key.Key_Return)
    drawn = program.holder.state.annotations.marks
    assert len(drawn) == 1
    program.close()

    again = start()
    idle(qtbot, again)
    qtbot.waitUntil(lambda: again.holder.state.annotations.marks == drawn, timeout=PATIENCE_MS)
    trail = again.services.database.ask(lambda database: database.audit()).result(5)
    assert ("annotate", "marks: 1") in [(entry.action, entry.detail) for entry in trail]


def test_keys_that_cannot_be_used_are_said_and_the_others_hold(
    qtbot: QtBot, start: Callable[[], Program], tmp_path: Path
) -> None:
    (tmp_path / "home").mkdir()
    stored = {"keys": {"flip": ["Ctrl+Alt+J"], "no_such_action": ["J"]}}
    (tmp_path / "home" / "settings.json").write_text(json.dumps(stored))
    program = start()
    assert [notice.title for notice in program.notifier.history] == ["Some keys in the settings could not be used."]
    assert program.window.actions_by_name["flip"].shortcut().toString() == "Ctrl+Alt+J"
    idle(qtbot, program)
    program.wishes.keys_changed.emit({"invert": ("Ctrl+Alt+K",)})
    program.close()
    assert load_chosen(tmp_path / "home" / "settings.json")[0].settings().keys == {"invert": ["Ctrl+Alt+K"]}
