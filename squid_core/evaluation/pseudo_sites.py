"""Made-up hospitals: what apparatus, processing and habits of one place do to all of its pictures alike.

No split of a folder stands in for another hospital, since all of a folder comes from one. A `Site` is one draw of
exposure, noise, grid, sharpness, tone curve, field, collimation, markers, pose and export for *all* pictures of a
place; its patients differ a little beside that. Everything happens at a picture's own resolution, in the order in which
it happens in a hospital, before the detector's preprocessing. Lengths are in pixels of a picture UNIT wide and high.

How far a site lies from where its pictures come from is drawn too, since other hospitals differ in that: of normals of
three real ones 1.1, 28.6 and 73.8% lay beyond the 95th percentile. FARTHEST was tuned until the shares of made-up sites
spread likewise for the bundles that were measured there. That is a fit to three figures, not a law.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from squid_core.datasets.full_resolution import Picture
from squid_core.evaluation.changes import UNIT, blurred, jpeg, moved
from squid_core.evaluation.reencode import Reencoding, stored_pixels

FARTHEST = 1.5  # a site's distance is drawn between 0, like home, and this; it multiplies all that follows

# Half widths of what is drawn about no change, or the greatest, at a distance of 1.
SHIFT, SCALE, ROTATION = 0.05, 0.10, 2.0  # pose: shares of the picture's sides, share of its size, degrees
PATIENTS = 0.3  # how much patients of a site differ, as a share of how much sites differ
STRETCH = 0.15  # of the aspect ratio, logarithm
CROP, COLLIMATION = 0.06, 0.08  # shares of each side that the field leaves out, and that its borders cover
BANDS = (0.5, 1.0, 2.0, 4.0, 8.0)  # edges of the frequency bands that processing weighs, as sigmas
GAIN = 0.5  # of a band, logarithm
BLUR = 0.8  # sigma of the apparatus' point spread
NOISE, GRAIN = 0.008, (0.3, 0.7)  # standard deviation at middle grey, as a share of the grey scale; sigma of its grain
FLUENCE = 2.0  # noise falls with exp(FLUENCE * darkness): dark is where many quanta came through
GRID, PERIODS = 0.015, (2.0, 6.0)  # amplitude of an anti-scatter grid's lines, and their period
HEEL = 0.12  # grey by which exposure falls from one edge to the other
GAMMA, STEEPNESS = 0.5, 4.0  # logarithm of the exponent; steepness of an S-shaped curve
CLIPPED = 0.06  # shares of the grey scale that are cut off below and above
WITH_GRID, WITH_BORDERS, WITH_MARKERS, WITH_WORDS, WITH_JPEG = 0.3, 0.6, 0.8, 0.3, 0.7  # shares of the sites
LETTER = 0.28  # height of a letter of the marker, in units of OpenCV's font at one pixel of UNIT
BITS, QUALITY, LONGER_SIDE = (8, 12), (40, 95), (180, 1024)
WORDS = ("AP", "PORTABLE", "SUPINE", "ERECT", "10:42", "PA 110 kV", "BED 4")
AS_IT_IS = Reencoding()  # 12 bits, the picture's own size


@dataclass(frozen=True)
class PoseHabit:
    """How patients stand in the field: what the site does, and the standard deviation between its patients.

    Attributes:
        down, right: shares of the height and width.
        scale: factor of size.
        degrees: counter-clockwise.
        spread: of patients, as a share of SHIFT, SCALE and ROTATION.
    """

    down: float = 0.0
    right: float = 0.0
    scale: float = 1.0
    degrees: float = 0.0
    spread: float = 0.0


@dataclass(frozen=True)
class Apparatus:
    """What the tube, the grid and the plate do.

    Attributes:
        blur: sigma of the point spread, 0 for none.
        noise: standard deviation at middle grey, as a share of the grey scale.
        grain: sigma of the noise's own blur, which is its spectrum.
        grid: amplitude of a grid's lines, 0 where there are none.
        period: of the lines.
        along: the lines run from left to right instead of up and down.
        heel: (down, right) grey by which exposure falls across the picture.
    """

    blur: float = 0.0
    noise: float = 0.0
    grain: float = 0.5
    grid: float = 0.0
    period: float = 4.0
    along: bool = False
    heel: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True)
class Processing:
    """What the vendor's software does.

    Attributes:
        gains: factor of each band between two neighbours of BANDS and 0.
        gamma: exponent.
        steepness: of the S-shaped curve, 0 for none.
        black, white: greys that become 0 and 1.
    """

    gains: tuple[float, ...] = (1.0,) * len(BANDS)
    gamma: float = 1.0
    steepness: float = 0.0
    black: float = 0.0
    white: float = 1.0


@dataclass(frozen=True)
class Field:
    """What of the plate is kept, what its borders cover, and what is written on it.

    Attributes:
        crop: shares cut off: above, below, left, right.
        borders: shares covered: above, below, left, right.
        border: grey of the borders, 0 or 1.
        marker: letter of the side, '' for none.
        corner: (down, right) where it stands, shares.
        framed: in a rectangle of the opposite grey.
        words: a note at the foot of some pictures, '' for none.
        noted: share of the pictures that have the note.
    """

    crop: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    borders: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    border: float = 0.0
    marker: str = ""
    corner: tuple[float, float] = (0.1, 0.1)
    framed: bool = False
    words: str = ""
    noted: float = 0.0


@dataclass(frozen=True)
class Site:
    """One made-up hospital. The default one changes nothing but that it stores 12 bits.

    Attributes:
        seed: from which it was drawn, and with which its patients differ.
        distance: from home; 0 is like home.
        export: bit depth, aspect and size in which pictures leave the hospital.
        quality: of JPEG, None where nothing is lost.
    """

    seed: int = 0
    distance: float = 0.0
    pose: PoseHabit = PoseHabit()
    apparatus: Apparatus = Apparatus()
    processing: Processing = Processing()
    field: Field = Field()
    export: Reencoding = AS_IT_IS
    quality: int | None = None


def draw_site(seed: int, farthest: float = FARTHEST) -> Site:
    """One hospital, the same for the same seed.

    Args:
        seed: any integer from 0.
        farthest: greatest distance from home.
    """
    rng = np.random.default_rng(seed)
    far = rng.uniform(0, farthest)

    def about(width: float) -> float:
        return far * float(rng.uniform(-width, width))

    def upto(greatest: float) -> float:
        return far * float(rng.uniform(0, greatest))

    def sides(greatest: float) -> tuple[float, float, float, float]:
        return upto(greatest), upto(greatest), upto(greatest), upto(greatest)

    def has(share: float) -> bool:
        return bool(rng.random() < share)

    pose = PoseHabit(about(SHIFT), about(SHIFT), float(np.exp(about(SCALE))), about(ROTATION), far * PATIENTS)
    apparatus = Apparatus(
        blur=upto(BLUR),
        noise=upto(NOISE),
        grain=float(rng.uniform(*GRAIN)),
        grid=upto(GRID) if has(WITH_GRID) else 0.0,
        period=float(rng.uniform(*PERIODS)),
        along=has(0.5),
        heel=(about(HEEL), about(HEEL)),
    )
    processing = Processing(
        gains=tuple(float(np.exp(about(GAIN))) for _ in BANDS),
        gamma=float(np.exp(about(GAMMA))),
        steepness=upto(STEEPNESS),
        black=upto(CLIPPED),
        white=1 - upto(CLIPPED),
    )
    field = Field(
        crop=sides(CROP),
        borders=sides(COLLIMATION) if has(WITH_BORDERS) else (0.0, 0.0, 0.0, 0.0),
        border=float(has(0.3)),
        marker=str(rng.choice(("L", "R"))) if has(WITH_MARKERS) else "",
        corner=(float(rng.uniform(0.03, 0.25)), float(rng.choice((0.04, 0.9)))),
        framed=has(0.4),
        words=str(rng.choice(WORDS)) if has(WITH_WORDS) else "",
        noted=float(rng.uniform(0.2, 1.0)),
    )
    export = Reencoding(
        bits=int(rng.integers(BITS[0], BITS[1] + 1)),
        aspect=float(np.exp(about(STRETCH))),
        longer_side=round(float(np.exp(rng.uniform(*np.log(LONGER_SIDE))))),
    )
    quality = int(rng.integers(QUALITY[0], QUALITY[1] + 1)) if has(WITH_JPEG) else None
    return Site(seed, far, pose, apparatus, processing, field, export, quality)


def at_site(site: Site, pictures: Sequence[Picture]) -> list[Picture]:
    """Pictures as this hospital would have made them; patient i of the sequence is always the same."""
    return [made_at(site, picture, np.random.default_rng((site.seed, i))) for i, picture in enumerate(pictures)]


def made_at(site: Site, picture: Picture, rng: np.random.Generator) -> Picture:
    """One picture as this hospital would have made it.

    Args:
        site: the hospital.
        picture: (H, W), any range, high is bright.
        rng: of the patient: pose, noise, and how field and marker lie.

    Returns:
        (h, w) float32 of the site's own size, range and bit depth.
    """
    if max(picture.shape) > LONGER_SIDE[1]:  # no site keeps more, and filters grow with the square of it
        scale = LONGER_SIDE[1] / max(picture.shape)
        picture = np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
    low, high = float(picture.min()), float(picture.max())
    grey = (picture - low) / max(high - low, 1e-6)
    grey = _posed(grey, site.pose, rng)
    grey = _cropped(grey, site.field, rng)
    grey = _exposed(grey, site.apparatus, rng)
    grey = _processed(grey, site.processing)
    grey = _marked(grey, site.field, site.pose.spread, rng)
    stored = stored_pixels(grey, site.export).astype(np.float32)
    return stored if site.quality is None else jpeg(stored, site.quality)


def _posed(grey: Picture, pose: PoseHabit, rng: np.random.Generator) -> Picture:
    down, right, size, turn = pose.spread * rng.normal(size=4)
    return moved(
        grey,
        pose.down + SHIFT / 2 * down,
        pose.right + SHIFT / 2 * right,
        pose.scale * float(np.exp(SCALE / 2 * size)),
        pose.degrees + ROTATION / 2 * turn,
    )


def _cropped(grey: Picture, field: Field, rng: np.random.Generator) -> Picture:
    """What the field keeps; about as much of every patient."""
    top, bottom, left, right = _widths(field.crop, grey, rng)
    return grey[top : grey.shape[0] - bottom, left : grey.shape[1] - right]


def _exposed(grey: Picture, apparatus: Apparatus, rng: np.random.Generator) -> Picture:
    """Blur, fall of exposure, noise and lines, in the logarithm of exposure, which a picture's grey nearly is."""
    seen = blurred(grey, apparatus.blur) if apparatus.blur else grey
    down, right = (np.linspace(-0.5, 0.5, side, dtype=np.float32) for side in grey.shape)
    seen = seen + apparatus.heel[0] * down[:, None] + apparatus.heel[1] * right
    if apparatus.noise:
        grain = blurred(rng.normal(size=grey.shape).astype(np.float32), apparatus.grain)
        seen = seen + apparatus.noise * np.exp(FLUENCE * (grey - 0.5)) * grain / grain.std()
    if apparatus.grid:
        across = 2 * np.pi * UNIT / apparatus.period * (down[:, None] if apparatus.along else right)
        seen = seen + apparatus.grid * np.sin(across + rng.uniform(0, 2 * np.pi))
    return np.asarray(seen, dtype=np.float32)


