"""What the objectives in the measured cases mean: their share of errors, and series of which a share fails.

The shares are written from the formats' definitions and not from the specs: errors[w] / total[w] over the raw series,
for OpenSLO's good parts 1 minus that, and for a threshold the part of the minutes that breaks it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.objectives.burning import BUDGET, PAIRS
from tests.objectives.fed import Stretch, counter

_BAD, _GOOD, _ALL = (
    lambda one: one.events * one.share,
    lambda one: one.events * (1 - one.share),
    lambda one: one.events,
)


@dataclass(frozen=True, slots=True)
class Meant:
    """The share of errors over WINDOW; counters and gauges by what they show in a stretch; and how alerts wait."""

    share: str
    counters: Mapping[str, Callable[[Stretch], float]] = field(default_factory=dict)
    gauges: Mapping[str, Callable[[Stretch], float]] = field(default_factory=dict)
    pending: Mapping[str, str] = field(default_factory=dict)

    def fed(self, component: str, course: Sequence[Stretch]) -> Iterator[dict[str, str]]:
        """The series of this course, a sample a minute."""
        target = f'cluster="c1",job="{component}",namespace="garden"'
        for name, grows in self.counters.items():
            yield {"series": name.replace("TARGET", target), "values": counter(course, grows)}
        for name, shows in self.gauges.items():
            # Without a step, `0x10` would be a hexadecimal number.
            held = [f"{shows(one):g}+0x{one.minutes - 1}" for one in course]
            yield {"series": name.replace("TARGET", target), "values": " ".join([f"{shows(course[0]):g}", *held])}

    def burns(self, severity: str) -> str:
        """Whether both windows of one of the pairs are past their threshold."""
        return " or ".join(
            f"({self.past(pair.short, pair.factor)} and {self.past(pair.long, pair.factor)})"
            for pair in PAIRS[severity]
        )

    def past(self, minutes: int, factor: float) -> str:
        """Whether the share over so many minutes is past this many times the budget."""
        return f"(({self.share.replace('WINDOW', f'{minutes}m')}) > {factor * BUDGET:.6g})"

    def alert(self, objective: str, severity: str) -> dict[str, Any]:
        """The reference, which reads nothing but what is scraped."""
        labels = {"objective": objective, "severity": severity}
        waits = {"for": self.pending[severity]} if severity in self.pending else {}
        return {"alert": "Meant", "expr": self.burns(severity), "labels": labels, **waits}


SLOTH = {
    "watering": Meant(
        'sum(rate(waterings_total{result="dry"}[WINDOW])) / sum(rate(waterings_total[WINDOW]))',
        {'waterings_total{TARGET,result="dry"}': _BAD, 'waterings_total{TARGET,result="wet"}': _GOOD},
    ),
    "picking-speed": Meant(
        '(sum(rate(picking_duration_seconds_count[WINDOW])) - sum(rate(picking_duration_seconds_bucket{le="0.25"}'
        "[WINDOW]))) / sum(rate(picking_duration_seconds_count[WINDOW]))",
        {
            'picking_duration_seconds_bucket{TARGET,le="0.25"}': _GOOD,
            'picking_duration_seconds_bucket{TARGET,le="+Inf"}': _ALL,
            "picking_duration_seconds_count{TARGET}": _ALL,
        },
    ),
    "sowing": Meant(
        "sum(rate(seeds_lost_total[WINDOW])) / sum(rate(seeds_total[WINDOW]))",
        {"seeds_lost_total{TARGET}": _BAD, "seeds_total{TARGET}": _ALL},
        pending={"critical": "5m", "warning": "20m"},
    ),
    "shade": Meant(
        "1 - avg(avg_over_time(shade_drawn[WINDOW]))", gauges={"shade_drawn{TARGET}": lambda one: 1 - one.share}
    ),
}
OPENSLO = {
    "potting": Meant(
        '1 - sum(rate(pots_total{result="upright"}[WINDOW])) / sum(rate(pots_total[WINDOW]))',
        {'pots_total{TARGET,result="upright"}': _GOOD, 'pots_total{TARGET,result="fallen"}': _BAD},
    ),
    "deliveries": Meant(
        "sum(increase(deliveries_lost_total[WINDOW])) / sum(increase(deliveries_total[WINDOW]))",
        {"deliveries_lost_total{TARGET}": _BAD, "deliveries_total{TARGET}": _ALL},
        pending={"critical": "5m", "warning": "10m"},
    ),
    "grafting": Meant(
        "1 - sum(increase(grafts_taken_total[WINDOW])) / sum(increase(grafts_total[WINDOW]))",
        {"grafts_taken_total{TARGET}": _GOOD, "grafts_total{TARGET}": _ALL},
    ),
}
# Of a minute everything can be past a threshold, or nothing.
THRESHOLD = {
    "cool": Meant(
        "1 - avg_over_time((max(bed_temperature_celsius) <= bool 30)[WINDOW:1m])",
        gauges={"bed_temperature_celsius{TARGET}": lambda one: 40 if one.share == 1 else 20},
    ),
}
