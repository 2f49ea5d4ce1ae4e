"""The documents of all files together: what they say of services, and their objectives."""

from __future__ import annotations

from collections.abc import Sequence

from obsgen.diagnostics import Diagnosed, Findings
from obsgen.exchange.node import Node, text_map
from obsgen.exchange.openslo.objectives import ABOUT_SERVICES, taken_objectives
from obsgen.exchange.openslo.references import References
from obsgen.exchange.taken import TakenObjective, TakenService, object_name, owner

_VERSIONS = ("openslo/v1", "openslo/v1alpha")
_KINDS = ("SLO", "SLI", "Service", "DataSource", "AlertPolicy", "AlertCondition", "AlertNotificationTarget")


def is_openslo(document: Node) -> bool:
    """Whether the document is one of OpenSLO, in a version that is read."""
    api, kind = document.get("apiVersion"), document.get("kind")
    return bool(api and kind and api.content in _VERSIONS and kind.content in _KINDS)


def take_openslo(documents: Sequence[Node], found: Findings) -> tuple[dict[str, TakenService], list[TakenObjective]]:
    """Services by name, and objectives; an SLO may stand in another file than what it refers to."""
    references = References.among(documents)
    services = {name: _service(one, labels=True) for name, one in references.of_kind("Service").items()}
    objectives: list[TakenObjective] = []
    for slo in (one for one in documents if one.need("kind").content == "SLO"):
        try:
            taken = taken_objectives(slo, references, found)
        except Diagnosed as mistakes:
            found.add(*mistakes.diagnostics)
            continue
        objectives.extend(taken)
        for one in taken[:1]:
            known = services.get(one.service, TakenService())
            services[one.service] = known.or_else(_service(slo, labels=False))
    return services, objectives


def _service(document: Node, *, labels: bool) -> TakenService:
    """What a document's labels say of a service; only those of the Service itself become labels of its alerts."""
    written = text_map(document.need("metadata").get("labels"))
    namespace = written.get("namespace")
    kept = {name: value for name, value in written.items() if name not in ABOUT_SERVICES} if labels else {}
    return TakenService(owner(written), object_name(namespace) if namespace else None, kept)
