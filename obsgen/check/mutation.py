"""How much the tests of the alerts notice: each alert once with each of the mistakes that a rule can have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from obsgen.check.mutant_runs import Told, Tried, tried
from obsgen.check.mutants import Mutant, mutants
from obsgen.check.promtool import prove
from obsgen.check.verdict import Tools, refuse_unknown, refuse_unknown_alerts
from obsgen.diagnostics import Diagnostic
from obsgen.ir.bundle import Bundle
from obsgen.ir.rules import AlertingRule
from obsgen.model.stack import Stack


@dataclass(frozen=True, slots=True)
class Chosen:
    """The alerts and components whose mutants are asked for; empty stands for all."""

    alerts: Sequence[str] = ()
    components: Sequence[str] = ()

    def takes(self, rule: AlertingRule) -> bool:
        """Whether the rule is among them."""
        return (not self.alerts or rule.alert in self.alerts) and (
            not self.components or rule.labels["component"] in self.components
        )


EVERYTHING = Chosen()


@dataclass(frozen=True, slots=True)
class Mutated:
    """What became of the mutants; none was tried where an error among `findings` says that something is wrong already.

    `packs` has the pack of each component, by its name.
    """

    tried: tuple[Tried, ...] = ()
    excused: tuple[Mutant, ...] = ()
    packs: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Diagnostic, ...] = ()

    @property
    def survivors(self) -> tuple[Mutant, ...]:
        """The mutants that no test noticed."""
        return tuple(one.mutant for one in self.tried if not one.killed)


def mutated(stack: Stack, bundle: Bundle, tools: Tools, chosen: Chosen, told: Told) -> Mutated:
    """The mutants of the chosen alerts, once their tests hold as they are; `Diagnosed` for a name that nothing has."""
    refuse_unknown_alerts(stack, bundle, chosen.alerts)
    components = {rules.component for rules in bundle.rule_sets}
    refuse_unknown(chosen.components, components, stack, code="OBS525", noun="component")
    if tools.promtool is None:
        return Mutated(findings=tools.missing)
    rules = [rule for rule in bundle.alerts if chosen.takes(rule)]
    names = sorted({rule.alert for rule in rules})
    findings = prove(tools.promtool, stack, bundle, names).findings if names else ()
    if findings:
        return Mutated(findings=findings)
    made = [mutant for rule in rules for mutant in mutants(rule, bundle.recordings)]
    return Mutated(
        tried=tuple(tried(tools.promtool, stack, bundle, [one for one in made if not one.excuse], told)),
        excused=tuple(one for one in made if one.excuse),
        packs={component.name: component.pack for component in stack.components},
    )
