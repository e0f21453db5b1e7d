"""Learning a hospital's normals, from what a reader called normal to weights that read new studies."""

from __future__ import annotations

import errno
import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.domain.learning import FEWEST, Learning, LearningPhase, Population
from app.domain.study import Judgement
from app.services.detector.learner import Learner
from app.ui.words.learning_words import mixed_words
from squid_core.bundle.card import CARD_NAME, Adapted, Estimate, NotUsed, Share, read_card
from squid_core.bundle.library import weights_root
from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import PixelArray
from squid_core.home import bundles_folder
from tests.app.world import PATIENCE_SECONDS, Face, World, code_of, hurried, score_of

NORMALS = [Face(number, number, 1, code=16 + number) for number in range(1, FEWEST + 3)]
SICK, DOUBTED, UNJUDGED = (Face(number, number, 1, code=110 + number - 90) for number in (90, 91, 92))
NEW = Face(95, 95, 1, code=64)
ESTIMATE = Estimate(beyond={"95": Share(count=2, low=0.02, high=0.2)}, ks=0.1, tenths=(3,) * 10)


@dataclass
class Order:
    """What the learner was asked."""

    parent: Path
    images: PixelArray
    not_used: dict[NotUsed, int]
    out: Path
    answer: Future[Adapted] = field(default_factory=Future)

    def fulfil(self) -> None:
        """Answer as the real one: with a bundle where it is wanted, of the parent's card."""
        parent = read_card(self.parent)
        adapted = Adapted(
            parent=parent.name, parent_sha256=parent.weights_sha256, made="2026-01-02", normals=len(self.images),
            entries=20, before=ESTIMATE, after=ESTIMATE,
        )  # fmt: skip
        card = parent.model_copy(update={"name": self.out.name, "weights_sha256": "5" * 64, "adapted": adapted})
        self.out.mkdir(parents=True)
        (self.out / CARD_NAME).write_text(card.model_dump_json(), encoding="utf-8")
        self.answer.set_result(adapted)


class Apprentice(Learner):
    """A learner that answers when the test says so."""

    def __init__(self) -> None:
        self.orders: list[Order] = []

    @property
    def share(self) -> float:
        return 0.25

    def learn(self, parent: Path, images: PixelArray, not_used: Any, out: Path) -> Future[Adapted]:
        self.orders.append(Order(parent, images, dict(not_used), out))
        return self.orders[-1].answer

    def close(self) -> None:
        """Nothing was started."""


class School:
    """A world whose reader judges, and the learner in it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.connect()

    def connect(self) -> None:
        """As `Program` and `Preferences` do."""
        self.desk = self.world.services.learning
        self.desk.prefer({})
        self.desk.taken.connect(lambda who, name: self.world.services.use_learned({who: name}))
        self.desk.deleted.connect(lambda _: self.world.services.use_learned({}))

    @property
    def learning(self) -> Learning:
        return self.world.holder.state.learning

    @property
    def order(self) -> Order:
        """The last."""
        learner = self.desk._learner
        assert isinstance(learner, Apprentice)
        return learner.orders[-1]

    def read(self, *faces: Face, judgement: Judgement = Judgement.NORMAL) -> None:
        """These come, are scored, and judged."""
        for face in faces:
            self.world.put(f"{face.patient}-{face.study}-{face.image}", face)
        self.world.open()
        self.world.settle()
        if judgement is not Judgement.NONE:
            for face in faces:
                self.world.judged[face.digest] = judgement
                self.world.show(face)
                self.world.services.judge(judgement)
        self.world.settle()

    def wait_for(self, phase: LearningPhase) -> None:
        """Until the learning is so far."""
        self.until(lambda: self.learning.phase is phase)

    def until(self, so: Callable[[], bool]) -> None:
        """Let the program go on until it is so."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not so():
            assert time.monotonic() < end, f"{self.learning.phase}, {self.learning.error}, {in_bundles()}"
            self.world.turn()

    def swept(self) -> None:
        """Until nothing lies where weights are offered."""
        self.until(lambda: not any((bundles_folder() / ".offered").glob("*")))

    def learn(self) -> Order:
        """Until something is offered."""
        self.desk.learn(Population.ADULT)
        self.wait_for(LearningPhase.LEARNING)
        self.order.fulfil()
        self.wait_for(LearningPhase.OFFERED)
        return self.order

    def use(self) -> None:
        """Take what is offered."""
        assert self.learning.offered is not None
        name = self.learning.offered.name
        self.desk.use()
        self.until(lambda: self.in_use.get("adult") == name)
        self.world.settle()

    @property
    def in_use(self) -> dict[str, str]:
        """Which weights read new studies."""
        return dict(self.world.holder.state.weights_in_use)

    def audit(self) -> list[tuple[str, str, str]]:
        """What the trail says of weights."""
        lines = self.world.services.database.ask(lambda database: database.audit()).result(10)
        return [(line.action, line.subject, line.detail) for line in lines if line.action in ("learn", "weights")]

    def weights(self) -> dict[str, int]:
        """How many studies have their score from which weights."""
        return {name: count for (name, _), count in self.world.store.worklist.scored_by.items()}


