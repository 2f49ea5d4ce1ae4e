"""Checks of receivers: that each has one address, is complete, and that no secret is written out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

from obsgen.diagnostics import Diagnostic
from obsgen.ir.bundle import Bundle
from obsgen.model.stack import Stack
from obsgen.spec.receivers import EmailSpec, WaySpec, WeComSpec

# Ways that lead to one address, named in one field or in the other.
_ADDRESSES = {
    "webhook": ("url", "url_secret"),
    "teams": ("url", "url_secret"),
    "wecom_bot": ("relay_url", "url_secret"),
    "feishu": ("relay_url", "url_secret"),
}
_SECRET_PARAMETER = re.compile(r"(?i)(^|[-_])(token|key|sig|sign|signature|secret|password|passwd|auth|apikey)$")
# Addresses that are secrets by themselves: who knows one can write to the chat.
_SECRET_HOSTS = re.compile(
    r"(?i)^(hooks\.slack\.com|discord(app)?\.com|oapi\.dingtalk\.com|qyapi\.weixin\.qq\.com|open\.(feishu\.cn|larksuite\.com)"
    r"|.*\.webhook\.office\.com|outlook\.office(365)?\.com|.*\.logic\.azure\.com|.*\.api\.powerplatform\.com)$"
)


def unclear_address(stack: Stack, bundle: Bundle) -> Iterator[Diagnostic]:
    """Two addresses for one way of sending, or none."""
    del bundle
    for name, spec in stack.routing.receivers.items():
        for kind, way in spec.ways():
            plain, secret = _ADDRESSES.get(kind, ("", ""))
            if plain and (getattr(way, plain) is None) == (getattr(way, secret) is None):
                where = stack.places.of("routing", "receivers", name, kind)
                message = f"{kind} '{name}' needs exactly one of {plain} and {secret}"
                hint = f"{plain} is written out; {secret} names the Secret and the key that hold it"
                yield Diagnostic("OBS422", message, where, hint)


def secret_in_address(stack: Stack, bundle: Bundle) -> Iterator[Diagnostic]:
    """An address that lets everybody in who reads the spec, the manifests or the repository."""
    del bundle
    for name, spec in stack.routing.receivers.items():
        for kind, way in spec.ways():
            for field in ("url", "relay_url", "api_url"):
                if found := _secret_part(getattr(way, field, None) or ""):
                    place = stack.places.of("routing", "receivers", name, kind, field)
                    # The line is not shown: what is printed ends in the logs of pipelines.
                    where = replace(place, source_line="")
                    yield Diagnostic("OBS432", f"the {field} of '{name}' holds a secret: {found}", where, _refer(kind))


def _secret_part(url: str) -> str:
    """What gives the address away as a secret, in words that do not repeat it; empty where nothing does."""
    parts = urlsplit(url)
    if "@" in parts.netloc:
        return "a user before the host"
    for key, value in parse_qsl(parts.query, keep_blank_values=True):
        if value and _SECRET_PARAMETER.search(key):
            return f"the parameter '{key}'"
    host = (parts.hostname or "").rstrip(".")
    return f"whoever knows an address of {host} can send there" if _SECRET_HOSTS.match(host) else ""


def _refer(kind: str) -> str:
    if kind in ("dingtalk", "opsgenie"):
        return "name the address without it; the secret belongs to the relay or under api_key_secret"
    also = ", or a bearer token in token_secret" if kind == "webhook" else ""
    return f"put it into a Secret and name that: url_secret: <Secret>/<key>{also}"


def incomplete_receiver(stack: Stack, bundle: Bundle) -> Iterator[Diagnostic]:
    """A way of sending that nobody would hear of, or that no server would let in."""
    del bundle
    for name, spec in stack.routing.receivers.items():
        for kind, way in spec.ways():
            if missing := _missing(way):
                where = stack.places.of_key("routing", "receivers", name, kind)
                yield Diagnostic("OBS433", f"{kind} of '{name}' {missing}", where, _COMPLETE[kind])


_COMPLETE = {
    "wecom": "name at least one of to_party, to_user and to_tag; @all in to_user is everybody",
    "email": "give username and password_secret, or neither",
}


def _missing(way: WaySpec) -> str:
    if isinstance(way, WeComSpec) and not (way.to_party or way.to_user or way.to_tag):
        return "tells nobody"
    if isinstance(way, EmailSpec) and (way.username is None) != (way.password_secret is None):
        return "has a user without a password" if way.username else "has a password without a user"
    return ""
