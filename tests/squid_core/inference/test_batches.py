"""Images scored together get what they would get alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from squid_core.bundle.library import weights_root
from squid_core.contracts.detection import RECONSTRUCTION_STEPS, Detection, ModelInput, Trial
from squid_core.contracts.errors import DeviceFailedError, SquidError
from squid_core.inference import detector as detectors
from squid_core.inference.detector import Detector
from squid_core.model.device import on_device
from squid_core.preprocessing import Preprocessing, prepare
from tests.squid_core.dicom.phantoms import phantom

SCORE = 1e-5  # what scores and z-scores may differ by; see `Detector.detect_many`
STEP = 1.01 / RECONSTRUCTION_STEPS


@cache
def shipped(name: str) -> tuple[Detector, tuple[ModelInput, ...], tuple[Detection, ...]]:
    """A bundle, eight chests of which no two are alike, and what it says of each alone."""
    detector = Detector.load(weights_root() / name, "cpu")
    rng = np.random.default_rng(7)
    chests = (phantom() * (1 + 0.02 * n) + rng.normal(0, 5 + 10 * n, phantom().shape) for n in range(8))
    inputs = tuple(prepare(chest.astype(np.float32), detector.card.preprocessing) for chest in chests)
    return detector, inputs, tuple(detector.detect(one) for one in inputs)


def answered(answers: Sequence[Detection | SquidError]) -> list[Detection]:
    assert all(isinstance(one, Detection) for one in answers)
    return [one for one in answers if isinstance(one, Detection)]


def slots(detection: Detection) -> list[list[int]]:
    return [[match.slot for match in patch] for patch in detection.matches]


@pytest.mark.parametrize("name", ["adult", "zhanglab"])
@pytest.mark.parametrize("batch", [1, 2, 5, 8])
def test_a_batch_answers_as_one_at_a_time_does(name: str, batch: int) -> None:
    detector, inputs, alone = shipped(name)
    together = answered(detector.detect_many(inputs[:batch]))
    assert len(together) == batch
    for one, other in zip(together, alone, strict=False):
        assert one.input_image is other.input_image
        assert one.score == pytest.approx(other.score, abs=SCORE)
        assert one.paper_score == pytest.approx(other.paper_score, abs=SCORE)
        assert one.components == pytest.approx(other.components, abs=SCORE)
        assert one.outside_memory == other.outside_memory
        assert np.abs(one.reconstruction - other.reconstruction).max() <= STEP
        assert np.abs(one.patch_scores - other.patch_scores).max() <= SCORE
        assert [[m.slot for m in patch] for patch in one.matches] == [
            [m.slot for m in patch] for patch in other.matches
        ]
        assert one.trial == other.trial
        assert one.seconds > 0


def test_none_at_all_is_answered_with_none(bundle: Path) -> None:
    assert Detector.load(bundle, "cpu").detect_many([]) == []


def others(image: ModelInput, count: int) -> list[ModelInput]:
    return [ModelInput(np.roll(image.image, 3 * n, axis=1), image.geometry, digest=str(n)) for n in range(count)]


def test_an_image_of_another_size_or_without_a_number_costs_the_others_nothing(
    bundle: Path, image: ModelInput, monkeypatch: pytest.MonkeyPatch
) -> None:
    detector = Detector.load(bundle, "cpu")
    first, second, third = others(image, 3)
    usual = [detector.detect(one).score for one in (first, third)]
    measure = detector._squid.measure

    def spoilt(images: torch.Tensor, *args: Any) -> Any:
        images = images.clone()
        images[(images == torch.tensor(second.image)).flatten(1).all(1)] = torch.nan
        return measure(images, *args)

    monkeypatch.setattr(detector._squid, "measure", spoilt)
    large = prepare(np.random.default_rng(0).random((64, 64)), Preprocessing(size=64))
    answers = detector.detect_many([first, large, second, third])
    assert [one.digest if isinstance(one, Detection) else one.title for one in answers] == [
        "0",
        "The image was prepared for other weights.",
        "The detector's answer is not a number.",
        "2",
    ]
    assert [one.score for one in answers if isinstance(one, Detection)] == pytest.approx(usual, abs=SCORE)


@pytest.fixture
def on_a_card(monkeypatch: pytest.MonkeyPatch) -> Callable[[Detector, Exception, int], list[int]]:
    """A made-up graphics card with room for so many images; the batches that it was given."""

    def build(detector: Detector, error: Exception, room: int) -> list[int]:
        measured, given = detector._measured, list[int]()

        def short(inputs: Sequence[ModelInput], trial: Trial) -> list[Detection | SquidError]:
            given.append(len(inputs))
            if len(inputs) > room:
                raise error
            return measured(inputs, trial)

        monkeypatch.setattr(detector, "_measured", short)
        monkeypatch.setattr(detectors, "on_device", lambda _, *work: on_device(torch.device("cuda"), *work))
        return given

    return build


NO_ROOM = torch.OutOfMemoryError("CUDA out of memory")


def test_out_of_memory_halves_the_batch_and_remembers_it(
    bundle: Path, image: ModelInput, on_a_card: Callable[..., list[int]]
) -> None:
    detector = Detector.load(bundle, "cpu")
    given = on_a_card(detector, NO_ROOM, 2)
    assert [one.digest for one in answered(detector.detect_many(others(image, 7)))] == list("0123456")
    assert given == [7, 7, 3, 3, 1, 1, 1, 1, 1, 1, 1]  # each size once more with what could be freed
    given.clear()
    answered(detector.detect_many(others(image, 2)))
    assert given == [1, 1]


def test_no_room_for_a_single_image_is_the_failure_of_the_card(
    bundle: Path, image: ModelInput, on_a_card: Callable[..., list[int]]
) -> None:
    detector = Detector.load(bundle, "cpu")
    on_a_card(detector, NO_ROOM, 0)
    answers = detector.detect_many(others(image, 2))
    assert all(isinstance(one, DeviceFailedError) and not one.lasting for one in answers)
    with pytest.raises(DeviceFailedError, match="too little memory"):
        detector.detect(image)


def test_a_card_that_answers_no_more_ends_the_batch(
    bundle: Path, image: ModelInput, on_a_card: Callable[..., list[int]]
) -> None:
    detector = Detector.load(bundle, "cpu")
    given = on_a_card(detector, RuntimeError("CUDA error: unspecified launch failure"), 0)
    with pytest.raises(DeviceFailedError) as dead:
        detector.detect_many(others(image, 4))
    assert dead.value.lasting
    assert given == [4]
