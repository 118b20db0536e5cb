"""What no committed file may contain, and what the documents and the scripts must agree on."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Put together here, so that this file doesn't contain them either.
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("registry", "yarnpkg", "com"),
        ("proxy", "golang", "org"),
        ("docker", "io"),
        ("ghcr", "io"),
        ("quay", "io"),
    )
]
LOCAL_COMMAND = "python3 -m venv .venv && .venv/bin/pip install -qr requirements-dev.txt && .venv/bin/pytest"


def committed() -> list[Path]:
    """Return every file that is committed, or about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def test_no_file_names_a_package_registry() -> None:
    found = [
        (path.relative_to(ROOT), host)
        for path in committed()
        for host in REGISTRIES
        if re.search(rb"(?<![\w.-])(?:[\w-]+\.)*" + re.escape(host).encode() + rb"(?![\w-])", path.read_bytes())
    ]
    assert not found


def test_no_lock_file_that_names_one_is_committed() -> None:
    assert not {"uv.lock", "package-lock.json"} & {path.name for path in committed()}


@pytest.mark.parametrize("document", [".ci/run", "README.md"])
def test_the_readme_and_ci_run_the_same_test_command(document: str) -> None:
    assert LOCAL_COMMAND in (ROOT / document).read_text()


def test_every_dependency_is_pinned_with_its_hash() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        entries = re.split(r"\n(?=\S)", (ROOT / name).read_text().strip())
        assert len(entries) > 20
        for entry in entries:
            assert re.match(r"\S+==\S+", entry)
            assert "--hash=sha256:" in entry


def test_ci_can_be_run_and_stops_at_the_first_fault() -> None:
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    assert "set -euo pipefail" in script.read_text()
    subprocess.run(["bash", "-n", str(script)], check=True)
