"""What is secret, decided in one place: names of fields, and values that give themselves away."""

from __future__ import annotations
