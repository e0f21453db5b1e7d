"""Residual networks as torchvision names their tensors, read from safetensors: `squid baselines --backbone FILE`.

Source: K. He et al., Deep residual learning for image recognition, CVPR 2016; S. Zagoruyko and N. Komodakis, Wide
residual networks, BMVC 2016.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import torch
import torch.nn.functional as F  # noqa: N812
from safetensors import SafetensorError
from safetensors.torch import load
from torch import Tensor, nn

from squid_core.contracts.errors import SquidError
from squid_core.experiments.rivals.backbone import Backbone
from squid_core.files import TooLargeError, read_plain

MAX_BYTES = 512 * 2**20
BASE = 64  # channels of the first stage before its expansion
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # of ImageNet's colours, which the networks expect


class Shape(NamedTuple):
    """A known network: its name, blocks a stage, what a block widens to, and the width of a bottleneck's middle."""

    name: str
    blocks: tuple[int, int, int, int]
    expansion: int = 1
    middle: int = BASE


SHAPES = (
    Shape("ResNet-18", (2, 2, 2, 2)),
    Shape("ResNet-34", (3, 4, 6, 3)),
    Shape("ResNet-50", (3, 4, 6, 3), 4),
    Shape("WideResNet-50-2", (3, 4, 6, 3), 4, 128),
)


class _Colour(nn.Module):
    """Grey in 0..1 -> three equal colours, standardised as ImageNet's are."""

    mean: Tensor
    std: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("mean", torch.tensor(MEAN).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(STD).view(1, 3, 1, 1), persistent=False)

    def forward(self, images: Tensor) -> Tensor:
        return (images - self.mean) / self.std


class _Block(nn.Module):
    """Two 3x3 convolutions, or 1x1, 3x3 and 1x1, beside a shortcut."""

    def __init__(self, inputs: int, middle: int, outputs: int, stride: int, *, bottleneck: bool) -> None:
        super().__init__()
        steps = [(inputs, middle, 1, 1), (middle, middle, 3, stride), (middle, outputs, 1, 1)]
        if not bottleneck:
            steps = [(inputs, outputs, 3, stride), (outputs, outputs, 3, 1)]
        self.count = len(steps)
        for number, (i, o, kernel, step) in enumerate(steps, 1):
            self.add_module(f"conv{number}", nn.Conv2d(i, o, kernel, step, kernel // 2, bias=False))
            self.add_module(f"bn{number}", nn.BatchNorm2d(o))
        short = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))
        self.downsample = short if stride > 1 or inputs != outputs else None

    def forward(self, x: Tensor) -> Tensor:
        out = x
        for number in range(1, self.count + 1):
            out = self.get_submodule(f"bn{number}")(self.get_submodule(f"conv{number}")(out))
            out = F.relu(out) if number < self.count else out
        return F.relu(out + (x if self.downsample is None else self.downsample(x)))


class ResNet(nn.Module):
    """A residual network without its classifier; names and shapes of its tensors are torchvision's."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, BASE, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(BASE)
        inputs = BASE
        for stage, blocks in enumerate(shape.blocks):
            outputs, made = BASE * shape.expansion * 2**stage, []
            for block in range(blocks):
                stride = 2 if stage and not block else 1
                middle = shape.middle * 2**stage
                made.append(_Block(inputs, middle, outputs, stride, bottleneck=shape.expansion > 1))
                inputs = outputs
            self.add_module(f"layer{stage + 1}", nn.Sequential(*made))


def as_backbone(network: ResNet, name: str) -> Backbone:
    """Its four stages behind what makes a grey image look like those it has learned from."""
    stages = [network.get_submodule(f"layer{stage}") for stage in (1, 2, 3, 4)]
    stem = nn.Sequential(_Colour(), network.conv1, network.bn1, nn.ReLU(), nn.MaxPool2d(3, 2, 1))
    widths = [next(reversed(list(stage.parameters()))).numel() for stage in stages]  # of the last norm's bias
    return Backbone(name, stem, stages, widths)


def load_resnet(path: Path) -> Backbone:
    """Read a network, in evaluation mode and float32; it is one of SHAPES or it is refused.

    Args:
        path: safetensors of ResNet-18, 34, 50 or WideResNet-50-2; a classifier in it is left aside.

    Raises:
        SquidError: the file is not there, no safetensors (a pickle, say), or of another network.
    """
    other = "Give safetensors of ResNet-18, 34, 50 or WideResNet-50-2 with torchvision's names of tensors."
    try:
        found = load(read_plain(path, MAX_BYTES))
    except TooLargeError as error:
        raise SquidError("The backbone's file is too large to be one.", other) from error
    except OSError as error:
        raise SquidError("The backbone's file cannot be read.", "Check its path.", type(error).__name__) from error
    except (SafetensorError, ValueError, KeyError) as error:
        raise SquidError("The backbone's file is not safetensors.", other, type(error).__name__) from error
    tensors = {name: tensor for name, tensor in found.items() if not name.startswith("fc.")}
    for shape in SHAPES:
        with torch.device("meta"):  # shapes alone
            network = ResNet(shape)
        if _fits(tensors, network):
            network = ResNet(shape)
            network.load_state_dict({name: tensor.float() for name, tensor in tensors.items()}, strict=False)
            return as_backbone(network, f"{shape.name} of a file").eval()
    raise SquidError("The backbone is no residual network that is known here.", other)


def _fits(tensors: Mapping[str, Tensor], network: ResNet) -> bool:
    """Whether tensors are those of a network; the counts of batches may be missing.

    Raises:
        SquidError: they are, but one of them is not a finite number.
    """
    wanted = {name: tensor.shape for name, tensor in network.state_dict().items() if "num_batches" not in name}
    if {name: tensor.shape for name, tensor in tensors.items() if "num_batches" not in name} != wanted:
        return False
    if not all(bool(tensors[name].float().isfinite().all()) for name in wanted):
        raise SquidError("The backbone holds what is not a number.", "Fetch its file again.")
    return True
