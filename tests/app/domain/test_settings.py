from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.settings import ColourMap, DisplaySettings, Settings, load_settings, save_settings


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
        b"", b"{", b"\xff\xfe\x00", b"[1, 2]", b'{"device": "toaster"}', b'{"display": {"smoothing": -1}}',
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


def test_settings_of_a_later_version_are_read_as_far_as_they_are_known(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text('{"device": "cpu", "hologram": true}')
    assert load_settings(file) == (Settings(device="cpu"), None)


def test_a_folder_that_cannot_be_written_is_a_notice(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    notice = save_settings(tmp_path / "file" / "settings.json", Settings())
    assert notice is not None
    assert "could not be saved" in notice.title
