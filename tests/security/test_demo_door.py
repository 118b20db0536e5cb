"""S5: the demo's links sign in as if the second factor had been given; outside of the demo they open nothing."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import signing
from django.http import Http404, HttpRequest
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from accounts import proof
from accounts.models import User
from recovery_match.demo.seed import SIGN_IN_SALT
from recovery_match.demo.views import sign_in


@pytest.fixture
def request_(db: None) -> HttpRequest:
    made = RequestFactory().get("/")
    made.session, made.user = Client().session, AnonymousUser()
    return made


def token(member: User) -> str:
    return signing.dumps(str(member.pk), salt=SIGN_IN_SALT)


def test_outside_of_the_demo_the_door_is_a_wall_for_whoever_holds_a_genuine_link(
    bea: User, request_: HttpRequest, settings: Settings
) -> None:
    assert not settings.DEMO
    with pytest.raises(Http404):
        sign_in(request_, token(bea))
    assert not request_.session.keys()


def test_control_in_the_demo_it_opens_and_counts_as_a_second_factor(
    bea: User, request_: HttpRequest, settings: Settings
) -> None:
    """The negative control: the same link, with the setting that keeps the door shut taken away."""
    settings.DEMO = True
    sign_in(request_, token(bea))
    request_.user = bea
    assert proof.second_factor_given(request_)
