"""Every setting that lasts, declared once: the settings dialog and its search are built from this list.

To add a setting: a field in `app/domain/settings.py` (its default and its bounds are taken from there), one `Setting`
here, and, where the session or a service must follow it, one line in `Preferences._use` beside this file.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.retention import Kept
from app.domain.settings import UNLESS_HIDING, DragDeed, Language, Layout, WheelDeed
from app.i18n.language import QT_TR_NOOP, tr
from app.ui.panes.evidence_map import MAP_WORDS
from app.ui.side_panel.detector import AUTO_WEIGHTS, DEVICE_WORDS
from app.ui.side_panel.display import COLOUR_MAP_TIP, COLOUR_MAP_WORDS, OVERLAY_MAP_TIP, PANE_MAP_TIP
from app.ui.side_panel.greys import CLAHE_TIP, CLAHE_WORDS
from squid_core.contracts.charset import Charset

Choices = tuple[tuple[str, str], ...]  # value and marked words


@dataclass(frozen=True, slots=True)
class Toggle:
    """On or off."""


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of some values. What is known only at run time, such as installed weights, is added behind `choices`."""

    choices: Choices


@dataclass(frozen=True, slots=True)
class Number:
    """A number within the bounds of the model.

    Attributes:
        unit: behind the number, marked words. factor: shown value of 1.0, such as 100 for per cent.
    """

    step: float
    decimals: int = 2
    unit: str = ""
    factor: float = 1.0


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the program keeps by itself; the user can have it forgotten."""


@dataclass(frozen=True, slots=True)
class Hung:
    """A hanging rule: its layout, or none where it is not used; `last` is always used."""

    last: bool = False


SettingKind = Toggle | OneOf | Number | Remembered | Hung


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting.

    Attributes:
        name: of the field in Settings, with a dot within a group. title, tip: English, translated when shown.
    """

    name: str
    title: str
    tip: str
    kind: SettingKind


@dataclass(frozen=True, slots=True)
class SettingsGroup:
    """Settings under one heading. note: plain words below it."""

    title: str
    settings: tuple[Setting, ...]
    note: str = ""


