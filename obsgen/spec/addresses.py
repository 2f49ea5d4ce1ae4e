"""Addresses of servers: http or https with a host, in a form that whoever uses them can take apart."""

from __future__ import annotations

import re
from urllib.parse import urlsplit


def is_address(url: str) -> bool:
    """Whether it names a server: brackets are closed, a port is one, and no control character hides in it."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    return bool(re.fullmatch(r"https?://[^\s/?#]+[^\s\x00-\x1f\x7f]*", url) and parts.hostname) and port != 0
