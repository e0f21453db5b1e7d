"""`make screenshots`: the pictures of the user guide."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from tests.tools.screenshot_states import GUIDE, LEAVE_TRACES, STATES
from tests.tools.screenshots import LOOKS, main, rounds


def test_a_state_is_pictured_in_the_look_that_was_asked_for(qapp: object, tmp_path: Path) -> None:
    main([str(tmp_path), "empty", "--look", "light-zh_TW-1280", "--look", "dark-en-2560"])
    light, dark = (QImage(str(tmp_path / f"empty-{look}.png")) for look in ("light-zh_TW-1280", "dark-en-2560"))
    assert sorted(path.name for path in tmp_path.glob("*.png")) == [
        "empty-dark-en-2560.png", "empty-light-zh_TW-1280.png",
    ]  # fmt: skip
    assert (light.width(), light.height()) == (1280, 800)
    assert (dark.width(), dark.height()) == (2560, 1440)
    assert light.pixelColor(5, 400).lightness() > 200
    assert dark.pixelColor(5, 400).lightness() < 50


def test_a_state_that_there_is_not_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([str(tmp_path), "nonsense"])
    assert "no state nonsense" in capsys.readouterr().err


def test_every_look_of_the_issue_is_there_and_the_guide_shows_states_that_exist() -> None:
    assert {(look.theme, look.language, look.width) for look in LOOKS} == {
        (theme, language, width)
        for theme in ("dark", "light")
        for language in ("en", "zh_TW")
        for width in (1280, 2560)
    }
    assert set(GUIDE) <= set(STATES)


def test_what_leaves_something_behind_comes_after_everything_it_would_be_seen_in() -> None:
    clean, *others = rounds(tuple(STATES))
    assert not set(clean) & set(LEAVE_TRACES)
    assert others == [(name,) for name in LEAVE_TRACES]
    assert sorted(name for states in (clean, *others) for name in states) == sorted(STATES)
    assert rounds(("notices", "scored")) == (("scored",), ("notices",))
