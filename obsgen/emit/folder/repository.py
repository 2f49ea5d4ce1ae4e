"""A repository may be a stranger's: a link in it takes the output no further than the repository itself."""

from __future__ import annotations

import os
from pathlib import Path

from obsgen.diagnostics import Diagnosed, Diagnostic


def refuse_leading_out(path: Path) -> None:
    """`Diagnosed` where links make of a folder in a repository one that is outside of it, or git's own."""
    named, found = Path(os.path.normpath(path.absolute())), Path(os.path.realpath(path))
    # Each of them, for a link on the way may lead into another repository.
    for repository in (above for above in named.parents if os.path.lexists(above / ".git")):
        root = Path(os.path.realpath(repository))
        if not found.is_relative_to(root) or ".git" in found.relative_to(root).parts:
            message = f"'{path}' is reached by a link that leads out of the repository, so nothing is written there"
            hint = "name the folder that it leads to, where that is meant"
            raise Diagnosed([Diagnostic("OBS605", message, hint=hint)])
