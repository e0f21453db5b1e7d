"""A hospital whose normals were counted and learned."""

from __future__ import annotations

from dataclasses import replace

from app.domain.errors import Notice, Severity
from app.domain.learning import Judged, LearnedWeights, Learning, LearningPhase, Normals, Population, WhyNot
from squid_core.bundle.card import Adapted, Estimate, NotUsed, Share
from tests.app.ui import synthetic

BEFORE = Estimate(
    beyond={"90": Share(count=21, low=0.26, high=0.5), "95": Share(count=17, low=0.2, high=0.43),
            "99": Share(count=9, low=0.09, high=0.28)},
    ks=0.38, tenths=(1, 1, 2, 2, 3, 4, 6, 8, 9, 21),
)  # fmt: skip
AFTER = Estimate(
    beyond={"90": Share(count=5, low=0.04, high=0.19), "95": Share(count=3, low=0.02, high=0.15),
            "99": Share(count=1, low=0.003, high=0.09)},
    ks=0.09, tenths=(5, 7, 6, 5, 6, 4, 7, 6, 6, 5),
)  # fmt: skip
ADAPTED = Adapted(
    parent="adult", parent_sha256="a" * 64, made="2026-11-29", normals=57,
    not_used={str(NotUsed.PATIENT): 4, str(NotUsed.UNUSUAL): 1}, entries=28, before=BEFORE, after=AFTER,
)  # fmt: skip
OURS = LearnedWeights("adult-2026-11-29", Population.ADULT, ADAPTED)
CHILDRENS = LearnedWeights("zhanglab-2026-10-02", Population.PAEDIATRIC, ADAPTED.model_copy(update={"normals": 112}))


def learning(adults: int = 57, children: int = 12) -> Learning:
    """So many normals of each."""
    items = [replace(synthetic.item(0), key=str(number)) for number in range(max(adults, children))]
    left_out = ((str(WhyNot.PATIENT), 4), (str(WhyNot.NOT_SCORED), 1))
    stations = (("ROOM 1", adults - 14), ("ROOM 2", 11), ("", 3)) if adults > 20 else ()
    return Learning(
        Judged(
            (Normals(Population.ADULT, tuple(items[:adults]), left_out, stations),
             Normals(Population.PAEDIATRIC, tuple(items[:children]))),
            abnormal=23,
        )
    )  # fmt: skip


STATES = {
    "counted": learning(),
    "too-few": learning(29, 0),
    "fetching": replace(learning(), phase=LearningPhase.GATHERING, population=Population.ADULT, share=0.3),
    "at-work": replace(learning(), phase=LearningPhase.LEARNING, population=Population.ADULT, share=0.6),
    "offered": replace(learning(), phase=LearningPhase.OFFERED, population=Population.ADULT, offered=OURS),
    "kept": replace(learning(), learned=(OURS, CHILDRENS)),
    "failed": replace(
        learning(),
        error=Notice(Severity.WARNING, "Learning took too long and was ended.", "Nothing was changed. Try again."),
    ),
}
