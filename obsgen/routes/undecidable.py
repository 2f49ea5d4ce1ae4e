"""What cannot be proved about a tree, as one exception."""

from __future__ import annotations


class UndecidableError(ValueError):
    """A matcher or a tree about which nothing exact can be said; the message names it."""
