"""Where an Alertmanager's configuration is: in a file, a Secret's manifest, or a folder that holds one of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from obsgen.diagnostics import Diagnosed, Diagnostic
from obsgen.regular_file import is_folder
from obsgen.routes.reading import CONFIG_FILE, ReadRouting, read_routing, secret_parts
from obsgen.routes.written import ReadingError
from obsgen.secrecy.document import Secrets
from obsgen.spec.documents import read_documents
from obsgen.spec.source import read_text
from obsgen.spec.stack import KIND

Body = Mapping[str, Any]


def found_routing(path: Path) -> ReadRouting | None:
    """The routing that the file or folder holds, or None where it is a spec; `Diagnosed` where it is none of these."""
    if is_folder(path):
        return _in_folder(path)
    bodies = _bodies(path)
    configs = [body for body in bodies if _configures(body)]
    if len(configs) == 1:
        return _read(configs[0], path)
    if not configs and any(body.get("kind") == KIND or "extends" in body for body in bodies):
        return None
    message = f"'{path}' holds several configurations of Alertmanager"
    if not configs:
        message = f"'{path}' is neither a spec nor a configuration of Alertmanager"
    raise _refused("OBS520", message, f"give a {KIND}, an {CONFIG_FILE}, a Secret with one, or a folder")


def _in_folder(folder: Path) -> ReadRouting:
    """The one in the folder; a build for several targets writes the same one for each."""
    found = {path: _read(body, path) for path in _candidates(folder) for body in _bodies(path) if _configures(body)}
    if not found:
        hint = f"obsgen build writes {CONFIG_FILE}, or a Secret that holds it"
        raise _refused("OBS521", f"the folder '{folder}' holds no configuration of Alertmanager", hint)
    first, *others = found.values()
    for other in others:
        if (other.root, other.inhibit_rules, other.intervals) != (first.root, first.inhibit_rules, first.intervals):
            names = ", ".join(str(path) for path in found)
            message = f"the folder '{folder}' holds several configurations of Alertmanager: {names}"
            raise _refused("OBS521", message, "name the file that is meant")
    return first


def _candidates(folder: Path) -> Iterator[Path]:
    for path in sorted(path for ending in ("yaml", "yml") for path in folder.rglob(f"*.{ending}") if path.is_file()):
        # Rules come by the thousand; only these two can be what is looked for.
        if path.name in (CONFIG_FILE, "alertmanager.yml") or "kind: Secret" in read_text(path):
            yield path


def _bodies(path: Path) -> list[Body]:
    contents = [document.content for document in read_documents(path)]
    return [content for content in contents if isinstance(content, Mapping)]


def _configures(body: Body) -> bool:
    if body.get("kind") == "Secret":
        return any(CONFIG_FILE in part for part in secret_parts(body))
    return "route" in body and "kind" not in body


def _read(body: Body, path: Path) -> ReadRouting:
    try:
        return read_routing(body)
    except ReadingError as error:
        hint = "amtool check-config says more"
        said = Secrets(read_text(path)).masked(str(error))
        raise _refused("OBS522", f"Alertmanager would not take '{path}': {said}", hint) from None


def _refused(code: str, message: str, hint: str) -> Diagnosed:
    return Diagnosed([Diagnostic(code, message, hint=hint)])
