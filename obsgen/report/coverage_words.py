"""The words that every form of the report on coverage shares: counts, shares and lists of what is blind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from obsgen.live.coverage.types import KINDS, BlindSpot, CoverageReport, Covered, Kind, Row, Share
from obsgen.report.quantities import UNKNOWN

COLUMNS: Final = ("scraped", "recorded", "alerted", "routed", "drawn")
PLATFORM: Final = "the platform's dashboards"
_NAMED: Final = 4


def summary(report: CoverageReport) -> list[str]:
    """For each kind that there is, how many of it see what they read."""
    lines = []
    for kind in KINDS:
        found = list(report.of(kind))
        if found:
            seeing, partly = (sum(one.sees == sees for one in found) for sees in ("all", "part"))
            blind = len(found) - seeing - partly
            lines.append(f"{counted(len(found), kind)}: {seeing} see all they read, {partly} a part, {blind} nothing")
    return lines


def counted(count: int, word: str) -> str:
    """`1 alert`, `2 alerts`."""
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def share(one: Share) -> str:
    """`3/4`; a hyphen where there is nothing that could be well."""
    return f"{one.well}/{one.all}" if one.all else UNKNOWN


def shares(row: Row) -> list[str]:
    """The row's figures, in the order of the columns."""
    return [share(getattr(row, column)) for column in COLUMNS]


def whose(spot: BlindSpot) -> str:
    """The components that are blinded."""
    return listed([one or PLATFORM for one in spot.components])


def missing(spot: BlindSpot) -> str:
    """The metrics that are missing, and whether they have been there."""
    lately = sum(one.lately for one in spot.missing)
    said = f"; {lately} of {len(spot.missing)} selectors had series within the last day" if lately else ""
    return listed(spot.metrics) + said


def blinded(spot: BlindSpot) -> str:
    """What cannot see for this reason, alerts first and by name."""
    # What sees nothing comes first, what only tells of the absence last, and the grave before the others.
    readers = sorted(
        spot.readers, key=lambda one: (("nothing", "part", "all").index(one.sees), one.severity != "critical")
    )
    parts = [_kind(kind, [one for one in readers if one.kind == kind]) for kind in KINDS]
    return ", ".join(filter(None, parts))


def _kind(kind: Kind, readers: Sequence[Covered]) -> str:
    if not readers:
        return ""
    names = list(dict.fromkeys(_alert(one) for one in readers)) if kind == "alert" else []
    shown = listed(names)
    return counted(len(readers), kind) + (f" ({shown})" if shown else "")


def _alert(one: Covered) -> str:
    told = {"all": ", which fires for it", "part": ", in part", "nothing": ""}[one.sees]
    return f"{one.name} {one.severity}{told}"


def listed(names: Sequence[str]) -> str:
    """The first few, and how many more there are."""
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
