"""The grey windows that a reader keeps behind number keys: save the one that is shown, rename, delete."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QGridLayout, QLineEdit, QPushButton, QWidget

from app.domain.greys.window_presets import own_window
from app.domain.settings import OWN_KEYS, OwnWindow
from app.i18n.language import tr
from app.services.threads.signals import TypedSignal
from app.ui.dialogs.lists import PlainDialog
from app.ui.look.widgets import name_control, plain_label
from squid_core.contracts.radiograph import Radiograph, Window

MAX_NAME = 40


@dataclass(frozen=True)
class OwnRow:
    """The controls of one key."""

    name: QLineEdit
    save: QPushButton
    delete: QPushButton


class OwnWindowsDialog(PlainDialog):
    """A line for each key.

    Signals:
        wanted: the windows that are to be kept from now on, in the order of their keys.
    """

    wanted = TypedSignal[tuple[OwnWindow, ...]]()

    def __init__(
        self,
        kept: tuple[OwnWindow, ...],
        radiograph: Radiograph | None,
        window: Window | None,
        parent: QWidget | None = None,
    ) -> None:
        """Build it.

        Args:
            kept: what is kept so far.
            radiograph: the shown image, and `window` its window, which can be saved; None where there is none.
            window: see there.
            parent: the window it belongs to.
        """
        super().__init__(tr("Own windows"), parent)
        self._kept = {own.key: own for own in kept}
        self._radiograph, self._window = radiograph, window
        words = tr("A window is saved as it lies on the greys of this image, so that it fits other images too.")
        self.column.addWidget(plain_label(words, "muted", wrap=True))
        grid = QGridLayout()
        self.rows: dict[int, OwnRow] = {}
        for line, key in enumerate(OWN_KEYS):
            row = OwnRow(QLineEdit(), QPushButton(tr("Save the shown window")), QPushButton(tr("Delete")))
            self.rows[key] = row
            row.name.setMaxLength(MAX_NAME)
            row.name.setPlaceholderText(tr("Name"))
            name_control(row.name, tr("Name of the window behind key {key}").format(key=key))
            name_control(row.save, tr("Save the shown window behind key {key}").format(key=key))
            name_control(row.delete, tr("Delete the window behind key {key}").format(key=key))
            row.name.editingFinished.connect(partial(self._rename, key))
            row.save.clicked.connect(partial(self._save, key))
            row.delete.clicked.connect(partial(self._delete, key))
            for button in (row.save, row.delete):
                button.setAutoDefault(False)  # Enter in a name is no wish to save
            for column, part in enumerate((plain_label(str(key)), row.name, row.save, row.delete)):
                grid.addWidget(part, line, column)
        grid.setColumnStretch(1, 1)
        self.column.addLayout(grid)
        self.finish()
        self._show()

    def _name(self, key: int) -> str:
        return self.rows[key].name.text().strip() or tr("Own window {key}").format(key=key)

    def _save(self, key: int) -> None:
        if self._radiograph is not None and self._window is not None:
            self._keep(own_window(self._radiograph, self._window, key, self._name(key)))

    def _rename(self, key: int) -> None:
        own = self._kept.get(key)
        if own is not None and own.name != self._name(key):
            self._keep(own.model_copy(update={"name": self._name(key)}))

    def _keep(self, own: OwnWindow) -> None:
        self._kept[own.key] = own
        self._tell()

    def _delete(self, key: int) -> None:
        self._kept.pop(key, None)
        self.rows[key].name.clear()
        self._tell()

    def _tell(self) -> None:
        self._show()
        self.wanted.emit(tuple(self._kept[key] for key in OWN_KEYS if key in self._kept))

    def _show(self) -> None:
        grey = self._radiograph is not None and not self._radiograph.is_colour and self._window is not None
        for key, row in self.rows.items():
            own = self._kept.get(key)
            if own is not None:
                row.name.setText(own.name)
            row.save.setEnabled(grey)
            row.delete.setEnabled(own is not None)
