"""Run by test_bench_program.py: opens the program on a home and ends the moment the picture asked for is painted.

`python -m tests.benchmarks.start_up HOME window|image`: the window itself, or the radiograph at the worklist's top.
Nothing is imported up here: the program's children import this module again, as they do its `__main__`.
"""

import os
import sys
from pathlib import Path


def main(home: Path, image: bool) -> None:
    """See the module."""
    from app.paths import AppPaths
    from app.services.readers import new_readers

    readers = new_readers(AppPaths(home))
    readers.warm_up()

    from PySide6.QtCore import QEvent, QObject, QTimer

    from app.main import Program, application

    app = application()
    program = Program(AppPaths(home), "cpu", readers=readers)

    class FirstPaint(QObject):
        """Ends the process when a widget has been painted and a condition holds."""

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
            """See the class."""
            if event.type() == QEvent.Type.Paint and (not image or program.holder.state.radiograph):
                QTimer.singleShot(0, lambda: os._exit(0))  # painted by then; the children end with their pipes
            return False

    first = FirstPaint()
    (program.window.panes.original.view.viewport() if image else program.window).installEventFilter(first)
    program.start()
    app.exec()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] == "image")
