"""The model card: everything about a bundle that is not a weight, readable without torch."""

from __future__ import annotations

import hashlib
import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_serializer

from squid_core.contracts.detection import DetectorSettings, WeightsFacts
from squid_core.contracts.errors import SquidError
from squid_core.files import TooLargeError, read_plain
from squid_core.model.config import NetworkConfig
from squid_core.preprocessing import Preprocessing

CARD_NAME = "card.json"
WEIGHTS_NAME = "model.safetensors"
FORMAT = 1  # of a card; what an earlier program cannot read must have a later one
MAX_CARD_BYTES = 4_000_000
MAX_WEIGHTS_BYTES = 512 * 2**20
KS_95 = 1.358  # over the root of N: Kolmogorov's distance that chance exceeds once in twenty
MAX_SITE = 80  # characters that say whose images a bundle was adapted to

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Statistic(_Frozen):
    """A raw quantity's mean and standard deviation over held-out normals; `sign` makes high mean abnormal."""

    mean: float
    std: float = Field(gt=0)
    sign: Literal[-1, 1] = 1


class Foreign(_Frozen):
    """What is no upright frontal chest: a sum of z-scores of raw quantities, against held-out normals.

    `statistics` and `weights` are by quantity; an image whose sum exceeds `limit` is foreign.
    """

    statistics: dict[str, Statistic]
    weights: dict[str, float]
    limit: float


class Calibration(_Frozen):
    """From raw quantities to score and percentile; held-out normals only.

    `quantiles` are the scores of held-out normals, sorted. `patch_quantiles` the same for the memory distance of
    each patch position (row-major): N*N rows. `components` name the raw quantities, the first word their group;
    `group_std` is the standard deviation of the mean z-score of each group. `score` says which sorts the worklist: the
    paper's A, or sigmoid of the mean over the groups. An image is outside memory when its mean distance from memory
    exceeds `outside_memory`, or what `squid_core.model.places.turned` says of it `turned`; where there is
    `foreign`, when that says so.
    """

    score: Literal["paper", "combined"] = "paper"
    discriminator: Statistic
    components: dict[str, Statistic]
    group_std: dict[str, float] = Field(default_factory=dict)
    combined_std: float = Field(default=1.0, gt=0)
    quantiles: tuple[float, ...] = Field(min_length=1)
    patch_quantiles: tuple[tuple[float, ...], ...]
    thresholds: dict[str, float]
    outside_memory: float | None = None
    turned: float | None = None
    foreign: Foreign | None = None
    held_out_normals: int = Field(ge=1)


class Share(_Frozen):
    """How many of the normals lie beyond a percentile: `count` of them, with the 95% interval of the share, 0..1."""

    count: int = Field(ge=0)
    low: float = Field(ge=0, le=1)
    high: float = Field(ge=0, le=1)


class Estimate(_Frozen):
    """How a bundle scores the normals of a place, none of which it was moved or calibrated by when it scored them.

    Attributes:
        beyond: by percentile ("90", "95", "99"), how many lie beyond it; 100 less the percentile, in percent, is right.
        ks: greatest distance of their percentiles' distribution from the uniform one, 0..1 (Kolmogorov, Smirnov).
        tenths: how many have a percentile of 0 to 10, 10 to 20 and so on; a tenth of them each is right.
    """

    beyond: dict[str, Share]
    ks: float = Field(ge=0, le=1)
    tenths: tuple[int, ...] = Field(min_length=10, max_length=10)

    @property
    def fits(self) -> bool:
        """Whether they may well be uniform: the right share within every interval, and `ks` as chance gives it."""
        within = all(share.low <= 1 - float(name) / 100 <= share.high for name, share in self.beyond.items())
        return within and self.ks < KS_95 / sum(self.tenths) ** 0.5


class NotUsed(StrEnum):
    """Why an image does not take part in an adaptation."""

    UNREADABLE = "could not be read, or are not for the detector"
    AGE = "patients of another age"
    PATIENT = "further images of a patient"
    OUTSIDE = "resemble nothing in memory"
    UNUSUAL = "far less normal than the others"
    SPARE = "more than are needed"


class Adapted(_Frozen):
    """To what a bundle was adapted. Holds no name of a patient, a file or a folder.

    Attributes:
        parent: name of the bundle that it was made from.
        parent_sha256: of that one's weights.
        made: day, YYYY-MM-DD.
        normals: images that it was adapted to, each of another patient.
        not_used: by reason (`NotUsed`), how many images were not.
        site: whose images, in the words of whoever adapted it; '' where nothing was said.
        entries: entries of each memory queue that are theirs.
        before: of the parent.
        after: of this one, estimated with images left out in turn.
    """

    parent: str
    parent_sha256: Sha256
    made: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")
    normals: int = Field(ge=1)
    not_used: dict[str, int] = Field(default_factory=dict)
    site: str = Field(default="", max_length=MAX_SITE)
    entries: int = Field(ge=0)
    before: Estimate
    after: Estimate


