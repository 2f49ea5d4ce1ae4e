"""Values that give themselves away as secrets, wherever they stand, and how a secret is covered up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Final
from urllib.parse import parse_qsl, urlsplit

HIDDEN: Final = "(hidden)"

Span = tuple[int, int]

_PARAMETER: Final = (
    r"(?:[\w.-]*[-_])?(?:token|key|sig|sign|signature|secret|password|passwd|pwd|auth|apikey|credentials?|code)"
)
# Who knows an address of these can write to the chat, or call the people.
_HOOK_HOSTS: Final = (
    r"(?:hooks\.slack(?:-gov)?\.com|(?:[\w-]+\.)?discord(?:app)?\.com|oapi\.dingtalk\.com|qyapi\.weixin\.qq\.com"
    r"|open\.(?:feishu\.cn|larksuite\.com)|[\w.-]+\.webhook\.office\.com|outlook\.office(?:365)?\.com"
    r"|[\w.-]+\.logic\.azure\.com|[\w.-]+\.api\.powerplatform\.com|chat\.googleapis\.com|hooks\.zapier\.com"
    r"|events(?:\.eu)?\.pagerduty\.com|alert\.victorops\.com|api\.telegram\.org)"
)
_HOOKS: Final = (
    "slack discord dingtalk weixin feishu larksuite office azure powerplatform googleapis zapier pagerduty"
    " victorops telegram"
)
# Words of which one must stand in a text for the pattern to be tried; of the pattern, its group or all of it is secret.
_GIVEAWAYS: Final = (
    # A user before the host; a password may hold any character by mistake, so the last @ counts.
    ("@", r"://([^\s/?#'\"<>]{1,999})@"),
    ("@", r"://([^\s/?#'\"<>@]*:(?!\d+(?:/|$))[^\s'\"<>]{0,499})@"),
    # The same without a scheme. Not meant: an image's digest, and PromQL's modifiers behind a recorded metric.
    (
        "@",
        r"(?<![\w/.:+-])(?!mailto:)([\w.+%-]{1,99}:[^\s/'\"<>@,{}()\[\]]{1,499})@(?!sha256:|start\(|end\(|\d+(?!\.))(?=[\w\[])",
    ),
    ("=", rf"(?i)[?&]{_PARAMETER}=([^\s&#'\"<>]+)"),
    (_HOOKS, rf"(?i)(?<![\w.-]){_HOOK_HOSTS}(?::\d+)?/([^\s'\"<>]+)"),
    ("Bearer Basic", r"\b(?:Bearer|Basic)\s+([\w.~+/=-]{6,})"),
    ("bearer basic", r"\b(?:bearer|basic)\s+((?=[\w.~+/=-]*\d)[\w.~+/=-]{12,})"),
    ("-----BEGIN", r"-----BEGIN [A-Z0-9 ]+-----[\s\S]*?(?:-----END [A-Z0-9 ]+-----|\Z)"),
    ("eyJ", r"\beyJ[\w-]{10,}(?:\.[\w-]*){0,4}"),
    ("xox", r"\bxox[a-z](?:\.xox[a-z])?-[\w-]{8,}"),
    ("xapp-", r"\bxapp-[\w-]{8,}"),
    ("ghp_ gho_ ghu_ ghs_ ghr_ github_pat_", r"\b(?:gh[opusr]_\w{16,}|github_pat_\w{16,})"),
    (
        "glpat gldt glrt glptt glsoat glft glcbt glsa glc_",
        r"\b(?:gl(?:pat|dt|rt|ptt|soat|ft|cbt)-[\w-]{12,}|gl(?:sa|c)_[\w=+/-]{16,})",
    ),
    (
        "AKIA ASIA ABIA ACCA AIza AGE-",
        r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{12,}\b|\bAIza[\w-]{30,}|\bAGE-SECRET-KEY-\w+",
    ),
    ("sk- sk_ rk_live", r"\bsk[-_](?:(?:live|test|proj|ant)[-_])?[\w-]{16,}|\brk_live_\w{10,}"),
    ("SG.", r"\bSG\.[\w-]{16,}\.[\w-]{16,}"),
    ("hvs. hvb. hvr.", r"\bhv[sbr]\.[\w-]{16,}"),
    ("npm_ dop_v1_ sntrys_ phc_", r"\b(?:npm_\w{30,}|dop_v1_\w{32,}|sntrys_[\w=+/-]{16,}|phc_\w{20,})"),
    ("pypi- NRAK-", r"\b(?:pypi-[\w-]{40,}|NRAK-\w{16,})"),
    ("ya29.", r"\bya29\.[\w-]{16,}"),
)
_MIXED: Final = re.compile(r"[A-Za-z0-9+/=_.-]{16,}")


@lru_cache(maxsize=1)
def _giveaways() -> tuple[tuple[list[str], re.Pattern[str]], ...]:
    # Compiled when the first message is made: most runs have none.
    return tuple((signs.split(), re.compile(pattern)) for signs, pattern in _GIVEAWAYS)


def revealing(text: str) -> Iterator[Span]:
    """Where secrets stand that any reader would know for secrets."""
    for signs, pattern in _giveaways():
        if any(sign in text for sign in signs):
            yield from (found.span(1 if pattern.groups else 0) for found in pattern.finditer(text))


def without_giveaways(text: str) -> str:
    """The text without such secrets; names before values mean nothing in it, as in JSON of every kind."""
    return cover(text, revealing(text))


def looks_random(text: str) -> bool:
    """Whether this is rather a key made by a machine than a name made by a person."""
    if not _MIXED.fullmatch(text):
        return False
    kinds = ["0" if sign.isdigit() else "a" for sign in text if sign.isalnum()]
    return sum(one != other for one, other in pairwise(kinds)) >= 4


def cover(text: str, spans: Iterable[Span], column: int = 1) -> str:
    """The text with these parts hidden; what stands at `column`, counted from 1, stays there."""
    shown, done = [], 0
    for start, end in _joined(spans):
        # The column tells how long everything before it is: only behind it a length can be kept.
        shown += [text[done:start], "*" * (end - start) if start < column - 1 else HIDDEN]
        done = end
    return "".join([*shown, text[done:]])


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Spans in order; those that overlap are one."""
    joined: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def secret_part(url: str) -> str:
    """What makes an address a secret, in words that do not repeat it; empty where nothing does."""
    try:
        parts = urlsplit(url)
    except ValueError:
        # Half an IPv6 address: whoever sends there says so.
        return ""
    if "@" in parts.netloc:
        return "a user before the host"
    for key, value in parse_qsl(parts.query, keep_blank_values=True):
        if value and re.fullmatch(_PARAMETER, key, re.IGNORECASE):
            return f"the parameter '{key}'"
    host = (parts.hostname or "").rstrip(".")
    known = re.fullmatch(_HOOK_HOSTS, host, re.IGNORECASE)
    return f"whoever knows an address of {host} can send there" if known else ""
