"""Everything that can be set and outlives the program; whose word counts for it is in `layers`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import reduce
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.domain.retention import Kept, Retention
from squid_core.contracts.charset import Charset
from squid_core.contracts.radiograph import VoiFunction

MAX_RECENT = 10
GAMMA_RANGE = (0.4, 2.5)
CLAHE_RANGE = (1.0, 6.0)
SPEED_RANGE = (0.25, 4.0)
MAX_ARRANGEMENTS = 32  # whose sizes are kept
MOST_READERS = 64
MOST_DAYS = 36_500  # that studies may be kept
OWN_KEYS = (7, 8, 9)  # number keys for windows that the user saves
# Of `starting_window`: as the file asks, unless that hides the lungs.
UNLESS_HIDING: Literal["unless_hiding"] = "unless_hiding"
Shares = dict[str, tuple[tuple[Annotated[int, Field(ge=0, le=1000)], ...], ...]]  # by arrangement


class ColourMap(StrEnum):
    """Of the difference; all are perceptually uniform and safe for the colour-blind."""

    DARK_CENTRE = "dark_centre"  # signed, blue below and orange above; zero is dark
    LIGHT_CENTRE = "light_centre"  # the same; zero is light
    INFERNO = "inferno"  # absolute value
    CIVIDIS = "cividis"  # absolute value


class EvidenceMap(StrEnum):
    """What the difference pane and the overlay on the original may draw."""

    DIFFERENCE = "difference"  # input less reconstruction
    PATCHES = "patches"  # percentile of each patch's distance from its memory
    LESION = "lesion"  # the lesion critic's map
    GRAD_CAM = "grad_cam"  # of the discriminator, on the reconstruction


class Language(StrEnum):
    """Of the window: the desktop's, the one it is written in, and those that resources/translations has."""

    SYSTEM = "system"
    ENGLISH = "en"
    CHINESE = "zh_TW"


class PaneName(StrEnum):
    """The four panes."""

    ORIGINAL = "original"
    RECONSTRUCTION = "reconstruction"
    DIFFERENCE = "difference"
    MEMORY = "memory"


class Layout(StrEnum):
    """How many panes are on the screen: rows x columns, or one and those beside it."""

    ONE = "1x1"
    TWO = "1x2"
    MAIN = "1+3"  # the original large, the other three beside it
    FOUR = "2x2"


class SortBy(StrEnum):
    """The order of the worklist."""

    SCORE = "score"  # highest first
    TIME = "time"  # newest study date first
    NAME = "name"  # as shown, A to Z
    WAITING = "waiting"  # what came first is first


class ListColumn(StrEnum):
    """What a compact row of the worklist may show, in this order."""

    SCORE = "score"
    PERCENTILE = "percentile"
    NAME = "name"
    PATIENT_ID = "patient_id"
    AGE = "age"  # and sex
    DATE = "date"
    DESCRIPTION = "description"
    ACCESSION = "accession"
    STATE = "state"
    WAITING = "waiting"


class DragDeed(StrEnum):
    """What a drag with a button does.

    Where a pane has no window to change, WINDOW pans; where a study has one image only, IMAGE zooms.
    """

    WINDOW = "window"
    PAN = "pan"
    ZOOM = "zoom"
    IMAGE = "image"  # the next or previous image of the study


class WheelDeed(StrEnum):
    """What the wheel does; with Ctrl, and where a study has one image only, it always zooms."""

    IMAGE = "image"
    ZOOM = "zoom"


class _Frozen(BaseModel):
    # A later version's settings are read too: what is unknown counts for nothing here.
    model_config = ConfigDict(frozen=True, extra="ignore")


class OwnWindow(_Frozen):
    """A grey window that the user has saved, relative to an image's automatic one, so that it fits other images.

    Attributes:
        key: number key, one of OWN_KEYS.
        center: how far its centre lies above the automatic window's, in widths of that. width: in the same.
    """

    key: int = Field(ge=OWN_KEYS[0], le=OWN_KEYS[-1])
    name: str = Field(min_length=1, max_length=40)
    center: float = Field(ge=-1e6, le=1e6)
    width: float = Field(gt=0, le=1e6)
    function: VoiFunction = VoiFunction.LINEAR_EXACT


