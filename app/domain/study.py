"""One image and one study of the worklist."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from app.domain.jobs import PENDING, JobEvent, JobState, advance
from squid_core.bundle.library import population_of
from squid_core.contracts.radiograph import LATERAL_VIEW, Content, Decision, Identity, Verdict
from squid_core.dicom.errors import UNREACHED
from squid_core.dicom.source import Source
from squid_core.privacy import MASKED_NAME, UNREAD_NAME

# The state a study shows is the first of these that one of its images is in: work in hand before results.
_STUDY_STATE_ORDER = (
    JobState.SCORING,
    JobState.READING,
    JobState.QUEUED,
    JobState.SCORED,
    JobState.CANCELLED,
    JobState.ERROR,
    JobState.VIEWABLE,
    JobState.SKIPPED,
)

STAND_IN = "legacy "  # begins the digest of what was stored before digests were: taken over with the first reading

HIGH_PERCENTILE = 95.0  # of held-out normals; from here on a study is one of those that should not wait

_TEXTS = tuple(field.name for field in fields(Identity) if field.type in (str, "str"))


class Judgement(StrEnum):
    """What the reader says of a study; their own word, which moves no score and no place.

    To reject a finding is not to call the study normal: something else may be there.
    """

    NONE = "none"
    ACCEPTED = "accepted"  # the detector's finding is right
    REJECTED = "rejected"  # it is not
    NORMAL = "normal"  # nothing abnormal in the whole study: what can be learned from


class Reading(StrEnum):
    """How far the reader has come with a study; their own doing, which moves no score and no place.

    A study that was opened and left without a word stays READING: it is still work, and is offered again, but it is no
    longer one that nobody has looked at. It is READ once it is judged or marked read, and stays so when it is looked
    at again. To take the judgement back makes it READING again.
    """

    UNREAD = "unread"  # newly arrived, never opened
    READING = "reading"  # opened, and not done with
    READ = "read"  # judged, or marked read


def image_key(path: Path, member: str = "", identity: Identity | None = None) -> str:
    """A short stable name of an image that says nothing about it: 24 hex digits of a SHA-256.

    Of the place (the file's absolute path, and the member of an archive) and of the image and patient that its header
    names: another image that comes to lie at the same place is another image.
    """
    image = identity.image if identity is not None else ()
    name = "\0".join((str(path.absolute()), member, *image))
    return hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:24]


def depends_on_charset(identity: Identity) -> bool:
    """Whether another default character set may make other text of it: some is beyond ASCII, or stands in for such."""
    if any(not getattr(identity, field).isascii() for field in _TEXTS):
        return True
    return any(way.fullmatch(identity.patient_name) for way in (UNREAD_NAME, MASKED_NAME))


@dataclass(frozen=True, slots=True)
class ImageItem:
    """One image file of a study and how far it has come.

    Attributes:
        key: see `image_key`; what signals carry instead of a path.
        member: its name in the zip archive at `path`; '' for a file of its own.
        size: bytes; modified_ns: nanoseconds since the epoch. Another size or time means that the file has changed,
            the same ones do not mean that it has not.
        digest: of the bytes that a reader has read, see `Content`; '' before. What was found in them and drawn on
            them belongs to the digest.
        result: the stored result behind `score`; None where there is none.
        replaced: another image lies at its place now.
        message: plain sentence on the state: the refusal's reason, the question, the fault, what is odd about what was
            scored; '' while all is well.
        verdict: the reader's; None until it has been examined.
        accepted: the user answered the reader's question with "analyse anyway".
        score: 0..1, high is abnormal; percentile: among held-out normals, 0..100. None until scored.
        weights: name of the bundle that scored it.
        outside_memory: the image resembles nothing in the detector's memory, so its score means little.
        arrival: running number in which files were found; orders what has no score.
        judgement: the reader's, of these bytes; reading: how far the reader has come with them. The worklist looks
            both up.
    """

    key: str
    path: Path
    identity: Identity
    size: int = 0
    modified_ns: int = 0
    state: JobState = JobState.QUEUED
    message: str = ""
    verdict: Verdict | None = None
    accepted: bool = False
    score: float | None = None
    percentile: float | None = None
    weights: str = ""
    outside_memory: bool = False
    arrival: int = 0
    member: str = ""
    digest: str = ""
    result: int | None = None
    replaced: bool = False
    judgement: Judgement = Judgement.NONE
    reading: Reading = Reading.UNREAD

    @property
    def source(self) -> Source:
        """What a reader is to read."""
        return Source(self.path, self.member)

    def advanced(self, event: JobEvent, message: str = "") -> ImageItem:
        """The item after `event`; what an earlier score said is dropped when it is asked for again."""
        state = advance(self.state, event)
        if event is JobEvent.REQUEST:
            bare = replace(self, score=None, percentile=None, weights="", outside_memory=False, result=None)
            return replace(bare, state=state, message="")
        return replace(self, state=state, message=message)

    @property
    def content_key(self) -> str:
        """What its `reading` belongs to: its bytes, or its place while none could be read."""
        return self.digest or self.key

    @property
    def place(self) -> tuple[Path, str]:
        """Where it lies, or lay."""
        return self.path, self.member

    @property
    def container(self) -> Path:
        """The folder, or the archive, that it lies or lay in."""
        return self.path if self.member else self.path.parent

    @property
    def stand_ins(self) -> tuple[str, ...]:
        """What its digest may have been stored as before digests were."""
        place, sop = image_key(self.path, self.member), self.identity.sop_instance_uid
        file = sop or f"{self.size} bytes of {self.modified_ns}"
        return (
            f"{STAND_IN}{place} {sop} {self.size} {self.modified_ns}",
            f"{STAND_IN}{place} {file}",
            f"{STAND_IN}study {self.identity.study_instance_uid or f'file-{place}'}",
        )

    @property
    def study_uid(self) -> str:
        """The StudyInstanceUID; a file without one is a study of its own. Two patients may have one: see `Worklist`."""
        return self.identity.study_instance_uid or f"file-{self.key}"

    @property
    def is_read(self) -> bool:
        """Whether its digest is known."""
        return bool(self.digest) and not self.digest.startswith(STAND_IN)

    def is_in(self, content: Content, identity: Identity) -> bool:
        """Whether what a reader has read is this image: the bytes that were scored, or the image that was found.

        The same bytes are the same image, in whichever characters their text was read.
        """
        if self.is_read and content.digest:
            return self.digest == content.digest
        if self.identity.image != identity.image and not self.is_named_otherwise(content, identity):
            return False
        if self.digest.startswith(STAND_IN):
            return (self.size, self.modified_ns) == (content.size, content.modified_ns)
        return self.digest in ("", content.digest)

    def holds(self, content: Content, identity: Identity) -> bool:
        """Whether a file that lies elsewhere is this one: its very bytes, or what was found where that has a name."""
        if self.is_read:
            return self.digest == content.digest
        return any(self.identity.image) and self.is_in(content, identity)

    def is_named_otherwise(self, content: Content, identity: Identity) -> bool:
        """Whether a reader has found this very file, and has read its text in other characters."""
        own = self.identity
        return (
            (self.size, self.modified_ns) == (content.size, content.modified_ns)
            and (own.study_instance_uid, own.sop_instance_uid)
            == (identity.study_instance_uid, identity.sop_instance_uid)
            and depends_on_charset(own)
            and depends_on_charset(identity)
        )

    def is_scored_otherwise(self, in_use: Mapping[str, str]) -> bool:
        """Whether other weights gave its score than read new studies, which are named by population."""
        wanted = in_use.get(population_of(self.identity.patient_age))
        return self.score is not None and wanted is not None and self.weights != wanted

    @property
    def asks(self) -> bool:
        """Whether the reader's question ("analyse anyway?") is still open; `message` holds it."""
        return (
            self.state is JobState.VIEWABLE
            and not self.accepted
            and self.verdict is not None
            and self.verdict.decision is Decision.ASK
        )

    @property
    def may_be_tried(self) -> bool:
        """Whether nothing about the image itself kept it from a score: the detector or its weights failed."""
        if self.state is not JobState.VIEWABLE or self.replaced:
            return False
        return self.accepted or self.verdict is None or self.verdict.decision is Decision.ANALYSE

    @property
    def was_unreached(self) -> bool:
        """Whether it failed because its file or disk could not be reached, which says nothing of the image."""
        return self.state is JobState.ERROR and not self.replaced and self.message.startswith(UNREACHED)

    @property
    def was_index(self) -> bool:
        """Whether it stands for a DICOMDIR that could not be read: nobody's image, and no row of the worklist."""
        unknown = self.state is JobState.ERROR and not any(self.identity.image)
        return unknown and not self.member and self.path.name.upper() == "DICOMDIR"

    @property
    def has_picture(self) -> bool:
        """Whether there is anything to show, as far as is known."""
        return self.state not in (JobState.ERROR, JobState.SKIPPED)

    @property
    def is_lateral(self) -> bool:
        """Whether it was taken from the side, as the reader found or its header says."""
        if self.verdict is not None and self.verdict.reason == LATERAL_VIEW:
            return True
        return _is_lateral(self.identity.view_position, self.identity.patient_orientation)

    @property
    def order(self) -> tuple[bool, float, float, int]:
        """Where it stands among the images of its study: frontal before lateral, then by series, number, arrival."""
        series, number = self.identity.series_number, self.identity.instance_number
        return (
            self.is_lateral,
            math.inf if series is None else series,
            math.inf if number is None else number,
            self.arrival,
        )

    @property
    def pending(self) -> bool:
        """Whether the queue still has work to do on it."""
        return self.state in PENDING


@dataclass(frozen=True, slots=True)
class Study:
    """The images of one StudyInstanceUID and patient, in the order in which they are looked at; never empty.

    Attributes:
        uid: what it is called inside the program; the StudyInstanceUID, for the first patient who has it.
        shares_uid: another patient's study has the same StudyInstanceUID.
    """

    uid: str
    images: tuple[ImageItem, ...]
    shares_uid: bool = False

    def __post_init__(self) -> None:
        if not self.images:
            raise ValueError("a study has at least one image")

    @property
    def top_image(self) -> ImageItem:
        """The image to open: the highest score, else the first that can be shown, else the first."""
        if len(self.images) == 1:  # as nearly all have: what 20 000 are asked at the start is answered in half the time
            return self.images[0]
        scored = [image for image in self.images if image.score is not None]
        if scored:
            return max(scored, key=lambda image: image.score or 0.0)
        return next((image for image in self.images if image.has_picture), self.images[0])

    @property
    def score(self) -> float | None:
        """The highest of its scored images, 0..1; None while there is none."""
        return self.top_image.score

    @property
    def judgement(self) -> Judgement:
        """The reader's: of the image that gives the study its score, else of another that was judged with it."""
        if len(self.images) == 1:
            return self.images[0].judgement
        said = (image.judgement for image in (self.top_image, *self.images))
        return next((judgement for judgement in said if judgement is not Judgement.NONE), Judgement.NONE)

    @property
    def reading(self) -> Reading:
        """READ where all of its images are, UNREAD where none was ever opened; one that comes later is work again."""
        if len(self.images) == 1:
            return self.images[0].reading
        readings = {image.reading for image in self.images}
        return readings.pop() if len(readings) == 1 else Reading.READING

    @property
    def is_high(self) -> bool:
        """Whether its score is as high as that of the highest twentieth of normals, and means something."""
        return self.percentile is not None and self.percentile >= HIGH_PERCENTILE and not self.outside_memory

    @property
    def shares_image_uid(self) -> bool:
        """Whether two of its images have one SOPInstanceUID and other bytes."""
        named = [image for image in self.images if image.identity.sop_instance_uid and image.digest]
        return len({image.identity.sop_instance_uid for image in named}) < len({image.digest for image in named})

    @property
    def percentile(self) -> float | None:
        """Of the image with the highest score, 0..100."""
        return self.top_image.percentile

    @property
    def outside_memory(self) -> bool:
        """Whether the score that is shown means little: its image resembles nothing in memory."""
        return self.top_image.score is not None and self.top_image.outside_memory

    @property
    def state(self) -> JobState:
        """Work in hand first, then the best result."""
        if len(self.images) == 1:
            return self.images[0].state
        states = {image.state for image in self.images}
        return next(state for state in _STUDY_STATE_ORDER if state in states)

    @property
    def message(self) -> str:
        """The sentence that explains the state; that of the image that gives the study its state."""
        state = self.state
        return next((image.message for image in self.images if image.state is state and image.message), "")

    @property
    def asks(self) -> bool:
        """Whether a question of one of its images is open."""
        return any(image.asks for image in self.images)

    @property
    def identity(self) -> Identity:
        """Who it is about, as its first image says."""
        return self.images[0].identity

    @property
    def date(self) -> date | None:
        """Study date."""
        return self.identity.study_date

    @property
    def description(self) -> str:
        """Study description, else the body part."""
        return self.identity.study_description or self.identity.body_part

    @property
    def arrival(self) -> int:
        """Of its first image."""
        return min(image.arrival for image in self.images)

    def image(self, key: str) -> ImageItem | None:
        """The image with this key."""
        return next((image for image in self.images if image.key == key), None)

    def with_image(self, item: ImageItem) -> Study:
        """The study with `item` in the place of the image of the same key, or added; see `ImageItem.order`."""
        images = [item if image.key == item.key else image for image in self.images]
        if self.image(item.key) is None:
            images.append(item)
        if len(images) > 1:
            images.sort(key=lambda image: image.order)
        return replace(self, images=tuple(images))


@lru_cache(maxsize=1024)
def _is_lateral(view: str, orientation: tuple[str, ...]) -> bool:
    from squid_core.dicom.header.wording import is_lateral  # building its dictionary takes 50 ms

    return is_lateral(view, orientation)