def _processed(grey: Picture, processing: Processing) -> Picture:
    """Each band by its gain, then the tone curve; 0..1."""
    finer, seen = grey, np.zeros_like(grey)
    for sigma, gain in zip(BANDS, processing.gains, strict=True):
        coarser = blurred(grey, sigma)
        seen += gain * (finer - coarser)
        finer = coarser
    seen = np.clip((seen + finer - processing.black) / (processing.white - processing.black), 0, 1)
    seen = seen**processing.gamma
    if processing.steepness:
        steep = processing.steepness
        end = np.tanh(steep / 4)
        seen = 0.5 + 0.5 * np.tanh(steep / 2 * (seen - 0.5)) / end
    return np.asarray(seen, dtype=np.float32)


def _marked(grey: Picture, field: Field, spread: float, rng: np.random.Generator) -> Picture:
    """Borders, the letter of the side and a note, burned in."""
    seen = np.ascontiguousarray(grey)
    height, width = seen.shape
    top, bottom, left, right = _widths(field.borders, grey, rng)
    for covered in (np.s_[:top], np.s_[height - bottom :], np.s_[:, :left], np.s_[:, width - right :]):
        seen[covered] = field.border
    down, across = np.asarray(field.corner) + 0.1 * spread * rng.normal(size=2)
    if field.marker:
        _write(seen, field.marker, down, across, framed=field.framed)
    if field.words and rng.random() < field.noted:
        _write(seen, field.words, 0.93, 0.5 * across, framed=False)
    return seen


