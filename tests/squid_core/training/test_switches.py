"""Every component of the paper is a switch of a preset: each position of each trains a step, and does something."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from squid_core.training.loop import Trainer
from squid_core.training.preset import Preset, load_preset
from squid_core.training.sets import Sets
from tests.squid_core.datasets.made_up_images import CPU, made_up

SKIPS = {"skips": [True]}
POSITIONS: tuple[tuple[str, dict[str, Any], dict[str, Any]], ...] = (
    ("network", {"space_aware": True}, {"space_aware": False}),
    ("network", {"memory": "queue"}, {"memory": "matrix"}),
    ("network", {"shrinkage": "gumbel"}, {"shrinkage": "hard"}),
    ("network", {"shrinkage": "gumbel"}, {"shrinkage": "softmax"}),
    ("network", {"top_k": 3}, {"top_k": 1}),
    ("network", {"inpaint": True}, {"inpaint": False}),
    ("network", {"shortcut": True, "rho": 0.5}, {"shortcut": False}),
    ("network", {"rho": 0.95}, {"rho": 0.0}),
    ("network", {"teacher": True}, {"teacher": False}),
    ("network", {"teacher_trains_encoder": False}, {"teacher_trains_encoder": True}),
    ("network", {"decoder_slots": [0]}, {"decoder_slots": [6]}),
    ("network", {"skips": [False]}, SKIPS),
    ("network", {"grid": 2}, {"grid": 4}),
    ("network", {"widths": [8, 16]}, {"widths": [4, 8]}),
    ("network", {"similarity": "cosine"}, {"similarity": "dot"}),
    ("network", {"similarity": "cosine"}, {"similarity": "scaled_dot"}),
    ("network", {"temperature": 0.1}, {"temperature": 1.0}),
    ("network", {"mask_padding": True}, {"mask_padding": False}),
    ("network", {"feature_relu": False}, {"feature_relu": True}),
    ("network", {"joined_from": 0}, {"joined_from": 1}),
    ("network", {"unshuffle": 2}, {"unshuffle": 1}),
    ("losses", {"distillation": 0.001}, {"distillation": 0}),
    ("losses", {"adversarial": 0.005}, {"adversarial": 0}),
    ("losses", {"teacher": 0.01}, {"teacher": 0}),
    ("preset", {"share_forward": True}, {"share_forward": False}),
    ("preset", {"critic_steps": 1}, {"critic_steps": 2}),
)


def preset(section: str, change: dict[str, Any]) -> Preset:
    """The preset tiny, validated again with a change, as if its TOML file had it; no chance but the switch's own."""
    fields = load_preset("tiny").model_dump(mode="json") | {"augmentation": {}}
    if section == "preset":
        return Preset.model_validate(fields | change)
    return Preset.model_validate(fields | {section: fields[section] | change})


def after_two_steps(work: Path, wanted: Preset) -> tuple[dict[str, torch.Tensor], dict[str, torch.Tensor]]:
    one = Trainer(wanted, "tiny", Sets(made_up(16), made_up(4, 1)), work, seed=0, device=CPU)
    one.fill_memory(one.generator)
    for _ in range(2):
        losses = one._one_step()
        one.step += 1
    return losses, dict(one.generator.named_parameters())


@pytest.mark.parametrize(("section", "on", "off"), POSITIONS, ids=lambda value: str(value) if value else "")
def test_both_positions_of_a_switch_train_and_differ(
    tmp_path: Path, section: str, on: dict[str, Any], off: dict[str, Any]
) -> None:
    losses, weights = zip(*(after_two_steps(tmp_path, preset(section, change)) for change in (on, off)), strict=True)
    for one in losses:
        assert np.isfinite(list(one.values())).all()
    here, there = weights
    same = here.keys() == there.keys() and all(torch.equal(here[name], there[name]) for name in here)
    assert losses[0] != losses[1] or not same, "a switch that changes nothing is none"


def test_a_loss_of_weight_zero_is_left_out_and_a_network_without_a_teacher_has_no_such_losses(tmp_path: Path) -> None:
    everything = {"student", "teacher", "distillation", "adversarial", "critic"}
    assert after_two_steps(tmp_path, preset("network", {}))[0].keys() == everything
    for name in ("teacher", "distillation", "adversarial"):
        assert after_two_steps(tmp_path, preset("losses", {name: 0}))[0].keys() == everything - {name}
    without = after_two_steps(tmp_path, preset("network", {"teacher": False}))[0].keys()
    assert without == everything - {"teacher", "distillation"}


def test_only_a_learned_matrix_is_trained_and_only_a_queue_is_filled(tmp_path: Path) -> None:
    assert "memory.entries" not in after_two_steps(tmp_path, preset("network", {}))[1]
    assert "memory.entries" in after_two_steps(tmp_path, preset("network", {"memory": "matrix"}))[1]
