"""Which actions change a setting that lasts, and which one: where an administrator has set it they are locked."""

from __future__ import annotations

SETTING_OF = {
    "forget_recent": "recent",
    "watch_folder": "watched",
    "stop_watching": "watched",
    "mask_names": "mask_names",
    "compact_rows": "worklist.compact",
    **{
        name: f"display.{name}"
        for name in (
            "overlay", "overlay_map", "pane_map", "corner_text", "graphics", "marks", "clahe", "magnifier",
            "own_windows",
        )
    },
    **{f"gamma_{way}": "display.gamma" for way in ("up", "down")},
    **{f"magnifier_{times}": "display.magnifier_times" for times in (2, 3, 4)},
}  # fmt: skip
