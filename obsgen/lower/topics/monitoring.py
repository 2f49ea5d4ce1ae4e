"""Topic `monitoring`: whether what watches everything else is well itself."""

from __future__ import annotations

from dataclasses import replace

from obsgen.ir.topics import Asked, Question, TopicRow, TopicView
from obsgen.ir.views import ViewVariable
from obsgen.lower.names import WATCHDOG
from obsgen.lower.topics.frame import Topic, graph, topic_view
from obsgen.model.stack import Stack
from obsgen.spec.layers import Severity

MONITORING = Topic("monitoring", "Monitoring of the monitoring", "Whether Prometheus and Alertmanager can be trusted.")
METRICS = (
    "alertmanager_cluster_failed_peers",
    "alertmanager_cluster_members",
    "alertmanager_config_last_reload_successful",
    "grafana_http_request_duration_seconds_count",
    "prometheus_build_info",
    "prometheus_config_last_reload_successful",
    "prometheus_notifications_alertmanagers_discovered",
    "prometheus_notifications_dropped_total",
    "prometheus_notifications_errors_total",
    "prometheus_notifications_queue_capacity",
    "prometheus_notifications_queue_length",
    "prometheus_notifications_sent_total",
    "prometheus_rule_evaluation_failures_total",
    "prometheus_rule_group_interval_seconds",
    "prometheus_rule_group_iterations_missed_total",
    "prometheus_rule_group_last_duration_seconds",
    "prometheus_target_scrapes_exceeded_sample_limit_total",
    "prometheus_target_scrapes_sample_out_of_order_total",
    "prometheus_tsdb_compactions_failed_total",
    "prometheus_tsdb_head_samples_appended_total",
    "prometheus_tsdb_head_series",
    "prometheus_tsdb_wal_corruptions_total",
)
# Prometheus' own series carry no cluster where it scrapes itself, so the instance is what can be chosen.
_OWN = 'instance=~"$instance"'
_RATE = "$__rate_interval"


def monitoring_view(stack: Stack) -> TopicView:
    """Rules, targets, messages, storage, and the two programs beside Prometheus."""
    rows = (
        TopicRow("", _now()),
        TopicRow("Rules", _rules()),
        TopicRow("Targets", _targets()),
        TopicRow("Messages to Alertmanager", _messages()),
        TopicRow("Storage", _storage(), collapsed=True),
        TopicRow("Alertmanager and Grafana", _beside(), collapsed=True),
    )
    instance = ViewVariable("instance", "instance", "Prometheus", "prometheus_build_info")
    return replace(topic_view(stack, MONITORING, [instance], rows), metrics=METRICS)


def _now() -> tuple[Question, ...]:
    def count(title: str, about: str, expr: str, bad: Severity = "critical") -> Question:
        return Question(title=title, about=about, unit="none", asked=(Asked(expr),), bad=bad, minimum=0, decimals=0)

    def lately(metric: str) -> str:
        return f"sum(increase({metric}{{{_OWN}}}[15m]))"

    sign = f'count(ALERTS{{alertname="{WATCHDOG}",alertstate="firing"}})'
    failed = "prometheus_rule_evaluation_failures_total"
    reload = f"sum(prometheus_config_last_reload_successful{{{_OWN}}} == bool 0)"
    return (
        count("Failed rule evaluations", "In the last 15 minutes: such a rule is blind.", lately(failed)),
        count("Targets down", "Targets that could not be scraped.", "sum(up == bool 0)", "warning"),
        count(
            "Dropped messages",
            "Alerts that Prometheus gave up sending in the last 15 minutes.",
            lately("prometheus_notifications_dropped_total"),
        ),
        count("Refused configurations", "Instances that run on an older configuration than they were given.", reload),
        Question(
            title="Alertmanagers known",
            about="What Prometheus sends alerts to, by the instance that knows the fewest.",
            unit="none",
            asked=(Asked(f"min(prometheus_notifications_alertmanagers_discovered{{{_OWN}}})"),),
            decimals=0,
        ),
        Question(
            title="Sign of life",
            about=f"{WATCHDOG} always fires: without it no alert would be heard.",
            unit="none",
            asked=(Asked(sign),),
            decimals=0,
        ),
    )


