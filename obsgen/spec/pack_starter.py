"""A first pack to start from: it passes its own checks, and shows one of each thing."""

from __future__ import annotations

from collections.abc import Mapping
from string import Template

_PACK = Template("""\
# yaml-language-server: $$schema=obsgen.pack.schema.json
title: $Title
about: What can go wrong with $name, in one sentence.
source:
  exporter: $name
  versions: ">=1.0"
  docs: https://example.com/$name/metrics

# Every metric that is read, with its type. Take them from the exporter itself: curl -s HOST:PORT/metrics
metrics:
  up: gauge
  ${metric}_requests_total: counter

selector: job="$name"

scrape:
  $name: {selector: {app.kubernetes.io/name: $name}, port: metrics}

thresholds:
  error_ratio:
    warning: 1%
    critical: 5%
    about: Share of the requests that fail.
  minimum_requests:
    default: 0.1
    about: Requests per second below which a share of them says little.

signals:
  up:
    title: Scrape succeeded
    unit: bool_on_off
    expr: up{$${selector}}
    legend: "{{instance}}"
    integer: true
    minimum: 0
    maximum: 1
    healthy: 1
    feed:
      - {series: 'up{$${selector},instance="10.0.3.7:8080"}', gauge: "$${v}"}

  requests:
    title: Requests
    unit: reqps
    expr: sum by (cluster, job) (rate(${metric}_requests_total{$${selector}}[$${rate_window}]))
    legend: "{{cluster}} {{job}}"
    minimum: 0
    healthy: 20
    feed:
      - {series: '${metric}_requests_total{$${selector},instance="10.0.3.7:8080",code="200"}', counter: "$${v}"}

  error_ratio:
    title: Failed requests
    unit: percentunit
    expr: >-
      sum by (cluster, job) (rate(${metric}_requests_total{$${selector},code=~"5.."}[$${rate_window}]))
      / sum by (cluster, job) (rate(${metric}_requests_total{$${selector}}[$${rate_window}]))
    legend: "{{cluster}} {{job}}"
    minimum: 0
    maximum: 1
    healthy: 0
    # What makes it read v: a share v of the requests fails.
    feed:
      - series: '${metric}_requests_total{$${selector},instance="10.0.3.7:8080",code="500"}'
        counter: "$${v * requests}"
      - series: '${metric}_requests_total{$${selector},instance="10.0.3.7:8080",code="200"}'
        counter: "$${(1 - v) * requests}"

alerts:
  ${Alert}Absent:
    absent: 'up{$${selector}}'
    for: 10m
    severity: warning
    summary: Nothing of $name is watched.
    description: >-
      Prometheus has not a single target of $name in $${cluster}: every alert about it is blind.

  ${Alert}Down:
    when: "up == 0"
    for: 5m
    severity: warning
    summary: An instance of $name does not answer.
    description: >-
      {{ $$labels.instance }} in {{ $$labels.cluster }} does not answer scrapes.

  ${Alert}ErrorsHigh:
    all:
      - "error_ratio > $${thresholds.error_ratio}"
      - "requests > $${thresholds.minimum_requests}"
    severities:
      warning: {for: 10m}
      critical: {for: 5m}
    summary: Many requests to $name fail.
    description: >-
      {{ $$value | humanizePercentage }} of the requests to {{ $$labels.job }} in {{ $$labels.cluster }} fail, more than
      $${thresholds.error_ratio.text}.

dashboard:
  rows:
    Overview: [up, requests, error_ratio]
""")

_TESTS = """\
# What the feeds in pack.yaml cannot say: other kinds of the same series, forecasts, edge cases. Most packs need few.
"""

_SECTION = Template("""
## $heading

**Meaning.** $meaning

**Impact.** Say what users notice.

**Diagnosis.**

```sh
kubectl get pods -A -l app.kubernetes.io/name=$name -o wide
```

**Mitigation.** Say what to do, the quickest first.
""")

_MEANINGS = {
    "Absent": "Prometheus knows no target of the scrape job.",
    "Down": "An instance does not answer its scrape.",
    "ErrorsHigh": "More than ${thresholds.error_ratio} of the requests fail.",
}


def pack_files(name: str) -> Mapping[str, str]:
    """The files of a new pack by their names."""
    words = name.split("-")
    title = " ".join(words)
    names = {
        "name": name,
        "metric": "_".join(words),
        "Title": title[:1].upper() + title[1:],
        "Alert": "".join(word[:1].upper() + word[1:] for word in words),
    }
    sections = (
        _SECTION.substitute(heading=names["Alert"] + kind, meaning=meaning, name=name)
        for kind, meaning in _MEANINGS.items()
    )
    return {
        "pack.yaml": _PACK.substitute(names),
        "tests.yaml": _TESTS,
        "runbook.md": f"# {names['Title']}\n" + "".join(sections),
    }
