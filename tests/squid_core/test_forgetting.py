"""Everything is forgotten, nothing else is touched, and a kill leaves nothing half done."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import keyring
import pytest

from app.domain.layers.chosen import load_chosen
from app.domain.settings import Settings
from app.domain.study import Judgement
from app.instance import REQUEST
from app.services.network.incoming_watch import TAKEN
from app.services.network.result_writer import FOLDER as SENDING
from app.storage.database import Database
from squid_core import forgetting
from squid_core.audit import examine, login
from squid_core.claim import claim_folder
from squid_core.cli import main
from squid_core.contracts.network import Meant
from squid_core.forgetting import Kind, forget, is_ordered, order_forgetting, what_is_held
from squid_core.home import BUNDLES, DATABASE, FORGET_ORDER, FORGOTTEN, OWN, QT_FILE, own_name
from squid_core.network import secrets
from squid_core.network.configuration import FILE as NETWORK_FILE
from squid_core.network.configuration import INCOMING, NetworkSettings, Peer, write_settings
from squid_core.network.incoming import Incoming
from squid_core.network.outbox import FOLDER, Outbox, Outgoing
from squid_core.network.store import FILE as NETWORK_STORE
from tests.app.samples import detection, image, save, scored
from tests.squid_core.network.rings import FakeRing, LockedRing

WEB = Peer(name="WEB", dicomweb="https://pacs.example/dicom-web", user="reader")
GONE = {
    "worklist.sqlite",
    "backups",
    "logs",
    "incoming",
    "outbox",
    "network.sqlite",
    "audit.head",
    "matplotlib",
    QT_FILE,
}


@pytest.fixture(autouse=True)
def ring() -> Iterator[FakeRing]:
    former, made = keyring.get_keyring(), FakeRing()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(former)


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which a program has worked, beside a file of the user's that a link in it leads to."""
    place = tmp_path_factory.mktemp("forgetting")
    made, film = place / "home", place / "film.dcm"
    film.write_bytes(b"the user's own")
    store = Database(made / DATABASE, lambda _: None)
    items = [scored(image(f"{number}", f"1.{number}"), detection()) for number in range(3)]
    for item in items:
        save(store, item, detection(), "bundle")
    store.judge([items[-1].digest], items[-1].key, Judgement.ACCEPTED)
    store.close()
    (made / f"{DATABASE}.damaged-2026").write_bytes(b"patients")
    half = Incoming(made / INCOMING, free_gb=0).begin()
    half.write(b"an image")
    half.finish("1.2.3")
    Outbox(made).add("PACS", [Outgoing(film, Meant("1.2.3", "1.2", "P1"), "sr", "digest")], 1.0)
    write_settings(NetworkSettings(peers=(WEB,)), made)
    own = Settings(theme="light", recent=(Path("/data/DOE^JANE"),), mask_key="secret")
    (made / "settings.json").write_text(own.model_dump_json())
    (made / "settings.json.damaged").write_text('{"recent": ["/data/DOE^JANE"')
    for folder, name in (("logs", "viewer.log"), ("matplotlib", "fonts.json"), (f"{BUNDLES}/ours", "card.json")):
        (made / folder).mkdir(parents=True)
        (made / folder / name).write_text("{}")
    (made / QT_FILE).write_text("[FileDialog]\nlastVisited=file:///data/DOE%5EJANE\n")
    (made / "logs" / "away").symlink_to("../../../outside")
    (made / "incoming.taken").symlink_to("../film.dcm")
    (made / "my notes.txt").write_text("mine")
    (place / "cache" / "training" / "out-1").mkdir(parents=True)
    (place / "outside").mkdir()
    return place


