"""The list of what the program is made of, and the folder of licences that a bundle carries."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from app import software
from app.software import FOLDER, NOTICE, Software, software_inside, write_licences


@pytest.fixture
def parts(tmp_path: Path) -> tuple[Software, ...]:
    """One with two texts of the same name, one with umlauts in its text."""
    places = [tmp_path / "from" / name for name in ("a", "a/third", "b")]
    for place in places:
        place.mkdir(parents=True)
        (place / "LICENSE").write_text(f"Text of {place.name}, für alle", encoding="utf-8")
    one, third, other = (place / "LICENSE" for place in places)
    return (
        Software("zeta", "1.0", "MIT", "https://example.org", (one, third)),
        Software("Alpha", "2.1", "", "", (other,)),
    )


def test_a_bundle_lists_what_was_put_into_it_and_nothing_else(
    tmp_path: Path, parts: tuple[Software, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_licences(tmp_path / FOLDER, parts)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    alpha, zeta = software_inside()
    assert (alpha.name, alpha.version, alpha.licence) == ("Alpha", "2.1", "")
    assert (zeta.name, zeta.version, zeta.licence, zeta.home) == ("zeta", "1.0", "MIT", "https://example.org")
    assert "Text of a, für alle" in zeta.text()
    assert "Text of third, für alle" in zeta.text()
    assert all(tmp_path / FOLDER in text.parents for part in (alpha, zeta) for text in part.texts)


def test_the_notice_names_each_part_with_version_licence_and_page(tmp_path: Path, parts: tuple[Software, ...]) -> None:
    write_licences(tmp_path / FOLDER, parts)
    said = (tmp_path / FOLDER / NOTICE).read_text(encoding="utf-8")
    assert "LGPL" in said
    assert "zeta 1.0\n    MIT\n    https://example.org\n" in said
    assert said.index("Alpha 2.1") < said.index("zeta 1.0")


@pytest.mark.parametrize("change", [{"texts": ()}, {"licence": "GPL-3.0-only"}])
def test_no_bundle_is_made_of_what_has_no_text_or_binds_us(
    tmp_path: Path, parts: tuple[Software, ...], change: dict[str, object]
) -> None:
    with pytest.raises(ValueError, match="zeta"):
        write_licences(tmp_path / FOLDER, (replace(parts[0], **change), parts[1]))  # type: ignore[arg-type]
    assert not (tmp_path / FOLDER).exists()


def test_a_text_that_is_gone_is_said_and_the_others_are_shown(parts: tuple[Software, ...]) -> None:
    parts[0].texts[0].unlink()
    said = parts[0].text()
    assert "No such file" in said
    assert "Text of third" in said


def test_what_only_a_developer_needs_is_not_listed() -> None:
    names = {name.lower() for name in software.installed_names()}
    assert {"torch", "numpy", "squid-viewer"} <= names
    assert not names & {"pytest", "mypy", "ruff", "pyinstaller", "pip"}
