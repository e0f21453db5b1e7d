"""What the user has chosen comes back, whatever has become of its file and whichever version has written it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.domain.layers.chosen import Chosen, load_chosen, save_chosen
from app.domain.layers.policy import Policy
from app.domain.settings import ColourMap, DisplaySettings, ListColumn, ListSettings, Settings, SortBy
from squid_core.version import installed_version

LATER = "999.0"


def of(settings: Settings) -> Chosen:
    """What a user has chosen whose settings these are."""
    return Chosen().changed(Settings(), settings, Policy())


def written(file: Path) -> dict[str, Any]:
    content = json.loads(file.read_text())
    assert isinstance(content, dict)
    return content


def test_the_first_start_has_defaults_and_says_nothing(tmp_path: Path) -> None:
    assert load_chosen(tmp_path / "settings.json") == (Chosen(), None)


def test_what_the_user_chose_comes_back(tmp_path: Path) -> None:
    file = tmp_path / "new folder" / "settings.json"
    chosen = Settings(
        display=DisplaySettings(colour_map=ColourMap.CIVIDIS, overlay=True), device="cpu", export_folder=tmp_path
    )
    assert save_chosen(file, of(chosen)) is None
    loaded, notice = load_chosen(file)
    assert (loaded.settings(), notice) == (chosen, None)
    assert [path.name for path in file.parent.iterdir()] == ["settings.json"]


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"\xff\xfe\x00", b"[1, 2]", b"null", b'{"device": "toaster"}', b'{"display": {"smoothing": -1}}',
        b'{"export_kinds": [1, {}]}', b'{"display": 7}', b'{"theme": ["dark"]}',
        b"[" * 100_000, b" " * 1_000_001,
    ],
)  # fmt: skip
def test_a_damaged_file_gives_defaults_with_a_notice(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "settings.json"
    file.write_bytes(content)
    loaded, notice = load_chosen(file)
    assert loaded.settings() == Settings()
    assert notice is not None
    assert notice.title == "The settings file is damaged."


def test_a_damaged_value_leaves_the_others_as_they_were(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text('{"device": "cpu", "theme": "pink", "display": {"smoothing": -1, "overlay": true}}')
    loaded, notice = load_chosen(file)
    assert loaded.settings() == Settings(device="cpu", display=DisplaySettings(overlay=True))
    assert notice is not None
    assert (notice.title, notice.detail) == ("The settings file is damaged.", "2 fields")


def test_settings_of_a_later_version_are_read_as_far_as_they_are_known(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text('{"device": "cpu", "hologram": true}')
    loaded, notice = load_chosen(file)
    assert (loaded.settings(), notice) == (Settings(device="cpu"), None)


def test_a_folder_that_cannot_be_written_is_a_notice(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    notice = save_chosen(tmp_path / "file" / "settings.json", Chosen())
    assert notice is not None
    assert "could not be saved" in notice.title


def test_order_rows_and_columns_of_the_worklist_outlive_the_program(tmp_path: Path) -> None:
    listing = ListSettings(sort=SortBy.WAITING, compact=True, columns=frozenset({ListColumn.NAME, ListColumn.WAITING}))
    save_chosen(tmp_path / "settings.json", of(Settings().with_value("worklist", listing)))
    assert load_chosen(tmp_path / "settings.json")[0].settings() == Settings(worklist=listing)


def test_only_what_was_chosen_is_in_the_file_and_what_is_taken_back_is_not(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    chosen = of(Settings(theme="light").with_value("display.smoothing", 3.0))
    save_chosen(file, chosen)
    assert written(file) == {"version": installed_version(), "theme": "light", "display": {"smoothing": 3.0}}
    back = chosen.changed(chosen.settings(), Settings(theme="light"), Policy())
    save_chosen(file, back)
    assert written(file) == {"version": installed_version(), "theme": "light"}


def test_of_a_file_that_holds_every_setting_only_what_is_no_default_was_chosen(tmp_path: Path) -> None:
    """Versions before this one wrote them all."""
    file = tmp_path / "settings.json"
    file.write_text(Settings(device="cpu", mask_key="secret").model_dump_json())
    chosen, notice = load_chosen(file)
    assert (dict(chosen.content), notice) == ({"device": "cpu", "mask_key": "secret"}, None)


def test_an_older_program_says_what_it_cannot_read_of_a_later_ones_settings_and_keeps_it(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    later = {
        "version": LATER, "theme": "sepia", "hologram": {"on": True}, "device": "cpu",
        "display": {"smoothing": "by age", "overlay": True, "sparkles": 7},
    }  # fmt: skip
    file.write_text(json.dumps(later))
    chosen, notice = load_chosen(file)
    assert chosen.settings() == Settings(device="cpu", display=DisplaySettings(overlay=True))
    assert notice is not None
    assert notice.title == "The settings were made by a later version of this program."
    assert notice.detail == "theme, display.smoothing"
    changed = chosen.changed(chosen.settings(), chosen.settings().with_value("device", "auto"), Policy())
    save_chosen(file, changed)
    assert written(file) == {key: value for key, value in later.items() if key != "device"}  # also to the later one
    settled = changed.changed(changed.settings(), changed.settings().with_value("display.smoothing", 2.0), Policy())
    assert settled.unread == ("theme",)
    assert settled.settings().display.smoothing == 2.0


def test_settings_of_a_later_version_that_can_be_read_are_not_spoken_of(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text(json.dumps({"version": LATER, "theme": "light", "hologram": True}))
    assert load_chosen(file)[1] is None


def test_a_file_that_cannot_be_read_at_all_is_set_aside_when_another_takes_its_place(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_bytes(b"{")
    chosen, _ = load_chosen(file)
    assert file.read_bytes() == b"{"
    save_chosen(file, chosen)
    assert (tmp_path / "settings.json.damaged").read_bytes() == b"{"
    assert written(file) == {"version": installed_version()}
