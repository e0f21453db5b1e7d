"""One control for each kind of setting; each shows a value and tells which one the user wants."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QCheckBox, QPushButton, QWidget

from app.domain.settings import Hanging, Layout, Settings
from app.i18n.language import tr
from app.services.threads.signals import TypedSignal
from app.ui.look.widgets import NO_MARGINS, in_row, name_control, plain_label
from app.ui.preferences.settings_list import (
    LAYOUT_WORDS,
    NOT_USED,
    Choices,
    Hung,
    Number,
    OneOf,
    Remembered,
    Setting,
    Toggle,
)
from app.ui.side_panel.section import QuietCombo, QuietNumber, translated

CONTROL_WIDTH = 190
MANY = 1e6  # a number the model sets no bound to


class SettingControl(QWidget):
    """The control of one setting.

    Signals:
        wanted: the value the user chose.
    """

    wanted = TypedSignal[object]()  # whatever the field holds

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = in_row(of=self, margins=NO_MARGINS)
        self.setFixedWidth(CONTROL_WIDTH)

    def show_value(self, value: Any) -> None:  # noqa: ANN401 - whatever the field holds
        """Show a value without telling anybody."""
        raise NotImplementedError


class ToggleControl(SettingControl):
    """A check box."""

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        self.box = QCheckBox(tr("On"))
        name_control(self.box, tr(setting.title), tr(setting.tip))
        self.box.toggled.connect(self.wanted.emit)
        self._row.addWidget(self.box)

    def show_value(self, value: Any) -> None:  # noqa: ANN401
        """See SettingControl."""
        with QSignalBlocker(self.box):
            self.box.setChecked(value)


class ChoiceControl(SettingControl):
    """A list of choices."""

    def __init__(self, setting: Setting, choices: Choices) -> None:
        super().__init__()
        self.combo = QuietCombo(choices, tr(setting.title), tr(setting.tip))
        self.combo.picked.connect(self.wanted.emit)
        self._row.addWidget(self.combo)

    def show_value(self, value: Any) -> None:  # noqa: ANN401
        """See SettingControl."""
        self.combo.show_value(str(getattr(value, "value", value)))


class NumberControl(SettingControl):
    """A number with its unit, within the model's bounds."""

    def __init__(self, setting: Setting, kind: Number) -> None:
        super().__init__()
        self._factor = kind.factor
        bounds = Settings.bounds(setting.name)
        self.number = QuietNumber()
        self.number.setDecimals(kind.decimals)
        self.number.setSingleStep(kind.step)
        low, high = (-MANY if bounds.low is None else bounds.low), (MANY if bounds.high is None else bounds.high)
        self.number.setRange(low * kind.factor, high * kind.factor)
        self.number.setSuffix(f" {tr(kind.unit)}" if kind.unit else "")
        self.number.setKeyboardTracking(False)
        name_control(self.number, tr(setting.title), tr(setting.tip))
        self.number.valueChanged.connect(lambda value: self.wanted.emit(value / self._factor))
        self._row.addWidget(self.number)

    def show_value(self, value: Any) -> None:  # noqa: ANN401
        """See SettingControl."""
        with QSignalBlocker(self.number):
            self.number.setValue(value * self._factor)


class HungControl(SettingControl):
    """The layout of a hanging rule, or that it is not used."""

    def __init__(self, setting: Setting, kind: Hung) -> None:
        super().__init__()
        self._hanging = Hanging()
        choices = LAYOUT_WORDS if kind.last else (*LAYOUT_WORDS, NOT_USED)
        self.combo = QuietCombo(translated(choices), tr(setting.title), tr(setting.tip))
        self.combo.picked.connect(self._on_picked)
        self._row.addWidget(self.combo)

    def show_value(self, value: Any) -> None:  # noqa: ANN401
        """See SettingControl."""
        self._hanging = value
        self.combo.show_value(value.layout.value if value.used else NOT_USED[0])

    def _on_picked(self, layout: str) -> None:
        changes = {"used": True, "layout": Layout(layout)} if layout else {"used": False}
        self.wanted.emit(self._hanging.model_copy(update=changes))


class RememberedControl(SettingControl):
    """How many entries a list has, and a button that empties it."""

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        self.forget = QPushButton(tr("Forget"))
        name_control(self.forget, tr("Forget: {what}").format(what=tr(setting.title)))
        self.forget.clicked.connect(lambda: self.wanted.emit(Settings.default(setting.name)))
        self.count = plain_label("", "muted")
        self._row.addWidget(self.count, 1)
        self._row.addWidget(self.forget)

    def show_value(self, value: Any) -> None:  # noqa: ANN401
        """See SettingControl."""
        count = int(value is not None) if value is None or isinstance(value, Path) else len(value)
        self.count.setText(tr("{count} remembered").format(count=count))
        self.forget.setEnabled(bool(value))


def control_for(setting: Setting, more: Choices = ()) -> SettingControl:
    """The control of a setting.

    Args:
        setting: what it sets.
        more: choices that are known only now, behind those of the list; their words are not translated.
    """
    match setting.kind:
        case Toggle():
            return ToggleControl(setting)
        case OneOf(choices):
            return ChoiceControl(setting, (*translated(choices), *more))
        case Number() as kind:
            return NumberControl(setting, kind)
        case Hung() as kind:
            return HungControl(setting, kind)
        case Remembered():
            return RememberedControl(setting)
