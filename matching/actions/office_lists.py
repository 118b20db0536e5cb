"""Bringing the list that an office keeps: taken in, its columns chosen, looked through, its people invited.

Nobody on a list becomes a member by it: each gets an invitation, and whatever happens then is their own doing. A list
is kept sealed, and is deleted when its people are invited, when it is dropped, or after a day.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db import transaction

from accounts import clock
from accounts.crypto import keyed_hash
from accounts.models import Intergroup, Scope, User
from accounts.models.audit import record
from accounts.models.intergroup import intergroups_coordinated_by
from accounts.models.member_key import holding_keys
from matching.actions.errors import NotAllowed, TooLate
from matching.actions.locks import lock
from matching.actions.round_moves import wake
from matching.models import ColumnHabit, Invitee, ListStage, OfficeList
from matching.models.invitee import INVITED_FOR, address_mark
from matching.sheet import Choice, Column, Person, Reading, Table, kept, read_people
from matching.sheet.columns import folded

AT_ONE_PRESS = 100
"""People who are invited while the page waits; of a longer list a worker does it, so many in each transaction."""


class _Marks:
    """The addresses that an office has invited, as far as one can ask whether somebody is among them."""

    def __init__(self, intergroup_id: int) -> None:
        open_ = Invitee.objects.open(clock.now()).filter(intergroup=intergroup_id)
        self._marks = set(open_.values_list("mark", flat=True))

    def __contains__(self, address: object) -> bool:
        return bool(self._marks) and address_mark(str(address)) in self._marks


@transaction.atomic
def take_in(intergroup: Intergroup, table: Table, *, by: User) -> OfficeList:
    """Keep a list until its columns are chosen, in place of one that the coordinator brought before.

    Raises NotAllowed, or TooLate while the people of the one before are being invited.
    """
    _check_office(intergroup, by)
    # One after the other: two uploads at once must not meet at the constraint.
    lock(User.objects.select_for_update(no_key=True), pk=by.pk)
    before = OfficeList.objects.filter(intergroup=intergroup, made_by=by)
    if before.filter(stage=ListStage.INVITING).exists():
        raise TooLate
    before.delete()
    made = OfficeList(intergroup=intergroup, made_by=by)
    made.write(kept.open_to_plain(kept.without_private(table)))
    made.save()
    record(by, "list.taken_in", made, intergroup_id=intergroup.pk, rows=len(table.lines))
    return made


@transaction.atomic
def choose_columns(found: OfficeList, choice: Choice, *, by: User) -> None:
    """Read the people from the chosen columns; of all the others nothing is kept. Raises NotAllowed or TooLate."""
    locked = _locked(found, by, ListStage.COLUMNS)
    opened = kept.open_from_plain(locked.read())
    today = clock.today(locked.intergroup.zone)
    reading = read_people(opened.lines, choice, invited=_Marks(locked.intergroup_id), today=today)
    locked.write({**kept.reading_to_plain(reading), "blank": opened.blank})
    locked.stage, locked.total = ListStage.CHECKED, len(reading.people)
    locked.save(update_fields=["content", "stage", "total"])
    _remember(locked.intergroup, opened.titles, choice.columns)
    record(by, "list.checked", locked, intergroup_id=locked.intergroup_id, people=locked.total)


def title_mark(title: str) -> str:
    """What an office's habit knows a column by; the same for all ways to write its title."""
    return keyed_hash(settings.LOOKUP_KEY, "column", folded(title)).hex()[:32]


def _remember(intergroup: Intergroup, titles: Iterable[str], columns: Mapping[int, Column]) -> None:
    said = {title_mark(title): columns.get(place, Column.NOTHING).value for place, title in enumerate(titles) if title}
    if said:
        ColumnHabit.objects.update_or_create(intergroup=intergroup, defaults={"columns": said})


@transaction.atomic
def drop(found: OfficeList, *, by: User) -> None:
    """Delete a list; whoever is not invited yet is not. Raises NotAllowed or TooLate."""
    locked = _locked(found, by, *ListStage)
    record(by, "list.dropped", locked, intergroup_id=locked.intergroup_id, invited=locked.done)
    locked.delete()


