"""Presets: all that makes one training differ from another, as TOML files beside this module."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from squid_core.contracts.errors import SquidError
from squid_core.model.config import NetworkConfig
from squid_core.preprocessing import Preprocessing

GOING_ON_RATE = 0.35  # of the learning rates, for networks that have learned most of it
PRESETS = Path(__file__).parent / "presets"

Component = Literal[
    "discriminator",
    "memory",
    "patch",
    "texture",
    "texture symmetry",
    "lesion",
    "anatomy",
    "elsewhere",
]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LossWeights(_Frozen):
    """Weights of the generator's losses; the defaults are the published ones (the pretext task is not published)."""

    student: float = Field(default=10.0, ge=0)
    teacher: float = Field(default=0.01, ge=0)
    distillation: float = Field(default=0.001, ge=0)
    adversarial: float = Field(default=0.005, ge=0)
    pretext: float = Field(default=1.0, ge=0)


class Augmentation(_Frozen):
    """Random changes of every training image; all zero switches them off.

    Attributes:
        rotation: greatest angle in degrees, either way.
        translation: greatest shift as a share of the side.
        scale: greatest change of size as a share.
        stretch: greatest logarithm of the ratio by which width grows and height shrinks, or the other way.
        gamma: greatest exponent g; drawn log-uniformly from 1/g .. g. 0 or 1 is off.
        padding: what comes in from outside a moved image: its mirror image, or black as where a beam was collimated.
        contrast: greatest logarithm of the factor on contrast, and twice the greatest change of brightness.
        sharpen: greatest amount of an unsharp mask of sigma 1 px.
        blur: greatest sigma of a Gaussian in pixels.
        noise: greatest standard deviation of white noise.
        spare: share of the images that each of sharpen, blur and noise leaves alone.
    """

    rotation: float = Field(default=0.0, ge=0, le=45)
    translation: float = Field(default=0.0, ge=0, lt=0.5)
    scale: float = Field(default=0.0, ge=0, lt=0.5)
    stretch: float = Field(default=0.0, ge=0, lt=0.5)
    gamma: float = Field(default=0.0, ge=0, le=4)
    contrast: float = Field(default=0.0, ge=0, lt=1)
    sharpen: float = Field(default=0.0, ge=0, le=4)
    blur: float = Field(default=0.0, ge=0, le=4)
    noise: float = Field(default=0.0, ge=0, lt=0.5)
    spare: float = Field(default=0.0, ge=0, lt=1)
    padding: Literal["reflection", "zeros"] = "reflection"


class LesionTraining(_Frozen):
    """How the lesion critic is trained, before SQUID itself; its shape stands in the network.

    Attributes:
        steps: of the critic.
        batch_size: images a step, every second one with a lesion.
        learning_rate: of AdamW, after a short rise and then on a cosine down to a fiftieth.
        weight_decay: of AdamW.
        ema: decay of the averaged weights that are kept.
        augmentation: changes that are no lesions, of images with and without.
        kinds: how often each kind of synthetic_lesions.KINDS is drawn, relative to the others.
    """

    steps: int = Field(ge=1)
    batch_size: int = Field(default=48, ge=4)
    learning_rate: float = Field(default=2e-3, gt=0)
    weight_decay: float = Field(default=1e-2, ge=0)
    ema: float = Field(default=0.995, ge=0, lt=1)
    augmentation: Augmentation = Augmentation()
    kinds: dict[str, Annotated[float, Field(gt=0)]] = Field(min_length=1)


class PictureTraining(_Frozen):
    """How the network that paints the picture is trained, behind SQUID; its shape stands in the network.

    Attributes:
        steps: of the network, and of its adversary.
        batch_size: images a step, every second one with a lesion.
        learning_rate: of AdamW, after a short rise and then on a cosine down to a fiftieth.
        adversary_rate: of the adversary's Adam.
        weight_decay: of AdamW.
        ema: decay of the averaged weights that are kept.
        energy: weight of the bands' energies beside the L1 distance.
        adversarial: weight of the adversary beside it.
        augmentation: changes of the normals before lesions are drawn.
    """

    steps: int = Field(ge=1)
    batch_size: int = Field(default=8, ge=2)
    learning_rate: float = Field(default=3e-3, gt=0)
    adversary_rate: float = Field(default=5e-4, gt=0)
    weight_decay: float = Field(default=1e-3, ge=0)
    ema: float = Field(default=0.99, ge=0, lt=1)
    energy: float = Field(default=0.01, ge=0)
    adversarial: float = Field(default=0.003, ge=0)
    augmentation: Augmentation = Augmentation()


class CardText(_Frozen):
    """What the model card says in words; a training on other data has other words."""

    title: str = ""
    description: str = ""
    data: str = ""
    licence: str = ""
    limits: tuple[str, ...] = ()


