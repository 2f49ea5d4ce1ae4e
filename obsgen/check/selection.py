"""Check that the Prometheus object can select what is written for it."""

from __future__ import annotations

from collections.abc import Iterator

from obsgen.diagnostics import Diagnostic
from obsgen.ir.bundle import Bundle
from obsgen.model.stack import Stack


def unselected_objects(stack: Stack, bundle: Bundle) -> Iterator[Diagnostic]:
    """Neither the spec nor its installation says by which labels the operator selects; `{}` says: by none."""
    del bundle
    if "selector_labels" not in stack.environment.prometheus.model_fields_set:
        message = "nothing says which labels the Prometheus object selects rules and monitors by"
        hint = (
            "write what stands under its ruleSelector: environment: {prometheus: {selector_labels: {release: <name>}}}"
            ", or selector_labels: {} where it selects everything"
        )
        yield Diagnostic("OBS439", message, stack.places.of_key("environment", "prometheus"), hint, "warning")
