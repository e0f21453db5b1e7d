from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.domain.errors import Notice
from app.domain.jobs import JobState
from app.domain.session import Progress
from app.domain.study import ImageItem
from app.services import triage_queue
from app.services.detector import weights
from app.services.detector.process import Urgency
from app.services.detector.weights import ask_weights
from app.services.state.notifier import Notifier
from app.services.state.worklist_store import WorklistStore
from app.services.threads.courier import Courier
from app.services.threads.database_thread import DatabaseThread
from app.services.triage_queue import TriageQueue
from app.storage.database import Database
from app.storage.detections import EncodedResult
from squid_core.bundle.library import Bundles
from squid_core.contracts.detection import Detection, ModelInput, Pose, Trial
from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import Content, Decision, FileStatus, Verdict
from squid_core.dicom.readers import Examined
from squid_core.dicom.source import Source
from squid_core.inference.doubts import MIRRORED, NOT_REGISTERED
from squid_core.preprocessing import ByAge, Preprocessing
from tests.app.samples import detection, image, save, scored
from tests.app.services.fakes import RIBS, SHIN, FakeDetector, FakeReaders, done, path_of


class Desk:
    """A queue with fake readers and detector, a real archive in memory, and the images it was given."""

    def __init__(self, tmp_path: Path, readers: FakeReaders | None = None, names: str = "abc") -> None:
        self.store, self.readers, self.detector = WorklistStore(), readers or FakeReaders(), FakeDetector()
        self.database = DatabaseThread(tmp_path / "worklist.sqlite", lambda _: None)
        self.courier, self.notifier = Courier(), Notifier()
        self.notices: list[Notice] = []
        self.notifier.posted.connect(self.notices.append)
        self.notifier.flush()
        self.bundles = Bundles()
        self.queue = TriageQueue(
            self.store, self.database, self.readers, self.detector, self.bundles, self.courier, self.notifier
        )
        self.queue.readers = 1  # whatever machine this is
        self.progress: list[Progress] = []
        self.queue.progress_changed.connect(self.progress.append)
        self.items = [replace(image(name, f"study of {name}"), arrival=n) for n, name in enumerate(names)]
        self.store.upsert(*self.items)

    @property
    def keys(self) -> list[str]:
        return [item.key for item in self.items]

    def item(self, name: str) -> ImageItem:
        found = self.store.worklist.image(image(name).key)
        assert found is not None
        return found

    def states(self) -> dict[str, JobState]:
        return {item.path.name: item.state for item in self.store.worklist.images()}

    def stored(self) -> dict[str, JobState]:
        images = self.database.ask(lambda database: database.images()).result(5)
        return {item.path.name: item.state for item in images}

    def close(self) -> None:
        self.queue.close()
        self.courier.close()
        self.database.close()


