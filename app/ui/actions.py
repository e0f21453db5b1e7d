"""Every action of the program, its key and its place in the menus; the one list that help shows too."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QAction, QIcon, QKeySequence
from PySide6.QtWidgets import QWidget

from app.ui.theme import icon
from app.ui.window_presets import PRESETS


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One action.

    Attributes:
        name: what the program calls it.
        keys: the first is shown in the menu.
        menu: "File", "View", "Measure", "Study" or "Help"; a `/` opens a submenu.
        separated: a line above it in the menu.
    """

    name: str
    text: str
    keys: tuple[str, ...] = ()
    menu: str = ""
    icon: str = ""
    checkable: bool = False
    separated: bool = False


PRESET_MENU = "View/Window presets"
SPECS = (
    ActionSpec("open_folder", "Open folder…", ("Ctrl+O",), "File", "folder"),
    ActionSpec("open_files", "Open files…", ("Ctrl+Shift+O",), "File", "files"),
    ActionSpec("open_demo", "Open demonstration", (), "File", "play"),
    ActionSpec("import_report", "Import report…", (), "File", separated=True),
    ActionSpec("cancel", "Cancel drawing, tool, import or scoring", ("Esc",), "File"),
    ActionSpec("resume", "Resume scoring", (), "File"),
    ActionSpec("quit", "Quit", ("Ctrl+Q",), "File", separated=True),
    ActionSpec("fit", "Fit to pane", ("=",), "View", "fit"),
    ActionSpec("actual_size", "Actual size, 1:1", ("Ctrl+1",), "View"),
    ActionSpec("zoom_in", "Zoom in", ("+", "Ctrl++"), "View"),
    ActionSpec("zoom_out", "Zoom out", ("-", "Ctrl+-"), "View"),
    ActionSpec("reset", "Reset view and window", ("Ctrl+R",), "View", "reset"),
    ActionSpec("invert", "Invert greys", ("I",), "View", "invert", checkable=True, separated=True),
    *(ActionSpec(f"preset_{preset.key}", preset.name, (str(preset.key),), PRESET_MENU) for preset in PRESETS),
    ActionSpec("overlay", "Difference over the original", ("G",), "View", checkable=True, separated=True),
    ActionSpec("corner_text", "Corner text", ("T",), "View", checkable=True),
    ActionSpec("settings_panel", "Settings panel", ("F9",), "View", "panel", checkable=True),
    ActionSpec("full_screen", "Full screen", ("F11",), "View", checkable=True),
    ActionSpec("tool_window_level", "Window and level", ("W",), "Measure", "window-level", checkable=True),
    ActionSpec("tool_length", "Length", ("D",), "Measure", "length", checkable=True, separated=True),
    ActionSpec("tool_angle", "Angle", ("A",), "Measure", "angle", checkable=True),
    ActionSpec("tool_ctr", "Cardiothoracic ratio", ("C",), "Measure", "ctr", checkable=True),
    ActionSpec("tool_roi_ellipse", "Region, ellipse", ("O",), "Measure", "ellipse", checkable=True),
    ActionSpec("tool_roi_rectangle", "Region, rectangle", ("Shift+O",), "Measure", "rectangle", checkable=True),
    ActionSpec("tool_arrow", "Arrow", ("P",), "Measure", "arrow", checkable=True),
    ActionSpec("tool_note", "Note", ("L",), "Measure", "note", checkable=True),
    ActionSpec("undo", "Undo", ("Ctrl+Z",), "Measure", "undo", separated=True),
    ActionSpec("redo", "Redo", ("Ctrl+Y", "Ctrl+Shift+Z"), "Measure", "redo"),
    ActionSpec("next_mark", "Select next mark", (".",), "Measure", separated=True),
    ActionSpec("previous_mark", "Select previous mark", (",",), "Measure"),
    ActionSpec("edit_mark", "Change the words…", ("F2",), "Measure"),
    ActionSpec("marks", "Show marks", ("Shift+T",), "Measure", checkable=True, separated=True),
    ActionSpec("delete_mark", "Delete mark", ("Del", "Backspace"), "Measure", "delete"),
    ActionSpec("delete_marks", "Delete all marks of the image", (), "Measure"),
    ActionSpec("next_study", "Next study", ("Ctrl+Down",), "Study"),
    ActionSpec("previous_study", "Previous study", ("Ctrl+Up",), "Study"),
    ActionSpec("next_image", "Next image", ("PgDown",), "Study", separated=True),
    ActionSpec("previous_image", "Previous image", ("PgUp",), "Study"),
    ActionSpec("locked_settings", "Back to locked settings", (), "Study", separated=True),
    ActionSpec("remove", "Remove from worklist", (), "Study", separated=True),
    ActionSpec("shortcuts", "Keys and mouse…", ("F1", "?"), "Help"),
    ActionSpec("notices", "Notices…", (), "Help"),
    ActionSpec("about", "About and research use…", (), "Help", separated=True),
)
MENUS = ("File", "View", "Measure", "Study", "Help")

MOUSE_ROWS = (
    ("Left drag on the original", "Window and level; with Ctrl finely"),
    ("Middle drag, Shift + left drag", "Pan all panes; a left drag does it on the other panes"),
    ("Right drag, wheel", "Zoom all panes; the wheel zooms to the cursor"),
    ("Double click", "One pane alone, and back"),
    ("Click in the memory pane", "Show the memory entries of a patch"),
    ("Arrow keys in the memory pane", "Walk over the patches; Esc lets go"),
    ("Up, Down in the other panes", "Previous and next image of the study"),
    ("Click or drag with a tool", "Draw; a drag on a handle or line changes a mark; with Ctrl in steps of 45°"),
    ("Double click on words", "Change the words of a note or arrow"),
    ("Arrow keys with a tool", "Move the crosshair, with Shift by ten; Enter places a point"),
    ("Arrow keys on a selected mark", "Move it; Enter takes its next handle"),
    ("Space in a pane", "Flicker: reconstruction in the original's place, and back"),
)


def build_actions(owner: QWidget) -> dict[str, QAction]:
    """QActions by name, with their keys working in the whole window of `owner`."""
    made = {}
    for spec in SPECS:
        picture = icon(spec.icon) if spec.icon else QIcon()
        action = QAction(picture, spec.text, owner)
        action.setObjectName(spec.name)
        action.setShortcuts([QKeySequence(key) for key in spec.keys])
        action.setCheckable(spec.checkable)
        owner.addAction(action)
        made[spec.name] = action
    return made


def help_rows() -> tuple[tuple[str, str], ...]:
    """Key or mouse, and what it does; for the help."""
    keys = tuple((" or ".join(spec.keys), spec.text.rstrip("…")) for spec in SPECS if spec.keys)
    return MOUSE_ROWS + keys
