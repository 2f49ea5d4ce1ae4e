"""Topic `alerts`: what fires and pends, who is told, and whether Alertmanager tells them."""

from __future__ import annotations

from dataclasses import replace

from obsgen.ir.topics import Asked, Note, Question, TopicRow, TopicView
from obsgen.lower.topics.frame import (
    CLUSTER,
    FIRING,
    Topic,
    alert_listing,
    cluster_variable,
    graph,
    tier_questions,
    tier_series,
    topic_view,
)
from obsgen.model.stack import Stack
from obsgen.spec.layers import TIERS

ALERTS = Topic("alerts", "Alerts and routing", "What fires, whom it reaches, and whether notifications leave.", 24)
_METRICS = (
    "alertmanager_alerts",
    "alertmanager_dispatcher_aggregation_groups",
    "alertmanager_notification_latency_seconds_bucket",
    "alertmanager_notifications_failed_total",
    "alertmanager_notifications_suppressed_total",
    "alertmanager_notifications_total",
    "alertmanager_silences",
)


def alerts_view(stack: Stack) -> TopicView:
    """From the alert to the message."""
    rows = (
        TopicRow("", (*tier_questions(), _pending(), *_failing(), alert_listing("What fires", "firing"))),
        TopicRow("By tier and team", _by_tier_and_team()),
        TopicRow("Alertmanager", _alertmanager()),
        TopicRow("Soon, perhaps", (alert_listing("What pends", "pending"),)),
        TopicRow("Receivers", (_told(stack),)),
    )
    return replace(topic_view(stack, ALERTS, [cluster_variable()], rows), metrics=_METRICS)


def _pending() -> Question:
    about = "Alerts whose condition holds, but not yet for long enough."
    expr = f'count(ALERTS{{alertstate="pending",{CLUSTER}}}) or vector(0)'
    return Question(title="Pending", about=about, unit="none", asked=(Asked(expr),), decimals=0)


def _failing() -> tuple[Question, ...]:
    # Alertmanager's own series: the cluster that it stands in is not the one whose alerts it carries.
    failed = "sum(increase(alertmanager_notifications_failed_total[1h]))"
    return (
        Question(
            title="Messages failed in an hour",
            about="Notifications that Alertmanager could not deliver, with all integrations.",
            unit="short",
            asked=(Asked(failed),),
            bad="critical",
            minimum=0,
            decimals=0,
        ),
    )


def _by_tier_and_team() -> tuple[Question, ...]:
    return (
        graph("Firing by tier", "Firing alerts of each tier.", "none", *tier_series()),
        graph("Firing by team", "Firing alerts of each team.", "none", _of("count by (team) (ALERTS{{{}}})", "team")),
        graph("Pending by tier", "Pending alerts of each tier.", "none", *tier_series("pending")),
    )


def _of(template: str, label: str) -> Asked:
    return Asked(template.format(FIRING), f"{{{{{label}}}}}")


def _alertmanager() -> tuple[Question, ...]:
    sent = "sum by (integration) (rate(alertmanager_notifications_total[$__rate_interval]))"
    failed = "sum by (integration) (rate(alertmanager_notifications_failed_total[$__rate_interval]))"
    buckets = "rate(alertmanager_notification_latency_seconds_bucket[$__rate_interval])"
    slow = f"histogram_quantile(0.99, sum by (le, integration) ({buckets}))"
    held = "sum by (reason) (rate(alertmanager_notifications_suppressed_total[$__rate_interval]))"
    return (
        graph(
            "Alerts in Alertmanager",
            "Active alerts, and those that a silence or an inhibition suppresses.",
            "none",
            Asked("max by (state) (alertmanager_alerts)", "{{state}}"),
        ),
        graph(
            "Suppressed messages",
            "What a silence, an inhibition or the hours held back. Alertmanager 0.27 and newer count it.",
            "cps",
            Asked(held, "{{reason}}"),
        ),
        graph("Messages sent", "Attempts of each integration.", "cps", Asked(sent, "{{integration}}")),
        graph("Messages failed", "Failed attempts of each integration.", "cps", Asked(failed, "{{integration}}")),
        graph("Time to send, 99th percentile", "How long integrations take.", "s", Asked(slow, "{{integration}}")),
        graph(
            "Silences and groups",
            "Silences by their state, and the groups in which alerts wait to be told.",
            "none",
            Asked('max by (state) (alertmanager_silences{state!="expired"})', "silences {{state}}"),
            Asked("max(alertmanager_dispatcher_aggregation_groups)", "groups"),
        ),
    )


def _told(stack: Stack) -> Note:
    """Teams and tiers as the spec says it; layers that go elsewhere are named below."""
    head = [f"| Team | {' | '.join(TIERS)} |", f"|---|{'---|' * len(TIERS)}"]
    plan, lines, elsewhere = stack.routing, [], []
    for team in plan.teams.values():
        told = (", ".join(f"{one.receiver} ({one.when})" for one in team.told(tier, "")) for tier in TIERS)
        lines.append(f"| {team.name} | {' | '.join(told)} |")
        elsewhere += [
            f"- {team.name}, layer {layer}, {tier}: {', '.join(one.receiver for one in team.told(tier, layer))}"
            for layer, tiers in team.layers.items()
            for tier in tiers
        ]
    rest = [f"Everything else goes to {plan.default}."]
    return Note("Receivers", "\n".join([*head, *lines, "", *elsewhere, "", *rest]), 5 + len(lines) + len(elsewhere))
