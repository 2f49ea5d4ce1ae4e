"""What a coverage report holds: plain values, of everything that reads series and of every component."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["alert", "recording", "objective", "panel"]
KINDS: Final[tuple[Kind, ...]] = ("alert", "recording", "objective", "panel")
Sees = Literal["all", "part", "nothing"]


@dataclass(frozen=True, slots=True)
class Fault:
    """Series that are read and are not there, the likely cause, and what to do about it.

    `lately` says that they were there within the last day.
    """

    series: str
    cause: str
    remedy: str
    lately: bool = False


@dataclass(frozen=True, slots=True)
class Unseen:
    """Series that nothing is wrong with, although there are none: `why` is the case that they wait for."""

    component: str
    series: str
    why: str


@dataclass(frozen=True, slots=True)
class Covered:
    """One reader of series. An alert on absence may see all that it needs just because something is `missing`."""

    kind: Kind
    layer: str
    component: str
    name: str
    severity: str
    sees: Sees
    missing: tuple[Fault, ...] = ()
    loaded: bool | None = None
    """Whether the server has this rule; None of what is no rule, and where the server does not say."""


@dataclass(frozen=True, slots=True)
class Share:
    """So many of all see what they read."""

    well: int
    all: int


@dataclass(frozen=True, slots=True)
class Row:
    """A component in the matrix: its targets, recordings, alerts, alerts that reach somebody, and panels."""

    layer: str
    component: str
    scraped: Share
    recorded: Share
    alerted: Share
    routed: Share
    drawn: Share


@dataclass(frozen=True, slots=True)
class BlindSpot:
    """One cause, with all missing series and everything that it blinds wholly or in part."""

    cause: str
    remedy: str
    missing: tuple[Fault, ...]
    readers: tuple[Covered, ...]

    @property
    def components(self) -> tuple[str, ...]:
        """Whose readers they are, empty for the dashboards of the whole platform."""
        return tuple(dict.fromkeys(one.component for one in self.readers))

    @property
    def metrics(self) -> tuple[str, ...]:
        """The names of what is missing."""
        return tuple(dict.fromkeys(one.series.partition("{")[0] or one.series for one in self.missing))

    @property
    def level(self) -> Literal["critical", "warning", "info"]:
        """Critical where a critical alert sees nothing, a warning where another sees less than all."""
        if any(one.severity == "critical" and one.sees == "nothing" for one in self.readers):
            return "critical"
        impaired = any(one.sees != "all" and one.kind != "panel" for one in self.readers)
        return "warning" if impaired else "info"


@dataclass(frozen=True, slots=True)
class CoverageReport:
    """What is seen at one moment, in seconds since 1970."""

    stack: str
    evaluated_at: float
    readers: tuple[Covered, ...]
    matrix: tuple[Row, ...]
    unseen: tuple[Unseen, ...] = ()
    left_out: tuple[str, ...] = ()
    """What the spec goes without because installation or distribution do not bring the series."""
    warnings: tuple[str, ...] = ()

    def of(self, kind: Kind) -> Iterator[Covered]:
        """The readers of one kind."""
        return (one for one in self.readers if one.kind == kind)

    @property
    def blind_spots(self) -> tuple[BlindSpot, ...]:
        """The causes, the gravest first."""
        readers: dict[tuple[str, str], dict[Covered, None]] = {}
        missing: dict[tuple[str, str], dict[Fault, None]] = {}
        for reader in self.readers:
            for fault in reader.missing:
                key = fault.cause, fault.remedy
                readers.setdefault(key, {})[reader] = None
                missing.setdefault(key, {})[fault] = None
        spots = (BlindSpot(*key, tuple(missing[key]), tuple(found)) for key, found in readers.items())
        return tuple(sorted(spots, key=lambda spot: ("critical", "warning", "info").index(spot.level)))

    @property
    def critically_blind(self) -> bool:
        """Whether a critical alert sees nothing of what it reads."""
        return any(one.severity == "critical" and one.sees == "nothing" for one in self.readers)
