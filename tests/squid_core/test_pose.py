"""Laying chests on a mean chest: moved ones come back, others are refused, and every place is where it says."""

from __future__ import annotations

import base64
from pathlib import Path

import cv2
import numpy as np
import pytest
from pydantic import ValidationError
from safetensors.numpy import save

from squid_core.bundle.card import read_card
from squid_core.bundle.library import weights_root
from squid_core.contracts.affine import IDENTITY, Matrix, mapped, then
from squid_core.contracts.detection import ModelInput
from squid_core.contracts.radiograph import FloatArray
from squid_core.pose import SEEN, SIDE, MeanChest, as_matrix, as_params, missing, register, unpack
from squid_core.preprocessing import Preprocessing, prepare
from squid_core.warping import warped
from tests.squid_core.chests import chest, mean_chest

S = 128


def moved(picture: FloatArray, params: tuple[float, ...]) -> tuple[FloatArray, Matrix]:
    """A picture seen from elsewhere, and the map from its pixels to those of the picture."""
    matrix = as_matrix(np.array(params), len(picture))
    return np.asarray(warped(picture, matrix, picture.shape), dtype=np.float32), matrix


def farthest(one: Matrix, other: Matrix) -> float:
    """Greatest distance, in pixels, that two maps put a place of the lungs apart."""
    places = [(r, c) for r in (40, 64, 88) for c in (32, 64, 96)]
    return max(float(np.hypot(*np.subtract(mapped(one, r, c), mapped(other, r, c)))) for r, c in places)


def test_a_chest_that_was_moved_lies_where_it_lay() -> None:
    for seed in range(6):
        picture = chest(1000 + seed)
        pose, laid = register(picture, mean_chest())
        assert pose.registered
        assert not pose.mirrored
        for params in ((0, 0, 0.08, 0, 0, 0), (0, 0, 0, 0, 0, -0.08), (0.06, 0.04, 0.03, -0.04, 0.06, 0.02)):
            elsewhere, matrix = moved(picture, params)
            again, found = register(elsewhere, mean_chest())
            assert again.registered
            # Where the laid picture says a place is, in the pixels of the first.
            assert farthest(then(found, matrix), laid) < 1.5, (seed, params)
            assert abs(again.quality - pose.quality) < 0.05


def test_it_says_the_same_twice() -> None:
    assert register(chest(7), mean_chest()) == register(chest(7), mean_chest())


def test_what_is_no_upright_chest_is_left_as_it_is() -> None:
    rng = np.random.default_rng(0)
    noise = cv2.GaussianBlur(rng.random((S, S)).astype(np.float32), (0, 0), 6)
    for name, picture in {
        "turned": np.ascontiguousarray(np.rot90(chest(3))),
        "upside down": np.ascontiguousarray(chest(3)[::-1]),
        "inverted": 1 - chest(3),
        "noise": (noise - noise.min()) / (noise.max() - noise.min()),
        "flat": np.zeros((S, S), np.float32),
    }.items():
        pose, laid = register(np.asarray(picture, dtype=np.float32), mean_chest())
        if name != "upside down":  # these chests are much the same that way up
            assert not pose.registered, name
            assert laid == IDENTITY, name
        assert register(chest(3), mean_chest())[0].quality > pose.quality + 0.2, name


def test_borders_and_exposure_do_not_pull() -> None:
    for seed in range(6):
        picture = chest(3000 + seed)
        _, laid = register(picture, mean_chest())
        framed = picture.copy() ** np.float32(0.8)
        framed[:12], framed[:, :9] = 1.0, 1.0
        pose, found = register(framed, mean_chest())
        assert pose.registered
        assert farthest(found, laid) < 4, seed


def test_a_mirrored_chest_is_flagged_and_never_turned_round() -> None:
    flags = []
    for seed in range(10):
        pose, ((down, _, _), (_, across, _)) = register(np.ascontiguousarray(chest(2000 + seed)[:, ::-1]), mean_chest())
        assert down > 0
        assert across > 0
        flags.append(pose.mirrored)
    assert sum(flags) >= 8


def test_a_lesion_of_one_side_hides_no_mirroring_and_feigns_none() -> None:
    rows, columns = (np.mgrid[:S, :S] + 0.5) / S
    dense = 0.5 * np.exp(-((((columns - 0.7) / 0.12) ** 2 + ((rows - 0.35) / 0.12) ** 2) ** 1.5))
    for seed in range(2000, 2010):
        ill = np.clip(chest(seed) + dense, 0, 1).astype(np.float32)
        assert not register(ill, mean_chest())[0].mirrored, seed
        assert register(np.ascontiguousarray(ill[:, ::-1]), mean_chest())[0].mirrored, seed


