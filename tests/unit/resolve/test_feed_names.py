"""Series that packs feed, where a spec's selectors still measure them."""

from __future__ import annotations

import pytest

from obsgen.model.feed_names import FeedNames
from obsgen.promql.selector import example_labels, parse_matchers
from obsgen.spec.template import render


def names(**selectors: str) -> FeedNames:
    """Names with these selectors; `own` is the component's own."""
    texts = {"": selectors.pop("own", 'job="a"'), **selectors}
    matchers = {name: parse_matchers(text) for name, text in texts.items()}
    examples = {name: {**example_labels(every), "cluster": "c"} for name, every in matchers.items()}
    return FeedNames({}, examples, matchers)


def placed(given: FeedNames, *templates: str) -> list[str]:
    rendered = [render(one, given) for one in templates]
    fitted = given.fitted(rendered)
    return [fitted.series(one) for one in rendered]


@pytest.mark.parametrize(
    ("selector", "namespace"),
    [
        ('job="a"', "shop"),
        ('job="a",namespace="shop"', "shop"),
        ('job="a",namespace=~"crm|shop"', "shop"),  # the feed's own, where the example would be another
        ('job="a",namespace!=""', "shop"),
        ('job="a",namespace!~"kube-.*"', "shop"),
        ('job="a",namespace="crm"', "crm"),
        ('job="a",namespace=~"team-.*"', "team-shop"),
        ('job="a",namespace=~"(crm|hr)"', "crm"),
        ('job="a",namespace!="shop"', "shop-example"),
        ('job="a",namespace=~"shop.*",namespace!="shop"', "shopshop"),
    ],
)
def test_a_label_that_a_feed_names_itself_stands_once_and_is_selected(selector, namespace):
    [series] = placed(names(own=selector), 'x{${selector},namespace="shop",pod="p"}')
    assert series in (
        f'x{{job="a",cluster="c",namespace="{namespace}",pod="p"}}',
        f'x{{job="a",namespace="{namespace}",cluster="c",pod="p"}}',
    )


def test_a_series_that_needs_no_change_stays_as_it_is_written():
    assert placed(names(), 'x{ ${selector}, pod="p" }') == ['x{ job="a",cluster="c", pod="p" }']


def test_what_is_joined_moves_together_even_where_only_one_side_is_narrowed():
    given = names(narrow='job="b",namespace=~"team-.*"')
    assert placed(given, 'x{${selectors.narrow},namespace="shop"}', 'y{${selector},namespace="shop"}') == [
        'x{job="b",namespace="team-shop",cluster="c"}',
        'y{job="a",cluster="c",namespace="team-shop"}',
    ]


def test_two_namespaces_stay_two():
    given = names(own='job="a",namespace=~"crm|hr"')
    templates = [f'x{{${{selector}},namespace="{name}"}}' for name in ("shop", "crm", "bank")]
    found = [one.split('namespace="')[1].split('"')[0] for one in placed(given, *templates)]
    # There are two places for three: what finds none is not measured, and must not be taken for another.
    assert found == ["hr", "crm", "bank"]


def test_expected_labels_move_with_the_series():
    given = names(own='job="a",namespace=~"team-.*"')
    fitted = given.fitted([render('x{${selector},namespace="shop"}', given)])
    assert fitted.labels({"namespace": "shop", "pod": "shop"}) == {"namespace": "team-shop", "pod": "shop"}
