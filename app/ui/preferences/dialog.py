"""All settings in one window, with a search; built from `settings_list`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMessageBox,
    QScrollArea,
    QToolButton,
    QWidget,
)

from app.domain.layers.names import covers
from app.domain.settings import Settings
from app.i18n.language import tr
from app.services.threads.signals import TypedSignal
from app.ui.look.fixed import FIXED, lock
from app.ui.look.theme import icon
from app.ui.look.widgets import in_column, in_row, name_control, plain_label
from app.ui.preferences.controls import control_for
from app.ui.preferences.network import TITLE, NetworkGroup
from app.ui.preferences.settings_list import GROUPS, Choices, Setting, SettingsGroup, searched_words

SIZE = (760, 560)
GROUPS_WIDTH = 168
GROUP_HEIGHT = 30
RESET_ICON = 14


class SettingRow(QWidget):
    """Title and explanation, the control, and a button back to the default where it is not the default."""

    wanted = TypedSignal[str, object]()  # name, value

    def __init__(
        self, setting: Setting, group: SettingsGroup, more: Choices, base: Settings, fixed: Collection[str]
    ) -> None:
        super().__init__()
        self.setting, self._base = setting, base.value(setting.name)
        self._searched = searched_words(setting, group)
        self.control = control_for(setting, more)
        self.reset = QToolButton()
        self.reset.setIcon(icon("reset"))
        self.reset.setIconSize(QSize(RESET_ICON, RESET_ICON))
        self.reset.setProperty("flat", True)
        name_control(self.reset, tr("Default: {what}").format(what=tr(setting.title)), tr("Back to the default"))
        title, tip = plain_label(tr(setting.title)), plain_label(tr(setting.tip), "muted", wrap=True)
        self.fixed = covers(fixed, setting.name)
        self.administrator = plain_label(tr(FIXED), "fixed")
        self.administrator.setVisible(self.fixed)
        words = in_column(title, tip, self.administrator, spacing=1)
        in_row((words, 1), self.control, self.reset, of=self, margins=(0, 4, 0, 4), spacing=12)
        policy = self.reset.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.reset.setSizePolicy(policy)
        self.control.wanted.connect(lambda value: self.wanted.emit(setting.name, value))
        self.reset.clicked.connect(lambda: self.wanted.emit(setting.name, self._base))
        if self.fixed:
            self._searched = f"{self._searched} {FIXED} {tr(FIXED)}".casefold()
            lock(self.control)

    def show_settings(self, settings: Settings) -> None:
        """Show the setting as it is."""
        value = settings.value(self.setting.name)
        self.control.show_value(value)
        changed = value != self._base and not self.fixed
        if not changed and self.reset.hasFocus():
            self.control.setFocus()
        self.reset.setVisible(changed)

    def matches(self, words: list[str]) -> bool:
        """Whether all words of a search are found."""
        return all(word in self._searched for word in words)


class GroupBox(QWidget):
    """A heading with its rows."""

    def __init__(
        self, group: SettingsGroup, more: Mapping[str, Choices], base: Settings, fixed: Collection[str]
    ) -> None:
        super().__init__()
        self.group = group
        title = plain_label(tr(group.title), "sectionTitle")
        self.note = plain_label(tr(group.note) if group.note else "", "hint", wrap=True)
        self.note.setVisible(bool(group.note))
        self.rows = [SettingRow(setting, group, more.get(setting.name, ()), base, fixed) for setting in group.settings]
        in_column(title, self.note, *self.rows, of=self, margins=(0, 0, 0, 14), spacing=4)

    def search(self, words: list[str]) -> bool:
        """Show what is found, all of it where nothing is sought; whether anything is."""
        titled = all(word in f"{self.group.title} {tr(self.group.title)}".casefold() for word in words)
        found = [row.matches(words) for row in self.rows]
        for row, shown in zip(self.rows, found, strict=True):
            row.setVisible(shown)
        self.setVisible(titled or any(found))
        return titled or any(found)


@dataclass(frozen=True)
class DialogPlace:
    """Where a reader is in the dialog, for one that is built anew in another language."""

    size: QSize
    sought: str
    scroll: int


class SettingsDialog(QDialog):
    """Every setting; a change counts at once.

    Signals:
        wanted: name and value of a setting. reset_wanted: all settings of the list shall be the defaults.
    """

    wanted = TypedSignal[str, object]()
    reset_wanted = TypedSignal[()]()

    def __init__(
        self,
        settings: Settings,
        more: Mapping[str, Choices] | None = None,
        parent: QWidget | None = None,
        network: NetworkGroup | None = None,
        *,
        base: Settings | None = None,
        fixed: Collection[str] = (),
    ) -> None:
        """Build it.

        Args:
            settings: as they are.
            more: choices by the name of a setting that are known only now, such as the installed weights.
            parent: the window it belongs to.
            network: what stands behind the groups of the list; who made it has it follow the session.
            base: what the settings are where the user has chosen nothing; as the program ships without.
            fixed: names of those that the administrator has set.
        """
        super().__init__(parent)
        self.network, self._base = network, base or Settings()
        self.setWindowTitle(tr("Settings"))
        self.resize(*SIZE)
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search settings"))
        self._clear = self.search.addAction(icon("close"), QLineEdit.ActionPosition.TrailingPosition)
        self._clear.setText(tr("Clear the search"))
        self._clear.setVisible(False)
        self._clear.triggered.connect(self.search.clear)
        self.search.setTextMargins(5, 0, 0, 0)
        name_control(self.search, tr("Search settings"))
        for clear in self.search.findChildren(QToolButton):
            name_control(clear, tr("Clear the search"))
        self.list = QListWidget()
        self.list.setObjectName("settingsGroups")
        self.list.setAccessibleName(tr("Groups of settings"))
        self.list.setFixedWidth(GROUPS_WIDTH)
        self.groups = [GroupBox(group, more or {}, self._base, fixed) for group in GROUPS]
        self.nothing = plain_label(tr("No setting has these words."), "muted")
        self.nothing.hide()
        self.page = QScrollArea()
        self.page.setWidgetResizable(True)
        self.page.setFrameShape(QFrame.Shape.NoFrame)
        self.page.setAccessibleName(tr("Settings"))
        self._lay_out()
        self.search.textChanged.connect(self._on_search)
        self.list.currentRowChanged.connect(self._go_to)
        self.show_settings(settings)
        self.search.setFocus()

    @property
    def rows(self) -> dict[str, SettingRow]:
        """All rows by the names of their settings."""
        return {row.setting.name: row for group in self.groups for row in group.rows}

    @property
    def place(self) -> DialogPlace:
        """Where the reader is."""
        return DialogPlace(self.size(), self.search.text(), self.page.verticalScrollBar().value())

    def go_back_to(self, place: DialogPlace) -> None:
        """Show the same part again; call it when the dialog is shown."""
        self.resize(place.size)
        self.search.setText(place.sought)
        body = self.page.widget()
        if body is not None:
            body.adjustSize()
        self.page.verticalScrollBar().setValue(place.scroll)

    def go_to_network(self) -> None:
        """Show the other systems."""
        self.search.clear()
        self.list.setCurrentRow(len(self.groups))
        self.list.setFocus()

    def show_settings(self, settings: Settings) -> None:
        """Follow a change."""
        for row in self.rows.values():
            row.show_settings(settings)
        self._reset.setEnabled(any(settings.value(name) != self._base.value(name) for name in self.rows))

    def _lay_out(self) -> None:
        body = QWidget()
        in_column(*self._searched, self.nothing, 1, of=body, margins=(16, 12, 12, 12), spacing=6)
        for group in self.groups:
            QListWidgetItem(tr(group.group.title), self.list).setSizeHint(QSize(0, GROUP_HEIGHT))
            for row in group.rows:
                row.wanted.connect(self.wanted)
        if self.network is not None:
            QListWidgetItem(tr(TITLE), self.list).setSizeHint(QSize(0, GROUP_HEIGHT))
        self.page.setWidget(body)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self._reset = buttons.addButton(tr("Defaults for all…"), QDialogButtonBox.ButtonRole.ResetRole)
        self._reset.clicked.connect(self._ask_reset)
        buttons.rejected.connect(self.reject)
        middle = in_row(self.list, (self.page, 1), spacing=0)
        in_column(self.search, (middle, 1), buttons, of=self, margins=(14, 14, 14, 12), spacing=10)

    @property
    def _searched(self) -> tuple[GroupBox | NetworkGroup, ...]:
        return (*self.groups, *(() if self.network is None else (self.network,)))

    def _on_search(self, text: str) -> None:
        words = text.casefold().split()
        found = [group.search(words) for group in self._searched]
        for row, shown in enumerate(found):
            self.list.item(row).setHidden(not shown)
        self.nothing.setVisible(not any(found))
        self._clear.setVisible(bool(text))

    def _go_to(self, row: int) -> None:
        if row >= 0:
            self.page.verticalScrollBar().setValue(self._searched[row].y())

    def _ask_reset(self) -> None:
        question = QMessageBox(self)
        question.setIcon(QMessageBox.Icon.Question)
        question.setWindowTitle(tr("Settings"))
        question.setTextFormat(Qt.TextFormat.PlainText)
        question.setText(tr("Give every setting its default value?"))
        question.setInformativeText(tr("Worklist, results, other systems and the place of the window stay."))
        yes = question.addButton(tr("Defaults for all"), QMessageBox.ButtonRole.AcceptRole)
        question.addButton(QMessageBox.StandardButton.Cancel)
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        question.buttonClicked.connect(lambda button: self.reset_wanted.emit() if button is yes else None)
        question.open()
