"""The templates of notifications: one file, whatever the receivers."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from obsgen.emit.provenance import header
from obsgen.model.stack import Stack

TEMPLATE_FILE = "obsgen.tmpl"
# Where Alertmanager finds the file: below its own configuration, and where the operator mounts every key of
# the Secret that holds the configuration.
BESIDE_CONFIGURATION = "templates/*.tmpl"
IN_OPERATORS_FOLDER = "/etc/alertmanager/config/*.tmpl"

# Go's templates return nothing to each other, so what reckons the gravest tier of a group stands in each that asks.
# What has resolved no longer counts while something fires.
_GRAVEST = (
    '{{ $gravest := "P4" }}{{ $alerts := .Alerts.Firing }}{{ if not $alerts }}{{ $alerts = .Alerts.Resolved }}{{ end }}'
    '{{ range $alerts }}{{ $tier := "P4" }}'
    '{{ if match "^[Pp][1-4]$" .Labels.tier }}{{ $tier = .Labels.tier | toUpper }}'
    '{{ else if eq .Labels.severity "critical" }}{{ $tier = "P1" }}'
    '{{ else if eq .Labels.severity "warning" }}{{ $tier = "P3" }}{{ end }}'
    "{{ if lt $tier $gravest }}{{ $gravest = $tier }}{{ end }}{{ end }}"
)


def template_text(stack: Stack) -> str:
    """The file of templates, in Go's language."""
    return template_body().replace("{{/* HEADER */}}", f"{{{{/* {header(stack)} */}}}}")


@cache
def template_body() -> str:
    """The templates themselves, whatever the stack."""
    text = (Path(__file__).parent / TEMPLATE_FILE).read_text(encoding="utf-8")
    return text.replace("{{/* GRAVEST */}}", _GRAVEST)
