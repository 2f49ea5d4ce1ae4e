"""A fire drill: marked alerts are sent to a live Alertmanager, which says whom they reach, and are ended again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from obsgen.ir.drills import DRILL_LABEL, Drill, DrillAlert
from obsgen.lower.names import NOBODY
from obsgen.query.alertmanager import Alertmanager, HeldAlert, HeldGroup, PostedAlert
from obsgen.query.errors import PrometheusError

_PAUSE: Final = 0.2
_PATIENCE: Final = 10.0
# Where nobody is left to end them, they end by themselves this long after the drill.
_AFTERWARDS: Final = timedelta(minutes=2)
_MOMENT: Final = timedelta(milliseconds=1)


class NotEnded(PrometheusError):  # noqa: N818 - it names the fault
    """The drill's alerts could not be ended; the message says when they end by themselves."""


@dataclass(frozen=True, slots=True)
class Drilled:
    """What Alertmanager did with one alert of the drill."""

    alert: DrillAlert
    receivers: frozenset[str]
    faults: tuple[str, ...]
    """In what Alertmanager and the spec do not agree."""
    notes: tuple[str, ...]
    """What kept somebody from being told, without being wrong."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The whole drill, and whether its alerts are gone again."""

    alerts: tuple[Drilled, ...]
    ended: bool

    @property
    def agrees(self) -> bool:
        """Whether every alert goes where the spec says."""
        return not any(one.faults for one in self.alerts)


def perform(alertmanager: Alertmanager, drill: Drill, wait: float) -> Outcome:
    """Send the alerts, wait so many seconds, ask, and end them; they are ended whatever happens."""
    matcher = f'{DRILL_LABEL}="{drill.name}"'
    with _fired(alertmanager, drill, wait):
        begun = time.monotonic()
        _until(lambda: len(alertmanager.held(matcher)) >= len(drill.alerts))
        time.sleep(max(begun + wait - time.monotonic(), 0))
        held, groups = alertmanager.held(matcher), alertmanager.groups(matcher)
    ended = _until(lambda: not alertmanager.held(matcher))
    return Outcome(tuple(_drilled(alert, held, groups, wait) for alert in drill.alerts), ended)


@contextmanager
def _fired(alertmanager: Alertmanager, drill: Drill, wait: float) -> Iterator[None]:
    now = datetime.now(UTC)
    until = now + timedelta(seconds=wait) + _AFTERWARDS
    # An end that is long past resolves them also where the server's clock is behind ours.
    over = _posted(drill, now, now + _MOMENT)
    try:
        alertmanager.post(_posted(drill, now, until))
    except BaseException:
        # It may have arrived all the same.
        with suppress(PrometheusError):
            alertmanager.post(over)
        raise
    try:
        yield
    finally:
        _end(alertmanager, over, until)


def _end(alertmanager: Alertmanager, over: Sequence[PostedAlert], until: datetime) -> None:
    try:
        alertmanager.post(over)
    except PrometheusError as error:
        msg = f"the drill's alerts could not be ended, and end by themselves at {until:%H:%M:%S} UTC: {error}"
        raise NotEnded(msg) from None


def _posted(drill: Drill, start: datetime, end: datetime) -> list[PostedAlert]:
    text = {
        "summary": "This is a drill: nothing is wrong.",
        "description": (
            f"Drill {drill.name} looks whether alerts reach whom they should. It ends by itself; nothing is to be done."
        ),
    }
    return [PostedAlert(alert.labels, text, start, end) for alert in drill.alerts]


def _until(true: Callable[[], bool]) -> bool:
    """Look until it is true, for a while; whether it became true."""
    deadline = time.monotonic() + _PATIENCE
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(_PAUSE)
    return True


def _drilled(alert: DrillAlert, held: Sequence[HeldAlert], groups: Sequence[HeldGroup], wait: float) -> Drilled:
    found = next((one for one in held if one.labels == alert.labels), None)
    if found is None:
        return Drilled(alert, frozenset(), ("Alertmanager does not hold it",), ())
    receivers = found.receivers - {NOBODY}
    ours = [group for group in groups if alert.labels in group.alerts]
    faults = (*_astray(alert, receivers), *_otherwise(alert, ours))
    return Drilled(alert, receivers, faults, tuple(_notes(alert, found, wait)))


def _astray(alert: DrillAlert, receivers: frozenset[str]) -> Iterator[str]:
    wanted = frozenset(one.receiver for one in alert.hearers)
    if receivers != wanted:
        yield f"Alertmanager tells {_names(receivers)}, and the spec says {_names(wanted)}"


def _otherwise(alert: DrillAlert, groups: Sequence[HeldGroup]) -> Iterator[str]:
    """The right receivers, in the wrong manner."""
    for one in alert.hearers:
        for group in groups:
            if group.receiver != one.receiver:
                continue
            if group.muted and one.now:
                yield f"{one.receiver} is muted now, and the spec says that it is notified"
            if group.labels.keys() != one.group_by:
                yield f"{one.receiver} groups by {_names(group.labels)}, and the spec says by {_names(one.group_by)}"


def _notes(alert: DrillAlert, held: HeldAlert, wait: float) -> Iterator[str]:
    if held.inhibited:
        yield "inhibited by a firing alert: no receiver is notified"
    if held.silenced:
        yield "silenced: no receiver is notified"
    late = [one for one in alert.hearers if one.now and one.wait.seconds >= wait]
    if late:
        names = _names(one.receiver for one in late)
        yield f"{names} would be notified after {max(one.wait for one in late)}, when the drill is over"


def _names(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "no receiver"
