"""How often a failed request is tried again, and how long is waited in between."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# Longer numbers are no seconds and no bytes, and some digits are of no number at all, such as a raised 2.
_WHOLE = re.compile(r"[0-9]{1,18}")
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
    seconds = whole_number(retry_after)
    if seconds is not None:
        return float(seconds)
    try:
        moment = parsedate_to_datetime(retry_after)
        return (moment - datetime.now(UTC)).total_seconds() if moment.tzinfo else 0.0
    except (ValueError, TypeError, IndexError, OverflowError):
        # The reader of dates stumbles over some texts in its own way; no date asks for no patience.
        return 0.0


def whole_number(header: str) -> int | None:
    """The number that a header holds, or None."""
    return int(header) if _WHOLE.fullmatch(header) else None
