"""The form of overrides: other thresholds, severities or times for a part of what a component watches."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from obsgen.spec.names import Name, Namespace
from obsgen.spec.pack import AlertSpec
from obsgen.spec.written import AlertName, AlertSeverity, EmptyAllowed, Identifier, Written
from obsgen.units import Amount

ThresholdsSpec = dict[Identifier, Amount | dict[AlertSeverity, Amount]]


class MatchSpec(Written):
    """Which series an override is for; where several conditions are given, all must hold."""

    namespace: Namespace | list[Namespace] | None = Field(None, description="one namespace, or several")
    team: Name | None = Field(None, description="the namespaces of this team's applications in the spec")
    labels: str | None = Field(None, description='matchers on labels that the alert keeps: mountpoint=~"/data.*"')

    @model_validator(mode="after")
    def _something(self) -> MatchSpec:
        if not any((self.namespace, self.team, self.labels)):
            msg = 'say what the override is for: namespace: payments, team: commerce, or labels: mountpoint="/data"'
            raise ValueError(msg)
        return self


class OverrideSpec(Written):
    """What holds for a part of the series instead. The rest, and what is not said here, stays as it was.

    Where several overrides of one component change the same alert, a series belongs to the first that takes it.
    """

    match: MatchSpec
    team: Name | None = Field(None, description="the team that hears of these alerts, where it is another")
    thresholds: ThresholdsSpec = Field(default_factory=dict)
    alerts: dict[AlertName, Annotated[AlertSpec, EmptyAllowed]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _something(self) -> OverrideSpec:
        if not (self.thresholds or self.alerts):
            msg = "say what is different there: thresholds, or alerts"
            raise ValueError(msg)
        return self
