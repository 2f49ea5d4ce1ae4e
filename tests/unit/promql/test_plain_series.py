"""Series as tests write them are read without the parser: what is read so is what the parser reads."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as some

from obsgen.promql.error import PromQLError
from obsgen.promql.selector import parse_selector
from obsgen.promql.series import NAME, label_values

METRICS = ("up", "node_load1", "group_left", "count_values_total", "sum_over_time", "Inf_total", "by_", "sum", "inf")
LABELS = ("a", "le", "__name__", "by", "on", "sum", "ignoring", "Inf", "_x")
VALUES = ("", "x", "a b", "é", "{", "}", ",", "a=", "\t", "'", "#", "`", "1e9", "$x", "\\n", "\\q", '"', "\n")


def _series() -> some.SearchStrategy[str]:
    pair = some.tuples(some.sampled_from(LABELS), some.sampled_from(VALUES)).map(lambda both: f'{both[0]}="{both[1]}"')
    pairs = some.lists(pair, max_size=4).map(",".join)
    return some.tuples(some.sampled_from(METRICS), pairs, some.sampled_from(("", ","))).map(
        lambda parts: f"{parts[0]}{{{parts[1]}{parts[2]}}}"
    )


@settings(max_examples=400, deadline=None, derandomize=True, database=None)
@given(_series())
def test_a_series_is_read_as_the_parser_reads_it(series: str) -> None:
    try:
        parsed = parse_selector(series)
    except PromQLError:
        expected = None
    else:
        expected = ((NAME, parsed.metric), *((matcher.name, matcher.value) for matcher in parsed.matchers))
    try:
        found = label_values(series)
    except PromQLError:
        found = None
    assert found == expected
