"""The actions on where images come from, on other studies of the patient, and on help inside the program."""

from __future__ import annotations

from app.i18n.language import QT_TR_NOOP
from app.ui.keys.spec import ActionSpec

RECENT = "File/" + QT_TR_NOOP("Open recent")

FILE_SPECS = (
    ActionSpec("forget_recent", QT_TR_NOOP("Forget all of these"), (), RECENT, separated=True),
    ActionSpec("watch_folder", QT_TR_NOOP("Watch a folder…"), (), "File", separated=True),
    ActionSpec("stop_watching", QT_TR_NOOP("Stop watching"), (), "File"),
)
STUDY_SPECS = (
    ActionSpec("next_prior", QT_TR_NOOP("Next prior beside this study"), ("B",), "Study", separated=True),
    ActionSpec("previous_prior", QT_TR_NOOP("Previous prior beside this study"), ("Shift+B",), "Study"),
)
HELP_SPECS = (
    ActionSpec("tour", QT_TR_NOOP("Tour in five steps"), (), "Help"),
    ActionSpec("how_it_works", QT_TR_NOOP("How SQUID works…"), (), "Help"),
)
