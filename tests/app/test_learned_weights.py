"""Which weights read whom is a setting: it lasts, and goes with the weights."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.domain.learning import Learning, Population
from app.main import Program, application
from app.paths import AppPaths
from squid_core.bundle.card import CARD_NAME, read_card
from squid_core.bundle.library import Bundle, weights_root
from squid_core.home import bundles_folder
from tests.app.ui import learned

NAME = learned.OURS.name


@pytest.fixture
def begin(qapp: object, tmp_path: Path) -> Iterator[Callable[[], Program]]:
    """A program, whose services do not begin; weights were learned before."""
    card = read_card(weights_root() / "adult").model_copy(update={"name": NAME, "adapted": learned.ADAPTED})
    (bundles_folder() / NAME).mkdir(parents=True)
    (bundles_folder() / NAME / CARD_NAME).write_text(card.model_dump_json(), encoding="utf-8")
    programs: list[Program] = []

    def start() -> Program:
        application()
        programs.append(Program(AppPaths(tmp_path / "home"), "cpu"))
        return programs[-1]

    yield start
    for program in programs:
        program.close()


def reads(program: Program, age: float | None) -> Bundle:
    """The bundle that reads a new study."""
    return program.services._bundles.choose(program.settings.now.weights, age)


def test_learned_weights_stay_in_use_over_a_restart_and_only_for_whom_they_learned(
    begin: Callable[[], Program],
) -> None:
    program = begin()
    assert reads(program, 50).card.name == "adult"
    program.preferences.use("weights", "zhanglab")
    program.wishes.learned_chosen.emit(Population.ADULT, NAME)
    assert (program.settings.now.weights, program.settings.now.learned["adult"]) == ("auto", NAME)
    program.close()
    again = begin()
    assert reads(again, 50).card.name == NAME
    assert reads(again, None).card.name == NAME
    assert reads(again, 5).card.name == "zhanglab"
    again.wishes.learned_chosen.emit(Population.ADULT, "")
    again.close()
    assert reads(begin(), 50).card.name == "adult"


@pytest.mark.parametrize("chosen", ["by age", "by name"])
def test_weights_that_go_are_no_setting_any_more(begin: Callable[[], Program], chosen: str) -> None:
    program = begin()
    if chosen == "by age":
        program.preferences.use_learned(Population.ADULT, NAME)
    else:
        program.preferences.use("weights", NAME)
    program.preferences.forget_learned("other")
    assert NAME in (program.settings.now.weights, program.settings.now.adult_weights)
    program.services.learning.deleted.emit(NAME)
    assert (program.settings.now.weights, program.settings.now.adult_weights) == ("auto", "")


def test_the_settings_offer_what_was_learned_to_whom_it_was_learned_for(begin: Callable[[], Program]) -> None:
    program = begin()
    program.holder.update(learning=Learning(learned=(learned.OURS, learned.CHILDRENS)))
    dialog = program.preferences.show_dialog(program.window)
    found = {name: dialog.rows[name].control.combo for name in ("adult_weights", "paediatric_weights")}  # type: ignore[attr-defined]
    offered = {name: [combo.itemText(at) for at in range(combo.count())] for name, combo in found.items()}
    assert offered == {
        "adult_weights": ["Shipped", learned.OURS.name],
        "paediatric_weights": ["Shipped", learned.CHILDRENS.name],
    }
    dialog.close()
