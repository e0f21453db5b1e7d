"""What the detector says of its own answer, against networks made by hand whose answer is known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from squid_core.bundle.card import Calibration, Card, Statistic
from squid_core.contracts.detection import (
    Detection,
    DetectorSettings,
    Gate,
    Geometry,
    MemoryEdit,
    MemoryMatch,
    ModelInput,
    RemovedEntry,
    Trial,
)
from squid_core.contracts.errors import SquidError
from squid_core.inference.detector import Detector
from squid_core.inference.explain import grad_cam
from squid_core.model.config import NetworkConfig
from squid_core.model.discriminator import Discriminator
from squid_core.model.memory import exchange
from squid_core.model.squid import Squid
from squid_core.preprocessing import Preprocessing

CPU = torch.device("cpu")
SMALL: dict[str, Any] = {
    "image_size": 32,
    "grid": 2,
    "widths": (4, 8),
    "unshuffle": 1,
    "feature_channels": 4,
    "skips": (True,),
    "decoder_slots": (0,),
    "slots": 6,
    "top_k": 2,
    "heads": 2,
    "discriminator_widths": (4, 8),
}


def detector_of(**changes: Any) -> Detector:
    """An untrained detector with a full memory, and a card that fits."""
    torch.manual_seed(0)
    config = NetworkConfig.model_validate(SMALL | changes)
    squid = Squid(config).eval()
    size = config.image_size
    squid.generator.memory.push(squid.generator.encode(torch.rand(6, 1, size, size)).features)
    names = ("discriminator", "memory", "patch")
    card = Card(
        name="made by hand",
        weights_sha256="0" * 64,
        preprocessing=Preprocessing(size=size),
        network=config.model_dump(mode="json"),
        settings=DetectorSettings(top_k=2),
        calibration=Calibration(
            discriminator=Statistic(mean=0, std=1),
            components={name: Statistic(mean=0, std=1) for name in names},
            quantiles=(0.5,),
            patch_quantiles=(tuple(np.linspace(0, 1, 21)),) * config.grid**2,
            thresholds={},
            held_out_normals=2,
        ),
    )
    return Detector(card, squid, CPU)


def random_input(size: int = 32, seed: int = 1) -> ModelInput:
    image = np.random.default_rng(seed).random((size, size)).astype(np.float32)
    return ModelInput(image, Geometry.upright((size, size), (size, size), (0.0, 0.0), (1.0, 1.0)))


def test_grad_cam_lights_up_the_place_the_logit_hangs_on() -> None:
    """One map that is the image sampled every 2 px; the read-out takes the place (1, 2) for abnormal, others not."""
    config = NetworkConfig.model_validate(SMALL | {"image_size": 8, "widths": (2, 2), "discriminator_widths": (1,)})
    discriminator = Discriminator(config).eval()
    convolution = discriminator.features[0]
    assert isinstance(convolution, torch.nn.Conv2d)
    with torch.no_grad():
        for parameter in discriminator.parameters():
            parameter.zero_()
        convolution.weight[0, 0, 2, 2] = 1  # the centre of the 5 x 5 kernel
        weights = torch.full((4, 4), 0.5)
        weights[1, 2], weights[3, 0] = -1.0, -0.5
        discriminator.read_out.weight[0] = weights.flatten()
    heat = grad_cam(discriminator, torch.full((1, 1, 8, 8), 0.5))
    expected = torch.zeros(1, 1, 4, 4)
    expected[0, 0, 1, 2], expected[0, 0, 3, 0] = 1.0, 0.5
    enlarged = torch.nn.functional.interpolate(expected, size=(8, 8), mode="bilinear", align_corners=False)[0, 0]
    assert heat.dtype == np.float32
    np.testing.assert_allclose(heat, enlarged.numpy(), atol=1e-6)


def test_grad_cam_is_dark_where_nothing_speaks_for_abnormal_and_leaves_no_gradient_behind() -> None:
    discriminator = Discriminator(NetworkConfig.model_validate(SMALL)).eval()
    with torch.no_grad():
        discriminator.read_out.weight.zero_()
    assert not grad_cam(discriminator, torch.rand(1, 1, 32, 32)).any()
    assert all(parameter.grad is None for parameter in discriminator.parameters())


def test_the_places_of_grad_cam_add_up_to_the_logit() -> None:
    """Its weights are the parts of the logit: with all of them for abnormal, the greatest is known from the sum."""
    torch.manual_seed(3)
    discriminator = Discriminator(NetworkConfig.model_validate(SMALL)).eval()
    image = torch.rand(1, 1, 32, 32)
    with torch.no_grad():
        maps = discriminator.features(image)
        discriminator.read_out.weight.copy_(-torch.sign(maps.flatten(1)))
        parts = maps.abs().sum(1)
        logit = discriminator(image) - discriminator.read_out.bias
    assert float(-logit) == pytest.approx(float(parts.sum()), rel=1e-5)
    heat = torch.tensor(grad_cam(discriminator, image))[None, None]
    places = torch.nn.functional.interpolate((parts / parts.amax())[None], size=(32, 32), mode="bilinear")
    assert torch.allclose(heat, places, atol=1e-5)


def entry(slot: int) -> MemoryMatch:
    return MemoryMatch(slot, weight=0.5, similarity=0.5, age=0)


def without(usual: Detection, *removed: tuple[int, int]) -> Trial:
    """A trial that does not read these slots of these patches."""
    return replace(usual.trial, removed=tuple(RemovedEntry(patch, entry(slot)) for patch, slot in removed))


def test_shuffling_memory_leaves_a_skip_only_network_unchanged() -> None:
    detector, image = detector_of(), random_input()
    with torch.no_grad():  # the decoder's first convolution sees [skip, up]: cut off what comes up from memory
        level = detector._generator.student.levels[0]
        level.block.first[0].weight[:, 4:] = 0  # type: ignore[union-attr,index]
    detection = detector.detect(image)
    shuffled = detector.what_if(detection, replace(detection.trial, shuffled=True))
    assert np.array_equal(shuffled.reconstruction, detection.reconstruction)
    reliance = detector.reliance(image, detection)
    assert (reliance.share, reliance.memory_change) == (0.0, 0.0)
    assert reliance.bypass_change > 0


def test_shuffling_memory_changes_a_memory_only_network() -> None:
    detector, image = detector_of(skips=(False,)), random_input()
    detection = detector.detect(image)
    shuffled = detector.what_if(detection, replace(detection.trial, shuffled=True))
    reliance = detector.reliance(image, detection)
    assert (reliance.share, reliance.bypass_change) == (1.0, 0.0)
    expected = float(np.abs(shuffled.reconstruction - detection.reconstruction).mean())
    assert reliance.memory_change == pytest.approx(expected, rel=1e-5)
    assert expected > 1e-4
    assert np.array_equal(reliance.shuffled, shuffled.reconstruction)


def test_with_the_gate_open_the_picture_comes_past_memory() -> None:
    detector, image = detector_of(skips=(False,)), random_input()
    shares = []
    for rho in (0.0, 0.5, 1.0):
        detection = detector.detect(image, DetectorSettings(2, gate=Gate.SOFT, rho=rho))
        shares.append(detector.reliance(image, detection).share)
    assert shares[0] == 0
    assert shares[2] == 1
    assert shares[1] is not None
    assert 0 < shares[1] < 1


def test_a_patchwise_picture_follows_its_memory_to_the_other_place() -> None:
    """Without in-painting, neighbours or a code of the place, the shuffled picture is the usual one's patches moved."""
    changes = {"skips": (False,), "inpaint": False, "joined_from": 1, "slots": 1, "top_k": 1}
    detector, image = detector_of(**changes), random_input()
    detector.card = detector.card.model_copy(update={"settings": DetectorSettings(top_k=1)})
    with torch.no_grad():
        detector._generator.expand[0].weight[:, 4:] = 0  # type: ignore[operator]
    detection = detector.detect(image)
    shuffled = detector.reliance(image, detection).shuffled
    for patch, source in enumerate(exchange(4)):
        (row, column), (from_row, from_column) = divmod(patch, 2), divmod(source, 2)
        here = np.s_[row * 16 : row * 16 + 16, column * 16 : column * 16 + 16]
        there = np.s_[from_row * 16 : from_row * 16 + 16, from_column * 16 : from_column * 16 + 16]
        np.testing.assert_allclose(shuffled[here], detection.reconstruction[there], atol=1e-6)


