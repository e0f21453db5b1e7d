"""IF, SALAD and IGD: coordinates, spoiled blocks, one centre for all normal codes, and the likeness of images."""

from __future__ import annotations

import math

import pytest
import torch

from squid_core.experiments.rivals import implicit
from squid_core.experiments.rivals.igd import SMALLEST, Igd
from squid_core.experiments.rivals.implicit import ImplicitField, cluster, coordinates, waves
from squid_core.experiments.rivals.salad import BLOCK, Salad, spoiled
from squid_core.experiments.rivals.similarity import C1, SCALES, ms_ssim, ssim
from tests.squid_core.experiments.rivals.made_up import COUNT, NETWORK, normals, ramps, small_field, trained


def test_coordinates_go_row_by_row_and_their_waves_tell_all_places_apart() -> None:
    assert coordinates(2).tolist() == [[-0.5, -0.5], [-0.5, 0.5], [0.5, -0.5], [0.5, 0.5]]
    seen = waves(torch.tensor([[0.5, -0.25]]))[0]
    assert float(seen[0]) == pytest.approx(math.sin(math.pi * 0.5))
    assert float(seen[implicit.OCTAVES]) == pytest.approx(math.sin(-math.pi * 0.25)), "the column's come second"
    every = waves(coordinates(32))
    assert float(torch.cdist(every, every).fill_diagonal_(1).min()) > 0.1


def test_kinds_of_grey_are_the_means_of_what_lies_nearest() -> None:
    values = torch.tensor([0.0, 0.02, 0.3, 0.32, 0.34, 1.0])
    assert torch.allclose(cluster(values, 3), torch.tensor([0.01, 0.32, 1.0]), atol=1e-6)
    assert bool(cluster(torch.zeros(9), 4).isfinite().all()), "a flat image"


def test_a_field_finds_its_way_about_the_image(monkeypatch: pytest.MonkeyPatch) -> None:
    small_field(monkeypatch)
    torch.manual_seed(0)
    field = trained(ImplicitField(NETWORK), 60)
    assert isinstance(field, ImplicitField)
    with torch.no_grad():
        restored = field.restored(ramps(4, seed=2))
        kinds = field._kinds(ramps(4, seed=2))
        fitted, blank = field._fitted(kinds, field.places), torch.zeros(4, implicit.LENGTH)
        surprises = [field._surprise(codes, kinds, field.places) for codes in (fitted, blank)]
    assert bool((surprises[0] < surprises[1] - 0.02).all()), "the code tells how bright this one is"
    assert restored.shape == (4, 32, 32)
    across, down = restored.mean((0, 1)), restored.mean((0, 2))
    assert float(across[-4:].mean() - across[:4].mean()) > 0.3, "brighter to the right, as normals are"
    assert float((down[-4:].mean() - down[:4].mean()).abs()) < 0.1


