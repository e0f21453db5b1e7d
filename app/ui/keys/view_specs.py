"""The actions that change only what is seen: place and size, greys, panes. Their keys and places in the menus."""

from __future__ import annotations

from app.domain.greys.window_presets import PRESETS
from app.domain.settings import PaneName
from app.i18n.language import QT_TR_NOOP
from app.ui.keys.spec import ActionSpec

# Submenus; a menu's name is its path, translated part by part.
TURN = "View/" + QT_TR_NOOP("Turn and mirror")
MOVE = "View/" + QT_TR_NOOP("Pan and crosshair")
WINDOW_PRESETS = "View/" + QT_TR_NOOP("Window presets")
GREYS = "View/" + QT_TR_NOOP("Window, gamma, contrast")
LAYOUT = "View/" + QT_TR_NOOP("Layout")
COMPARE = "View/" + QT_TR_NOOP("Compare")
MAGNIFIER = "View/" + QT_TR_NOOP("Magnifier")

PLACE_SPECS = (
    ActionSpec("fit", QT_TR_NOOP("Fit to pane"), ("=",), "View", "fit"),
    ActionSpec("actual_size", QT_TR_NOOP("Actual size, 1:1"), ("Ctrl+1",), "View"),
    ActionSpec("zoom_in", QT_TR_NOOP("Zoom in"), ("+", "Ctrl++"), "View"),
    ActionSpec("zoom_out", QT_TR_NOOP("Zoom out"), ("-", "Ctrl+-"), "View"),
    ActionSpec("reset", QT_TR_NOOP("Reset view and greys"), ("Ctrl+R",), "View", "reset"),
    ActionSpec("turn_left", QT_TR_NOOP("Turn left"), ("Alt+L",), TURN),
    ActionSpec("turn_right", QT_TR_NOOP("Turn right"), ("Alt+R",), TURN),
    ActionSpec("flip", QT_TR_NOOP("Mirror, left to right"), ("H",), TURN),
    ActionSpec("upend", QT_TR_NOOP("Mirror, top to bottom"), ("Shift+H",), TURN),
    ActionSpec("upright", QT_TR_NOOP("As in the file"), ("Ctrl+H",), TURN, separated=True),
    ActionSpec("pan_left", QT_TR_NOOP("Pan left"), ("Shift+Left",), MOVE),
    ActionSpec("pan_right", QT_TR_NOOP("Pan right"), ("Shift+Right",), MOVE),
    ActionSpec("pan_up", QT_TR_NOOP("Pan up"), ("Shift+Up",), MOVE),
    ActionSpec("pan_down", QT_TR_NOOP("Pan down"), ("Shift+Down",), MOVE),
    ActionSpec("cursor_left", QT_TR_NOOP("Crosshair left"), ("Ctrl+Shift+Left",), MOVE, separated=True),
    ActionSpec("cursor_right", QT_TR_NOOP("Crosshair right"), ("Ctrl+Shift+Right",), MOVE),
    ActionSpec("cursor_up", QT_TR_NOOP("Crosshair up"), ("Ctrl+Shift+Up",), MOVE),
    ActionSpec("cursor_down", QT_TR_NOOP("Crosshair down"), ("Ctrl+Shift+Down",), MOVE),
)
WINDOW_SPECS = (
    ActionSpec("invert", QT_TR_NOOP("Invert greys"), ("I",), "View", "invert", checkable=True, separated=True),
    *(ActionSpec(f"preset_{preset.key}", preset.name, (str(preset.key),), WINDOW_PRESETS) for preset in PRESETS),
    ActionSpec("preset_7", QT_TR_NOOP("Own window 7"), ("7",), WINDOW_PRESETS, separated=True),
    ActionSpec("preset_8", QT_TR_NOOP("Own window 8"), ("8",), WINDOW_PRESETS),
    ActionSpec("preset_9", QT_TR_NOOP("Own window 9"), ("9",), WINDOW_PRESETS),
    ActionSpec("own_windows", QT_TR_NOOP("Own windows…"), ("Ctrl+7",), WINDOW_PRESETS),
    ActionSpec("window_narrower", QT_TR_NOOP("More contrast, narrower window"), ("Alt+Left",), GREYS),
    ActionSpec("window_wider", QT_TR_NOOP("Less contrast, wider window"), ("Alt+Right",), GREYS),
    ActionSpec("level_lower", QT_TR_NOOP("Brighter, lower level"), ("Alt+Up",), GREYS),
    ActionSpec("level_higher", QT_TR_NOOP("Darker, higher level"), ("Alt+Down",), GREYS),
    ActionSpec("gamma_up", QT_TR_NOOP("Gamma up"), ("]",), GREYS, separated=True),
    ActionSpec("gamma_down", QT_TR_NOOP("Gamma down"), ("[",), GREYS),
    ActionSpec("clahe", QT_TR_NOOP("Even contrast (CLAHE)"), ("E",), GREYS, checkable=True),
)
LOOK_SPECS = (
    ActionSpec("layout_1x1", QT_TR_NOOP("One pane"), ("Ctrl+Shift+1",), LAYOUT, checkable=True),
    ActionSpec("layout_1x2", QT_TR_NOOP("Two panes"), ("Ctrl+Shift+2",), LAYOUT, checkable=True),
    ActionSpec("layout_1+3", QT_TR_NOOP("One large, three small"), ("Ctrl+Shift+3",), LAYOUT, checkable=True),
    ActionSpec("layout_2x2", QT_TR_NOOP("Four panes"), ("Ctrl+Shift+4",), LAYOUT, checkable=True),
    ActionSpec("hanging_reset", QT_TR_NOOP("As shipped for studies like this"), ("Ctrl+Shift+0",), LAYOUT),
    ActionSpec("maximise", QT_TR_NOOP("One pane alone, and back"), ("Ctrl+M",), LAYOUT, checkable=True),
    ActionSpec("reading_mode", QT_TR_NOOP("Reading mode: images and score alone"), ("Tab",), LAYOUT, checkable=True),
    ActionSpec("pull_out", QT_TR_NOOP("Pane into a window of its own, and back"), ("Ctrl+Alt+P",), LAYOUT),
    ActionSpec("pull_out_list", QT_TR_NOOP("Worklist into a window of its own, and back"), ("Ctrl+Alt+W",), LAYOUT),
    ActionSpec("pane_original", QT_TR_NOOP("Go to the original"), ("Alt+1",), LAYOUT, separated=True),
    ActionSpec("pane_reconstruction", QT_TR_NOOP("Go to the reconstruction"), ("Alt+2",), LAYOUT),
    ActionSpec("pane_difference", QT_TR_NOOP("Go to the difference"), ("Alt+3",), LAYOUT),
    ActionSpec("pane_memory", QT_TR_NOOP("Go to the memory"), ("Alt+4",), LAYOUT),
    ActionSpec("next_pane", QT_TR_NOOP("Next pane"), ("F6",), LAYOUT, separated=True),
    ActionSpec("previous_pane", QT_TR_NOOP("Previous pane"), ("Shift+F6",), LAYOUT),
    ActionSpec(
        "flicker", QT_TR_NOOP("Flicker: reconstruction in the original's place"), ("Space",), COMPARE, checkable=True
    ),
    ActionSpec(
        "swipe", QT_TR_NOOP("Swipe: a line between original and reconstruction"), ("X",), COMPARE, checkable=True
    ),
    ActionSpec("swipe_left", QT_TR_NOOP("Move the line left"), ("Alt+,",), COMPARE),
    ActionSpec("swipe_right", QT_TR_NOOP("Move the line right"), ("Alt+.",), COMPARE),
    ActionSpec("magnifier", QT_TR_NOOP("Magnifier at the cursor"), ("Z",), MAGNIFIER, checkable=True),
    *(
        ActionSpec(
            f"magnifier_{times}", f"×{times}", (f"Ctrl+Alt+{times}",), MAGNIFIER, checkable=True, separated=times == 2
        )
        for times in (2, 3, 4)
    ),
)
PANE_ACTIONS = {f"pane_{name.value}": name for name in PaneName}
