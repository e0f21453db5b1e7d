from __future__ import annotations

from dataclasses import replace

from app.domain.jobs import JobState
from app.domain.worklist import Worklist
from app.headless.table import worklist_table
from squid_core.contracts.radiograph import Decision, Verdict
from tests.app.samples import identity, image


def test_the_worklist_is_an_aligned_table_in_reading_order() -> None:
    asks = replace(
        image("c", "asks", state=JobState.VIEWABLE, message="Is it a chest?", arrival=2),
        verdict=Verdict(Decision.ASK, "Is it a chest?"),
    )
    lines = worklist_table(
        Worklist(
            [
                image("a", "low", score=0.25),
                image("b", "high", score=0.875),
                image("d", "high", score=0.5),
                image("e", "high", state=JobState.VIEWABLE, message="A side view."),
                image("f", "high", state=JobState.VIEWABLE, message="A side view."),
                asks,
            ]
        )
    ).splitlines()
    assert lines[0].split() == ["Patient", "Date", "State", "Score", "Percentile", "Weights", "Message"]
    assert [line.split()[:4] for line in lines[2:5]] == [
        ["Doe,", "Jane", "2023-06-01", "scored"],
        ["+", "1", "image", "scored"],
        ["+", "2", "images", "viewable"],
    ]
    assert "0.875" in lines[2]
    assert "87.5" in lines[2]
    assert "0.500" in lines[3]
    assert "0.250" in lines[5]
    assert lines[6].split()[3:] == ["asks", "-", "-", "-", "Is", "it", "a", "chest?"]
    assert lines[0].index("Message") == lines[6].index("Is it a chest?") == lines[4].index("A side view.")


def test_what_a_file_says_cannot_break_the_table() -> None:
    evil = replace(image(), identity=identity(name="Doe\n\x1b[31m" + "x" * 100))
    lines = worklist_table(Worklist([evil])).splitlines()
    assert len(lines) == 3
    assert "\x1b" not in lines[2]
    assert len(lines[2]) < 120


def test_an_empty_worklist_is_a_heading() -> None:
    assert len(worklist_table(Worklist()).splitlines()) == 2
