"""Places of documents where secrets belong, or are often put by mistake."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import IntEnum
from typing import Final

from obsgen.secrecy.names import names_secret
from obsgen.secrecy.values import looks_random

Steps = tuple[str | int, ...]


class Grade(IntEnum):
    """How far a value is kept back."""

    PUBLIC = 0
    NEAR = 1
    """It stands where secrets are put, and a message can do without it."""
    SECRET = 2


# Mappings whose keys are names that a person chose, and no fields: a component may be called `tokens`.
_CHOSEN: Final = frozenset(
    {"infrastructure", "kubernetes", "applications", "uses", "parameters", "thresholds", "signals", "metrics"}
    | {"teams", "receivers", "clusters"}
)
_ABOUT_SECRETS: Final = re.compile(r"(?!.*(api|bot|bearer|access|client))(.*[-_])?(auth|tokens?|secrets|credentials)")
_HEADERS: Final = frozenset({"headers", "http_headers", "httpHeaders"})
_OF_MAIL: Final = frozenset({"subject", "from", "to", "cc", "reply-to"})
_REFERENCE: Final = re.compile(r"[a-z0-9][-a-z0-9.]*/[-._a-zA-Z0-9]+")
_OBJECT_NAME: Final = re.compile(r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?")
_HOST: Final = r"(?:https?://[\w.-]+|(?:[a-z]+://)?[\w-]+(?:\.[\w-]+)+)(?::\w+)?"
_MAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
# A value that has its field's own form is no secret that was put into the wrong field.
_FORMS: Final[Mapping[str, re.Pattern[str]]] = {
    "to": _MAIL,
    "from": _MAIL,
    "smarthost": re.compile(_HOST),
    "channel": re.compile(r"#[\w.-]+"),
    "url": re.compile(rf"{_HOST}(/[\w./-]*)?"),
    "proxy": re.compile(rf"{_HOST}/?"),
    "bearer_token_env": re.compile(r"[A-Z_][A-Z0-9_]*"),
    "timeout": re.compile(r"\d[\d.]* ?[a-z]*"),
}
_FILE: Final = re.compile(r"[\w./~+-]*[./][\w./~+-]*|[a-z-]{1,20}")
_PATH: Final = re.compile(r"\.{0,2}/[\w./-]+")
_ADDRESS: Final = re.compile(rf"{_HOST}(?=[/?#]|$)")
_SECRET_BODIES: Final = ("data", "stringData")
# Nobody's secret: what YAML has no other words for.
_EMPTY: Final = frozenset({"", "~", "null", "true", "false", "yes", "no", "on", "off", "y", "n"})
_FIELD_NAME: Final = re.compile(r"[A-Za-z]+([-_][A-Za-z]+)*[0-9]?")


def grade_below(above: Grade, steps: Steps, *, in_secret: bool, holds_more: bool) -> Grade:
    """The grade of the value to which these steps lead, in a value of grade `above`.

    `in_secret` says that the document is a Secret's manifest, `holds_more` that the value is a mapping or a list.
    """
    step, parent = steps[-1], steps[-2] if len(steps) > 1 else ""
    if in_secret and steps[0] in _SECRET_BODIES:
        if holds_more and len(steps) == 1:
            return Grade.PUBLIC
        return Grade.PUBLIC if str(step).endswith(".tmpl") else Grade.SECRET
    chosen = holds_more and parent in _CHOSEN and _ABOUT_SECRETS.fullmatch(str(step))
    if isinstance(step, str) and names_secret(step) and not chosen:
        return Grade.SECRET
    if parent in _HEADERS and str(step).lower() not in _OF_MAIL:
        return Grade.SECRET
    return max(above, Grade.NEAR) if _is_near(steps) else above


def grade_of(steps: Steps) -> Grade:
    """The grade of the value to which these steps lead from the top of a spec or of a pack."""
    grade = Grade.PUBLIC
    for length in range(1, len(steps) + 1):
        grade = grade_below(grade, steps[:length], in_secret=False, holds_more=length < len(steps))
    return grade


def _is_near(steps: Steps) -> bool:
    """Whatever is said of a receiver, and of how a cluster is reached."""
    if "receivers" in steps[:2]:
        return len(steps) > steps.index("receivers") + 1
    return steps[:2] == ("capacity", "clusters") and len(steps) > 2


def hidden_part(steps: Steps, value: str, *, plain: bool) -> tuple[int, int] | None:
    """Which part of a value is hidden because of its place, if any; `plain` where it stands without quotes."""
    if not value or (plain and value.lower() in _EMPTY) or _is_no_secret(str(steps[-1]), value):
        return None
    host = _ADDRESS.match(value) if _is_address(steps) else None
    if host and not looks_random(host[0]):
        # What follows a receiver's host is where webhooks have their secrets.
        return (host.end(), len(value)) if value[host.end() :] not in ("", "/") else None
    if not _ends_random(value) and (_refers(steps, value) or _has_its_form(steps, value)):
        return None
    return 0, len(value)


def _is_no_secret(field: str, value: str) -> bool:
    """What stands beside a secret, or where one is kept: `type: Bearer`, `credentials_file: /run/token`."""
    if field in ("type", "auth_type"):
        return value in ("Bearer", "Basic")
    return field.endswith(("_file", "File")) and bool(_PATH.fullmatch(value)) and not _ends_random(value)


def _ends_random(path: str) -> bool:
    return looks_random(path.rpartition("/")[2])


def _is_address(steps: Steps) -> bool:
    return "receivers" in steps[:2] and str(steps[-1]).lower().endswith("url")


def _refers(steps: Steps, value: str) -> bool:
    """The name of a Secret, and not what is in it."""
    field, parent = str(steps[-1]), steps[-2] if len(steps) > 1 else ""
    if steps[:2] == ("routing", "receivers"):
        return field.endswith("_secret") and bool(_REFERENCE.fullmatch(value))
    if steps[0] == "receivers":
        return field == "name" and len(steps) == 3
    # Manifests refer to a Secret by its name and a key in it.
    in_manifest = steps[0] == "spec" and field in ("name", "key")
    known = in_manifest or (parent, field) in (("alertmanager", "secret"), ("tls", "secret"))
    return known and bool(_OBJECT_NAME.fullmatch(value))


def _has_its_form(steps: Steps, value: str) -> bool:
    field, of_access = str(steps[-1]), steps[:2] == ("capacity", "clusters") and len(steps) == 4
    if form := _FORMS.get(field):
        return (of_access or "receivers" in steps[:2]) and bool(form.fullmatch(value))
    return of_access and field.endswith("_file") and bool(_FILE.fullmatch(value))


def key_is_shown(grade: Grade, key: str) -> bool:
    """Whether a key is a field's name rather than a secret that stands where a key belongs."""
    return grade < Grade.NEAR or (len(key) <= 40 and bool(_FIELD_NAME.fullmatch(key)))
