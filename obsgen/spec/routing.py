"""The form of routing: what each team wants told how, and how fast each severity travels."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from obsgen.spec.receivers import ReceiverSpec
from obsgen.spec.written import AlertSeverity, LabelName, ObjectName, Written
from obsgen.units import Duration


class TierSpec(Written):
    """How alerts of one severity are grouped and repeated."""

    group_by: list[LabelName] | None = None
    group_wait: Duration | None = None
    group_interval: Duration | None = None
    repeat_interval: Duration | None = None


class RoutingSpec(Written):
    """Who is told what, how fast."""

    default: ObjectName
    watchdog: ObjectName | None = None
    actions: dict[ObjectName, ObjectName] = Field(default_factory=dict, description="action: receiver")
    tiers: dict[AlertSeverity, TierSpec] = Field(default_factory=dict)
    teams: dict[ObjectName, dict[AlertSeverity | Literal["default"], ObjectName]] = Field(default_factory=dict)
    receivers: dict[ObjectName, ReceiverSpec]
