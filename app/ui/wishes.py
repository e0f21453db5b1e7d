"""Everything that a user can ask for, in one place.

Widgets and actions emit here; `app/main.py` says once who does it. Local talk, of a button with its panel, stays there.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from app.domain.drift.watch import DriftQuestion
from app.domain.exporting import ExportOrder
from app.domain.learning import Population
from app.domain.listing.filter import Filter
from app.domain.marks.annotations import Annotations
from app.domain.network import SendOrder
from app.domain.orientation import Orientation
from app.domain.settings import DisplaySettings, ListSettings
from app.domain.study import Judgement, Reading
from app.services.exporting.printing import PrintJob
from app.services.threads.signals import TypedSignal
from squid_core.contracts.detection import DetectorSettings, Region
from squid_core.contracts.network import Question
from squid_core.network.configuration import NetworkSettings


class Wishes(QObject):
    """One for the whole program: it outlives every window."""

    # Files and folders
    open_requested = TypedSignal[list[Path]]()
    demo_requested = TypedSignal[()]()  # the demonstration folder
    recent_requested = TypedSignal[Path]()  # that was opened before
    recent_forgotten = TypedSignal[()]()  # all of them
    again_requested = TypedSignal[list[Path]]()  # damaged files that are to be read once more
    locate_requested = TypedSignal[str, Path]()  # key of an image whose file is gone, and the folder to look in
    watch_requested = TypedSignal[Path | None]()  # the folder to watch, None for none

    # The worklist
    study_selected = TypedSignal[str]()  # UID
    image_selected = TypedSignal[str]()  # key
    unread_wanted = TypedSignal[tuple[str, ...]]()  # the first of these UIDs that the reader is not done with
    back_wanted = TypedSignal[()]()  # the study that was looked at before
    marked = TypedSignal[tuple[str, ...], Reading]()  # UIDs of studies that are read or unread, without a judgement
    filter_changed = TypedSignal[Filter]()  # which studies are shown
    remove_requested = TypedSignal[tuple[str, ...]]()  # UIDs of the studies to take off the worklist; their files stay
    analyse_anyway = TypedSignal[str]()  # key of the image whose question was answered
    analyse_alike = TypedSignal[str]()  # the same, for all of which the same is asked
    cancel_requested = TypedSignal[()]()  # of importing, scoring and exporting
    resume_requested = TypedSignal[()]()

    # The shown image
    patch_selected = TypedSignal[int]()  # row-major index of the patch to keep; -1 for none
    patch_peeked = TypedSignal[int]()  # of the patch that is pointed at; -1 for none
    header_wanted = TypedSignal[bool]()  # whether the elements of the shown file's header are looked at
    state_wanted = TypedSignal[str]()  # key of the presentation state to show the image by, '' for as in the file
    state_stepped = TypedSignal[int]()  # the next (1) or previous (-1) of them; after the last as in the file
    judged = TypedSignal[Judgement, tuple[str, ...]]()  # of the shown study; and where to go on, see `unread_wanted`
    marks_changed = TypedSignal[str, Annotations]()  # image key, and what is drawn on it now

    undo_requested = TypedSignal[()]()  # the last thing that was done, whatever it was
    redo_requested = TypedSignal[()]()

    # The what-if
    what_if_changed = TypedSignal[DetectorSettings]()
    what_if_reset = TypedSignal[()]()  # back to the locked settings, memory as trained, image as it is
    entry_toggled = TypedSignal[int]()  # slot of an entry of the selected patch, to take out of memory or put back
    shuffle_toggled = TypedSignal[bool]()  # whether every patch shall be answered with another place's memory
    region_drawn = TypedSignal[Region]()  # to replace by normal

    # Another study of the patient, beside the current one
    beside_wanted = TypedSignal[str]()  # UID, '' for none
    beside_stepped = TypedSignal[int]()  # the next (1) or previous (-1) of the patient's studies
    beside_image_stepped = TypedSignal[int]()  # the next or previous image of that study

    # The detector in this hospital
    drift_asked = TypedSignal[DriftQuestion]()  # how its percentiles are spread

    # What leaves the program
    page_wanted = TypedSignal[Orientation]()  # the report page of the shown image, as it lies on the screen
    print_ordered = TypedSignal[PrintJob]()
    export_ordered = TypedSignal[ExportOrder]()
    picture_ordered = TypedSignal[Path, QImage]()  # of the panes
    worklist_ordered = TypedSignal[Path]()

    # Other systems, by name
    network_settings_changed = TypedSignal[NetworkSettings]()
    password_kept = TypedSignal[str, str]()  # in the system's key ring, for this system; '' to forget it
    peer_tested = TypedSignal[str]()
    studies_asked = TypedSignal[str, Question]()
    query_cancelled = TypedSignal[()]()
    studies_fetched = TypedSignal[str, tuple[str, ...]]()  # their StudyInstanceUIDs; again to go on with what stopped
    fetch_cancelled = TypedSignal[()]()
    results_sent = TypedSignal[SendOrder]()
    outbox_retried = TypedSignal[tuple[int, ...]]()  # numbers of what is to be sent now
    outbox_given_up = TypedSignal[tuple[int, ...]]()  # numbers of what is not to be sent at all

    # A hospital's normals
    learning_looked_at = TypedSignal[()]()  # what can be learned from
    learning_wanted = TypedSignal[Population]()
    learning_stopped = TypedSignal[()]()
    learned_used = TypedSignal[()]()  # what was learned shall read new studies
    learned_discarded = TypedSignal[()]()
    learned_chosen = TypedSignal[Population, str]()  # weights that were learned before, '' for those that ship
    learned_deleted = TypedSignal[str]()  # their name

    # All that is kept
    held_asked = TypedSignal[()]()  # how much there is
    forgetting_wanted = TypedSignal[bool]()  # of everything; whether of settings and learned weights too

    # Settings
    display_changed = TypedSignal[DisplaySettings]()
    listing_changed = TypedSignal[ListSettings]()
    hanging_reset = TypedSignal[()]()  # studies like the open one are hung as shipped
    device_changed = TypedSignal[str]()
    weights_changed = TypedSignal[str]()
    scored_alike = TypedSignal[()]()  # what other weights have scored than read new studies
    masking_changed = TypedSignal[bool]()  # whether names are masked everywhere
    keys_changed = TypedSignal[dict[str, tuple[str, ...]]]()  # the user's own keys by action
    settings_requested = TypedSignal[()]()  # the dialog with all of them
    network_settings_requested = TypedSignal[()]()  # that dialog, at the other systems
