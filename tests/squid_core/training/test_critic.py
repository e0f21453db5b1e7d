"""The lesion critic learns from made-up lesions, resumes to the step, and can be lent to other weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from squid_core.bundle.card import read_card
from squid_core.bundle.weights import read_bundle
from squid_core.cli import main
from squid_core.contracts.detection import Geometry, ModelInput
from squid_core.contracts.errors import SquidError
from squid_core.datasets.image_set import load_images, split_by_patient
from squid_core.inference.detector import Detector
from squid_core.model.lesion import LesionCritic
from squid_core.training.checkpoint import save_checkpoint
from squid_core.training.critic import CHECKPOINT, CriticTrainer, borrow_critic, critic_losses
from squid_core.training.finish import finish
from squid_core.training.loop import Trainer
from squid_core.training.preset import LesionTraining, Preset, load_preset
from squid_core.training.sets import Sets, sets_from_folders
from squid_core.training.synthetic_lesions import KINDS, LesionBatch, draw
from tests.squid_core.datasets.made_up_images import CPU, made_up, trainer, write_pictures

LESIONS = LesionTraining(steps=6, batch_size=8, kinds=dict.fromkeys(KINDS, 1.0))


def with_critic(steps: int = 6) -> Preset:
    tiny = load_preset("tiny")
    network = tiny.network.model_copy(update={"lesion_widths": (4, 8, 8, 12), "lesion_size": 32})
    return tiny.model_copy(
        update={
            "network": network,
            "lesions": LESIONS.model_copy(update={"steps": steps}),
            "components": ("lesion", "anatomy"),
            "steps": 2,
        }
    )


def stage(work: Path, steps: int = 6) -> CriticTrainer:
    return CriticTrainer(with_critic(steps), (made_up(16), made_up(40, seed=9)), work, seed=3, device=CPU)


def chests(count: int = 8) -> torch.Tensor:
    """Two dark lungs on a bright trunk."""
    y, x = torch.meshgrid(torch.linspace(-1, 1, 64), torch.linspace(-1, 1, 64), indexing="ij")
    lungs = ((((x.abs() - 0.4) / 0.25) ** 2 + (y / 0.6) ** 2) < 1).float()
    return (0.8 - 0.5 * lungs + 0.02 * torch.randn(count, 1, 64, 64)).clamp(0, 1)


@pytest.mark.parametrize("kind", KINDS)
def test_a_lesion_changes_the_image_where_its_mask_says_and_hardly_elsewhere(kind: str) -> None:
    torch.manual_seed(4)
    images = chests(16)
    seen = draw(images, {kind: 1.0})
    assert torch.equal(seen.images[1::2], images[1::2]), "every second image stays normal"
    assert not seen.mask[1::2].any()
    assert not seen.abnormal[1::2].any()
    assert 0 <= float(seen.images.min()) <= float(seen.images.max()) <= 1
    changed = (seen.images - images).abs()[::2]
    inside = seen.mask[::2] > 0
    assert inside.any(), "at least one of eight lesions can be seen"
    assert float(changed[inside].mean()) > 3 * float(changed[~inside].mean())
    assert set(seen.weight.tolist()) <= {0.0, 1.0}
    assert (seen.weight[1::2] == 1).all()


def test_the_same_seed_draws_the_same_lesions() -> None:
    images = chests()
    torch.manual_seed(1)
    one = draw(images, dict.fromkeys(KINDS, 1.0))
    torch.manual_seed(1)
    assert torch.equal(one.images, draw(images, dict.fromkeys(KINDS, 1.0)).images)


def test_losses_by_hand() -> None:
    critic = LesionCritic(with_critic().network).eval()
    marks = critic(torch.rand(2, 1, 32, 32))._replace(map=torch.zeros(2, 4, 4), logit=torch.zeros(2))
    mask = torch.zeros(2, 1, 32, 32)
    seen = LesionBatch(torch.zeros(2, 1, 32, 32), mask, torch.tensor([1.0, 0.0]), torch.tensor([1.0, 0.0]))
    map_loss, image_loss = critic_losses(marks, seen)
    assert float(map_loss) == pytest.approx(0.6931, abs=1e-3)
    assert float(image_loss) == pytest.approx(0.6931 / 2, abs=1e-3), "an image of weight 0 teaches nothing"


def test_the_critic_learns_to_tell_lesions_from_none() -> None:
    torch.manual_seed(0)
    critic = LesionCritic(with_critic().network)
    optimiser = torch.optim.AdamW(critic.parameters(), lr=5e-3)
    losses = []
    for _ in range(24):
        seen = draw(chests(8), {"nodules": 1.0, "opacity": 1.0})
        loss = sum(critic_losses(critic(seen.images), seen), torch.zeros(()))
        optimiser.zero_grad()
        torch.autograd.backward([loss])
        optimiser.step()
        losses.append(float(loss.detach()))
    assert sum(losses[-6:]) < 0.9 * sum(losses[:6])


def test_a_resumed_critic_ends_where_an_unbroken_one_does(tmp_path: Path) -> None:
    unbroken = stage(tmp_path)
    whole = {name: value.clone() for name, value in unbroken.run(progress=False).state_dict().items()}
    (tmp_path / CHECKPOINT).unlink()
    broken = stage(tmp_path)
    for _ in range(3):
        broken._one_step()
        broken.step += 1
    save_checkpoint(tmp_path / CHECKPOINT, *broken._state())
    resumed = stage(tmp_path).run(resume=True, progress=False)
    for name, value in resumed.state_dict().items():
        assert torch.equal(value, whole[name]), name


def test_a_bundle_with_a_critic_scores_by_it_and_lends_it(tmp_path: Path) -> None:
    one = trainer(tmp_path / "work", **with_critic().model_dump(include={"steps", "components"}))
    preset = with_critic()
    first = Trainer(preset, "mine", one.sets, tmp_path / "first", seed=3, device=CPU)
    first.run(progress=False)
    finish(first, tmp_path / "lender")
    card, squid = read_bundle(tmp_path / "lender", CPU)
    assert set(card.calibration.components) == {"lesion map", "lesion logit", "anatomy"}
    assert set(card.calibration.group_std) == {"lesion", "anatomy"}
    assert (card.critic_steps, card.critic_from) == (6, "")
    assert squid.anatomy is not None
    assert squid.anatomy.whitening.abs().sum() > 0

    assert preset.lesions is not None
    longer = preset.model_copy(update={"lesions": preset.lesions.model_copy(update={"steps": 9})})
    second = Trainer(
        longer, "mine", one.sets, tmp_path / "second", 4, CPU, critic=borrow_critic(str(tmp_path / "lender"), preset)
    )
    second.run(progress=False)
    finish(second, tmp_path / "borrower")
    assert not (tmp_path / "second" / CHECKPOINT).exists(), "none was trained"
    card = read_card(tmp_path / "borrower")
    assert (card.critic_from, card.critic_steps) == ("lender", 6)
    _, borrower = read_bundle(tmp_path / "borrower", CPU)
    assert squid.lesion is not None
    assert borrower.lesion is not None
    image = ModelInput(
        np.random.default_rng(0).random((32, 32), np.float32), Geometry.upright((32, 32), (32, 32), (0, 0), (1, 1))
    )
    lesions = Detector.load(tmp_path / "borrower", "cpu").explain(image).lesion_map
    assert lesions is not None
    assert lesions.shape == (4, 4)
    assert 0 <= lesions.min() <= lesions.max() <= 1
    for mine, theirs in zip(borrower.lesion.parameters(), squid.lesion.parameters(), strict=True):
        assert torch.equal(mine, theirs)


def test_a_critic_of_another_shape_is_not_borrowed(tmp_path: Path) -> None:
    one = trainer(tmp_path / "work", steps=1)
    one.run(progress=False)
    finish(one, tmp_path / "without")
    with pytest.raises(SquidError, match="no lesion critic that fits"):
        borrow_critic(str(tmp_path / "without"), with_critic())


def test_a_preset_needs_both_halves_of_a_critic() -> None:
    whole = with_critic().model_dump()
    for wrong in ({"lesions": None}, {"network": load_preset("tiny").network.model_dump()}):
        with pytest.raises(ValueError, match="lesion"):
            Preset.model_validate(whole | wrong)


def test_a_critic_whose_loss_is_not_a_number_stops_and_leaves_the_checkpoint(tmp_path: Path) -> None:
    stage(tmp_path, steps=2).run(progress=False)
    before = (tmp_path / CHECKPOINT).read_bytes()
    bad = stage(tmp_path, steps=4)
    with torch.no_grad():
        next(bad.critic.parameters()).fill_(torch.nan)
    with pytest.raises(SquidError, match="lesion critic diverged"):
        bad.run(progress=False)
    assert (tmp_path / CHECKPOINT).read_bytes() == before


def test_of_normals_from_elsewhere_the_same_patients_are_left_out_as_when_they_are_trained_on(tmp_path: Path) -> None:
    own, other = write_pictures(tmp_path / "own", 12), write_pictures(tmp_path / "other", 20, seed=2)
    preset = load_preset("tiny")
    sets, _ = sets_from_folders(own, None, (), preset, [other])
    trained_on_there, held_out_there = split_by_patient(load_images(other, preset.preprocessing), preset.held_out)
    assert sets.others[0].names == trained_on_there.names
    assert not set(sets.others[0].patients) & set(held_out_there.patients)
    assert len(sets.train) + len(sets.held_out) == 12, "they are in neither memory nor calibration"


def test_options_that_do_not_go_together_get_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = str(write_pictures(tmp_path / "own", 4))
    start = ["train", "--preset", "tiny", "--out", str(tmp_path / "out"), "--device", "cpu"]
    assert main([*start, "--normal", own, "--critic", "adult", "--other-normal", own]) == 2
    assert "Give --critic or --other-normal, not both." in capsys.readouterr().err
    assert main([*start, "--zhanglab", own, "--other-normal", own]) == 2
    assert "--other-normal out" in capsys.readouterr().err
    assert main([*start, "--normal", own, "--critic", "adult"]) == 2
    assert "no lesion critic that fits" in capsys.readouterr().err


def test_a_training_stopped_within_its_critic_goes_on_and_one_that_never_began_says_so(tmp_path: Path) -> None:
    def begun(work: Path) -> Trainer:
        return Trainer(with_critic(), "mine", Sets(made_up(14), made_up(6, seed=5)), work, seed=3, device=CPU)

    with pytest.raises(SquidError, match="no checkpoint to resume from"):
        begun(tmp_path / "new").run(resume=True, progress=False)
    unbroken = begun(tmp_path / "whole")
    unbroken.run(progress=False)
    within = CriticTrainer(with_critic(), (made_up(14),), tmp_path / "stopped", seed=3, device=CPU)
    (tmp_path / "stopped").mkdir()
    for _ in range(3):
        within._one_step()
        within.step += 1
    save_checkpoint(tmp_path / "stopped" / CHECKPOINT, *within._state())
    resumed = begun(tmp_path / "stopped")
    resumed.run(resume=True, progress=False)
    assert (resumed.step, unbroken.step) == (2, 2)
    for mine, theirs in zip(resumed.final().state_dict().values(), unbroken.final().state_dict().values(), strict=True):
        assert torch.equal(mine, theirs)
