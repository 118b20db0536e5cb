"""The list of everything that is shipped, as CycloneDX 1.6: from the locked requirements, and from nowhere else."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from typing import Any

from django.conf import settings

SPEC = "1.6"
_ENTRY = re.compile(r"\n(?=\S)")
_HEAD = re.compile(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_REQUIRES = re.compile(r"[A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Locked:
    """One locked requirement; ``hashes`` of all files that may be installed for it, SHA-256 in hexadecimal."""

    name: str
    version: str
    hashes: tuple[str, ...]

    @property
    def ref(self) -> str:
        """Its package URL."""
        return f"pkg:pypi/{normal(self.name)}@{self.version}"


def normal(name: str) -> str:
    """A package's name in one way of writing (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(text: str) -> Iterator[Locked]:
    """The requirements of a hash-locked file. Raises ValueError for a line that pins nothing."""
    for entry in _ENTRY.split(text.strip()):
        head = _HEAD.match(entry)
        if head is None:
            raise ValueError(f"{entry.splitlines()[0]!r} is not pinned.")
        yield Locked(head[1], head[2], tuple(sorted(_HASH.findall(entry))))


def bill(requirements: str) -> dict[str, Any]:
    """The whole list. The same requirements give the same list, its serial number included."""
    found = sorted(locked(requirements), key=lambda one: one.ref)
    ours = {"type": "application", "bom-ref": "recovery_match", "name": "recovery_match", "version": settings.VERSION}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": SPEC,
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, settings.VERSION + requirements)}",
        "version": 1,
        "metadata": {"component": ours},
        "components": [_component(one) for one in found],
        "dependencies": _dependencies(found),
    }


def _component(one: Locked) -> dict[str, Any]:
    component: dict[str, Any] = {
        "type": "library",
        "bom-ref": one.ref,
        "name": one.name,
        "version": one.version,
        "purl": one.ref,
        "hashes": [{"alg": "SHA-256", "content": content} for content in one.hashes],
    }
    if licence := _licence(one.name):
        component["licenses"] = [licence]
    return component


def _installed(name: str) -> metadata.Distribution | None:
    try:
        return metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return None


def _licence(name: str) -> dict[str, Any] | None:
    """What an installed package says of its licence; one that is only for another system is not here to be asked."""
    here = _installed(name)
    if here is None:
        return None
    if "License-Expression" in here.metadata:
        return {"expression": here.metadata["License-Expression"]}
    said = [line.rpartition(" :: ")[2] for line in here.metadata.get_all("Classifier") or [] if "License ::" in line]
    return {"license": {"name": ", ".join(said)}} if said else None


def _dependencies(found: list[Locked]) -> list[dict[str, Any]]:
    refs = {normal(one.name): one.ref for one in found}
    wanted = {one.ref: sorted(_wants(one.name, refs) - {one.ref}) for one in found}
    needed = {ref for refs_ in wanted.values() for ref in refs_}
    roots = sorted(set(wanted) - needed)
    return [{"ref": "recovery_match", "dependsOn": roots}, *({"ref": r, "dependsOn": d} for r, d in wanted.items())]


def _wants(name: str, refs: dict[str, str]) -> set[str]:
    here = _installed(name)
    asked = [_REQUIRES.match(line) for line in (here.requires or [])] if here else []
    return {refs[normal(one[0])] for one in asked if one and normal(one[0]) in refs}
