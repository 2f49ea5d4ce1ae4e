"""Temporary folders, which are gone when obsgen is."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from obsgen.diagnostics import Diagnosed, Diagnostic
from obsgen.programs.leaving import LEAVING


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder of one's own; `Diagnosed` where the machine gives none."""
    with LEAVING.undone(_made, partial(shutil.rmtree, ignore_errors=True)) as folder:
        yield folder


def _made() -> Path:
    try:
        return Path(tempfile.mkdtemp(prefix="obsgen-"))
    except OSError as error:
        hint = "set TMPDIR to a folder that can be written and has space"
        raise Diagnosed(
            [Diagnostic("OBS458", f"no temporary folder can be made: {error.strerror}", hint=hint)]
        ) from None
