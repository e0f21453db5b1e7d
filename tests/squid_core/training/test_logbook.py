"""What a person sees while a training runs: curves, reconstructions, a log that survives, a bar with the time left."""

from __future__ import annotations

import json
import re
from pathlib import Path

import cv2
import numpy as np
import pytest
from torch import Tensor

from squid_core import plots
from squid_core.plots import draw_reconstructions
from squid_core.training.logbook import LOG, LOSSES, RECONSTRUCTIONS, VALIDATION, Logbook, examples
from tests.squid_core.datasets.made_up_images import run, trainer


def test_a_training_leaves_three_pictures_and_shows_the_time_left(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: dict[str, plots.Curves] = {}
    draw = plots.draw_curves

    def remembered(path: Path, curves: plots.Curves, *, y: str, title: str, log_scale: bool = False) -> None:
        drawn[path.name] = curves
        draw(path, curves, y=y, title=title, log_scale=log_scale)

    monkeypatch.setattr("squid_core.training.logbook.draw_curves", remembered)
    one = trainer(tmp_path, steps=10, validate_every=5)
    one.run()
    for name in (LOSSES, VALIDATION, RECONSTRUCTIONS):
        picture = cv2.imread(str(tmp_path / name))
        assert picture is not None
        assert min(picture.shape[:2]) > 300, "large enough to look at"
        assert np.ptp(picture) > 200
    assert drawn[LOSSES].keys() == {"student", "teacher", "distillation", "adversarial", "critic"}
    assert set(drawn[VALIDATION]) >= {"discriminator", "memory", "train against held out"}
    assert all(list(steps) == [5, 10] for steps, _ in drawn[VALIDATION].values())
    bar = capsys.readouterr().err
    assert "10/10 [" in bar
    assert re.search(r"\[\d\d:\d\d<\d\d:\d\d", bar), "time gone and time left"


def test_examples_are_labelled_normals_first(tmp_path: Path) -> None:
    images, labels = examples(trainer(tmp_path).sets)
    assert images.shape == (11, 1, 32, 32)
    assert labels == ["normal"] * 6 + ["abnormal"] * 5


def test_columns_of_a_picture_are_input_reconstruction_and_difference_from_top_to_bottom(tmp_path: Path) -> None:
    bright, dark = np.full((2, 16, 16), 0.9), np.full((2, 16, 16), 0.4)
    draw_reconstructions(tmp_path / "a.png", bright, dark, ["normal", "abnormal"], "title")
    picture = cv2.imread(str(tmp_path / "a.png"))
    assert picture is not None
    column = picture[:, picture.shape[1] // 3].astype(int)
    blue, green, red = column.T
    levels = {"input": round(0.9 * 255), "reconstruction": round(0.4 * 255)}
    grey = np.abs(np.ptp(column, axis=1)) == 0
    rows = {name: np.flatnonzero(grey & (np.abs(green - level) <= 2)) for name, level in levels.items()}
    reddish = np.flatnonzero(red - blue > 60)
    assert len(rows["input"]) > 40
    assert len(rows["reconstruction"]) > 40
    assert np.median(rows["input"]) < np.median(rows["reconstruction"]) < np.median(reddish), "red is too bright"


def test_a_resumed_training_goes_on_with_its_log_and_a_new_one_starts_it_anew(tmp_path: Path) -> None:
    run(tmp_path, steps=10)
    with (tmp_path / LOG).open("a") as file:
        file.write('{"step": 20, "student": 1}\n{"step": 3')  # beyond the checkpoint, and cut off
    logbook = Logbook(tmp_path, print)
    assert [facts["step"] for facts in logbook.lines()] == [6, 10, 10, 20]
    trainer(tmp_path, steps=10).run(resume=True, progress=False)
    assert [facts["step"] for facts in logbook.lines()] == [6, 10, 10]
    logbook.begin(0)
    assert logbook.lines() == []
    logbook.log({"step": 1})
    assert json.loads((tmp_path / LOG).read_text()) == {"step": 1}


def test_losses_are_means_of_the_steps_since_the_last_line(tmp_path: Path) -> None:
    one = trainer(tmp_path, steps=10)
    step = one._one_step
    seen: list[float] = []

    def noted() -> dict[str, Tensor]:
        losses = step()
        seen.append(float(losses["student"]))
        return losses

    one._one_step = noted  # type: ignore[method-assign]
    one.run(progress=False)
    lines = [facts for facts in one.logbook.lines() if "student" in facts]
    assert [facts["step"] for facts in lines] == [10]
    assert lines[0]["student"] == pytest.approx(np.mean(seen))
