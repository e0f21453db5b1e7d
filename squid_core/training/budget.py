"""The time a training may take, and how far a stage of it has come: by its steps, or by the clock."""

from __future__ import annotations

import time
from collections.abc import Callable

import torch

from squid_core.training.ranks import ALONE, Ranks

STATISTICS_IMAGES = 2000
CRITIC_PART = 0.5  # of the time for training that the lesion critic gets, where one is trained
PICTURE_PART = 0.3  # of the time left after that which the network of the picture gets, where one is trained


class Budget:
    """The time of a training from the command to its bundle, all its runs together.

    Attributes:
        minutes: that it is to take; None: as long as the preset's steps take.
        reserve: seconds to keep for what comes after the last step.
        statistics: normals that the statistics of texture and anatomy are taken from; fewer where time is short.

    Args:
        minutes: see above.
        clock: seconds that never go back.
        began: when the command did, on this clock; None: now.
    """

    def __init__(
        self, minutes: float | None = None, clock: Callable[[], float] = time.monotonic, began: float | None = None
    ) -> None:
        self.minutes, self.reserve, self.statistics = minutes, 0.0, STATISTICS_IMAGES
        self._clock, self._before = clock, 0.0
        self._began = clock() if began is None else began

    def used(self) -> float:
        """Seconds so far. What a killed run did after its last checkpoint is not among them: it is done again."""
        return self._before + self._clock() - self._began

    def count(self, earlier: float) -> None:
        """Take in the seconds that a checkpoint says were used before this run."""
        self._before = max(self._before, earlier)

    def end(self) -> float:
        """By how many used seconds the last step must be made; infinity without a limit."""
        return float("inf") if self.minutes is None else 60 * self.minutes - self.reserve


class Course:
    """How far a stage has come.

    With a limit on time the learning rate follows the clock, so that its schedule ends where the time does, however
    fast the machine is and whatever else it does. Then learning rate and number of steps are not known from the seed;
    images, draws and first weights of every step still are.

    Attributes:
        began: seconds of the budget that were used when the stage began; None before it does.

    Args:
        steps: of the stage, where there is no limit on time.
        budget: of the training.
        part: of the time between the stage's beginning and the end of all training that is the stage's.
        ranks: the processes that train together; they share one clock.
        device: for what the ranks tell each other.
    """

    def __init__(
        self, steps: int, budget: Budget, part: float = 1.0, ranks: Ranks = ALONE, device: str | torch.device = "cpu"
    ) -> None:
        self.steps, self.began = steps, None if budget.minutes is not None else 0.0
        self._budget, self._part, self._ranks, self._device = budget, part, ranks, torch.device(device)
        self._gone = 0.0
        self._first: tuple[int, float] | None = None  # this run's first step, and when it began

    @property
    def timed(self) -> bool:
        """Whether the clock ends the stage."""
        return self._budget.minutes is not None

    def goes_on(self, step: int) -> bool:
        """Whether there is another step to make after so many; a stage has one at least."""
        if not self.timed:
            return step < self.steps
        now = self._ranks.mean(self._budget.used(), self._device)
        self.began = now if self.began is None else self.began
        self._first = self._first or (step, now)
        made = step - self._first[0]
        pace = (now - self._first[1]) / made if made else 0.0
        length = self._part * (self._budget.end() - self.began)
        self._gone = min(1.0, (now - self.began) / length) if length > 0 else 1.0
        # A step that would end further beyond the limit than the stage now is before it is not begun.
        return step == 0 or now + pace / 2 < self.began + length

    def expected(self, step: int) -> int:
        """How many steps the stage will have, as far as one can tell after so many."""
        return max(step, round(step / max(self._gone, 0.01))) if self.timed else self.steps

    def share(self, step: int) -> float:
        """How far the stage has come, 0..1: for the learning rate of the step after so many."""
        return self._gone if self.timed else step / self.steps
