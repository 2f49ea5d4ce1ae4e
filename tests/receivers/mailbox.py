"""A mail server that keeps what it is given, beside what was posted: just as much SMTP as Alertmanager speaks."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from tests.receivers.listening import Posted


@contextmanager
def mailbox(posted: Posted) -> Iterator[str]:
    """The server's address; its mails are found under `email`."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Session) as server:
        server.daemon_threads = True
        server.posted = posted  # type: ignore[attr-defined]
        host, port = server.server_address[:2]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"{host!s}:{port}"
        finally:
            server.shutdown()
            thread.join()


class _Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self._answer("220 ready")
        while line := self.rfile.readline():
            verb = line.split()[0].upper() if line.split() else b""
            if verb == b"DATA":
                self._answer("354 go on")
                self._keep()
                self._answer("250 kept")
            elif verb == b"QUIT":
                self._answer("221 bye")
                return
            else:
                self._answer("250 ok")

    def _answer(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())

    def _keep(self) -> None:
        lines = iter(self.rfile.readline, b".\r\n")
        # A line that begins with a dot travels with one more.
        raw = b"".join(line.removeprefix(b".") if line.startswith(b"..") else line for line in lines)
        mail = message_from_bytes(raw, policy=default)
        assert isinstance(mail, EmailMessage)
        parts = {part.get_content_subtype(): part.get_content() for part in mail.walk() if not part.is_multipart()}
        self.server.posted.add("email", {"subject": str(mail["Subject"]), **parts}, "")  # type: ignore[attr-defined]
