"""A training with a limit on time: its schedule ends where the time does, whatever the machine, and a kill counts."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor

from squid_core.bundle.card import read_card
from squid_core.cli import main
from squid_core.contracts.errors import SquidError
from squid_core.model.generator import Generator
from squid_core.model.squid import Squid
from squid_core.training.budget import CRITIC_PART, PICTURE_PART, Budget, Course
from squid_core.training.checkpoint import LEAST_PAUSE, SAVING_SHARE, Rhythm
from squid_core.training.finish import finish, reserve
from squid_core.training.loop import Trainer
from squid_core.training.picture import PictureTrainer
from squid_core.training.ranks import ALONE
from squid_core.training.sets import Sets
from tests.squid_core.datasets.made_up_images import CPU, made_up, trainer, write_pictures
from tests.squid_core.training.test_critic import with_critic
from tests.squid_core.training.test_painting import fine, painting


class Clock:
    """A clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def steps_of(course: Course, clock: Clock, seconds: list[float], step: int = 0) -> list[float]:
    """Make steps that take so long, over and over; how far the course was at each."""
    shares = []
    while course.goes_on(step):
        shares.append(course.share(step))
        clock.now += seconds[step % len(seconds)]
        step += 1
    return shares


@pytest.mark.parametrize("seconds", [[1.0], [0.013], [7.0], [0.5, 2.5]], ids=str)
def test_the_schedule_ends_where_the_time_does_at_any_pace(seconds: list[float]) -> None:
    clock = Clock()
    budget = Budget(1.0, clock)
    budget.reserve = 10.0
    clock.now += 5  # reading the images
    course = Course(99, budget)
    shares = steps_of(course, clock, seconds)
    longest = max(seconds)
    assert budget.used() == pytest.approx(50, abs=longest / 2 + 0.6), "a minute less what is kept for the end"
    assert len(shares) == pytest.approx(45 * len(seconds) / sum(seconds), abs=1)
    assert shares[0] == 0
    assert shares == sorted(shares)
    assert 1 - 2 * longest / 45 <= shares[-1] <= 1


def test_a_machine_that_becomes_slow_makes_fewer_steps_and_ends_in_time() -> None:
    clock = Clock()
    budget = Budget(1.0, clock)
    course, step = Course(99, budget), 0
    while course.goes_on(step):
        clock.now += 0.1 if step < 200 else 1.0
        step += 1
    assert 235 <= step <= 245
    assert budget.used() == pytest.approx(60, abs=1)


def test_a_step_longer_than_the_time_is_made_once() -> None:
    clock = Clock()
    assert len(steps_of(Course(99, Budget(0.1, clock)), clock, [60.0])) == 1


def test_without_a_limit_the_steps_are_the_presets() -> None:
    clock = Clock()
    course = Course(4, Budget(None, clock))
    assert steps_of(course, clock, [1000.0]) == [0, 0.25, 0.5, 0.75]
    assert not course.timed


def test_a_resumed_course_goes_on_where_its_checkpoint_stood() -> None:
    clock = Clock()
    first = Budget(1.0, clock)
    course = Course(99, first)
    for step in range(21):
        assert course.goes_on(step)
        clock.now += 1.0
    saved, began = first.used() - 1, course.began  # one second was lost with the kill
    clock.now += 3600
    second = Budget(1.0, clock)
    again = Course(99, second)
    again.began = began
    second.count(saved)
    assert again.goes_on(20)
    assert again.share(20) == pytest.approx(20 / 60)
    assert len(steps_of(again, clock, [1.0], 20)) == pytest.approx(40, abs=1)
    assert second.used() == pytest.approx(60, abs=1)


def test_checkpoints_cost_little_however_long_one_takes() -> None:
    clock = Clock()
    rhythm = Rhythm(clock)

    def slow() -> None:
        clock.now += 4

    clock.now += LEAST_PAUSE - 1
    assert not rhythm.due()
    clock.now += 1
    assert rhythm.due()
    rhythm.keep(slow, ALONE)
    clock.now += 4 / SAVING_SHARE - 1
    assert not rhythm.due()
    clock.now += 1
    assert rhythm.due()


