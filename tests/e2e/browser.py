"""A real browser without a window: it draws pages into pictures and prints them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from obsgen.preview.pictures import BROWSERS
from tests.e2e.tools import ROOT, give_up

_OWN = ROOT / ".tools" / "bookworm" / "usr" / "bin" / "chromium"


def find_browser() -> str:
    """What is on PATH first, as everywhere."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None and not _OWN.exists():
        give_up(f"there is no {' or '.join(BROWSERS)}")
    return found or str(_OWN)


def browse(browser: str, page: Path, *options: str) -> None:
    """Open the page with these options."""
    profile = f"--user-data-dir={page.parent / 'profile'}"
    usual = ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", profile)
    subprocess.run([browser, *usual, *options, page.as_uri()], check=True, capture_output=True, timeout=120)
