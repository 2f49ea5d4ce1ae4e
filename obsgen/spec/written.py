"""The base of everything that a person writes: strict types, unknown fields refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints
from pydantic_core import PydanticCustomError

from obsgen.limits import LEAST_INTERVAL, MOST_INTERVAL, MOST_PENDING, MOST_WINDOW
from obsgen.units import NO_TIME, Duration


class Written(BaseModel):
    """A mapping of the spec or of a pack, exactly as written."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=False, defer_build=True)


def _empty_for_nothing(written: Any) -> Any:
    """`node:` with nothing after the colon means `node: {}`."""
    return {} if written is None else written


EmptyAllowed = BeforeValidator(_empty_for_nothing)

# Names of signals and thresholds appear in template expressions, so they are identifiers.
Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
AlertName = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Za-z0-9]*$")]
LabelName = Annotated[str, StringConstraints(pattern=r"^[a-zA-Z_][a-zA-Z0-9_]*$")]
AlertSeverity = Literal["critical", "warning", "info"]


def _between(least: Duration, most: Duration) -> AfterValidator:
    def judged(span: Duration) -> Duration:
        if span < least:
            raise PydanticCustomError("too_brief", "be at least {least}", {"least": str(least)})
        if span > most:
            raise PydanticCustomError("too_lasting", "be at most {most}", {"most": str(most)})
        return span

    return AfterValidator(judged)


# How often something is scraped or evaluated, and how long that may take.
Interval = Annotated[Duration, _between(Duration.parse(LEAST_INTERVAL), Duration.parse(MOST_INTERVAL))]
# How long an alert waits, or lasts.
Pending = Annotated[Duration, _between(NO_TIME, Duration.parse(MOST_PENDING))]
# How far back an objective looks.
Window = Annotated[Duration, _between(Duration.parse(LEAST_INTERVAL), Duration.parse(MOST_WINDOW))]
_WORD = re.compile(r"[^\W\d_]{2,}")


def _in_words(written: Any) -> Any:
    """A reason is read by people: two words, one in a script without spaces, or a template that brings them."""
    if written is None or isinstance(written, Mapping | list):
        return written
    words = _WORD.findall(written) if isinstance(written, str) else []
    if len(words) > 1 or not "".join(words).isascii() or (words and "${" in written):
        return written
    raise PydanticCustomError("no_reason", "is no reason")


Reason = Annotated[str, BeforeValidator(_in_words)]
# Text with `${…}` in it.
Template = str