def test_without_an_entry_the_detection_is_that_of_a_memory_that_never_had_it() -> None:
    detector, image = detector_of(skips=(False,), inpaint=False), random_input()
    usual = detector.detect(image)
    match = usual.matches[3][0]
    gone = match.slot
    edited = detector.what_if(usual, replace(usual.trial, removed=(RemovedEntry(3, match),)))
    other = detector_of(skips=(False,), inpaint=False)
    memory = other._generator.memory
    with torch.no_grad():  # an entry opposite to every feature is never chosen
        memory.entries[3, gone] = -100 * other._generator.encode(torch.tensor(image.image)[None, None]).features[0, 3]
    np.testing.assert_allclose(edited.reconstruction, other.detect(image).reconstruction, atol=1e-6)
    assert gone not in {match.slot for match in edited.matches[3]}
    assert edited.matches[0] == usual.matches[0]
    assert edited.trial.edit.removed == {(3, gone)}
    removal = detector.without(usual, 3, match)
    assert removal.score_change == pytest.approx(edited.score - usual.score)
    change = np.abs(edited.reconstruction - usual.reconstruction)[16:, 16:].mean()
    assert removal.picture_change == pytest.approx(float(change), abs=1e-7)
    assert detector.detect(image).score == usual.score, "nothing is left behind"


