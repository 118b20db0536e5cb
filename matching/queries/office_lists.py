"""The list that a coordinator has brought, and whom their office has invited."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts import clock
from accounts.models import Intergroup, Scope, User
from accounts.models.intergroup import intergroups_coordinated_by
from accounts.models.member_key import remember_keys
from matching.models import ColumnHabit, Invitee, OfficeList, UnwantedLetter
from matching.sheet import Column, Mended, Person, Refused, kept


@dataclass(frozen=True)
class Checked:
    """A list that was looked through: whom it can invite, and the rows it leaves out."""

    people: list[Person]
    refused: list[Refused]
    blank: int

    @property
    def mended(self) -> list[Person]:
        """Those of whose row something was changed."""
        return [one for one in self.people if one.mended]

    def count(self, what: Mended) -> int:
        """In how many rows this was mended."""
        return sum(what in one.mended for one in self.people)


def own_list(user: User, office: Intergroup) -> OfficeList | None:
    """The coordinator's own list for an office, if it is not a day old; nobody else's."""
    found = OfficeList.objects.kept().filter(intergroup=office, made_by=user)
    return found.select_related("intergroup").first()


def checked(found: OfficeList) -> Checked:
    """What was found in it."""
    content = found.read()
    reading = kept.reading_from_plain(content)
    return Checked(list(reading.people), list(reading.refused), content["blank"])


def habit(office: Intergroup) -> dict[str, Column]:
    """What the office said the last time of each column, by the mark of its title."""
    found = ColumnHabit.objects.filter(pk=office.pk).first()
    return {} if found is None else found.said()


def invitees(office: Intergroup) -> QuerySet[Invitee]:
    """Whom the office has invited, until it lapses; whether they have come is not in it."""
    return Invitee.objects.open(clock.now()).filter(intergroup=office).order_by("-made_at", "place", "pk")


def invitees_for(user: User) -> QuerySet[Invitee]:
    """The invitations of the offices whose work this member does."""
    offices = intergroups_coordinated_by(user, Scope.AREA)
    return Invitee.objects.open(clock.now()).filter(intergroup__in=offices).select_related("intergroup")


def named(rows: Iterable[Invitee]) -> list[Invitee]:
    """The rows with the keys of their names fetched, all by one query."""
    found = list(rows)
    remember_keys({one.made_by_id for one in found})
    return found


def wants_no_letters(mark: str) -> bool:
    """Whether whoever has the address of this mark asked never to be written to from a list."""
    return UnwantedLetter.objects.filter(mark=mark).exists()
