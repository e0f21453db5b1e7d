"""Made-up hospitals: one draw for all their pictures, from a seed; and what is counted there and by source."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from squid_core.cli import main
from squid_core.datasets.full_resolution import Picture
from squid_core.evaluation.evaluate import Evaluation
from squid_core.evaluation.hospitals import by_source, over_sites
from squid_core.evaluation.measure import Judge
from squid_core.evaluation.metrics import auc_interval, wilson
from squid_core.evaluation.pseudo_sites import (
    CLIPPED,
    FARTHEST,
    Apparatus,
    Field,
    PoseHabit,
    Processing,
    Site,
    at_site,
    draw_site,
    made_at,
)
from squid_core.evaluation.reencode import Reencoding
from squid_core.evaluation.score_plots import draw_all
from squid_core.evaluation.tables import as_text
from squid_core.preprocessing import Preprocessing, prepare
from tests.squid_core.evaluation.test_outside import Stub
from tests.squid_core.evaluation.test_stress import phantom

RNG = np.random.default_rng


def grey(site: Site, picture: Picture, seed: int = 0) -> Picture:
    """What the site makes of a picture, in 0..1."""
    made = made_at(site, picture, RNG(seed))
    return np.asarray((made - made.min()) / (made.max() - made.min()), dtype=np.float32)


def test_a_site_that_changes_nothing_gives_the_picture_back() -> None:
    picture = phantom(200, 160)
    made = made_at(Site(), picture, RNG(0))
    assert made.shape == picture.shape
    assert np.corrcoef(made.ravel(), picture.ravel())[0, 1] > 0.99999
    expected = prepare(picture, Preprocessing(size=64)).image
    assert np.abs(prepare(made, Preprocessing(size=64)).image - expected).max() < 0.003


def test_a_seed_is_one_hospital_and_a_place_in_the_sequence_one_patient() -> None:
    assert draw_site(3) == draw_site(3) != draw_site(4)
    once, again = (at_site(draw_site(5), [phantom(), phantom()]) for _ in range(2))
    for first, second in zip(once, again, strict=True):
        assert np.array_equal(first, second)
    assert once[0].shape != once[1].shape or not np.array_equal(once[0], once[1]), "patients differ"


def test_pictures_of_one_hospital_are_more_alike_than_those_of_two() -> None:
    site = draw_site(4)
    assert site.distance > 1

    def seen(site: Site, patient: int) -> Picture:
        return prepare(made_at(site, phantom(), RNG(patient)), Preprocessing(size=64)).image

    own = np.abs(seen(site, 0) - seen(site, 1)).mean()
    other = np.abs(seen(site, 0) - seen(draw_site(9), 0)).mean()
    assert own < other / 2


def test_everything_drawn_grows_with_the_distance_and_keeps_within_it() -> None:
    drawn = [draw_site(seed) for seed in range(300)]
    assert 0 <= min(site.distance for site in drawn) < 0.1
    assert FARTHEST - 0.1 < max(site.distance for site in drawn) <= FARTHEST
    for site in drawn:
        assert site.processing.black <= CLIPPED * site.distance
        assert len(site.processing.gains) == 5
        assert (site.quality is None) or 40 <= site.quality <= 95
    assert {site.field.marker for site in drawn} == {"", "L", "R"}
    assert {site.field.border for site in drawn} == {0.0, 1.0}
    assert {site.export.bits for site in drawn} == set(range(8, 13))
    assert draw_site(7, 0.0).pose == PoseHabit()
    assert draw_site(7, 0.0).processing == Processing()


def test_pose_and_field_move_the_picture_as_they_say() -> None:
    picture = phantom()
    right = grey(Site(pose=PoseHabit(right=0.04)), picture)
    home = grey(Site(), picture)
    assert np.abs(right[:, 8:] - home[:, :-8]).max() < 0.02
    cropped = made_at(Site(field=Field(crop=(0.1, 0.0, 0.2, 0.0))), picture, RNG(0))
    assert 200 - 30 <= cropped.shape[0] <= 200 - 10
    assert 200 - 60 <= cropped.shape[1] <= 200 - 20
    kept = picture[-cropped.shape[0] :, -cropped.shape[1] :]
    assert np.corrcoef(cropped.ravel(), kept.ravel())[0, 1] > 0.9999, "nothing off below and on the right"
    still = Site(pose=PoseHabit(spread=0.0))
    assert np.array_equal(made_at(still, picture, RNG(1)), made_at(still, picture, RNG(2)))
    spread = Site(pose=PoseHabit(spread=0.3))
    assert not np.array_equal(made_at(spread, picture, RNG(1)), made_at(spread, picture, RNG(2)))


def test_the_apparatus_blurs_adds_noise_where_few_quanta_come_through_and_lines_of_its_period() -> None:
    ramp = np.tile(np.linspace(0, 1, 256, dtype=np.float32), (256, 1))
    edge = (np.indices((256, 256))[1] > 127).astype(np.float32)
    assert np.abs(np.diff(grey(Site(apparatus=Apparatus(blur=1.0)), edge), axis=1)).max() < 0.3 < 1
    noisy = grey(Site(apparatus=Apparatus(noise=0.02)), ramp) - grey(Site(), ramp)
    dark, bright = noisy[:, 30:60].std(), noisy[:, -60:-30].std()
    assert bright > 2 * dark > 0
    flat = np.full((256, 256), 0.5, np.float32)
    flat[0, :2] = (0, 1)
    lines = grey(Site(apparatus=Apparatus(grid=0.02, period=4.0)), flat)[10:]
    power = np.abs(np.fft.rfft(lines.mean(0) - lines.mean()))
    assert int(power.argmax()) == 32, "128 px hold 32 periods of 4"
    along = grey(Site(apparatus=Apparatus(grid=0.02, period=4.0, along=True)), flat)[10:]
    assert np.ptp(along.mean(1)) > 10 * np.ptp(along.mean(0))
    heel = grey(Site(apparatus=Apparatus(heel=(0.2, 0.0))), flat)[10:, 10:]
    assert heel[-1].mean() - heel[0].mean() == pytest.approx(0.19, abs=0.03)


def test_processing_weighs_bands_and_bends_the_curve() -> None:
    picture = phantom()
    grained = (picture + RNG(0).normal(0, 4, picture.shape)).astype(np.float32)
    fine = grey(Site(processing=Processing(gains=(1.5, 1.5, 1.0, 1.0, 1.0))), grained)
    plain = grey(Site(), grained)
    assert np.abs(np.diff(fine, axis=1)).mean() > 1.2 * np.abs(np.diff(plain, axis=1)).mean()
    ramp = np.tile(np.linspace(0, 1, 101, dtype=np.float32), (20, 1))
    bent = grey(Site(processing=Processing(gamma=2.0)), ramp)
    assert bent[10, 50] == pytest.approx(0.25, abs=0.01)
    steep = grey(Site(processing=Processing(steepness=6.0)), ramp)
    assert steep[10, 50] == pytest.approx(0.5, abs=0.01)
    assert steep[10, 25] < 0.2
    clipped = made_at(Site(processing=Processing(black=0.1, white=0.8)), ramp, RNG(0))
    assert (clipped == clipped.min()).mean() == pytest.approx(0.11, abs=0.02)
    assert (clipped == clipped.max()).mean() == pytest.approx(0.21, abs=0.02)


@pytest.mark.parametrize("border", [0.0, 1.0])
def test_borders_markers_and_words_are_burned_in(border: float) -> None:
    picture = phantom()
    covered = grey(Site(field=Field(borders=(0.1, 0.0, 0.0, 0.05), border=border)), picture)
    assert (covered[:9] == border).all()
    assert (covered[:, -4:] == border).all()
    assert not (covered[-1, :-20] == border).any(), "no border below"
    marked = grey(Site(field=Field(marker="L", corner=(0.1, 0.1), framed=True)), picture)
    changed = np.abs(marked - grey(Site(), picture)) > 0.05
    assert changed[10:60, 10:60].any()
    assert not changed[100:, 100:].any()
    noted = Site(field=Field(words="SUPINE", noted=0.5))
    with_words = [np.abs(grey(noted, picture, seed) - grey(Site(), picture))[180:].max() > 0.1 for seed in range(12)]
    assert 0 < sum(with_words) < 12, "on some pictures"


def test_the_export_sets_depth_size_and_loss() -> None:
    picture = phantom()
    made = made_at(Site(export=Reencoding(bits=4, longer_side=100, aspect=0.8)), picture, RNG(0))
    assert made.shape == (100, 80)
    assert len(np.unique(made)) <= 16
    assert max(made_at(Site(), phantom(1400, 1200), RNG(0)).shape) == 1024, "no site keeps more"
    lossy = made_at(replace(Site(), quality=30), picture, RNG(0))
    assert np.abs(lossy - made_at(Site(), picture, RNG(0))).max() > 0


def test_any_site_makes_something_finite_of_any_size() -> None:
    for seed in range(30):
        for picture in (phantom(), phantom(97, 300), np.zeros((40, 40), np.float32)):
            made = made_at(draw_site(seed), picture, RNG(seed))
            assert made.dtype == np.float32
            assert np.isfinite(made).all()
            assert min(made.shape) > 20


@pytest.fixture
def judge() -> Judge:
    """Calls abnormal what is bright below; see its own tests."""
    return cast(Judge, Stub())


def chests(bright_below: bool, count: int) -> list[Picture]:
    ramp = np.linspace(200, 20, 160)[:, None] + RNG(0).normal(0, 8, (count, 160, 160))
    return [picture[::-1].astype(np.float32) if bright_below else picture.astype(np.float32) for picture in ramp]


def test_every_hospital_is_counted_and_the_median_and_worst_are_those_of_the_counts(judge: Judge) -> None:
    calm, ill = chests(False, 6), chests(True, 4)
    found = over_sites(judge, calm, ill, 3)
    assert [site["seed"] for site in found["sites"]] == [0, 1, 2]
    assert (found["normals"], found["abnormals"], found["farthest"]) == (6, 4, FARTHEST)
    first = found["sites"][0]
    again = by_source(judge, {"a": at_site(draw_site(0), calm)})["a"]
    assert first["normal"] == again
    shares = [site["normal"]["beyond"]["95"]["exceeded"] for site in found["sites"]]
    assert found["median"]["beyond"]["95"] == pytest.approx(np.median(shares))
    assert found["worst"]["beyond"]["95"] == max(shares)
    assert found["worst"]["auc"] == min(site["auc"] for site in found["sites"])
    assert found == over_sites(judge, calm, ill, 3), "repeats"


def test_sources_have_shares_with_intervals_and_no_auc(judge: Judge) -> None:
    found = by_source(judge, {"calm": chests(False, 5), "ill": chests(True, 8)})
    assert found["ill"]["beyond"]["95"]["exceeded"] == 1.0
    assert found["ill"]["beyond"]["95"]["interval_95"] == pytest.approx(wilson(8, 8))
    assert found["ill"]["outside_memory"] == {"flagged": 1.0, "interval_95": list(wilson(8, 8))}
    assert found["calm"]["outside_memory"]["flagged"] == 0.0
    assert not any("auc" in row for row in found.values())


def test_table_and_picture_show_sites_and_sources(judge: Judge, tmp_path: Path) -> None:
    calm, ill = np.linspace(0, 1, 9), np.linspace(0.5, 1.5, 9)
    figures = {
        "weights": "stub",
        "normals": 9,
        "abnormals": 9,
        "score": "combined",
        "auc": 0.9,
        "auc_95": auc_interval(calm, ill),
        "auc_paper_score": 0.5,
        "auc_combined_score": 0.9,
        "auc_components": {},
        "published_protocol": {"accuracy": 1.0, "f1": 1.0, "sensitivity": 1.0, "specificity": 1.0},
        "held_out_normals_protocol": {},
        "calibration": {},
        "outside_memory": {"normal": 0.0},
        "pseudo_sites": over_sites(judge, chests(False, 5), chests(True, 4), 2),
        "by_source": by_source(judge, {"other_town": chests(True, 3)}),
    }
    text = as_text(figures)
    assert "at 2 made-up hospitals, 5 normals and 4 abnormals each" in text
    assert "site 1, distance" in text
    assert "other_town (3 pictures)" in text
    assert "no AUC" in text
    draw_all(tmp_path / "png", [Evaluation(figures, "combined", calm, {"ill": ill}, {"95": 0.9})])
    assert (tmp_path / "png" / "stub-hospitals.png").stat().st_size > 5000


def test_options_that_make_no_sense_get_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for wrong, said in ((["--sites", "0"], "a whole number from 1"), (["--by-source", "folder"], "is not NAME=DIR")):
        assert main(["evaluate", "--weights", "adult", "--normal", "a", "--abnormal", "b", *wrong]) == 2
        assert said in capsys.readouterr().err
    assert main(["evaluate", "--weights", "adult", "--digits", str(tmp_path), "--sites", "2"]) == 2
    assert "do not go together" in capsys.readouterr().err
