"""Turns pages into pictures with a browser that has no window."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell")
_WIDTH: Final = 1600
_SECONDS: Final = 120
_USUAL: Final = (
    "--headless=new", "--disable-gpu", "--no-sandbox", "--hide-scrollbars", "--virtual-time-budget=10000",
)  # fmt: skip
_HEIGHT: Final = re.compile(r'<html[^>]* data-height="(\d+)"')


class BrowserFailed(Exception):  # noqa: N818 - it names the fault
    """There is no browser, or it made no picture."""


def find_browser(given: Path | None) -> str:
    """The browser's path; BrowserFailed names what would do."""
    if given:
        return str(given)
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        msg = f"there is no browser on PATH (one of {', '.join(BROWSERS)}): install one, or name it with --browser"
        raise BrowserFailed(msg)
    return found


def picture(browser: str, page: Path, target: Path) -> None:
    """Write the whole page as PNG; BrowserFailed where the browser does not."""
    target.unlink(missing_ok=True)
    # The page says how high it is once it is drawn.
    found = _HEIGHT.search(_run(browser, page, "--dump-dom", f"--window-size={_WIDTH},{_WIDTH}"))
    height = int(found[1]) if found else _WIDTH
    said = _run(browser, page, f"--screenshot={target.absolute()}", f"--window-size={_WIDTH},{height}")
    if not target.exists():
        raise BrowserFailed(_message(browser, page, said))


def _run(browser: str, page: Path, *options: str) -> str:
    with tempfile.TemporaryDirectory(prefix="obsgen-") as profile:
        command = (browser, *_USUAL, f"--user-data-dir={profile}", *options, page.absolute().as_uri())
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=_SECONDS)
        except subprocess.CalledProcessError as error:
            raise BrowserFailed(_message(browser, page, error.stderr)) from None
        except (OSError, subprocess.TimeoutExpired) as error:
            raise BrowserFailed(_message(browser, page, str(error))) from None
    return done.stdout


def _message(browser: str, page: Path, said: str) -> str:
    return f"'{browser}' made no picture of '{page}': {(said.strip().splitlines() or ['it said nothing'])[-1]}"
