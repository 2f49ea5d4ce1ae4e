"""Where the names of a pack's metrics were seen, so that a test which feeds a name is never its only witness."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal, get_args

from pydantic import Field, field_validator, model_validator

from obsgen.diagnostics import Diagnostic
from obsgen.spec.source import Places
from obsgen.spec.written import Written

How = Literal["run", "source", "documented", "unconfirmed"]
HOW: Final[tuple[How, ...]] = get_args(How)

# Prometheus writes these of every target, whatever is scraped.
OF_THE_SCRAPE: Final = (
    "up",
    "scrape_duration_seconds",
    "scrape_samples_scraped",
    "scrape_samples_post_metric_relabeling",
    "scrape_series_added",
)

_AT_VERSION = re.compile(r"\S+/\S+@\S+")


class SeenSpec(Written):
    """Metrics that were seen in one place; the first entry that has a metric's name speaks for it."""

    how: How = Field(
        description="run: exposed by the real program in a test; source: read in the exporter's code or the lists made"
        " from it; documented: in its documentation alone; unconfirmed: found nowhere yet"
    )
    where: str | None = Field(None, description="the program and its version, repository/file@version, or the page")
    metrics: str = Field(".*", description="a regular expression for the whole name; all that are left unless given")

    @field_validator("metrics")
    @classmethod
    def _expression(cls, written: str) -> str:
        try:
            re.compile(written)
        except re.error as wrong:
            msg = f"no regular expression: {wrong}"
            raise ValueError(msg) from wrong
        return written

    @model_validator(mode="after")
    def _cited(self) -> SeenSpec:
        if self.how != "unconfirmed" and not self.where:
            msg = f"'{self.how}' needs where: what was run, or which file at which version says so"
            raise ValueError(msg)
        if self.how == "source" and not _AT_VERSION.fullmatch(self.where or ""):
            msg = "source is read in a file at a version: where: owner/repository/file@version"
            raise ValueError(msg)
        return self

    def has(self, metric: str) -> bool:
        """Whether it speaks for a metric of this name."""
        return re.fullmatch(self.metrics, metric) is not None


def witnesses(metrics: Iterable[str], seen: Sequence[SeenSpec]) -> dict[str, int | None]:
    """Which entry speaks for each metric that somebody has to have seen; None where there is none."""
    return {
        name: next((number for number, one in enumerate(seen) if one.has(name)), None)
        for name in metrics
        if name not in OF_THE_SCRAPE
    }


def unwitnessed(metrics: Iterable[str], seen: Sequence[SeenSpec], places: Places) -> Iterator[Diagnostic]:
    """Metrics for which no entry speaks, and entries that speak for none; nothing where nobody says what was seen."""
    if not seen:
        return
    found = witnesses(metrics, seen)
    for name, number in found.items():
        if number is None:
            hint = "add an entry to source.seen with how and where, or 'how: unconfirmed'"
            yield Diagnostic("OBS276", f"nothing says where '{name}' was seen", places.of_key("metrics", name), hint)
    for number in sorted({*range(len(seen))} - {*found.values()}):
        message = f"no metric is left for '{seen[number].metrics}': the entry speaks for none"
        place = places.of("source", "seen", number)
        yield Diagnostic("OBS277", message, place, "the first entry that has a name speaks for it: take this one out")
