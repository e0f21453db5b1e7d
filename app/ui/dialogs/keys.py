"""Keys and mouse: what does what, and an editor for every key. Changes hold at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, QSignalBlocker, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QKeySequenceEdit,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QWidget,
)

from app.domain.settings import MouseSettings
from app.i18n.language import tr
from app.services.threads.signals import TypedSignal
from app.ui.dialogs.lists import PlainDialog, plain_table, write_row
from app.ui.keys.bindings import Keys, all_keys, default_keys, holder_of, may_have, native, portable, with_keys
from app.ui.keys.mouse_rows import mouse_rows
from app.ui.keys.spec import ActionSpec
from app.ui.keys.specs import SPECS
from app.ui.look.fixed import FIXED, lock
from app.ui.look.widgets import in_row, name_control, plain_label
from app.ui.wishes import Wishes

WIDTH, TABLE_HEIGHT = 860, 400
WHAT, KEY, WHERE = range(3)


@dataclass(frozen=True)
class _Conflict:
    """A key that another action has: which field asked for it, and for whom."""

    name: str
    place: int
    key: str


class KeyEdit(QKeySequenceEdit):
    """A field that takes one key; Tab leaves it, so that it is no trap, and Esc leaves it as it was.

    Signals:
        chosen: the key in Qt's portable words; '' when it was cleared.
    """

    chosen = TypedSignal[str]()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setMaximumSequenceLength(1)
        self.setClearButtonEnabled(True)
        name_control(self, name)
        self._shown = ""
        self.editingFinished.connect(self._on_finished)

    def show_key(self, key: str) -> None:
        """Show a key without telling anybody."""
        self._shown = key
        with QSignalBlocker(self):
            self.setKeySequence(QKeySequence.fromString(key, QKeySequence.SequenceFormat.PortableText))

    def event(self, event: QEvent) -> bool:
        """Tab and Esc are not for the field."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
                return self.focusNextPrevChild(event.key() == Qt.Key.Key_Tab)
            if event.key() == Qt.Key.Key_Escape:
                self.show_key(self._shown)
                event.ignore()
                return False
        return bool(super().event(event))

    def _on_finished(self) -> None:
        text = self.keySequence().toString(QKeySequence.SequenceFormat.PortableText)
        if text != self._shown:
            self.chosen.emit(text)


