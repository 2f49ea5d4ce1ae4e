"""Rendered annotations are compared with those of the real promtool."""

from __future__ import annotations

import math

import pytest

from obsgen.promql.selector import quote
from obsgen.promql.template import UnsupportedTemplate, labels_used, render, written_out

LABELS = {"instance": "node-1:9100", "note": 'say "hi" \\ é', "number": "1234.5"}

VALUES = [
    "0", "-0", "1", "-1", "2.5", "0.1", "0.12345678", "0.3", "1e-3", "0.0001", "0.00001", "0.000012345",
    "-0.00042", "-59.5", "99.95", "99.995", "100", "999.94", "999.96", "999.99", "1000", "1024", "1023.9",
    "1536", "12345", "123456", "999999", "1000000", "1048576", "1234567", "-1234567.25", "2097151", "2097152",
    "21474836480", "12345678901234", "123456789012345680000", "1e20", "1e21", "1.7e24", "1e27", "1e30",
    "59", "59.999", "60", "61.5", "3599", "3600", "3661.7", "86399", "86400", "90061.9", "-90061", "31536000",
    "0.5", "0.333333333333", "0.9999", "0.99999", "0.05", "0.0575", "1.005", "1.5", "0.125", "0.375", "2.675",
    "1e5", "100000", "1e100", "-1e-9", "3e-25", "1700000000", "1700000000.123", "NaN", "Inf", "-Inf",
]  # fmt: skip

TEMPLATES = [
    "{{ $value }}",
    "{{$value}} of {{ .Value }}",
    "{{ $value | humanize }}",
    "{{ humanize $value }}",
    "{{ $value | humanize1024 }}B",
    "{{ $value | humanizeDuration }}",
    "{{ $value | humanizePercentage }}",
    '{{ printf "%.1f" $value }}',
    '{{ $value | printf "%.2f" }}',
    '{{ printf "%.0f" $value }} {{ printf "%f" $value }}',
    '{{ printf "%e" $value }} {{ printf "%.3g" $value }} {{ printf "%g" $value }} {{ printf "%v" $value }}',
    '{{ printf "%8.2f|%-10.1f|%08.3f|%+.1f|% .1f" $value $value $value $value $value }}',
    '{{ printf "%s at %.1f%% (%v)" $labels.instance $value $labels.instance }}',
    '{{ printf "%20s|%-20s|%.4s" $labels.instance $labels.instance $labels.instance }}',
    '{{ $value | humanize | printf "%s!" }}',
    "{{ $labels.instance }} {{ .Labels.instance }}{{$labels.note}}",
    "{{ $labels.absent }}|{{ $externalLabels.cluster }}|{{ .ExternalLabels.x }}",
    '{{ "literal \\"quoted\\" \\u00e9\\t" }}{{ `raw \\n` }}{{ "}}" }}',
    "a  {{- $value -}}  b {{ $labels.instance -}}  \n {{- $value }} c",
    "a {{ $value -}} {{ $value }} b {{/* a comment */}} c {{- /* trimmed */ -}} d",
    "{{ $labels.number | humanize }} {{ humanizePercentage $labels.number }}",
    "no action at all: } {",
    "two\nlines {{ $value }}\n",
]

TIMESTAMPS = ["0", "1", "1.5", "1700000000", "1700000000.123", "1700000000.1", "-1", "NaN", "Inf", "-Inf"]


def labelled(value: str) -> str:
    expr = f"vector({value})"
    for name, text in LABELS.items():
        expr = f'label_replace({expr}, "{name}", {quote(text)}, "", "")'
    return expr


def alert_test(name: str, value: str, templates: list[str]) -> tuple[dict, dict]:
    annotations = {f"a{number}": template for number, template in enumerate(templates)}
    rule = {"alert": name, "expr": labelled(value), "annotations": annotations}
    expected = {key: render(text, LABELS, float(value)) for key, text in annotations.items()}
    alert = {"exp_labels": LABELS, "exp_annotations": expected}
    return rule, {"eval_time": "0m", "alertname": name, "exp_alerts": [alert]}


def test_promtool_renders_the_same_annotations(run_tests):
    pairs = []
    for number, value in enumerate(VALUES):
        overflows = 2**63 <= abs(float(value)) < math.inf
        templates = [t for t in TEMPLATES if not (overflows and "humanizeDuration" in t)]
        pairs.append(alert_test(f"Value{number}", value, templates))
    test = {"interval": "1m", "input_series": [], "alert_rule_test": [checked for _, checked in pairs]}
    assert run_tests([test], [rule for rule, _ in pairs]) == "SUCCESS"


