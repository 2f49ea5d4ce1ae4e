"""Checks of scrape jobs: that each can be expressed in the target, and that rules select what they bring."""

from __future__ import annotations

from collections.abc import Iterator

from obsgen.diagnostics import Diagnostic
from obsgen.emit.monitors import monitor_kind
from obsgen.ir.bundle import Bundle
from obsgen.model.stack import Stack

# Nothing is wrong where Prometheus reads its configuration itself, so it is an error in a build for the operator only.
UNREADABLE_FILE = "OBS435"
_FILES = ("ca_file", "cert_file", "key_file")


def files_for_fixed_targets(stack: Stack, bundle: Bundle) -> Iterator[Diagnostic]:
    """A ScrapeConfig takes its certificates from a Secret, never from files in the pod."""
    del stack
    for scrape in bundle.scrapes:
        named = [name for name in _FILES if name in scrape.job.tls]
        if scrape.job.targets and named:
            message = f"scrape job '{scrape.job.name}' has fixed targets and takes {named[0]} from a file"
            hint = "the operator reads it from a Secret only: tls: {secret: <name>} with ca.crt, tls.crt and tls.key"
            yield Diagnostic("OBS430", message, scrape.job.origin, hint)


def unreadable_files(stack: Stack, bundle: Bundle) -> Iterator[Diagnostic]:
    """The token and the certificates that lie in Prometheus' pod, for a job whose object has no field for them.

    Of the operator's objects only a ServiceMonitor has `bearerTokenFile` and the files of `tlsConfig`; PodMonitor and
    ScrapeConfig have `authorization`, which takes its token from a Secret that the service account's is not.
    """
    del stack
    for scrape in bundle.scrapes:
        job = scrape.job
        if not (job.pods or job.targets):
            continue
        kind = monitor_kind(job)[1]
        if job.service_account_token:
            message = f"scrape job '{job.name}' sends Prometheus' own token, for which a {kind} has no field"
            hint = "select a Service that leads to them, or build for the target prometheus only"
            yield Diagnostic(UNREADABLE_FILE, message, job.origin, hint, "warning")
        named = [name for name in _FILES if name in job.tls]
        if job.pods and not job.targets and named:
            message = f"scrape job '{job.name}' takes {named[0]} from a file, for which a {kind} has no field"
            hint = "name a Secret with all three under tls.secret, or build for the target prometheus only"
            yield Diagnostic(UNREADABLE_FILE, message, job.origin, hint, "warning")


def repeated_job(stack: Stack, bundle: Bundle) -> Iterator[Diagnostic]:
    """Two components that scrape under one job name would each count the other's targets."""
    places = {component.name: component.origin for component in stack.components}
    seen: dict[str, str] = {}
    for scrape in bundle.scrapes:
        if scrape.job.name in seen:
            message = f"job '{scrape.job.name}' is scraped for '{seen[scrape.job.name]}' and for '{scrape.component}'"
            off = f"scrape: {{{scrape.job.name}: {{enabled: false}}}}"
            hint = f"select other targets under another job, or turn the second off: {off}"
            yield Diagnostic("OBS431", message, places[scrape.component], hint)
        seen[scrape.job.name] = scrape.component
