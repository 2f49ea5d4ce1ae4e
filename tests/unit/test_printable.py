"""What is written out, and what stays as it is."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsgen.printable import csv_cell, markdown, one_line, powerless, printable, throughout, width

INVISIBLE = ("Cc", "Cf", "Cs", "Zl", "Zp")


def test_no_control_format_surrogate_or_separator_of_lines_stays():
    letters = "".join(chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) in INVISIBLE)
    assert set(printable(letters)) <= set("\\u0123456789abcdef\n\t")


@pytest.mark.parametrize("text", ["café ×3 – “节点” Ω", "⚠️ disk", "e\u0301", "a\tb\nc", "\u00a0", "🦀"])
def test_what_people_write_stays(text):
    assert printable(text) == text


@pytest.mark.parametrize("text", ["a\ufe0f", "\u3164", "\u2800", "\u115f", "\U000e0101"])
def test_what_is_drawn_as_nothing_is_written_out(text):
    assert printable(text).endswith(json.dumps(text[-1]).strip('"'))


@given(st.text())
def test_json_written_out_means_the_same(text):
    body = json.dumps({"k": text}, ensure_ascii=False)
    assert json.loads(powerless(printable(body))) == {"k": text}


@given(st.text())
def test_writing_out_twice_is_writing_out_once(text):
    once = powerless(one_line(text))
    assert powerless(one_line(once)) == once
    assert "\n" not in once


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("::error::x", "\\u003a:error::x"),
        ("a\n \t::add-mask::b", "a\n \t\\u003a:add-mask::b"),
        ("a ##[error]b", "a #\\u0023[error]b"),
        ("##vso[task.setvariable]", "#\\u0023vso[task.setvariable]"),
        ("::1:9100", "::1:9100"),
        ("## Meaning", "## Meaning"),
        ("std::vector::x", "std::vector::x"),
    ],
)
def test_commands_for_a_ci_system_lose_their_power(text, shown):
    assert powerless(text) == shown


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("=1+1", "'=1+1"),
        (" =1+1", "' =1+1"),
        ("+1", "'+1"),
        ("＝1", "'＝1"),
        ("a;=1", "a;'=1"),
        ("\t=1", "\\t=1"),
        ("a-b=c", "a-b=c"),
    ],
)
def test_a_spreadsheet_runs_no_name(name, cell):
    assert csv_cell(name) == cell


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("kube_node_x", "kube_node_x"),
        ("_x_", "\\_x\\_"),
        ("a|b\nc", "a\\|b\\\\nc"),
        ("@team", "@<!-- -->team"),
        ("https://a", "https:<!-- -->//a"),
        ("<b>&amp;", "\\<b\\>\\&amp;"),
    ],
)
def test_markdown_shows_the_text(text, shown):
    assert markdown(text) == shown


def test_width_is_counted_in_cells():
    assert (width("ab"), width("节点"), width("e\u0301")) == (2, 4, 1)


@dataclass(frozen=True)
class Named:
    name: str
    inside: tuple[object, ...] = ()


def test_every_text_is_changed_and_what_is_shared_stays_shared():
    shared = Named("a")
    whole = Named("b", ({"a": shared}, [shared, 1.5, None]))
    changed = throughout(whole, str.upper)
    assert changed == Named("B", ({"A": Named("A")}, [Named("A"), 1.5, None]))
    assert changed.inside[0]["A"] is changed.inside[1][0]


def test_what_has_nothing_to_change_is_not_copied():
    whole = Named("b", ({"a": Named("a")},))
    assert throughout(whole, printable) is whole