SYSTEM_WORDS = QT_TR_NOOP("As the system")
LANGUAGE_WORDS: Choices = (
    (Language.SYSTEM.value, SYSTEM_WORDS),
    (Language.ENGLISH.value, "English"),  # a language is called by its own name, whatever is spoken
    (Language.CHINESE.value, "繁體中文"),
)
THEME_WORDS: Choices = (("dark", QT_TR_NOOP("Dark")), ("light", QT_TR_NOOP("Light")), ("system", SYSTEM_WORDS))
CHARSET_WORDS: Choices = (
    (Charset.AUTOMATIC.value, QT_TR_NOOP("Automatic")),
    (Charset.GBK.value, QT_TR_NOOP("Chinese (GBK)")),
    (Charset.BIG5.value, QT_TR_NOOP("Chinese (Big5)")),
    (Charset.SHIFT_JIS.value, QT_TR_NOOP("Japanese (Shift-JIS)")),
    (Charset.EUC_KR.value, QT_TR_NOOP("Korean (EUC-KR)")),
    (Charset.CYRILLIC.value, QT_TR_NOOP("Cyrillic (Windows)")),
    (Charset.WESTERN.value, QT_TR_NOOP("Western European")),
)
LAYOUT_WORDS: Choices = (
    (Layout.ONE.value, QT_TR_NOOP("One pane")),
    (Layout.TWO.value, QT_TR_NOOP("Two panes")),
    (Layout.MAIN.value, QT_TR_NOOP("One large, three small")),
    (Layout.FOUR.value, QT_TR_NOOP("Four panes")),
)
STARTING_WORDS: Choices = (
    (UNLESS_HIDING, QT_TR_NOOP("File's, if lungs show")),
    ("0", QT_TR_NOOP("Automatic")),
    ("1", QT_TR_NOOP("As in the file")),
    ("2", QT_TR_NOOP("Lung")),
    ("3", QT_TR_NOOP("Mediastinum")),
    ("4", QT_TR_NOOP("Bone")),
    ("5", QT_TR_NOOP("Soft tissue")),
    ("6", QT_TR_NOOP("Full range")),
    ("7", QT_TR_NOOP("Own window 7")),
    ("8", QT_TR_NOOP("Own window 8")),
    ("9", QT_TR_NOOP("Own window 9")),
)
STARTING_TIP = QT_TR_NOOP(
    "Under which greys an image is first shown: as in the file, automatic where that hides the lungs, or another. "
    "The detector never sees a window."
)
DRAG_WORDS: Choices = (
    (DragDeed.WINDOW.value, QT_TR_NOOP("Window and level")),
    (DragDeed.PAN.value, QT_TR_NOOP("Pan")),
    (DragDeed.ZOOM.value, QT_TR_NOOP("Zoom")),
    (DragDeed.IMAGE.value, QT_TR_NOOP("Next image")),
)
WHEEL_WORDS: Choices = (
    (WheelDeed.IMAGE.value, QT_TR_NOOP("Next image")),
    (WheelDeed.ZOOM.value, QT_TR_NOOP("Zoom")),
)
DRAG_TIP = QT_TR_NOOP("On an image, while no tool is in hand. With Shift the left button always pans.")
READERS_TIP = QT_TR_NOOP(
    "By the queue; 0 is one for each core but one. One more reader is always kept for what you open yourself."
)
SHIPPED_WEIGHTS = ("", QT_TR_NOOP("Shipped"))
LEARNED_TIP = QT_TR_NOOP(
    "Which weights read new studies: those that ship, or those that learned your hospital's normals (File menu)."
)
KEYS_NOTE = QT_TR_NOOP("Every key is listed under Help, Keys and mouse (F1), and can be changed there.")
KEPT_WORDS: Choices = (
    (Kept.MONTH.value, QT_TR_NOOP("30 days")),
    (Kept.YEAR.value, QT_TR_NOOP("A year")),
    (Kept.FOR_EVER.value, QT_TR_NOOP("For ever")),
)
STUDIES_KEPT_WORDS: Choices = (
    ("0", QT_TR_NOOP("For ever")),
    ("30", QT_TR_NOOP("30 days")),
    ("90", QT_TR_NOOP("90 days")),
    ("365", QT_TR_NOOP("A year")),
)
STUDIES_KEPT_TIP = QT_TR_NOOP(
    "Counted from when a study came to the worklist. Then it goes, with its results, marks and judgements, and with "
    "what came of it over the network; not while it is open, nor before its results are sent."
)
STORE_NOTE = QT_TR_NOOP(
    "As long as a study is kept, so are its results, your marks and your judgements. The audit trail always stays. "
    "Files in your own folders are never removed."
)
NOT_USED = ("", QT_TR_NOOP("Not used"))
HANGING_NOTE = QT_TR_NOOP(
    "The first rule that fits a study and the screen decides how it is opened. Layout, panes and sizes that you change "
    "while a study is open are kept for its rule; the arrow goes back to the shipped."
)
CHARSET_NOTE = QT_TR_NOOP(
    "Most files say in which characters names are written, and UTF-8 is recognised where they do not. "
    "Where names cannot be read, a pseudonym and the patient's ID are shown until you choose a character set here."
)
CHARSET_TIP = QT_TR_NOOP(
    "Of names and text whose file states no fitting character set. Names in the worklist are read again."
)
PRIVACY_NOTE = QT_TR_NOOP(
    "The program connects to nothing but the systems that you have listed under Network. Worklist, results and "
    "settings stay in its own folder on this computer; logs hold no patient identifier."
)