class KeysDialog(PlainDialog):
    """The list of all actions and mouse gestures; below it the fields for the keys of the chosen action."""

    def __init__(
        self,
        own: Mapping[str, tuple[str, ...]],
        wishes: Wishes,
        parent: QWidget | None = None,
        mouse: MouseSettings = MouseSettings(),  # noqa: B008 - it is frozen
        *,
        fixed: bool = False,
    ) -> None:
        """Build it.

        Args:
            own: the user's own keys by action.
            wishes: told of others.
            parent: the window it belongs to.
            mouse: what it does on an image.
            fixed: they are the administrator's.
        """
        super().__init__(tr("Keys and mouse"), parent, width=WIDTH)
        self._mouse = mouse_rows(mouse)
        self._own: Keys = dict(own)
        self._wishes = wishes
        self._conflict: _Conflict | None = None
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search for an action or a key"))
        self.search.setClearButtonEnabled(True)
        name_control(self.search, tr("Search for an action or a key"))
        self.search.textChanged.connect(self._filter)
        self.column.addWidget(self.search)
        self.table = self._table()
        self.column.addWidget(self.table)
        self.chosen = plain_label("", "patientName")
        self.column.addWidget(self.chosen)
        self.edits = [KeyEdit(tr("Key")), KeyEdit(tr("Second key"))]
        for place, edit in enumerate(self.edits):
            edit.chosen.connect(partial(self._on_key, place))
        self.reset_one = QPushButton(tr("Reset this"))
        self.reset_one.clicked.connect(self._reset_one)
        self.reset_all = QPushButton(tr("Reset all"))
        self.reset_all.clicked.connect(self._reset_all)
        self.take = QPushButton(tr("Take it"))
        self.take.clicked.connect(self._take)
        self.message = plain_label("", "hint", wrap=True)
        self._lay_out()
        self._fill()
        self._fixed = fixed
        self.table.currentCellChanged.connect(lambda *_: self._show_chosen())
        self.table.selectRow(0)
        self._show_chosen()
        self.finish()

    @property
    def own(self) -> Keys:
        """The user's own keys."""
        return dict(self._own)

    def choose(self, name: str) -> None:
        """Choose an action by its name."""
        self.table.selectRow(next(row for row, spec in enumerate(SPECS) if spec.name == name))

    def _lay_out(self) -> None:
        labels = [plain_label(tr("Key")), plain_label(tr("Second key"))]
        for label, edit in zip(labels, self.edits, strict=True):
            label.setBuddy(edit)
        first, second = self.edits
        self.column.addLayout(in_row(labels[0], (first, 1), labels[1], (second, 1), self.reset_one, self.reset_all))
        self.column.addLayout(in_row((self.message, 1), self.take))
        self.take.hide()
        self.message.setMinimumHeight(2 * self.fontMetrics().height())

    def _table(self) -> QTableWidget:
        headings = (tr("What it does"), tr("Key or mouse"), tr("Menu"))
        table = plain_table(self, tr("Keys and mouse"), headings, len(SPECS) + len(self._mouse), WHAT)
        table.setTabKeyNavigation(False)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setMinimumHeight(TABLE_HEIGHT)
        return table

    def _fill(self) -> None:
        keys = all_keys(self._own)
        for row, spec in enumerate(SPECS):
            shown = tr(" or ").join(native(key) for key in keys[spec.name])
            if keys[spec.name] != default_keys()[spec.name]:
                shown = tr("{keys} (changed)").format(keys=shown or "–")
            where = " › ".join(tr(part) for part in spec.menu.split("/")) if spec.menu else ""
            write_row(self.table, row, (action_words(spec), shown, where))
        for row, (hand, words) in enumerate(self._mouse, start=len(SPECS)):
            write_row(self.table, row, (tr(words), tr(hand), tr("Mouse")))

    def _filter(self, text: str) -> None:
        wanted = text.strip().casefold()
        for row in range(self.table.rowCount()):
            cells = (self.table.item(row, column) for column in (WHAT, KEY, WHERE))
            words = " ".join(cell.text() for cell in cells if cell is not None).casefold()
            self.table.setRowHidden(row, wanted not in words)

    def _spec(self) -> ActionSpec | None:
        row = self.table.currentRow()
        return SPECS[row] if 0 <= row < len(SPECS) else None

    def _show_chosen(self) -> None:
        self._say("")
        spec = self._spec()
        keys = all_keys(self._own)[spec.name] if spec is not None else ()
        of_mouse = tr("What drags and the wheel do is chosen in the settings, under Keys and mouse.")
        self.chosen.setText(action_words(spec) if spec is not None else of_mouse)
        for place, edit in enumerate(self.edits):
            edit.setEnabled(spec is not None)
            edit.show_key(keys[place] if place < len(keys) else "")
        self.reset_one.setEnabled(spec is not None and keys != default_keys()[spec.name])
        self.reset_all.setEnabled(bool(self._own))
        if self._fixed:
            self.message.setText(tr(FIXED))
            for control in (*self.edits, self.reset_one, self.reset_all):
                lock(control)

    def _say(self, text: str, conflict: _Conflict | None = None) -> None:
        self.message.setText(text)
        self._conflict = conflict
        self.take.setVisible(conflict is not None)

    def _on_key(self, place: int, wanted: str) -> None:
        spec, key = self._spec(), portable(wanted)
        if spec is None:
            return
        if wanted and not may_have(spec.name, key):
            self._show_chosen()
            self._say(tr("{key} cannot be given away: it moves between the controls.").format(key=native(wanted)))
            return
        other = holder_of(all_keys(self._own), key, spec.name) if key else None
        if other is None:
            self._give(_Conflict(spec.name, place, key))
            return
        words = tr("{key} is already the key of “{action}”. Take it from there, or choose another.")
        named = action_words(next(spec for spec in SPECS if spec.name == other))
        self._say(words.format(key=native(key), action=named), _Conflict(spec.name, place, key))

    def _take(self) -> None:
        if self._conflict is not None:
            self._give(self._conflict)

    def _give(self, wish: _Conflict) -> None:
        keys = [key for key in all_keys(self._own)[wish.name] if key != wish.key]
        if wish.place < len(keys):
            keys[wish.place : wish.place + 1] = [wish.key] if wish.key else []
        elif wish.key:
            keys.append(wish.key)
        self._use(with_keys(self._own, wish.name, tuple(keys)))

    def _reset_one(self) -> None:
        spec = self._spec()
        if spec is not None:
            self._use(with_keys(self._own, spec.name, default_keys()[spec.name]))

    def _reset_all(self) -> None:
        self._use({})

    def _use(self, own: Keys) -> None:
        self._own = own
        self._fill()
        self._show_chosen()
        self._wishes.keys_changed.emit(own)


def action_words(spec: ActionSpec) -> str:
    """What an action does, as its menu says it."""
    return tr(spec.text).rstrip("…")
