"""Applications to sponsor: what was made sure of, the yes, and a no that can be taken back for ten minutes."""

from collections.abc import Collection

from django.db import transaction

from accounts import clock
from accounts.actions import sponsors
from accounts.models import ApplicationCheck, CheckItem, Sponsor, User
from accounts.models.audit import record
from accounts.models.sponsor import TAKE_BACK
from matching.actions.errors import NotAllowed, TooLate
from matching.actions.locks import lock
from matching.actions.outbox import post
from matching.queries.people import sponsors_to_open


def _locked(sponsor: Sponsor, by: User) -> Sponsor:
    """The application, for a coordinator who may decide on it. Raises NotAllowed, or TooLate once it is approved."""
    locked = lock(Sponsor.objects.select_for_update(), pk=sponsor.pk)
    if not sponsors_to_open(by).filter(pk=sponsor.pk).exists():
        raise NotAllowed
    if locked.approved_at is not None:
        raise TooLate
    return locked


def _office(sponsor: Sponsor) -> int | None:
    return sponsor.user.profile.intergroup_id


@transaction.atomic
def tick(sponsor: Sponsor, items: Collection[str], *, by: User) -> None:
    """Keep which items are made sure of: who ticked one first stays with it, and one that is not given is unticked."""
    sponsor = _locked(sponsor, by)
    gone, _ = sponsor.checks.exclude(item__in=items).delete()
    had = set(sponsor.checks.values_list("item", flat=True))
    fresh = [CheckItem(item) for item in items if item not in had]
    now = clock.now()
    ApplicationCheck.objects.bulk_create(ApplicationCheck(sponsor=sponsor, item=one, by=by, at=now) for one in fresh)
    if fresh or gone:
        record(by, "application.checked", sponsor, member=sponsor.pk, intergroup_id=_office(sponsor), n=len(items))


@transaction.atomic
def approve(sponsor: Sponsor, *, by: User) -> None:
    """Let somebody sponsor. Raises NotChecked while an item of the list is not ticked, TooLate after a no that the
    applicant has heard of."""
    sponsor = _locked(sponsor, by)
    if sponsor.declined_for_good(clock.now()):
        raise TooLate
    sponsors.approve_sponsor(sponsor, by=by)


@transaction.atomic
def decline(sponsor: Sponsor, *, by: User) -> None:
    """Say no for now; the applicant hears of it in ten minutes, unless it is taken back. Raises TooLate for a second
    no."""
    sponsor = _locked(sponsor, by)
    if sponsor.declined_at is not None:
        raise TooLate
    now = clock.now()
    sponsor.declined_at = sponsor.changed_at = now
    sponsor.save(update_fields=["declined_at", "changed_at"])
    record(by, "application.declined", sponsor, member=sponsor.pk, intergroup_id=_office(sponsor))
    key = f"application_declined:{sponsor.pk}:{now:%Y%m%d%H%M%S%f}"
    post("application_declined", sponsor.pk, key=key, send_after=now + TAKE_BACK, sponsor=sponsor.pk, at=now)


@transaction.atomic
def take_back_decline(sponsor: Sponsor, *, by: User) -> None:
    """Take a no back before anybody heard of it. Raises TooLate afterwards."""
    sponsor = _locked(sponsor, by)
    if sponsor.declined_at is None or sponsor.declined_for_good(clock.now()):
        raise TooLate
    sponsor.declined_at, sponsor.changed_at = None, clock.now()
    sponsor.save(update_fields=["declined_at", "changed_at"])
    record(by, "application.decline_taken_back", sponsor, member=sponsor.pk, intergroup_id=_office(sponsor))
