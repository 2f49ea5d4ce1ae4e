"""The form of `config/recognised.yaml`: how installations, distributions and applications are recognised."""

from __future__ import annotations

from typing import Final

from pydantic import Field, model_validator

from obsgen.spec.names import Name
from obsgen.spec.shipped import shipped
from obsgen.spec.tables import Table, TableFile, TableKind
from obsgen.spec.written import Identifier, LabelName, Written


class ReadingSpec(Written):
    """Where an option of an installation can be read: the first group of a pattern in a label of such targets or nodes.

    Or a `value` that is true where there is such a target, or a metric of this name.
    """

    where: str = Field("", description="matchers of the targets, or nodes; all of them where it is empty")
    label: LabelName | None = None
    pattern: str = ""
    metric: str | None = None
    value: str | None = None

    @model_validator(mode="after")
    def _one_way(self) -> ReadingSpec:
        if (self.value is None) == (self.label is None):
            msg = "say either the label and pattern that tell it, or the value that is true where it is found"
            raise ValueError(msg)
        return self


class OverrideSpec(ReadingSpec):
    """An option that says what a name of the installation is, where that does not follow from the others."""

    name: Identifier


class SignsSpec(Written):
    """An installation's signs, and how the options are read that it was made with."""

    signs: list[str] = Field(min_length=1, description="matchers of targets, each one sign")
    options: dict[Identifier, list[ReadingSpec]] = Field(default_factory=dict, description="the first that fits")
    overrides: dict[Identifier, OverrideSpec] = Field(default_factory=dict)


class FailureSpec(Written):
    """A label by which failures are told from successes."""

    label: LabelName
    values: str = Field(description="values of it that are worth a look")
    matcher: str | None = Field(None, description="what selects failures; the values that were seen unless given")


class ApplicationSignsSpec(Written):
    """Names of the metrics of applications, as patterns over the whole name; the first that fits is taken."""

    others: list[str] = Field(description="what the names of infrastructure begin with")
    requests: list[str]
    events: list[str]
    latency: list[str]
    failures: list[FailureSpec]


class SwitchedSpec(Written):
    """A switch of a pack that a value of a chart turns on."""

    key: str
    pack: Name
    parameter: Identifier


class ChartSpec(Written):
    """What the values of a chart say of its installation; keys are written with dots."""

    known: list[str] = Field(description="what may stand at the top; a file with none of these is another chart's")
    options: dict[Identifier, str]
    switches: dict[Identifier, list[str]] = Field(description="keys that, where one is false, leave a source unscraped")
    environment: dict[str, dict[Identifier, str]]
    versions: dict[str, list[str]]
    cluster: str
    scrape_classes: str
    selectors: dict[str, str] = Field(description="the switch beside each selector of the Prometheus object")
    on: list[SwitchedSpec]


class RecognisedSpec(Written):
    """`config/recognised.yaml`."""

    installations: dict[Name, SignsSpec]
    distributions: dict[Name, list[str]]
    versions: dict[str, str]
    applications: ApplicationSignsSpec
    charts: dict[Name, ChartSpec]


_TABLE: Final = TableKind("", RecognisedSpec, "the list of signs", "it begins with installations")


def recognised() -> Table[RecognisedSpec]:
    """The shipped table."""
    return _TABLE.load("recognised", TableFile(shipped("config") / "recognised.yaml", "config/recognised.yaml"))
