"""The pretext task: patches are turned as they are said to be, each knows its place, and nothing of it is shipped."""

from __future__ import annotations

import math

import pytest
import torch
from safetensors.torch import load

from squid_core.bundle.weights import pack
from squid_core.model.config import NetworkConfig, Pretext
from squid_core.model.generator import Generator
from squid_core.model.pretext import PretextHead
from squid_core.model.squid import Squid
from tests.squid_core.model.test_network import SMALL


def with_task(pretext: Pretext) -> NetworkConfig:
    return SMALL.model_copy(update={"pretext": pretext})


def test_each_patch_is_turned_by_its_own_quarter_turns_and_never_left_upright() -> None:
    torch.manual_seed(0)
    patches = torch.zeros(40, 1, 4, 4)
    patches[:, 0, 0, 1] = 1  # near the top left corner: above it, not beside it
    turned, turns = PretextHead(with_task(Pretext.PLACE_AND_TURN)).turned(patches)
    assert set(turns.tolist()) == {1, 2, 3}
    where = {1: (2, 0), 2: (3, 2), 3: (1, 3)}  # counter-clockwise
    for patch, turn in zip(turned[:, 0], turns.tolist(), strict=True):
        assert patch.nonzero().tolist() == [list(where[turn])]


@pytest.mark.parametrize(("pretext", "classes"), [(Pretext.PLACE, 4), (Pretext.PLACE_AND_TURN, 16)])
def test_a_head_that_knows_nothing_pays_the_log_of_its_classes(pretext: Pretext, classes: int) -> None:
    head = PretextHead(with_task(pretext))
    torch.nn.init.zeros_(head.read_out.weight)
    torch.nn.init.zeros_(head.read_out.bias)
    loss = head(torch.rand(8, SMALL.feature_size), torch.zeros(8, dtype=torch.long)).detach()
    assert float(loss) == pytest.approx(math.log(classes))


def test_places_are_counted_row_by_row_image_by_image_and_turns_apart() -> None:
    head = PretextHead(with_task(Pretext.PLACE_AND_TURN))
    with torch.no_grad():
        head.read_out.weight.copy_(50 * torch.eye(16, SMALL.feature_size))
        head.read_out.bias.zero_()
    features = torch.eye(16, SMALL.feature_size)[[0, 1, 2, 3, 4, 9, 14, 7]]  # place + 4 * turns, of two images
    assert float(head(features, torch.tensor([0, 0, 0, 0, 1, 2, 3, 1])).detach()) < 1e-6
    assert float(head(features, torch.tensor([0, 0, 0, 0, 1, 2, 3, 2])).detach()) > 1


def test_the_task_trains_the_encoder_and_leaves_the_rest_of_the_pass_as_it_is() -> None:
    torch.manual_seed(0)
    generator = Generator(with_task(Pretext.PLACE_AND_TURN)).train()
    made = generator(torch.rand(3, 1, 32, 32))
    assert made.pretext is not None
    assert made.encoded.features.shape == (3, 4, SMALL.feature_size)
    assert (made.encoded.bottleneck.shape[0], made.encoded.skips[0].shape[0]) == (12, 12)
    torch.autograd.backward(made.pretext)
    assert all(p.grad is not None for p in (*generator.stem.parameters(), *generator.reduce.parameters()))
    assert all(p.grad is None for p in generator.student.parameters())
    assert Generator(SMALL).train()(torch.rand(2, 1, 32, 32)).pretext is None
    assert generator.eval()(torch.rand(2, 1, 32, 32)).pretext is None


def test_a_bundle_holds_neither_the_head_nor_the_teacher() -> None:
    names = load(pack(Squid(with_task(Pretext.PLACE))))
    assert not [name for name in names if "pretext" in name or "teacher" in name]
    plain = SMALL.model_copy(update={"teacher": False})
    assert set(names) == set(Squid(plain).state_dict())
