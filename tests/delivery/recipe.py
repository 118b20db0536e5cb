"""What the Dockerfile and the compose file say, read so that it can be done here step by step."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from recovery_match.embedded.folders import PROJECT

SECRETS = "/run/secrets"
_NAMED = re.compile(r"\$\{(\w+)(?::([?-])((?:[^{}]|\$\{\w+\})*))?\}")


@dataclass(frozen=True, slots=True)
class Service:
    """One of the compose file's: ``secrets`` says by the name of a file which secret it holds."""

    name: str
    command: list[str]
    environment: dict[str, str]
    secrets: dict[str, str]


def compose() -> dict[str, Any]:
    """The compose file as it stands."""
    read: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
    return read


def service(name: str, place: dict[str, str]) -> Service:
    """A service with the variables of ``place`` filled in. Raises KeyError for one that must be set and is not."""
    said = compose()["services"][name]
    told = said.get("environment", {})
    return Service(
        name,
        [word.replace("$$", "$") for word in said.get("command") or command()],
        {key: filled(str(value), place) for key, value in told.items()},
        secrets_of(said),
    )


def secrets_of(said: dict[str, Any]) -> dict[str, str]:
    """Which secrets a service gets, by the name of the file that it finds."""
    listed = [one if isinstance(one, dict) else {"source": one, "target": one} for one in said.get("secrets") or []]
    return {one["target"]: one["source"] for one in listed}


def filled(text: str, place: dict[str, str]) -> str:
    """Variables as Docker Compose replaces them."""

    def value(found: re.Match[str]) -> str:
        name, kind, rest = found.groups()
        return filled(rest, place) if kind == "-" and not place.get(name) else place[name]

    return _NAMED.sub(value, text)


def instructions(path: Path = PROJECT / "Dockerfile") -> list[tuple[str, str]]:
    """The instructions of a Dockerfile, each in one line, without comments."""
    lines = [line for line in path.read_text().splitlines() if not line.startswith("#")]
    whole = "\n".join(lines).replace("\\\n", " ")
    words = (line.split(maxsplit=1) for line in whole.splitlines() if line.strip())
    return [(verb, rest) for verb, rest in words]


def command() -> list[str]:
    """What the image runs unless told otherwise."""
    (said,) = [rest for verb, rest in instructions() if verb == "CMD"]
    return [str(word) for word in json.loads(said)]
