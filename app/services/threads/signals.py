"""Qt signals whose arguments the type checker knows.

PySide6's stubs let every `emit` take anything; `TypedSignal` makes a wrong one fail `make lint`:

    scored = TypedSignal[str, Detection]()  # image key, what the detector says

At runtime this is a plain `PySide6.QtCore.Signal`: str, int, bool and float travel as themselves, anything else as a
Python object.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Generic, TypeVarTuple, overload

    from PySide6.QtCore import QMetaObject, Qt

    Ts = TypeVarTuple("Ts")

    class TypedSignal(Generic[*Ts]):
        """A signal of a QObject: declared in its class, used through its instances."""

        def emit(self, *args: *Ts) -> None:
            """Call whoever is connected."""

        @overload
        def connect(
            self, slot: Callable[[*Ts], object] | TypedSignal[*Ts], type: Qt.ConnectionType = ...
        ) -> QMetaObject.Connection: ...
        @overload
        def connect(
            self, slot: Callable[[], object] | TypedSignal[()], type: Qt.ConnectionType = ...
        ) -> QMetaObject.Connection: ...
        def connect(self, slot: Any, type: Any = ...) -> QMetaObject.Connection:  # noqa: A002
            """Have `slot` called with what is emitted; one without arguments may leave it."""
            raise NotImplementedError

        def disconnect(self, slot: Callable[..., object] | QMetaObject.Connection | None = ...) -> None:
            """Have it called no more."""

else:
    _BY_VALUE = (str, int, bool, float)

    class TypedSignal:
        """The same at runtime: `TypedSignal[str, Detection]()` is `Signal(str, object)`."""

        def __class_getitem__(cls, types: object) -> partial[Signal]:
            several = types if isinstance(types, tuple) else (types,)
            return partial(Signal, *(one if one in _BY_VALUE else object for one in several))
