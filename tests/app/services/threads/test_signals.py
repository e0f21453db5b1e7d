"""A signal says what it carries, to Qt and to the type checker."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.services.threads.signals import TypedSignal


class Bell(QObject):
    rung = TypedSignal[str, tuple[int, ...]]()
    stopped = TypedSignal[()]()


def test_what_is_emitted_arrives_as_it_is() -> None:
    bell, heard = Bell(), list[tuple[str, tuple[int, ...]]]()
    bell.rung.connect(lambda word, numbers: heard.append((word, numbers)))
    numbers = (1, 2)
    bell.rung.emit("three", numbers)
    assert heard[0][0] == "three"
    assert heard[0][1] is numbers


def test_a_slot_without_arguments_and_another_signal_may_listen() -> None:
    bell, heard = Bell(), list[str]()
    bell.rung.connect(lambda *_: bell.stopped.emit())
    bell.stopped.connect(lambda: heard.append("stopped"))
    bell.rung.emit("", ())
    assert heard == ["stopped"]


def test_to_qt_it_is_a_signal_of_values_and_objects() -> None:
    about = Bell().metaObject()
    signatures = {about.method(at).methodSignature().data() for at in range(about.methodCount())}
    assert {b"rung(QString,PyObject)", b"stopped()"} <= signatures


def wrong(bell: Bell) -> None:
    """Never called: were one of these right to the type checker, `make lint` would find its comment unused."""
    bell.rung.emit(1, ())  # type: ignore[arg-type]
    bell.rung.emit("one")  # type: ignore[call-arg]
    bell.stopped.emit("now")  # type: ignore[call-arg]
    bell.stopped.connect(bell.rung.emit)  # type: ignore[arg-type]
