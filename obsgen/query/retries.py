"""How often a failed request is tried again, and how long is waited in between."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# A server may ask for an hour's patience; the caller's deadline is what counts.
_LONGEST_WAIT = 10.0


@dataclass(frozen=True, slots=True)
class Retries:
    """How often a request is tried in all, and the first pause in seconds, which doubles each time."""

    attempts: int = 4
    first_wait: float = 0.25

    def wait(self, attempt: int, asked_for: str) -> float:
        """Seconds to pause after this attempt, counted from 1; Retry-After is heeded within bounds."""
        own = self.first_wait * 2.0 ** (attempt - 1)
        return min(max(own, _seconds(asked_for)), _LONGEST_WAIT)


def _seconds(retry_after: str) -> float:
    """Retry-After holds seconds or a date."""
    if retry_after.isdigit():
        return float(retry_after)
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return 0.0
    return (moment - datetime.now(UTC)).total_seconds() if moment.tzinfo else 0.0