def slowly(monkeypatch: pytest.MonkeyPatch, one: Trainer, clock: Clock, seconds: float) -> list[float]:
    """Let the steps of a training take so long; the learning rates they have."""
    rates: list[float] = []
    step = one._one_step

    def timed() -> dict[str, Tensor]:
        losses = step()
        rates.append(one.opt_g.param_groups[0]["lr"])
        clock.now += seconds
        return losses

    monkeypatch.setattr(one, "_one_step", timed)
    return rates


def test_a_training_fits_its_time_and_the_card_says_what_it_made_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    given = trainer(tmp_path / "work")
    one = Trainer(given.preset, "tiny", given.sets, tmp_path / "work", 3, CPU, budget=Budget(1.0, clock))
    monkeypatch.setattr(one.logbook, "draw", lambda *_: None)
    reserve(one)
    rates = slowly(monkeypatch, one, clock, 3.0)
    one.run(progress=False)
    first, last = one.preset.learning_rate, one.preset.learning_rate * one.preset.final_rate
    assert one.step == len(rates) == 20 != given.preset.steps
    assert rates[0] == first
    assert last <= rates[-1] < last + 0.02 * first, "not cut off"
    finish(one, tmp_path / "bundle")
    card = read_card(tmp_path / "bundle")
    assert (card.steps, card.minutes_given, card.minutes) == (20, 1.0, 1.0)


def test_the_painting_of_the_picture_has_its_part_of_the_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock, preset = Clock(), painting()
    sets = Sets(made_up(16), made_up(6, seed=2), fine=fine(16))
    one = Trainer(preset, "mine", sets, tmp_path / "work", 3, CPU, budget=Budget(2.0, clock))
    monkeypatch.setattr(one.logbook, "draw", lambda *_: None)
    reserve(one)
    slowly(monkeypatch, one, clock, 3.0)
    painted = PictureTrainer._one_step

    def slow(stage: PictureTrainer) -> dict[str, float]:
        clock.now += 1.5
        return painted(stage)

    monkeypatch.setattr(PictureTrainer, "_one_step", slow)
    one.critic = Squid(preset.network).lesion  # lent: takes no time
    one.run(progress=False)
    finish(one, tmp_path / "bundle", progress=False)
    card = read_card(tmp_path / "bundle")
    wanted = round(120 * (1 - PICTURE_PART) / 3.0), round(120 * PICTURE_PART / 1.5)
    assert (card.steps, card.picture_steps) == wanted
    assert card.minutes == 2.0


def test_a_killed_training_goes_on_from_its_checkpoint_with_the_time_that_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    given = trainer(tmp_path / "work")

    def begun() -> Trainer:
        one = Trainer(given.preset, "tiny", given.sets, tmp_path / "work", 3, CPU, budget=Budget(1.0, clock))
        monkeypatch.setattr(one.logbook, "draw", lambda *_: None)
        return one

    killed = begun()
    slowly(monkeypatch, killed, clock, 3.0)
    monkeypatch.setattr("squid_core.training.loop.Rhythm", lambda: Rhythm(clock))
    stepped = killed._one_step

    def until_killed() -> dict[str, Tensor]:
        if killed.step == 12:
            raise RuntimeError("kill -9")
        return stepped()

    monkeypatch.setattr(killed, "_one_step", until_killed)
    with pytest.raises(RuntimeError, match="kill -9"):
        killed.run(progress=False)
    clock.now += 10_000
    resumed = begun()
    rates = slowly(monkeypatch, resumed, clock, 3.0)
    resumed.run(resume=True, progress=False)
    assert resumed.step == 20, "saved after 7 steps, 20 seconds and a little; 13 fit into what is left"
    assert len(rates) == 13
    assert resumed.budget.used() == pytest.approx(60, abs=1.6)
    assert rates[0] < resumed.preset.learning_rate, "the schedule goes on too"


def test_the_lesion_critic_gets_its_part_of_the_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    preset, sets = with_critic(), trainer(tmp_path / "other").sets
    one = Trainer(preset, "mine", sets, tmp_path / "work", 3, CPU, budget=Budget(1.0, clock))
    monkeypatch.setattr(one.logbook, "draw", lambda *_: None)
    slowly(monkeypatch, one, clock, 3.0)
    whole = "squid_core.training.loop.CriticTrainer._one_step"

    def step(*_: object) -> dict[str, Tensor]:
        clock.now += 2.0
        return {"map": torch.zeros(())}

    monkeypatch.setattr(whole, step)
    one.run(progress=False)
    assert one.critic_steps == 60 * CRITIC_PART / 2
    assert one.step == 60 * (1 - CRITIC_PART) / 3