class Card(_Frozen):
    """A bundle's card.json: the published format. The order of the fields is that of the file.

    Attributes:
        format: version of the format; 1.
        name: of the bundle, as results and exports name the weights; by `squid train` the name of its folder.
        title: the weights in a few words, '' where the preset has none.
        description: how they were trained and what their score is made of.
        intended_use: the sentence that goes with every export.
        subject: what is in the images. The window offers what reads chests.
        population: whose images; "auto" chooses among "paediatric" (under 18 years) and "adult". "any" is never chosen
            by age, only by name.
        data: which images were trained on, in words.
        licence: of the weights.
        preset: name of the preset, or path of its TOML file, as `squid train` was given it.
        seed: of everything random in the training.
        steps: generator steps in all.
        epochs: how often the training saw each of its images: steps * discriminator steps * batch size / images.
        minutes: from the command to the bundle, all runs of the training together; 0: not noted.
        minutes_given: that the training was to take (`squid train --minutes`), its schedule by the clock; 0: as long as
            the steps of its preset take.
        critic_steps: steps of the lesion critic; 0 where there is none.
        critic_from: name of the weights that the lesion critic was taken from; '' where it was trained here.
        networks_from: name and SHA-256 of the weights whose networks the training went on from, their steps counted in;
            '' where it began with new ones.
        picture_steps: of the network that paints the picture; 0 where there is none.
        weights_sha256: SHA-256 of model.safetensors, 64 hexadecimal digits; what does not have it is not loaded.
        preprocessing: from modality values to the network's input.
        network: shape of the networks in model.safetensors. A field that a card does not state has its default.
        settings: what triage always runs with; any other settings make a what-if.
        calibration: from raw evidence to score and percentile, fitted on held-out normals.
        metrics: what was measured: how many images there were, `validation` at the end of the training, and what
            `squid evaluate --record` has kept under a name of its own. For people: nothing is computed from it.
        limits: sentences on what the weights are not good for.
        adapted: to which place's normals, and from which bundle, whose `metrics` it does not have; None for one that
            was trained.
    """

    format: Literal[1] = 1
    name: str = Field(min_length=1, max_length=80)
    title: str = ""
    description: str = ""
    intended_use: str = "Research use only. Not a medical device."
    subject: Literal["chest", "digits"] = "chest"
    population: Literal["paediatric", "adult", "any"] = "any"
    data: str = ""
    licence: str = ""
    preset: str = ""
    seed: int = 0
    steps: int = Field(default=0, ge=0)
    epochs: float = Field(default=0.0, ge=0)
    minutes: float = Field(default=0.0, ge=0)
    minutes_given: float = Field(default=0.0, ge=0)
    critic_steps: int = Field(default=0, ge=0)
    critic_from: str = ""
    networks_from: str = ""
    picture_steps: int = Field(default=0, ge=0)
    weights_sha256: Sha256
    preprocessing: Preprocessing
    network: NetworkConfig
    settings: DetectorSettings
    calibration: Calibration
    metrics: dict[str, Any] = Field(default_factory=dict)
    limits: tuple[str, ...] = ()
    adapted: Adapted | None = None

    @field_serializer("network")
    def _as_stated(self, network: NetworkConfig) -> dict[str, Any]:
        """What the file states and no more, so that a switch added to the networks leaves older cards as they were."""
        return network.model_dump(mode="json", exclude_unset=True)

    def facts(self) -> WeightsFacts:
        """What goes with a detection into an export."""
        return WeightsFacts(
            title=self.title or self.name,
            population=self.population,
            intended_use=self.intended_use,
            locked=self.settings,
            thresholds=dict(self.calibration.thresholds),
            held_out_normals=self.calibration.held_out_normals,
        )


def read_card(bundle: Path) -> Card:
    """Read and check a bundle's card.

    Args:
        bundle: the weights folder.

    Raises:
        SquidError: no card, too large, of a later version, or not a valid card, in a plain sentence.
    """
    path, stated = bundle / CARD_NAME, None
    try:
        stated = json.loads(read_plain(path, MAX_CARD_BYTES).decode("utf-8"))
        return Card.model_validate(stated)
    except TooLargeError as error:
        raise SquidError("The model card is too large to be one.", "Choose another weights folder.") from error
    except OSError as error:
        raise SquidError(
            "This folder holds no model card.",
            f"A weights folder has {CARD_NAME} beside {WEIGHTS_NAME}.",
            type(error).__name__,
        ) from error
    except (ValueError, RecursionError) as error:
        if isinstance(stated, dict) and isinstance(stated.get("format"), int) and stated["format"] > FORMAT:
            raise SquidError(
                "The weights were made for a later version of this program.",
                "Install that version, or choose other weights; these stay as they are.",
            ) from error
        detail = f"{error.error_count()} fields" if isinstance(error, ValidationError) else type(error).__name__
        raise SquidError("The model card is damaged.", "Fetch the bundle again.", detail) from error


def read_weights(bundle: Path, card: Card) -> bytes:
    """The bytes of a bundle's weights, which are those that its card describes.

    Raises:
        SquidError: there are none, they are too large, or others (the hash differs).
    """
    try:
        data = read_plain(bundle / WEIGHTS_NAME, MAX_WEIGHTS_BYTES)
    except TooLargeError as error:
        raise SquidError("The weights are too large to be ours.", "Choose another weights folder.") from error
    except OSError as error:
        raise SquidError("The bundle has no weights.", f"{WEIGHTS_NAME} should lie beside its card.") from error
    if sha256(data) != card.weights_sha256:
        raise SquidError(
            "The weights are not the ones their card describes (the hash differs).", "Fetch the bundle again."
        )
    return data


def sha256(data: bytes) -> str:
    """Hash as the card states it."""
    return hashlib.sha256(data).hexdigest()
