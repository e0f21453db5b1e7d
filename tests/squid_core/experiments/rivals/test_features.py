"""CutPaste, M-KD, PANDA and PaDiM: what each does with features that are given."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from squid_core.experiments.rivals import padim
from squid_core.experiments.rivals.backbone import of_critic, of_encoder
from squid_core.experiments.rivals.cutpaste import NORMAL, PATCH, SCAR, CutPaste, pasted, three_ways
from squid_core.experiments.rivals.distillation import MultiresolutionDistillation
from squid_core.experiments.rivals.padim import Padim
from squid_core.experiments.rivals.panda import SNAPSHOTS, Panda, nearest
from squid_core.model.generator import Generator
from squid_core.model.lesion import LesionCritic
from squid_core.training.preset import load_preset
from tests.squid_core.experiments.rivals.made_up import COUNT, NETWORK, backbone, normals, ramps, trained


def test_cutpastes_three_kinds_are_labelled_and_pieces_are_as_large_as_they_should_be() -> None:
    torch.manual_seed(0)
    images = torch.rand(64, 1, 64, 64)
    made, labels = three_ways(images)
    assert labels.tolist() == [NORMAL] * 64 + [PATCH] * 64 + [SCAR] * 64
    assert torch.equal(made[labels == NORMAL], images)
    patch, scar = ((made[labels == kind] != images).float().mean((1, 2, 3)) for kind in (PATCH, SCAR))
    assert float(patch.min()) > 0.01
    assert float(patch.max()) < 0.17, "2 to 15% of the image"
    assert 0 < float(scar.min()) <= float(scar.max()) < 0.01
    assert not torch.equal(patch, patch.flip(0)), "each its own"


def test_a_pasted_patch_comes_from_another_place_of_the_same_image() -> None:
    torch.manual_seed(1)
    images = torch.stack([torch.full((1, 32, 32), 0.3), torch.full((1, 32, 32), 0.7)])
    made = pasted(images, scar=False)
    for image, own in zip(made, (0.3, 0.7), strict=True):
        away = (image - own).abs()
        assert 0 < float(away.max()) <= 0.1 * own + 0.1 + 1e-6, "grey of its own, jittered"


def test_cutpastes_gaussian_is_that_of_normals_as_they_are() -> None:
    torch.manual_seed(0)
    method = CutPaste(backbone()).eval()
    with torch.no_grad():
        method.finish(normals)
        features = method.backbone.pooled(ramps(COUNT, seed=1))
    assert torch.allclose(method.gaussian.mean, features.mean(0), atol=1e-4)


@pytest.mark.parametrize("ridge", [padim.RIDGE, 1e-6])
def test_padims_distance_is_mahalanobis_as_numpy_has_it(ridge: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(padim, "DIMENSIONS", 5)
    monkeypatch.setattr(padim, "RIDGE", ridge)
    torch.manual_seed(0)
    method = Padim(backbone()).eval()
    assert len(set(method.chosen.tolist())) == 5
    new = ramps(3, seed=2, spoiled=True)
    with torch.no_grad():
        method.finish(normals)
        fitted, seen = method.features(ramps(COUNT, seed=1)).double().numpy(), method.features(new).double().numpy()
        found = method.distances(new).numpy()
    side = found.shape[-1]
    assert len(fitted) == side**2
    for place in (0, 17, side * side - 1):
        covariance = np.cov(fitted[place].T) + ridge * np.eye(5)
        for image in range(3):
            away = seen[place, image] - fitted[place].mean(0)
            expected = np.sqrt(away @ np.linalg.inv(covariance) @ away)
            assert found[image, place // side, place % side] == pytest.approx(expected, rel=1e-3)


def test_padim_finds_the_place() -> None:
    torch.manual_seed(0)
    method = Padim(backbone()).eval()
    image = ramps(1, seed=2)
    image[0, 0, 20:28, 2:10] = 0.9
    with torch.no_grad():
        method.finish(normals)
        found = method.distances(image)[0]
    row, column = divmod(int(found.argmax()), found.shape[-1])
    scale = 32 / found.shape[-1]
    assert 18 <= row * scale <= 29
    assert 0 <= column * scale <= 11


def test_pandas_neighbours_by_hand() -> None:
    bank = torch.tensor([[0.0, 0.0], [3.0, 4.0], [0.0, 1.0], [50.0, 0.0]])
    assert nearest(torch.tensor([[0.0, 2.0]]), bank).tolist() == pytest.approx([1 + 4])
    assert nearest(bank, bank, themselves=True)[:1].tolist() == pytest.approx([1 + 25], abs=1e-4)


def test_panda_is_stopped_where_it_helps_most_and_leaves_what_it_was_given() -> None:
    given = backbone()
    was = {name: tensor.clone() for name, tensor in given.state_dict().items()}
    method = trained(Panda(given), 12, rate=0.01)
    assert isinstance(method, Panda)
    assert len(method.snapshots) == SNAPSHOTS
    new, train = ramps(5, seed=3, spoiled=True), ramps(COUNT, seed=1)
    with torch.no_grad():
        scores = method.scores(new)
        before = nearest(given.eval().pooled(new), given.pooled(train))
        usual = nearest(given.pooled(train), given.pooled(train), themselves=True).mean()
        kept = zip(method.snapshots, method.banks, method.usual, strict=True)
        every = torch.stack([nearest(method._pooled(new, tail), bank) / mean for tail, bank, mean in kept])
        compact = [(method._pooled(train, tail) - method.centre).square().mean() for tail in method.snapshots]
    assert torch.allclose(scores["before training (DN2)"], before / usual, rtol=1e-3)
    assert torch.equal(scores["nearest normals"], every.amax(0))
    assert not torch.equal(every[0], every[1])
    assert float(compact[-1]) < float(compact[0])
    assert all(torch.equal(tensor, was[name]) for name, tensor in given.state_dict().items())


def test_a_student_that_knows_all_finds_no_discrepancy_and_the_teacher_never_learns() -> None:
    method = MultiresolutionDistillation(backbone())
    digest = method.teacher.digest()
    first = method.student.digest()
    assert first != digest, "of other weights"
    trained(method, 3)
    assert method.teacher.digest() == digest
    assert method.student.digest() != first
    with torch.no_grad():
        assert float(method.scores(ramps(4, seed=2))["discrepancy"].min()) > 0.01
        method.student.load_state_dict(method.teacher.state_dict())
        assert float(method.scores(ramps(4, seed=2))["discrepancy"].max()) < 1e-5


def test_squids_own_networks_as_backbones() -> None:
    network = load_preset("default-adult").network
    torch.manual_seed(0)
    images = torch.rand(2, 1, network.image_size, network.image_size)
    critic = LesionCritic(network).eval()
    with torch.no_grad():
        levels = of_critic(critic, "critic")(images)
        assert [tuple(level.shape[1:]) for level in levels] == [(32, 24, 24), (64, 12, 12), (128, 6, 6), (128, 3, 3)]
        assert torch.equal(levels[2], critic(images).features)
    small = NETWORK  # patches of a grid, side by side again
    generator = Generator(small).eval()
    images = ramps(2, seed=1)
    with torch.no_grad():
        levels = of_encoder(generator, "encoder")(images)
        deepest = generator.encode(images).bottleneck
    assert [level.shape[1] for level in levels] == list(small.widths)
    side = deepest.shape[-1]
    assert torch.equal(levels[-1][0, :, :side, side:], deepest[1]), "the second patch lies right of the first"
    assert torch.equal(levels[-1][0, :, side:, :side], deepest[2])
