"""f-AnoGAN: the penalty on the gradient, two players apart, and an encoder for a generator that stays as it is."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from squid_core.experiments.rivals.anogan import FAnoGan, gradient_penalty
from tests.squid_core.experiments.rivals.made_up import NETWORK, SIDE, ramps


class Linear(nn.Module):
    """Its gradient has the same norm everywhere."""

    def __init__(self, norm: float) -> None:
        super().__init__()
        weight = torch.ones(SIDE, SIDE)
        self.weight = nn.Parameter(norm * weight / torch.linalg.vector_norm(weight))

    def forward(self, images: Tensor) -> Tensor:
        return (images[:, 0] * self.weight).sum((1, 2))


def test_the_gradient_penalty_by_hand() -> None:
    for norm in (0.5, 1.0, 3.0):
        critic = Linear(norm)
        penalty = gradient_penalty(critic, ramps(4, seed=1), ramps(4, seed=2))
        assert float(penalty.detach()) == pytest.approx((norm - 1) ** 2, abs=1e-4)
        slope = torch.autograd.grad(penalty, critic.weight)[0] * critic.weight.detach() / norm
        assert float(slope.sum()) == pytest.approx(2 * (norm - 1), abs=1e-3), "and it can be learned from"


def test_the_gan_comes_first_and_the_encoder_then_learns_alone() -> None:
    torch.manual_seed(0)
    method, images = FAnoGan(NETWORK).train(), ramps(4, seed=1)
    coder = method.coder
    encoder = (coder.inwards, coder.generator.stem, coder.generator.stages, coder.generator.reduce)
    rest = (coder.outwards, coder.generator.expand, coder.generator.student, method.critic)

    def touched() -> tuple[bool, bool]:
        return tuple(  # type: ignore[return-value]
            any(p.grad is not None and bool(p.grad.any()) for part in parts for p in part.parameters())
            for parts in (encoder, rest)
        )

    method.done = 0.0
    torch.autograd.backward(method.loss(images))
    assert touched() == (False, True)
    method.zero_grad()
    was = {name: tensor.clone() for name, tensor in method.state_dict().items()}
    method.done = 0.5
    torch.autograd.backward(method.loss(images))
    assert touched() == (True, False)
    changed = {name for name, tensor in method.state_dict().items() if not torch.equal(tensor, was[name])}
    assert changed
    parts = ("coder.generator.stem", "coder.generator.stages", "coder.generator.reduce")
    assert all(name.startswith(parts) for name in changed), "statistics of the encoder's norms"


def test_each_player_learns_from_its_own_loss() -> None:
    torch.manual_seed(0)
    method, images = FAnoGan(NETWORK).train(), ramps(4, seed=1)
    torch.manual_seed(7)
    torch.autograd.backward(method.loss(images))
    seen = {name: p.grad.clone() for name, p in method.named_parameters() if p.grad is not None}
    method.zero_grad()
    torch.manual_seed(7)
    made = method.coder.decode(torch.randn(len(images), 128))
    torch.autograd.backward(-method.critic(made).mean(), inputs=list(method.coder.parameters()))
    for name, p in method.coder.named_parameters():
        assert (p.grad is None) == (f"coder.{name}" not in seen)
        assert p.grad is None or torch.allclose(p.grad, seen[f"coder.{name}"], atol=1e-6)
