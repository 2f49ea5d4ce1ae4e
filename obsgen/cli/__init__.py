"""The command line: every command reads its arguments, calls one function, prints, and exits."""

from __future__ import annotations

from obsgen.cli.guard import run
from obsgen.cli.main import main

__all__ = ["main", "run"]