@transaction.atomic
def invite_people(found: OfficeList, *, by: User) -> None:
    """Invite everybody on a list who can be: a short one at once, a long one by a worker.

    Raises NotAllowed, or TooLate when it was pressed before, or the list is too old.
    """
    locked = _locked(found, by, ListStage.CHECKED)
    content = locked.read()
    # Whoever has been on the list the longest is written to first.
    people = sorted(kept.people_from_plain(content["people"]), key=lambda one: one.since or date.max)
    locked.write({**kept.reading_to_plain(Reading(tuple(people), ())), "blank": 0})
    locked.stage = ListStage.INVITING
    locked.save(update_fields=["content", "stage"])
    record(by, "list.inviting", locked, intergroup_id=locked.intergroup_id, people=locked.total)
    if locked.total > AT_ONE_PRESS:
        wake("invite_listed", [locked.pk])
    else:
        _invite_next(locked)


def carry_on(list_id: UUID) -> None:
    """Invite the rest of a list; a worker that is lost in the middle is followed by another, and nobody is asked twice.

    Any number may come at once: one of them holds the list, the others find nothing to do.
    """
    while _invite_some(list_id):
        pass


@transaction.atomic
def _invite_some(list_id: UUID) -> bool:
    """Invite the next ones; whether there are more, and this call held the list."""
    inviting = OfficeList.objects.filter(pk=list_id, stage=ListStage.INVITING).select_related("made_by", "intergroup")
    found = inviting.select_for_update(skip_locked=True, of=("self",)).first()
    if found is None:
        return False
    try:
        _check_office(found.intergroup, found.made_by)
    except NotAllowed:
        # Their term has ended meanwhile: they invite nobody any more.
        record(None, "list.dropped", found, intergroup_id=found.intergroup_id, invited=found.done)
        found.delete()
        return False
    return _invite_next(found)


def _invite_next(found: OfficeList) -> bool:
    people = kept.people_from_plain(found.read()["people"][found.done : found.done + AT_ONE_PRESS])
    Invitee.objects.filter(intergroup=found.intergroup_id, expires_at__lte=clock.now()).delete()
    rows = [_invitee(one, found, found.done + at) for at, one in enumerate(people)]
    with holding_keys([found.made_by_id]):
        # An address that somebody else invited in the meantime keeps its invitation.
        Invitee.objects.bulk_create(rows, ignore_conflicts=True)
    found.done += len(people)
    if people and found.done < found.total:
        found.save(update_fields=["done"])
        return True
    record(found.made_by, "list.invited", found, intergroup_id=found.intergroup_id, people=found.done)
    found.delete()
    return False


def _invitee(one: Person, found: OfficeList, place: int) -> Invitee:
    now = clock.now()
    return Invitee(
        intergroup_id=found.intergroup_id,
        made_by_id=found.made_by_id,
        made_at=now,
        expires_at=now + INVITED_FOR,
        place=place,
        mark=address_mark(one.address),
        first_name=one.first_name,
        initial=one.initial,
        address=one.address,
        wish=one.wish.value,
        language=one.language,
    )


def tend_lists() -> None:
    """Call a worker to each list whose people are being invited: the one before may have been lost."""
    wake("invite_listed", list(OfficeList.objects.filter(stage=ListStage.INVITING).values_list("pk", flat=True)))


def _locked(found: OfficeList, by: User, *stages: ListStage) -> OfficeList:
    if found.made_by_id != by.pk:
        raise NotAllowed
    _check_office(found.intergroup, by)
    rows = OfficeList.objects.kept().filter(stage__in=stages).select_related("intergroup", "made_by")
    locked = rows.select_for_update(of=("self",)).filter(pk=found.pk).first()
    if locked is None:
        raise TooLate
    return locked


def _check_office(intergroup: Intergroup, by: User) -> None:
    if not intergroups_coordinated_by(by, Scope.AREA).filter(pk=intergroup.pk).exists():
        raise NotAllowed