GROUPS: tuple[SettingsGroup, ...] = (
    SettingsGroup(
        QT_TR_NOOP("Language and look"),
        (
            Setting("language", QT_TR_NOOP("Language"), QT_TR_NOOP("Of the window; changes at once."),
                    OneOf(LANGUAGE_WORDS)),
            Setting("theme", QT_TR_NOOP("Theme"), QT_TR_NOOP("Of the window; images lie on black in all of them."),
                    OneOf(THEME_WORDS)),
        ),
    ),
    SettingsGroup(
        QT_TR_NOOP("Display"),
        (
            Setting("display.pane_map", QT_TR_NOOP("Map in the difference pane"), PANE_MAP_TIP, OneOf(MAP_WORDS)),
            Setting("display.difference_threshold", QT_TR_NOOP("Threshold of the difference"),
                    QT_TR_NOOP("Differences smaller than this are drawn as none."), Number(0.01)),
            Setting("display.smoothing", QT_TR_NOOP("Smoothing of the difference"),
                    QT_TR_NOOP("Width of the blur over the difference, in model pixels."),
                    Number(0.25, unit=QT_TR_NOOP("px"))),
            Setting("display.colour_map", QT_TR_NOOP("Colours of the difference"),
                    COLOUR_MAP_TIP, OneOf(COLOUR_MAP_WORDS)),
            Setting("display.overlay", QT_TR_NOOP("Map over the original"),
                    QT_TR_NOOP("Draw a map over the original"), Toggle()),
            Setting("display.overlay_map", QT_TR_NOOP("Which map over the original"), OVERLAY_MAP_TIP,
                    OneOf(MAP_WORDS)),
            Setting("display.overlay_opacity", QT_TR_NOOP("Opacity of the overlay"),
                    QT_TR_NOOP("Of the map over the original."), Number(5, 0, QT_TR_NOOP("%"), factor=100)),
            Setting("display.patch_grid", QT_TR_NOOP("Patch grid"), QT_TR_NOOP("Draw the patches in the memory pane"),
                    Toggle()),
            Setting("display.corner_text", QT_TR_NOOP("Corner text"),
                    QT_TR_NOOP("Write window, zoom and scale into the corners"), Toggle()),
            Setting("display.graphics", QT_TR_NOOP("Graphics of the file"),
                    QT_TR_NOOP("Draw a file's overlays, and hide what its shutter hides"), Toggle()),
            Setting("display.marks", QT_TR_NOOP("Show marks"),
                    QT_TR_NOOP("Draw the measurements and notes of an image"), Toggle()),
            Setting("display.starting_window", QT_TR_NOOP("Starting window"),
                    STARTING_TIP, OneOf(STARTING_WORDS)),
            Setting("display.own_windows", QT_TR_NOOP("Own windows"),
                    QT_TR_NOOP("Saved behind the keys 7, 8 and 9: View, Window presets, Own windows."), Remembered()),
            Setting("display.gamma", QT_TR_NOOP("Gamma of original and reconstruction"),
                    QT_TR_NOOP("Above 1 brightens the middle greys, below 1 darkens them."), Number(0.05)),
            Setting("display.clahe", CLAHE_WORDS, CLAHE_TIP, Toggle()),
            Setting("display.clahe_limit", QT_TR_NOOP("Strength of the even contrast"),
                    QT_TR_NOOP("How far the contrast may rise."), Number(0.5, 1)),
            Setting("display.magnifier", QT_TR_NOOP("Magnifier"),
                    QT_TR_NOOP("The magnifier follows the cursor."), Toggle()),
            Setting("display.magnifier_times", QT_TR_NOOP("Magnification of the magnifier"),
                    QT_TR_NOOP("How much the magnifier enlarges what is under the cursor."), Number(1, 0)),
            Setting("display.layout", QT_TR_NOOP("Layout"), QT_TR_NOOP("How many panes are on the screen."),
                    OneOf(LAYOUT_WORDS)),
        ),
    ),
    SettingsGroup(
        QT_TR_NOOP("Hanging rules"),
        (
            Setting("hanging.no_score", QT_TR_NOOP("No score"),
                    QT_TR_NOOP("Nothing of the study was analysed, or will be."), Hung()),
            Setting("hanging.prior", QT_TR_NOOP("Current and prior"),
                    QT_TR_NOOP("The patient's study before this one stands beside it, of the same name."), Hung()),
            Setting("hanging.lateral", QT_TR_NOOP("Frontal and lateral"),
                    QT_TR_NOOP("The lateral view stands beside the frontal one; it has no score."), Hung()),
            Setting("hanging.portrait", QT_TR_NOOP("Portrait screen"),
                    QT_TR_NOOP("The window is higher than wide; what stands side by side elsewhere is stacked."),
                    Hung()),
            Setting("hanging.frontal", QT_TR_NOOP("Every other study"),
                    QT_TR_NOOP("A frontal image alone, on a landscape screen."), Hung(last=True)),
        ),
        HANGING_NOTE,
    ),
    SettingsGroup(
        QT_TR_NOOP("Files"),
        (
            Setting("charset", QT_TR_NOOP("Default character set"), CHARSET_TIP, OneOf(CHARSET_WORDS)),
        ),
        CHARSET_NOTE,
    ),
    SettingsGroup(
        QT_TR_NOOP("Detector"),
        (
            Setting("device", QT_TR_NOOP("Device"), QT_TR_NOOP("Where the detector computes."), OneOf(DEVICE_WORDS)),
            Setting("readers", QT_TR_NOOP("Files read at once"),
                    READERS_TIP, Number(1, 0)),
            Setting("weights", QT_TR_NOOP("Weights"),
                    QT_TR_NOOP("Which trained detector scores; by age picks for you."), OneOf((AUTO_WEIGHTS,))),
            Setting("adult_weights", QT_TR_NOOP("Adults, by age"), LEARNED_TIP, OneOf((SHIPPED_WEIGHTS,))),
            Setting("paediatric_weights", QT_TR_NOOP("Children, by age"), LEARNED_TIP, OneOf((SHIPPED_WEIGHTS,))),
        ),
    ),
    SettingsGroup(
        QT_TR_NOOP("Keys and mouse"),
        (
            Setting("mouse.left", QT_TR_NOOP("Left drag"), DRAG_TIP, OneOf(DRAG_WORDS)),
            Setting("mouse.middle", QT_TR_NOOP("Middle drag"), DRAG_TIP, OneOf(DRAG_WORDS)),
            Setting("mouse.right", QT_TR_NOOP("Right drag"), DRAG_TIP, OneOf(DRAG_WORDS)),
            Setting("mouse.wheel", QT_TR_NOOP("Wheel"),
                    QT_TR_NOOP("On an image. With Ctrl, and where a study has one image only, it zooms."),
                    OneOf(WHEEL_WORDS)),
            Setting("mouse.window_speed", QT_TR_NOOP("Speed of window and level"),
                    QT_TR_NOOP("How far a drag changes the greys."), Number(25, 0, QT_TR_NOOP("%"), factor=100)),
            Setting("mouse.zoom_speed", QT_TR_NOOP("Speed of the zoom"),
                    QT_TR_NOOP("How far a drag or the wheel zooms."), Number(25, 0, QT_TR_NOOP("%"), factor=100)),
        ),
        KEYS_NOTE,
    ),
    SettingsGroup(
        QT_TR_NOOP("Stored results"),
        (
            Setting("studies_kept", QT_TR_NOOP("Keep studies"), STUDIES_KEPT_TIP, OneOf(STUDIES_KEPT_WORDS)),
            Setting("results_kept", QT_TR_NOOP("Results of removed studies"),
                    QT_TR_NOOP("How long they are kept, should the study be opened again."),
                    OneOf(KEPT_WORDS)),
            Setting("store_gigabytes", QT_TR_NOOP("Room for stored results"),
                    QT_TR_NOOP("Above it, results of studies that were removed longest ago are dropped sooner."),
                    Number(1, 0, QT_TR_NOOP("GB"))),
        ),
        STORE_NOTE,
    ),
    SettingsGroup(
        QT_TR_NOOP("Privacy"),
        (
            Setting("mask_names", QT_TR_NOOP("Mask names"),
                    QT_TR_NOOP("Nothing on the screen and in exports tells who a patient is."), Toggle()),
            Setting("recent", QT_TR_NOOP("Recent folders"),
                    QT_TR_NOOP("Where you opened images last. Their names may tell of patients."), Remembered()),
            Setting("watched", QT_TR_NOOP("Watched folder"),
                    QT_TR_NOOP("New DICOM files in it come into the worklist. File, Watch a folder chooses it."),
                    Remembered()),
        ),
        PRIVACY_NOTE,
    ),
)  # fmt: skip


def all_settings() -> tuple[Setting, ...]:
    """Every setting, in the order of the dialog."""
    return tuple(setting for group in GROUPS for setting in group.settings)


def searched_words(setting: Setting, group: SettingsGroup) -> str:
    """What a search looks through: the words as shown, and in English, and the words of the choices."""
    words = [group.title, setting.title, setting.tip]
    if isinstance(setting.kind, OneOf):
        words += [choice for _, choice in setting.kind.choices]
    return " ".join([*words, *(tr(word) for word in words)]).casefold()