def test_an_entry_that_is_not_read_can_go_without_a_trace() -> None:
    detector, image = detector_of(), random_input()
    usual = detector.detect(image)
    unread = next(slot for slot in range(6) if slot not in {match.slot for match in usual.matches[1]})
    removal = detector.without(usual, 1, entry(unread))
    assert (removal.score_change, removal.picture_change) == (0.0, 0.0)


def test_what_cannot_be_edited_gets_a_sentence() -> None:
    detector, image = detector_of(), random_input()
    usual = detector.detect(image)
    everything = [(2, slot) for slot in range(6)]
    with pytest.raises(SquidError, match="left for the patch in row 2, column 1"):
        detector.what_if(usual, without(usual, *everything))
    (only,) = detector.what_if(usual, without(usual, *everything[:5])).matches[2]
    assert only.slot == 5
    assert only.weight == pytest.approx(1)
    for removed in ((4, 0), (0, 6)):
        with pytest.raises(SquidError, match="no such memory entry"):
            detector.what_if(usual, without(usual, removed))
    shared = detector_of(space_aware=False)
    with pytest.raises(SquidError, match="share one memory"):
        shared.what_if(shared.detect(image), replace(usual.trial, shuffled=True))
    assert shared.explain(image).reliance is None
    with pytest.raises(ValueError, match="counted from 0"):
        MemoryEdit(frozenset({(-1, 0)}))


def test_an_explanation_is_complete(bundle: Path, image: ModelInput) -> None:
    detector = Detector.load(bundle, "cpu")
    explanation = detector.explain(image, removals=True)
    detection = explanation.detection
    assert detection.score == detector.detect(image).score
    assert explanation.grad_cam.shape == (32, 32)
    assert 0 <= explanation.grad_cam.min() <= explanation.grad_cam.max() <= 1
    assert tuple(entries.patch for entries in explanation.patches) == detection.most_abnormal(3)
    for entries in explanation.patches:
        assert entries.matches == detection.matches[entries.patch]
        slots = [match.slot for match in entries.matches]
        np.testing.assert_allclose(entries.pictures, detector.entries(entries.patch, slots), atol=1e-6)
    assert len(explanation.removals) == 3 * detection.trial.settings.top_k
    assert explanation.reliance is not None
    assert explanation.reliance.share == 1, "the tiny network has no skip connections"
    (one,) = detector.explain(image, patches=[2]).patches
    assert one.patch == 2
    with pytest.raises(SquidError, match="no such patch"):
        detector.explain(image, patches=[4])


def test_the_most_abnormal_patches_come_first() -> None:
    detection = detector_of().detect(random_input())
    percentiles = detection.patch_percentiles.ravel()
    order = detection.most_abnormal(4)
    assert sorted(order) == [0, 1, 2, 3]
    assert [percentiles[patch] for patch in order] == sorted(percentiles, reverse=True)