class Preset(_Frozen):
    """One way to train.

    Attributes:
        subject: what is in the images; for the card.
        population: whose images; for the card, by which "auto" chooses weights for a patient.
        network: shape of the networks.
        preprocessing: from a picture's grey values to the network's input; its size is the network's image_size.
        losses: weights of the generator's losses.
        augmentation: random changes of the training images.
        steps: generator steps in all.
        batch_size: images a step.
        learning_rate: of Adam at the start, for generator and discriminator; falls to `final_rate` of it on a cosine.
        final_rate: share of the learning rate that is left at the end, 0..1.
        betas: of Adam.
        weight_decay: of the generator's Adam.
        critic_steps: discriminator steps per generator step (published: 2).
        share_forward: one generator forward serves the discriminator's and the generator's step.
        ema: decay of the averaged weights that are kept; 0 keeps the last.
        held_out: share of the patients among the normals that is never trained on and calibrates the score.
        precision: of SQUID's steps, its memory always in fp32; "bf16" applies to CUDA only.
        validate_every: steps between two validations, which are for information only.
        score: which score sorts the worklist, the paper's A or the combined one.
        components: what enters the combined score, with equal weights; texture means something on chests only,
            patch (the farthest from memory of an image's patches) where a patch is a thing of its own.
        lesions: how the lesion critic is trained, if there is one.
        picture: how the network that paints the picture is trained, if there is one.
        card: words for the model card.
    """

    subject: Literal["chest", "digits"] = "chest"
    population: Literal["paediatric", "adult", "any"] = "any"
    network: NetworkConfig = NetworkConfig()
    preprocessing: Preprocessing = Preprocessing()
    losses: LossWeights = LossWeights()
    augmentation: Augmentation = Augmentation()
    steps: int = Field(ge=1)
    batch_size: int = Field(default=16, ge=2)
    learning_rate: float = Field(default=1e-4, gt=0)
    final_rate: float = Field(default=0.1, ge=0, le=1)
    betas: tuple[float, float] = (0.5, 0.999)
    weight_decay: float = Field(default=1e-5, ge=0)
    critic_steps: int = Field(default=1, ge=1)
    share_forward: bool = True
    ema: float = Field(default=0.0, ge=0, lt=1)
    held_out: float = Field(default=0.15, gt=0, lt=0.9)
    precision: Literal["fp32", "bf16"] = "fp32"
    validate_every: int = Field(default=250, ge=1)
    score: Literal["paper", "combined"] = "paper"
    components: tuple[Component, ...] = Field(default=("discriminator", "memory", "texture"), min_length=1)
    lesions: LesionTraining | None = None
    picture: PictureTraining | None = None
    card: CardText = CardText()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if bool(self.network.lesion_widths) != (self.lesions is not None):
            raise ValueError("a lesion critic needs both lesion_widths in [network] and a table [lesions]")
        if bool(self.network.picture_widths) != (self.picture is not None):
            raise ValueError("a picture needs both picture_widths in [network] and a table [picture]")
        if not self.network.lesion_widths and {"lesion", "anatomy"} & set(self.components):
            raise ValueError("the components lesion and anatomy need a lesion critic")
        return self


def without_picture(preset: Preset) -> Preset:
    """The preset without the network that paints the picture, of which no score depends."""
    network = preset.network.model_copy(update={"picture_widths": ()})
    return preset.model_copy(update={"network": network, "picture": None})


def with_steps(preset: Preset, steps: int | None) -> Preset:
    """The preset with another number of steps, for critic and picture too, or as it is; validation at the end only.

    Raises:
        SquidError: not a number of steps.
    """
    if steps is None:
        return preset
    if steps < 1:
        raise SquidError("A training has at least one step.", "Give a greater number of steps.")
    lesions = preset.lesions and preset.lesions.model_copy(update={"steps": steps})
    picture = preset.picture and preset.picture.model_copy(update={"steps": steps})
    changes = {"steps": steps, "validate_every": steps, "lesions": lesions, "picture": picture}
    return preset.model_copy(update=changes)


def preset_names() -> tuple[str, ...]:
    """Names of the presets that come with the program."""
    return tuple(sorted(path.stem for path in PRESETS.glob("*.toml")))


def going_on(preset: Preset, steps: int, critic_steps: int) -> Preset:
    """The preset for networks that were trained already: so many steps more of each at lower rates, or none.

    Raises:
        SquidError: not a number of steps.
    """
    if min(steps, critic_steps) < 0:
        raise SquidError("A training has no step or some.", "Give --steps and --critic-steps from 0 on.")
    rate = GOING_ON_RATE * preset.learning_rate
    lesions = preset.lesions and preset.lesions.model_copy(
        update={"steps": critic_steps, "learning_rate": GOING_ON_RATE * preset.lesions.learning_rate}
    )
    return preset.model_copy(update={"steps": steps, "learning_rate": rate, "lesions": lesions})


def load_preset(name: str) -> Preset:
    """Read a preset by name or from a TOML file.

    Raises:
        SquidError: no such preset, or it is not valid.
    """
    path = Path(name) if name.endswith(".toml") else PRESETS / f"{name}.toml"
    try:
        return Preset.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise SquidError("There is no such preset.", f"Choose one of: {', '.join(preset_names())}.") from error
    except tomllib.TOMLDecodeError as error:
        raise SquidError("The preset is not valid TOML.", "Compare it with one that comes with the program.") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        why = first["msg"].removeprefix("Value error, ")
        raise SquidError(f"The preset's field '{where}' is wrong: {why}.", "Correct the preset.") from error
