"""P1: what is shipped is listed, with hashes, from the lock alone."""

import json
import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

ROOT = Path(__file__).resolve().parents[2]


def listed(*arguments: str) -> dict[str, Any]:
    said = StringIO()
    call_command("sbom", *arguments, stdout=said)
    found: dict[str, Any] = json.loads(said.getvalue())
    return found


def test_every_locked_requirement_is_listed_with_its_version_and_hashes() -> None:
    """P1: none is left out, and each hash of the lock is there."""
    lock = (ROOT / "requirements.txt").read_text()
    found = listed()
    assert (found["bomFormat"], found["specVersion"]) == ("CycloneDX", "1.6")
    pinned = set(re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", lock, re.MULTILINE))
    assert {(one["name"], one["version"]) for one in found["components"]} == pinned
    assert json.dumps(found).count('"SHA-256"') == lock.count("--hash=sha256:")
    assert len(pinned) > 40


def test_the_list_is_the_same_each_time_and_names_no_registry() -> None:
    assert listed() == listed()
    assert not re.search(r"https?://", json.dumps(listed()))


def test_what_is_installed_says_its_licence_and_what_it_needs() -> None:
    found = listed()
    django = next(one for one in found["components"] if one["name"] == "django")
    assert "BSD" in str(django["licenses"])
    needs = {str(one["ref"]).split("@")[0]: str(one["dependsOn"]) for one in found["dependencies"]}
    assert "pkg:pypi/asgiref@" in needs["pkg:pypi/django"]
    assert "pkg:pypi/celery@" in needs["recovery_match"]


def test_a_requirement_that_is_not_pinned_is_refused(tmp_path: Path) -> None:
    (tmp_path / "loose.txt").write_text("django>=5\n")
    with pytest.raises(CommandError, match="is not pinned"):
        listed("--requirements", str(tmp_path / "loose.txt"))
