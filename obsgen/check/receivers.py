"""Checks of receivers: that each has one address, is complete, and that no secret is written out."""

from __future__ import annotations

from collections.abc import Iterator

from obsgen.diagnostics import Diagnostic
from obsgen.ir.bundle import Bundle
from obsgen.model.stack import Stack
from obsgen.secrecy.values import secret_part
from obsgen.spec.receivers import EmailSpec, WaySpec, WeComSpec

# Ways that lead to one address, named in one field or in the other.
_ADDRESSES = {
    "webhook": ("url", "url_secret"),
    "teams": ("url", "url_secret"),
    "wecom_bot": ("relay_url", "url_secret"),
    "feishu": ("relay_url", "url_secret"),
}


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
                if found := secret_part(getattr(way, field, None) or ""):
                    where = stack.places.of("routing", "receivers", name, kind, field)
                    yield Diagnostic("OBS432", f"the {field} of '{name}' holds a secret: {found}", where, _refer(kind))


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
        return "has no recipient"
    if isinstance(way, EmailSpec) and (way.username is None) != (way.password_secret is None):
        return "has a user without a password" if way.username else "has a password without a user"
    return ""
