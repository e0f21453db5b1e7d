"""Everything the panes render, in one frozen value. Widgets hold no truth; only the window's thread replaces it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.domain.drift.watch import DriftPage, DriftQuestion
from app.domain.errors import Notice
from app.domain.hanging.rules import Rule
from app.domain.header_page import HeaderPage
from app.domain.importing import ImportReport
from app.domain.layers.names import covers
from app.domain.learning import Learning
from app.domain.listing.filter import Filter
from app.domain.marks.annotations import Annotations
from app.domain.marks.measurements import spacing_in_use
from app.domain.marks.tools import Tool
from app.domain.masking import Masking
from app.domain.network import Fetching, NodeStatus, OutboxPage, PeerTest, QueryPage
from app.domain.presenting import Offer, Presented
from app.domain.priors import Beside
from app.domain.settings import DisplaySettings, HangingRules, ListSettings, MouseSettings
from app.domain.study import ImageItem, Study
from app.domain.thumbnails import Thumbnail
from app.domain.undoing import Undoing
from app.domain.watching import WatchedFolder
from squid_core.bundle.card import Card
from squid_core.contracts.detection import Detection, Maps, Trial
from squid_core.contracts.preview import Preview
from squid_core.contracts.radiograph import FloatArray, Radiograph, Spacing, Window
from squid_core.forgetting import Held
from squid_core.network.configuration import NetworkSettings

_SMALL = (str, bool, int, float, tuple)  # compared by what they are


@dataclass(frozen=True, slots=True)
class Progress:
    """Of the triage queue: images done of the images asked for since it was last empty."""

    done: int = 0
    total: int = 0

    @property
    def running(self) -> bool:
        """Whether there is work left."""
        return self.done < self.total


@dataclass(frozen=True, slots=True)
class EntryPictures:
    """Pictures of the memory entries of one patch.

    Attributes:
        patch: row-major index in the grid.
        slots: queue slots, in the order of the detection's matches.
        pictures: (k, P, P) float32 in 0..1, each entry decoded by the student.
        model: the bundle they belong to.
    """

    patch: int
    slots: tuple[int, ...]
    pictures: FloatArray
    model: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Session:
    """What is on the screen.

    Attributes:
        study: the selected study as the worklist has it now; None before a selection.
        image_key: the selected image of it; '' for none.
        radiograph: the decoded image; None until it is there. preview: what the original's pane draws until then, where
            there is one; nothing else looks at it.
        detection: at the card's locked settings, from the store; the score that sorts the worklist.
        trial: what is tried on it, whether or not the answer is there; None when it is nothing at all.
        what_if: the answer to the last trial that has one; None when nothing is tried.
        what_if_running: a what-if is being computed.
        memory_slots: slots of a queue of the bundle in use, the greatest top-k; None while unknown.
        maps: what else the networks see in the image, of `detection`; what_if_maps: of `what_if`. None until computed.
        card: of the bundle that made `detection`; None where it is not installed.
        patch: the patch that the reader keeps, row-major; peeked: the one pointed at while none is kept. None for none.
        entries: pictures of the memory of `shown_patch`, when they have come.
        cursor: (row, column) in original pixels; None outside.
        listing: how the worklist is shown; filter: which of its studies.
        mouse: what it does on an image.
        device, weights: what the user has chosen; weights_available: names of the installed bundles.
        weights_in_use: by population of the patients, the name of the weights that read new studies.
        weights_reason: plain words on why this bundle read this image, such as "chosen by age 54".
        window: the grey window shown; None until there is an image. invert: shown as a negative.
        window_replaced: the image was first shown under the automatic window, for the file's hides the lungs.
        tool: what a left press on the original draws; it stays from image to image until the user leaves it.
        annotations: what is drawn on the shown image. selected_mark: index of the mark that keys act on.
        swipe: where the line between original and reconstruction is in the original's pane, 0 (left) to 1 (right);
            None for no line.
        keys: of every action by its name, the first one first: the user's own over the program's. Worked out once,
            when they change (`app/ui/keys/bindings.py`); empty before the program has said its own.
        others: other studies of the same patient, newest first; beside: the one shown beside the current study.
        recent: what was opened last, the latest first; watch: of the watched folder, None where none is watched.
        offer: the presentation states of the shown image; presented: the one it is shown by, None for as in the file.
        undoing: what undo and redo would do now.
        began: running number of the last image that had come when the reader gave the first word of this run, what came
            after it is new to them; None before.
        hung: the hanging rule by which the study was opened; None before the first. hanging: all of them.
        portrait: the window is higher than wide.
        restored: whether the stored worklist is back; until then nobody knows that there is none.
        thumbnails: small pictures of the images of a study of several, as far as they are made.
        header: what is looked at of the header of the shown image's file; None while nobody looks.
        loading: what is being waited for, as a sentence; '' when nothing.
        error: why the selected image cannot be shown.
        notices: plain sentences on the shown image: what was repaired or guessed, what weakens the score.
        fixed: names of the settings that the administrator has set, such as "display.smoothing"; they last a whole run.
        mask_names: nothing on the screen tells who a patient is; mask_key: the secret behind the pseudonyms.
        exporting: images written of the images of an export.
        locating: files that are gone are looked for in a folder that the user has named.
        progress: of the queue; import_report: of the last or running import.
        learning: a hospital's normals.
        network: other systems, as configured. network_fault: why their settings cannot be used, so that nothing is
            sent, fetched or listened to; '' where they can.
        node: what listens here. peers_tested: the last test of each system that was tested in this run.
        peer_faults: by name of a system, the sentence of what failed there last in the background; none once it worked.
        elsewhere: what was looked for in another system. fetching: studies on their way here. outbox: results on
            their way out.
        held: how much there is to be forgotten; None before it was asked for.
        drift_question: what was asked last of how percentiles are spread; drift: the answer, None before there is one.
    """

    study: Study | None = None
    image_key: str = ""
    radiograph: Radiograph | None = None
    preview: Preview | None = None
    detection: Detection | None = None
    trial: Trial | None = None
    what_if: Detection | None = None
    what_if_running: bool = False
    maps: Maps | None = None
    what_if_maps: Maps | None = None
    card: Card | None = None
    memory_slots: int | None = None
    patch: int | None = None
    peeked: int | None = None
    entries: EntryPictures | None = None
    cursor: tuple[float, float] | None = None
    display: DisplaySettings = field(default_factory=DisplaySettings)
    listing: ListSettings = field(default_factory=ListSettings)
    filter: Filter = field(default_factory=Filter)
    mouse: MouseSettings = field(default_factory=MouseSettings)
    device: str = "auto"
    weights: str = "auto"
    weights_available: tuple[str, ...] = ()
    weights_in_use: tuple[tuple[str, str], ...] = ()
    weights_reason: str = ""
    window: Window | None = None
    invert: bool = False
    window_replaced: bool = False
    tool: Tool = Tool.WINDOW_LEVEL
    annotations: Annotations = field(default_factory=Annotations)
    selected_mark: int | None = None
    swipe: float | None = None
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    others: tuple[Study, ...] = ()
    beside: Beside | None = None
    recent: tuple[Path, ...] = ()
    watch: WatchedFolder | None = None
    offer: Offer = field(default_factory=Offer)
    presented: Presented | None = None
    undoing: Undoing = field(default_factory=Undoing)
    began: int | None = None
    hung: Rule | None = None
    hanging: HangingRules = field(default_factory=HangingRules)
    portrait: bool = False
    restored: bool = True
    thumbnails: tuple[Thumbnail, ...] = ()
    header: HeaderPage | None = None
    loading: str = ""
    error: Notice | None = None
    notices: tuple[str, ...] = ()
    fixed: frozenset[str] = frozenset()
    mask_names: bool = False
    mask_key: str = ""
    exporting: Progress = Progress()
    locating: bool = False
    progress: Progress = Progress()
    import_report: ImportReport | None = None
    learning: Learning = field(default_factory=Learning)
    network: NetworkSettings = field(default_factory=NetworkSettings)
    network_fault: str = ""
    node: NodeStatus = field(default_factory=NodeStatus)
    peers_tested: tuple[PeerTest, ...] = ()
    peer_faults: Mapping[str, str] = field(default_factory=dict)
    elsewhere: QueryPage = field(default_factory=QueryPage)
    fetching: Fetching = field(default_factory=Fetching)
    outbox: OutboxPage = field(default_factory=OutboxPage)
    held: tuple[Held, ...] | None = None
    drift_question: DriftQuestion = field(default_factory=DriftQuestion)
    drift: DriftPage | None = None

    def differs(self, old: Session | None, *names: str) -> bool:
        """Whether any of these fields or properties is another than in `old`; from None everything differs.

        What may hold arrays is compared by identity, small values by what they are.
        """
        if old is None:
            return True
        for name in names:
            before, now = getattr(old, name), getattr(self, name)
            alike = before is now or (type(before) is type(now) and isinstance(now, _SMALL) and before == now)
            if not alike:
                return True
        return False

    def is_fixed(self, name: str) -> bool:
        """Whether a setting, or one of a group of them, is the administrator's."""
        return covers(self.fixed, name)

    @property
    def masking(self) -> Masking:
        """What shows a patient asks it first."""
        return Masking(self.mask_names, self.mask_key)

    @property
    def study_uid(self) -> str:
        """UID of the selected study; '' for none."""
        return self.study.uid if self.study else ""

    @property
    def image(self) -> ImageItem | None:
        """The selected image as the worklist has it now: its state, message, score and open question."""
        return self.study.image(self.image_key) if self.study else None

    @property
    def marks_shown(self) -> bool:
        """Whether what is drawn can be seen; with a tool in hand it always can."""
        return self.display.marks or self.tool is not Tool.WINDOW_LEVEL

    @property
    def spacing(self) -> Spacing | None:
        """Of the shown image: by the length that the reader knows, else as the file states it."""
        return None if self.radiograph is None else spacing_in_use(self.radiograph, self.annotations.marks)

    @property
    def shown_detection(self) -> Detection | None:
        """What the panes draw: the what-if where there is one, and only where there is a picture to draw it on.

        That is the image it was found in, or nothing at all where the image cannot be shown: then it stands alone, in
        the shape that its own geometry keeps. While the image is being read, or beside any other, nothing is drawn.
        """
        found = self.what_if or self.detection
        if found is None or self.radiograph is None:
            return found if self.error is not None else None
        shape, digest = self.radiograph.pixels.shape[:2], self.radiograph.content.digest
        same = not digest or not found.digest or digest == found.digest
        return found if same and found.geometry.original_shape == shape else None

    @property
    def drawn(self) -> Radiograph | None:
        """What the original's pane draws: the image, or its preview until it is there."""
        return self.preview.picture if self.radiograph is None and self.preview is not None else self.radiograph

    @property
    def extent(self) -> tuple[tuple[int, int], float] | None:
        """(H, W) of the shown image, and the height of its pixels over their width.

        As its stored result has them where the image cannot be shown; None where there is neither.
        """
        if self.radiograph is not None:
            return (self.radiograph.pixels.shape[0], self.radiograph.pixels.shape[1]), self.radiograph.aspect
        if self.preview is not None:
            return self.preview.shape, self.preview.picture.aspect
        found = self.shown_detection
        return None if found is None else (found.geometry.original_shape, found.geometry.aspect)

    @property
    def memory_shuffled(self) -> bool:
        """Whether every patch is, or will be, answered with another place's memory."""
        return self.trial is not None and self.trial.shuffled

    @property
    def shown_patch(self) -> int | None:
        """The patch whose memory is listed."""
        return self.patch if self.patch is not None else self.peeked

    @property
    def shown_maps(self) -> Maps | None:
        """Of `shown_detection`."""
        return self.maps if self.what_if is None else self.what_if_maps

    @property
    def shown_normal(self) -> FloatArray | None:
        """The normal image of `shown_detection`: the sharper one once it has come, the score's own until then."""
        if self.shown_detection is None:
            return None
        sharper = self.shown_maps.picture if self.shown_maps is not None else None
        return self.shown_detection.reconstruction if sharper is None else sharper

    @property
    def busy(self) -> bool:
        """Whether files are being imported or looked for, images scored or results exported."""
        importing = self.import_report is not None and self.import_report.running
        return self.progress.running or self.exporting.running or importing or self.locating
