"""What node_exporter tells of a machine over days, where a rhythm shows: disks, memory, processors and starts."""

from __future__ import annotations

from typing import Final

from obsgen.simulate.days.calendar import HOUR, At, busy, done
from obsgen.simulate.days.machines import BYTES, GI, Machine

_DISK: Final = 100 * GI
# As many as the packs' feeds tell of.
_PROCESSORS: Final = 2
_LEAST_USED: Final = 0.55
_WRITTEN: Final = 0.2
# Logs are rotated and unused images removed; each machine in its own time.
_CLEANED_EVERY: Final = 20 * HOUR


def overridden(labels: dict[str, str], machine: Machine, start: int) -> At | None:
    """The value over time, where the packs' own level does not say enough; `start` is the first midnight."""
    offset = sum(map(ord, machine.name)) % 20 * HOUR
    metric = labels["__name__"]
    if metric == "node_cpu_seconds_total" and labels.get("mode") == "idle":
        return lambda t: _idle(t) - _idle(machine.booted(t))
    courses: dict[str, At] = {
        "node_filesystem_size_bytes": lambda _: _DISK,
        "node_filesystem_avail_bytes": lambda t: _DISK * (1 - _used(t + offset)),
        "node_memory_MemTotal_bytes": lambda _: BYTES,
        "node_memory_MemAvailable_bytes": lambda t: BYTES * (0.6 - 0.2 * busy(t)),
        "node_load1": lambda t: 0.6 * _PROCESSORS * busy(t),
        "node_boot_time_seconds": lambda t: start + machine.booted(t),
        "node_time_seconds": lambda t: start + t,
    }
    return courses.get(metric)


def _idle(t: int) -> float:
    return 0.9 * t - 0.5 * done(t)


def _used(t: int) -> float:
    return _LEAST_USED + _WRITTEN * (t % _CLEANED_EVERY) / _CLEANED_EVERY
