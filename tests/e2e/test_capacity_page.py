"""The capacity report as a browser shows and prints it."""

from __future__ import annotations

import re
import struct
import zlib
from pathlib import Path

import pytest
from click.testing import CliRunner

from obsgen.cli import main
from tests.e2e.browser import browse, find_browser

pytestmark = pytest.mark.e2e

WIDTH, HEIGHT = 800, 1100
# --crit, --page of page.css, in light and in dark.
LIGHT, LIGHT_CRITICAL = "#ffffff", "#a3161c"
DARK, DARK_CRITICAL = "#14181d", "#ff8a80"


@pytest.fixture(scope="module")
def browser() -> str:
    return find_browser()


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("page") / "capacity.html"
    path.write_text(CliRunner().invoke(main, ["capacity", "--demo", "--format", "html"]).stdout)
    return path


def colours(path: Path) -> dict[str, int]:
    """How many pixels each colour has, of a PNG with eight bits a channel."""
    content = path.read_bytes()
    width, height, depth, kind = struct.unpack(">IIBB", content[16:26])
    assert (width, height, depth) == (WIDTH, HEIGHT, 8)
    channels = {2: 3, 6: 4}[kind]
    packed, place = b"", 8
    while place < len(content):
        (size,) = struct.unpack(">I", content[place : place + 4])
        packed += content[place + 8 : place + 8 + size] if content[place + 4 : place + 8] == b"IDAT" else b""
        place += size + 12
    counted: dict[str, int] = {}
    above, raw = bytes(width * channels), zlib.decompress(packed)
    for start in range(0, len(raw), width * channels + 1):
        above = _unfiltered(raw[start], bytearray(raw[start + 1 : start + 1 + width * channels]), above, channels)
        for pixel in range(0, len(above), channels):
            colour = "#" + above[pixel : pixel + 3].hex()
            counted[colour] = counted.get(colour, 0) + 1
    return counted


def _unfiltered(kind: int, line: bytearray, above: bytes, channels: int) -> bytes:
    for index in range(len(line)):
        left = line[index - channels] if index >= channels else 0
        corner = above[index - channels] if index >= channels else 0
        line[index] = (line[index] + _guess(kind, left, above[index], corner)) % 256
    return bytes(line)


def _guess(kind: int, left: int, up: int, corner: int) -> int:
    if kind < 4:
        return (0, left, up, (left + up) // 2)[kind]
    return min((left, up, corner), key=lambda each: abs(left + up - corner - each))


@pytest.mark.parametrize(
    ("options", "ground", "critical"),
    [([], LIGHT, LIGHT_CRITICAL), (["--blink-settings=preferredColorScheme=0"], DARK, DARK_CRITICAL)],
    ids=["light", "dark"],
)
def test_a_browser_shows_the_page_in_the_colours_that_its_reader_prefers(browser, page, options, ground, critical):
    picture = page.parent / "page.png"
    browse(browser, page, f"--window-size={WIDTH},{HEIGHT}", f"--screenshot={picture}", *options)
    seen = colours(picture)
    assert max(seen, key=lambda colour: seen[colour]) == ground
    assert seen[critical] > 500, "the badges of critical findings"


def test_the_page_prints_on_a_few_sheets(browser, page):
    document = page.parent / "page.pdf"
    browse(browser, page, "--no-pdf-header-footer", f"--print-to-pdf={document}")
    content = document.read_bytes()
    assert 2 <= len(re.findall(rb"/Type\s*/Page\b", content)) <= 5
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", content)
    assert {(round(float(width)), round(float(height))) for width, height in boxes} == {(595, 842)}
