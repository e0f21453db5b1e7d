from __future__ import annotations

import pytest

from app.domain.retention import Kept, Retention
from app.domain.settings import Settings


@pytest.mark.parametrize(("kept", "days"), [(Kept.MONTH, 30), (Kept.YEAR, 365), (Kept.FOR_EVER, None)])
def test_the_settings_say_how_long_results_are_kept_and_how_much_room_they_take(kept: Kept, days: int | None) -> None:
    settings = Settings().with_value("results_kept", kept.value).with_value("store_gigabytes", 2)
    assert settings.retention == Retention(days, 2_000_000_000)


def test_a_year_and_five_gigabytes_are_what_is_kept_until_the_user_says_otherwise() -> None:
    assert Settings().retention == Retention(365, 5_000_000_000)
