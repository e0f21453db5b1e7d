"""What an administrator has set holds in the running program, and its controls say so."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

import squid_core.policy
from app.domain.layers.policy import REFUSED
from app.domain.learning import Population
from app.domain.settings import DisplaySettings, Layout
from app.main import Program, application
from app.paths import AppPaths
from app.ui.dialogs.keys import KeysDialog
from app.ui.keys.settings_of import SETTING_OF
from app.ui.look.fixed import FIXED
from squid_core.network.configuration import NetworkSettings, Peer
from tests.app.ui import synthetic

FIXED_HERE = {
    "mask_names": True,
    "device": "cpu",
    "weights": "adult",
    "watched": None,
    "studies_kept": 30,
    "recent": [],
    "keys": {},
    "theme": "light",
    "display": {"smoothing": 2.0, "overlay": False, "gamma": 1.0},
    "worklist": {"columns": ["score", "state"], "compact": True},
    "hanging": {"frontal": {"layout": "2x2"}},
    "network": {"peers": [{"name": "PACS", "ae_title": "PACS", "host": "10.0.0.5", "port": 104}]},
}


@pytest.fixture
def start(qapp: object, tmp_path: Path) -> Iterator[Callable[..., Program]]:
    """Starts the program, with a policy or without."""
    programs: list[Program] = []

    def begin(policy: object = None, device: str = "auto") -> Program:
        if policy is not None:
            squid_core.policy.policy_file().write_text(json.dumps(policy), encoding="utf-8")
        application()
        programs.append(Program(AppPaths(tmp_path / "home"), device, network=False))
        programs[-1].window.show()
        return programs[-1]

    yield begin
    for program in programs:
        program.close()


def locked(control: Any) -> bool:
    return not control.isEnabled() and FIXED in control.toolTip()


def test_what_is_fixed_wins_and_each_of_its_controls_says_why(start: Callable[..., Program]) -> None:
    program = start({"fixed": FIXED_HERE}, "cuda")
    state, window, actions = program.holder.state, program.window, program.window.actions_by_name
    assert (state.mask_names, state.device, state.display.smoothing) == (True, "cpu", 2.0)
    panel, menu = window.settings, window.worklist.menu
    for control in (
        panel.display.smoothing, panel.display.overlay, panel.greys.gamma, panel.detector.device,
        panel.detector.weights, menu.compact, *menu.columns.values(), actions["overlay"], actions["gamma_up"],
        actions["mask_names"], actions["compact_rows"], actions["watch_folder"], actions["stop_watching"],
        actions["forget_recent"],
    ):  # fmt: skip
        assert locked(control), control
    free: tuple[Any, ...] = (panel.display.threshold, panel.greys.clahe, *menu.sorts.values(), actions["corner_text"])
    assert not [control for control in free if FIXED in control.toolTip()]
    dialog = program.preferences.show_dialog(window)
    rows = {name for name, row in dialog.rows.items() if locked(row.control)}
    assert rows == {
        "mask_names", "device", "weights", "watched", "recent", "theme", "studies_kept", "display.smoothing",
        "display.overlay", "display.gamma", "hanging.frontal",
    }  # fmt: skip
    assert {name for name, row in dialog.rows.items() if row.administrator.isVisible()} == rows
    assert not any(dialog.rows[name].reset.isVisible() for name in rows)
    QTest.keyClicks(dialog.search, "administrator")
    assert {name for name, row in dialog.rows.items() if row.isVisible()} == rows
    assert dialog.network is not None
    assert all(locked(one) for one in (dialog.network.add, dialog.network.change_node))
    dialog.close()
    window.dialogs.show_shortcuts()
    (keys,) = window.findChildren(KeysDialog)
    assert all(locked(control) for control in (*keys.edits, keys.reset_one, keys.reset_all))
    keys.close()


def test_no_key_no_menu_and_no_button_changes_what_is_fixed(start: Callable[..., Program]) -> None:
    program = start({"fixed": FIXED_HERE})
    before = program.settings.now
    control, shift, alt = (getattr(Qt.KeyboardModifier, f"{key}Modifier") for key in ("Control", "Shift", "Alt"))
    QTest.keyClick(program.window, Qt.Key.Key_M, control | shift)
    QTest.keyClick(program.window, Qt.Key.Key_G)
    QTest.keyClick(program.window, Qt.Key.Key_L, control | alt)
    assert program.settings.now == before
    wishes = program.wishes
    asked: tuple[Callable[[], object], ...] = (
        lambda: wishes.masking_changed.emit(False),
        lambda: program.preferences.use("studies_kept", 7),
        lambda: wishes.device_changed.emit("cuda"),
        lambda: wishes.watch_requested.emit(Path("/somewhere")),
        lambda: wishes.keys_changed.emit({"invert": ("Ctrl+Alt+K",)}),
        lambda: wishes.display_changed.emit(DisplaySettings(overlay=True, smoothing=1.0)),
        lambda: wishes.learned_chosen.emit(Population.ADULT, ""),
        lambda: program.preferences.remember_opened([Path("/somewhere")]),
    )
    for wish in asked:
        wish()
        assert program.settings.now == before
        state = program.holder.state
        assert (state.mask_names, state.device, state.recent) == (True, "cpu", ())
        assert "Ctrl+Alt+K" not in state.keys["invert"]
    assert REFUSED in program.notifier.history


def test_the_rest_of_a_group_is_still_the_users(start: Callable[..., Program]) -> None:
    program = start({"fixed": {"display": {"smoothing": 2.0}}})
    program.wishes.display_changed.emit(DisplaySettings(overlay=True, smoothing=2.0))
    assert program.holder.state.display.overlay
    assert REFUSED not in program.notifier.history


def test_a_layout_that_is_fixed_for_a_kind_of_study_stays_on_the_screen(start: Callable[..., Program]) -> None:
    program = start({"fixed": {"hanging": {"frontal": {"layout": "2x2"}}}})
    program.store.upsert(synthetic.item(0, 0.9))
    program.services.select_study("1.2.3.0")
    assert program.holder.state.hung is not None
    assert program.holder.state.display.layout is Layout.FOUR
    program.window.actions_by_name["layout_1x1"].trigger()
    assert program.holder.state.display.layout is Layout.FOUR
    assert program.window.actions_by_name["layout_2x2"].isChecked()
    assert not program.window.actions_by_name["layout_1x1"].isChecked()
    assert REFUSED in program.notifier.history


def test_the_users_own_file_never_holds_the_policy_and_counts_again_without_it(
    start: Callable[..., Program], tmp_path: Path
) -> None:
    program = start()
    program.preferences.use("theme", "dark")
    program.preferences.use("device", "cuda")
    program.close()
    file = tmp_path / "home" / "settings.json"
    before = json.loads(file.read_text())
    assert before["device"] == "cuda"
    program = start({"fixed": {"device": "cpu", "mask_names": True}, "default": {"theme": "light"}})
    assert (program.settings.now.device, program.settings.now.theme) == ("cpu", "light")
    program.preferences.use("device", "auto")
    program.close()
    after = json.loads(file.read_text())
    assert {name: after.get(name) for name in ("device", "mask_names", "theme")} == {
        "device": "cuda", "mask_names": None, "theme": None,
    }  # fmt: skip
    squid_core.policy.policy_file().unlink()
    program = start(device="")
    assert (program.holder.state.device, program.holder.state.mask_names) == ("cuda", False)


def test_defaults_for_all_are_the_policys(start: Callable[..., Program]) -> None:
    program = start({"default": {"theme": "light", "readers": 3}})
    dialog = program.preferences.show_dialog(program.window)
    program.preferences.use("readers", 5)
    assert dialog.rows["readers"].reset.isVisible()
    assert not dialog.rows["theme"].reset.isVisible()
    dialog.reset_wanted.emit()
    assert program.settings.now.readers == 3
    dialog.close()


def test_a_typing_mistake_is_named_in_the_window_and_the_rest_is_in_force(start: Callable[..., Program]) -> None:
    program = start({"fixed": {"mask_names": True, "tehme": "dark"}})
    assert program.holder.state.mask_names
    assert "fixed.tehme" in program.window.footer.notice.whole


def test_a_damaged_policy_is_said_and_the_users_settings_hold(start: Callable[..., Program]) -> None:
    squid_core.policy.policy_file().write_text('{"fixed": ')
    program = start()
    assert "The policy file of this computer is no JSON." in program.window.footer.notice.whole
    assert program.holder.state.fixed == frozenset()


def test_the_network_settings_of_a_policy_are_in_the_window_and_cannot_be_changed(
    start: Callable[..., Program], qtbot: QtBot, tmp_path: Path
) -> None:
    squid_core.policy.policy_file().write_text(json.dumps({"fixed": FIXED_HERE}))
    program = Program(AppPaths(tmp_path / "home"), "cpu")
    try:
        assert program.services.network is not None
        keeper = program.services.network.keeper
        program.services.network._courier.run(keeper.read())
        qtbot.waitUntil(lambda: bool(program.holder.state.network.peers))
        program.wishes.network_settings_changed.emit(NetworkSettings(peers=(Peer(name="x", dicomweb="https://x"),)))
        assert [peer.name for peer in program.holder.state.network.peers] == ["PACS"]
        assert not (tmp_path / "home" / "network.json").exists()
        assert REFUSED in program.notifier.history
    finally:
        program.close()


def test_every_action_that_is_said_to_change_a_setting_is_one(start: Callable[..., Program]) -> None:
    program = start()
    assert set(SETTING_OF) <= set(program.window.actions_by_name)
    for name in SETTING_OF.values():
        program.settings.now.value(name)
