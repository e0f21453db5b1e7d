"""What an administrator has set wins or stands in, and the user's own file never knows of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.domain.layers.chosen import Chosen
from app.domain.layers.names import all_names, differing, with_setting
from app.domain.layers.policy import KEPT_FOR_ONE_USER, Policy, load_policy
from app.domain.settings import Settings


def policy(tmp_path: Path, content: object) -> tuple[Policy, str]:
    """What is made of a policy file; what is said of it."""
    file = tmp_path / "draft.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    made, notice = load_policy(file)
    return made, notice.text if notice is not None else ""


def test_fixed_wins_and_default_stands_until_the_user_chooses(tmp_path: Path) -> None:
    made, said = policy(
        tmp_path,
        {
            "fixed": {"mask_names": True, "hanging": {"frontal": {"layout": "2x2"}}},
            "default": {"theme": "light", "display": {"smoothing": 2.0, "overlay": True}},
        },
    )
    assert said == ""
    assert made.names == {"mask_names", "hanging.frontal.layout"}
    chosen = Chosen({"mask_names": False, "display": {"smoothing": 0.5}})
    settings = chosen.settings(made)
    assert settings.mask_names
    assert (settings.theme, settings.display.smoothing, settings.display.overlay) == ("light", 0.5, True)
    assert settings.hanging.frontal.layout.value == "2x2"


def test_what_is_fixed_is_not_written_and_the_users_own_is_there_when_the_policy_goes(tmp_path: Path) -> None:
    made, _ = policy(tmp_path, {"fixed": {"device": "cpu"}, "default": {"theme": "light"}})
    chosen = Chosen({"device": "cuda"})
    now = chosen.settings(made)
    asked = made.applied(now.with_value("device", "auto").with_value("theme", "dark"))
    assert (asked.device, asked.theme) == ("cpu", "dark")
    assert asked.display is now.display
    after = chosen.changed(now, asked, made)
    assert dict(after.content) == {
        "device": "cuda",
        "theme": "dark",
    }  # chosen, though it is the shipped one
    assert after.settings() == Settings(device="cuda")
    assert after.settings(made).theme == "dark"


def test_what_the_user_takes_back_follows_the_default_again(tmp_path: Path) -> None:
    made, _ = policy(tmp_path, {"default": {"theme": "light"}})
    chosen = Chosen({"theme": "dark"})
    after = chosen.changed(chosen.settings(made), chosen.settings(made).with_value("theme", "light"), made)
    assert not after.says("theme")


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"mask_name": True}, "fixed.mask_name"),
        ({"theme": "pink"}, "fixed.theme"),
        ({"display": {"smoothing": -1}}, "fixed.display.smoothing"),
        ({"display": {"smooth": 1}}, "fixed.display.smooth"),
        ({"display": 7}, "fixed.display"),
        ({"theme": {"dark": True}}, "fixed.theme"),
        ({"hanging": {"frontal": {"layout": "3x3"}}}, "fixed.hanging.frontal.layout"),
        *(({name: ""}, f"fixed.{name}") for name in sorted(KEPT_FOR_ONE_USER) if "." not in name),
        ({"display": {"layout": "2x2"}}, "fixed.display.layout"),
    ],
)
def test_a_mistake_in_one_key_is_named_and_costs_that_key_alone(
    tmp_path: Path, wrong: dict[str, Any], named: str
) -> None:
    made, said = policy(tmp_path, {"fixed": {"mask_names": True, **wrong}, "default": {"device": "cpu"}})
    assert f"cannot be used: {named}." in said
    assert made.names == {"mask_names"}
    assert made.base == Settings(mask_names=True, device="cpu")


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"fixd": {"mask_names": true}}', '{"fixed": true}', "[" * 100_000, " " * 1_000_001]
)
def test_of_a_damaged_file_nothing_is_used_and_that_is_said(tmp_path: Path, content: str) -> None:
    made, said = policy(tmp_path, content)
    assert made == Policy()
    assert said.startswith("The policy file of this computer ")
    assert said.endswith("Nothing of it is used. Tell your administrator.")


def test_no_file_is_no_policy() -> None:
    assert load_policy() == (Policy(), None)


def test_an_editor_that_writes_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "draft.json"
    file.write_bytes(b'\xef\xbb\xbf{"fixed": {"mask_names": true}}')
    assert load_policy(file)[0].names == {"mask_names"}


def test_every_single_setting_has_a_name_by_which_it_is_found_and_changed() -> None:
    names = list(all_names(Settings()))
    assert {"theme", "display.smoothing", "hanging.frontal.shares", "worklist.columns"} <= set(names)
    assert set(names) >= KEPT_FOR_ONE_USER
    settings = Settings()
    for name in names:
        assert list(differing(settings, with_setting(settings, name, "another"))) == [name]
