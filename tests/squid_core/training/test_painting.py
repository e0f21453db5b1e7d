"""The picture's network learns behind SQUID, resumes to the step, and comes with the bundle."""

from __future__ import annotations

import math
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from squid_core.bundle.card import Card, read_card
from squid_core.bundle.weights import read_bundle
from squid_core.contracts.detection import Geometry, ModelInput
from squid_core.contracts.errors import SquidError
from squid_core.datasets.image_set import ImageSet
from squid_core.inference.detector import Detector
from squid_core.model.squid import Squid
from squid_core.training.checkpoint import save_checkpoint
from squid_core.training.finish import finish
from squid_core.training.loop import Trainer
from squid_core.training.picture import CELL, CHECKPOINT, FAINTEST, PictureTrainer, energies, random_doubt
from squid_core.training.preset import (
    Augmentation,
    PictureTraining,
    Preset,
    going_on,
    load_preset,
    with_steps,
    without_picture,
)
from squid_core.training.sets import Sets, sets_from_folders
from tests.squid_core.datasets.made_up_images import CPU, made_up, write_pictures
from tests.squid_core.training.test_critic import with_critic

PICTURE = PictureTraining(steps=6, batch_size=4, augmentation=Augmentation(rotation=3, gamma=1.1))


def painting(steps: int = 6) -> Preset:
    preset = with_critic()
    network = preset.network.model_copy(update={"picture_widths": (8, 6, 4)})
    return preset.model_copy(
        update={"network": network, "picture": PICTURE.model_copy(update={"steps": steps}), "steps": 2}
    )


def fine(count: int, seed: int = 0) -> ImageSet:
    """The images of `made_up`, at twice their side."""
    small = made_up(count, seed)
    large = np.stack([cv2.resize(image, (64, 64), interpolation=cv2.INTER_CUBIC) for image in small.images])
    return ImageSet(large, small.names, small.patients)


def stage(work: Path, steps: int = 6) -> PictureTrainer:
    torch.manual_seed(1)
    preset = painting(steps)
    squid = Squid(preset.network).eval()
    squid.generator.memory.push(squid.generator.encode(torch.rand(12, 1, 32, 32)).features.detach())
    return PictureTrainer(preset, squid, fine(16), work, seed=3, device=CPU)


def test_it_learns(tmp_path: Path) -> None:
    losses = []
    one = stage(tmp_path, steps=24)
    one.fit_doubt()
    for one.step in range(24):
        losses.append(one._one_step())
    assert set(losses[0]) == {"distance", "energy", "unreal", "adversary"}
    first, last = (np.mean([loss["energy"] for loss in part]) for part in (losses[:4], losses[-4:]))
    assert last < 0.8 * first


def test_every_second_image_has_a_lesion_of_which_the_target_knows_nothing(tmp_path: Path) -> None:
    one = stage(tmp_path)
    one.how = one.how.model_copy(update={"augmentation": Augmentation()})
    torch.manual_seed(0)
    given, target = one.drawn([3, 5, 7, 9])
    assert torch.equal(target[:, 0], torch.from_numpy(fine(16).images[[3, 5, 7, 9]]).float() / 255)
    gap = (given.images - torch.nn.functional.avg_pool2d(target, 2)).abs().amax((1, 2, 3))
    assert (gap[1::2] <= 0.5 / 255 + 1e-6).all(), "in the steps of a model input, and nothing else"
    assert (gap[::2] > 0.02).all()


def test_a_resumed_picture_ends_where_an_unbroken_one_does(tmp_path: Path) -> None:
    whole = {name: value.clone() for name, value in stage(tmp_path).run(progress=False).state_dict().items()}
    (tmp_path / CHECKPOINT).unlink()
    broken = stage(tmp_path)
    broken.fit_doubt()
    for _ in range(3):
        broken._one_step()
        broken.step += 1
    save_checkpoint(tmp_path / CHECKPOINT, *broken._state())
    resumed = stage(tmp_path).run(resume=True, progress=False)
    for name, value in resumed.state_dict().items():
        assert torch.equal(value, whole[name]), name


def test_a_loss_that_is_no_number_stops_it_and_leaves_the_checkpoint(tmp_path: Path) -> None:
    stage(tmp_path, steps=2).run(progress=False)
    before = (tmp_path / CHECKPOINT).read_bytes()
    bad = stage(tmp_path, steps=4)
    bad.picture.detail.weight.data.fill_(torch.nan)
    with pytest.raises(SquidError, match="diverged at step 0"):
        bad.run(progress=False)
    assert (tmp_path / CHECKPOINT).read_bytes() == before


def test_a_bundle_that_paints(tmp_path: Path) -> None:
    sets = Sets(made_up(16), made_up(6, seed=2), fine=fine(16))
    one = Trainer(painting(), "mine", sets, tmp_path / "work", seed=3, device=CPU)
    one.run(progress=False)
    finish(one, tmp_path / "bundle", progress=False)
    card, squid = read_bundle(tmp_path / "bundle", CPU)
    assert card.picture_steps == 6
    assert squid.picture is not None
    assert float(squid.picture.detail.weight.detach().abs().sum()) > 0, "it has learned"
    detector = Detector.load(tmp_path / "bundle", "cpu")
    geometry = Geometry.upright((32, 32), (32, 32), (0, 0), (1, 1))
    found = detector.detect(ModelInput(made_up(1, 5).images[0].astype(np.float32) / 255, geometry))
    picture = detector.maps(found).picture
    assert picture is not None
    assert picture.shape == (64, 64)
    assert picture.dtype == np.float32
    assert 0 <= picture.min() <= picture.max() <= 1
    again = detector.maps(found).picture
    assert again is not None
    assert np.array_equal(again, picture)