def test_blocks_are_spoiled_inside_and_the_rest_is_left() -> None:
    torch.manual_seed(0)
    images = ramps(8, seed=1)
    changed = spoiled(images)

    def blocks(x: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.unfold(x, BLOCK, stride=BLOCK).mT.flatten(0, 1)

    own, theirs = blocks(images), blocks(changed)
    assert torch.equal(own.sort(1).values, theirs.sort(1).values), "no grey is made up"
    hit = (own != theirs).any(1).float().mean()
    assert 0.15 < float(hit) < 0.45


def test_salads_centre_is_the_mean_code_and_its_parts_weigh_alike() -> None:
    torch.manual_seed(0)
    method = Salad(NETWORK).eval()
    with torch.no_grad():
        method.begin(normals)
        assert torch.allclose(method.centre, method.coder.encode(ramps(COUNT, seed=1)).mean(0), atol=1e-5)
        method.finish(normals)
        scores = method.scores(ramps(COUNT, seed=1))
    assert float(scores["image and feature error"].mean()) == pytest.approx(2, abs=1e-3), "one each over the normals"


@pytest.mark.parametrize("apart", [1, 1000])
def test_igds_centre_keeps_off_zero_and_its_descriptor_is_a_gaussian_around_it(apart: float) -> None:
    torch.manual_seed(0)
    method = Igd(NETWORK).eval()
    with torch.no_grad():
        method.coder.inwards.weight *= apart
        method.begin(normals)
        codes = method.coder.encode(ramps(COUNT, seed=1))
        mean, centre = codes.mean(0), method.centre
        far = mean.abs() >= SMALLEST
        assert torch.allclose(centre[far], mean[far], atol=1e-5)
        assert torch.equal(centre[~far].abs(), torch.full_like(centre[~far], SMALLEST))
        assert bool((~far).any()) or apart > 1
        assert bool((centre.sign() * mean >= 0).all())
        squared = (codes - centre).square().sum(1)
        assert float(method.spread) == pytest.approx(max(1.0, float(squared.mean())), rel=1e-4)
        assert float(method.spread) == 1 or apart > 1
        scores = method.scores(ramps(COUNT, seed=1))
    outside = 1 - torch.exp(-squared / method.spread)
    assert torch.allclose(scores["descriptor"], squared, rtol=1e-4)
    assert torch.allclose(2 * scores["error and descriptor"] - scores["reconstruction error"], outside, atol=1e-4)
    assert float(method.spread) > 1 or apart == 1


def test_igd_estimates_its_gaussian_again_as_the_training_goes_on() -> None:
    torch.manual_seed(0)
    method, seen = Igd(NETWORK), []
    estimate = method._estimate
    method._estimate = lambda: (seen.append(method.done), estimate())[1]  # type: ignore[method-assign, func-returns-value]
    trained(method, 8)
    assert seen == [0, 0.25, 0.5, 0.75, 0.875], "before the first step, at every quarter and at the end"


def test_igds_critic_learns_from_its_own_loss_only() -> None:
    torch.manual_seed(0)
    method, images = Igd(NETWORK), ramps(4, seed=1)
    method.eval().begin(normals)
    torch.manual_seed(3)
    torch.autograd.backward(method.loss(images))
    seen = [p.grad.clone() for p in method.critic.parameters() if p.grad is not None]
    method.zero_grad()
    torch.manual_seed(3)
    with torch.no_grad():
        codes = method.coder.encode(images)
        made, share = method.coder.decode(codes), torch.rand(4, 1) / 2
        mixed = method.coder.decode(share * codes + (1 - share) * codes.flip(0))
    noticed = (method.critic(mixed).sigmoid() - share[:, 0]).square().mean()
    torch.autograd.backward(noticed + method.critic(made + 0.2 * (images - made)).sigmoid().square().mean())
    for own, p in zip(seen, method.critic.parameters(), strict=True):
        assert p.grad is not None
        assert torch.allclose(own, p.grad, atol=1e-5)


def test_structural_similarity_by_hand() -> None:
    images = ramps(3, seed=1)
    assert torch.allclose(ssim(images, images), torch.ones(3))
    assert torch.allclose(ms_ssim(images, images), torch.ones(3))
    light, dark = torch.full((1, 1, 32, 32), 0.8), torch.full((1, 1, 32, 32), 0.2)
    luminance = (2 * 0.8 * 0.2 + C1) / (0.8**2 + 0.2**2 + C1)
    assert float(ssim(light, dark)) == pytest.approx(luminance, rel=1e-3), "flat: only the luminance differs"
    assert float(ms_ssim(light, dark)) == pytest.approx(luminance ** SCALES[-1], rel=1e-3)
    noisy = (images + 0.2 * torch.randn(3, 1, 32, 32, generator=torch.Generator().manual_seed(0))).clamp(0, 1)
    assert float(ssim(images, noisy).max()) < float(ssim(images, (images + noisy) / 2).min())
    assert 0 < float(ms_ssim(images, 1 - images).max()) < 0.5, "the opposite: no power of a negative number"
