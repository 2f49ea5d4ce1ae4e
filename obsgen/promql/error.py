"""What is wrong with an expression, as one exception."""

from __future__ import annotations


class PromQLError(Exception):
    """An expression that Prometheus refuses: `message` is the reason, `expr` the expression or ""."""

    def __init__(self, message: str, expr: str = "") -> None:
        self.message = message
        self.expr = expr
        super().__init__(f"{message} in '{expr}'" if expr else message)
