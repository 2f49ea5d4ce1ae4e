"""Text from outside, made fit to be shown: no escape sequence reaches a terminal, a table or a page."""

from __future__ import annotations
