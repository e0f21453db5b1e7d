"""Which panes stand where."""

from __future__ import annotations

from app.domain.hanging.layout import ALL, BESIDE, arranged, places, shares_of, with_pane, with_shares
from app.domain.settings import DisplaySettings, Layout, PaneName

ORIGINAL, RECONSTRUCTION, DIFFERENCE, MEMORY = ALL


def display(layout: Layout, *panes: PaneName) -> DisplaySettings:
    return DisplaySettings.model_validate({"layout": layout, "layout_panes": panes or (ORIGINAL, RECONSTRUCTION)})


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
    for layout in (Layout.MAIN, Layout.FOUR):
        all_of_them = display(layout)
        assert with_pane(all_of_them, 0, MEMORY) is all_of_them


def test_the_layout_outlives_the_program() -> None:
    kept = display(Layout.TWO, ORIGINAL, DIFFERENCE)
    assert DisplaySettings.model_validate_json(kept.model_dump_json()) == kept


def test_by_default_the_original_has_sixty_per_cent_and_the_other_three_stand_beside_it() -> None:
    default = arranged(DisplaySettings())
    assert [line.panes for line in default.lines] == [(ORIGINAL,), (RECONSTRUCTION, DIFFERENCE, MEMORY)]
    assert not default.down
    assert not default.lines[1].across
    assert default.shares == ((600, 400), (1000,), (333, 333, 333))


def test_on_a_portrait_screen_panes_stand_one_above_the_other() -> None:
    default = arranged(DisplaySettings(), portrait=True)
    assert default.down
    assert default.lines[1].across
    pair = arranged(display(Layout.TWO), portrait=True)
    assert not pair.lines[0].across


def test_a_picture_beside_stands_right_of_the_original_in_every_layout() -> None:
    assert arranged(DisplaySettings(), beside=True).panes == (ORIGINAL, BESIDE, RECONSTRUCTION, DIFFERENCE, MEMORY)
    assert arranged(display(Layout.ONE, MEMORY, ORIGINAL), beside=True).panes == (ORIGINAL, BESIDE)
    with_a_map = arranged(display(Layout.TWO, ORIGINAL, DIFFERENCE), beside=True)
    assert with_a_map.panes == (ORIGINAL, BESIDE, DIFFERENCE)
    assert arranged(display(Layout.FOUR), beside=True).panes == (ORIGINAL, BESIDE)


def test_sizes_are_kept_for_each_arrangement_and_nonsense_is_passed_over() -> None:
    default = arranged(DisplaySettings())
    own = with_shares(DisplaySettings(), default, ((700, 300), (1000,), (200, 300, 500)))
    assert shares_of(own, default) == ((700, 300), (1000,), (200, 300, 500))
    assert shares_of(own, arranged(own, portrait=True)) == arranged(own, portrait=True).shares
    for wrong in (((700, 300),), ((0, 0), (1000,), (333, 333, 333))):
        assert shares_of(with_shares(DisplaySettings(), default, wrong), default) == default.shares
    assert DisplaySettings.model_validate_json(own.model_dump_json()) == own
