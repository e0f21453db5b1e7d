"""The five stops of the tour, in words."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.i18n.language import tr
from app.ui.help.tour import Step
from app.ui.panes.pane_grid import PaneGrid


def tour_steps(worklist: QWidget, panes: PaneGrid, side_panel: QWidget) -> tuple[Step, ...]:
    """Worklist, original, reconstruction and difference, memory, what-if."""
    return (
        Step(
            tr("The worklist sorts itself"),
            tr(
                "Studies are scored in the background, the one that looks least normal at the top. A score only ever "
                "raises a study; nothing is hidden. Ctrl+Down and Ctrl+Up go to the next and the previous study."
            ),
            (worklist,),
        ),
        Step(
            tr("The original comes first"),
            tr(
                "Drag with the left button for window and level, with the right one to zoom, with the middle one to "
                "pan. Keys 0 to 6 are window presets, a double click shows one pane alone. F1 lists every key."
            ),
            (panes.original,),
        ),
        Step(
            tr("What normal would look like"),
            tr(
                "The reconstruction is the normal image that the detector imagines in this one's place; the "
                "difference is what is left. Space shows one in the place of the other, G lays the map over the "
                "original."
            ),
            (panes.reconstruction, panes.difference),
        ),
        Step(
            tr("Where that comes from"),
            tr(
                "Each patch is compared with the normal anatomy that was remembered for its place. Click a patch, or "
                "walk over them with the arrow keys, to see its entries. A high number means: unlike any of them."
            ),
            (panes.memory,),
        ),
        Step(
            tr("What if?"),
            tr(
                "Ask for other settings of the detector here: the answer stands beside the locked score and never "
                "changes the worklist. F9 shows and hides this panel. This tour is in the Help menu."
            ),
            (side_panel,),
        ),
    )