@pytest.fixture
def home(worked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same, to be forgotten."""
    shutil.copytree(worked, tmp_path / "worked", symlinks=True)
    cache = tmp_path / "worked" / "cache"
    monkeypatch.setattr("squid_core.forgetting.platformdirs.user_cache_path", lambda _: cache)
    return tmp_path / "worked" / "home"


def names(home: Path) -> set[str]:
    return {path.name for path in home.iterdir()}


def test_it_says_what_there_is_and_names_nobody(home: Path) -> None:
    held = {one.kind: one.count for one in what_is_held(home)}
    assert held == {
        Kind.STUDIES: 3, Kind.RESULTS: 3, Kind.READING: 1, Kind.TRAIL: 4, Kind.COPIES: 2, Kind.RECEIVED: 1,
        Kind.OUTBOX: 1, Kind.LOGS: 3, Kind.SETTINGS: 2, Kind.NETWORK: 1, Kind.PASSWORDS: 1, Kind.WEIGHTS: 1,
        Kind.TRAINING: 1,
    }  # fmt: skip
    assert what_is_held(home / "nowhere")[:-1] == ()


def test_patient_data_goes_with_what_settings_tell_of_it_and_what_lies_outside_stays(home: Path) -> None:
    secrets.keep(WEB, "hidden")
    order_forgetting(home)
    done = forget(home)
    assert done is not None
    assert done.failed == ()
    assert done.left == 1
    assert names(home) == {"settings.json", NETWORK_FILE, BUNDLES, FORGOTTEN, "my notes.txt"}
    assert (home.parent / "film.dcm").read_bytes() == b"the user's own"
    chosen, notice = load_chosen(home / "settings.json")
    settings = chosen.settings()
    assert (settings.theme, settings.recent, settings.mask_key, notice) == ("light", (), "", None)
    assert set(forgetting.TELLING) <= Settings.model_fields.keys()
    assert secrets.password(WEB) == "hidden"
    assert forget(home) is None


def test_the_trail_begins_anew_with_who_has_forgotten_what(home: Path) -> None:
    order_forgetting(home)
    forget(home)
    for _ in range(2):
        Database(home / DATABASE, lambda _: None).close()
    store = Database(home / DATABASE, lambda _: None)
    (line,) = [line for line in store.audit() if line.action == "forget"]
    assert line.number == 1
    assert f"by {login()}" in line.detail
    assert "studies: 3" in line.detail
    assert "not removed: 0" in line.detail
    assert not examine(store.audit()).breaches
    store.close()
    assert not (home / FORGOTTEN).exists()


def test_with_settings_go_passwords_and_learned_weights(home: Path) -> None:
    secrets.keep(WEB, "hidden")
    order_forgetting(home, settings=True)
    forget(home)
    assert names(home) == {FORGOTTEN, "my notes.txt"}
    assert secrets.password(WEB) == ""
    assert not list((home.parent / "cache" / "training").iterdir())


def test_a_key_ring_that_stays_locked_holds_nothing_up(home: Path) -> None:
    keyring.set_keyring(LockedRing())
    order_forgetting(home, settings=True)
    done = forget(home)
    assert done is not None
    assert done.failed == ("Passwords in the key ring (WEB): The system's key ring is locked.",)
    assert names(home) == {FORGOTTEN, "my notes.txt"}


@pytest.mark.parametrize("point", [1, 5, 10])
def test_a_kill_in_the_middle_is_finished_at_the_next_start(
    home: Path, monkeypatch: pytest.MonkeyPatch, point: int
) -> None:
    order_forgetting(home)
    left = [point]
    remove = forgetting._remove

    def dying(*arguments: object) -> None:
        left[0] -= 1
        if not left[0]:
            raise KeyboardInterrupt
        remove(*arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(forgetting, "_remove", dying)
        with pytest.raises(KeyboardInterrupt):
            forget(home)
    assert is_ordered(home)
    done = forget(home)
    assert done is not None
    assert not names(home) & GONE
    assert json.loads((home / FORGOTTEN).read_text())["detail"].count("studies: 3") == 1


@pytest.mark.skipif(sys.platform == "win32" or os.getuid() == 0, reason="root may remove everything")
def test_a_folder_without_rights_is_emptied_too(home: Path) -> None:
    (home / INCOMING).chmod(0o500)
    order_forgetting(home)
    done = forget(home)
    assert done is not None
    assert done.failed == ()


def test_what_cannot_be_removed_is_said_and_the_rest_goes(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unlink = Path.unlink

    def refuse(path: Path, missing_ok: bool = False) -> None:
        if path.name == DATABASE:
            raise PermissionError(13, "Permission denied")
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    order_forgetting(home)
    done = forget(home)
    assert done is not None
    assert done.failed == (f"{DATABASE}: Permission denied",)
    assert "backups" not in names(home)
    assert "not removed: 1" in (home / FORGOTTEN).read_text()


def test_a_store_that_is_damaged_is_forgotten_like_any_other(home: Path) -> None:
    (home / DATABASE).write_bytes(b"no database")
    (home / "settings.json").write_text("[")
    (home / NETWORK_FILE).write_text("[")
    assert all(one.count == 0 for one in what_is_held(home) if one.kind is Kind.STUDIES)
    order_forgetting(home)
    done = forget(home)
    assert done is not None
    assert done.failed == ()
    assert names(home) == {NETWORK_FILE, BUNDLES, FORGOTTEN, "my notes.txt"}


def test_the_command_line_says_what_there_is_and_asks(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["forget", "--home", str(home)]) == 2
    out, complaint = capsys.readouterr()
    assert "Studies on the worklist" in out
    assert "1 of the results in the outbox are not sent yet" in out
    assert "DOE" not in out
    assert "nobody can be asked" in complaint
    assert (home / DATABASE).exists()
    assert main(["forget", "--home", str(home), "--yes"]) == 0
    assert not names(home) & GONE
    assert main(["forget", "--home", str(home.parent / "nowhere"), "--yes"]) == 0
    assert not (home.parent / "nowhere").exists()


@pytest.mark.parametrize(("answer", "code"), [("forget\n", 0), ("yes\n", 2), ("\n", 2), ("", 2)])
def test_only_the_word_itself_is_an_answer(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], answer: str, code: int
) -> None:
    class Typed:
        def isatty(self) -> bool:
            return True

        def readline(self) -> str:
            return answer

    monkeypatch.setattr(sys, "stdin", Typed())
    assert main(["forget", "--home", str(home)]) == code
    assert (home / DATABASE).exists() is (code == 2)


def test_an_uninstaller_leaves_nothing(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "my notes.txt").unlink()
    assert main(["forget", "--home", str(home), "--all", "--yes"]) == 0
    assert not home.exists()


def test_beside_a_window_it_is_refused(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = claim_folder(home)
    assert own is not None
    assert main(["forget", "--home", str(home), "--yes"]) == 2
    assert "running" in capsys.readouterr().err
    own.release()
    assert (home / DATABASE).exists()


def test_a_run_that_was_stopped_is_finished_without_a_question(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    order_forgetting(home, settings=True)
    (home / DATABASE).unlink()
    assert main(["forget", "--home", str(home)]) == 0
    assert names(home) == {FORGOTTEN, "instance.lock", "my notes.txt"}


def test_whatever_the_program_puts_into_its_folder_is_known_as_its_own() -> None:
    for name in (DATABASE, REQUEST, TAKEN, SENDING, FOLDER, INCOMING, NETWORK_FILE, NETWORK_STORE, FORGET_ORDER):
        assert own_name(name) == name
    assert own_name(f"{DATABASE}-wal") == own_name(f".{DATABASE}.12.tmp") == DATABASE
    assert own_name(f".{DATABASE}.12.tmp-journal") == DATABASE
    assert own_name("incoming.taken") == "incoming.taken"
    assert not own_name("backups of mine")
    assert not own_name("notes.txt")
    assert OWN - forgetting._KIND_OF.keys() == {"instance.lock", FORGET_ORDER}


def test_the_counts_are_of_a_store_that_is_open_elsewhere_too(home: Path) -> None:
    with closing(sqlite3.connect(home / DATABASE)) as busy:
        busy.execute("BEGIN IMMEDIATE")
        assert {one.kind: one.count for one in what_is_held(home)}[Kind.STUDIES] == 3