def test_labelled_images_that_would_take_too_long_are_thinned_and_too_little_time_gets_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    given = trainer(tmp_path / "work")
    looked: list[int] = []

    def measured(_squid: object, images: object, _settings: object) -> None:
        looked.append(len(images))  # type: ignore[arg-type]
        clock.now += len(images)  # type: ignore[arg-type]

    monkeypatch.setattr("squid_core.training.finish.measure_set", measured)
    for minutes, kept in ((0.2, 1), (10.0, 5)):
        one = Trainer(given.preset, "tiny", given.sets, tmp_path / "work", 3, CPU, budget=Budget(minutes, clock))
        monkeypatch.setattr(one.logbook, "draw", lambda *_: None)
        if minutes < 1:
            with pytest.raises(SquidError, match=r"take 0\.3 of 0\.2 minutes.*Give --minutes \d+ or more"):
                reserve(one)
        else:
            reserve(one)
            copies = 3 * len(given.sets.train)  # statistics of texture, as they are and moved
            assert one.budget.reserve == pytest.approx(1.2 * (len(given.sets.held_out) + 5 + copies))
        assert one.sets.val_abnormal is not None
        assert len(one.sets.val_abnormal) == kept
    assert looked[:2] == [2, 6]


def test_minutes_that_are_none_get_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    normal = str(write_pictures(tmp_path / "normal", 8))
    for wrong in ("0", "-1", "nan", "inf"):
        words = ["--normal", normal, "--out", str(tmp_path / "out"), "--minutes", wrong]
        assert main(["train", "--preset", "tiny", *words]) == 2
        assert "Give --minutes a number greater than 0." in capsys.readouterr().err


def test_without_the_teacher_the_student_is_the_same(tmp_path: Path) -> None:
    one = trainer(tmp_path)
    images = one.feed.batch([0, 1, 2], 0)
    pictures = []
    for taught in (True, False):
        torch.manual_seed(0)
        made = one.generator(images, taught=taught)
        assert (made.teacher is None) is not taught
        pictures.append(made.student)
    assert torch.equal(*pictures)


def test_half_precision_trains_every_part_beside_full_precision(tmp_path: Path) -> None:
    """With autocast's cache the generator would be judged by the discriminator of before its step."""
    weights, losses = [], []
    for half in (False, True):
        one = trainer(tmp_path, critic_steps=2, share_forward=False)
        one.half = half
        one.fill_memory(one.generator)
        before = [parameter.detach().clone() for parameter in one.generator.parameters()]
        for _ in range(2):
            found = one._one_step()
            one.step += 1
        losses.append(found)
        moved = [new.detach() - old for new, old in zip(one.generator.parameters(), before, strict=True)]
        weights.append(torch.stack([change.norm() for change in moved]))
    assert torch.allclose(weights[1], weights[0], rtol=0.5, atol=2e-3)
    for name, value in losses[0].items():
        assert float(losses[1][name]) == pytest.approx(float(value), rel=0.05), name


def test_memory_reads_in_full_precision_within_half_precision() -> None:
    preset = with_critic()
    generator = Generator(preset.network).eval()
    images = torch.rand(8, 1, 32, 32)
    with torch.no_grad():
        generator.memory.push(generator.encode(images).features)
        features = generator.encode(images).features
        plain = generator.memory(features, preset.network.shrinkage, 3)
        with torch.autocast("cpu", torch.bfloat16, cache_enabled=False):
            within = generator.memory(features, preset.network.shrinkage, 3)
    assert torch.equal(plain.output, within.output)


def test_a_set_at_hand_is_fed_as_its_batches_are(tmp_path: Path) -> None:
    one = trainer(tmp_path)
    images = made_up(20).images
    assert one.feed.batch([3, 0], 5).shape == (2, 1, 32, 32)
    expected = one.as_input(one.sets.train.batch([3, 0], 5))
    assert torch.equal(one.feed.batch([3, 0], 5), expected)
    assert images.dtype == "uint8"
