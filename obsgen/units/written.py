"""The base of values that a person writes as one word: pydantic reads and writes them as that."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Final

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import core_schema

# No amount that is meant has more digits, and Python refuses to read thousands of them.
DIGITS: Final = 40
SHOWN: Final = 80


class Written(ABC):
    """A value that pydantic reads from what a person wrote, and writes as its text."""

    __slots__ = ()

    @classmethod
    @abstractmethod
    def read(cls, written: object) -> Any:
        """What stands in the YAML, as it means it."""

    @classmethod
    @abstractmethod
    def json_form(cls) -> dict[str, Any]:
        """What editors accept."""

    @classmethod
    def _validated(cls, written: object) -> Any:
        return written if isinstance(written, cls) else cls.read(written)

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls._validated, serialization=core_schema.to_string_ser_schema()
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, _schema: core_schema.CoreSchema, _handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return cls.json_form()