@pytest.mark.shared
def test_real_chests_are_found_when_they_are_mirrored_and_only_then(shared: Path) -> None:
    for bundle, folder, least in (("adult", "adult/val/NORMAL", 57), ("zhanglab", "zhanglab/train/NORMAL", 57)):
        laying = read_card(weights_root() / bundle).preprocessing
        files = sorted((shared / folder).iterdir())
        found = pointed_out = 0
        for file in files[:: len(files) // 60][:60]:
            picture = cv2.imread(str(file), cv2.IMREAD_GRAYSCALE)
            assert picture is not None
            pointed_out += is_mirrored(prepare(picture, laying))
            found += is_mirrored(prepare(np.ascontiguousarray(picture[:, ::-1]), laying))
        assert pointed_out == 0, bundle
        assert found >= least, bundle


def is_mirrored(seen: ModelInput) -> bool:
    return seen.pose is not None and seen.pose.mirrored


def test_prepare_lays_the_picture_from_its_own_pixels_and_says_where_every_place_was() -> None:
    """A bright mark in a large picture is found in the model image where the geometry says."""
    laid = Preprocessing(size=S, tone=0.5, mean_chest=mean_chest())
    large = cv2.resize(chest(11), (700, 900), interpolation=cv2.INTER_CUBIC)  # 900 rows, 700 columns
    base = (large * 1000).astype(np.float32)
    for row, column in ((300, 220), (560, 480), (330, 490)):
        marked = base.copy()
        cv2.circle(marked, (column, row), 9, 2500.0, -1)
        plain, seen = prepare(base, laid), prepare(marked, laid)
        assert seen.pose is not None
        assert seen.pose.registered
        brighter = seen.image - plain.image
        bright = np.clip(brighter - brighter.max() / 2, 0, None)
        rows, columns = np.mgrid[:S, :S]
        found = seen.geometry.to_original((rows * bright).sum() / bright.sum(), (columns * bright).sum() / bright.sum())
        assert np.hypot(found[0] - row, found[1] - column) < 7, "within a pixel of the model's"


def test_a_picture_that_cannot_be_laid_is_seen_whole() -> None:
    laid = Preprocessing(size=S, mean_chest=mean_chest())
    picture = np.ascontiguousarray(np.rot90(chest(5))) * 4000
    seen = prepare(picture, laid)
    assert seen.pose is not None
    assert not seen.pose.registered
    assert seen.geometry == prepare(picture, Preprocessing(size=S)).geometry
    assert np.abs(seen.image - prepare(picture, Preprocessing(size=S)).image).mean() < 0.02


def test_laying_does_not_blur() -> None:
    """Sharpness is part of what is judged: detail of a pixel and a half stays, whatever the size of the original."""
    rng = np.random.default_rng(3)
    fine = cv2.GaussianBlur(rng.normal(0, 1, (S, S)).astype(np.float32), (0, 0), 1.2)
    for size in (224, 512, 2000):
        picture = cv2.resize(chest(12) + 0.1 * fine, (size, size), interpolation=cv2.INTER_CUBIC)
        plain, laid = (prepare(picture, Preprocessing(size=S, mean_chest=mean)).image for mean in ("", mean_chest()))
        energy = [float(cv2.Laplacian(one[32:-32, 32:-32], cv2.CV_32F).var()) for one in (plain, laid)]
        assert 0.75 < energy[1] / energy[0] < 1.33, size


def test_params_and_matrices_are_each_others_inverse() -> None:
    params = np.array((0.1, -0.05, 0.2, 0.03, -0.08, -0.1))
    for size in (16, 64, 128):
        assert np.allclose(as_params(as_matrix(params, size), size), params)
    wanted, laid = as_matrix(params, S), as_matrix(-params / 2, S)
    assert np.allclose(then(missing(wanted, laid), laid), wanted)
    assert as_matrix(np.zeros(6), S) == IDENTITY


@pytest.mark.parametrize(
    "packed",
    [
        "no base64 !",
        base64.b64encode(b"no safetensors").decode(),
        base64.b64encode(save({"mean": np.zeros((SIDE, SIDE), np.float16)})).decode(),
        base64.b64encode(
            save({"mean": np.zeros((8, 8), np.float16), "steps": np.zeros((2, SEEN**2 + 1, 6), np.float16)})
        ).decode(),
        base64.b64encode(
            save(
                {"mean": np.full((SIDE, SIDE), np.nan, np.float16), "steps": np.zeros((1, SEEN**2 + 1, 6), np.float16)}
            )
        ).decode(),
    ],
)
def test_a_card_with_a_damaged_mean_chest_is_not_valid(packed: str) -> None:
    with pytest.raises(ValidationError):
        Preprocessing(mean_chest=packed)


def test_what_was_packed_is_unpacked() -> None:
    chest_ = unpack(mean_chest())
    assert isinstance(chest_, MeanChest)
    assert chest_.pack() == mean_chest()
    assert len(mean_chest()) < 60_000
