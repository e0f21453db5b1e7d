"""Colour tables and the way from differences to them."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from app.domain.settings import ColourMap, DisplaySettings
from app.paths import resource
from app.ui.look import colour_maps, theme
from app.ui.look.colour_maps import CENTRE, Floats, diverging, oklch_to_srgb, overlay_table, table
from app.ui.panes.difference_map import DIFFERENCE_RANGE, difference_field, to_index

SIGNED = (ColourMap.DARK_CENTRE, ColourMap.LIGHT_CENTRE)


def oklab(srgb: Floats) -> Floats:
    """sRGB 0..1 (n, 3) -> OKLab; from the published matrices, the other way round than the program."""
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    to_lms = np.array(
        [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
         [0.0883024619, 0.2817188376, 0.6299787005]]
    )  # fmt: skip
    to_lab = np.array(
        [[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
         [0.0259040371, 0.7827717662, -0.8086757660]]
    )  # fmt: skip
    lab: Floats = np.cbrt(linear @ to_lms.T) @ to_lab.T
    return lab


def test_white_and_red_come_out_of_oklch_as_published() -> None:
    white = oklch_to_srgb(np.array([1.0]), np.array([0.0]), np.array([0.0]))
    red = oklch_to_srgb(np.array([0.627955]), np.array([0.257683]), np.array([29.2339]))
    assert white[0] == pytest.approx([1, 1, 1], abs=1e-4)
    assert red[0] == pytest.approx([1, 0, 0], abs=2e-3)


@pytest.mark.parametrize("ends", [colour_maps._DARK_ENDS, colour_maps._LIGHT_ENDS])
def test_diverging_maps_stay_within_what_a_screen_can_show(
    ends: tuple[tuple[float, float], tuple[float, float]],
) -> None:
    colours = diverging(*ends)
    assert colours.min() > -0.01
    assert colours.max() < 1.01


@pytest.mark.parametrize("name", SIGNED)
def test_equal_steps_of_the_value_are_equal_steps_of_colour(name: ColourMap) -> None:
    lab = oklab(table(name)[::8].astype(float) / 255)
    steps = np.linalg.norm(np.diff(lab, axis=0), axis=1)
    assert steps.std() / steps.mean() < 0.12
    lightness = lab[:, 0]
    middle = len(lightness) // 2
    for arm in (lightness[middle:], lightness[: middle + 1][::-1]):
        assert (np.diff(arm) * (1 if name is ColourMap.DARK_CENTRE else -1) > 0).all()


@pytest.mark.parametrize("name", SIGNED)
def test_the_sign_survives_red_green_blindness(name: ColourMap) -> None:
    # Without red against green, blue against yellow (OKLab b) is what is left; the ends must differ in it.
    lab = oklab(table(name)[[1, 255]].astype(float) / 255)
    assert lab[1, 2] - lab[0, 2] > 0.1


def test_differences_become_entries_by_hand() -> None:
    values = np.array([[0.0, 0.5, -0.5, 0.25, 0.04, -0.04, 0.9]], np.float32)
    assert to_index(values, 0.05, signed=True).tolist() == [[128, 255, 1, 192, 128, 128, 255]]
    assert to_index(values, 0.05, signed=False).tolist() == [[0, 255, 255, 128, 0, 0, 255]]
    assert DIFFERENCE_RANGE == 0.5


def test_smoothing_keeps_the_sum_and_off_keeps_all() -> None:
    spot = np.zeros((33, 33), np.float32)
    spot[16, 10] = 1
    assert difference_field(spot, DisplaySettings(smoothing=0)) is spot
    blurred = difference_field(spot, DisplaySettings(smoothing=2))
    assert blurred.sum() == pytest.approx(1, abs=1e-3)
    assert int(blurred.argmax()) == 16 * 33 + 10
    assert blurred[16, 10] == pytest.approx(1 / (2 * np.pi * 4), rel=0.02)


def test_the_overlay_is_clear_where_there_is_no_difference() -> None:
    alpha = overlay_table(ColourMap.DARK_CENTRE, 0.5)[:, 3]
    assert alpha[CENTRE] == 0
    assert (np.delete(alpha, CENTRE) > 0).all()
    assert overlay_table(ColourMap.INFERNO, 0.5)[64, 3] == pytest.approx(128 * (64 / 255) ** 0.5, abs=1)
    assert (alpha[0], alpha[-1]) == (128, 128)
    assert alpha[CENTRE + 32] == pytest.approx(128 * 32 / 127, abs=1), "a quarter of it at a quarter of the way"
    one_sided = overlay_table(ColourMap.INFERNO, 1.0)[:, 3]
    assert one_sided[0] == 0
    assert (np.diff(one_sided.astype(int)) >= 0).all()
    assert one_sided[-1] == 255


@pytest.mark.parametrize("colour_map", [ColourMap.DARK_CENTRE, ColourMap.LIGHT_CENTRE])
def test_a_small_difference_tints_the_original_and_does_not_grey_it(colour_map: ColourMap) -> None:
    colours, over = table(colour_map), overlay_table(colour_map, 0.5)
    assert (over[1:CENTRE, :3] == colours[0]).all()
    assert (over[CENTRE + 1 :, :3] == colours[-1]).all()
    assert (overlay_table(ColourMap.INFERNO, 0.5)[:, :3] == table(ColourMap.INFERNO)).all()


def luminance(colour: str) -> float:
    parts = [QColor(colour).redF(), QColor(colour).greenF(), QColor(colour).blueF()]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(look: theme.Tokens, ink: str, ground: str) -> float:
    first, second = luminance(getattr(look, ink)), luminance(getattr(look, ground))
    return (max(first, second) + 0.05) / (min(first, second) + 0.05)  # WCAG 2.1, 1.4.3


def test_contrast_of_black_on_white_and_grey_on_white_as_published() -> None:
    assert contrast(replace(theme.DARK, text="#000000", panel="#ffffff"), "text", "panel") == pytest.approx(21.0)
    assert contrast(replace(theme.DARK, text="#767676", panel="#ffffff"), "text", "panel") == pytest.approx(
        4.54, abs=0.01
    )


GROUNDS = ("window", "panel", "raised", "hover", "selection", "selection_hover")
INKS = ("text", "muted", "accent", "warning", "error", "what_if")
FILLS = (("what_if", "what_if_fill"), ("warning", "warning_fill"), ("error", "error_fill"))


@pytest.mark.parametrize("look", theme.THEMES.values(), ids=lambda look: look.name)
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        *((ink, ground) for ink in INKS for ground in (*GROUNDS[:3], "selection", "what_if_fill")),
        *(("text", ground) for ground in (*GROUNDS, "what_if_fill", "warning_fill", "error_fill")),
        *FILLS,
        *((ink, "image") for ink in ("image_text", "image_muted", "image_outline", "image_accent")),
    ],
)
def test_text_can_be_read(look: theme.Tokens, ink: str, ground: str) -> None:
    assert contrast(look, ink, ground) >= 4.5


@pytest.mark.parametrize("look", theme.THEMES.values(), ids=lambda look: look.name)
def test_borders_of_controls_and_what_is_disabled_can_be_seen(look: theme.Tokens) -> None:
    for mark in ("outline", "accent", "disabled"):
        assert contrast(look, mark, "raised") >= 3  # WCAG 2.1, 1.4.11


@pytest.mark.parametrize("look", theme.THEMES.values(), ids=lambda look: look.name)
def test_an_x_ray_lies_on_black_whatever_the_theme(look: theme.Tokens) -> None:
    assert look.image == "#000000"


def test_no_widget_holds_on_to_one_theme(repository: Path) -> None:
    files = [path for path in (repository / "app" / "ui").rglob("*.py") if path.name != "theme.py"]
    assert [path.name for path in files if re.search(r"\b(DARK|LIGHT)\b", path.read_text("utf-8"))] == []


def test_style_and_icons_are_found_and_whole(styled: QApplication) -> None:
    for look in theme.THEMES.values():
        sheet = theme.style_sheet(look)
        assert "@" not in sheet.split("*/", 1)[1]
        marks = re.findall(r'url\("([^"]+)"\)', sheet)
        assert len(marks) >= 4
        assert all(Path(mark).is_file() for mark in marks)
    for svg in resource("icons").glob("*.svg"):
        drawn = theme.pixmap(svg.stem, "#ffffff", 24).toImage()
        inked = sum(drawn.pixelColor(x, y).alpha() > 100 for x in range(24) for y in range(24))
        assert inked >= 10, svg.stem
    assert styled.windowIcon().availableSizes()
