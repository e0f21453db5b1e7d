"""Random changes of training images that must not matter: place, size, exposure, contrast, sharpness, noise.

They happen where the images are. Only how far to blur is drawn on the CPU: the size of the kernel follows from it, and
a GPU would be waited for.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

from squid_core.training.preset import Augmentation

CPU = torch.device("cpu")
LEFT_OUT = 0.14  # greatest share of a side that another field leaves out
SIDES_NARROWED = 0.75  # share of the sides at which it leaves out any


def augment(images: Tensor, how: Augmentation) -> Tensor:
    """Each image its own change, drawn from torch's global generator.

    Args:
        images: (B, 1, S, S) float in 0..1.
        how: the greatest changes.
    """
    return expose(place(images, how), how)


def place(images: Tensor, how: Augmentation) -> Tensor:
    """Turn, resize, stretch and move: (B, 1, S, S) in 0..1."""
    if not (how.rotation or how.translation or how.scale or how.stretch):
        return images
    angle, size = _draw(images, how.rotation) * math.pi / 180, 1 + _draw(images, how.scale)
    right, down = 2 * _draw(images, how.translation), 2 * _draw(images, how.translation)
    ratio = _draw(images, how.stretch).exp() if how.stretch else torch.ones_like(size)
    cos, sin = angle.cos() * size, angle.sin() * size
    across = torch.stack((cos * ratio, -sin / ratio, right), -1)
    along = torch.stack((sin * ratio, cos / ratio, down), -1)
    where = F.affine_grid(torch.stack((across, along), 1), list(images.shape), align_corners=False)
    return F.grid_sample(images, where, padding_mode=how.padding, align_corners=False)


def expose(images: Tensor, how: Augmentation) -> Tensor:
    """Change gamma, contrast and brightness, sharpen, blur, add noise: (B, 1, S, S) in 0..1."""

    def each(numbers: Tensor) -> Tensor:
        return numbers[:, None, None, None]

    def share(greatest: float, device: torch.device = images.device) -> Tensor:
        return torch.rand(len(images), device=device) * greatest

    if how.gamma > 1:
        images = images.clamp(0, 1) ** each(_draw(images, math.log(how.gamma)).exp())
    if how.contrast:
        images = (images - 0.5) * each(_draw(images, how.contrast).exp()) + 0.5 + each(_draw(images, how.contrast / 2))
    for change, greatest in ((_sharpen, how.sharpen), (blur, how.blur), (_noise, how.noise)):
        if greatest:
            changed = change(images, share(greatest, CPU if change is blur else images.device))
            images = torch.where(each(share(1)) < how.spare, images, changed) if how.spare else changed
    return images.clamp(0, 1)


def narrow(images: Tensor, greys: Tensor | None = None) -> Tensor:
    """Of a smaller field: (B, 1, S, S) as they come.

    Args:
        images: any values.
        greys: (B,) of the borders around the field; None where they are cut off, so that the field's edge goes on as it
            does where a picture is warped.
    """
    count, size = len(images), images.shape[-1]
    along = torch.arange(size, device=images.device).expand(count, -1)

    def kept() -> Tensor:
        """(B, S): the line within the field that is seen in place of each."""
        shares = LEFT_OUT * torch.rand(2, count, 1, device=images.device)
        narrowed = torch.rand(2, count, 1, device=images.device) < SIDES_NARROWED
        first, last = (size * shares * narrowed).round().long()
        return along.clamp(first, size - 1 - last)

    rows, columns = kept(), kept()
    seen = images.gather(2, rows[:, None, :, None].expand_as(images))
    seen = seen.gather(3, columns[:, None, None, :].expand_as(images))
    if greys is None:
        return seen
    inside = (rows == along)[:, None, :, None] & (columns == along)[:, None, None, :]
    return torch.where(inside, seen, greys[:, None, None, None])


def _sharpen(images: Tensor, amount: Tensor) -> Tensor:
    return images + amount[:, None, None, None] * (images - blur(images, torch.ones(len(amount))))


def _noise(images: Tensor, deviation: Tensor) -> Tensor:
    return images + torch.randn_like(images) * deviation[:, None, None, None]


def blur(images: Tensor, sigma: Tensor) -> Tensor:
    """Gaussian of its own sigma (px, (B,) on the CPU) for each of (B, 1, S, S): a grouped separable convolution."""
    reach = max(1, min(math.ceil(2.5 * float(sigma.max())), images.shape[-1] - 1))
    sigma = sigma.to(images.device, non_blocking=True)
    offsets = torch.arange(-reach, reach + 1, device=images.device, dtype=images.dtype)
    kernel = torch.exp(-0.5 * (offsets / sigma.clamp(min=1e-3)[:, None]) ** 2)
    kernel = kernel / kernel.sum(1, keepdim=True)
    b = images.shape[0]
    flat = F.pad(images.transpose(0, 1), (reach,) * 4, mode="reflect")
    flat = F.conv2d(flat, kernel.view(b, 1, 1, -1), groups=b)
    return F.conv2d(flat, kernel.view(b, 1, -1, 1), groups=b).transpose(0, 1)


def _draw(images: Tensor, greatest: float) -> Tensor:
    """(B,) uniform in -greatest .. greatest."""
    return (torch.rand(len(images), device=images.device) * 2 - 1) * greatest
