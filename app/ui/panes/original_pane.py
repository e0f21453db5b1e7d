"""The radiograph itself, at full bit depth, under a grey window that is display only."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QImage
from PySide6.QtWidgets import QWidget

from app.domain.greys.starting_window import starting_window
from app.domain.greys.window_presets import AUTOMATIC
from app.domain.orientation import Orientation, Side
from app.domain.session import Session
from app.domain.tone import shown_greys
from app.domain.window_level import dragged
from app.i18n.language import QT_TR_NOOP, say, tr
from app.services.threads.signals import TypedSignal
from app.ui.keys.window_presets import window_words
from app.ui.look import colour_maps
from app.ui.panes.evidence_map import drawn, map_badge, map_name, missing_words
from app.ui.panes.file_graphics import FileGraphics, StateDrawings, graphics_words
from app.ui.panes.image_pane import (
    CORNER_MARGIN,
    CORNERS,
    MARK_ROOM,
    UNIT_WINDOW,
    ImagePane,
    Place,
    model_greys,
    pixel_at,
    place_of,
    same_greys,
)
from app.ui.panes.overlay_key import OverlayKey
from app.ui.panes.state_label import tone_words
from app.ui.panes.swipe import Swipe
from app.ui.panes.view_link import ViewLink, ViewRect
from app.ui.panes.viewport_image import PaneLayer, ViewportImage
from app.ui.words.pane_words import model_badge
from app.ui.words.presentation_words import presented_words
from app.ui.words.prior_words import current_title
from app.ui.words.words import DOT, accession_words, called, grey_number, notice_words, person_parts
from squid_core.contracts.affine import IDENTITY
from squid_core.contracts.radiograph import Radiograph, Spacing, Window
from squid_core.sides import Sides

TITLE = QT_TR_NOOP("Original")
WINDOW_REPLACED = QT_TR_NOOP("Automatic window, not the file's")
NOTHING_CHOSEN = QT_TR_NOOP("Choose a study in the worklist.")
WORDS_SHARE = 0.45  # of a pane's width to put several words on the patient into one line


def orientation_marks(patient_orientation: tuple[str, ...]) -> dict[Place, str]:
    """Letters for the four sides of the picture as it lies in the file; none where it is silent, see `Sides`."""
    return {Place(edge): letters for edge, letters in Sides.of(patient_orientation).letters.items()}


def scale_words(spacing: Spacing | None) -> str:
    """Millimetres a pixel and where they come from, in two short lines; plain words where the file has none."""
    if spacing is None:
        return tr("pixels only") + "\n" + tr("no true scale")
    row, column = f"{spacing.row_mm:.3g}", f"{spacing.column_mm:.3g}"
    return f"{row if row == column else f'{row} × {column}'} mm/px\n{say(spacing.words)}"


class OriginalPane(ImagePane):
    """The original and the difference over it if wanted; the reconstruction in its place (flicker) or beside a line.

    Signals:
        window_changed: the Window that a left drag asks for.
        flicker_changed: whether the reconstruction is shown in the original's place now.
        swipe_moved: where the line between original and reconstruction was moved to, 0..1.
    """

    READS = (
        *ImagePane.READS, "window", "invert", "detection", "what_if", "maps", "what_if_maps", "card", "swipe", "beside",
        "mask_names", "mask_key", "image_key", "loading", "error", "presented", "annotations", "window_replaced",
        "preview",
    )  # fmt: skip
    VALUE_OF = ("radiograph",)

    names_region = True
    window_changed = TypedSignal[Window]()
    flicker_changed = TypedSignal[bool]()
    swipe_moved = TypedSignal[float]()

    def __init__(self, link: ViewLink, parent: QWidget | None = None) -> None:
        super().__init__(tr(TITLE), link, parent)
        self._drag_start: Window | None = None
        self._flicker = False
        self.view.has_window = True
        self.overlay = ViewportImage(PaneLayer.MAP)
        self.view.add_image(self.overlay)
        self.graphics, self.drawings = FileGraphics(self.view), StateDrawings(self.view)
        self.swipe = Swipe(self.view, (self.image, self.overlay, *self.graphics.images))
        self.swipe.moved.connect(self.swipe_moved)
        self.key = OverlayKey(self.view)
        self._difference_shown: Callable[[], bool] = lambda: False
        self.view.window_dragged.connect(self._on_window_drag)

    @property
    def flickering(self) -> bool:
        """Whether the reconstruction is shown in the original's place."""
        return self._flicker

    @property
    def swiping(self) -> bool:
        """Whether a line parts original and reconstruction."""
        return self._session.swipe is not None and self._session.shown_detection is not None and not self._flicker

    def leave_key_to(self, difference_shown: Callable[[], bool]) -> None:
        """While the difference pane is on the screen with the same map, its key is enough."""
        self._difference_shown = difference_shown
        self.show_key()

    def show_key(self) -> None:
        """The key to the map over the original, unless the difference pane has that."""
        display = self._session.display
        drawn_over = display.overlay and not self._flicker and self._session.shown_detection is not None
        wanted = drawn_over and not (self._difference_shown() and display.pane_map is display.overlay_map)
        self.key.follow(display.overlay_map, display, wanted=wanted)
        self._place_key()

    def toggle_flicker(self) -> None:
        """Original <-> reconstruction, in the same place."""
        self.set_flicker(not self._flicker)

    def set_flicker(self, on: bool) -> None:
        """Show the reconstruction in the original's place, where there is one, or the original."""
        on = on and self._session.shown_detection is not None
        if on == self._flicker:
            return
        self._flicker = on
        self._say_flicker()
        self._show_source()
        self._show_overlay()
        self._show_swipe()
        self._show_graphics()
        self._say_state()
        self._say_message()

    def _render(self, old: Session | None, new: Session) -> None:
        new_image = new.differs(old, "radiograph", "preview", "image_key")
        new_detection = new.differs(old, "shown_detection")
        new_tone = old is not None and not same_greys(old, new)
        new_normal = new.differs(old, "shown_normal")
        if new_image or (new_normal and self._flicker):
            if self._flicker and (new_image or new.shown_detection is None):
                self._flicker = False
                self._say_flicker()
            self._show_source()
        elif new_tone or (new.differs(old, "window") and not self._flicker):
            self.image.redisplay(model_greys(new) if self._flicker else self._display())
        if new_image or new_detection or new.differs(old, "display", "shown_maps", "card"):
            self._show_overlay()
        self._show_graphics()
        if new_image or new_normal or new_tone or new.differs(old, "swipe"):
            self._show_swipe()
        super()._render(old, new)  # what it says of the state depends on the flicker
        if new.differs(
            old, "study", "radiograph", "preview", "window", "invert", "annotations", "mask_names", "mask_key"
        ):
            self._say_texts()
        self._say_message()

    def state_words(self, session: Session) -> tuple[str, ...]:
        """See ImagePane."""
        grey = session.drawn is not None and not session.drawn.is_colour
        prior = session.beside is not None and not session.beside.other_view
        title = current_title(session.study, session.mask_names) if prior and session.study else ""
        tone = tone_words(session.display) if grey or self._flicker else ""
        if self._flicker:
            return title, tone
        begun = tr(WINDOW_REPLACED) if self._is_replaced(session) else ""
        if session.preview is not None:
            words = tr("Preview at 1/{factor} resolution; the whole image follows.")
            return title, words.format(factor=2**session.preview.reduction), tone
        return title, begun, tone, presented_words(session, changed=self._is_changed(session)), *graphics_words(session)

    @staticmethod
    def _is_replaced(session: Session) -> bool:
        """Whether the automatic window still stands in the place of a file's that hides the lungs."""
        return session.window_replaced and session.window is not None and session.window.name == AUTOMATIC.name

    def _is_changed(self, session: Session) -> bool:
        """Whether greys or orientation are others than the presentation state asks for."""
        state, radiograph = session.presented, session.radiograph
        if state is None or radiograph is None:
            return False
        asked = state.presentation
        lies = self.link.orientation == Orientation(asked.mirrored, asked.quarters)
        return not lies or (session.window, session.invert) != (asked.window or radiograph.window, asked.invert)

    def value_text(self, session: Session) -> str:
        """Position and modality value under the cursor."""
        if session.radiograph is None or session.cursor is None:
            return ""
        value = pixel_at(session.radiograph.pixels, *session.cursor)
        if value is None:
            return ""
        place = f"x {round(session.cursor[1])}  y {round(session.cursor[0])}"
        if session.radiograph.is_colour:
            return f"{place}   RGB {' '.join(str(int(part)) for part in value)}"
        value_words = grey_number(session.radiograph.file_value(float(value)))
        return tr("{place}   value {value}").format(place=place, value=value_words)

    def _say_message(self) -> None:
        self.set_message("" if self._flicker else self._empty_message(self._session))

    @staticmethod
    def _empty_message(session: Session) -> str:
        if session.drawn is not None:
            return ""
        if session.loading:
            return say(session.loading)
        if session.error is not None:
            return notice_words(session.error, session.mask_names)
        return tr(NOTHING_CHOSEN) if session.study is None else tr("This file holds no picture that can be shown.")

    def _show_source(self) -> None:
        session = self._session
        detection, normal = session.shown_detection, session.shown_normal
        if self._flicker and detection is not None and normal is not None:
            self.image.set_source(normal, place_of(detection, normal), model_greys(session))
        elif session.radiograph is not None:
            self.image.set_source(session.radiograph.pixels, IDENTITY, self._display())
        elif session.preview is not None:
            self.image.set_source(session.preview.picture.pixels, session.preview.place, self._display())
        else:
            self.image.clear()
        self.view.refresh(self.image)

    def _show_graphics(self) -> None:
        self.graphics.follow(self._session, original=not self._flicker)
        self.drawings.follow(self._session, original=not self._flicker)

    def _show_overlay(self) -> None:
        display = self._session.display
        wanted = display.overlay and not self._flicker
        shown = drawn(display.overlay_map, self._session) if wanted else None
        self._say_title()
        self.show_key()
        if shown is None:
            self.overlay.clear()
            return
        colours = colour_maps.overlay_table(display.colour_map, display.overlay_opacity)
        self.overlay.set_source(shown.values, shown.place, shown.index, colours)
        self.view.refresh(self.overlay)

    def _show_swipe(self) -> None:
        detection, normal = self._session.shown_detection, self._session.shown_normal
        if self.swiping and detection is not None and normal is not None and self._session.swipe is not None:
            self.swipe.show(normal, place_of(detection, normal), self._session.swipe, model_greys(self._session))
        else:
            self.swipe.hide()
        self._say_title()

    def _say_flicker(self) -> None:
        """Over the whole width, so that nobody takes it for the original."""
        self.set_strip(tr("RECONSTRUCTION") if self._flicker else "")
        self.flicker_changed.emit(self._flicker)

    def _say_title(self) -> None:
        """What is shown, and what of it comes from the model: the reconstruction, or a map over the original."""
        detection, display = self._session.shown_detection, self._session.display
        self.title.setText(tr("Reconstruction, in the original's place") if self._flicker else tr(TITLE))
        if detection is None:
            self.set_badge("")
        elif self._flicker or self.swiping:
            self.set_badge(*model_badge(detection, self._session.shown_normal))
        elif display.overlay:
            missing = missing_words(display.overlay_map, self._session)
            text, tip = (missing, "") if missing else map_badge(display.overlay_map, self._session)
            self.set_badge(tr("{name}: {value}").format(name=map_name(display.overlay_map), value=text), tip)
        else:
            self.set_badge("")

    def _display(self) -> partial[NDArray[np.uint8]]:
        picture, display = self._session.drawn, self._session.display
        window = self._session.window or (starting_window(picture, display)[0] if picture else UNIT_WINDOW)
        return partial(shown_greys, window=window, display=self._session.display, invert=self._session.invert)

    def _say_texts(self) -> None:
        texts = self._texts_of(self._session.drawn, self._session.window)
        for place in (Place.TOP, Place.BOTTOM, Place.LEFT, Place.RIGHT, *CORNERS):
            self.set_text(place, texts.get(place, ""))
        self._place_key()

    def _texts_of(self, radiograph: Radiograph | None, window: Window | None) -> dict[Place, str]:
        extent = self._session.extent
        if radiograph is None or extent is None:
            return {}
        identity = radiograph.identity
        turned = self.link.orientation.side
        marks = orientation_marks(identity.patient_orientation)
        texts = {Place(turned(Side(place.value)).value): letters for place, letters in marks.items()}
        side = tr("Laterality {side}").format(side=identity.laterality) if identity.laterality else ""
        texts[Place.TOP_LEFT] = "\n".join(line for line in (*self._who, side) if line)
        texts[Place.BOTTOM_LEFT] = "\n".join(self._grey_lines(radiograph, window))
        (height, width), _ = extent
        texts[Place.TOP_RIGHT] = "" if self.compact else f"{width} × {height}"
        texts[Place.BOTTOM_RIGHT] = "" if self._session.radiograph is None else scale_words(self._session.spacing)
        return texts

    @property
    def _who(self) -> tuple[str, ...]:
        """Lines on the patient and the order, as they may be shown."""
        session = self._session
        if session.study is None or session.drawn is None:
            return ()
        identity = session.masking.identity(session.drawn.identity)
        parts = [*person_parts(identity), accession_words(identity)]
        metrics, room = QFontMetrics(self.letters), self.view.viewport().width()
        beside = max(metrics.horizontalAdvance(line) for line in scale_words(session.spacing).split("\n"))
        lines = [called(session.masking.study(session.study)), ""]
        for part in parts[:1] if self.compact else parts:
            longer = DOT.join(words for words in (lines[-1], part) if words)
            if metrics.horizontalAdvance(longer) <= WORDS_SHARE * room:
                lines[-1] = longer
            else:
                lines.append(part)
        left = room - beside - 6 * CORNER_MARGIN
        return tuple(metrics.elidedText(line, Qt.TextElideMode.ElideRight, left) for line in lines)

    def over_picture(self, area: QRect) -> bool:
        """The angles between ribs and diaphragm lie in the lower corners of a chest; see ImagePane."""
        if self._session.drawn is None or self._session.extent is None:
            return False
        (height, width), _ = self._session.extent
        shown = self.view.rect_shown.on_screen(-0.5, -0.5, height, width)
        return shown.intersects(QRectF(area))

    def picture(self) -> QImage:
        """See ImagePane."""
        shown = self.text(Place.TOP_LEFT)
        self.set_text(Place.TOP_LEFT, "\n".join(line for line in shown.split("\n") if line not in self._who))
        made = super().picture()
        self.set_text(Place.TOP_LEFT, shown)
        return made

    def _grey_lines(self, radiograph: Radiograph, window: Window | None) -> list[str]:
        lines = []
        if self._session.invert:
            lines.append(tr("Inverted"))
        if radiograph.is_colour:
            lines.append(tr("Colour"))
        elif window is not None:
            name = window_words(radiograph, window)
            lines += [name] if name else []
            lines.append(
                tr("W {width}  L {level}").format(
                    width=grey_number(window.width), level=grey_number(radiograph.stated(window).center)
                )
            )
        zoom = self.view.rect_shown.zoom * self.view.devicePixelRatioF()  # pixels of the screen for one of the image
        lines.append(tr("Zoom {percent}%").format(percent=f"{zoom * 100:.0f}"))
        return lines

    def _on_view_changed(self, view: ViewRect) -> None:
        self.view.refresh(self.overlay)
        self.graphics.refresh()
        self.swipe.refresh()
        super()._on_view_changed(view)
        self._say_texts()
        self._place_key()

    def _place_key(self) -> None:
        """Below the words in the upper corner, above the mark at the side."""
        area = self.view.viewport().size()
        self.key.place(
            area.width() - CORNER_MARGIN,
            self.foot_above(Place.TOP_RIGHT, Place.BOTTOM_RIGHT) + CORNER_MARGIN,
            area.height() // 2 - MARK_ROOM,
        )

    def _on_window_drag(self, started: bool, right: float, down: float, fine: bool) -> None:
        radiograph, window = self._session.radiograph, self._session.window
        if radiograph is None or window is None or radiograph.is_colour or self._flicker:
            return
        if started or self._drag_start is None:
            self._drag_start = window
        self.window_changed.emit(dragged(self._drag_start, right, down, fine))