def test_where_nothing_is_trained_on_the_picture_is_kept(tmp_path: Path) -> None:
    sets = Sets(made_up(16), made_up(6, seed=2), fine=fine(16))

    def made(name: str, preset: Preset, start: Path | None = None) -> tuple[Card, dict[str, torch.Tensor]]:
        one = Trainer(preset, "mine", sets, tmp_path / f"work-{name}", seed=3, device=CPU)
        if start is not None:
            card, squid = read_bundle(start, CPU)
            one.begin_with(squid, card)
        one.run(progress=False)
        finish(one, tmp_path / name, progress=False)
        card, squid = read_bundle(tmp_path / name, CPU)
        assert squid.picture is not None
        return card, dict(squid.picture.named_parameters())

    _, first = made("first", painting())
    more = painting(9)
    card, kept = made("kept", going_on(more, 0, 0), tmp_path / "first")
    assert card.picture_steps == 6
    assert all(torch.equal(tensor, first[name]) for name, tensor in kept.items())
    card, anew = made("anew", going_on(more, 1, 0), tmp_path / "first")
    assert card.picture_steps == 9
    assert not all(torch.equal(tensor, first[name]) for name, tensor in anew.items())


def test_no_score_depends_on_it(tmp_path: Path) -> None:
    sets = Sets(made_up(16), made_up(6, seed=2), fine=fine(16))
    scores: list[tuple[float, ...]] = []
    for preset in (painting(), without_picture(painting())):
        one = Trainer(preset, "mine", sets, tmp_path / f"work{len(scores)}", seed=3, device=CPU)
        one.run(progress=False)
        finish(one, tmp_path / f"bundle{len(scores)}", progress=False)
        scores.append(read_card(tmp_path / f"bundle{len(scores)}").calibration.quantiles)
    assert scores[0] == scores[1]


def test_only_patients_that_are_trained_on_teach_it(tmp_path: Path) -> None:
    folder = write_pictures(tmp_path / "normal", 20)
    few = tmp_path / "fine"
    few.mkdir()
    for name in made_up(20).names[::2]:
        image = cv2.imread(str(folder / name), cv2.IMREAD_GRAYSCALE)
        assert image is not None
        cv2.imwrite(str(few / name), cv2.resize(image, (90, 70)))
    sets, _ = sets_from_folders(folder, None, (), painting(), fine=few)
    assert isinstance(sets.fine, ImageSet)
    assert isinstance(sets.train, ImageSet)
    assert sets.fine.images.shape[1:] == (64, 64)
    assert set(sets.fine.names) == set(sets.train.names) & set(made_up(20).names[::2])
    assert sets_from_folders(folder, None, (), load_preset("tiny"))[0].fine is None
    with pytest.raises(SquidError, match="other patients"):
        sets_from_folders(folder, None, (), painting(), fine=_renamed(few))


def _renamed(folder: Path) -> Path:
    for path in list(folder.iterdir()):
        path.rename(folder / f"other{path.name}")
    return folder


def test_a_preset_needs_both_halves_of_a_picture() -> None:
    whole = painting().model_dump()
    for wrong in ({"picture": None}, {"network": with_critic().network.model_dump()}):
        with pytest.raises(ValueError, match="picture"):
            Preset.model_validate(whole | wrong)
    without = without_picture(painting())
    assert Preset.model_validate(without.model_dump()) == without
    shorter = with_steps(painting(), 3).picture
    assert shorter is not None
    assert shorter.steps == 3


def test_energies_by_hand() -> None:
    flat = torch.full((1, 1, 64, 64), 0.3)
    assert torch.allclose(energies(flat), torch.tensor(math.log(FAINTEST)))
    checks = ((torch.arange(64)[:, None] + torch.arange(64)) % 2).float()[None, None]
    found = energies(checks)
    assert found.shape == (1, 3, 64 // CELL, 64 // CELL)
    assert torch.allclose(found[:, 0], torch.tensor(math.log(0.25 + FAINTEST))), (
        "each pixel is 0.5 from the mean of four"
    )
    assert torch.allclose(found[:, 1:], torch.tensor(math.log(FAINTEST)))


def test_doubt_falls_everywhere_somewhere_or_nowhere() -> None:
    torch.manual_seed(0)
    doubt = random_doubt(400, 16, CPU)
    assert doubt.shape == (400, 1, 16, 16)
    assert 0 <= float(doubt.min()) <= float(doubt.max()) <= 1
    whole, none = doubt.eq(1).flatten(1).all(1), doubt.eq(0).flatten(1).all(1)
    assert 0.1 < float(whole.float().mean()) < 0.2
    assert 0.33 < float(none.float().mean()) < 0.48
    some = doubt[~whole & ~none].gt(0).float().mean((1, 2, 3))
    assert 0.02 < float(some.median()) < 0.5
