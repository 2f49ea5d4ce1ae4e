"""Shows the dashboards to a browser on this machine, asked anew for every look."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final
from urllib.parse import parse_qs

from obsgen.preview.gallery import Gallery, script
from obsgen.preview.page import SCRIPT
from obsgen.printable import printable
from obsgen.query.credentials import CredentialsUnreadable
from obsgen.query.errors import PrometheusError

_LOCAL: Final = ("127.0.0.1", "localhost")
_VARIABLE: Final = "var-"


def server_of(gallery: Gallery, port: int) -> ThreadingHTTPServer:
    """A server on loopback, not yet serving; OSError where the port is taken. Port 0 chooses a free one."""

    class Handler(BaseHTTPRequestHandler):
        """One request."""

        def do_GET(self) -> None:
            """A page, the list, or the script."""
            # A page of another site may not ask through a name that leads here.
            if self.headers.get("Host", "").rpartition(":")[0] not in _LOCAL:
                self._answer(HTTPStatus.FORBIDDEN, "this server is for this machine only", "text/plain")
                return
            # Not read as an address: what a browser asks for may be none.
            path, _, query = self.path.partition("?")
            name = path.strip("/")
            if name == SCRIPT:
                self._answer(HTTPStatus.OK, script(), "text/javascript")
            elif not name:
                self._answer(HTTPStatus.OK, gallery.index(live=True))
            elif name in gallery.bodies:
                self._board(name, _chosen(query))
            else:
                self._answer(HTTPStatus.NOT_FOUND, f"there is no dashboard '{name}'", "text/plain")

        def log_message(self, *_: object) -> None:
            """Nothing: the page shows what went wrong."""

        def _board(self, uid: str, chosen: Mapping[str, str]) -> None:
            try:
                page = gallery.page(uid, chosen, live=True).html
            except (PrometheusError, CredentialsUnreadable) as error:
                self._answer(HTTPStatus.BAD_GATEWAY, str(error), "text/plain")
                return
            self._answer(HTTPStatus.OK, page)

        def _answer(self, status: HTTPStatus, text: str, kind: str = "text/html") -> None:
            body = printable(text).encode() if kind == "text/plain" else text.encode()
            self.send_response(status)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("X-Content-Type-Options", "nosniff")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)


def _chosen(query: str) -> dict[str, str]:
    return {
        name.removeprefix(_VARIABLE): values[-1]
        for name, values in parse_qs(query).items()
        if name.startswith(_VARIABLE)
    }
