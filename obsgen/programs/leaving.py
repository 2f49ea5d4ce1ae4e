"""What is taken back before obsgen ends, also where a signal ends it: other programs and temporary folders."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from types import FrameType
from typing import Final, TypeVar

Made = TypeVar("Made")

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Leaving:
    """The process's way out. The first signal unwinds the work, a second one takes back what is left and ends at once.

    Handlers run in the main thread between any two steps of it. So what must be whole is sheltered: making
    a thing and noting how it is taken back, and taking it back.
    """

    def __init__(self) -> None:
        self._heard: list[int] = []
        self._answered = 0
        self._shelters = 0
        self._turn = threading.Lock()
        self._undoings: dict[object, Callable[[], None]] = {}

    @property
    def signal(self) -> int | None:
        """The signal that obsgen ends by, if one was heard."""
        return self._heard[0] if self._heard else None

    def listen(self) -> None:
        """Hear the signals from now on; what a parent ignores, as nohup does, stays ignored."""
        for number in _SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._hear)

    @contextmanager
    def undone(self, make: Callable[[], Made], undo: Callable[[Made], None]) -> Iterator[Made]:
        """What `make` gives, taken back at the end of the block or of obsgen; `undo` may be called twice."""
        key = object()
        # The turn is for threads: none is still making something while the main thread takes everything back.
        with self._sheltered(), self._turn:
            if self._heard:
                raise KeyboardInterrupt
            made = make()
            self._undoings[key] = partial(undo, made)
        try:
            yield made
        finally:
            # After a signal the order of all of them counts: programs end before their folders go.
            if not self._heard:
                with self._sheltered():
                    undo(made)
                    self._undoings.pop(key, None)

    def leave(self) -> None:
        """Take everything back, the latest first, and hear no more."""
        with self._sheltered():
            for number in _SIGNALS:
                signal.signal(number, signal.SIG_IGN)
            self._undo_all()
            self._answered = len(self._heard)

    def _undo_all(self) -> None:
        with self._turn:
            for undo in reversed(list(self._undoings.values())):
                with suppress(Exception):
                    undo()
            self._undoings.clear()

    @contextmanager
    def _sheltered(self) -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        self._shelters += 1
        try:
            yield
        finally:
            self._shelters -= 1
            self._answer()

    def _hear(self, number: int, frame: FrameType | None) -> None:
        del frame
        self._heard.append(number)
        self._answer()

    def _answer(self) -> None:
        if self._shelters or self._answered == len(self._heard):
            return
        self._answered = len(self._heard)
        if self._answered == 1:
            raise KeyboardInterrupt
        self._shelters += 1
        self._undo_all()
        os._exit(128 + self._heard[0])


# Signals belong to the process, so there is one way out of it.
LEAVING: Final = Leaving()
