"""The settings dialog, built from its list."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Any, get_args

import pytest
from pydantic import BaseModel
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QMessageBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.domain.settings import ColourMap, DisplaySettings, HangingRules, MouseSettings, Settings
from app.i18n.language import use_language
from app.ui.preferences.dialog import SettingsDialog
from app.ui.preferences.settings_list import GROUPS, Number, OneOf, all_settings

# Groups of settings.
INSIDE: dict[str, type[BaseModel]] = {
    "display": DisplaySettings,
    "hanging": HangingRules,
    "mouse": MouseSettings,
}  # groups of settings
NOT_LISTED = {
    "drift_abnormal",
    "drift_looked",
    "last_image",
    "panel_open",
    "pulled_out",
    "tour_seen",
    "window_geometry",
    "window_state",
    "worklist",
    "worklist_width",
    "mask_key",
    "keys",
    "display.layout_panes",
    "display.shares",
    "export_folder",
    "export_kinds",
}  # kept by what uses them
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def dialog(qtbot: QtBot, styled: QApplication) -> SettingsDialog:
    made = SettingsDialog(Settings(), {"weights": (("adult", "adult"),)})
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


def control(dialog: SettingsDialog, name: str, kind: type[QWidget]) -> Any:
    found = dialog.rows[name].control.findChild(kind)
    assert found is not None
    return found


def shown(dialog: SettingsDialog) -> list[str]:
    return [name for name, row in dialog.rows.items() if row.isVisible()]


def test_every_setting_of_the_model_is_in_the_dialog_once() -> None:
    inside = {f"{group}.{name}" for group, model in INSIDE.items() for name in model.model_fields}
    fields = inside | set(Settings.model_fields) - set(INSIDE)
    names = [setting.name for setting in all_settings()]
    assert sorted(names) == sorted(fields - NOT_LISTED)


def test_every_choice_is_one_the_model_allows_and_none_is_missing() -> None:
    for setting in all_settings():
        if not isinstance(setting.kind, OneOf) or setting.name.endswith("weights"):
            continue
        values = [value for value, _ in setting.kind.choices]
        group, _, field = setting.name.rpartition(".")
        model: type[BaseModel] = INSIDE[group] if group else Settings
        annotation = model.model_fields[field].annotation
        if annotation is int:  # some of many
            assert all(str(Settings().with_value(setting.name, value).value(setting.name)) == value for value in values)
            continue
        allowed = (
            [part.value for part in annotation]
            if isinstance(annotation, type) and issubclass(annotation, Enum)
            else get_args(annotation)
        )
        assert sorted(values) == sorted(allowed)


def test_every_number_has_bounds_in_the_model_and_its_default_is_shown_exactly(dialog: SettingsDialog) -> None:
    for setting in all_settings():
        if isinstance(setting.kind, Number):
            bounds = Settings.bounds(setting.name)
            assert bounds.low is not None
            assert bounds.high is not None
            number = control(dialog, setting.name, QDoubleSpinBox)
            factor = setting.kind.factor
            assert (number.minimum(), number.maximum()) == (bounds.low * factor, bounds.high * factor)
            assert number.value() / factor == Settings.default(setting.name)


def test_changes_are_told_by_name(dialog: SettingsDialog, qtbot: QtBot) -> None:
    with qtbot.waitSignal(dialog.wanted) as told:
        control(dialog, "display.overlay", QCheckBox).setFocus()
        QTest.keyClick(control(dialog, "display.overlay", QCheckBox), Qt.Key.Key_Space)
    assert told.args == ["display.overlay", True]
    with qtbot.waitSignal(dialog.wanted) as told:
        QTest.keyClick(control(dialog, "theme", QComboBox), Qt.Key.Key_Down)
    assert told.args == ["theme", "light"]
    with qtbot.waitSignal(dialog.wanted) as told:
        QTest.keyClick(control(dialog, "display.overlay_opacity", QDoubleSpinBox), Qt.Key.Key_Up)
    assert told.args == ["display.overlay_opacity", pytest.approx(0.55)]
    with qtbot.waitSignal(dialog.wanted) as told:
        QTest.keyClick(control(dialog, "weights", QComboBox), Qt.Key.Key_Down)
    assert told.args == ["weights", "adult"]


def test_showing_settings_tells_nobody(dialog: SettingsDialog, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(dialog.wanted, wait=20):
        display = DisplaySettings(smoothing=2.5, overlay=True, colour_map=ColourMap.CIVIDIS)
        dialog.show_settings(Settings(display=display, theme="light", device="cpu"))
    assert control(dialog, "display.smoothing", QDoubleSpinBox).value() == 2.5
    assert control(dialog, "display.colour_map", QComboBox).currentData() == "cividis"
    assert control(dialog, "theme", QComboBox).currentText() == "Light"


def test_what_differs_from_its_default_can_be_put_back(dialog: SettingsDialog, qtbot: QtBot) -> None:
    assert not any(row.reset.isVisible() for row in dialog.rows.values())
    dialog.show_settings(Settings(display=DisplaySettings(smoothing=4.0)))
    assert [name for name, row in dialog.rows.items() if row.reset.isVisible()] == ["display.smoothing"]
    with qtbot.waitSignal(dialog.wanted) as told:
        QTest.mouseClick(dialog.rows["display.smoothing"].reset, LEFT)
    assert told.args == ["display.smoothing", 1.0]


def test_all_defaults_are_asked_for_before(dialog: SettingsDialog, qtbot: QtBot) -> None:
    assert not dialog._reset.isEnabled()
    dialog.show_settings(Settings(theme="light"))
    QTest.mouseClick(dialog._reset, LEFT)
    question = dialog.findChild(QMessageBox)
    assert isinstance(question, QMessageBox)
    yes = next(button for button in question.buttons() if button.text() == "Defaults for all")
    with qtbot.waitSignal(dialog.reset_wanted):
        QTest.mouseClick(yes, LEFT)


def test_a_search_finds_titles_explanations_choices_and_groups(dialog: SettingsDialog) -> None:
    for sought, found in (
        ("opacity", ["display.overlay_opacity"]),
        ("INFERNO", ["display.colour_map"]),
        ("blur", ["display.smoothing"]),
        ("繁體", ["language"]),
        ("privacy", ["mask_names", "recent", "watched"]),
    ):
        dialog.search.setText(sought)
        assert shown(dialog) == found, sought
    dialog.search.setText("no such thing")
    assert shown(dialog) == []
    assert dialog.nothing.isVisible()
    dialog.search.clear()
    assert len(shown(dialog)) == len(all_settings())
    assert not dialog.nothing.isVisible()


def test_a_group_is_gone_to(dialog: SettingsDialog) -> None:
    dialog.list.setCurrentRow(len(GROUPS) - 1)
    assert dialog.page.verticalScrollBar().value() > 0
    for row, group in enumerate(dialog.groups):
        dialog.list.setCurrentRow(row)
        assert group.visibleRegion().boundingRect().height() > 0


@pytest.fixture
def chinese(qapp: QApplication) -> Iterator[None]:
    use_language("zh_TW")
    yield
    use_language("en")


def test_it_is_found_in_chinese_and_in_english(chinese: None, qtbot: QtBot, styled: QApplication) -> None:
    dialog = SettingsDialog(Settings())
    qtbot.addWidget(dialog)
    dialog.show()
    for sought in ("不透明度", "opacity"):
        dialog.search.setText(sought)
        assert shown(dialog) == ["display.overlay_opacity"]
