"""The detectors of the paper's table that are trained here beside SQUID."""

from __future__ import annotations

from collections.abc import Callable

from squid_core.experiments.networks import AutoEncoder, Baseline, Ganomaly, MemAe, Vae
from squid_core.experiments.rivals.anogan import FAnoGan
from squid_core.experiments.rivals.backbone import Backbone
from squid_core.experiments.rivals.cutpaste import CutPaste
from squid_core.experiments.rivals.distillation import MultiresolutionDistillation
from squid_core.experiments.rivals.igd import Igd
from squid_core.experiments.rivals.implicit import ImplicitField
from squid_core.experiments.rivals.padim import Padim
from squid_core.experiments.rivals.panda import Panda
from squid_core.experiments.rivals.salad import Salad
from squid_core.model.config import NetworkConfig

# Built from our own encoder and decoder.
METHODS: dict[str, Callable[[NetworkConfig], Baseline]] = {
    "auto-encoder": AutoEncoder,
    "VAE": Vae,
    "GANomaly": Ganomaly,
    "f-AnoGAN": FAnoGan,
    "IF": ImplicitField,
    "SALAD": Salad,
    "MemAE": MemAe,
    "IGD": Igd,
}
# Built on a network that has learned before.
ON_FEATURES: dict[str, Callable[[Backbone], Baseline]] = {
    "CutPaste": CutPaste,
    "M-KD": MultiresolutionDistillation,
    "PANDA": Panda,
    "PaDiM": Padim,
}
FROM_SCRATCH = ("CutPaste",)  # if no backbone is given
