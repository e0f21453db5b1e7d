"""What several subcommands share: numbers that are none, or not as great as they have to be."""

from __future__ import annotations

import pytest

from squid_core.cli import main

EVALUATE = ["evaluate", "--weights", "x", "--normal", "n", "--abnormal", "a"]
TRAIN = ["train", "--preset", "tiny", "--normal", "n", "--out", "o"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([*EVALUATE, "--picture", "-5"], "--picture: a whole number from 1"),
        ([*EVALUATE, "--stress", "0"], "--stress: a whole number from 1"),
        ([*EVALUATE, "--sites", "\u0663"], "--sites: a whole number from 1"),
        ([*TRAIN, "--seed", "-1"], "--seed: a whole number from 0"),
        (["ablate", "--digits", "d", "--out", "o", "--seed", "1.5"], "--seed: a whole number from 0"),
        (["triage", "p", "--readers", "0"], "--readers: a whole number from 1"),
        (["fetch", "--from", "pacs", "--every", "1441"], "--every: a whole number from 1 to 1440"),
    ],
)
def test_a_number_out_of_its_bounds_gets_a_sentence(
    options: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(options) == 2
    assert capsys.readouterr().err.rstrip().endswith(said)