@pytest.fixture
def school(qtbot: QtBot, tmp_path: Path) -> Iterator[School]:
    with hurried(), patch("app.services.services.Learner", Apprentice):
        world = World(tmp_path)
        yield School(world)
        world.check_store()
        world.close()


def in_bundles() -> list[str]:
    """Everything that lies in the folder of learned weights."""
    return sorted(path.name for path in bundles_folder().glob("*")) if bundles_folder().exists() else []


def test_what_was_called_normal_is_learned_and_nothing_else(school: School) -> None:
    again = Face(1, 1000, 1, code=100)  # of the first patient
    school.read(*NORMALS)
    school.read(again)
    school.read(SICK, judgement=Judgement.ACCEPTED)
    school.read(DOUBTED, judgement=Judgement.REJECTED)
    school.read(UNJUDGED, judgement=Judgement.NONE)
    read = list[Path]()
    school.world.direct.before = read.append
    school.desk.look()
    assert school.learning.judged.abnormal == 2
    order = school.learn()
    assert read == [], "what the detector saw is stored"
    assert order.parent == weights_root() / "adult"
    codes = sorted(code_of(image) for image in order.images)
    assert codes == sorted(face.code for face in (*NORMALS[1:], again))
    assert order.images.dtype == np.uint8
    assert order.not_used == {NotUsed.PATIENT: 1}
    offered = school.learning.offered
    assert offered is not None
    assert offered.adapted.normals == len(NORMALS)
    assert offered.name.startswith("adult-")
    assert school.world.services.queue.weights == "auto"
    assert school.weights() == {"adult": len(NORMALS) + 4}, "nothing changes before the reader has decided"


def test_learned_weights_read_new_studies_and_the_list_says_what_others_have_scored(school: School) -> None:
    school.read(*NORMALS)
    name = school.learn().out.name
    school.use()
    assert in_bundles() == [".offered", name]
    assert school.learning.learned[0].name == name
    assert school.learning.phase is LearningPhase.IDLE
    school.read(NEW, judgement=Judgement.NONE)
    assert school.weights() == {"adult": len(NORMALS), name: 1}
    assert school.in_use == {"adult": name, "paediatric": "zhanglab"}
    said = mixed_words(school.world.store.worklist.scored_by, school.in_use)
    assert (
        said == f"{len(NORMALS)} scores are of other weights (adult) than new studies get ({name}), and do not compare."
    )

    school.world.restart()
    school.connect()
    school.desk.prefer({"adult": name})  # before the stored worklist is back
    school.world.services.use_learned({"adult": name})
    school.until(lambda: school.in_use.get("adult") == name)
    school.world.settle()
    assert school.weights() == {"adult": len(NORMALS), name: 1}, "no start scores anything again behind the reader"

    school.world.services.score_alike()
    school.world.settle()
    assert school.weights() == {name: len(NORMALS) + 1}
    assert mixed_words(school.world.store.worklist.scored_by, school.in_use) == ""
    assert school.audit() == [
        ("learn", name, f"learned from {len(NORMALS)} normal images"),
        ("learn", name, "kept"),
        ("weights", name, "adult"),
        ("weights", name, "adult"),
    ]


