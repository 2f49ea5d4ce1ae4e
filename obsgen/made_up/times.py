"""When the made-up platform is watched, and from when on a part of it is ill."""

from __future__ import annotations

from typing import Final

# Windows of rules look back up to six hours; a preview shows some of the time before its end.
SECONDS: Final = 8 * 3600
STEP: Final = 60
# Long enough for an alert to fire, short enough to show what was before.
ILL_SECONDS: Final = 2400
# The rhythm in which values swing a little.
PERIOD: Final = 2700.0


def moments_to(end: int) -> range:
    """Every moment of a scrape up to `end`, in seconds since 1970."""
    return range(end - SECONDS, end + 1, STEP)
