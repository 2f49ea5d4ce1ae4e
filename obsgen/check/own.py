"""obsgen's own checks, in the order in which they are reported."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from obsgen.check.alertmanager_config import (
    empty_grouping,
    forced_namespace,
    hours_without_zone,
    receiver_without_form,
)
from obsgen.check.alerts import (
    alert_without_runbook,
    dropped_label,
    loose_summary,
    repeated_alert,
    unproved_alert,
    untested_annotations,
)
from obsgen.check.counts import unrounded_count
from obsgen.check.doubled import doubled_target
from obsgen.check.drawn import dead_link, heavy_dashboard, unruly_dashboard
from obsgen.check.forecasts import line_through_one_window
from obsgen.check.panels import broken_topic, foreign_threshold, lost_legend, unknown_panel_metric
from obsgen.check.promql import (
    dropped_cluster,
    missing_recording,
    repeated_buckets,
    repeated_recording,
    short_range,
    undeclared_metric,
    unknown_function,
    unlabelled_selection,
    unused_recording,
)
from obsgen.check.receiver_versions import refused_by_operator, unknown_receiver_field
from obsgen.check.receivers import (
    incomplete_receiver,
    secret_in_address,
    unclear_address,
)
from obsgen.check.route_proof import unproved_route
from obsgen.check.routing import (
    inhibition_on_missing_label,
    unrouted_action,
    unused_receiver,
)
from obsgen.check.scraping import files_for_fixed_targets, repeated_job, unreadable_files
from obsgen.check.selection import unselected_objects
from obsgen.check.unguarded import unguarded_alert, unmet_guard
from obsgen.check.unread import unmet_jobs
from obsgen.check.untold_labels import untold_label
from obsgen.check.views import broken_panel, repeated_uid
from obsgen.diagnostics import Diagnostic
from obsgen.ir.bundle import Bundle
from obsgen.model.stack import Stack

Check = Callable[[Stack, Bundle], Iterator[Diagnostic]]

CHECKS: tuple[Check, ...] = (
    unknown_function,
    missing_recording,
    repeated_recording,
    unused_recording,
    undeclared_metric,
    short_range,
    line_through_one_window,
    repeated_buckets,
    dropped_cluster,
    unlabelled_selection,
    dropped_label,
    alert_without_runbook,
    loose_summary,
    unproved_alert,
    untested_annotations,
    repeated_alert,
    unmet_guard,
    unused_receiver,
    unknown_receiver_field,
    unclear_address,
    secret_in_address,
    incomplete_receiver,
    refused_by_operator,
    unrouted_action,
    inhibition_on_missing_label,
    forced_namespace,
    hours_without_zone,
    receiver_without_form,
    empty_grouping,
    files_for_fixed_targets,
    unreadable_files,
    repeated_job,
    unmet_jobs,
    doubled_target,
    unselected_objects,
    broken_panel,
    repeated_uid,
)


# Only of what is right by itself are dashboards drawn and routes proved.
LATER: tuple[Check, ...] = (
    unruly_dashboard,
    unproved_route,
)

# What only warns, and what no spec can bring about but only a fault of obsgen: no build waits for it.
ADVICE: tuple[Check, ...] = (
    broken_topic,
    unknown_panel_metric,
    foreign_threshold,
    dead_link,
    lost_legend,
    heavy_dashboard,
    untold_label,
    unguarded_alert,
    unrounded_count,
)


def own_findings(stack: Stack, bundle: Bundle) -> tuple[Diagnostic, ...]:
    """Whatever can stop a build, and what is found on the way to it; no check runs another program."""
    found = _found(CHECKS, stack, bundle)
    if any(one.level == "error" for one in found):
        return found
    return (*found, *_found(LATER, stack, bundle))


def advice(stack: Stack, bundle: Bundle) -> tuple[Diagnostic, ...]:
    """What is worth knowing of a bundle that can be built."""
    return _found(ADVICE, stack, bundle)


def _found(checks: Sequence[Check], stack: Stack, bundle: Bundle) -> tuple[Diagnostic, ...]:
    return tuple(finding for check in checks for finding in check(stack, bundle))
