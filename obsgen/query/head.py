"""How far the samples reach that a server has in memory, read from what it says of its own storage."""

from __future__ import annotations

from typing import Any

from obsgen.query.answer import read_document
from obsgen.query.samples import moment
from obsgen.query.sending import Reply
from obsgen.query.shapes import Unlike, mapping


def read_head_end(reply: Reply) -> float | None:
    """The newest of them, in seconds since 1970; None where there is none."""

    def of(body: dict[str, Any]) -> float | None:
        end = mapping(mapping(body.get("data")).get("headStats")).get("maxTime")
        if not isinstance(end, int):
            raise Unlike("the head has no end")
        # Of an empty one it is the least of all numbers.
        return moment(end / 1000) or None

    return read_document(reply, "a state of the storage", of)