def _rates(metric: str, label: str = "instance") -> Asked:
    return Asked(f"sum by ({label}) (rate({metric}{{{_OWN}}}[{_RATE}]))", f"{{{{{label}}}}}")


def _rules() -> tuple[Question, ...]:
    last, interval = (
        f"max by (rule_group) (prometheus_rule_group_{name}_seconds{{{_OWN}}})"
        for name in ("last_duration", "interval")
    )
    missed = "sum by (rule_group) (increase(prometheus_rule_group_iterations_missed_total"
    return (
        graph(
            "Slowest rule groups",
            "Evaluation time over the group's interval; at 100% evaluations are missed.",
            "percentunit",
            Asked(f"topk(10, {last} / {interval})", "{{rule_group}}"),
        ),
        graph(
            "Failed evaluations",
            "Rule evaluations that failed, by group.",
            "cps",
            _rates("prometheus_rule_evaluation_failures_total", "rule_group"),
        ),
        graph(
            "Missed evaluations",
            "Evaluations of a group that were left out because the one before still ran.",
            "short",
            Asked(f"{missed}{{{_OWN}}}[{_RATE}])) > 0", "{{rule_group}}"),
        ),
    )


def _targets() -> tuple[Question, ...]:
    return (
        graph("Targets down", "Targets that fail, by job.", "none", Asked("sum by (job) (up == bool 0)", "{{job}}")),
        graph(
            "Slowest scrapes",
            "The slowest target of each job.",
            "s",
            Asked("topk(10, max by (job) (scrape_duration_seconds))", "{{job}}"),
        ),
        graph(
            "Refused samples",
            "Scrapes beyond the limit of samples, and samples that came out of order.",
            "cps",
            replace(_rates("prometheus_target_scrapes_exceeded_sample_limit_total"), name="limit {{instance}}"),
            replace(_rates("prometheus_target_scrapes_sample_out_of_order_total"), name="order {{instance}}"),
        ),
    )


def _messages() -> tuple[Question, ...]:
    length, capacity = (f"prometheus_notifications_queue_{name}{{{_OWN}}}" for name in ("length", "capacity"))
    return (
        graph("Sent", "Alerts sent to Alertmanagers.", "cps", _rates("prometheus_notifications_sent_total")),
        graph(
            "Failed and dropped",
            "Alerts that an Alertmanager did not take, and those that were given up.",
            "cps",
            replace(_rates("prometheus_notifications_errors_total"), name="failed {{instance}}"),
            replace(_rates("prometheus_notifications_dropped_total"), name="dropped {{instance}}"),
        ),
        graph("Queue", "How full the queue is.", "percentunit", Asked(f"{length} / {capacity}", "{{instance}}")),
    )


def _storage() -> tuple[Question, ...]:
    series = Asked(f"prometheus_tsdb_head_series{{{_OWN}}}", "{{instance}}")
    return (
        graph("Series in memory", "What Prometheus' memory grows with.", "short", series),
        graph("Samples", "Samples stored.", "cps", _rates("prometheus_tsdb_head_samples_appended_total")),
        graph(
            "Damage",
            "Corruptions of the write-ahead log and failed compactions.",
            "cps",
            replace(_rates("prometheus_tsdb_wal_corruptions_total"), name="log {{instance}}"),
            replace(_rates("prometheus_tsdb_compactions_failed_total"), name="compaction {{instance}}"),
        ),
    )


def _beside() -> tuple[Question, ...]:
    errors = f'grafana_http_request_duration_seconds_count{{status_code=~"5.."}}[{_RATE}]'
    return (
        graph(
            "Alertmanager's cluster",
            "Members as each of them counts them, and those that it cannot reach.",
            "none",
            Asked("max by (instance) (alertmanager_cluster_members)", "members {{instance}}"),
            Asked("max by (instance) (alertmanager_cluster_failed_peers)", "lost {{instance}}"),
        ),
        graph(
            "Alertmanager's configuration",
            "1 where the last one was taken.",
            "none",
            Asked("min by (instance) (alertmanager_config_last_reload_successful)", "{{instance}}"),
        ),
        graph(
            "Grafana's errors",
            "Requests that Grafana answered with an error, where it is scraped.",
            "reqps",
            Asked(f"sum by (instance) (rate({errors}))", "{{instance}}"),
        ),
    )
