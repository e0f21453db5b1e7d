"""Files appear, move, vanish, are swapped, cut short and come back; the program is ended, killed and started again; the
clock jumps. After every step, whatever is on the screen and in the store belongs to one digest.

`SQUID_PROPERTY_RUNS` says how many walks are tried (`make soak`: 500).
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from pydicom import dcmread

from app.domain.exporting import ExportOrder
from app.domain.marks.annotations import Annotations, Marks
from app.domain.marks.measurements import Note
from app.domain.study import Judgement
from squid_core.export.request import ExportKind
from tests.app.world import LONG_AGO_NS, ROWS, Face, World, hurried

RUNS = int(os.environ.get("SQUID_PROPERTY_RUNS", "25"))
STEPS = 25
PLACES = ("a", "b")
# Two images of one patient, one of them with other pixels too; a patient with the first one's study number; a child.
FACES = (
    Face(1, 1, 1, code=80),
    Face(1, 1, 1, code=96),
    Face(1, 1, 2, code=64),
    Face(2, 1, 3, code=32),
    Face(2, 2, 1, code=40),
    Face(3, 3, 1, code=48, age=6),
)
places, faces = st.sampled_from(PLACES), st.sampled_from(FACES)
times = st.sampled_from((LONG_AGO_NS, LONG_AGO_NS, LONG_AGO_NS + 1_000_000_000))
often = st.sampled_from((True, True, True, False))
clocks = st.sampled_from(("1999-01-01T00:00:00", "2026-01-01T00:00:00", "2031-01-01T00:00:00"))


class Disk(RuleBasedStateMachine):
    """One walk."""

    @initialize(second=faces)
    def begin(self, second: Face) -> None:
        self._hurried = hurried()
        self._hurried.__enter__()
        self._folder = tempfile.TemporaryDirectory()
        self.world = World(Path(self._folder.name))
        self.now = "2026-01-01T00:00:00"
        self._clock = patch("app.storage.database._now", lambda: self.now)
        self._clock.start()
        self.notes = 0
        self.begin_anew()
        self.written = Path(self._folder.name) / "written"
        self.put("a", FACES[0], LONG_AGO_NS, found=False)
        self.put("b", second, LONG_AGO_NS, found=True)
        self.settle()
        self.look(0, kept=False, at_rest=True)

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.world.close()
            self._clock.stop()
            self._hurried.__exit__(None, None, None)
            self._folder.cleanup()

    @rule(number=st.integers(0, 5), face=faces, alike=st.booleans(), at_rest=often)
    def deceive(self, number: int, face: Face, alike: bool, at_rest: bool) -> None:
        """The next disc at the same mount point: nothing that a file system says of the place changes.

        `alike`: another picture of the same image of the same patient, where there is one.
        """
        rows = list(self.world.store.worklist.images())
        if not rows or not (path := rows[number % len(rows)].path).exists():
            return
        same = [one for one in FACES if one.names == rows[number % len(rows)].identity.image and alike]
        others = [one for one in same if one.data != path.read_bytes()] or [face]
        self.world.put(path.name, others[0], path.stat().st_mtime_ns)
        self.look(number, kept=False, at_rest=at_rest)

    @rule(place=places, face=faces, time=times, found=often)
    def put(self, place: str, face: Face, time: int, found: bool) -> None:
        self.world.put(place, face, time)
        self.world.open() if found else None

    @rule(place=places, to=places)
    def move(self, place: str, to: str) -> None:
        if (path := self.world.folder / place).exists():
            path.replace(self.world.folder / to)

    @rule(place=places)
    def vanish(self, place: str) -> None:
        (self.world.folder / place).unlink(missing_ok=True)

    @rule(one=places, other=places)
    def swap(self, one: str, other: str) -> None:
        first, second, aside = (self.world.folder / name for name in (one, other, "aside"))
        if first.exists() and second.exists():
            first.replace(aside)
            second.replace(first) if one != other else None
            aside.replace(second)

    @rule(place=places, kept=st.floats(0, 0.99))
    def cut_short(self, place: str, kept: float) -> None:
        path = self.world.folder / place
        if path.exists():
            size, times = path.stat().st_size, path.stat().st_mtime_ns
            os.truncate(path, int(size * kept))
            os.utime(path, ns=(times, times))

    @rule(when=st.integers(0, 3), place=places, face=faces)
    def swap_under_the_reader(self, when: int, place: str, face: Face) -> None:
        """The file is another one by the time it is read."""
        left = [when]

        def before(path: Path) -> None:
            left[0] -= 1
            if left[0] == 0 and (self.world.folder / place).exists():
                self.world.put(place, face)

        self.world.direct.before = before

    @rule(at_rest=often)
    def open(self, at_rest: bool) -> None:
        self.world.open()
        self.settle() if at_rest else None

    @rule(turns=st.integers(1, 6))
    def wait(self, turns: int) -> None:
        for _ in range(turns):
            self.world.turn()
            self.world.check()

    @rule()
    def settle(self) -> None:
        self.world.settle()
        self.world.check_store()

    @rule(number=st.integers(0, 5), kept=st.booleans(), at_rest=often)
    def look(self, number: int, kept: bool, at_rest: bool) -> None:
        """At a row; after many others, where its picture is not `kept`."""
        rows = list(self.world.store.worklist.images())
        if not kept:
            self.world.services.desk.clear()
            self.world.services.desk.source._kept.clear()
        if rows:
            self.world.services.desk.select_image(rows[number % len(rows)].key)
        self.settle() if at_rest else None

    @rule(number=st.integers(0, 5))
    def look_beside(self, number: int) -> None:
        others = self.world.holder.state.others
        self.world.services.priors.show(others[number % len(others)].uid if others else "")

    @rule()
    def draw(self) -> None:
        state = self.world.holder.state
        if state.radiograph is None or state.image is None:
            return
        self.notes += 1
        digest = state.radiograph.content.digest
        if state.annotations.marks != self.world.drawn.get(digest, ()):
            return  # those of before are on their way
        annotations = Annotations(state.annotations.marks).added(Note(((1.0, 2.0),), f"{self.notes}"))
        with self.step():
            self.world.drawn[digest] = annotations.marks
            self.world.holder.update(annotations=annotations)
            self.world.services.annotations.save(state.image_key, annotations)

    @rule(judgement=st.sampled_from((Judgement.ACCEPTED, Judgement.REJECTED)))
    def judge(self, judgement: Judgement) -> None:
        study = self.world.store.worklist.study(self.world.holder.state.study_uid)
        if study is None:
            return
        if study.score is None:
            judgement = Judgement.NONE  # there is no finding to accept or reject
        with self.step():
            self.world.judged |= {image.digest: judgement for image in study.images if image.digest}
            self.world.services.judge(judgement)

    @contextmanager
    def step(self) -> Iterator[None]:
        """What was said and drawn before, where something is done that can be taken back."""
        said, steps = self.said(), list(self.world.services.history._past)
        yield
        if self.world.services.history._past != steps:
            self.past.append(said)
            self.future.clear()

    def said(self) -> tuple[dict[str, Judgement], dict[str, Marks]]:
        return dict(self.world.judged), dict(self.world.drawn)

    def begin_anew(self) -> None:
        """Of another run nothing is taken back."""
        self.past: list[tuple[dict[str, Judgement], dict[str, Marks]]] = []
        self.future: list[tuple[dict[str, Judgement], dict[str, Marks]]] = []

    @rule(redo=st.booleans())
    def take_back(self, redo: bool) -> None:
        """Whatever was done last, or do it again."""
        source, other = (self.future, self.past) if redo else (self.past, self.future)
        if source:
            other.append(self.said())
            self.world.judged, self.world.drawn = source.pop()
        history = self.world.services.history
        history.redo() if redo else history.undo()

    @rule(weights=st.sampled_from(("auto", "adult", "zhanglab")))
    def weigh(self, weights: str) -> None:
        self.world.services.use_weights(weights)

    @rule()
    def remove(self) -> None:
        if self.world.holder.state.study_uid:
            with self.step():
                self.world.services.removing.remove([self.world.holder.state.study_uid])

    @rule(now=clocks)
    def jump(self, now: str) -> None:
        self.now = now

    @rule(at_rest=often)
    def restart(self, at_rest: bool) -> None:
        self.world.restart()
        self.begin_anew()
        self.settle() if at_rest else None

    @rule()
    def kill(self) -> None:
        self.world.services.database.ask(lambda _: None).result(20)
        self.world.kill()
        self.begin_anew()

    @precondition(lambda self: self.world.services.is_restored)
    @rule()
    def write(self) -> None:
        """Every result that is written names the patient whose pixels have this score."""
        keys = tuple(image.key for image in self.world.store.worklist.images())
        if keys:
            self.written = self.written.with_name(f"written {self.notes} {len(list(self.written.parent.iterdir()))}")
            order = ExportOrder(folder=self.written, keys=keys, kinds=(ExportKind.STRUCTURED_REPORT,))
            self.world.services.exporter.start(order)

    @invariant()
    def one_digest(self) -> None:
        if not hasattr(self, "world"):
            return
        self.world.check()
        for path in Path(self._folder.name).glob("written*/**/*.dcm"):
            report = dcmread(path)
            instance = report.CurrentRequestedProcedureEvidenceSequence[0].ReferencedSeriesSequence[0]
            image = str(instance.ReferencedSOPSequence[0].ReferencedSOPInstanceUID)
            shares = {round(face.code / ROWS, 6) for face in FACES if face.names[1] == image}
            shares |= {round(share + 0.01, 6) for share in shares}
            owners = {face.names[2] for face in FACES if face.names[1] == image}
            assert str(report.PatientID) in owners, "a result names another patient"
            assert _score(report) in shares, "a result has another image's score"
            path.unlink()


def _score(report: object) -> float:
    """The first number of a structured report: the anomaly score."""
    pending = list(report.ContentSequence)  # type: ignore[attr-defined]
    while pending:
        item = pending.pop(0)
        if item.ValueType == "NUM":
            return round(float(item.MeasuredValueSequence[0].NumericValue), 6)
        pending = [*item.get("ContentSequence", ()), *pending]
    raise AssertionError("a report without a number")


@pytest.mark.usefixtures("qapp")
def test_whatever_happens_to_the_files_no_two_images_are_mixed() -> None:
    walk = settings(
        max_examples=RUNS,
        stateful_step_count=STEPS,
        derandomize=True,
        database=None,
        phases=[Phase.generate],  # a walk of real programs is not worth the minutes of making it shorter
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Disk, settings=walk)
