"""A value that a person wrote, in YAML's words and not in Python's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def described(value: Any) -> str:
    """What a message calls the value; what is in a mapping or a list is not repeated."""
    match value:
        case None:
            return "nothing"
        case True | False:
            return f"the boolean {str(value).lower()}"
        case Mapping():
            return "a mapping"
        case list():
            return "a list"
        case int() | float():
            return f"the number {value}"
    return f"'{value}'"