def test_promtool_prints_the_same_timestamps(run_tests):
    templates = ["{{ $value | humanizeTimestamp }}", "{{ humanizeTimestamp $value }}"]
    pairs = [alert_test(f"Time{number}", value, templates) for number, value in enumerate(TIMESTAMPS)]
    test = {"interval": "1m", "input_series": [], "alert_rule_test": [checked for _, checked in pairs]}
    assert run_tests([test], [rule for rule, _ in pairs]) == "SUCCESS"


def test_promtool_notices_a_wrong_annotation(run_tests):
    rule, checked = alert_test("Wrong", "1", ["{{ $value | humanize }}"])
    checked["exp_alerts"][0]["exp_annotations"]["a0"] = "2"
    test = {"interval": "1m", "input_series": [], "alert_rule_test": [checked]}
    assert "FAILED" in run_tests([test], [rule])


@pytest.mark.parametrize(
    ("template", "named"),
    [
        ("{{ if $value }}x{{ end }}", "'if' with 1 arguments"),
        ("{{ range query `up` }}x{{ end }}", "'query' as an argument"),
        ("{{ $labels }}", r"'\$labels'"),
        ("{{ $value | toUpper }}", "'toUpper' with 1 arguments"),
        ("{{ $value", "never closed"),
        ('{{ printf "%d" $value }}', "'%d' of a number"),
        ('{{ printf "%.1f" $labels.instance }}', "'%.1f' of a text"),
        ('{{ printf "%s %s" $labels.instance }}', "'%s' without an argument"),
        ('{{ printf "%s" $labels.instance $value }}', "with 2 arguments"),
        ("{{ $labels.instance | humanize }}", "'humanize' of 'node-1:9100', which is not a number,"),
        ("{{ $value $value }}", r"arguments after '\$value'"),
        ("{{ }}", "an empty command"),
        ("{{ $value | }}", "an empty command"),
        ("{{ 5 }}", "'5'"),
        ('{{ "1e20" | humanizeDuration }}', "more seconds than 64 bits hold"),
        ('{{ "1e20" | humanizeTimestamp }}', "too far from 1970"),
        (r'{{ "\U00110000" }}', "which is no character,"),
        (r'{{ "\ud800" }}', "which is no character,"),
        ('{{ printf "%99999s" $labels.instance }}', "'%99999s', which is wider than any message,"),
        ('{{ printf "%.99999f" $value }}', "'%.99999f', which is wider than any message,"),
    ],
)
def test_what_is_not_supported_is_named(template, named):
    with pytest.raises(UnsupportedTemplate, match=named) as raised:
        render(template, LABELS, 1.0)
    assert "humanizePercentage" in str(raised.value)


@pytest.mark.parametrize(
    ("template", "labels"),
    [
        ("{{ $labels.instance }} is {{ .Labels.state }} at {{ $value }}", {"instance", "state"}),
        ("{{ with $labels.pod }}{{ . }}{{ end }} $labels.outside", {"pod"}),
        ('{{ index $labels "app.name" }}', {"app.name"}),
        ('{{ "$labels.quoted" }}', set()),
        ('{{ printf "up{i=%q}" $labels.instance | query | first | value }}', {"instance"}),
        ("{{ $externalLabels.cluster }}", set()),
    ],
)
def test_labels_are_found_in_any_template(template, labels):
    assert labels_used(template) == labels


@pytest.mark.parametrize(
    ("template", "named"),
    [
        ("in {{ $labels.cluster }} now", "in east now"),
        ("in {{$labels.cluster}} and {{ .Labels.cluster }}", "in east and east"),
        ('in {{   index $labels "cluster"   }}', "in east"),
        ("in {{ $.Labels.cluster }}", "in east"),
        ("in {{- $labels.cluster -}} now", 'in {{- "east" -}} now'),
        ("{{ $labels.cluster | toUpper }}", '{{ "east" | toUpper }}'),
        ('{{ if eq $labels.cluster "west" }}a{{ end }}', '{{ if eq "east" "west" }}a{{ end }}'),
        ('{{ printf "%s/%s" $labels.cluster $labels.pod }}', '{{ printf "%s/%s" "east" $labels.pod }}'),
        ("{{ $labels.cluster_id }} {{ $labels.pod }}", "{{ $labels.cluster_id }} {{ $labels.pod }}"),
        ("a cluster, $labels.cluster", "a cluster, $labels.cluster"),
        ('{{ "$labels.cluster" }}', '{{ "$labels.cluster" }}'),
    ],
)
def test_a_label_is_written_out_wherever_a_template_reads_it(template, named):
    assert written_out(template, "cluster", "east") == named


def test_a_value_that_is_written_out_is_quoted_inside_of_actions():
    assert written_out("{{ $labels.cluster | title }}", "cluster", 'the "east"') == r'{{ "the \"east\"" | title }}'
    assert written_out("{{ $labels.cluster }}", "cluster", 'the "east"') == 'the "east"'
