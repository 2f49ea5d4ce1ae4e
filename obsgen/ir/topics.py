"""What a dashboard about the whole platform has to show: questions in rows, before anyone decides how they look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from obsgen.ir.views import ThresholdLine, ViewVariable
from obsgen.spec.layers import Severity


@dataclass(frozen=True, slots=True)
class Asked:
    """One query with the name of its answer: a legend of a graph, a column of a table."""

    expr: str
    name: str = ""
    unit: str = ""
    """Of a table's column; a question has one unit for all."""


@dataclass(frozen=True, slots=True)
class Question:
    """What has one answer in one unit: as numbers now, or `over_time` as a graph.

    `bad` is for counts of what should not be: from 1 on they take this severity's colour. `leads_to` is the uid of
    the dashboard that knows more.
    """

    title: str
    about: str
    unit: str
    asked: tuple[Asked, ...]
    over_time: bool = False
    lines: tuple[ThresholdLine, ...] = ()
    bad: Severity | None = None
    alerts: tuple[str, ...] = ()
    runbook_url: str = ""
    leads_to: str = ""
    minimum: float | None = None
    maximum: float | None = None
    decimals: int | None = None


@dataclass(frozen=True, slots=True)
class ColumnLink:
    """From a cell to a dashboard whose `variable` gets the cell's text, for which `${__value.raw}` stands in a uid."""

    label: str
    uid: str
    variable: str = ""
    along: tuple[str, ...] = ()
    """Further labels of the row that become the variables of their names."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A table: a row for each set of these labels, by title, and a column for each query."""

    title: str
    about: str
    labels: tuple[tuple[str, str], ...]
    asked: tuple[Asked, ...]
    nothing: str
    links: tuple[ColumnLink, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """Text that no query can say, in Markdown."""

    title: str
    text: str
    lines: int = 8


Entry = Question | Listing | Note


@dataclass(frozen=True, slots=True)
class TopicRow:
    """Entries under one heading; without a title they stand on the first screen."""

    title: str
    entries: tuple[Entry, ...]
    collapsed: bool = False


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another dashboard that this one leads to."""

    title: str
    about: str
    uid: str


@dataclass(frozen=True, slots=True)
class TopicView:
    """One topic of the whole platform. `metrics` are those that it reads and that no pack declares."""

    uid: str
    title: str
    about: str
    folder: str
    layer: str
    component: str
    topic: str
    variables: tuple[ViewVariable, ...]
    rows: tuple[TopicRow, ...]
    neighbours: tuple[Neighbour, ...] = ()
    metrics: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    hours: int = 1
    kind: str = "topic"

    def queries(self) -> Iterator[tuple[Question | Listing, Asked]]:
        """Every query with what it belongs to."""
        for row in self.rows:
            for entry in row.entries:
                if not isinstance(entry, Note):
                    yield from ((entry, asked) for asked in entry.asked)
