"""Where observations must lie so that `histogram_quantile` reads a wanted value."""

from __future__ import annotations

from collections.abc import Sequence


def bucket_shares(value: float, quantile: float, buckets: Sequence[float]) -> tuple[float, ...]:
    """The cumulative share of observations in each bucket (upper bounds, without +Inf).

    `histogram_quantile` interpolates linearly inside the bucket that holds the rank. With the share `below`
    under that bucket's lower bound and `within` under its upper bound it reads
    low + (high - low) * (quantile - below) / (within - below), which is solved here for one of the two.
    A value past the last bucket cannot be read; the nearest one that can is taken.
    """
    bounds = sorted(buckets)
    position = next((index for index, bound in enumerate(bounds) if value <= bound), len(bounds) - 1)
    low = bounds[position - 1] if position else 0.0
    fraction = min((value - low) / (bounds[position] - low), 1.0)
    if position and fraction <= quantile:
        below, within = ((quantile - fraction) / (1 - fraction), 1.0) if fraction < 1 else (0.0, quantile)
    else:
        # The lowest bucket has nothing beneath it, so there all spare observations go above it.
        below, within = 0.0, min(quantile / fraction, 1.0) if fraction > 0 else 1.0
    return tuple(below if index < position else within if index == position else 1.0 for index in range(len(bounds)))
