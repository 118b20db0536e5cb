"""Lists of an office as far as a test wants them."""

from collections.abc import Iterable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Intergroup, User
from matching.actions import office_lists
from matching.models import Invitee, OfficeList
from matching.sheet import Choice, Column, Wish, decode, guess, kept, read_table
from tests import factories

PLAIN = "Name,Email\nRuth Bergmann,ruth@example.org\nTom Baker,tom@example.org\n"


def many(number: int) -> str:
    """A list of so many people."""
    return "Name,Email\n" + "".join(f"Ruth B,ruth{at}@example.org\n" for at in range(number))


def taken_in(by: User, text: str = PLAIN, *, of: Intergroup | None = None) -> OfficeList:
    """A list whose columns are still asked for."""
    return office_lists.take_in(of or factories.intergroup(), read_table(decode(text.encode())), by=by)


def checked(by: User, text: str = PLAIN, *, wish: Wish = Wish.SPONSOR) -> OfficeList:
    """A list that was looked through, its columns as guessed."""
    found = taken_in(by, text)
    opened = kept.open_from_plain(found.read())
    columns = dict(enumerate(guess(opened.titles, [line.cells for line in opened.lines], {})))
    chosen = {place: column for place, column in columns.items() if column is not Column.NOTHING}
    office_lists.choose_columns(found, Choice(chosen, wish, "en"), by=by)
    return again(found)


def invited(by: User, text: str = PLAIN) -> list[Invitee]:
    """Those of a list who have an invitation now."""
    before = set(Invitee.objects.values_list("pk", flat=True))
    office_lists.invite_people(checked(by, text), by=by)
    return list(Invitee.objects.exclude(pk__in=before))


def brought(by: User) -> Invitee:
    """Somebody who is invited from one list, while another waits for its coordinator's word."""
    (found,) = invited(by, "Name,Email\nRuth Bergmann,ruth@example.org\n")
    checked(by, "Name,Email\nTom Baker,tom@example.org\n")
    return found


def again(found: OfficeList) -> OfficeList:
    """The list as it is by now."""
    return OfficeList.objects.get(pk=found.pk)


def upload(client: Client, raw: bytes, *, slug: str = "riverside", name: str = "list.csv") -> Any:
    """Bring a file by the page."""
    return client.post(reverse("office_list", args=[slug]), {"file": SimpleUploadedFile(name, raw)})


def answers(columns: Iterable[str], **more: str) -> dict[str, str]:
    """The form of the columns, filled in."""
    return {
        **{f"c{place}": column for place, column in enumerate(columns)},
        "language": "en",
        "wish": "sponsor",
        **more,
    }
