"""Another default character set: names on the worklist and on the screen follow, and nothing else does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.domain.study import depends_on_charset
from app.services.importing.renaming import LEFT
from app.services.services import REPLACED
from app.ui.words.words import patient_words
from squid_core.contracts.charset import Charset
from squid_core.contracts.radiograph import Content, Identity, Radiograph
from squid_core.dicom.errands import Examined, in_charset
from squid_core.dicom.header.charsets import UNREADABLE
from squid_core.dicom.source import Source
from squid_core.preprocessing import ByAge, Preprocessing
from tests.app.world import DirectReaders, World, hurried
from tests.squid_core.dicom.phantoms import chest, to_bytes

HSU, LIN = "許^功蓋", "林^美玲"


class CharsetReaders(DirectReaders):
    """They read in the default character set that was chosen, as the real ones do."""

    def __init__(self) -> None:
        super().__init__()
        self.charset = Charset.AUTOMATIC

    def identify(self, source: Path | Source) -> Future[Examined]:
        return in_charset(self.charset, super().identify, source)

    def examine(self, source: Path | Source, preprocessings: Sequence[Preprocessing] | ByAge = ()) -> Future[Examined]:
        return in_charset(self.charset, super().examine, source, preprocessings)

    def read(self, source: Path | Source, frame: int = 0) -> Future[Radiograph]:
        return in_charset(self.charset, super().read, source, frame)


class Ward(World):
    """A program whose files name their patients in Big5."""

    def write(self, name: str, patient: str, study: str, patient_id: str, codec: str = "big5") -> Path:
        """A file that states Latin-1."""
        value = patient.encode(codec)
        ds = chest(
            SpecificCharacterSet="ISO_IR 100",
            PatientName="x" * len(value),
            PatientID=patient_id,
            StudyInstanceUID=f"1.2.{study}",
        )
        path = self.folder / name
        path.write_bytes(to_bytes(ds).replace(b"x" * len(value), value))
        return path

    def check(self) -> None:
        """These are no faces of that world."""

    def check_store(self) -> None:
        """Likewise."""

    @property
    def names(self) -> dict[str, str]:
        """Names of the worklist's patients by their ID."""
        return {image.identity.patient_id: image.identity.patient_name for image in self.store.worklist.images()}


@pytest.fixture
def ward(qtbot: QtBot, tmp_path: Path) -> Iterator[Ward]:
    with hurried():
        made = Ward(tmp_path, CharsetReaders())
        made.write("a", HSU, "1", "A")
        made.write("b", LIN, "2", "B")
        made.write("b2", LIN, "2", "B")
        made.open()
        made.settle()
        yield made
        made.close()


def test_until_a_character_set_is_chosen_patients_have_pseudonyms_with_their_ids(ward: Ward) -> None:
    assert set(ward.names) == {"A", "B"}
    first, second = ward.names["A"], ward.names["B"]
    assert first != second
    assert first.startswith("Patient ")
    assert first.endswith(" (ID A)")
    assert patient_words(Identity("", patient_name=first)) == first


def test_names_follow_the_default_character_set_and_scores_stay(ward: Ward) -> None:
    before = {image.key: (image.digest, image.score) for image in ward.store.worklist.images()}
    key = next(image.key for image in ward.store.worklist.images() if image.identity.patient_id == "A")
    ward.services.desk.select_image(key)
    ward.settle()
    shown = ward.holder.state
    assert shown.detection is not None
    assert UNREADABLE in shown.notices
    ward.services.use_charset(Charset.BIG5)
    ward.settle()
    assert ward.names == {"A": "許, 功蓋", "B": "林, 美玲"}
    assert {image.key: (image.digest, image.score) for image in ward.store.worklist.images()} == before
    studies = {study.uid: (len(study.images), study.shares_uid) for study in ward.store.worklist.studies}
    assert studies == {"1.2.1": (1, False), "1.2.2": (2, False)}  # as they were
    now = ward.holder.state
    assert now.image_key == key
    assert now.radiograph is not None
    assert now.radiograph.identity.patient_name == "許, 功蓋"
    assert now.radiograph.pixels is shown.radiograph.pixels if shown.radiograph else False
    assert now.detection is shown.detection
    assert UNREADABLE not in now.notices
    assert "Text is read as Big5, which the file does not state." in now.notices
    assert ward.notices == []
    ward.restart()
    ward.settle()
    assert ward.names == {"A": "許, 功蓋", "B": "林, 美玲"}


def test_an_image_that_was_read_in_other_characters_is_the_same_image(ward: Ward) -> None:
    (key,) = [image.key for image in ward.store.worklist.images() if image.identity.patient_id == "A"]
    ward.readers.charset = Charset.BIG5  # for one run only: the worklist is as it was
    ward.restart()
    ward.settle()
    ward.services.desk.select_image(key)
    ward.settle()
    assert ward.holder.state.error is None
    assert ward.names["A"] == "許, 功蓋"  # read again with its image
    assert REPLACED not in ward.notices
    both = [image.key for image in ward.store.worklist.images() if image.identity.patient_id == "B"]
    ward.services.desk.select_image(both[0])
    ward.settle()
    study = ward.store.worklist.study_of(both[0])
    assert study is not None
    assert not study.shares_uid
    assert sorted(image.key for image in study.images) == sorted(both)


def test_a_character_set_for_one_run_reads_the_names_of_the_worklist_too(ward: Ward) -> None:
    ward.services.close()
    ward.start()
    ward.services.use_charset(Charset.BIG5)  # before the stored worklist is back
    ward.settle()
    assert ward.names == {"A": "許, 功蓋", "B": "林, 美玲"}


def test_a_name_whose_file_is_away_is_left_and_said_and_read_with_its_image(ward: Ward) -> None:
    file = ward.folder / "a"
    away = file.rename(ward.folder.parent / "away")
    ward.services.use_charset(Charset.BIG5)
    ward.settle()
    assert ward.names["B"] == "林, 美玲"
    assert ward.names["A"].startswith("Patient ")
    assert ward.notices == [LEFT]
    away.rename(file)
    (key,) = [image.key for image in ward.store.worklist.images() if image.identity.patient_id == "A"]
    ward.services.desk.clear()
    ward.services.desk.select_image(key)
    ward.settle()
    assert ward.names["A"] == "許, 功蓋"


def test_a_file_in_which_another_patient_lies_now_renames_nobody(ward: Ward) -> None:
    before = ward.names
    ward.write("a", LIN, "7", "C")
    ward.services.use_charset(Charset.BIG5)
    ward.settle()
    assert ward.names["A"] == before["A"]


def test_the_same_bytes_are_the_same_image_whatever_they_are_called(ward: Ward) -> None:
    item = next(iter(ward.store.worklist.images()))
    called = replace(item.identity, patient_name="許, 功蓋")
    assert item.is_in(Content(item.digest, item.size, item.modified_ns + 1), called)  # a copy, with a time of its own
    assert not item.is_in(Content("0" * 64, item.size, item.modified_ns), item.identity)


def test_names_in_plain_letters_are_not_read_again(ward: Ward) -> None:
    assert not depends_on_charset(Identity("1.2", patient_name="Doe, Jane", patient_id="P"))
    assert depends_on_charset(Identity("1.2", patient_name="Müller, Jörg"))
    assert depends_on_charset(Identity("1.2", patient_name="Patient 0A1B2C (ID P)"))
    assert depends_on_charset(Identity("1.2", study_description="胸部"))
