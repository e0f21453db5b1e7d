"""`squid evaluate --record`: what the cards keep of several seeds of one training, and of bundles that are none."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from squid_core.bundle.card import read_card
from squid_core.cli import main
from squid_core.training.finish import finish
from squid_core.training.loop import Trainer
from tests.squid_core.datasets.made_up_images import CPU, trainer, write_pictures


def test_cards_of_several_seeds_keep_mean_and_deviation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("squid_core.training.loop.Trainer._validate", lambda _: None)
    given = trainer(tmp_path / "work", steps=2)
    bundles = [tmp_path / name for name in ("first", "second", "once more")]
    for seed, bundle in enumerate(bundles[:2]):
        one = Trainer(given.preset, "tiny", given.sets, tmp_path / "work", seed, CPU)
        one.run(progress=False)
        finish(one, bundle)
    shutil.copytree(bundles[1], bundles[2])
    normal, ill = (str(write_pictures(tmp_path / name, 8, seed)) for seed, name in enumerate(("normal", "ill")))
    ask = ["evaluate", "--normal", normal, "--abnormal", ill, "--device", "cpu", "--record", "here", "--weights"]

    assert main([*ask, *map(str, bundles[:2])]) == 0
    kept = [read_card(bundle).metrics["here"] for bundle in bundles[:2]]
    assert kept[0]["over_seeds"] == kept[1]["over_seeds"]
    assert kept[0]["over_seeds"]["weights"] == ["first", "second"]
    areas = [one["auc"] for one in kept]
    expected = {"mean": pytest.approx(np.mean(areas)), "std": pytest.approx(np.std(areas, ddof=1))}
    assert kept[0]["over_seeds"]["auc"] == expected

    assert main([*ask, *map(str, bundles[1:])]) == 0
    assert "over_seeds" not in read_card(bundles[1]).metrics["here"], "one seed twice has no deviation"