@pytest.fixture
def make(qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    desks: list[Desk] = []

    def build(readers: FakeReaders | None = None, names: str = "abc") -> Desk:
        desks.append(Desk(tmp_path, readers, names))
        return desks[-1]

    yield build
    for desk in desks:
        desk.close()


def finish(qtbot: QtBot, desk: Desk) -> None:
    qtbot.waitUntil(lambda: not desk.queue.running, timeout=10_000)


def test_every_image_is_scored_and_stored(qtbot: QtBot, make: Callable[..., Desk]) -> None:
    desk = make()
    desk.queue.add(desk.keys)
    finish(qtbot, desk)
    assert desk.states() == desk.stored() == dict.fromkeys("abc", JobState.SCORED)
    assert desk.item("c").score == 0.03
    assert desk.item("c").weights == "adult"
    assert max(progress.total for progress in desk.progress) == 3
    assert desk.progress[-1] == Progress()


def test_the_weights_are_asked_once_for_all_images(
    qtbot: QtBot, make: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    def ask(question: Callable[[], object]) -> Future[object]:
        asked.append(question)
        return ask_weights(question)

    monkeypatch.setattr(weights, "ask_weights", ask)
    desk = make(names="abcdef")
    desk.queue.add(desk.keys)
    finish(qtbot, desk)
    assert len(asked) == 2  # how to prepare them, and who reads adults


def test_weights_that_are_preferred_from_now_on_read_the_next_image(qtbot: QtBot, make: Callable[..., Desk]) -> None:
    desk = make(names="a")
    desk.queue.add(desk.keys)
    finish(qtbot, desk)
    edition = desk.bundles.edition
    desk.bundles.prefer({"adult": "another"})
    assert desk.bundles.edition != edition
    desk.bundles.refresh()
    assert desk.bundles.edition == edition + 2
    desk.queue.ask_again(desk.keys)
    finish(qtbot, desk)
    assert {key[0] for key in desk.queue._bundles._answers} == {edition + 2}  # what was remembered before is not used


def test_how_a_chest_lies_is_said_on_the_worklist_where_it_is_odd(qtbot: QtBot, make: Callable[..., Desk]) -> None:
    desk = make(names="abc")
    laid = Pose(0.8, registered=True)
    poses = (replace(laid, mirrored=True), laid, Pose(0.1, registered=False))
    desk.detector.answers = [replace(detection(), pose=pose) for pose in poses]
    desk.queue.add(desk.keys)
    finish(qtbot, desk)
    assert desk.item("a").message == MIRRORED
    assert desk.item("b").message == ""
    assert desk.item("c").message == NOT_REGISTERED
    stored = desk.database.ask(lambda database: database.images()).result(5)
    assert sorted(item.message for item in stored) == ["", MIRRORED, NOT_REGISTERED]


def test_a_result_is_in_the_store_before_its_image_counts_as_scored(qtbot: QtBot, make: Callable[..., Desk]) -> None:
    desk = make(names="a")
    found: list[Detection | None] = []

    def look(key: str) -> None:
        stored = desk.database.ask(lambda database: database.result_of(desk.item("a"))).result(5)
        found.append(stored)
        assert key == desk.items[0].key
        assert stored is not None
        assert stored.score == desk.item("a").score == 0.01

    desk.queue.scored.connect(look)
    desk.queue.add(desk.keys)
    finish(qtbot, desk)
    assert len(found) == 1


def test_refusals_questions_and_damage_end_with_their_sentence(qtbot: QtBot, make: Callable[..., Desk]) -> None:
    desk = make(FakeReaders(a=SHIN, b=RIBS, c=FileStatus.ERROR, d=FileStatus.SKIPPED), "abcde")
    desk.queue.add(desk.keys)
    finish(qtbot, desk)
    assert list(desk.states().values()).count(JobState.SCORED) == 1
    assert (desk.item("a").state, desk.item("a").message) == (JobState.VIEWABLE, SHIN.reason)
    assert (desk.item("b").message, desk.item("b").asks) == (RIBS.reason, True)
    assert (desk.item("c").state, desk.item("c").message) == (JobState.ERROR, "The pixels are damaged.")
    assert desk.item("d").state is JobState.SKIPPED
    assert desk.detector.count == 1
    assert desk.stored() == desk.states()


def test_the_users_yes_to_a_question_has_the_image_scored(qtbot: QtBot, make: Callable[..., Desk]) -> None:
    desk = make(FakeReaders(a=RIBS, b=SHIN), "ab")
    desk.queue.add(desk.keys)
    finish(qtbot, desk)
    desk.queue.analyse_anyway(desk.item("b").key)  # a refusal is no question
    desk.queue.analyse_anyway(desk.item("a").key)
    finish(qtbot, desk)
    assert desk.states() == {"a": JobState.SCORED, "b": JobState.VIEWABLE}
    assert not desk.item("a").asks
    trail = desk.database.ask(lambda database: database.audit()).result(5)
    assert [entry.action for entry in trail] == ["accept", "score"]


def test_a_yes_to_all_answers_the_same_question_everywhere_and_no_other(
    qtbot: QtBot, make: Callable[..., Desk]
) -> None:
    other = Verdict(Decision.ASK, "Is this a frontal chest X-ray? Its shape is unusual for a chest X-ray.")
    desk = make(FakeReaders(a=RIBS, b=other, c=SHIN, d=RIBS, e=RIBS), "abcde")
    desk.queue.add(desk.keys)
    finish(qtbot, desk)
    desk.queue.analyse_anyway(desk.item("a").key, alike=True)
    finish(qtbot, desk)
    assert [name for name in "abcde" if desk.item(name).state is JobState.SCORED] == ["a", "d", "e"]
    assert desk.item("b").asks
    trail = desk.database.ask(lambda database: database.audit()).result(5)
    assert [entry.action for entry in trail].count("accept") == 3


def test_bytes_that_were_scored_before_are_read_and_not_scored_again(qtbot: QtBot, make: Callable[..., Desk]) -> None:
    first = make(names="a")
    bundle = Bundles().choose("auto", 45)
    first.detector.answers = [
        replace(detection(0.6, model_hash=bundle.card.weights_sha256), trial=Trial(bundle.settings))
    ]
    first.queue.add(first.keys)
    finish(qtbot, first)
    first.database.ask(lambda database: database.remove_images(first.keys)).result(5)
    second = make(names="a")
    second.queue.add(second.keys)
    finish(qtbot, second)
    assert second.item("a").score == 0.6
    assert second.readers.examined == ["a"], "nobody but a reader says which bytes they are"
    assert second.detector.count == 0
    second.queue.ask_again(second.keys)
    finish(qtbot, second)
    assert (second.item("a").score, second.readers.examined) == (0.6, ["a"]), "it is known now which they are"


def test_scores_of_other_weights_or_another_calibration_are_renewed_at_the_next_start(
    qtbot: QtBot, make: Callable[..., Desk]
) -> None:
    desk = make()
    bundle = Bundles().choose("auto", 45)
    result = replace(detection(0.6, model_hash=bundle.card.weights_sha256), trial=Trial(bundle.settings))
    current, outdated = (scored(item, result) for item in desk.items[:2])
    desk.store.upsert(current, outdated)
    desk.database.ask(lambda database: save(database, current, result, bundle.fingerprint)).result(5)
    desk.database.ask(lambda database: save(database, outdated, result, "of an earlier card")).result(5)
    desk.queue.check(desk.keys)
    qtbot.waitUntil(lambda: bool(desk.readers.examined), timeout=10_000)
    finish(qtbot, desk)
    assert desk.readers.examined == ["b"]
    assert (desk.item("a").score, desk.item("b").score) == (0.6, 0.01)
    assert desk.item("c").state is JobState.QUEUED


def test_whoever_asks_for_a_result_does_not_wait_for_the_check_of_all_scores(
    qtbot: QtBot, make: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weights, "CHECKED_AT_ONCE", 1)
    desk = make(names="abcdef")
    desk.store.upsert(*(scored(item, detection()) for item in desk.items))
    checked: list[str] = []

    def has_result(_: Database, digest: str, *__: object) -> bool:
        checked.append(digest)
        return True

    monkeypatch.setattr(Database, "has_result", has_result)
    asked: list[int] = []  # scores that had been checked when the database was asked something
    ask = desk.database.ask
    monkeypatch.setattr(desk.database, "ask", lambda work: asked.append(len(checked)) or ask(work))  # type: ignore[func-returns-value]
    desk.queue.check(desk.keys)
    qtbot.waitUntil(lambda: len(checked) == 6)
    assert asked == [0, 1, 2, 3, 4, 5]


def test_the_study_the_user_opens_goes_first(qtbot: QtBot, make: Callable[..., Desk]) -> None:
    desk = make(names="abcdef")
    desk.queue.add(desk.keys)
    desk.queue.prioritise("study of e")
    finish(qtbot, desk)
    assert desk.readers.examined[:2] == ["a", "e"]
    assert sorted(desk.readers.examined) == list("abcdef")


def test_no_more_files_are_read_than_there_are_readers(qtbot: QtBot, make: Callable[..., Desk]) -> None:
    readers = FakeReaders()
    readers.held = []
    desk = make(readers, "abcdef")
    desk.queue.readers = 2
    desk.queue.add(desk.keys)
    qtbot.waitUntil(lambda: len(readers.held or ()) == 2)
    qtbot.wait(50)
    assert set(readers.examined) == {"a", "b"}
    assert list(desk.states().values()).count(JobState.QUEUED) == 4
    desk.queue.readers = 3
    qtbot.waitUntil(lambda: set(readers.examined) == {"a", "b", "c"})


class Slow(FakeDetector):
    """Answers when the test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.held: list[tuple[Urgency, list[Future[EncodedResult]], list[Future[EncodedResult]]]] = []

    def detect_many(
        self, folder: Path, inputs: Sequence[ModelInput], urgency: Urgency = Urgency.TRIAGE
    ) -> list[Future[EncodedResult]]:
        promised: list[Future[EncodedResult]] = [Future() for _ in inputs]
        self.held.append((urgency, promised, super().detect_many(folder, inputs, urgency)))
        return promised

    def release(self) -> None:
        _, promised, answers = self.held.pop(0)
        for future, answer in zip(promised, answers, strict=True):
            future.set_result(answer.result())


def all_prepared(qtbot: QtBot, desk: Desk, slow: Slow) -> None:
    """Two batches are with the detector, of what there was first; the rest waits for it."""
    qtbot.waitUntil(lambda: len(slow.held) + len(desk.queue._submitted) == len(desk.keys))
    assert slow.batches == [1, 1]


def let_go(qtbot: QtBot, desk: Desk, slow: Slow) -> None:
    """Every batch is answered and committed, one after the other."""
    while desk.queue.running:
        qtbot.waitUntil(lambda: bool(slow.held) or not desk.queue.running)
        if slow.held:
            slow.release()
            qtbot.wait(20)


def test_what_waits_goes_to_the_detector_in_batches_and_what_the_user_has_opened_first_and_alone(
    qtbot: QtBot, make: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, slow = make(names="abcdefghijkl"), Slow()
    monkeypatch.setattr(desk.queue, "_detector", slow)
    desk.queue.add(desk.keys)
    all_prepared(qtbot, desk, slow)
    desk.queue.prioritise("study of j")
    slow.release()
    qtbot.waitUntil(lambda: len(slow.held) == 2)
    assert [(urgency, len(promised)) for urgency, promised, _ in slow.held] == [
        (Urgency.TRIAGE, 1),
        (Urgency.READER, 1),
    ]
    slow.release()
    qtbot.waitUntil(lambda: slow.batches == [1, 1, 1, triage_queue.BATCH])
    let_go(qtbot, desk, slow)
    assert sum(slow.batches) == 12
    assert desk.stored() == dict.fromkeys("abcdefghijkl", JobState.SCORED)


def test_the_results_of_a_batch_are_committed_together(
    qtbot: QtBot, make: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    groups: list[int] = []
    save_results = Database.save_results
    monkeypatch.setattr(
        Database,
        "save_results",
        lambda db, results: groups.append(len(results)) or save_results(db, results),  # type: ignore[func-returns-value]
    )
    desk, slow = make(names="abcdefgh"), Slow()
    monkeypatch.setattr(desk.queue, "_detector", slow)
    desk.queue.add(desk.keys)
    all_prepared(qtbot, desk, slow)
    let_go(qtbot, desk, slow)
    assert groups == slow.batches
    assert max(groups) == triage_queue.BATCH
    trail = desk.database.ask(lambda database: database.audit()).result(5)
    assert sorted(line.subject for line in trail if line.action == "score") == sorted(desk.keys)


def test_a_fault_in_the_middle_of_a_group_saves_none_of_it_and_each_image_may_be_tried_again(
    qtbot: QtBot, make: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, slow = make(names="abcdef"), Slow()
    monkeypatch.setattr(desk.queue, "_detector", slow)
    group = desk.keys[2:]  # what waits behind the first two, which go alone
    fault = f"CREATE TRIGGER fault BEFORE INSERT ON audit WHEN NEW.subject = '{group[2]}'"
    tell(desk, f"{fault} BEGIN SELECT RAISE(ABORT, 'a fault of the disk'); END")
    desk.queue.add(desk.keys)
    all_prepared(qtbot, desk, slow)
    let_go(qtbot, desk, slow)
    assert slow.batches == [1, 1, 4]
    failed = [desk.store.worklist.image(key) for key in group]
    assert {(item.state, item.message, item.result) for item in failed if item} == {
        (JobState.VIEWABLE, "This image could not be analysed.", None)
    }
    assert all(item.may_be_tried for item in failed if item)
    assert kept(desk) == (2, sorted(desk.keys[:2]))
    tell(desk, "DROP TRIGGER fault")
    desk.queue.try_again()
    let_go(qtbot, desk, slow)
    assert desk.states() == desk.stored() == dict.fromkeys("abcdef", JobState.SCORED)
    assert kept(desk) == (6, sorted(desk.keys))


def tell(desk: Desk, statement: str) -> None:
    desk.database.ask(lambda database: database._file.run(lambda db: db.execute(statement).fetchall())).result(5)


def kept(desk: Desk) -> tuple[int, list[str]]:
    """How many results there are, and of which images the trail says that they were scored."""

    def look(database: Database) -> tuple[int, list[str]]:
        count = database._file.read(lambda db: db.execute("SELECT count(*) FROM results").fetchone()[0])
        return count, sorted(line.subject for line in database.audit() if line.action == "score")

    return desk.database.ask(look).result(5)


def test_progress_is_told_at_most_once_a_second(qtbot: QtBot, make: Callable[..., Desk]) -> None:
    desk = make(names="abcdefghijkl")
    desk.queue.add(desk.keys)
    finish(qtbot, desk)
    assert len(desk.progress) <= 4, "at the beginning, at the end, and what a second allows"
    assert desk.progress[-1] == Progress()


def test_cancel_stops_and_leaves_every_job_resumable(qtbot: QtBot, make: Callable[..., Desk]) -> None:
    readers = FakeReaders()
    readers.held = []
    desk = make(readers)
    desk.queue.add(desk.keys)
    qtbot.waitUntil(lambda: bool(readers.held))
    desk.queue.cancel()
    assert not desk.queue.running
    readers.release()  # the late answer finds nobody
    qtbot.wait(50)
    assert desk.states() == desk.stored() == dict.fromkeys("abc", JobState.CANCELLED)
    readers.held = None
    desk.queue.resume()
    finish(qtbot, desk)
    assert desk.states() == desk.stored() == dict.fromkeys("abc", JobState.SCORED)


def test_a_file_that_changes_while_it_is_in_hand_is_read_again(qtbot: QtBot, make: Callable[..., Desk]) -> None:
    readers = FakeReaders()
    readers.held = []
    desk = make(readers, "ab")
    desk.queue.add(desk.keys)
    qtbot.waitUntil(lambda: bool(readers.held))
    readers.contents["a"] = Content("f" * 64, 11, 20)
    desk.store.upsert(replace(desk.items[0], size=11))  # as an import does that finds it changed
    desk.queue.add([desk.items[0].key])
    readers.release()  # what was read of the former file finds nobody
    for _ in (1, 2):
        qtbot.waitUntil(lambda: bool(readers.held))
        assert len(readers.held) == 1
        readers.release()
    finish(qtbot, desk)
    assert desk.readers.examined == ["a", "b", "a"]
    assert (desk.item("a").state, desk.item("a").size) == (JobState.SCORED, 11)
    assert desk.stored() == dict.fromkeys("ab", JobState.SCORED)
    assert desk.detector.count == 2
    assert max(progress.total for progress in desk.progress) == 2


def test_an_image_whose_readers_were_ended_from_outside_is_not_called_damaged_and_is_tried_again(
    qtbot: QtBot, make: Callable[..., Desk]
) -> None:
    class Ended(FakeReaders):
        def examine(
            self, source: Path | Source, preprocessings: Sequence[Preprocessing] | ByAge = ()
        ) -> Future[Examined]:
            if path_of(source).stem == "b" and "b" not in self.examined:
                self.examined.append("b")
                return done(Examined(FileStatus.ERROR, "The reader was ended.", unread=True))
            return super().examine(source, preprocessings)

    desk = make(Ended())
    desk.queue.add(desk.keys)
    finish(qtbot, desk)
    assert desk.item("b").state is JobState.VIEWABLE
    assert desk.item("b").may_be_tried
    desk.queue.try_again()
    finish(qtbot, desk)
    assert set(desk.states().values()) == {JobState.SCORED}


def test_a_file_that_is_damaged_while_it_is_in_hand_keeps_no_score(qtbot: QtBot, make: Callable[..., Desk]) -> None:
    readers = FakeReaders()
    readers.held = []
    desk = make(readers, "a")
    desk.queue.add(desk.keys)
    qtbot.waitUntil(lambda: bool(readers.held))
    desk.store.upsert(replace(desk.items[0], state=JobState.ERROR, message="The file ends too early.", size=3))
    desk.queue.add(desk.keys)
    readers.release()
    finish(qtbot, desk)
    assert (desk.item("a").state, desk.item("a").size, desk.item("a").score) == (JobState.ERROR, 3, None)
    assert desk.stored() == {"a": JobState.ERROR}
    assert desk.detector.count == 0


def test_an_image_the_detector_gives_up_on_does_not_stop_the_others(qtbot: QtBot, make: Callable[..., Desk]) -> None:
    desk = make()
    desk.detector.answers = [SquidError("The detector failed twice on this image, so it is left out.")]
    desk.queue.add(desk.keys)
    finish(qtbot, desk)
    assert desk.states() == desk.stored() == {"a": JobState.VIEWABLE, "b": JobState.SCORED, "c": JobState.SCORED}
    assert desk.item("a").message == "The detector failed twice on this image, so it is left out."
    assert not desk.item("a").asks


@pytest.mark.parametrize("again", ["another device", "the folder opened again"])
def test_what_the_detector_failed_on_can_be_tried_again(qtbot: QtBot, make: Callable[..., Desk], again: str) -> None:
    desk = make(FakeReaders(b=SHIN, c=RIBS))
    desk.detector.answers = [SquidError("This machine has no CUDA GPU.")]
    desk.queue.add(desk.keys)
    finish(qtbot, desk)
    if again == "another device":
        desk.queue.try_again()
    else:
        desk.queue.add(desk.keys)
    finish(qtbot, desk)
    assert desk.states() == {"a": JobState.SCORED, "b": JobState.VIEWABLE, "c": JobState.VIEWABLE}
    assert desk.readers.examined == ["a", "b", "c", "a"]


def test_missing_weights_are_said_once_and_the_images_stay_viewable(qtbot: QtBot, make: Callable[..., Desk]) -> None:
    desk = make()
    desk.queue.weights = "no such weights"
    desk.queue.add(desk.keys)
    finish(qtbot, desk)
    assert desk.states() == dict.fromkeys("abc", JobState.VIEWABLE)
    assert "There are no such weights." in desk.item("a").message
    assert len(desk.notices) == 1
    desk.queue.use_weights("adult")
    finish(qtbot, desk)
    assert desk.states() == dict.fromkeys("abc", JobState.SCORED)


def test_other_weights_score_again_but_do_not_ask_or_refuse_again(qtbot: QtBot, make: Callable[..., Desk]) -> None:
    desk = make(FakeReaders(a=SHIN, b=RIBS))
    desk.queue.add(desk.keys)
    finish(qtbot, desk)
    desk.queue.use_weights("zhanglab")
    finish(qtbot, desk)
    assert sorted(desk.readers.examined) == ["a", "b", "c", "c"]


def test_a_study_taken_off_the_list_is_forgotten(qtbot: QtBot, make: Callable[..., Desk]) -> None:
    readers = FakeReaders()
    readers.held = []
    desk = make(readers)
    desk.queue.add(desk.keys)
    qtbot.waitUntil(lambda: bool(readers.held))
    for name in "ab":
        desk.queue.forget([desk.item(name).key])
        desk.store.remove([desk.item(name).key])
    while readers.held:
        readers.release()
    readers.held = None
    finish(qtbot, desk)
    assert desk.states() == {"c": JobState.SCORED}


def test_a_child_is_read_by_the_paediatric_weights(qtbot: QtBot, make: Callable[..., Desk]) -> None:
    bundles = Bundles()
    assert bundles.choose("auto", 4).card.population == "paediatric"
    assert bundles.choose("auto", 18).card.population == "adult"
    assert set(bundles.names()) == {"adult", "zhanglab"}, "digits are no chests"
