"""Which panes stand where."""

from __future__ import annotations

from app.domain.layout import ALL, places, with_pane
from app.domain.settings import DisplaySettings, Layout, PaneName

ORIGINAL, RECONSTRUCTION, DIFFERENCE, MEMORY = ALL


def display(layout: Layout, *panes: PaneName) -> DisplaySettings:
    return DisplaySettings.model_validate({"layout": layout, "layout_panes": panes})


def test_a_layout_shows_as_many_panes_as_it_says() -> None:
    assert places(display(Layout.ONE, MEMORY, ORIGINAL)) == (MEMORY,)
    assert places(display(Layout.TWO, DIFFERENCE, ORIGINAL)) == (DIFFERENCE, ORIGINAL)
    assert places(DisplaySettings()) == ALL


def test_no_pane_stands_in_two_places() -> None:
    assert places(display(Layout.TWO, ORIGINAL, ORIGINAL)) == (ORIGINAL, RECONSTRUCTION)
    assert places(display(Layout.TWO, RECONSTRUCTION, RECONSTRUCTION)) == (RECONSTRUCTION, ORIGINAL)


def test_a_pane_takes_a_place_and_changes_with_the_one_that_had_it() -> None:
    two = display(Layout.TWO, ORIGINAL, RECONSTRUCTION)
    assert places(with_pane(two, 1, MEMORY)) == (ORIGINAL, MEMORY)
    assert places(with_pane(two, 0, RECONSTRUCTION)) == (RECONSTRUCTION, ORIGINAL)
    assert places(with_pane(display(Layout.ONE, ORIGINAL, MEMORY), 0, DIFFERENCE)) == (DIFFERENCE,)
    four = DisplaySettings()
    assert with_pane(four, 0, MEMORY) is four


def test_the_layout_outlives_the_program() -> None:
    kept = display(Layout.TWO, ORIGINAL, DIFFERENCE)
    assert DisplaySettings.model_validate_json(kept.model_dump_json()) == kept