class DisplaySettings(_Frozen):
    """How results are drawn; nothing here reaches the detector.

    Attributes:
        pane_map, overlay_map: what the difference pane and the overlay draw.
        difference_threshold: values below it are not drawn; 0..1 of the model's grey range, or of another map's.
        smoothing: sigma of the Gaussian over the difference, in model pixels; 0 is off.
        overlay: draw a map over the original too; overlay_opacity: 0..1.
        patch_grid: draw the patches' borders.
        corner_text: write window, zoom, size and scale into the panes' corners.
        graphics: show the overlays of a file, and hide what its shutter hides.
        marks: show what is drawn on the image, while no tool is in hand.
        gamma: of the greys of original and reconstruction; 1 leaves them alone, above 1 is brighter.
        clahe: even out the contrast of what is on the screen; clahe_limit: how far, times the even share.
        magnifier: the loupe follows the cursor; magnifier_times: how much it enlarges.
        starting_window: what an image is first shown under: UNLESS_HIDING, or the number key of a window.
        own_windows: those that the user has saved, one a key.
        layout: of the panes; layout_panes: those on the left and on the right where not all are shown.
        shares: sizes that the user has given the panes, by arrangement (`app.domain.hanging.layout`): of 1000, of the
            lines and of the panes within each.
    """

    pane_map: EvidenceMap = EvidenceMap.DIFFERENCE
    overlay_map: EvidenceMap = EvidenceMap.DIFFERENCE
    difference_threshold: float = Field(default=0.05, ge=0, le=1)
    smoothing: float = Field(default=1.0, ge=0, le=16)
    colour_map: ColourMap = ColourMap.DARK_CENTRE
    overlay: bool = False
    overlay_opacity: float = Field(default=0.5, ge=0, le=1)
    patch_grid: bool = True
    corner_text: bool = True
    graphics: bool = True
    marks: bool = True
    gamma: float = Field(default=1.0, ge=GAMMA_RANGE[0], le=GAMMA_RANGE[1])
    clahe: bool = False
    clahe_limit: float = Field(default=2.0, ge=CLAHE_RANGE[0], le=CLAHE_RANGE[1])
    magnifier: bool = False
    magnifier_times: int = Field(default=2, ge=2, le=4)
    starting_window: Literal["unless_hiding", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9"] = UNLESS_HIDING
    own_windows: tuple[OwnWindow, ...] = Field(default=(), max_length=len(OWN_KEYS))
    layout: Layout = Layout.MAIN
    layout_panes: tuple[PaneName, PaneName] = (PaneName.ORIGINAL, PaneName.RECONSTRUCTION)
    shares: Shares = Field(default_factory=dict, max_length=MAX_ARRANGEMENTS)

    def own_window(self, key: int) -> OwnWindow | None:
        """The window that the user has saved under a number key."""
        return next((own for own in self.own_windows if own.key == key), None)


class Hanging(_Frozen):
    """How studies of one kind are hung.

    Attributes:
        used: a rule that is not is passed over.
        layout, panes, shares: as in DisplaySettings; what the user changes while such a study is open is kept here.
    """

    used: bool = True
    layout: Layout = Layout.MAIN
    panes: tuple[PaneName, PaneName] = (PaneName.ORIGINAL, PaneName.RECONSTRUCTION)
    shares: Shares = Field(default_factory=dict, max_length=MAX_ARRANGEMENTS)


class HangingRules(_Frozen):
    """The hanging of every kind of study, in the order in which they are tried; the last fits every study."""

    no_score: Hanging = Hanging(layout=Layout.ONE)  # and none to be expected
    prior: Hanging = Hanging(layout=Layout.TWO, panes=(PaneName.ORIGINAL, PaneName.DIFFERENCE))
    lateral: Hanging = Hanging()  # frontal and lateral
    portrait: Hanging = Hanging()  # the window is higher than wide
    frontal: Hanging = Hanging()


class ListSettings(_Frozen):
    """How the worklist is shown; it moves no score and hides no study.

    Attributes:
        sort: the order. compact: one line a study. columns: those of a compact row.
    """

    sort: SortBy = SortBy.SCORE
    compact: bool = False
    columns: frozenset[ListColumn] = frozenset(
        {ListColumn.SCORE, ListColumn.NAME, ListColumn.AGE, ListColumn.DATE, ListColumn.STATE}
    )


class MouseSettings(_Frozen):
    """What each button and the wheel do on an image, and the speeds.

    Attributes:
        left, middle, right: what a drag does; with Shift a left drag always pans.
        window_speed, zoom_speed: times the program's own speed, of drags and of the wheel.
    """

    left: DragDeed = DragDeed.WINDOW
    middle: DragDeed = DragDeed.PAN
    right: DragDeed = DragDeed.ZOOM
    wheel: WheelDeed = WheelDeed.IMAGE
    window_speed: float = Field(default=1.0, ge=SPEED_RANGE[0], le=SPEED_RANGE[1])
    zoom_speed: float = Field(default=1.0, ge=SPEED_RANGE[0], le=SPEED_RANGE[1])


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the model allows a number to be; None where it sets no bound."""

    low: float | None
    high: float | None


class Settings(_Frozen):
    """Everything that outlives the program. No name of a patient, but for what paths in `recent` and `watched` tell.

    Attributes:
        theme, language: of the window; "system" follows the desktop.
        hanging: how studies are hung; `display` has the layout that is on the screen.
        charset: in which characters text is read whose file does not say so, or says so wrongly.
        readers: files that the queue reads at once; 0 for a core less than there are.
        weights: a bundle, or "auto" for what is chosen by age: adult_weights and paediatric_weights, which name bundles
            that were learned here; '' for those that ship.
        mask_names: nothing on the screen and in exports tells who a patient is.
        mask_key: a secret of this installation, behind the pseudonyms.
        export_folder: where the last export went; None before the first.
        export_kinds: what it wrote, by the values of `ExportKind`.
        keys: the user's own keys by action. Checked entry by entry where they are used, so that a damaged one costs
            no more than itself.
        recent: folders and files that were opened, the latest first. watched: the folder in which new files are
            looked for. tour_seen: the tour has been offered.
        studies_kept: days after which a study goes, counted from when it came; 0 for never.
        results_kept: how long the results of removed studies are kept. store_gigabytes: how much room the store may
            take (10^9 bytes) before they go sooner.
        drift_abnormal: share of abnormal studies, at most, that the reader has said. drift_looked: the day on which the
            drift watch has looked by itself.
        panel_open: whether the settings panel stands beside the panes. last_image: key of the image that was looked at
            last (`app.domain.study.image_key`), which says nothing about it.
    """

    theme: Literal["dark", "light", "system"] = "dark"
    language: Language = Language.SYSTEM
    display: DisplaySettings = DisplaySettings()
    worklist: ListSettings = ListSettings()
    mouse: MouseSettings = MouseSettings()
    hanging: HangingRules = HangingRules()
    charset: Charset = Charset.AUTOMATIC
    device: Literal["auto", "cpu", "cuda"] = "auto"
    readers: int = Field(default=0, ge=0, le=MOST_READERS)
    weights: str = Field(default="auto", min_length=1)
    adult_weights: str = Field(default="", max_length=80)
    paediatric_weights: str = Field(default="", max_length=80)
    mask_names: bool = False
    mask_key: str = Field(default="", max_length=64)
    keys: dict[str, object] = Field(default_factory=dict, max_length=200)
    export_folder: Path | None = None
    export_kinds: tuple[str, ...] = Field(default=(), max_length=20)
    recent: tuple[Path, ...] = Field(default=(), max_length=MAX_RECENT)
    watched: Path | None = None
    tour_seen: bool = False
    studies_kept: int = Field(default=0, ge=0, le=MOST_DAYS)
    results_kept: Kept = Kept.YEAR
    store_gigabytes: float = Field(default=5, ge=1, le=10_000)
    drift_abnormal: float = Field(default=0.5, ge=0, le=0.9)
    drift_looked: date | None = None
    window_geometry: str = ""  # base64 of QMainWindow.saveGeometry
    window_state: str = ""  # base64 of QMainWindow.saveState
    panel_open: bool = False
    pulled_out: dict[str, str] = Field(default_factory=dict, max_length=10)  # base64 of saveGeometry, by part
    last_image: str = Field(default="", max_length=64)
    worklist_width: int = Field(default=0, ge=0, le=10_000)  # pixels, once the user has chosen it; 0 until then

    @property
    def learned(self) -> dict[str, str]:
        """Which learned weights are chosen by age, by population; '' for none."""
        return {"adult": self.adult_weights, "paediatric": self.paediatric_weights}

    @property
    def retention(self) -> Retention:
        """Which results of removed studies stay."""
        return Retention.of(self.results_kept, self.store_gigabytes)

    def value(self, name: str) -> Any:  # noqa: ANN401 - whatever the field holds
        """The value of one setting.

        Args:
            name: of a field, such as "theme"; with a dot for one of a group, such as "display.smoothing".
        """
        return reduce(getattr, name.split("."), self)

    def with_value(self, name: str, value: object) -> Settings:
        """The same settings but for one; groups that it is not in stay the very same, so that nobody draws anew.

        Raises:
            ValidationError: the model does not allow the value.
        """
        group, _, field = name.rpartition(".")
        changed = {field: value} if not group else {group: {**dict(iter(self.value(group))), field: value}}
        return Settings.model_validate({**dict(iter(self)), **changed})

    @classmethod
    def default(cls, name: str) -> Any:  # noqa: ANN401 - whatever the field holds
        """The value a setting has until the user chooses another."""
        return cls().value(name)

    @classmethod
    def bounds(cls, name: str) -> Bounds:
        """What the model allows a number to be."""
        group, _, field = name.rpartition(".")
        model: type[BaseModel] = type(cls().value(group)) if group else cls
        metadata = model.model_fields[field].metadata
        return Bounds(
            *(next((getattr(part, edge) for part in metadata if hasattr(part, edge)), None) for edge in ("ge", "le"))
        )
