"""The JSON Schemas of what people write, for editors."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, TypeAdapter

from obsgen.spec.pack import CaseSpec, PackSpec
from obsgen.spec.stack import StackSpec
from obsgen.spec.written import AlertName

_MODELS: dict[str, type[BaseModel]] = {"stack": StackSpec, "pack": PackSpec}


def json_schema(kind: str) -> dict[str, Any]:
    """The schema of `stack`, `pack` or `tests`; KeyError for any other."""
    if kind == "tests":
        body = TypeAdapter(dict[AlertName, list[CaseSpec]]).json_schema()
    else:
        body = _MODELS[kind].model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **body}
