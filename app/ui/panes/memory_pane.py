"""What the memory of normal anatomy answered, patch by patch."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QToolButton, QWidget

from app.domain.session import Session
from app.domain.settings import DisplaySettings, EvidenceMap
from app.i18n.language import QT_TR_NOOP, tr
from app.ui.keys.bindings import with_key
from app.ui.look.widgets import name_control, plain_label
from app.ui.panes.colour_bar import ColourBar
from app.ui.panes.image_pane import ImagePane, Notes, Place, unit_to_uint8
from app.ui.panes.memory_entries import EntriesList, Sources, entry_rows
from app.ui.panes.pane_view import ARROWS, ENTER
from app.ui.panes.patch_grid import PatchGrid
from app.ui.panes.view_link import ViewLink
from app.ui.wishes import Wishes
from app.ui.words.memory_words import edit_words
from app.ui.words.pane_words import WAITS_FOR, waiting_message

HINT = QT_TR_NOOP("Point at a patch to see its nearest normal anatomy; a click or the arrow keys keep it.")
PEEK_MS = 80  # that the mouse rests on a patch before its entries are asked for
SHUFFLE_TIP = QT_TR_NOOP(
    "A control: every patch is answered with another place's memory. If the picture hardly changes, memory is not what"
    " draws it."
)
NO_PATCH = -1
LEAST_LIST = 52  # pixels of its height, a picture: it can be scrolled, and the words below it cannot
# What the list of entries is made from.
LISTED = ("shown_detection", "shown_patch", "entries", "trial", "mask_names")


class MemoryPane(ImagePane):
    """The model's input under the patch grid, and the entries of the selected patch beside it."""

    READS = (
        *ImagePane.READS, *WAITS_FOR, "trial", "what_if_running", "patch", "peeked", "entries", "mask_names", "keys",
    )  # fmt: skip
    VALUE_OF = ("shown_detection",)

    def __init__(self, link: ViewLink, wishes: Wishes, parent: QWidget | None = None) -> None:
        super().__init__(tr("Memory"), link, parent)
        self._wishes = wishes
        self.bar.setContentsMargins(8, 1, 8, 0)  # with its buttons as high as the bars without
        self.grid = PatchGrid()
        self.view.add_overlay(self.grid.paint)
        self.list = EntriesList(wishes)
        self.list.setMinimumHeight(LEAST_LIST)
        self.hint = plain_label(tr(HINT), "caption", wrap=True)
        self.hint.setFixedWidth(self.list.width())
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.body.addWidget(self.hint)
        self.body.addWidget(self.list)
        self.list.hide()
        self.hint.hide()
        self.shuffle = self._toggle(tr("Shuffle"), tr("Shuffle memory"), tr(SHUFFLE_TIP))
        kept = self.shuffle.sizePolicy()
        kept.setRetainSizeWhenHidden(True)  # so that the bar is as high without it
        self.shuffle.setSizePolicy(kept)
        tip = tr("Names the training image behind each entry.")
        self.sources = self._toggle(tr("Sources"), tr("Sources of the entries"), tip)
        self.legend = ColourBar()
        self.legend.follow(EvidenceMap.PATCHES, DisplaySettings(difference_threshold=0))  # as PatchGrid draws
        self.edit = plain_label("", "whatIfCaption", wrap=True)
        self.add_note(self.legend)
        self.add_note(self.edit)
        self.shuffle.clicked.connect(self._on_shuffle)
        self.sources.toggled.connect(lambda _: self._list_entries(self._session))
        self.view.clicked.connect(self._on_click)
        self.view.hovered.connect(self._on_hover)
        self.view.double_clicked.connect(self._on_double_click)
        self._let_go = NO_PATCH  # by the last click
        self._peeking = QTimer(self, singleShot=True, interval=PEEK_MS)
        self._peeking.timeout.connect(self._peek)

    def put_notes(self, place: Notes) -> None:
        """See ImagePane; the entries are among the notes that do not stand below."""
        super().put_notes(place)
        if place is Notes.BELOW:
            self.body.addWidget(self.hint)
            self.body.addWidget(self.list)
        else:
            self.add_note(self.hint, 1, at=0)
            self.add_note(self.list, 1, at=1)
        self._size_list()

    def _toggle(self, words: str, name: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setText(words)
        button.setCheckable(True)
        button.setProperty("small", True)
        name_control(button, name, tip)
        self.bar.addWidget(button)
        return button

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the list its share."""
        super().resizeEvent(event)
        self._size_list()

    def _size_list(self) -> None:
        self.list.follow_width(self.width() if self.notes_place is Notes.BELOW else 0)
        self.hint.setFixedWidth(self.list.width())  # what comes in its place moves no image

    def leaveEvent(self, event: QEvent) -> None:
        """A patch that was only pointed at goes with the mouse; on the way to its entries it stays."""
        super().leaveEvent(event)
        self._peeking.stop()
        if self._session.peeked is not None:
            self._wishes.patch_peeked.emit(NO_PATCH)

    def _render(self, old: Session | None, new: Session) -> None:
        super()._render(old, new)
        detection = new.shown_detection
        if new.differs(old, "shown_detection"):
            self.grid.detection, self.grid.hovered = detection, None
            self.show_of_model(detection, detection.input_image if detection else None, unit_to_uint8)
        if new.differs(old, *LISTED):
            self._list_entries(new)
        if new.differs(old, "keys"):
            name = tr("Shuffle memory")
            tip = tr("{name}. {more}").format(name=with_key(name, new.keys, "shuffle"), more=tr(SHUFFLE_TIP))
            name_control(self.shuffle, name, tip)
        self.shuffle.setVisible(detection is not None)
        self.shuffle.setChecked(new.memory_shuffled)
        kept = detection is not None and any(match.source for own in detection.matches for match in own)
        self.sources.setVisible(kept)
        self.legend.setVisible(detection is not None and new.display.patch_grid)
        self.edit.setText(edit_words(new))
        self.edit.setVisible(bool(self.edit.text()))
        self.grid.selected, self.grid.shown = new.patch, new.display.patch_grid
        chosen = detection is not None and new.shown_patch is not None
        self.view.takes_escape = detection is not None and new.patch is not None
        self.view.takes_arrows = detection is not None
        self.view.takes_enter = new.shown_patch is not None
        self.list.setVisible(chosen)
        self.hint.setVisible(detection is not None and not chosen)
        self.set_text(Place.BOTTOM_LEFT, tr("What-if") if new.what_if is not None else "")
        self.set_message(waiting_message(new))
        self.view.viewport().update()

    def _on_shuffle(self, wanted: bool) -> None:
        self.shuffle.setChecked(self._session.memory_shuffled)  # what is so comes with the session
        self._wishes.shuffle_toggled.emit(wanted)

    def _list_entries(self, session: Session) -> None:
        shown = Sources.MASKED if session.mask_names else Sources.SHOWN
        self.list.entries.set_rows(entry_rows(session, shown if self.sources.isChecked() else Sources.HIDDEN))

    def value_text(self, session: Session) -> str:
        """The patch under the cursor and its percentile."""
        detection = session.shown_detection
        if detection is None or session.cursor is None:
            return ""
        patch = detection.patch_at(*session.cursor)
        if patch is None:
            return ""
        percentile = math.floor(float(detection.patch_percentiles.flat[patch]))
        return tr("percentile {percentile}").format(percentile=percentile)

    def handle_key(self, event: QKeyEvent) -> None:
        """Arrow keys walk over the patches; Escape lets go."""
        detection = self._session.shown_detection
        step = ARROWS.get(Qt.Key(event.key()))
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier or detection is None:
            super().handle_key(event)
        elif event.key() == Qt.Key.Key_Escape and self._session.patch is not None:
            self._wishes.patch_selected.emit(NO_PATCH)
            event.accept()
        elif event.key() in ENTER and self._session.shown_patch is not None:
            self._wishes.patch_selected.emit(self._session.shown_patch)
            self.list.setCurrentIndex(self.list.entries.index(1))
            self.list.setFocus()
            event.accept()
        elif step is not None:
            row, column = divmod(self._session.shown_patch or 0, detection.grid)
            if self._session.patch is not None:
                row = min(max(row + step[0], 0), detection.grid - 1)
                column = min(max(column + step[1], 0), detection.grid - 1)
            self._wishes.patch_selected.emit(row * detection.grid + column)
            event.accept()
        else:
            super().handle_key(event)

    def _on_click(self, row: float, column: float) -> None:
        detection = self._session.shown_detection
        patch = None if detection is None else detection.patch_at(row, column)
        if patch is not None:
            self._peeking.stop()
            self._let_go = patch if patch == self._session.patch else NO_PATCH
            self._wishes.patch_selected.emit(NO_PATCH if patch == self._session.patch else patch)

    def _on_double_click(self) -> None:
        """It enlarges the pane: what its first click let go is kept."""
        if self._let_go != NO_PATCH:
            self._wishes.patch_selected.emit(self._let_go)
            self._let_go = NO_PATCH

    def _on_hover(self, position: tuple[float, float] | None) -> None:
        detection = self._session.shown_detection
        hovered = None if detection is None or position is None else detection.patch_at(*position)
        if hovered != self.grid.hovered:
            self.grid.hovered = hovered
            self.view.viewport().update()
            self._peeking.start()

    def _peek(self) -> None:
        """The mouse has come to rest on a patch; one that is kept stays."""
        hovered = self.grid.hovered
        if hovered is not None and self._session.patch is None and hovered != self._session.peeked:
            self._wishes.patch_peeked.emit(hovered)
