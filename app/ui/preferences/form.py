"""What the forms of the network have in common: lines with a name, files to choose, and a sentence on what is wrong."""

from __future__ import annotations

from collections.abc import Callable

from pydantic import ValidationError
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QGridLayout,
    QLineEdit,
    QSizePolicy,
    QWidget,
)

from app.i18n.language import tr
from app.ui.look.theme import font
from app.ui.look.widgets import NO_MARGINS, action_button, in_column, in_row, name_control, plain_label
from app.ui.side_panel.section import QuietCount
from app.ui.words.network_words import wrong_words
from squid_core.network.configuration import Tls

MAX_PORT = 65535


def text_line(name: str, tip: str = "", placeholder: str = "") -> QLineEdit:
    """A line to type in."""
    line = QLineEdit()
    line.setPlaceholderText(placeholder)
    name_control(line, name, tip)
    return line


def port_box(name: str, tip: str = "") -> QuietCount:
    """A port; 0 is shown as none."""
    box = QuietCount()
    box.setRange(0, MAX_PORT)
    box.setSpecialValueText(tr("none"))
    name_control(box, name, tip)
    return box


def tick_box(words: str, tip: str = "") -> QCheckBox:
    """A box to tick, no wider than its words."""
    box = QCheckBox(words)
    box.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    name_control(box, words, tip)
    return box


class FileLine(QWidget):
    """A path, typed or chosen."""

    def __init__(self, name: str, tip: str = "") -> None:
        super().__init__()
        self.line = text_line(name, tip)
        self.browse = action_button(tr("Choose…"), "", self._browse)
        self.browse.setAccessibleName(tr("Choose: {what}").format(what=name))
        in_row((self.line, 1), self.browse, of=self, margins=NO_MARGINS, spacing=6)
        self.setFocusProxy(self.line)

    def _browse(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, self.line.accessibleName(), self.line.text())
        if name:
            self.line.setText(name)


class TlsFields(QWidget):
    """Whether TLS is used, and its files."""

    def __init__(self, words: str, tip: str, trust_tip: str) -> None:
        super().__init__()
        self.on = tick_box(words, tip)
        own = tr("PEM file; what this end shows. Leave it empty where none is asked for.")
        self.authority = FileLine(tr("Certificates to trust"), trust_tip)
        self.certificate = FileLine(tr("Own certificate"), own)
        self.key = FileLine(tr("Key of the own certificate"), own)
        self.files = QWidget()
        grid = FormGrid(self.files)
        for field in (self.authority, self.certificate, self.key):
            grid.add(field.line.accessibleName(), field)
        in_column(self.on, self.files, of=self, margins=NO_MARGINS, spacing=5)
        self.on.toggled.connect(self.files.setEnabled)
        self.files.setEnabled(False)

    def show_tls(self, tls: Tls | None) -> None:
        """Show what is configured."""
        self.on.setChecked(tls is not None)
        shown = tls or Tls()
        for field, path in (
            (self.authority, shown.authority),
            (self.certificate, shown.certificate),
            (self.key, shown.key),
        ):
            field.line.setText(path)

    def tls(self) -> Tls | None:
        """What is typed; None where it is off."""
        if not self.on.isChecked():
            return None
        authority, certificate, key = (
            field.line.text().strip() for field in (self.authority, self.certificate, self.key)
        )
        return Tls(authority=authority, certificate=certificate, key=key)


class FormGrid(QGridLayout):
    """Names on the left, what they name on the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setContentsMargins(*NO_MARGINS)
        self.setHorizontalSpacing(12)
        self.setVerticalSpacing(5)
        self.setColumnStretch(1, 1)

    def add(self, words: str, field: QWidget) -> None:
        """One more line."""
        row, label = self.rowCount(), plain_label(words)
        label.setBuddy(field)
        self.addWidget(label, row, 0)
        self.addWidget(field, row, 1)


class FormDialog(QDialog):
    """A title, fields, a sentence on what is wrong with them, and OK, which closes only what is right."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        heading = plain_label(title)
        heading.setFont(font(13.0, bold=True))
        self.column = in_column(heading, of=self, margins=(18, 16, 18, 14), spacing=12)
        self.wrong = plain_label("", "cardWarning", wrap=True)
        self.wrong.hide()
        self._apply: Callable[[], str] = str

    def finish(self, apply: Callable[[], str]) -> None:
        """Add the buttons.

        Args:
            apply: does what OK means; what is wrong as a sentence, '' where it is done.

        """
        self._apply = apply
        self.column.addStretch(1)
        self.column.addWidget(self.wrong)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.ok = buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.ok.setProperty("primary", True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.column.addWidget(buttons)

    def accept(self) -> None:
        """Close where nothing is wrong; else say what is."""
        try:
            wrong = self._apply()
        except ValidationError as error:
            wrong = wrong_words(error)
        self.wrong.setText(wrong)
        self.wrong.setVisible(bool(wrong))
        if not wrong:
            super().accept()
