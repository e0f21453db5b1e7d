from __future__ import annotations

from app.domain.exporting import KIND_WORDS
from squid_core.export.request import ExportKind
from squid_core.export.write import WRITERS


def test_every_kind_of_result_has_its_words_and_its_writer_and_a_name_of_its_own() -> None:
    assert {*KIND_WORDS} == {*ExportKind} == {*WRITERS}
    names = [name for name, _ in WRITERS.values()]
    assert len({*names}) == len(names)
