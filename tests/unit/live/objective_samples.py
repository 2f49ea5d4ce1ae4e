"""A week of events, counted one slot at a time, and the metrics that the rules of objectives record of them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

SLOT = 300
HOUR = 3600
DAY = 86_400
WEEK = 7 * DAY
# A week into the month, at midnight in UTC: the month so far and a period of 7d hold the same events.
END = 1_767_830_400
START = END - WEEK
WINDOWS = {"5m": 300, "30m": 1800, "1h": HOUR, "2h": 2 * HOUR, "6h": 6 * HOUR, "1d": DAY, "3d": 3 * DAY}


@dataclass(frozen=True)
class Outage:
    """A share of failing events between two hours of the week."""

    first_hour: int
    end_hour: int
    failing: float


@dataclass(frozen=True)
class Counted:
    """One objective in one cluster and group; `events` maps a slot's end to (failed, all) events in it."""

    cluster: str
    component: str
    objective: str
    target: float
    period: str = "7d"
    labels: dict[str, str] = field(default_factory=dict)
    per_hour: float = 1000.0
    outages: tuple[Outage, ...] = ()
    background: float = 0.0
    measured: bool = True
    shared: dict[str, str] = field(default_factory=dict)

    @property
    def events(self) -> dict[int, tuple[float, float]]:
        return {end: self._slot(end) for end in range(START + SLOT, END + 1, SLOT)} if self.measured else {}

    def _slot(self, end: int) -> tuple[float, float]:
        hour = (end - START - 1) // HOUR
        # Nothing at all between midnight and four, a rush of twenty times as much in the first slot of each noon.
        of_day = hour % 24
        rush = 20 if of_day == 12 and (end - START - 1) % HOUR < SLOT else 1
        count = 0 if of_day < 4 else round(self.per_hour / 12 * rush * (1 + math.sin(of_day / 24 * math.pi)))
        failing = next((o.failing for o in self.outages if o.first_hour <= hour < o.end_hour), self.background)
        return round(count * failing), count

    def failed(self, seconds: float, end: int = END) -> float:
        return sum(failed for at, (failed, _) in self.events.items() if end - seconds < at <= end)

    def total(self, seconds: float, end: int = END) -> float:
        return sum(count for at, (_, count) in self.events.items() if end - seconds < at <= end)

    def ratio(self, seconds: float) -> float:
        count = self.total(seconds)
        return self.failed(seconds) / count if count else 0.0

    @property
    def allowed(self) -> float:
        """The failed events that the period allows."""
        return (1 - self.target) * self.total(WEEK)


ORDERS = Counted(
    "prod", "orders", "success", 0.999, per_hour=5000, outages=(Outage(30, 32, 0.02), Outage(133, 134, 0.012))
)
PAY = Counted("prod", "shop", "speed", 0.99, labels={"route": "/pay"}, outages=(Outage(60, 72, 0.5),), background=0.005)
LIST = Counted("prod", "shop", "speed", 0.99, labels={"route": "/list"}, per_hour=9000, background=0.001)
WEST = Counted("west", "orders", "success", 0.999, per_hour=600)
EAST = Counted("east", "orders", "success", 0.999, measured=False)
MONTHLY = Counted("prod", "orders", "monthly", 0.995, period="month", outages=(Outage(160, 168, 0.05),))
EVERYTHING = (ORDERS, PAY, LIST, WEST, EAST, MONTHLY)


def openmetrics(*counted: Counted, shift: int = 0, since: int = START) -> str:
    """All that the rules record of them, as a file; `shift` moves it in time, `since` leaves the older samples out."""
    series: dict[str, list[str]] = {}
    for one in counted:
        for metric, labels, at, value in _recorded(one):
            if at < since:
                continue
            inside = ",".join(f'{name}="{text}"' for name, text in labels.items())
            series.setdefault(metric, []).append(f"{metric}{{{inside}}} {value!r} {at + shift}")
    # An objective's target is one series for all its groups.
    body = "".join(f"# TYPE {name} gauge\n" + "\n".join(dict.fromkeys(lines)) + "\n" for name, lines in series.items())
    return f"{body}# EOF\n"


def _recorded(one: Counted):
    place = {"component": one.component, "objective": one.objective, "cluster": one.cluster, **one.shared}
    told = {**place, "team": "shop", "layer": "application", "period": one.period, "sli": "errors"}
    yield "objective:target:ratio", told, END, one.target
    yield "objective:period:days", place, END, 7.0
    own = {**place, **one.labels}
    for at, (failed, count) in one.events.items():
        yield "objective:errors:rate5m", own, at, failed / SLOT
        yield "objective:total:rate5m", own, at, count / SLOT
    if not one.measured:
        return
    period = "month" if one.period == "month" else f"rate{one.period}"
    for window, seconds in {**{f"rate{name}": length for name, length in WINDOWS.items()}, period: WEEK}.items():
        yield f"objective:error_ratio:{window}", own, END, one.ratio(seconds)
    yield "objective:error_budget:remaining", own, END, 1 - one.ratio(WEEK) / (1 - one.target)
    yield f"objective:total:{'month' if one.period == 'month' else f'increase{one.period}'}", own, END, one.total(WEEK)
