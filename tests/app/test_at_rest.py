"""What lies in the program's own folder is for its user alone, whatever the umask and however it came there."""

from __future__ import annotations

import os
import sqlite3
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from unittest.mock import patch

import pytest
from pytestqt.qtbot import QtBot

from app.domain.exporting import ExportOrder
from app.domain.study import Judgement
from app.main import OPEN_FOLDER, Program
from squid_core import plots
from squid_core.contracts.network import Meant
from squid_core.export.request import ExportKind
from squid_core.files import Narrowed, narrow
from squid_core.home import DATABASE
from squid_core.network.configuration import incoming_folder
from squid_core.network.incoming import Incoming
from squid_core.network.outbox import Outbox, Outgoing
from tests.app import light_worker
from tests.app.world import Face

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there a file has the rights of the user's profile")
WAIT_MS = 120_000


@pytest.fixture
def open_umask() -> Iterator[None]:
    former = os.umask(0)
    yield
    os.umask(former)


@pytest.fixture(autouse=True)
def _light_detector(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.services.detector.client.worker", light_worker)


def wide(root: Path) -> list[str]:
    """What is not for its user alone, with its mode."""
    found = []
    for path in (root, *root.rglob("*")):
        try:
            mode = stat.S_IMODE(path.lstat().st_mode)
        except FileNotFoundError:  # a temporary file that has gone meanwhile
            continue
        if not path.is_symlink() and mode != (0o700 if path.is_dir() else 0o600):
            found.append(f"{mode:o} {path.relative_to(root)}")
    return found


def test_whatever_is_done_nothing_in_the_programs_folder_is_for_others(
    qtbot: QtBot, start: Callable[[], Program], tmp_path: Path, open_umask: None
) -> None:
    home, film = tmp_path / "home", tmp_path / "film.dcm"
    film.write_bytes(Face(1, 1, 1, 40).data)
    program = start()
    program.open([film])
    qtbot.waitUntil(lambda: program.holder.state.detection is not None and program.idle, timeout=WAIT_MS)
    program.wishes.judged.emit(Judgement.ACCEPTED, ())
    key = program.holder.state.image_key
    program.wishes.export_ordered.emit(
        ExportOrder((key,), tmp_path / "away", (ExportKind.SOURCE, ExportKind.STRUCTURED_REPORT))
    )
    qtbot.waitUntil(lambda: len(list((tmp_path / "away").glob("*.*"))) == 2 and program.idle, timeout=WAIT_MS)
    half = Incoming(incoming_folder(home)).begin()
    half.write(film.read_bytes())
    half.finish("1.2.3")
    Outbox(home).add("PACS", [Outgoing(film, Meant("1.2.3", "1.2", "P1"), "report", "digest")], time.time())
    assert not wide(home), "while it runs"
    program.close()
    assert {"backups", "incoming", "logs", "outbox"} <= {path.name for path in home.iterdir()}
    assert not wide(home)
    assert stat.S_IMODE(next((tmp_path / "away").iterdir()).stat().st_mode) & 0o044, "what is exported is the user's"


def test_an_older_folder_is_closed_to_others_at_the_start_and_links_in_it_lead_nowhere(
    qtbot: QtBot, start: Callable[[], Program], tmp_path: Path
) -> None:
    home, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    (home / "logs").mkdir(parents=True)
    elsewhere.write_text("theirs")
    elsewhere.chmod(0o644)
    (home / "logs" / "viewer.log").write_text("")
    (home / "settings.json").write_text("{}")
    (home / "settings.json").chmod(0o666)
    (home / "logs").chmod(0o777)
    home.chmod(0o755)
    (home / "link").symlink_to(elsewhere)
    (home / "folder").symlink_to(tmp_path)
    assert wide(home)
    program = start()
    qtbot.waitUntil(lambda: not wide(home), timeout=WAIT_MS)
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o644
    assert [notice.title for notice in program.notifier.history] == []


def test_a_folder_that_cannot_be_closed_is_said(qtbot: QtBot, start: Callable[[], Program]) -> None:
    with patch("app.main.narrow", lambda _: Narrowed(0, 3, is_open=True)):
        program = start()
        qtbot.waitUntil(lambda: OPEN_FOLDER in program.notifier.history, timeout=WAIT_MS)


def test_what_cannot_be_narrowed_is_counted_and_nothing_waits_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("settings.json", "request.json", "notes.txt"):
        (tmp_path / name).write_text("")
        (tmp_path / name).chmod(0o644)
    tmp_path.chmod(0o755)
    chmod = os.chmod

    def refuse(path: str, mode: int) -> None:
        if Path(path).name != "request.json":
            raise PermissionError
        chmod(path, mode)

    monkeypatch.setattr(os, "chmod", refuse)
    found = narrow(tmp_path)
    assert found.changed == 1
    assert found.refused == 2
    assert found.is_open
    assert stat.S_IMODE((tmp_path / "notes.txt").stat().st_mode) == 0o644, "it is the user's own"
    assert narrow(tmp_path / "nowhere") == Narrowed()


def test_what_matplotlib_keeps_is_for_this_user_alone(monkeypatch: pytest.MonkeyPatch, open_umask: None) -> None:
    seen: list[int] = []

    class Watch:
        """Stands in for matplotlib's list of typefaces, which takes seconds to be made."""

        def find_spec(self, name: str, *_: object) -> None:
            if name == "matplotlib.font_manager":
                seen.append(os.umask(0o077))
                raise ImportError

    monkeypatch.delitem(sys.modules, "matplotlib.font_manager", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Watch(), *sys.meta_path])
    with pytest.raises(ImportError):
        plots._load.__wrapped__()
    assert seen == [0o077]
    assert os.umask(0) == 0


def test_what_has_gone_by_its_age_is_nowhere_in_the_folder(
    qtbot: QtBot, start: Callable[[], Program], tmp_path: Path
) -> None:
    home, folder, face = tmp_path / "home", tmp_path / "PATIENT9", Face(9, 9, 9, 40)
    folder.mkdir()
    (folder / "film.dcm").write_bytes(face.data)
    program = start()
    program.open([folder])
    qtbot.waitUntil(lambda: program.holder.state.detection is not None and program.idle, timeout=WAIT_MS)
    program.wishes.judged.emit(Judgement.ACCEPTED, ())
    program.settings.change(studies_kept=30)
    program.close()
    words = [*face.names[:2], "Patient9", "PATIENT9", str(folder)]
    assert set(words[2:]) <= set(found(home, *words))
    with closing(sqlite3.connect(home / DATABASE, isolation_level=None)) as store:
        store.execute("UPDATE arrivals SET at = '2020-01-01T00:00:00+00:00'")
    program = start()
    qtbot.waitUntil(lambda: program.holder.state.restored and not program.store.worklist.studies, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: any("were removed: 1." in one.title for one in program.notifier.history), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: program.holder.state.study is None, timeout=WAIT_MS)
    program.close()
    assert found(home, *words) == []
    assert (folder / "film.dcm").exists()


def found(root: Path, *words: str) -> list[str]:
    """Those of some words that stand in a file below this folder."""
    texts = [path.read_bytes() for path in root.rglob("*") if path.is_file()]
    return [word for word in words if any(word.encode() in text for text in texts)]
