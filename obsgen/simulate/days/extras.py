"""What happens to single things: a deleted schedule, certificates that live for a day, etcd's members and probes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from obsgen.simulate.days.calendar import DAY, HOUR, At, Row, busy, counted
from obsgen.simulate.days.lives import Lives
from obsgen.simulate.days.machines import Machine
from obsgen.simulate.days.object_series import row

_MEMBERS: Final = {"192.0.2.11:2381": "a1", "192.0.2.12:2381": "b2", "192.0.2.13:2381": "c3"}
_DELETED: Final = DAY + 12 * HOUR
_LIFE: Final = DAY
_RENEWED: Final = 17 * HOUR


def extra_rows(lives: Lives, start: int) -> Iterator[Row]:
    """All of them; `start` is the first midnight."""
    for instance, own in _MEMBERS.items():
        spans = lives.of("etcd", instance).answering
        named = {"job": "etcd", "instance": instance}
        yield row("etcd_server_id", 1, spans, server_id=own, **named)
        for other in _MEMBERS.values():
            if other != own:
                yield row("etcd_network_active_peers", 1, spans, Local=own, Remote=other, **named)
    yield from _schedule(lives, start)
    yield from _services(start)
    certificate = {
        "job": "x509-certificate-exporter", "secret_namespace": "mesh", "secret_name": "sidecar-tls",
        "secret_key": "tls.crt", "subject_CN": "sidecar.example.com",
    }  # fmt: skip
    # It lives for a day, and is renewed when less than a third of that is left.
    yield row("x509_cert_not_before", lambda t: start + t - t % _RENEWED, **certificate)
    yield row("x509_cert_not_after", lambda t: start + t - t % _RENEWED + _LIFE, **certificate)


def machine_rows(fleet: tuple[Machine, ...], lives: Lives, start: int) -> Iterator[Row]:
    """What every machine tells: when it started, how large its tables may be, and which Kubernetes it runs."""
    for machine in fleet:
        exporter = f"{machine.address}:9100"
        named = {"job": "node-exporter", "instance": exporter, "node": machine.name}
        there = lives.of("node-exporter", exporter).answering
        yield row("node_boot_time_seconds", _booted(machine, start), there, **named)
        yield row("node_sysctl_net_ipv4_neigh_default_gc_thresh3", 1024, there, **named)
        kubelet = f"{machine.address}:10250"
        answering = lives.of("kubelet", kubelet).answering
        # With the reboot comes the next version.
        for version, since, until in (("v1.33.5", 0, _upgraded(machine)), ("v1.34.1", _upgraded(machine), 2**40)):
            spans = tuple((max(begin, since), min(end, until)) for begin, end in answering)
            spans = tuple((begin, end) for begin, end in spans if begin < end)
            named = {"job": "kubelet", "instance": kubelet, "node": machine.name}
            yield row("kubernetes_build_info", 1, spans, git_version=version, minor=version[3:5], major="1", **named)
        if machine.control:
            api = f"{machine.address}:6443"
            yield row(
                "serviceaccount_valid_tokens_total", counted(5), lives.of("apiserver", api).answering,
                job="apiserver", instance=api,
            )  # fmt: skip


def _booted(machine: Machine, start: int) -> At:
    return lambda t: float(start + machine.booted(t))


def _upgraded(machine: Machine) -> int:
    """When it came back from its reboot; a machine that comes later has the version of its day."""
    return machine.down[0][1] if machine.down else DAY


def _services(start: int) -> Iterator[Row]:
    """A certificate that clients see, renewed on the second day; and goroutines that follow the traffic."""
    renewed, life = DAY + 9 * HOUR, 90 * DAY
    expires: At = lambda t: float(start + (life if t >= renewed else 0) + renewed + 30 * DAY)  # noqa: E731
    yield row("probe_ssl_earliest_cert_expiry", expires, job="blackbox", instance="https://shop.example.com")
    for pod, instance in (("catalog-0", "10.0.3.7:8080"), ("catalog-1", "10.0.4.8:8080")):
        named = {"job": "catalog", "namespace": "shop", "pod": pod, "instance": instance}
        yield row("go_goroutines", lambda t: 100 + 400 * busy(t), **named)
    for instance in ("10.0.0.31:9090", "10.0.0.32:9090"):
        named = {"job": "prometheus", "namespace": "monitoring", "instance": instance}
        # Pods that were rolled out anew stay in the head block for a while.
        yield row("prometheus_tsdb_head_series", lambda t: 1e6 + 2e5 * (10 <= t % DAY // HOUR < 14), **named)


def _schedule(lives: Lives, start: int) -> Iterator[Row]:
    """A schedule is deleted: its counters go with it, and the time of its last backup stays for as long as Velero runs.

    So since Velero 1.12 (velero-io/velero#6715) and until its issue 9239 is mended.
    """
    instance = "10.0.3.7:8085"
    named = {"job": "velero", "instance": instance, "schedule": "retired"}
    life = lives.of("velero", instance)

    def runs(t: int) -> int:
        return min(t, _DELETED) // HOUR

    yield row("velero_backup_last_successful_timestamp", lambda t: start + runs(t) * HOUR, life.answering, **named)
    since, kept = life.begun, tuple((begin, min(end, _DELETED)) for begin, end in life.answering if begin < _DELETED)
    yield row("velero_backup_attempt_total", lambda t: runs(t) - runs(since(t)), kept, **named)
    yield row("velero_backup_success_total", lambda t: runs(t) - runs(since(t)), kept, **named)
    for metric in ("failure", "partial_failure", "validation_failure"):
        yield row(f"velero_backup_{metric}_total", 0, kept, **named)
