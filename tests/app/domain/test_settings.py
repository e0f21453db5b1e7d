from __future__ import annotations

import pytest
from pydantic import ValidationError

from app.domain.settings import Bounds, DisplaySettings, Settings


def test_one_setting_can_be_read_and_changed_by_its_name() -> None:
    settings = Settings().with_value("display.smoothing", 3.5).with_value("theme", "light")
    assert settings == Settings(display=DisplaySettings(smoothing=3.5), theme="light")
    assert settings.value("display.smoothing") == 3.5
    assert Settings.default("display.smoothing") == 1.0
    assert Settings.bounds("display.overlay_opacity") == Bounds(0, 1)
    assert Settings.bounds("theme") == Bounds(None, None)
    with pytest.raises(ValidationError):
        settings.with_value("display.smoothing", -1)
    with pytest.raises(ValidationError):
        settings.with_value("theme", "pink")
    assert settings.with_value("theme", "dark").display is settings.display
