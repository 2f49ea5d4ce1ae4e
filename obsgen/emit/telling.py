"""What must be there before the manifests work, and what the installation beside them must be told."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from obsgen.document import Document, yaml_text
from obsgen.emit.mounting import mounted_secrets, mounting_folder
from obsgen.emit.provenance import header
from obsgen.model.installation import Brought, Installation
from obsgen.model.stack import Stack
from obsgen.printable import one_line

# A folder below, since `kubectl apply -f` takes every YAML file beside the manifests for an object.
FOLDER = "installation"
VALUES = "helm-values.yaml"
NOTES = f"{FOLDER}/README.md"


def telling_documents(stack: Stack, namespaces: Collection[str] = ()) -> Iterator[Document]:
    """The notes, and the values where the installation is a chart; `namespaces` are those of the stack's objects."""
    installation = stack.installation
    values = _values(stack, installation) if installation else {}
    if values and installation:
        yield Document(f"{FOLDER}/{VALUES}", yaml_text(values, header=_values_header(stack, installation)))
    parts = [_namespaces(namespaces)]
    if installation:
        parts += [*_about(installation, told=bool(values)), _left_out(stack)]
    elif namespaces:
        parts.append(_operators_objects(stack))
    if any(parts):
        head = f"# Before the manifests of {stack.name} work\n\n<!-- {header(stack)} -->\n"
        yield Document(NOTES, "\n".join([head, *(part for part in parts if part)]))


def _values(stack: Stack, installation: Installation) -> dict[str, Any]:
    """What the chart is told, with the Secrets that its Alertmanager must mount."""
    values = dict(installation.values)
    target = stack.environment.alertmanager
    secrets = mounted_secrets(stack)
    # Who reads them from elsewhere has mounted them otherwise.
    if secrets and installation.mounts and target.secrets_folder.rstrip("/") == mounting_folder(stack):
        return _with(values, installation.mounts.at.split("."), list(secrets))
    return values


def _with(values: Mapping[str, Any], path: list[str], value: Any) -> dict[str, Any]:
    name, *below = path
    inner = values.get(name)
    return {**values, name: _with(inner if isinstance(inner, Mapping) else {}, below, value) if below else value}


def _values_header(stack: Stack, installation: Installation) -> str:
    seen = f", read from its version {one_line(installation.seen['chart'])}" if "chart" in installation.seen else ""
    return "\n".join(
        (
            header(stack),
            f"Values of {one_line(installation.title)} that this stack needs{seen}.",
            f"Name it last, after values of your own: {one_line(installation.apply)}",
            "A list here takes the place of a list of yours; README.md beside it says why each value is there.",
        )
    )


def _namespaces(namespaces: Collection[str]) -> str:
    if not namespaces:
        return ""
    listed = "".join(f"- `{name}`\n" for name in sorted(namespaces))
    secrets = "The Secrets that must exist in them are listed by `obsgen secrets`.\n"
    return f"## Namespaces that must exist\n\n{listed}\nNo manifest makes them. {secrets}"


def _operators_objects(stack: Stack) -> str:
    """Where it is not known who installed the operator, what its two objects must say."""
    prometheus, alertmanager = stack.environment.prometheus, stack.environment.alertmanager
    labels = [f"`{name}: {value}`" for name, value in prometheus.selector_labels.items()]
    selecting = f"selects rules and monitors by {', '.join(labels)}" if labels else "selects all rules and monitors"
    lines = [f"- Prometheus in `{prometheus.namespace}` runs as `{prometheus.service_account}` and {selecting}."]
    if alertmanager.delivery == "secret":
        mounting = "".join(f", `{name}`" for name in mounted_secrets(stack))
        secrets = f" and mounts the Secrets {mounting[2:]}" if mounting else ""
        where = alertmanager.namespace or prometheus.namespace
        lines.append(f"- Alertmanager in `{where}` has `configSecret: {alertmanager.secret}`{secrets}.")
    return "## What the operator's objects must say\n\n" + "".join(f"{line}\n" for line in lines)


def _about(installation: Installation, *, told: bool) -> Iterator[str]:
    """What this installation is told, and what it keeps."""
    if told:
        yield _handing_over(installation)
    if installation.steps:
        steps = "".join(f"{number}. {_prose(step)}\n" for number, step in enumerate(installation.steps, start=1))
        yield f"## What to do in {_prose(installation.title)}\n\n{steps}"
    off, stay = ([one for one in installation.rules if one.off is which] for which in (True, False))
    if told:
        yield _rules("Its alerts that are off", "Packs of this stack cover the same.", off)
    else:
        yield _rules("Its alerts to take out", "Packs of this stack cover the same as these groups.", off)
    yield _rules("Its alerts that stay", "Not all packs that cover the same are used.", stay)
    if installation.alerts:
        where = "may reach Alertmanager too; `obsgen routes show` lists their receivers."
        yield f"## Alerts of others\n\n{_code(installation.alerts)} {where}\n"


def _left_out(stack: Stack) -> str:
    """What is not written for want of series; the reasons are many, and validate has them."""
    rows = "".join(
        f"| `{one.name}` | {_code((*one.left_out.alerts, *one.left_out.objectives))} |\n"
        for one in stack.components
        if one.left_out.alerts or one.left_out.objectives
    )
    if not rows:
        return ""
    lead = "The series that they read are missing here; `obsgen validate` lists them, with the cause and the remedy."
    return f"## What is left out\n\n{lead}\n\n| component | alerts and objectives |\n|---|---|\n{rows}"


def _handing_over(installation: Installation) -> str:
    rows = "".join(f"| {_code(paths)} | {_prose(why)} |\n" for paths, why in installation.reasons)
    reasons = f"\n| value | why |\n|---|---|\n{rows}" if rows else ""
    lead = f"[{VALUES}]({VALUES}) holds it. Hand it over, after values of your own:"
    command = f"```sh\n{one_line(installation.apply)}\n```"
    return f"## Values for {_prose(installation.title)}\n\n{lead}\n\n{command}\n{reasons}"


def _rules(title: str, why: str, rules: Collection[Brought]) -> str:
    if not rules:
        return ""
    rows = "".join(
        f"| {_code([one.switch])} | {_code(one.groups)} | {one.alerts or ''} | {_code(one.packs)} |\n" for one in rules
    )
    return f"## {title}\n\n{why}\n\n| switch | groups | alerts | packs |\n|---|---|---|---|\n{rows}"


def _code(names: Collection[str]) -> str:
    return ", ".join(f"`{_in_code(name)}`" for name in names)


def _in_code(text: str) -> str:
    """The text as it stands between backticks, also in a cell."""
    return one_line(text).replace("`", "'").replace("|", "\\|")


def _prose(text: str) -> str:
    """What a table of the user's own says in Markdown, on its line and in its cell, and no HTML."""
    return one_line(text).replace("|", "\\|").replace("<", "&lt;")
