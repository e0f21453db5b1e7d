"""Texture statistics: what must change them, and what must not."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from squid_core.model.config import NetworkConfig
from squid_core.model.texture import CELLS, SIGMAS, Parts, Texture, log_energies, views


def normals(count: int, seed: int, amplitude: float = 0.1) -> Tensor:
    """Noise of random contrast on a random level."""
    generator = torch.Generator().manual_seed(seed)
    noise = torch.rand(count, 1, 64, 64, generator=generator) - 0.5
    return 0.5 + amplitude * (0.5 + torch.rand(count, 1, 1, 1, generator=generator)) * noise


def parts(images: Tensor, students: Tensor) -> Parts:
    """The views of images and of their reconstructions."""
    return views(log_energies(images, CELLS), log_energies(students, CELLS))


def test_energies_rise_with_the_square_of_the_contrast_and_ignore_the_level() -> None:
    image = normals(1, 0)
    base = log_energies(image, CELLS)
    assert base.shape == (1, len(SIGMAS) - 1, CELLS, CELLS)
    assert torch.allclose(log_energies(image + 0.1, CELLS), base, atol=1e-3)
    doubled = log_energies(0.5 + 2 * (image - 0.5), CELLS) - base
    assert torch.allclose(doubled[:, 0], torch.full_like(doubled[:, 0], 2 * math.log(2)), atol=0.05)


def test_a_wave_lies_in_the_band_of_its_scale() -> None:
    x = torch.arange(128.0)
    peaks = []
    for wavelength in (6, 12, 24, 40):
        wave = (0.5 + 0.2 * torch.sin(2 * torch.pi * x / wavelength)).expand(1, 1, 128, 128)
        peaks.append(int(log_energies(wave, CELLS)[0, :, 3:5, 3:5].mean((1, 2)).argmax()))
    assert peaks == sorted(peaks)
    assert peaks[0] < peaks[-1]


def test_pattern_ignores_contrast_and_symmetry_finds_one_sided_change() -> None:
    image = normals(1, 1, 0.4)
    same = parts(image, image)
    assert torch.allclose(parts(0.5 + 1.5 * (image - 0.5), image).pattern, same.pattern, atol=0.1)
    assert torch.allclose(same.residual, torch.zeros_like(same.residual)), "input and reconstruction alike"
    symmetric = torch.cat((image[..., :32], image[..., :32].flip(-1)), dim=-1)
    assert parts(symmetric, symmetric).symmetry.abs().max() < 1e-3
    one_sided = symmetric.clone()
    one_sided[..., 12:20, 8:20] = 0.5
    assert parts(one_sided, one_sided).symmetry.abs().max() > 0.5


def test_fresh_normals_score_near_zero_and_foreign_texture_high() -> None:
    texture = Texture(NetworkConfig())
    unfitted = texture(normals(3, 9), normals(3, 9))
    assert all(len(set(part.tolist())) == 1 for part in unfitted), "before fit nothing is told apart"
    train = normals(300, 2)
    flat = torch.full_like(train, 0.5)
    texture.fit(parts(train, flat))
    known, fresh = texture(train, flat), texture(normals(100, 4), flat[:100])
    for mine, others in zip(known, fresh, strict=True):
        assert float(mine.mean()) - 0.1 < float(others.mean()) < float(mine.mean()) + 1, "normals lie near normals"
    foreign = normals(20, 5)
    foreign[:, :, 16:40, 10:28] = foreign[:, :, 16:40, 10:28].mean()
    for strange, usual in zip(texture(foreign, flat[:20]), fresh, strict=True):
        assert float(strange.min()) > float(usual.max())
