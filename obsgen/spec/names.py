"""Names within Kubernetes' own limits, each kind with its own; a template is held to them once it is rendered."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BeforeValidator, StringConstraints
from pydantic_core import PydanticCustomError

_LABEL: Final = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_LABEL_VALUE: Final = "([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?"
_LABEL_KEY: Final = f"({_LABEL}(\\.{_LABEL})*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{{0,61}}[A-Za-z0-9])?"
NAME_LENGTH: Final = 63
_SUBDOMAIN_LENGTH: Final = 253
# IsValidPortName of Kubernetes' own validation, which holds for pods; a Service's port may be any DNS label.
_POD_PORT: Final = re.compile("(?=.{1,15}$)(?!.*--)(?=.*[a-z])" + _LABEL)

# What the spec itself names: components, teams, receivers. They become values of labels and parts of object names.
Name = Annotated[str, StringConstraints(pattern=f"^{_LABEL}$", max_length=NAME_LENGTH)]
Namespace = Annotated[str, StringConstraints(pattern=f"^{_LABEL}$", max_length=NAME_LENGTH)]
# Secrets, service accounts: DNS subdomains, which may hold dots.
ObjectName = Annotated[str, StringConstraints(pattern=f"^{_LABEL}(\\.{_LABEL})*$", max_length=_SUBDOMAIN_LENGTH)]
LabelKey = Annotated[str, StringConstraints(pattern=f"^{_LABEL_KEY}$", max_length=_SUBDOMAIN_LENGTH + 64)]
LabelValue = Annotated[str, StringConstraints(pattern=f"^{_LABEL_VALUE}$", max_length=NAME_LENGTH)]
# The key of a Secret or ConfigMap.
KEY: Final = f"[-._a-zA-Z0-9]{{1,{_SUBDOMAIN_LENGTH}}}"


def _no_number(port: Any) -> Any:
    if isinstance(port, int) or (isinstance(port, str) and port.isdecimal()):
        raise PydanticCustomError("port_number", "is a number")
    return port


PortName = Annotated[str, BeforeValidator(_no_number), StringConstraints(pattern=f"^{_LABEL}$", max_length=NAME_LENGTH)]


def _parted(reference: str) -> str:
    secret = reference.partition("/")[0]
    if len(secret) > _SUBDOMAIN_LENGTH:
        msg = f"the name of a Secret has at most {_SUBDOMAIN_LENGTH} characters, not {len(secret)}"
        raise ValueError(msg)
    return reference


# <name of the Secret>/<key in it>: receivers hold references, never the secret itself.
SecretReference = Annotated[str, StringConstraints(pattern=f"^{_LABEL}(\\.{_LABEL})*/{KEY}$"), AfterValidator(_parted)]


def is_dns_label(text: str) -> bool:
    """Whether a namespace, or a scrape job, can be called so."""
    return len(text) <= NAME_LENGTH and re.fullmatch(_LABEL, text) is not None


def is_label_value(text: str) -> bool:
    """Whether an object's label can have this value."""
    return len(text) <= NAME_LENGTH and re.fullmatch(_LABEL_VALUE, text) is not None


def is_pod_port(text: str) -> bool:
    """Whether a container's port can be called so."""
    return _POD_PORT.fullmatch(text) is not None
