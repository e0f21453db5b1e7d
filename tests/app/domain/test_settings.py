from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from app.domain.settings import (
    Bounds,
    ColourMap,
    DisplaySettings,
    ListColumn,
    ListSettings,
    Settings,
    SortBy,
    load_settings,
    save_settings,
)


def test_the_first_start_has_defaults_and_says_nothing(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "settings.json") == (Settings(), None)


def test_what_the_user_chose_comes_back(tmp_path: Path) -> None:
    file = tmp_path / "new folder" / "settings.json"
    chosen = Settings(
        display=DisplaySettings(colour_map=ColourMap.CIVIDIS, overlay=True), device="cpu", export_folder=tmp_path
    )
    assert save_settings(file, chosen) is None
    assert load_settings(file) == (chosen, None)
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
    settings, notice = load_settings(file)
    assert settings == Settings()
    assert notice is not None
    assert notice.title == "The settings file is damaged."


def test_a_damaged_value_leaves_the_others_as_they_were(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text('{"device": "cpu", "theme": "pink", "display": {"smoothing": -1, "overlay": true}}')
    settings, notice = load_settings(file)
    assert settings == Settings(device="cpu", display=DisplaySettings(overlay=True))
    assert notice is not None
    assert (notice.title, notice.detail) == ("The settings file is damaged.", "2 fields")


def test_one_setting_can_be_read_and_changed_by_its_name() -> None:
    settings = Settings().with_value("display.smoothing", 3.5).with_value("theme", "light")
    assert settings == Settings(display=DisplaySettings(smoothing=3.5), theme="light")
    assert settings.value("display.smoothing") == 3.5
    assert Settings.default("display.smoothing") == 1.0
    assert Settings.bounds("display.overlay_opacity") == Bounds(0, 1)
    assert Settings.bounds("theme") == Bounds(None, None)
    with pytest.raises(ValidationError):
        settings.with_value("display.smoothing", -1)
    with pytest.raises(ValidationError):
        settings.with_value("theme", "pink")
    assert settings.with_value("theme", "dark").display is settings.display


def test_settings_of_a_later_version_are_read_as_far_as_they_are_known(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text('{"device": "cpu", "hologram": true}')
    assert load_settings(file) == (Settings(device="cpu"), None)


def test_a_folder_that_cannot_be_written_is_a_notice(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    notice = save_settings(tmp_path / "file" / "settings.json", Settings())
    assert notice is not None
    assert "could not be saved" in notice.title


def test_order_rows_and_columns_of_the_worklist_outlive_the_program(tmp_path: Path) -> None:
    listing = ListSettings(sort=SortBy.WAITING, compact=True, columns=frozenset({ListColumn.NAME, ListColumn.WAITING}))
    save_settings(tmp_path / "settings.json", Settings().with_value("worklist", listing))
    assert load_settings(tmp_path / "settings.json") == (Settings(worklist=listing), None)
