"""The rules that a server has loaded, read from its own listing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from obsgen.query.answer import read_document
from obsgen.query.sending import Reply
from obsgen.query.shapes import listed, mapping, text


@dataclass(frozen=True, slots=True)
class LoadedRule:
    """An alerting or recording rule as the server holds it; `error` is its last one, if it fails."""

    name: str
    records: bool
    error: str = ""


def read_rules(reply: Reply) -> tuple[LoadedRule, ...]:
    """All rules of all groups; raises what `obsgen.query.errors` lists."""

    def of(body: dict[str, Any]) -> tuple[LoadedRule, ...]:
        groups = mapping(body.get("data")).get("groups")
        # A server without any may say null.
        groups = listed([] if groups is None else groups)
        return tuple(_rule(mapping(rule), reply) for group in groups for rule in listed(mapping(group).get("rules")))

    return read_document(reply, "a list of rules", of)


def _rule(rule: dict[str, Any], reply: Reply) -> LoadedRule:
    error = text(rule.get("lastError") or "") if rule.get("health") == "err" else ""
    return LoadedRule(text(rule.get("name")), rule.get("type") == "recording", reply.words(error))
