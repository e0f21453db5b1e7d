"""What the mouse does, in words: the part that the user chooses, and what always holds."""

from __future__ import annotations

from app.domain.settings import DragDeed, MouseSettings, WheelDeed
from app.i18n.language import QT_TR_NOOP

Rows = tuple[tuple[str, str], ...]  # gesture and what it does, marked words

DRAGS = {
    DragDeed.WINDOW: QT_TR_NOOP(
        "Window and level; finely with Ctrl, or with Shift once the drag has begun; pan where there is no window"
    ),
    DragDeed.PAN: QT_TR_NOOP("Pan all panes"),
    DragDeed.ZOOM: QT_TR_NOOP("Zoom all panes"),
    DragDeed.IMAGE: QT_TR_NOOP("Next and previous image of the study; zoom where there is only one"),
}
WHEELS = {WheelDeed.IMAGE: DRAGS[DragDeed.IMAGE], WheelDeed.ZOOM: QT_TR_NOOP("Zoom all panes to the cursor")}
ALWAYS: Rows = (
    (QT_TR_NOOP("Shift + left drag"), DRAGS[DragDeed.PAN]),
    (QT_TR_NOOP("Ctrl + wheel"), WHEELS[WheelDeed.ZOOM]),
    (QT_TR_NOOP("Right click on an image"), QT_TR_NOOP("What can be done with it, in a menu")),
    (QT_TR_NOOP("Double click"), QT_TR_NOOP("One pane alone, and back")),
    (QT_TR_NOOP("Drag on the line of a swipe"), QT_TR_NOOP("Move it; arrow keys do it once it has the focus")),
    (
        QT_TR_NOOP("Point and click in the memory pane"),
        QT_TR_NOOP("Show the memory entries of a patch; a click keeps it, a second one lets go"),
    ),
    (
        QT_TR_NOOP("Arrow keys in the memory pane"),
        QT_TR_NOOP("Walk over the patches; Enter goes to their entries; Esc lets go"),
    ),
    (QT_TR_NOOP("Click, Del or Enter on an entry"), QT_TR_NOOP("Try without it, and put it back")),
    (
        QT_TR_NOOP("Click or drag with a tool"),
        QT_TR_NOOP("Draw; a drag on a handle or line changes a mark; with Ctrl in steps of 45°"),
    ),
    (QT_TR_NOOP("Double click on words"), QT_TR_NOOP("Change the words of a note or arrow")),
    (QT_TR_NOOP("Arrow keys with a tool"), QT_TR_NOOP("Move the crosshair, with Shift by ten; Enter places a point")),
    (QT_TR_NOOP("Arrow keys on a selected mark"), QT_TR_NOOP("Move it; Enter takes its next handle")),
    (
        QT_TR_NOOP("Esc, one step at a time"),
        QT_TR_NOOP(
            "Ends the peek; drops the drawing, the tool, the patch; leaves swipe, magnifier, one pane, reading mode, "
            "full screen; then stops scoring"
        ),
    ),
)


def mouse_rows(mouse: MouseSettings) -> Rows:
    """Every gesture, as the user has chosen it."""
    return (
        (QT_TR_NOOP("Left drag"), DRAGS[mouse.left]),
        (QT_TR_NOOP("Middle drag"), DRAGS[mouse.middle]),
        (QT_TR_NOOP("Right drag"), DRAGS[mouse.right]),
        (QT_TR_NOOP("Wheel"), WHEELS[mouse.wheel]),
        *ALWAYS,
    )
