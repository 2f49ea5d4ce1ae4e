"""Turns pages into pictures with a browser that has no window."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from obsgen.programs.binaries import BinaryMissing, find_binary
from obsgen.programs.children import Finished, run
from obsgen.programs.failures import last_line
from obsgen.programs.scratch import scratch_folder

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
        return str(given.absolute())
    for name in BROWSERS:
        try:
            return str(find_binary(name))
        except BinaryMissing:
            continue
    msg = f"there is no browser on PATH (one of {', '.join(BROWSERS)}): install one, or name it with --browser"
    raise BrowserFailed(msg)


def picture(browser: str, page: Path) -> bytes:
    """The whole page as PNG; BrowserFailed where the browser makes none, `Diagnosed` where it does not end."""
    with scratch_folder() as folder:
        # The page says how high it is once it is drawn.
        found = _HEIGHT.search(_run(browser, page, folder, "--dump-dom", f"--window-size={_WIDTH},{_WIDTH}").output)
        height = int(found[1]) if found else _WIDTH
        drawn = folder / "drawn.png"
        done = _run(browser, page, folder, f"--screenshot={drawn}", f"--window-size={_WIDTH},{height}")
        if not drawn.exists():
            raise BrowserFailed(_message(browser, page, done))
        return drawn.read_bytes()


def _run(browser: str, page: Path, folder: Path, *options: str) -> Finished:
    command = (browser, *_USUAL, f"--user-data-dir={folder / 'profile'}", *options, page.absolute().as_uri())
    done = run(command, folder, seconds=_SECONDS)
    if done.code != 0:
        raise BrowserFailed(_message(browser, page, done))
    return done


def _message(browser: str, page: Path, done: Finished) -> str:
    return f"'{browser}' made no picture of '{page}': {last_line(done.output)}"
