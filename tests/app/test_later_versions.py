"""A program that is older than its folder: it says so, starts, changes nothing there, and loses nothing."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.main import Program
from app.services.network.incoming_watch import TAKEN
from app.services.state.worklist_store import WorklistStore
from app.storage.faults import NEWER
from app.storage.schema import MIGRATIONS
from squid_core.network.configuration import Listening, NetworkSettings, Peer, write_settings
from squid_core.network.store import LATER, open_store
from squid_core.network.store import MIGRATIONS as NETWORK_MIGRATIONS
from tests.app.ui import synthetic
from tests.squid_core.dicom.phantoms import chest, save

PATIENCE_MS = 60_000
PACS = Peer(name="PACS", ae_title="PACS", host="127.0.0.1", port=9)


@pytest.fixture(autouse=True)
def _nothing_is_scored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.services.services.Services._warm_up", lambda _: None)


def made_by(version: int, file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(f"PRAGMA user_version = {version}")


def files(home: Path) -> dict[str, bytes]:
    """What is in the folder, but for what every run writes."""
    own = ("logs", "settings.json", "instance")
    return {
        str(path.relative_to(home)): path.read_bytes()
        for path in sorted(home.rglob("*"))
        if path.is_file() and not str(path.relative_to(home)).startswith(own)
    }


def restored(qtbot: QtBot, program: Program) -> WorklistStore:
    qtbot.waitUntil(lambda: program.services.is_restored, timeout=PATIENCE_MS)
    return program.store


def test_a_worklist_of_a_later_version_is_left_alone_and_is_there_after_the_upgrade(
    qtbot: QtBot, start: Callable[[], Program], tmp_path: Path
) -> None:
    home = tmp_path / "home"
    program = start()
    restored(qtbot, program)
    item = synthetic.item(0, 0.9)
    program.services.database.ask(lambda database: database.save_images([item])).result()
    program.close()
    made_by(len(MIGRATIONS) + 1, home / "worklist.sqlite")
    before = files(home)

    program = start()
    store = restored(qtbot, program)
    assert program.window.isVisible()
    assert len(store.worklist) == 0
    assert NEWER in program.notifier.history
    assert "Start the later version again" in program.window.footer.notice.whole
    program.store.upsert(synthetic.item(1, 0.5))  # work goes on
    program.services.database.ask(lambda database: database.save_images([synthetic.item(1, 0.5)])).result()
    program.close()
    assert files(home) == before

    made_by(len(MIGRATIONS), home / "worklist.sqlite")  # the later version is back
    program = start()
    assert [image.key for image in restored(qtbot, program).worklist.images()] == [item.key]


def test_beside_a_worklist_of_a_later_version_nothing_that_came_is_taken_in_or_removed(
    qtbot: QtBot, start: Callable[[], Program], tmp_path: Path
) -> None:
    """The later version would not show it, or miss it; what waits to be sent would be given up, its image unknown."""
    home = tmp_path / "home"
    start().close()
    write_settings(NetworkSettings(listening=Listening(ae_title="SQUID", port=1), peers=(PACS,)), home)
    day = home / "incoming" / "2026-11-30"
    day.mkdir(parents=True)
    came = save(day, chest(), "1764500000000000-0123456789ab.dcm")
    os.utime(came, (1764500000, 1764500000))  # longer ago than studies are kept
    (home / "settings.json").write_text('{"version": "0.2", "studies_kept": 1}')
    with closing(open_store(home)) as store:
        wish = ("PACS", "key-0", "sr", 0)
        store.execute("INSERT INTO wanted (peer, image, kinds, by_hand) VALUES (?, ?, ?, ?)", wish)
        store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    made_by(len(MIGRATIONS) + 1, home / "worklist.sqlite")

    program = start()
    restored(qtbot, program)
    qtbot.waitUntil(lambda: bool(program.holder.state.network_fault))
    qtbot.wait(300)
    assert program.services.network is not None
    assert not program.services.network.node.running
    program.close()
    assert came.exists()
    assert not (home / TAKEN).exists()
    with closing(open_store(home)) as store:
        assert store.execute("SELECT count(*) FROM wanted").fetchone() == (1,)


def test_a_network_record_of_a_later_version_is_said_and_left_alone(
    qtbot: QtBot, start: Callable[[], Program], tmp_path: Path
) -> None:
    home = tmp_path / "home"
    write_settings(NetworkSettings(peers=(PACS,)), home)
    with closing(open_store(home)) as store:
        store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    made_by(len(NETWORK_MIGRATIONS) + 1, home / "network.sqlite")
    before = (home / "network.sqlite").read_bytes()
    program = start()
    restored(qtbot, program)
    qtbot.waitUntil(lambda: any(notice.title == LATER for notice in program.notifier.history), timeout=PATIENCE_MS)
    program.close()
    assert (home / "network.sqlite").read_bytes() == before


def test_settings_of_a_later_version_are_said_and_are_there_after_the_upgrade(
    start: Callable[[], Program], tmp_path: Path
) -> None:
    file = tmp_path / "home" / "settings.json"
    file.parent.mkdir()
    later = {"version": "999.0", "theme": "sepia", "hologram": {"on": True}, "readers": 3, "mask_key": "k"}
    file.write_text(json.dumps(later))
    program = start()
    assert program.settings.now.theme == "dark"
    assert program.settings.now.readers == 3
    assert "The settings were made by a later version of this program." in program.window.footer.notice.whole
    program.close()
    after = json.loads(file.read_text())
    assert {key: after[key] for key in later} == later