def _widths(shares: Sequence[float], grey: Picture, rng: np.random.Generator) -> list[int]:
    """Pixels above, below, left and right that make up these shares of the sides; half to one and a half of each."""
    lengths = np.repeat(grey.shape, 2)
    return [round(share * length * rng.uniform(0.5, 1.5)) for share, length in zip(shares, lengths, strict=True)]


def _write(seen: Picture, words: str, down: float, right: float, *, framed: bool) -> None:
    """Words in white, their upper left corner at shares of height and width, on black where framed."""
    unit = seen.shape[1] / UNIT
    size, thickness = LETTER * unit, max(1, round(unit))
    (width, height), base = cv2.getTextSize(words, cv2.FONT_HERSHEY_SIMPLEX, size, thickness)
    x = int(np.clip(right * seen.shape[1], base, max(base, seen.shape[1] - width - base)))
    y = int(np.clip(down * seen.shape[0], base, max(base, seen.shape[0] - height - base)))
    if framed:
        seen[y - base : y + height + base, x - base : x + width + base] = 0
    ink = np.zeros(seen.shape, np.uint8)
    cv2.putText(ink, words, (x, y + height), cv2.FONT_HERSHEY_SIMPLEX, size, 255, thickness, cv2.LINE_AA)
    np.maximum(seen, ink / np.float32(255), out=seen)
