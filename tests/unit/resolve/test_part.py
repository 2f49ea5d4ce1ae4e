"""The matchers that select a part of an alert's series: all of it, and nothing twice."""

from __future__ import annotations

from itertools import product

import pytest

from obsgen.model.part import Part
from obsgen.promql.selector import parse_matchers

VALUES = ("", "a", "b", "c", "sandbox-1")


def matchers(text: str):
    return parse_matchers(text)


@pytest.mark.parametrize(
    ("within", "outside", "expected"),
    [
        ('n="a"', [], ['n="a"']),
        ("", ['n="a"'], ['n!="a"']),
        ("", ['n=~"a|b"', 'n="c"'], ['n!~"a|b",n!="c"']),
        ('n="a"', ['n="b"'], ['n="a"']),
        ('n=~"a|b"', ['n=~"sandbox-.*"'], ['n=~"a|b"']),
        ('n=~"a|b"', ['n="b"'], ['n=~"a|b",n!="b"']),
        ("", ['n="a",m="b"'], ['n!="a"', 'n="a",m!="b"']),
        ('n="a"', ['n=~"a|b"'], []),
    ],
)
def test_a_part_is_selected_without_what_is_said_already(within, outside, expected):
    part = Part("p", matchers(within), tuple(map(matchers, outside)))
    assert [",".join(map(str, one)) for one in part.selections] == expected


@pytest.mark.parametrize("outside", [['n="a",m="b"'], ['n=~"a|b"', 'm!="c",n="c"'], ['n="a",m="b"', 'm=~"a|c"']])
def test_every_series_is_in_one_selection_of_one_part(outside):
    taken = tuple(map(matchers, outside))
    parts = [Part(str(place), one, taken[:place]) for place, one in enumerate(taken)] + [Part("", (), taken)]
    for n, m in product(VALUES, VALUES):
        labels = {"n": n, "m": m}
        found = [
            (part.name, selection)
            for part in parts
            for selection in part.selections
            if all(one.matches(labels[one.name]) for one in selection)
        ]
        assert len(found) == 1, labels
