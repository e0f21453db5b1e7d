"""A window that has followed the session, change by change, says what a window built from it now would say.

Every part renders only when what it shows has changed; a part that forgets a field is found here.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QMenu,
    QMenuBar,
    QProgressBar,
    QSlider,
    QToolButton,
    QWidget,
)

from app.domain.drift.watch import DriftQuestion
from app.domain.errors import Notice, Severity
from app.domain.hanging.rules import Rule
from app.domain.header_page import HeaderPage
from app.domain.importing import ImportReport
from app.domain.jobs import JobState
from app.domain.learning import Learning
from app.domain.listing.filter import Chip, Filter
from app.domain.marks.annotations import Annotations
from app.domain.marks.measurements import KnownLength
from app.domain.marks.tools import Tool
from app.domain.network import Fetching, NodeStatus, OutboxPage, QueryPage
from app.domain.presenting import FoundState, Offer, Presented
from app.domain.priors import Beside
from app.domain.session import Progress, Session
from app.domain.settings import (
    ColourMap,
    DisplaySettings,
    DragDeed,
    EvidenceMap,
    Hanging,
    HangingRules,
    Layout,
    ListSettings,
    MouseSettings,
    PaneName,
    SortBy,
    WheelDeed,
)
from app.domain.study import Judgement, Study
from app.domain.thumbnails import Thumbnail
from app.domain.undoing import Deed, Undoing
from app.domain.watching import WatchedFolder
from app.services.reading.reading_desk import FILE_GONE
from app.services.state.notifier import Notifier
from app.services.state.session_holder import SessionHolder
from app.ui.keys.bindings import all_keys
from app.ui.look.widgets import ElidedLabel
from app.ui.panes.image_pane import ImagePane, Place
from app.ui.panes.memory_pane import MemoryPane
from app.ui.panes.original_pane import OriginalPane
from app.ui.panes.pane_view import PaneView
from app.ui.panes.view_link import ViewRect
from app.ui.panes.viewport_image import ViewportImage
from app.ui.window.main_window import MainWindow
from squid_core.contracts.detection import Region, RegionShape, Trial
from squid_core.contracts.graphics import OverlayPlane, Shutter
from squid_core.contracts.header import ElementKind, HeaderLine
from squid_core.contracts.presentation import Presentation, StateHead, Stroke
from squid_core.contracts.preview import Preview
from squid_core.contracts.radiograph import Decision, Verdict
from squid_core.dicom.source import Source
from squid_core.network.configuration import NetworkSettings
from tests.app.samples import judged
from tests.app.ui import drifting, explained, learned, networked, synthetic
from tests.app.ui.conftest import Room

PATCH = 2 * synthetic.GRID + 1
STEPS, AT_MOST = 24, 3  # changes of the session; fields changed at once
SOME_PLACE = ViewRect(-20.0, -20.0, 640.0, 540.0, 0.25)  # wide enough for every image of the walk

IMAGE = synthetic.radiograph()
OTHER = synthetic.radiograph(
    synthetic.chest(400, 300),
    identity=synthetic.identity(1, laterality="L", patient_orientation=()),
    spacing=None,
    burned_in=True,
    overlays=(OverlayPlane(30, 40, 20, 60, bytes([0b1111_0111]) * 150),),
    shutter=Shutter(rectangle=(20, 10, 380, 280)),
    windows=(IMAGE.window, replace(IMAGE.window, name="Bone", center=900.0)),
)
COLOUR = synthetic.radiograph(identity=synthetic.identity(2))
COLOUR = replace(COLOUR, pixels=np.stack([(COLOUR.pixels / 16).astype(np.uint8)] * 3, axis=-1), spacing=None)
FOUND = synthetic.detection(IMAGE)
LOCKED = FOUND.trial.settings
STRANGE = replace(synthetic.detection(IMAGE, 0.91, 100.0), outside_memory=True)
TRIED, REMOVED = explained.without(FOUND, PATCH, 1)
SHUFFLED = explained.shuffled(FOUND)
ASKED = synthetic.item(
    3,
    state=JobState.VIEWABLE,
    message="The body part says RIBCAGE. Is this a frontal chest radiograph?",
    verdict=Verdict(Decision.ASK, "The body part says RIBCAGE. Is this a frontal chest radiograph?"),
)
ITEMS = (
    synthetic.item(0, 0.83),
    synthetic.item(1, 0.31),
    synthetic.item(2, state=JobState.SCORING),
    ASKED,
    synthetic.item(4, state=JobState.ERROR, message="The file ends before its picture does."),
)
PAIR = tuple(synthetic.item(5 + number, 0.5, identity=synthetic.identity(5)) for number in range(2))
STUDIES = (*(Study(item.study_uid, (item,)) for item in ITEMS), Study(PAIR[0].study_uid, PAIR))
STATE = FoundState(Source(Path("/films/state")), StateHead(IMAGE.identity, ("1.2",), "READ", creator="Roe, Richard"))
MARK = Stroke(((20.0, 30.0), (40.0, 50.0)))
SENTENCE = Notice(Severity.ERROR, "This file holds no picture.", "Open another one.")
KNOWN = Annotations((KnownLength(((20.0, 30.0), (20.0, 90.0)), 50.0),))
SMALL = Thumbnail("key-0", np.full((56, 40), 90, np.uint8))
PAGE = HeaderPage("key-0", (HeaderLine(0, ElementKind.TEXT, "(0008,0060)", "Modality", "CS", "DX"),))
GONE = replace(FILE_GONE, place=Path("/stick"))

# What each field may become. None of these values depends on another field, so that the walk goes everywhere.
VALUES: dict[str, tuple[object, ...]] = {
    "study": (None, *STUDIES, *(judged(study, Judgement.ACCEPTED) for study in STUDIES)),
    "listing": (ListSettings(), ListSettings(sort=SortBy.NAME), ListSettings(compact=True)),
    "mouse": (MouseSettings(), MouseSettings(left=DragDeed.PAN, wheel=WheelDeed.ZOOM), MouseSettings(zoom_speed=2.0)),
    "filter": (Filter(), Filter("ha"), Filter("", frozenset({Chip.ERROR}))),
    "image_key": ("", *(item.key for item in (*ITEMS, *PAIR))),
    "radiograph": (None, IMAGE, OTHER, COLOUR),
    "preview": (None, Preview(OTHER, (2 * OTHER.pixels.shape[0], 2 * OTHER.pixels.shape[1]), 1)),
    "detection": (None, FOUND, STRANGE),
    "what_if": (None, TRIED, SHUFFLED),
    "trial": (
        None,
        Trial(replace(LOCKED, top_k=9)),
        Trial(LOCKED, shuffled=True),
        Trial(LOCKED, removed=(REMOVED,)),
        Trial(LOCKED, region=Region(RegionShape.ELLIPSE, 100.0, 90.0, 220.0, 200.0)),
    ),
    "what_if_running": (False, True),
    "maps": (None, explained.maps(), replace(explained.maps(1, 9), lesion=None)),
    "what_if_maps": (None, explained.maps(2, 3)),
    "card": (None, explained.card()),
    "memory_slots": (None, 50, 200),
    "patch": (None, PATCH, 0),
    "peeked": (None, PATCH, 3),
    "entries": (None, explained.entries(FOUND, PATCH)),
    "cursor": (None, (100.0, 120.0), (333.0, 222.0)),
    "display": tuple(
        DisplaySettings(**changes)
        for changes in (
            {},
            {"overlay": True},
            {"graphics": False},
            {"overlay": True, "overlay_map": EvidenceMap.LESION, "pane_map": EvidenceMap.GRAD_CAM},
            {"pane_map": EvidenceMap.PATCHES, "patch_grid": False, "corner_text": False, "marks": False},
            {"pane_map": EvidenceMap.LESION, "gamma": 1.4, "clahe": True, "magnifier": True, "magnifier_times": 3},
            {"colour_map": ColourMap.CIVIDIS, "difference_threshold": 0.2, "smoothing": 3.0},
            {"layout": Layout.TWO, "layout_panes": (PaneName.DIFFERENCE, PaneName.MEMORY)},
            {"layout": Layout.ONE, "layout_panes": (PaneName.MEMORY, PaneName.ORIGINAL)},
        )
    ),
    "drift_question": (DriftQuestion(), DriftQuestion(last=50, abnormal=0.3)),
    "drift": (None, drifting.as_expected(), drifting.drifted()),
    "device": ("auto", "cpu"),
    "weights": ("auto", "adult"),
    "weights_available": ((), ("adult", "child")),
    "weights_in_use": ((), (("adult", "adult-2026-11-29"), ("paediatric", "zhanglab"))),
    "weights_reason": ("", "chosen by age 54"),
    "window": (None, IMAGE.window, replace(IMAGE.window, center=800.0, name="Automatic"), OTHER.windows[1]),
    "window_replaced": (False, True),
    "invert": (False, True),
    "tool": (Tool.WINDOW_LEVEL, Tool.LENGTH, Tool.CTR, Tool.REPLACE_ELLIPSE),
    "annotations": (
        Annotations(),
        Annotations(synthetic.marks()),
        Annotations(synthetic.marks()[:1]).changed(()),
        KNOWN,
    ),
    "selected_mark": (None, 0, 5),
    "swipe": (None, 0.3, 0.6),
    "keys": (all_keys({}), all_keys({"score": ("F8",), "shuffle": (), "overlay": ("F7",), "accept": ("F4",)})),
    "others": ((), STUDIES[:1], STUDIES[1:3]),
    "beside": (
        None,
        Beside(STUDIES[1], ITEMS[1].key, loading="Reading the image"),
        Beside(STUDIES[1], ITEMS[1].key, OTHER, OTHER.window),
        Beside(STUDIES[5], PAIR[0].key, IMAGE, IMAGE.window, name_differs=True),
        Beside(STUDIES[4], ITEMS[4].key, error=SENTENCE),
    ),
    "offer": (Offer(), Offer((STATE,)), Offer((STATE,), strangers=1)),
    "presented": (
        None,
        Presented(STATE.key, Presentation(STATE.head, notices=("It subtracts a mask.",))),
        Presented(STATE.key, Presentation(STATE.head, IMAGE.window, mirrored=True, quarters=1, strokes=(MARK,))),
    ),
    "recent": ((), (Path("/films/one"), Path("/films/two"))),
    "watch": (None, WatchedFolder(Path("/films")), WatchedFolder(Path("/films"), reachable=False, taken=3)),
    # Of `said` a new window says nothing: it has been said.
    "undoing": (Undoing(), Undoing(Deed.JUDGEMENT), Undoing(Deed.MARK, Deed.REMOVAL)),
    "began": (None, 0, 3),
    "thumbnails": ((), (SMALL,)),
    "header": (None, PAGE, HeaderPage("key-1", error=SENTENCE)),
    "hung": (None, Rule.FRONTAL, Rule.PRIOR),
    "hanging": (HangingRules(), HangingRules(prior=Hanging(used=False))),
    "portrait": (False, True),
    "restored": (True, False),
    "loading": ("", "Reading the image"),
    "error": (None, SENTENCE, GONE),
    "notices": ((), ("The image has no spacing.",)),
    "mask_names": (False, True),
    "mask_key": ("", "a secret", "another secret"),
    "exporting": (Progress(), Progress(1, 3)),
    "locating": (False, True),
    "progress": (Progress(), Progress(2, 7), Progress(7, 7)),
    "learning": (Learning(), *learned.STATES.values()),
    "network": (NetworkSettings(), networked.NETWORK),
    "network_fault": ("", "The network settings are damaged."),
    "node": (NodeStatus(), networked.CONFIGURED.node, networked.FAULT.node),
    "peers_tested": ((), networked.WAITING.peers_tested),
    "peer_faults": ({}, networked.WAITING.peer_faults),
    "elsewhere": (QueryPage(), networked.FOUND),
    "fetching": (Fetching(), networked.FETCHING, networked.OVER),
    "outbox": (OutboxPage(), networked.WAITING.outbox, OutboxPage(waiting=1, writing=2, sending=True)),
    "import_report": (None, ImportReport(38, 4, running=True), ImportReport(4, 3, (("This is no DICOM file.", 1),))),
}


# Of a dialog alone, which is asked for when it opens; and what lasts a whole run.
ELSEWHERE = {"held", "fixed"}


def test_the_walk_changes_every_field_that_anybody_may_show() -> None:
    assert {field.name for field in fields(Session)} == set(VALUES) | ELSEWHERE


@pytest.fixture(params=range(6))
def walk(request: pytest.FixtureRequest) -> random.Random:
    return random.Random(request.param)  # noqa: S311 - it guards nothing


@pytest.fixture
def begin(room: Room, settle: Callable[[], None]) -> Iterator[Callable[[], MainWindow]]:
    """Builds a window of the session as it is now; the one built before goes, as it follows the list and each event."""
    built: list[MainWindow] = []

    def away() -> None:
        while built:
            window = built.pop()
            window.hide()
            window.deleteLater()

    def build() -> MainWindow:
        away()
        delete_what_has_gone()
        window = MainWindow(SessionHolder(room.holder.state), room.store, Notifier(), room.wishes)
        built.append(window)
        window.resize(room.window.size())
        window.show()
        settle()
        return window

    yield build
    away()


def delete_what_has_gone() -> None:
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_who_follows_says_what_who_begins_now_says(
    room: Room, walk: random.Random, begin: Callable[[], MainWindow], settle: Callable[[], None]
) -> None:
    room.fill(*ITEMS, *PAIR)
    room.open(IMAGE, FOUND)
    followed, link = room.window, room.window.panes.link
    for _ in range(STEPS):
        names = walk.sample(sorted(VALUES), walk.randint(1, AT_MOST))
        room.holder.update(**{name: walk.choice(VALUES[name]) for name in names})
        walk.choice((link.fit, link.flip, lambda: link.turn(1), followed.panes.original.toggle_flicker, settle))()
        settle()
        delete_what_has_gone()
        begun = begin()
        begun.panes.link.show(link.state)
        if followed.panes.original.flickering:
            begun.panes.original.toggle_flicker()
        settle()
        assert apart(followed, begun) == [], names


def test_the_score_card_follows(
    room: Room, walk: random.Random, begin: Callable[[], MainWindow], settle: Callable[[], None]
) -> None:
    room.open(IMAGE, FOUND)
    room.window.dialogs.show_score()
    card = room.window.dialogs.score_card
    assert card is not None
    for name in ("detection", "what_if", "maps", "card", "weights_reason", "detection", "what_if", "card", "maps"):
        room.holder.update(**{name: walk.choice(VALUES[name])})
        settle()
        assert card.isVisible() == (room.holder.state.detection is not None)
        if card.isVisible():
            begun = begin()
            begun.dialogs.show_score()
            settle()
            assert begun.dialogs.score_card is not None
            assert said(card) == said(begun.dialogs.score_card)


# -- what a window says


def apart(followed: MainWindow, begun: MainWindow) -> list[object]:
    """What the two say that the other does not."""
    one, other = said(followed), said(begun)
    found: list[object] = [*(one - other), "instead of", *(other - one)] if one != other else []
    if followed.measure.display.overlay.picture != begun.measure.display.overlay.picture:
        found.append("marks")
    for ours, theirs in zip(followed.panes.all_panes, begun.panes.all_panes, strict=True):
        now, wanted = drawn(ours), drawn(theirs)
        found += [(type(ours).__name__, name, now[name], wanted[name]) for name in now if now[name] != wanted[name]]
    return found


def said(window: QWidget) -> Counter[Any]:
    """Every word and state that a window shows, each with the way to it; dialogs beside it are not of it.

    Panes that wait behind the others count as shown. Where a widget stands among its like plays no part.
    """
    found: Counter[Any] = Counter()

    def look(part: QWidget, way: str) -> None:
        for child in part.children():
            if not isinstance(child, QWidget) or child.isWindow() or isinstance(child, PaneView):
                continue
            if child.objectName().startswith("qt_scrollarea_"):  # there where a pane has too little room
                continue
            if not child.isHidden() or isinstance(child, ImagePane):
                here = f"{way}/{type(child).__name__}"
                found[here, child.isHidden(), child.isEnabled(), words_on(child), value_of(child)] += 1
                look(child, here)

    look(window, "")
    return found


def words_on(part: QWidget) -> tuple[str, ...]:
    if isinstance(part, ElidedLabel):
        return (part.whole,)
    words = part.text() if isinstance(part, QLabel | QAbstractButton) else ""
    return words, part.accessibleName(), part.accessibleDescription(), part.toolTip()


def value_of(part: QWidget) -> object:
    """What a control is set to; of a bar or button with a menu its lines."""
    menu = part.menu() if isinstance(part, QToolButton) else None
    if isinstance(part, QMenuBar) or menu is not None:
        return tuple(lines(menu or part))
    if isinstance(part, QAbstractButton):
        return part.isChecked()
    if isinstance(part, QComboBox):
        return part.currentText(), tuple(part.itemText(at) for at in range(part.count()))
    if isinstance(part, QSlider | QProgressBar):
        return (part.value(), part.maximum()) if part.isEnabled() else None
    return part.text() if isinstance(part, QAbstractSpinBox) and part.isEnabled() else None


def lines(menu: QWidget) -> Iterator[tuple[object, ...]]:
    """The actions of a menu and of the menus in it, with their keys and what can be done with them."""
    for action in menu.actions():
        keys = tuple(key.toString() for key in action.shortcuts())
        yield action.text(), action.isEnabled(), action.isChecked(), action.isVisible(), action.toolTip(), keys
        inner = action.menu()
        if isinstance(inner, QMenu):
            yield from lines(inner)


def drawn(pane: ImagePane) -> dict[str, object]:
    """What a pane draws, and the words over it."""
    view = pane.view
    found: dict[str, object] = {
        "image": picture(pane.image),
        # Words are as long as a pane is wide, and one that is not shown has no width yet.
        "texts": (*(text_of(pane, place) for place in Place if pane.isVisible()), pane.message, pane.state.text()),
        "described": view.accessibleDescription(),
        "region": pane.region.what,
        "cursor": view._cursor,
        "magnifier": view._magnifier.times,
        "wants": (view.takes_escape, view.takes_arrows, view.has_images, view.mouse),
    }
    if isinstance(pane, OriginalPane):
        swiped = picture(pane.swipe.image)
        found |= {"overlay": picture(pane.overlay), "swipe": swiped, "line": pane.swipe.divider.isHidden()}
        found["share"] = swiped and pane.swipe._share
    if isinstance(pane, MemoryPane):
        found["grid"] = (id(pane.grid.detection), pane.grid.selected, pane.grid.shown)
        found["entries"] = tuple((row.spoken, row.picture is None) for row in pane.list.entries.rows)
    if pane.isVisible():
        shown = [label.text() for label in view.findChildren(QLabel) if label.isVisible()]
        found["words"] = {words for words in shown if type(pane) is OriginalPane or "Zoom" not in words}
    return found


def text_of(pane: ImagePane, place: Place) -> list[str]:
    """The lines there; the zoom, which is that of a pane's size, of the original alone."""
    told = pane.isVisible() and type(pane) is OriginalPane  # the prior's is another
    return [line for line in pane.text(place).splitlines() if told or not line.startswith("Zoom")]


def picture(image: ViewportImage) -> object:
    """The colours that a fixed view of it shows, and their place; None where it shows nothing."""
    found = image.picture(SOME_PLACE, 1.0)
    return found and (hash(found.pixels.tobytes()), found.pixels.shape, found.place.getRect(), image.clipped is None)
