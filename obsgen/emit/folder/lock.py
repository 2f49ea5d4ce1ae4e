"""One writer at a time, and no reader meanwhile: a lock on the folder itself, which no process can leave behind."""

from __future__ import annotations

import fcntl
import time

from obsgen.diagnostics import Diagnosed, Diagnostic
from obsgen.emit.folder.journal import BEGUN, STAGED, read_intent
from obsgen.emit.folder.opened import OutputFolder

# A build writes for a second or two; whoever is waited for longer than this is not just writing.
PATIENCE = 30.0
_PAUSE = 0.02


def lock(folder: OutputFolder, patience: float = PATIENCE, *, shared: bool = False) -> None:
    """Wait for the folder, at most `patience` seconds; `Diagnosed` with who holds it. Closing the folder frees it.

    There is no lock file: nothing is left behind, nothing can be stale, and a folder that may only be read can
    be locked for reading.
    """
    wanted = (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB
    end = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(folder.descriptor, wanted)
        except BlockingIOError:
            if time.monotonic() >= end:
                raise _busy(folder, patience) from None
            time.sleep(_PAUSE)
        else:
            return _refuse_replaced(folder)


def _refuse_replaced(folder: OutputFolder) -> None:
    """A folder that was deleted and made anew while it was waited for is another one, which is not locked."""
    if not folder.is_there():
        message = f"'{folder.path}' was replaced by another folder while obsgen waited for it"
        raise Diagnosed([Diagnostic("OBS608", message, hint="run this again")])


def _busy(folder: OutputFolder, patience: float) -> Diagnosed:
    intent = read_intent(folder, STAGED) or read_intent(folder, BEGUN)
    holder = f"process {intent.process} on '{intent.host}'" if intent else "another process"
    message = f"'{folder.path}' is in use: {holder} has held it for {patience:g} s"
    return Diagnosed([Diagnostic("OBS608", message, hint="wait for it or end it, then run this again")])
