"""What all panes share: a bar with title, badge and value, the canvas, texts over it."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, StrEnum, auto
from functools import partial
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QImage, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QSpacerItem, QWidget

from app.domain.session import Session
from app.domain.tone import shown_greys
from app.i18n.language import tr
from app.services.threads.signals import TypedSignal
from app.ui.look.theme import font
from app.ui.look.widgets import NO_MARGINS, ElidedLabel, in_column, in_row, plain_label
from app.ui.panes.pane_title import PaneTitle
from app.ui.panes.pane_view import PaneView
from app.ui.panes.region_outline import RegionOutline
from app.ui.panes.state_label import StateLabel, Strip, orientation_words
from app.ui.panes.view_link import ViewLink, ViewRect
from app.ui.panes.viewport_image import ViewportImage
from app.ui.words.pane_words import model_badge
from squid_core.contracts.affine import Matrix, inverse, mapped
from squid_core.contracts.detection import Detection
from squid_core.contracts.radiograph import FloatArray, PixelArray, VoiFunction, Window
from squid_core.voi import to_uint8

CORNER_MARGIN = 6
QWIDGETSIZE_MAX = (1 << 24) - 1  # Qt's own word for no limit
BADGE_POINTS = 8.0
COMPACT = QSize(300, 340)  # below this size they are small, and say less
CORNER_POINTS, COMPACT_POINTS = 9.5, 8.0
MARK_ROOM = 14  # screen pixels of the mark in the middle of a side, half of it
SMALL = QSize(240, 150)  # below this size only words that take up no more than a share of the width
SMALL_SHARE = 0.8


# Values of 0..1 over the whole grey scale.
UNIT_WINDOW = Window(0.5, 1.0, VoiFunction.LINEAR_EXACT)


def model_greys(session: Session) -> Callable[[PixelArray], NDArray[np.uint8]]:
    """How a picture of the model is shown beside the original: under the same gamma, contrast and inversion."""
    return partial(shown_greys, window=UNIT_WINDOW, display=session.display, invert=session.invert)


def same_greys(old: Session, new: Session) -> bool:
    """Whether two sessions bend their greys alike, whatever the window."""
    if old.invert != new.invert:
        return False
    return old.display is new.display or _TONE(old.display) == _TONE(new.display)


_TONE = attrgetter("gamma", "clahe", "clahe_limit")


def unit_to_uint8(values: PixelArray) -> NDArray[np.uint8]:
    """(h, w) float32 of 0..1 -> uint8."""
    return to_uint8(values, UNIT_WINDOW)


class Place(StrEnum):
    """Where a text lies over the image."""

    TOP_LEFT = "top left"
    TOP_RIGHT = "top right"
    BOTTOM_LEFT = "bottom left"
    BOTTOM_RIGHT = "bottom right"
    TOP = "top"
    BOTTOM = "bottom"
    LEFT = "left"
    RIGHT = "right"


CORNERS = (Place.TOP_LEFT, Place.TOP_RIGHT, Place.BOTTOM_LEFT, Place.BOTTOM_RIGHT)


class Notes(Enum):
    """Where a pane has what it says of its picture."""

    BELOW = auto()  # as high as it needs; the picture has the rest
    ASIDE = auto()  # right of the picture, in panes one above the other: as wide in all of them
    UNDER = auto()  # below, in panes side by side: as high in all of them


NOTES_WIDTH = 178  # pixels of notes aside: a line of words with a small picture
NOTES_SHARE, NOTES_HEIGHT = 0.4, (96, 240)  # of a pane's height that notes under its picture have, and its bounds


class ImagePane(QFrame):
    """One pane in original pixel coordinates. Subclasses say what it shows of a session.

    Signals:
        cursor_moved: (row, column) in original pixels, or None when the mouse leaves.
        maximise_requested: the pane was double clicked.
        image_stepped: -1 or +1, the previous or next image of the study.
    """

    # Fields of the session that a pane draws and says, and those that the value under the cursor is taken from.
    READS: tuple[str, ...] = ("study", "radiograph", "display", "trial", "mouse")
    VALUE_OF: tuple[str, ...] = ()

    names_region = False  # whether the outline of a region replaced by normal says what it is
    cursor_moved = TypedSignal[tuple[float, float] | None]()
    maximise_requested = TypedSignal[()]()
    image_stepped = TypedSignal[int]()

    def __init__(self, title: str, link: ViewLink, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pane")
        self.setAccessibleName(tr("{title} pane").format(title=title))
        self.link = link
        self.title = PaneTitle(title)
        self.badge = PaneTitle("", "paneBadge")
        self.badge.setFont(font(BADGE_POINTS))
        self.badge.hide()
        self.readout = ElidedLabel("", "paneReadout")
        self.readout.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.view = PaneView(link)
        self.view.setAccessibleName(tr("{title} image").format(title=title))
        self.image = ViewportImage()
        self.view.add_image(self.image)
        self.region = RegionOutline(named=self.names_region)
        self.view.add_overlay(self.region.paint)
        self._texts: dict[Place, QLabel] = {}
        self._texts_shown, self.letters = True, font(CORNER_POINTS)
        self._session = Session()
        self.state, self.strip = StateLabel(self.view), Strip(self.view)
        self._message = plain_label("", "paneMessage", self.view, wrap=True)
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._message.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._message.hide()
        self._lay_out()
        self.view.hovered.connect(self.cursor_moved)
        self.view.double_clicked.connect(self.maximise_requested)
        self.view.stepped.connect(self.image_stepped)
        self.view.view_changed.connect(self._on_view_changed)
        self.view.focused.connect(self._on_focus)
        self.view.key_pressed.connect(self.handle_key)

    def _lay_out(self) -> None:
        bar = QFrame()
        bar.setObjectName("paneBar")
        bar.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)  # whatever lies below it
        self.bar = in_row(self.title, self.badge, (self.readout, 1), of=bar, margins=(8, 3, 8, 3), spacing=8)
        self.bar.setAlignment(self.badge, Qt.AlignmentFlag.AlignVCenter)
        self.body = in_row((self.view, 1), margins=NO_MARGINS, spacing=0)
        self.notes, self.notes_place = QWidget(), Notes.BELOW
        self.notes.setObjectName("paneNotes")
        self._notes_column = in_column(of=self.notes, margins=NO_MARGINS, spacing=0)
        self._notes_column.addSpacerItem(QSpacerItem(0, 0, vData=QSizePolicy.Policy.Expanding))
        self.column = in_column(bar, (self.body, 1), self.notes, of=self, margins=(1, 1, 1, 1), spacing=0)

    def add_note(self, note: QWidget, stretch: int = 0, at: int | None = None) -> None:
        """Add a widget to the notes, the last one or at a place; `stretch` is its share of what room is left."""
        self._notes_column.insertWidget(self._notes_column.count() - 1 if at is None else at, note, stretch)

    def put_notes(self, place: Notes) -> None:
        """Have the notes elsewhere: panes that stand beside the original show their pictures in one size."""
        if place is self.notes_place:
            return
        self.notes_place = place
        (self.body if place is Notes.ASIDE else self.column).addWidget(self.notes)
        if place is Notes.BELOW:
            self.notes.setMinimumSize(0, 0)
            self.notes.setMaximumSize(QWIDGETSIZE_MAX, QWIDGETSIZE_MAX)
        self._size_notes()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the notes their share."""
        super().resizeEvent(event)
        self._size_notes()

    def _size_notes(self) -> None:
        if self.notes_place is Notes.ASIDE:
            self.notes.setMinimumSize(NOTES_WIDTH, 0)
            self.notes.setMaximumSize(NOTES_WIDTH, QWIDGETSIZE_MAX)
        elif self.notes_place is Notes.UNDER:
            height = min(max(round(NOTES_SHARE * self.height()), NOTES_HEIGHT[0]), NOTES_HEIGHT[1])
            self.notes.setMinimumSize(0, height)
            self.notes.setMaximumSize(QWIDGETSIZE_MAX, height)

    def render_session(self, old: Session | None, new: Session) -> None:
        """Show what changed between two sessions; `old` is None the first time."""
        self._session = new
        if new.differs(old, "cursor", *self.VALUE_OF):
            self.view.set_cursor(new.cursor)
            self.readout.set_whole(self.value_text(new))
        if new.differs(old, *self.READS):
            self._render(old, new)

    def _render(self, old: Session | None, new: Session) -> None:
        """Draw and say what a change of one of READS asks for; subclasses add to it."""
        if self.region.follow(new):
            self.view.viewport().update()
        self.view.mouse = new.mouse
        self.view.has_images = new.study is not None and len(new.study.images) > 1
        self.view.set_magnifier(new.display.magnifier_times if new.display.magnifier else 0)
        self._say_state()
        if self._texts_shown != new.display.corner_text:
            self._texts_shown = new.display.corner_text
            self._place_texts()

    def value_text(self, session: Session) -> str:
        """The value under the cursor, in words."""
        return ""

    def handle_key(self, event: QKeyEvent) -> None:
        """A key nobody else wanted; accept it or leave it."""
        event.ignore()

    def state_words(self, session: Session) -> tuple[str, ...]:
        """Lines on what is out of the ordinary in how the picture is shown, beside its orientation."""
        return ()

    def set_badge(self, text: str, tip: str = "") -> None:
        """A short mark beside the title; '' for none."""
        self.badge.setText(text)
        self.badge.setToolTip(tip)
        self.badge.setVisible(bool(text))

    def show_of_model(
        self,
        detection: Detection | None,
        picture: FloatArray | None,
        greys: Callable[[PixelArray], NDArray[np.uint8]],
    ) -> None:
        """A picture (h, w) that is laid over the whole model image, with its badge, or neither."""
        if detection is None or picture is None:
            self.image.clear()
            self.set_badge("")
            return
        self.image.set_source(picture, place_of(detection, picture), greys)
        self.set_badge(*model_badge(detection, picture))
        self.view.refresh(self.image)

    def set_strip(self, text: str) -> None:
        """Words in a strip over the whole width; '' for none."""
        self.strip.say(text)
        self._place_texts()

    def set_message(self, text: str) -> None:
        """Words in the middle of an empty pane; '' for none."""
        if text != self._message.text():
            self._message.setText(text)
            self._message.setVisible(bool(text))
            self._place_texts()

    @property
    def message(self) -> str:
        """The words in the middle."""
        return self._message.text()

    def set_text(self, place: Place, text: str) -> None:
        """Words over the image; '' for none."""
        label = self._texts.get(place)
        if label is None:
            if not text:
                return
            sided = place in (Place.TOP, Place.BOTTOM, Place.LEFT, Place.RIGHT)
            label = plain_label("", "orientation" if sided else "corner", self.view)
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            if not sided:
                label.setFont(self.letters)
            if place in (Place.TOP_RIGHT, Place.BOTTOM_RIGHT):
                label.setAlignment(Qt.AlignmentFlag.AlignRight)
            self._texts[place] = label
        if label.text() != text:
            label.setText(text)
            self._place_texts()

    def text(self, place: Place) -> str:
        """The words at a place."""
        label = self._texts.get(place)
        return label.text() if label else ""

    def foot_of(self, place: Place) -> int:
        """Where the words at a place end, in screen pixels from above; 0 where there are none."""
        label = self._texts.get(place)
        return 0 if label is None or label.isHidden() else label.geometry().bottom()

    def foot_above(self, *places: Place) -> int:
        """Where the words at these places that stand in the upper half end, as `foot_of`."""
        feet = [self.foot_of(place) for place in places]
        return max((foot for foot in feet if foot < self.view.height() // 2), default=0)

    @property
    def compact(self) -> bool:
        """Whether there is room for little more than the picture."""
        area = self.view.viewport().size()
        return bool(area.width() < COMPACT.width() or area.height() < COMPACT.height())

    def over_picture(self, area: QRect) -> bool:
        """Whether words in a lower corner would lie on what must stay free; subclasses say it."""
        return False

    def picture(self) -> QImage:
        """What is shown, with its words and letters but for who the patient is; without the pane's bar."""
        return QImage(self.view.grab().toImage())

    def _on_view_changed(self, view: ViewRect) -> None:
        self.view.refresh(self.image)
        self._say_state()
        self._place_texts()

    def _say_state(self) -> None:
        """The orientation of a picture that is there, then what the pane adds."""
        lines: tuple[str, ...] = ()
        if self._session.extent is not None:
            lines = orientation_words(self.link.orientation), *self.state_words(self._session)
        if self.state.say(*lines):
            self._place_state()

    def _on_focus(self, has_focus: bool) -> None:
        self.setProperty("active", has_focus)
        self.style().unpolish(self)
        self.style().polish(self)

    def _place_texts(self) -> None:
        area = self.view.viewport().size()
        top = self.strip.place(area.width())
        small = area.width() < SMALL.width() or area.height() < SMALL.height()
        self._fit_letters()
        for place, label in self._texts.items():
            label.adjustSize()
            fits = not small or label.width() <= SMALL_SHARE * area.width()
            label.setVisible(self._texts_shown and bool(label.text()) and fits)
            label.move(_corner(place, area, label.size(), top))
        self._part_corners()
        self._make_way()
        self._place_state()
        if self._message.text():
            width = max(area.width() - 48, 40)
            height = self._message.heightForWidth(width)
            self._message.setGeometry(24, max((area.height() - height) // 2, 0), width, height)

    def _fit_letters(self) -> None:
        """Small letters for the corners of a small pane; asked of the labels, for a style sheet may set a font back."""
        points = COMPACT_POINTS if self.compact else CORNER_POINTS
        if points != self.letters.pointSizeF():
            self.letters = font(points)
        for place in CORNERS:
            label = self._texts.get(place)
            if label is not None and label.font().pointSizeF() != points:
                label.setFont(self.letters)

    def _part_corners(self) -> None:
        """In a narrow pane the words of the right lower corner stand over those of the left one."""
        left, right = self._texts.get(Place.BOTTOM_LEFT), self._texts.get(Place.BOTTOM_RIGHT)
        if left and right and not left.isHidden() and left.geometry().intersects(right.geometry()):
            right.move(right.x(), left.y() - right.height() - 2)

    def _make_way(self) -> None:
        """Words leave the lower corners of the picture; the marks above and at the foot leave words that cover them."""
        for lower, upper in ((Place.BOTTOM_LEFT, Place.TOP_LEFT), (Place.BOTTOM_RIGHT, Place.TOP_RIGHT)):
            label = self._texts.get(lower)
            if label is not None and not label.isHidden() and self.over_picture(label.geometry()):
                label.move(label.x(), max(self.foot_of(upper), self.strip.foot + CORNER_MARGIN) + 2)
                label.setVisible(label.geometry().bottom() < self.view.height() // 2 - MARK_ROOM)
        for place in (Place.TOP, Place.BOTTOM):
            if (mark := self._texts.get(place)) is not None and (covering := self._covering(mark)):
                above, below = min(one.y() for one in covering), max(one.geometry().bottom() for one in covering)
                mark.move(mark.x(), below + 2 if place is Place.TOP else above - mark.height() - 2)

    def _covering(self, over: QLabel) -> list[QLabel]:
        """Words in corners that would lie on another label."""
        corners = [self._texts[place] for place in CORNERS if place in self._texts]
        return [words for words in corners if not words.isHidden() and words.geometry().intersects(over.geometry())]

    def _place_state(self) -> None:
        """In the middle of the upper edge, below words there that it would cover."""
        above = max(self.foot_of(Place.TOP), self.strip.foot)
        self.state.place(self.view.viewport().width(), above + 2 if above else CORNER_MARGIN)
        covered = self._covering(self.state)
        if covered:
            self.state.move(self.state.x(), max(label.geometry().bottom() for label in covered) + 2)


def _corner(place: Place, area: QSize, size: QSize, top: int) -> QPoint:
    """Top left of a label of `size` at its place within `area`, below `top`."""
    right, bottom = area.width() - size.width() - CORNER_MARGIN, area.height() - size.height() - CORNER_MARGIN
    middle_x, middle_y = (area.width() - size.width()) // 2, (area.height() - size.height()) // 2
    x = {Place.TOP: middle_x, Place.BOTTOM: middle_x, Place.TOP_RIGHT: right, Place.BOTTOM_RIGHT: right}
    y = {Place.LEFT: middle_y, Place.RIGHT: middle_y, Place.BOTTOM_LEFT: bottom, Place.BOTTOM_RIGHT: bottom}
    across = right if place is Place.RIGHT else x.get(place, CORNER_MARGIN)
    return QPoint(across, bottom if place is Place.BOTTOM else y.get(place, top + CORNER_MARGIN))


def pixel_at(pixels: PixelArray, row: float, column: float) -> PixelArray | None:
    """The pixel that covers (row, column); None outside. A scalar for (H, W), three values for RGB."""
    r, c = round(row), round(column)
    if 0 <= r < pixels.shape[0] and 0 <= c < pixels.shape[1]:
        value: PixelArray = pixels[r, c]
        return value
    return None


def place_of(detection: Detection, picture: PixelArray) -> Matrix:
    """The map to the original of a picture (h, w) that is laid over the whole model image."""
    return detection.geometry.of_picture((picture.shape[0], picture.shape[1]))


def model_value(detection: Detection, image: PixelArray, cursor: tuple[float, float]) -> float | None:
    """The value, at an original (row, column), of a picture laid over the model image; None outside."""
    value = pixel_at(image, *mapped(inverse(place_of(detection, image)), *cursor))
    return None if value is None else float(value)
