"""The order of the work: the passes that turn a model into a bundle, on one screen."""

from __future__ import annotations

from collections.abc import Callable

from obsgen.ir.bundle import Bundle
from obsgen.lower.inhibiting import inhibitions
from obsgen.lower.objectives.groups import objectives
from obsgen.lower.objectives.proving import objective_proofs
from obsgen.lower.proofs.clusterless import without_cluster
from obsgen.lower.proving import proofs
from obsgen.lower.route_tests import route_tests
from obsgen.lower.routing import routes
from obsgen.lower.rules import alerts, recordings, watchdog
from obsgen.lower.runbooks import runbooks
from obsgen.lower.scraping import scraping
from obsgen.lower.views import views
from obsgen.model.stack import Stack

Pass = Callable[[Stack, Bundle], Bundle]

PASSES: tuple[Pass, ...] = (
    recordings,
    alerts,  # behind the recordings that they read
    objectives,
    scraping,  # behind the rules, which say what is read
    watchdog,
    runbooks,  # after every pass that makes alerts
    routes,
    inhibitions,
    proofs,  # behind all that is emitted, which no test may decide
    objective_proofs,
    without_cluster,  # once all tests are there
    route_tests,
    views,
)


def lower(stack: Stack) -> Bundle:
    """The bundle that the model stands for; `Diagnosed` where an alert cannot be built or proved."""
    bundle = Bundle()
    for one in PASSES:
        bundle = one(stack, bundle)
    return bundle
