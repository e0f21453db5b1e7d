"""What a person can look at while a training runs: the log, and pictures of it, in the work folder."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from squid_core.contracts.errors import SquidError
from squid_core.datasets.tensors import as_tensor
from squid_core.files import write_atomically
from squid_core.model.generator import Generator
from squid_core.plots import draw_curves, draw_reconstructions
from squid_core.training.sets import Sets

LOG = "log.jsonl"
LOSSES, VALIDATION, RECONSTRUCTIONS = "losses.png", "validation.png", "reconstructions.png"
SHOWN = 6  # images of each kind in a picture


class Logbook:
    """Log and pictures of one training.

    Args:
        work: folder they are written to.
        say: shows a line to the user.
    """

    def __init__(self, work: Path, say: Callable[[str], None]) -> None:
        self._work, self._say, self._failed = work, say, False

    def begin(self, step: int) -> None:
        """Start the log anew, or keep of it what lies before the step that a resumed training goes on from.

        Raises:
            SquidError: the disk is full.
        """
        kept = [json.dumps(facts) + "\n" for facts in self.lines() if facts["step"] <= step] if step else []
        write_atomically(self._work / LOG, "".join(kept).encode())

    def log(self, facts: dict[str, Any]) -> None:
        """Append a line.

        Raises:
            SquidError: the disk is full.
        """
        try:
            with (self._work / LOG).open("a", encoding="utf-8") as file:
                file.write(json.dumps(facts) + "\n")
        except OSError as error:
            raise SquidError(
                f"The training's log could not be written: {error.strerror}.",
                "Free some space and go on with --resume; the last checkpoint is untouched.",
            ) from error

    def lines(self) -> list[dict[str, Any]]:
        """The log so far; half a line of an unlucky end is left out."""
        found: list[dict[str, Any]] = []
        with contextlib.suppress(OSError):
            for line in (self._work / LOG).read_text(encoding="utf-8").splitlines():
                with contextlib.suppress(ValueError):
                    facts = json.loads(line)
                    if isinstance(facts, dict) and "step" in facts:
                        found.append(facts)
        return found

    def draw(self, generator: Generator, sets: Sets) -> None:
        """Draw all pictures anew. One that fails is said once and never ends the training."""
        try:
            lines = self.lines()
            losses = [facts for facts in lines if "student" in facts]
            validations = [facts for facts in lines if "student" not in facts]
            draw_curves(
                self._work / LOSSES, _curves(losses), y="weighted loss", title="Training losses", log_scale=True
            )
            draw_curves(
                self._work / VALIDATION, _curves(validations), y="AUC", title="Validation, for information only"
            )
            images, labels = examples(sets)
            device = next(generator.parameters()).device
            with torch.no_grad():
                rebuilt = generator(images.to(device)).student[:, 0].float().cpu().numpy()
            title = f"Step {lines[-1]['step']}: red is brighter than expected, blue darker" if lines else ""
            draw_reconstructions(self._work / RECONSTRUCTIONS, images[:, 0].numpy(), rebuilt, labels, title)
        except Exception as error:  # noqa: BLE001 - whatever it is, hours of training matter more
            if not self._failed:
                self._say(f"The training's pictures could not be drawn ({error}); the training goes on.")
            self._failed = True


def examples(sets: Sets) -> tuple[Tensor, list[str]]:
    """Some labelled images, (N, 1, S, S) float in 0..1, and the word for each; normals first."""
    kinds = [("normal", sets.val_normal or sets.held_out), ("abnormal", sets.val_abnormal)]
    shown = [(label, images.images[:SHOWN]) for label, images in kinds if images is not None]
    labels = [label for label, images in shown for _ in images]
    return as_tensor(np.concatenate([images for _, images in shown])), labels


def _curves(lines: list[dict[str, Any]]) -> dict[str, tuple[list[float], list[float]]]:
    """Every number of the log over its steps."""
    curves: dict[str, tuple[list[float], list[float]]] = {}
    for facts in lines:
        for name, value in facts.items():
            if name != "step" and isinstance(value, int | float):
                steps, values = curves.setdefault(name.removeprefix("auc_").replace("_", " "), ([], []))
                steps.append(facts["step"])
                values.append(value)
    return curves
