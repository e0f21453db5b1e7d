"""Every action of the program, its key and its place in the menus; the one list that help shows too."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QWidget

from app.domain.session import Session
from app.i18n.language import QT_TR_NOOP, tr
from app.ui.keys.settings_of import SETTING_OF
from app.ui.keys.spec import ActionSpec
from app.ui.keys.view_specs import LOOK_SPECS, PLACE_SPECS, WINDOW_SPECS
from app.ui.look.fixed import lock_fixed
from app.ui.look.theme import icon

RECENT = "File/" + QT_TR_NOOP("Open recent")  # a menu in a menu
STAY = "Study/" + QT_TR_NOOP("Judge and stay on the study")

SPECS = (
    ActionSpec("open_folder", QT_TR_NOOP("Open folder…"), ("Ctrl+O",), "File", "folder"),
    ActionSpec("open_files", QT_TR_NOOP("Open files…"), ("Ctrl+Alt+O",), "File", "files"),
    ActionSpec("query", QT_TR_NOOP("Query a PACS…"), ("Ctrl+Shift+O",), "File", "network"),
    ActionSpec("open_demo", QT_TR_NOOP("Open demonstration"), ("Ctrl+Shift+D",), "File", "play"),
    ActionSpec("forget_recent", QT_TR_NOOP("Forget all of these"), ("Ctrl+Shift+K",), RECENT, separated=True),
    ActionSpec("watch_folder", QT_TR_NOOP("Watch a folder…"), ("Ctrl+Shift+W",), "File", separated=True),
    ActionSpec("stop_watching", QT_TR_NOOP("Stop watching"), ("Ctrl+Shift+X",), "File"),
    ActionSpec("export", QT_TR_NOOP("Export…"), ("Ctrl+E",), "File", separated=True),
    ActionSpec("export_panes", QT_TR_NOOP("Export picture of the panes…"), ("Ctrl+Shift+E",), "File"),
    ActionSpec("print", QT_TR_NOOP("Print report page…"), ("Ctrl+P",), "File"),
    ActionSpec("print_panes", QT_TR_NOOP("Print picture of the panes…"), ("Ctrl+Shift+P",), "File"),
    ActionSpec("export_worklist", QT_TR_NOOP("Export worklist…"), ("Ctrl+Shift+L",), "File"),
    ActionSpec("copy_image", QT_TR_NOOP("Copy image and sentence"), ("Ctrl+C",), "File"),
    ActionSpec("send_results", QT_TR_NOOP("Send results…"), ("Ctrl+Alt+S",), "File", separated=True),
    ActionSpec("outbox", QT_TR_NOOP("Outbox…"), ("Ctrl+Alt+B",), "File"),
    ActionSpec("import_report", QT_TR_NOOP("Import report…"), ("Ctrl+Shift+I",), "File", separated=True),
    ActionSpec("header", QT_TR_NOOP("Header of the file…"), ("Ctrl+I",), "File"),
    ActionSpec("cancel", QT_TR_NOOP("Stop importing, scoring and exporting"), ("Ctrl+.",), "File"),
    ActionSpec("resume", QT_TR_NOOP("Resume scoring"), ("Ctrl+Shift+S",), "File"),
    ActionSpec("drift", QT_TR_NOOP("Drift watch…"), ("Ctrl+D",), "File", separated=True),
    ActionSpec("learn", QT_TR_NOOP("Learn this hospital…"), ("Ctrl+Shift+H",), "File"),
    ActionSpec("settings", QT_TR_NOOP("Settings…"), ("Ctrl+,",), "File", separated=True),
    ActionSpec("forget", QT_TR_NOOP("Forget everything…"), ("Ctrl+Alt+Shift+F",), "File"),
    ActionSpec("quit", QT_TR_NOOP("Quit"), ("Ctrl+Q",), "File", separated=True),
    *PLACE_SPECS,
    *WINDOW_SPECS,
    *LOOK_SPECS,
    ActionSpec("overlay", QT_TR_NOOP("Map over the original"), ("G",), "View", checkable=True, separated=True),
    ActionSpec("overlay_map", QT_TR_NOOP("Next map over the original"), ("Shift+G",), "View"),
    ActionSpec("pane_map", QT_TR_NOOP("Next map in the difference pane"), ("Ctrl+G",), "View"),
    ActionSpec("corner_text", QT_TR_NOOP("Corner text"), ("T",), "View", checkable=True),
    ActionSpec("graphics", QT_TR_NOOP("Graphics of the file"), ("V",), "View", checkable=True),
    ActionSpec("mask_names", QT_TR_NOOP("Mask names"), ("Ctrl+Shift+M",), "View", checkable=True),
    ActionSpec("settings_panel", QT_TR_NOOP("Settings panel"), ("F9",), "View", "panel", checkable=True),
    ActionSpec("full_screen", QT_TR_NOOP("Full screen"), ("F11",), "View", checkable=True),
    ActionSpec("menu_bar", QT_TR_NOOP("Menu bar"), ("F10",), "View", separated=True),
    ActionSpec("context_menu", QT_TR_NOOP("Menu of what has the focus"), ("Shift+F10", "Menu"), "View"),
    ActionSpec("escape", QT_TR_NOOP("Let go, leave, stop"), ("Esc",), "View"),
    ActionSpec("tool_window_level", QT_TR_NOOP("Window and level"), ("W",), "Measure", "window-level", checkable=True),
    ActionSpec("tool_length", QT_TR_NOOP("Length"), ("D",), "Measure", "length", checkable=True, separated=True),
    ActionSpec("tool_angle", QT_TR_NOOP("Angle"), ("A",), "Measure", "angle", checkable=True),
    ActionSpec("tool_ctr", QT_TR_NOOP("Cardiothoracic ratio"), ("C",), "Measure", "ctr", checkable=True),
    ActionSpec("tool_roi_ellipse", QT_TR_NOOP("Region, ellipse"), ("O",), "Measure", "ellipse", checkable=True),
    ActionSpec(
        "tool_roi_rectangle", QT_TR_NOOP("Region, rectangle"), ("Shift+O",), "Measure", "rectangle", checkable=True
    ),
    ActionSpec("tool_arrow", QT_TR_NOOP("Arrow"), ("P",), "Measure", "arrow", checkable=True),
    ActionSpec("tool_note", QT_TR_NOOP("Note"), ("L",), "Measure", "note", checkable=True),
    ActionSpec(
        "tool_calibrate", QT_TR_NOOP("Calibrate by a known length"), ("Q",), "Measure", "calibrate", checkable=True
    ),
    ActionSpec("undo", QT_TR_NOOP("Undo"), ("Ctrl+Z",), "Measure", "undo", separated=True),
    ActionSpec("redo", QT_TR_NOOP("Redo"), ("Ctrl+Y", "Ctrl+Shift+Z"), "Measure", "redo"),
    ActionSpec("next_mark", QT_TR_NOOP("Select next mark"), (".",), "Measure", separated=True),
    ActionSpec("previous_mark", QT_TR_NOOP("Select previous mark"), (",",), "Measure"),
    ActionSpec("edit_mark", QT_TR_NOOP("Change the words…"), ("F2",), "Measure"),
    ActionSpec("marks", QT_TR_NOOP("Show marks"), ("Shift+T",), "Measure", checkable=True, separated=True),
    ActionSpec("delete_mark", QT_TR_NOOP("Delete mark"), ("Del",), "Measure", "delete"),
    ActionSpec("delete_marks", QT_TR_NOOP("Delete all marks of the image"), ("Ctrl+Shift+Del",), "Measure"),
    ActionSpec("next_unread", QT_TR_NOOP("Next study that is not read"), ("Return", "Enter", "PgDown"), "Study"),
    ActionSpec("study_before", QT_TR_NOOP("Back to the study before"), ("Backspace", "PgUp"), "Study"),
    ActionSpec("filter_worklist", QT_TR_NOOP("Filter the worklist"), ("Ctrl+F", "/"), "Study"),
    ActionSpec("compact_rows", QT_TR_NOOP("One line a study"), ("Ctrl+Alt+L",), "Study", checkable=True),
    ActionSpec("next_study", QT_TR_NOOP("Next study"), ("Ctrl+Down",), "Study", separated=True),
    ActionSpec("previous_study", QT_TR_NOOP("Previous study"), ("Ctrl+Up",), "Study"),
    ActionSpec("next_image", QT_TR_NOOP("Next image"), ("Down",), "Study", separated=True),
    ActionSpec("previous_image", QT_TR_NOOP("Previous image"), ("Up",), "Study"),
    ActionSpec("next_prior", QT_TR_NOOP("Next prior beside this study"), ("B",), "Study", separated=True),
    ActionSpec("previous_prior", QT_TR_NOOP("Previous prior beside this study"), ("Shift+B",), "Study"),
    ActionSpec(
        "next_state", QT_TR_NOOP("Next presentation state, and as in the file"), ("K",), "Study", separated=True
    ),
    ActionSpec("previous_state", QT_TR_NOOP("Previous presentation state"), ("Shift+K",), "Study"),
    ActionSpec("accept", QT_TR_NOOP("Accept the finding"), ("Y",), "Study", "accept", checkable=True, separated=True),
    ActionSpec("reject", QT_TR_NOOP("Reject the finding"), ("N",), "Study", "reject", checkable=True),
    ActionSpec("normal", QT_TR_NOOP("The whole study is normal"), ("F",), "Study", "normal", checkable=True),
    ActionSpec("no_judgement", QT_TR_NOOP("No judgement"), ("U",), "Study"),
    ActionSpec("accept_stay", QT_TR_NOOP("Accept the finding"), ("Shift+Y",), STAY),
    ActionSpec("reject_stay", QT_TR_NOOP("Reject the finding"), ("Shift+N",), STAY),
    ActionSpec("normal_stay", QT_TR_NOOP("The whole study is normal"), ("Shift+F",), STAY),
    ActionSpec("mark_read", QT_TR_NOOP("Mark read without a judgement"), ("J",), "Study", checkable=True),
    ActionSpec("mark_unread", QT_TR_NOOP("Mark unread"), ("Shift+J",), "Study"),
    ActionSpec("analyse_anyway", QT_TR_NOOP("Analyse anyway"), ("Ctrl+Return",), "Study", "question", separated=True),
    ActionSpec("analyse_alike", QT_TR_NOOP("Analyse all with the same question"), ("Ctrl+Shift+Return",), "Study"),
    ActionSpec("score", QT_TR_NOOP("The score in words and picture…"), ("S",), "Study", "info"),
    ActionSpec(
        "tool_replace_ellipse",
        QT_TR_NOOP("Replace by normal, ellipse"),
        ("R",),
        "Study",
        "replace-ellipse",
        checkable=True,
        separated=True,
    ),
    ActionSpec(
        "tool_replace_rectangle",
        QT_TR_NOOP("Replace by normal, rectangle"),
        ("Shift+R",),
        "Study",
        "replace-rectangle",
        checkable=True,
    ),
    ActionSpec("shuffle", QT_TR_NOOP("Shuffle memory"), ("M",), "Study", checkable=True),
    ActionSpec("locked_settings", QT_TR_NOOP("Back to locked settings"), ("Ctrl+L",), "Study", "reset"),
    ActionSpec("remove", QT_TR_NOOP("Remove from worklist"), ("Alt+Del",), "Study", separated=True),
    ActionSpec("guide", QT_TR_NOOP("Guide…"), ("Ctrl+Shift+F1",), "Help"),
    ActionSpec("tour", QT_TR_NOOP("Tour in five steps"), ("Ctrl+F1",), "Help"),
    ActionSpec("how_it_works", QT_TR_NOOP("How SQUID works…"), ("Shift+F1",), "Help"),
    ActionSpec("shortcuts", QT_TR_NOOP("Keys and mouse…"), ("F1", "?"), "Help"),
    ActionSpec("notices", QT_TR_NOOP("Notices…"), ("Ctrl+Shift+N",), "Help"),
    ActionSpec("about", QT_TR_NOOP("About and research use…"), ("Ctrl+Shift+A",), "Help", separated=True),
)
MENUS = (QT_TR_NOOP("File"), QT_TR_NOOP("View"), QT_TR_NOOP("Measure"), QT_TR_NOOP("Study"), QT_TR_NOOP("Help"))


def on_triggered(actions: Mapping[str, QAction], does: Mapping[str, Callable[[], object]]) -> None:
    """Have each of these actions call its function, without Qt's "checked"."""
    for name, function in does.items():
        actions[name].triggered.connect(lambda _=False, function=function: function())


def build_actions(owner: QWidget, session: Session) -> dict[str, QAction]:
    """QActions by name, working in the whole window of `owner`; `bindings.apply_keys` gives them their keys.

    Those that change what the administrator has set, as the session says, are locked.
    """
    made = {}
    for spec in SPECS:
        picture = icon(spec.icon) if spec.icon else QIcon()
        action = QAction(picture, tr(spec.text), owner)
        action.setObjectName(spec.name)
        action.setCheckable(spec.checkable)
        action.setAutoRepeat(not spec.checkable)  # a key that is held would switch it on and off and on
        owner.addAction(action)
        made[spec.name] = action
    for name, setting in SETTING_OF.items():
        lock_fixed(session, {setting: made[name]})
    return made
