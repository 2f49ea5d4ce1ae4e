"""The courses of events that prove an objective's alerts, at the objective's own numbers."""

from __future__ import annotations

import math

from obsgen.lower.objectives.course import Phase, Watch, burning, whole_minutes
from obsgen.model.objectives import BurnWindow, Objective, counts_events, fails_in_part

MARGIN = 0.01
# Ten minutes of so much healthy traffic that they outweigh all that follows, in every window that reaches back to them:
# a healthy past of any length, without evaluating one.
_PAST = 10
_OUTWEIGHS = 1000
# The smear of recorded rates and two evaluations, beyond the moment in question. With a quarter of an hour the share
# just below a day's threshold would already burn over three days, where every sample of a gauge counts.
_SPARE = 10
OUTAGE_MINUTES = 30


Scenario = tuple[Phase, ...]


def traffic(objective: Objective) -> float:
    """Events per second in the tests: so many that the guard against few errors has no say."""
    # Where no alert watches windows, there is still one that watches the budget.
    smallest = min((w.threshold for alert in objective.alerts for w in alert.windows), default=objective.budget)
    return max(10.0, float(math.ceil(objective.minimum_errors / smallest / 10)))


def past(objective: Objective, longest: int) -> Phase:
    """What makes every longer window healthy; where time is counted, the time itself."""
    if counts_events(objective.sli):
        return Phase(_PAST, traffic(objective) * _OUTWEIGHS)
    return Phase(longest, traffic(objective))


def beyond(threshold: float) -> float:
    """A share of errors at least one per cent past the threshold, of three digits, so that it prints exactly."""
    share = threshold * (1 + MARGIN)
    return min(1.0, math.ceil(round(share * _scale(share), 6)) / _scale(share))


def short_of(threshold: float) -> float:
    """A share of errors at least one per cent short of the threshold, of three digits too."""
    share = threshold * (1 - MARGIN)
    return math.floor(round(share * _scale(share), 6)) / _scale(share)


def _scale(share: float) -> float:
    return 10.0 ** (2 - math.floor(math.log10(share)))


def window_scenario(objective: Objective, windows: tuple[BurnWindow, ...], share: float, patience: int) -> Scenario:
    """A steady share of errors in the first of the windows, while every longer one stays healthy.

    It lasts for `patience` minutes more than the window needs.
    """
    window, *longer = windows
    rate = traffic(objective)
    if not longer:
        return (Phase(_SPARE + whole_minutes(objective.base) + patience, rate, share),)
    longest = max(whole_minutes(one.long) for one in longer)
    return (past(objective, longest), Phase(whole_minutes(window.long) + _SPARE + patience, rate, share))


def outage(objective: Objective, recovery: int) -> Scenario:
    """Healthy for more than an hour, then nothing works for half an hour, then all is well again."""
    rate = traffic(objective)
    return (Phase(70, rate), Phase(OUTAGE_MINUTES, rate, 1.0), Phase(recovery, rate))


def step(objective: Objective, windows: tuple[BurnWindow, ...], patience: int, every: int) -> tuple[Scenario, Scenario]:
    """From one minute on everything fails, for as long as it takes to fire; beside it, for just too short a time.

    A threshold is told from its neighbours by how long a window takes to reach it. `every` is the number of minutes
    between evaluations.
    """
    watch = Watch.of(objective, windows, every)
    rate = traffic(objective)
    longest = max(whole_minutes(one.long) for one in windows)
    healthy = Phase(longest, rate)
    until_full = Phase(longest + _SPARE, rate, 1.0)
    needed = burning(watch, (healthy, until_full)).index(True) * every - healthy.minutes
    failing = (healthy, Phase(needed + patience + _SPARE, rate, 1.0))
    for lasting in range(needed - 2 * every, 0, -1):
        ends = (healthy, Phase(lasting, rate, 1.0), Phase(failing[1].minutes - lasting, rate))
        if not any(burning(watch, ends)):
            return failing, ends
    return failing, (healthy, Phase(failing[1].minutes, rate))


def spiky(objective: Objective) -> Scenario:
    """Quiet time without errors around a few busy minutes of which a tenth fails."""
    rate = traffic(objective)
    if not fails_in_part(objective.sli):
        return (Phase(60, rate), Phase(6, rate, 1.0), Phase(454, rate))
    if counts_events(objective.sli):
        return (Phase(60, rate), Phase(6, rate * 100, 0.1), Phase(60, rate))
    # Time cannot be busy; a longer stretch of it outweighs the few samples that its first minutes lack.
    return (Phase(60, rate), Phase(60, rate, 0.1), Phase(400, rate))
