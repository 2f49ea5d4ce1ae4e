"""The options that name a server and say how it is entered."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from math import isnan
from pathlib import Path
from typing import Any, Final

import click

from obsgen.cli.paths import NamedPath

FILE = NamedPath(exists=True, dir_okay=False, path_type=Path)


def _moment(_: click.Context, __: click.Parameter, written: str | None) -> float | None:
    """Seconds since 1970, written as that or as a date, which without a zone is of UTC."""
    if written is None:
        return None
    from obsgen.query.samples import moment

    try:
        at = moment(_seconds(written))
    except (ValueError, OverflowError):
        at = None
    if at is None:
        msg = f"'{written}' is no time: write 2026-01-05T12:15:00Z or seconds since 1970"
        raise click.BadParameter(msg)
    return at


def _seconds(written: str) -> float:
    if re.fullmatch(r"\d{1,11}(\.\d+)?", written):
        return float(written)
    date = datetime.fromisoformat(written)
    return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()


class BoundedFloat(click.FloatRange):
    """A number between two others; click's own range lets NaN through."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number, or the end of the command."""
        number: float = super().convert(value, param, ctx)
        if isnan(number):
            self.fail(f"'{value}' is no number", param, ctx)
        return number


at_option = click.option(
    "--at", callback=_moment, metavar="TIME", help="Ask about this moment, not that of the newest samples."
)
tsdb_option = click.option(
    "--tsdb",
    type=NamedPath(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="A snapshot of a Prometheus, or the data of one that is stopped; it stays as it is.",
)
_SOURCES: Final = (
    click.option("--url", metavar="URL", help="Prometheus, Thanos, Mimir or VictoriaMetrics with the query API."),
    click.option("--openmetrics", type=FILE, metavar="FILE", help="Samples with timestamps, instead of a server."),
)
_ENTRY: Final = (
    click.option("--bearer-token-file", type=FILE, metavar="FILE", help="Or the variable OBSGEN_BEARER_TOKEN."),
    click.option(
        "--basic-auth-file",
        type=FILE,
        metavar="FILE",
        help="Holds user:password. Or the variable OBSGEN_BASIC_AUTH.",
    ),
    click.option("--tenant", "tenants", multiple=True, metavar="NAME", help="X-Scope-OrgID; repeated, all are joined."),
    click.option("--header", "headers", multiple=True, metavar="'NAME: VALUE'", help="Sent along; may be repeated."),
    click.option("--ca-file", type=FILE, metavar="FILE", help="Certificate authorities to trust, as PEM."),
    click.option("--cert-file", type=FILE, metavar="FILE", help="Client certificate, as PEM."),
    click.option("--key-file", type=FILE, metavar="FILE", help="Its key, unless the same file holds both."),
    click.option("--proxy", metavar="URL", help="Instead of HTTP_PROXY and HTTPS_PROXY."),
    click.option(
        "--timeout",
        type=BoundedFloat(min=0, max=86_400, min_open=True),
        default=30.0,
        show_default=True,
        metavar="SECONDS",
        help="For each query, retries included.",
    ),
)
_ASKING: Final = (
    click.option(
        "--param", "parameters", multiple=True, metavar="NAME=VALUE", help="Joins every query, such as Thanos' dedup."
    ),
    click.option("--allow-partial", is_flag=True, help="Do not end with 2 where the backend's answers are partial."),
    click.option("--dry-run", is_flag=True, help="Check the options and say what would be asked of whom; ask nothing."),
)
SERVER_OPTIONS: Final = (*_SOURCES, *_ENTRY, *_ASKING)
ALERTMANAGER_OPTIONS: Final = (
    click.option("--alertmanager", "url", required=True, metavar="URL", help="With its path prefix where it has one."),
    *_ENTRY,
)
