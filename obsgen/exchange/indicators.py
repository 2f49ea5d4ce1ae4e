"""What an objective measures: foreign queries as the kinds of indicator that a spec has."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from promql_parser import AggregateExpr, BinaryExpr, Call, NumberLiteral, VectorSelector

from obsgen.exchange.crossing import comparisons, takes_away
from obsgen.exchange.latency import histogram_form, under_of
from obsgen.exchange.ratio import over_time, proved_ratio
from obsgen.exchange.sums import COUNTING, Fraction, Sum, Term, bare, read_fraction, read_sum
from obsgen.exchange.window import Inexpressible, on_the_window, reads_the_window, spec_text
from obsgen.promql.matcher import Selector
from obsgen.promql.parse import one_line, parse, selectors

_ONE_BUDGET = "the query keeps every series apart; here they are summed up, and share one budget"
_WORST = "the query keeps every series apart; here the worst of them counts"
_FEED = "write a `feed` under `ratio`, or count events with `errors` or `good` and `total`"
_RECORD = (
    "a test cannot pass a threshold in a part of a minute: record a series that is 1 while all is well, 0 while "
    "nothing is, or the share between, and measure it as `gauge`"
)
_TIME = "the share is taken of time, as events cannot be counted from the query"


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator in the spec's form. `notes` says what it lost, `unproved` what to do as no test can feed it."""

    form: Mapping[str, Any]
    by: tuple[str, ...] = ()
    reads: tuple[Selector, ...] = ()
    notes: tuple[str, ...] = ()
    unproved: str | None = None


def of_events(part: str, whole: str, *, good: bool, counters: bool = False) -> Indicator:
    """Events of which a part failed, or was good. `counters` says that bare counters are to be rated."""
    part, whole = on_the_window([part, whole])
    counted, all_events = read_sum(part), read_sum(whole)
    errors = _errors(counted, all_events, good=good)
    exact = _exact(errors, counters=counters) if errors else None
    if exact:
        return exact
    if counters and not (reads_the_window(part) and reads_the_window(whole)):
        msg = "counters are taken over as sum(counter) or sum(rate(counter[5m])), and this is more than that"
        raise Inexpressible(msg)
    share = f"(({one_line(bare(parse(part)))}) or 0 * ({whole})) / ({whole})"
    # What is taken away from the whole, or left out of it, counts the other way round.
    fails = None if takes_away(part) else not good
    return _ratio(f"1 - {share}" if good else share, whole, errors, fails=fails)


def of_ratio(expr: str, *, good: bool) -> Indicator:
    """A share, of errors or of what is good, as one query."""
    (expr,) = on_the_window([expr])
    share = read_fraction(expr)
    errors = share.complement() if share and good else share
    found = (_exact(errors, counters=False) if errors else None) or (_other_exact(expr) if good else None)
    if found:
        return found
    error_share = f"1 - ({expr})" if good else expr
    if not reads_the_window(expr):
        return _ratio(over_time(error_share), None, None)
    tree = parse(expr)
    whole = one_line(tree.rhs) if isinstance(tree, BinaryExpr) and str(tree.op) == "/" else None
    return _ratio(error_share, whole, errors)


def of_threshold(expr: str, comparison: str, value: str) -> Indicator:
    """The share of time in which a measured quantity does not stand where it should."""
    found = _ratio(f"1 - {over_time(f'({expr}) {comparison} bool {value}')}", None, None, fails=False)
    # Here time is what was meant to be counted.
    return replace(found, notes=tuple(note for note in found.notes if note != _TIME))


def _errors(part: Sum | None, whole: Sum | None, *, good: bool) -> Fraction | None:
    if part is None or whole is None or (part.by, part.aggregated) != (whole.by, whole.aggregated):
        return None
    share = Fraction(part, whole)
    return share.complement() if good else share


def _exact(errors: Fraction, *, counters: bool) -> Indicator | None:
    """One of the kinds with bare selectors, where the share is made of two of them."""
    parts = dict(errors.part.terms)
    whole = next(iter(errors.whole.terms), None)
    if whole is None or dict(errors.whole.terms) != {whole: 1}:
        return None
    failed = parts.pop(whole, 0) == 0
    other = next(iter(parts), None)
    if other is None or parts != {other: 1 if failed else -1}:
        return None
    form = _form(other, whole, failed=failed, counters=counters)
    notes = () if errors.whole.aggregated else (_ONE_BUDGET,)
    return Indicator(form, errors.whole.by, (other.selector, whole.selector), notes) if form else None


def _form(part: Term, whole: Term, *, failed: bool, counters: bool) -> dict[str, Any] | None:
    functions = (part.function, whole.function)
    if functions == ("sum_over_time", "count_over_time") and part.selector == whole.selector:
        return None if failed else {"gauge": str(part.selector)}
    if part.function != whole.function or part.function not in (*COUNTING, *([""] if counters else [])):
        return None
    if failed:
        return {"errors": str(part.selector), "total": str(whole.selector)}
    return histogram_form(part.selector, whole.selector) or {"good": str(part.selector), "total": str(whole.selector)}


def _other_exact(expr: str) -> Indicator | None:
    """A native histogram's share below a bound, or a gauge of what is well as it is now."""
    tree = parse(expr)
    if isinstance(tree, Call) and tree.func.name == "histogram_fraction":
        lower, upper, counted = tree.args
        bound = upper.val if isinstance(upper, NumberLiteral) else math.nan
        under, observed = under_of(bound), read_sum(one_line(counted))
        term = next(iter(observed.terms), None) if observed else None
        if under and observed and term and term.function == "rate" and getattr(lower, "val", None) == 0:
            form = {"latency": {"histogram": str(term.selector), "under": under, "native": True}}
            return Indicator(form, observed.by, (term.selector,))
    apart = isinstance(tree, VectorSelector)
    if isinstance(tree, AggregateExpr) and str(tree.op) == "avg" and tree.modifier is None:
        expr = one_line(tree.expr)
    elif not apart:
        return None
    now = read_sum(expr)
    term = next(iter(now.terms), None) if now else None
    if term is None or term.function:
        return None
    return Indicator({"gauge": str(term.selector)}, (), (term.selector,), (_ONE_BUDGET,) if apart else ())


def _ratio(share: str, whole: str | None, errors: Fraction | None, *, fails: bool | None = None) -> Indicator:
    form = proved_ratio(share, whole, errors, fails=fails)
    written: dict[str, Any] = {"expr": spec_text(form.expr)} | (
        {"weight": spec_text(form.weight)} if form.weight else {}
    )
    if form.feed:
        written |= {"feed": [dict(one) for one in form.feed]}
    if form.all_or_nothing:
        written |= {"all_or_nothing": True}
    notes = (*(() if form.weight else (_TIME,)), *((_WORST,) if form.worst_of_many else ()))
    return Indicator(
        {"ratio": written}, form.by, selectors(form.expr), notes, None if form.feed else _remedy(form.expr)
    )


def _remedy(expr: str) -> str:
    """What to do for an expression that no feed was found for."""
    return _RECORD if comparisons(expr) else _FEED
