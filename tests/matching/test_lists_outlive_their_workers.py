"""Workers that are killed while they invite the people of a list, or who meet, lose nobody and ask nobody twice."""

import signal
import subprocess
import sys
from functools import partial

import pytest
from django.conf import settings
from django.core import mail

from accounts.models import User
from matching.actions import invitees, office_lists
from matching.actions.office_lists import AT_ONE_PRESS
from matching.models import Invitee, OfficeList
from tests.matching import people_lists
from tests.matching.race import race
from tests.matching.round_story import environment

pytestmark = pytest.mark.django_db(transaction=True)

DIES = """
import os, signal, sys
import django
django.setup()
from matching.actions import office_lists
from matching.models import Invitee
whole, calls = Invitee.objects.bulk_create, 0
def dying(*rows, **how):
    global calls
    calls += 1
    made = whole(*rows, **how)
    if calls == {number}:
        os.kill(os.getpid(), signal.SIGKILL)
    return made
office_lists.Invitee.objects.bulk_create = dying
office_lists.carry_on(sys.argv[1])
"""
"""A worker that is killed after it has written its batch of this number, before that is committed."""


@pytest.fixture
def long_list(bea: User) -> OfficeList:
    found = people_lists.checked(bea, people_lists.many(2 * AT_ONE_PRESS + 50))
    office_lists.invite_people(found, by=bea)
    return found


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_worker_that_is_killed_in_the_midst_is_followed_by_another(long_list: OfficeList, number: int) -> None:
    code = DIES.format(number=number)
    killed = subprocess.run(
        [sys.executable, "-c", code, str(long_list.pk)], env=environment(), cwd=settings.BASE_DIR, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    assert Invitee.objects.count() == people_lists.again(long_list).done == (number - 1) * AT_ONE_PRESS
    office_lists.carry_on(long_list.pk)
    assert Invitee.objects.count() == 2 * AT_ONE_PRESS + 50
    assert sorted(Invitee.objects.values_list("place", flat=True)) == list(range(2 * AT_ONE_PRESS + 50))
    assert not OfficeList.objects.exists()


def test_several_workers_at_once_invite_nobody_twice(long_list: OfficeList) -> None:
    assert race([partial(office_lists.carry_on, long_list.pk)] * 4) == [None] * 4
    office_lists.carry_on(long_list.pk)
    assert Invitee.objects.count() == 2 * AT_ONE_PRESS + 50


def test_several_senders_at_once_write_to_nobody_twice(bea: User) -> None:
    people_lists.invited(bea, people_lists.many(40))
    assert sum(map(int, map(str, race([invitees.send_invitees] * 4)))) == 40
    assert len(mail.outbox) == len({one.to[0] for one in mail.outbox}) == 40
