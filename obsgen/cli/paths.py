"""Paths on the command line: each the name of a file or a folder, so that every finding can say where it stands."""

from __future__ import annotations

from typing import Any

import click


class NamedPath(click.Path):
    """A path, and never `-`: a file of that name is read, or written, where a stream is meant."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path; a mistake of use where it is `-`."""
        if str(value) == "-":
            self.fail("'-' stands neither for standard input nor for standard output here: name a file", param, ctx)
        return super().convert(value, param, ctx)
