"""Reports of other tests, for what is done to them here."""

from __future__ import annotations

from tests.unit.report.conftest import objectives_report

__all__ = ["objectives_report"]
