"""When burn-rate alerts fire and end after a step to a share of failures: the closed formula.

An alert waits until the long window's share of failures is more than factor × budget. After a step to a share e the
failures in a window L that is read as scraped grow by e every minute, so it fires after

    t = L · factor · budget / e

A window that is summed up from recorded rates smears the step over the S minutes that each of these looks back over.
With x = L · factor · budget / e its failures grow as t² / 2S up to S, and as t - S/2 from then on:

    t = sqrt(2 · S · x)  where x <= S/2,  else  t = x + S/2

The alert ends when the short window has drained, which mirrors how it filled: as scraped L - x after the failures end,
summed up L + S - t. (Windows and factors: https://sre.google/workbook/alerting-on-slos/, table 5-8.)
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, inf, sqrt

BUDGET = 0.001
# Burn and how long it lasts, in minutes. At 99.9 % a burn of 1000 is an outage.
SCENARIOS: dict[str, tuple[float, float]] = {
    **{f"burn {burn:g}": (burn, inf) for burn in (1000, 100, 20, 14.5, 10, 6.1, 4, 3.1, 1.5, 0.9)},
    **{f"outage of {minutes} m": (1000, minutes) for minutes in (1, 10, 60)},
    "burn 50 for 30 m": (50, 30),
}
_BASE = 5
_LONGEST_AS_SCRAPED = 60


@dataclass(frozen=True, slots=True)
class Pair:
    """A long and a short window, in minutes, and how many times the sustainable pace both must show."""

    long: int
    short: int
    factor: float


PAIRS = {
    "critical": (Pair(60, 5, 14.4), Pair(360, 30, 6.0)),
    "warning": (Pair(1440, 120, 3.0), Pair(4320, 360, 1.0)),
}


@dataclass(frozen=True, slots=True)
class Edges:
    """How long a window of so many minutes really is, with a sample a minute and an evaluation every so many.

    Up to version 2 Prometheus takes the samples at both edges of a window, n + 1 of them; from version 3 on n. A rate
    spans one minute less than it has samples; a gauge counts each sample, and a sum each evaluation.
    """

    both: bool
    gauge: bool
    every: int = 1

    def scraped(self, minutes: int) -> int:
        """Minutes of failures that fill a window read as scraped."""
        return minutes + self.both - (not self.gauge)

    def summed(self, minutes: int) -> int:
        """Minutes that the evaluations in a window stand for which is summed up."""
        return minutes + self.both * self.every

    def fills(self, window: int, past: float) -> float:
        """After how long the window's share is past this share of the failures."""
        if window <= _LONGEST_AS_SCRAPED:
            return self.scraped(window) * past
        smear, x = self.scraped(_BASE), self.summed(window) * past
        return sqrt(2 * smear * x) if x <= smear / 2 else x + smear / 2

    def drains(self, window: int, past: float) -> float:
        """How long after the failures have ended the window's share is no longer past it."""
        if window <= _LONGEST_AS_SCRAPED:
            return self.scraped(window) * (1 - past)
        return self.summed(window) + self.scraped(_BASE) - self.fills(window, past)


def firing(severity: str, burn: float, lasting: float, edges: Edges) -> tuple[int, float] | None:
    """Minutes after the step of the first evaluation that fires and the first that does so no longer; None for never.

    `burn` is the share of failures as a multiple of the budget, `lasting` how many minutes it holds.
    """
    begun, ended = [], []
    for pair in PAIRS[severity]:
        past = pair.factor / burn
        fires = max(edges.fills(pair.long, past), edges.fills(pair.short, past))
        if past < 1 and fires < lasting:
            begun.append(fires)
            ended.append(lasting + edges.drains(pair.short, past) if lasting < inf else inf)
    if not begun:
        return None
    end = max(ended)
    # A share that has just reached the threshold is not past it.
    first = floor(min(begun) / edges.every + 1e-9) + 1
    return first * edges.every, end if end == inf else ceil(end / edges.every - 1e-9) * edges.every
