"""What `--dry-run` prints: who would be asked, how it is entered, and for how much."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from obsgen.cli.server import Server

NOTHING_ASKED = "Nothing was asked. The queries: --explain.\n"


def plan(url: str, told: Sequence[str], timeout: float, queries: int) -> str:
    """One server's share, fit to be printed."""
    from obsgen.address import shown
    from obsgen.printable import joined
    from obsgen.query.prometheus import AT_ONCE

    lines = (
        f"{shown(url.rstrip('/'))}/api/v1/query",
        f"  entered with {', '.join(told)}",
        f"  {queries} queries by POST, {AT_ONCE} at a time, {timeout:g} s for each",
    )
    return joined(lines) + "\n"


def planned(server: Server, sample: Path | None, queries: int) -> str:
    """What the options of one command come to; its credentials are read and checked."""
    from obsgen.query.connecting import address_of

    told = server.access().told()
    if server.url is None:
        return f"a private Prometheus over '{server.tsdb or server.openmetrics or sample}'\n  {queries} queries\n"
    if address_of(server.url).login:
        told = (*told, "the user in the address")
    return plan(server.url, told, server.timeout, queries)
