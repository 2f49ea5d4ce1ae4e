"""The form of a metric that a pack reads."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from obsgen.spec.written import Written

MetricType = Literal["counter", "gauge", "histogram", "summary", "info"]


class MetricSpec(Written):
    """A metric's type, and where it is not always exposed: by which versions, with which switch, or when."""

    type: MetricType
    since: str | None = Field(None, description="the first version that has it, such as CoreDNS 1.11")
    until: str | None = Field(None, description="the last version that has it")
    needs: str | None = Field(None, description="the switch of the exporter that brings it, where it is off by default")
    only_while: str | None = Field(
        None, description="what has to be the case for it to have series, such as: a container waits"
    )


def _type_alone(written: Any) -> Any:
    """`up: gauge` means `up: {type: gauge}`."""
    return {"type": written} if isinstance(written, str) else written


Metric = Annotated[MetricSpec, BeforeValidator(_type_alone, json_schema_input_type=MetricType | MetricSpec)]
