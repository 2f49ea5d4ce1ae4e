"""The form of what a cluster has already: the installation that monitors it, and the distribution it is made of."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import ConfigDict, Field, StringConstraints

from obsgen.spec.names import Name
from obsgen.spec.overrides import ThresholdsSpec
from obsgen.spec.sources import SourceSpec
from obsgen.spec.written import Identifier, Reason, Template, Written

ClusterOn = Literal["series", "alerts"]
NO_INSTALLATION: Final = "none"
USUAL_DISTRIBUTION: Final = "kubeadm"


# Names are made of it, selectors of PromQL and commands that people copy.
OptionValue = Annotated[
    str, StringConstraints(pattern=r"^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$", max_length=253)
]


class InstallationChoice(Written):
    """Which installation it is, and what it was told when it was installed, such as its release."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, OptionValue]

    kind: Name = NO_INSTALLATION

    @property
    def options(self) -> dict[str, str]:
        """What else is written."""
        return dict(self.__pydantic_extra__ or {})


class OptionSpec(Written):
    """Something that was chosen when the installation was made."""

    default: str
    about: str
    choices: list[str] = Field(default_factory=list, description="the only values there are; any unless given")


class NormalSpec(Written):
    """What is normal for one pack here: precedence is pack, distribution, installation, spec."""

    absent: Reason | None = Field(None, description="why this pack has nothing to read here")
    parameters: dict[Identifier, bool | str | float] = Field(default_factory=dict)
    thresholds: ThresholdsSpec = Field(default_factory=dict)


class BroughtSpec(Written):
    """Rules that come with the installation and say what packs of obsgen say too."""

    switch: str = Field(description="how the installation calls them")
    groups: list[str] = Field(min_length=1)
    alerts: int | None = Field(None, description="how many alerts they hold, where that was counted")
    packs: list[Name] = Field(min_length=1, description="packs that say the same; all of them must be used")
    off: dict[str, Any] = Field(default_factory=dict, description="the values that switch them off")
    severity_none: list[str] = Field(
        default_factory=list,
        description="those of severity none, such as a watchdog that always fires",
    )


class WhenSpec(Written):
    """What a spec must say for something to be told; all of it."""

    routing: Literal["secret", "alertmanagerconfig"] | None = Field(None, description="how the routing is delivered")
    dashboards: Literal["configmap", "grafana-operator", "dashboard-resources"] | None = None
    parameters: dict[Name, dict[Identifier, bool | str | float]] = Field(
        default_factory=dict, description="packs that the spec uses, with parameters that it gives them"
    )


class ToldSpec(Written):
    """One thing that the installation is told, and why."""

    why: Reason
    when: WhenSpec = Field(default_factory=WhenSpec, description="always unless given")
    values: dict[str, Any] = Field(default_factory=dict, description="values of the chart")
    steps: list[Template] = Field(default_factory=list, description="what to do by hand, one line each")


class MountingSpec(Written):
    """How the Secrets that receivers refer to come into the Alertmanager's pod."""

    at: str = Field(
        # No chart nests its values as deep as this.
        pattern=r"^[^.\s]{1,63}(\.[^.\s]{1,63}){0,15}$",
        description="the value that lists them, dots between its names",
    )
    folder: str = Field(description="where they are mounted")


class TellingSpec(Written):
    """What the installation must be told so that both fit together."""

    form: Literal["helm-values", "list"]
    apply: Template | None = Field(None, description="the command that hands the values over")
    mounts: MountingSpec | None = None
    values: dict[str, Any] = Field(default_factory=dict, description="values of the chart, always")
    steps: list[Template] = Field(default_factory=list, description="what to do by hand, one line each")
    also: list[ToldSpec] = Field(default_factory=list, description="settings with a reason, or only under a condition")


class InstallationSpec(Written):
    """`config/installations/<kind>.yaml`."""

    title: str
    about: str
    docs: str
    seen: dict[str, str] = Field(default_factory=dict, description="the versions that this was read from")
    options: dict[Identifier, OptionSpec] = Field(default_factory=dict)
    names: dict[Identifier, Template] = Field(default_factory=dict, description="names that follow from the options")
    cluster_on: ClusterOn = "series"
    environment: dict[Literal["prometheus", "alertmanager", "grafana"], dict[str, Any]] = Field(
        default_factory=dict, description="what environment says unless the spec does"
    )
    sources: dict[Identifier, SourceSpec] = Field(default_factory=dict)
    packs: dict[Name, NormalSpec] = Field(default_factory=dict)
    rules: list[BroughtSpec] = Field(default_factory=list)
    alerts: list[str] = Field(default_factory=list, description="alerts of severity none that no switch takes away")
    telling: TellingSpec | None = None

    @property
    def alerts_of_severity_none(self) -> list[str]:
        """All of them; one that is switched off may still arrive until the installation has been told."""
        return [*self.alerts, *(alert for one in self.rules for alert in one.severity_none)]


class DistributionSpec(Written):
    """`config/distributions/<name>.yaml`."""

    title: str
    about: str
    docs: str
    sources: dict[Identifier, SourceSpec] = Field(default_factory=dict)
    packs: dict[Name, NormalSpec] = Field(default_factory=dict)
