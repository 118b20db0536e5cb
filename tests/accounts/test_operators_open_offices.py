"""An office that an operator opens has a policy from the first moment on, as every page counts on it."""

import pytest
from django.urls import reverse

from accounts.models import Intergroup, Policy, User
from tests import factories
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db


def test_a_new_office_has_a_policy_though_nothing_of_it_was_filled_in() -> None:
    operator = signed_in(User.objects.create_superuser("operator@example.org"))
    sent = {
        "name": "Hillside",
        "slug": "hillside",
        "zone": "America/New_York",
        "country": "US",
        "fellowships": [factories.fellowship().pk],
        "policy-TOTAL_FORMS": 1,
        "policy-INITIAL_FORMS": 0,
        "policy-MIN_NUM_FORMS": 1,
        "policy-MAX_NUM_FORMS": 1,
        "policy-0-review_required": "on",
        "policy-0-offer_hours": 24,
        "policy-0-steps_needed": 12,
        "policy-0-confirm_days": 35,
        "policy-0-stuck_hours": 72,
        "policy-0-weights": "{}",
    }
    answer = operator.post(reverse("admin:accounts_intergroup_add"), sent)
    assert answer.status_code == 302
    assert Policy.objects.get(intergroup=Intergroup.objects.get(slug="hillside")).offer_hours == 24
