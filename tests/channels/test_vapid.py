"""The site's key towards push services: made by the deployment's script, checked before anything starts."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from matching.channels import vapid
from recovery_match.checks import check_production
from tests.ground.test_delivery import ROOT


def test_the_key_that_the_deployment_makes_is_one(tmp_path: Path) -> None:
    script = tmp_path / ".deploy" / "make-secrets"
    script.parent.mkdir()
    script.write_text((ROOT / ".deploy" / "make-secrets").read_text())
    subprocess.run(["bash", str(script), "smtp://mail"], check=True, capture_output=True)
    assert vapid.is_key((tmp_path / "secrets" / "vapid_private_key").read_text())


@pytest.mark.parametrize("key", ["short", "é", "A" * 42, "+" * 43, "A" * 43, "-----BEGIN PRIVATE KEY-----"])
def test_what_is_no_key_is_refused_before_anything_starts(settings: Settings, key: str) -> None:
    settings.VAPID_PRIVATE_KEY = key
    assert "rm.E004" in {one.id for one in check_production(None)}


def test_without_a_key_everything_starts_and_push_is_not_offered(settings: Settings) -> None:
    settings.VAPID_PRIVATE_KEY = ""
    assert "rm.E004" not in {one.id for one in check_production(None)}


@given(st.binary(max_size=100))
def test_what_is_written_in_base64_is_read_back(data: bytes) -> None:
    assert vapid.decoded(vapid.encoded(data)) == data
