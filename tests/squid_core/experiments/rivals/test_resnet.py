"""A backbone from a file: torchvision's names, and a sentence for every file that is none."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from squid_core.cli import main
from squid_core.contracts.errors import SquidError
from squid_core.experiments.rivals import resnet
from squid_core.experiments.rivals.resnet import SHAPES, ResNet, load_resnet

# Parameters of torchvision's networks without their classifier, as its documentation gives them.
PARAMETERS = {
    "ResNet-18": 11_689_512 - 513_000,
    "ResNet-34": 21_797_672 - 513_000,
    "ResNet-50": 25_557_032 - 2_049_000,
    "WideResNet-50-2": 68_883_240 - 2_049_000,
}


def tensors(number: int = 0) -> dict[str, Tensor]:
    torch.manual_seed(number)
    return {name: tensor.clone() for name, tensor in ResNet(SHAPES[number]).state_dict().items()}


def test_names_and_sizes_are_torchvisions() -> None:
    for shape in SHAPES:
        with torch.device("meta"):
            network = ResNet(shape)
        assert sum(p.numel() for p in network.parameters()) == PARAMETERS[shape.name]
    names = ResNet(SHAPES[0]).state_dict()
    assert {"conv1.weight", "bn1.running_var", "layer1.0.conv2.weight", "layer4.1.bn2.bias"} <= set(names)
    assert names["layer2.0.downsample.0.weight"].shape == (128, 64, 1, 1)
    assert "layer1.0.downsample.0.weight" not in names


def test_a_file_is_read_with_or_without_its_classifier_in_any_precision(tmp_path: Path) -> None:
    own, path = tensors(), tmp_path / "r18.safetensors"
    extra = {"fc.weight": torch.zeros(1000, 512), "fc.bias": torch.zeros(1000)}
    save_file({name: t.half() if t.is_floating_point() else t for name, t in own.items()} | extra, path)
    backbone = load_resnet(path)
    assert (backbone.name, backbone.widths) == ("ResNet-18 of a file", (64, 128, 256, 512))
    images = torch.rand(2, 1, 64, 64)
    with torch.no_grad():
        levels = backbone(images)
    assert [tuple(level.shape) for level in levels] == [(2, 64, 16, 16), (2, 128, 8, 8), (2, 256, 4, 4), (2, 512, 2, 2)]
    assert all(p.dtype == torch.float32 for p in backbone.parameters())
    save_file({name: t for name, t in own.items() if "num_batches" not in name}, path)
    with torch.no_grad():
        again = load_resnet(path)(images)
    assert torch.allclose(levels[0], again[0], atol=0.05)
    assert torch.equal(load_resnet(path).get_parameter("stages.0.0.conv1.weight"), own["layer1.0.conv1.weight"])


def test_what_is_no_backbone_gets_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    with pytest.raises(SquidError, match="cannot be read"):
        load_resnet(path)
    with pytest.raises(SquidError, match="cannot be read"):
        load_resnet(tmp_path)
    hostile: list[bytes] = [b"", b"\xff" * 64, pickle.dumps({"conv1.weight": [1.0]})]
    torch.save(tensors(), tmp_path / "pickle.pth")
    hostile.append((tmp_path / "pickle.pth").read_bytes()[:100_000])
    for data in hostile:
        path.write_bytes(data)
        with pytest.raises(SquidError, match="not safetensors"):
            load_resnet(path)
    others: list[dict[str, Tensor]] = [{}, {"weight": torch.zeros(3)}]
    others += [
        tensors() | {"layer1.0.conv1.weight": torch.zeros(64, 64, 1, 1)},
        tensors() | {"layer5.0": torch.zeros(1)},
    ]
    others.append({name: t for name, t in tensors().items() if not name.startswith("layer4.1")})
    for other in others:
        save_file(other, path)
        with pytest.raises(SquidError, match="no residual network"):
            load_resnet(path)
    save_file(tensors() | {"bn1.weight": torch.full((64,), torch.nan)}, path)
    with pytest.raises(SquidError, match="not a number"):
        load_resnet(path)
    monkeypatch.setattr(resnet, "MAX_BYTES", 100)
    with pytest.raises(SquidError, match="too large"):
        load_resnet(path)


def test_the_command_refuses_a_bad_backbone_before_it_trains(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "weights.pth"
    path.write_bytes(pickle.dumps({}))
    monkeypatch.setattr("squid_core.commands.experiments._images", lambda *_: (None, None))
    command = ["baselines", "--digits", "d", "--out", str(tmp_path / "out"), "--device", "cpu", "--backbone", str(path)]
    assert main(command) == 2
    assert "not safetensors" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