def test_the_old_weights_are_a_click_away_and_what_they_found_is_remembered(school: School) -> None:
    school.read(*NORMALS)
    name = school.learn().out.name
    school.use()
    school.world.services.score_alike()
    school.world.settle()
    read = list[Path]()
    school.world.direct.before = read.append
    school.world.services.use_learned({"adult": ""})
    school.until(lambda: school.in_use.get("adult") == "adult")
    assert school.weights() == {name: len(NORMALS)}
    school.world.services.score_alike()
    school.world.settle()
    assert school.weights() == {"adult": len(NORMALS)}
    shown = school.world.row(NORMALS[-1]).path
    assert set(read) <= {shown}, "no file is read again"


def test_the_queue_goes_on_while_it_learns(school: School) -> None:
    school.read(*NORMALS)
    school.desk.learn(Population.ADULT)
    school.wait_for(LearningPhase.LEARNING)
    school.world.put("new", NEW)
    school.world.open()
    school.until(lambda: any(item.digest == NEW.digest and item.score for item in school.world.store.worklist.images()))
    assert school.world.row(NEW).score == score_of(NEW.code, "adult")
    school.until(lambda: school.learning.share == 0.25)
    school.desk.cancel()


@pytest.mark.parametrize("count", [0, FEWEST - 1])
def test_too_few_are_a_sentence(school: School, count: int) -> None:
    school.read(*NORMALS[:count], UNJUDGED, judgement=Judgement.NORMAL if count else Judgement.NONE)
    school.world.judged.pop(UNJUDGED.digest, None)
    if count:
        school.world.show(UNJUDGED)
        school.world.services.judge(Judgement.NORMAL)
        school.world.services.judge(Judgement.NONE)  # takes it back
    school.desk.learn(Population.ADULT)
    school.world.settle()
    assert school.learning.phase is LearningPhase.IDLE
    assert school.learning.error is not None
    assert school.learning.error.title.startswith(f"Normal images to learn from: {count} of at least 30")
    assert in_bundles() == []


def test_many_images_of_one_patient_are_one(school: School) -> None:
    school.read(*(Face(1, number, 1, code=16 + number) for number in range(FEWEST + 1)))
    school.desk.learn(Population.ADULT)
    school.world.settle()
    assert school.learning.error is not None
    assert "learn from: 1 of at least 30" in school.learning.error.title


def test_without_its_result_a_file_is_read_again_and_counts_only_with_the_bytes_that_were_judged(
    school: School,
) -> None:
    school.read(*NORMALS)

    def forget(database: Any) -> None:
        database._file.run(lambda db: db.execute("DELETE FROM results"))

    school.world.services.database.ask(forget).result(10)
    rows = [school.world.row(face) for face in NORMALS[:2]]
    other = Face(1, 1, 1, code=99)
    school.world.faces[other.digest] = other
    rows[0].path.write_bytes(other.data)
    rows[1].path.unlink()
    order = school.learn()
    assert sorted(code_of(image) for image in order.images) == sorted(face.code for face in NORMALS[2:])
    assert order.not_used == {NotUsed.UNREADABLE: 2}
    rows[0].path.write_bytes(NORMALS[0].data)
    rows[1].path.write_bytes(NORMALS[1].data)
    for face in NORMALS:
        school.world.services.queue.ask_again([school.world.row(face).key])
    school.world.settle()


def test_stopped_it_leaves_nothing(school: School) -> None:
    school.read(*NORMALS)
    school.desk.learn(Population.ADULT)
    school.wait_for(LearningPhase.LEARNING)
    order = school.order
    school.desk.cancel()
    assert order.answer.cancelled()
    school.world.settle()
    assert school.learning.phase is LearningPhase.IDLE
    assert school.learning.error is None
    school.swept()
    assert school.audit() == []
    assert school.learn().out.name != order.out.name


