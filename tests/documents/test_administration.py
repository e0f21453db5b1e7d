"""docs/administration.md is true: an administrator copies from it, and looks up in it what lies where."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.domain.layers.names import all_names
from app.domain.layers.policy import KEPT_FOR_ONE_USER, load_policy
from app.domain.settings import Settings
from app.domain.study import Judgement
from app.main import Program, application
from app.paths import AppPaths
from app.services import logs
from app.storage.backup import KEEP_DAYS
from app.storage.database import Action, Database
from squid_core.dicom.limits import CHILD_DATA_BYTES, FIRST_TRY_SECONDS
from squid_core.home import DATABASE, OWN, own_name
from squid_core.network.configuration import network_of_policy
from squid_core.policy import PolicyFile
from tests.documents.pages import ADMINISTRATION, INSTALLING, ROOT, blocks, given_to
from tests.documents.stand_ins import shell_environment
from tests.tools.package import CHECKSUMS, PACKAGE

PAGE = (ROOT / "docs" / "administration.md").read_text(encoding="utf-8")
FILES = "docs/administration.md"
NAMED = re.compile(r"squid-viewer[_-]\d[\w.\-]*|SHA256SUMS")
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]


def example() -> PolicyFile:
    """The policy that the page shows."""
    (text,) = blocks(PAGE, "json")
    return PolicyFile(**json.loads(text))


def table_of_files() -> set[str]:
    """Names and patterns in the first column of the table of the program's own folder."""
    rows = PAGE.partition("| in the folder |")[2].partition("\n\n")[0].splitlines()[2:]
    return {name.rstrip("/") for row in rows for name in re.findall(r"`([^`]+)`", row.split("|")[1])}


def test_every_file_of_the_programs_folder_is_in_the_table() -> None:
    """What the program calls its own is all that it writes there: tests/squid_core/test_forgetting.py."""
    listed = table_of_files()
    assert listed >= OWN
    assert {own_name(name) for name in listed} == OWN


def test_a_run_leaves_nothing_that_the_table_does_not_have(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.services.Services._warm_up", lambda _: None)  # nothing is scored
    application()
    program = Program(AppPaths(tmp_path / "home"), "cpu")
    program.start()
    qtbot.waitUntil(lambda: program.idle)
    program.services.database.ask(lambda database: database.record(Action.OPEN, "a key", "")).result()
    during = {path.name for path in (tmp_path / "home").iterdir()}
    program.close()
    after = {path.name for path in (tmp_path / "home").iterdir()}
    assert {DATABASE, "settings.json", "logs", "backups"} <= after
    endings = ("", "-wal", "-shm")
    listed = [f"{name}{ending}" for name in table_of_files() for ending in endings]
    assert [name for name in during | after if not any(fnmatch(name, pattern) for pattern in listed)] == []


def test_the_policy_of_the_page_is_understood_to_the_last_word(tmp_path: Path) -> None:
    draft = tmp_path / "policy.json"
    draft.write_text(blocks(PAGE, "json")[0], encoding="utf-8")
    policy, complaint = load_policy(draft)
    assert complaint is None
    assert "network" in policy.names
    assert network_of_policy(example().fixed) is not None


def test_what_is_not_by_policy_is_said_to_be() -> None:
    assert set(all_names(Settings())) >= KEPT_FOR_ONE_USER
    assert "**Not by policy**" in PAGE


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home of a user who has worked; their data lie where they lie without any variable."""
    for name in ("SQUID_VIEWER_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    home = tmp_path / "user"
    monkeypatch.setenv("HOME", str(home))
    worked(home / ".local" / "share" / "squid-viewer").close()
    return home


def worked(data: Path) -> Database:
    """A store in which a reader has judged an image."""
    data.mkdir(parents=True)
    store = Database(data / DATABASE, lambda _: None)
    store.judge(["d" * 64], "a key", Judgement.ACCEPTED)
    return store


def test_an_administrators_commands(user: Path) -> None:
    desk, data = user / "desk", user / ".local" / "share" / "squid-viewer"
    desk.mkdir()
    (desk / "policy.json").write_text(blocks(PAGE, "json")[0], encoding="utf-8")
    before = {path.name: path.read_bytes() for path in data.iterdir() if path.is_file()}
    said = ""
    for command in sorted(given_to(ADMINISTRATION, FILES), key=lambda one: "forget" in one.text):
        if "--extract" in command.text:
            (data / DATABASE).unlink()
        done = subprocess.run(
            ["sh", "-e", "-c", command.text],  # noqa: S607
            cwd=desk, env=shell_environment(), capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{command.text}\n{done.stdout}{done.stderr}"
        said += done.stdout
        if "--extract" in command.text:
            assert {path.name: path.read_bytes() for path in data.iterdir() if path.is_file()} == before
    assert "mask_names = true  [fixed]" in said
    assert "All of it is removed." in said
    assert not (data / DATABASE).exists()


def test_marks_judgements_and_trail_come_back_from_the_daily_copies_alone(tmp_path: Path) -> None:
    worked(tmp_path / "old").close()
    (tmp_path / "new").mkdir()
    (tmp_path / "old" / "backups").rename(tmp_path / "new" / "backups")
    said: list[str] = []
    store = Database(tmp_path / "new" / DATABASE, lambda notice: said.append(notice.text))
    assert [entry.action for entry in store.audit()][:1] == ["judge"]
    store.close()
    assert said


def test_the_commands_that_install_name_what_is_made_and_what_the_installer_knows() -> None:
    installer = (ROOT / "resources" / "packaging" / "install.sh").read_text(encoding="utf-8")
    given = given_to(INSTALLING, FILES)
    named = {word for command in given for word in NAMED.findall(command.text)}
    made = {
        f"{PACKAGE}_{VERSION}_amd64.deb",
        f"{PACKAGE}-{VERSION}-linux-x86_64.tar.gz",
        f"{PACKAGE}-{VERSION}",
        CHECKSUMS,
    }
    assert named == made
    options = {word for one in given if "install.sh" in one.text for word in one.text.split() if word.startswith("--")}
    assert {option for option in options if f"{option})" not in installer} == set()


def test_the_figures_are_those_of_the_program() -> None:
    assert f"longer than {FIRST_TRY_SECONDS:.0f} seconds" in PAGE
    assert f"beyond {CHILD_DATA_BYTES / 1e9:.1f} GB" in PAGE
    assert logs.BACKUPS + 1 == 4
    assert logs.MAX_BYTES == 1_000_000
    assert "four files of 1 MB at most" in PAGE
    assert KEEP_DAYS == 14
    assert "of fourteen\ndays" in PAGE or "of fourteen days" in PAGE