def test_discarded_it_leaves_a_line_in_the_trail_and_no_bundle(school: School) -> None:
    school.read(*NORMALS)
    name = school.learn().out.name
    school.desk.discard()
    school.world.settle()
    school.swept()
    assert school.learning.offered is None
    assert [detail for _, subject, detail in school.audit() if subject == name][-1] == "discarded"
    assert school.weights() == {"adult": len(NORMALS)}


@pytest.mark.parametrize("error", [SquidError("The disk is full.", "Make room."), RuntimeError("torch")])
def test_what_goes_wrong_is_a_sentence_and_changes_nothing(school: School, error: Exception) -> None:
    school.read(*NORMALS)
    school.desk.learn(Population.ADULT)
    school.wait_for(LearningPhase.LEARNING)
    school.order.answer.set_exception(error)
    school.wait_for(LearningPhase.IDLE)
    said = "The disk is full." if isinstance(error, SquidError) else "Learning failed."
    assert school.learning.error is not None
    assert school.learning.error.title == said
    assert school.world.notices[-1].title == said
    assert school.audit() == []


def test_a_full_disk_when_it_is_kept_leaves_the_offer(school: School) -> None:
    school.read(*NORMALS)
    name = school.learn().out.name
    with patch.object(Path, "rename", side_effect=OSError(errno.ENOSPC, "No space left")):
        school.desk.use()
        school.wait_for(LearningPhase.OFFERED)
    assert school.world.notices[-1].title == "The folder of learned weights cannot be changed."
    assert in_bundles() == [".offered"]
    school.use()
    assert name in in_bundles()


def test_a_folder_that_cannot_be_made_is_a_sentence(school: School) -> None:
    school.read(*NORMALS)
    bundles_folder().parent.mkdir(parents=True, exist_ok=True)
    bundles_folder().write_text("in the way", encoding="utf-8")
    school.desk.learn(Population.ADULT)
    school.wait_for(LearningPhase.IDLE)
    assert school.learning.error is not None
    assert school.learning.error.title == "The folder of learned weights cannot be changed."
    bundles_folder().unlink()


def test_killed_while_it_is_offered_the_next_start_has_no_trace_of_it(school: School) -> None:
    school.read(*NORMALS)
    school.learn()
    school.world.kill()
    school.connect()
    school.world.settle()
    school.swept()
    assert school.learning.offered is None
    assert school.world.holder.state.weights_available == ("adult", "zhanglab")


def test_deleted_weights_read_nothing_more_and_what_they_found_stays(school: School) -> None:
    school.read(*NORMALS)
    name = school.learn().out.name
    school.use()
    school.read(NEW, judgement=Judgement.NONE)
    school.desk.delete(name)
    school.world.settle()
    school.swept()
    school.until(lambda: school.learning.learned == ())
    school.until(lambda: school.in_use == {"adult": "adult", "paediatric": "zhanglab"})
    assert school.world.row(NEW).weights == name
    school.world.restart()
    school.connect()
    school.world.settle()
    assert school.world.row(NEW).weights == name, "the line over the list says so, and offers to score it again"
    school.world.show(NEW)
    school.world.settle()
    assert school.world.holder.state.detection is not None
    assert school.audit()[-1] in (("learn", name, "deleted"), ("weights", "auto", "adult"))


def test_weights_that_somebody_took_away_are_missed(school: School) -> None:
    school.read(*NORMALS)
    name = school.learn().out.name
    school.use()
    shutil.rmtree(bundles_folder() / name)
    school.world.restart()
    school.connect()
    school.desk.prefer({"adult": name})
    school.world.services._warm_up()
    school.world.settle()
    assert any("are not there any more" in notice.title for notice in school.world.notices)
    school.read(NEW, judgement=Judgement.NONE)
    assert school.world.row(NEW).weights == "adult"


def test_learned_weights_are_learned_anew_from_their_parent(school: School) -> None:
    school.read(*NORMALS)
    first = school.learn().out.name
    school.use()
    order = school.learn()
    assert order.parent == weights_root() / "adult"
    assert order.out.name != first
    assert len(order.images) == len(NORMALS)
