"""A coordinator brings a list: the file, its columns, what was found; and nothing of it lingers."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import AuditEntry, User
from matching.actions import office_lists, retention
from matching.actions.errors import NotAllowed, TooLate
from matching.forms.office_lists import MOST_BYTES
from matching.models import ColumnHabit, Invitee, ListStage, OfficeList
from matching.queries.office_lists import checked
from tests import factories
from tests.conftest import signed_in
from tests.matching import office, people_lists
from tests.sheet import samples

pytestmark = pytest.mark.django_db

PAGE, COLUMNS, CHECK, INVITE, DROP = (
    reverse(name, args=["riverside"])
    for name in ("office_list", "office_list_columns", "office_list_check", "office_list_invite", "office_list_drop")
)


@pytest.fixture
def client(bea: User) -> Client:
    return signed_in(bea)


def stored() -> str:
    """Everything in our tables, as text; what stands sealed is not readable in it."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            found += [row for (row,) in cursor.fetchall()]
    return "\n".join(found)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_from_the_file_to_the_invitations(client: Client, encoding: str) -> None:
    answer = people_lists.upload(client, samples.BEV.encode(encoding))
    assert answer.headers["Location"] == COLUMNS
    text = office.page(client, COLUMNS)
    assert "Left out at once, as this is never kept: Sobriety date" in text
    answer = client.post(COLUMNS, people_lists.answers(["name", "", "email", "language"]))
    assert answer.headers["Location"] == CHECK
    text = office.page(client, CHECK)
    assert "José G." in text
    assert "3 rows are blank." in text
    assert "Invite 3 people" in text
    assert "no e-mail address" in office.page(client, CHECK, show="refused")
    assert "The last name is cut to its first letter." in office.page(client, CHECK, show="mended")
    assert not Invitee.objects.exists()
    assert client.post(INVITE).headers["Location"] == PAGE
    assert {one.display_name for one in Invitee.objects.all()} == {"Ruth B.", "José G.", "Ned O."}
    assert not OfficeList.objects.exists()
    text = office.page(client, PAGE)
    assert "Ruth B." in text
    assert "ruth.b@example.org" not in text


def test_pages_ask_few_questions_however_long_the_list_is(client: Client, bea: User) -> None:
    people_lists.taken_in(bea, people_lists.many(300))
    with office.at_most(8):
        office.page(client, COLUMNS)
    client.post(COLUMNS, people_lists.answers(["name", "email"]))
    with office.at_most(8):
        office.page(client, CHECK)
    people_lists.invited(bea, people_lists.many(60))
    with office.at_most(8):
        office.page(client, PAGE)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "There is nobody in this file."),
        (b"PK\x03\x04", "This is a workbook."),
        (b"\x00\x01\x02", "no list that we can read"),
        (b"a@example.org,Ana\n" * 5001, "more than 5,000 rows"),
    ],
)
def test_a_file_that_is_no_list_says_what_to_do(client: Client, raw: bytes, words: str) -> None:
    answer = people_lists.upload(client, raw)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not OfficeList.objects.exists()


def test_no_file_at_all(client: Client) -> None:
    assert client.post(PAGE, {}).status_code == 422


def test_a_file_that_is_too_large_is_refused_unread_with_a_clear_page(client: Client) -> None:
    answer = people_lists.upload(client, b"x" * (MOST_BYTES + 20_000))
    assert answer.status_code == 413
    assert "larger than one megabyte" in answer.content.decode()
    assert people_lists.upload(client, b"a@example.org,Ana\n" * (MOST_BYTES // 18 + 10)).status_code == 422


def test_a_forged_upload_is_refused(bea: User) -> None:
    """The check comes on the inner view; that it comes at all is shown here."""
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = signed_in(bea).cookies
    assert people_lists.upload(strict, people_lists.PLAIN.encode()).status_code == 403
    assert not OfficeList.objects.exists()


def test_what_is_never_kept_is_not_stored_even_before_the_columns_are_chosen(bea: User) -> None:
    text = "Name,Email,Home address,Notes\nRuth B,ruth@example.org,CANARY street 1,CANARY note\n"
    found = people_lists.taken_in(bea, text)
    assert "CANARY" not in found.content
    assert "ruth@example.org" in found.content


def test_what_is_not_chosen_is_gone_once_the_columns_are(bea: User) -> None:
    text = "Name,Email,Car\nRuth CANARYSURNAME 555 010 0123,ruth@example.org,CANARYCAR\n"
    found = people_lists.taken_in(bea, text)
    assert "CANARYCAR" in found.content
    content = people_lists.checked(bea, text).content.lower()
    assert "canary" not in content
    assert "010" not in content
    assert "ruth@example.org" in content


def test_nothing_of_a_list_stands_open_in_any_table(bea: User) -> None:
    people_lists.taken_in(bea, "Name,Email\nCANARYNAME B,canary@example.org\n")
    assert "canary" not in stored().lower()
    people_lists.invited(bea, "Name,Email\nCANARYNAME B,canary@example.org\n")
    assert "canary" not in stored().lower()


def test_control_an_open_word_would_be_found(bea: User) -> None:
    """The negative control: what is not sealed is seen by the same look."""
    assert bea.email in stored()


@pytest.mark.parametrize("text", [samples.MADRID, samples.LYON])
def test_what_an_office_said_of_its_columns_is_remembered_without_a_word_of_them(
    client: Client, bea: User, text: str
) -> None:
    people_lists.upload(client, text.encode())
    client.post(COLUMNS, people_lists.answers(["name", "", "email", "", "since"], order="day"))
    kept = ColumnHabit.objects.get()
    assert "om" not in str(kept.columns.keys())
    people_lists.upload(client, text.encode())
    page = office.page(client, COLUMNS)
    surname = page[page.index('name="c1"') :].partition("</select>")[0]
    assert '<option value="" selected>' in surname


def test_a_day_that_could_be_two_is_asked_about_once(client: Client) -> None:
    text = "Name,Email,Since\nRuth B,ruth@example.org,03/04/2026\nTom K,tom@example.org,2026-03-31\n"
    people_lists.upload(client, text.encode())
    page = office.page(client, COLUMNS)
    assert "03/04/2026 is April 3, 2026" in page
    assert "03/04/2026 is March 4, 2026" in page
    answer = client.post(COLUMNS, people_lists.answers(["name", "email", "since"]))
    assert answer.status_code == 422
    assert "Choose one of the two" in answer.content.decode()
    assert client.post(COLUMNS, people_lists.answers(["name", "email", "since"], order="month")).status_code == 302
    assert checked(OfficeList.objects.get()).people[0].since.isoformat() == "2026-03-04"  # type: ignore[union-attr]


def test_a_list_that_shows_its_order_asks_nothing(client: Client) -> None:
    text = "Name,Email,Since\nRuth B,ruth@example.org,03/04/2026\nTom K,tom@example.org,13/04/2026\n"
    people_lists.upload(client, text.encode())
    assert "How are days written" not in office.page(client, COLUMNS)
    client.post(COLUMNS, people_lists.answers(["name", "email", "since"]))
    assert checked(OfficeList.objects.get()).people[0].since.isoformat() == "2026-04-03"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("columns", "more", "words"),
    [
        (["", "email"], {}, "Choose the column with the names."),
        (["name", ""], {}, "Choose the column with the e-mail addresses."),
        (["name", "name"], {}, "This is chosen twice."),
        (["name", "email"], {"wish": ""}, "Choose what they are there for"),
        (["name", "nonsense"], {}, "Please look at this again"),
    ],
)
def test_columns_that_do_not_suffice_are_asked_again(
    client: Client, bea: User, columns: list[str], more: dict[str, str], words: str
) -> None:
    people_lists.taken_in(bea)
    answer = client.post(COLUMNS, people_lists.answers(columns, **more))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert OfficeList.objects.get().stage == ListStage.COLUMNS


def test_whoever_has_an_account_is_shown_like_anybody_else(client: Client, bea: User, ana: User) -> None:
    """No enumeration: not on the pages, not in the counts, not in what is kept; only the letter is not sent."""
    text = f"Name,Email\nAna L,{ana.email}\nNobody K,nobody@example.org\n"
    with_account, without = checked(people_lists.checked(bea, text)).people
    assert with_account.mended == without.mended == ()
    client.post(INVITE)
    first, second = Invitee.objects.all()
    assert (first.wish, first.sent_at, first.attempts) == (second.wish, second.sent_at, second.attempts)
    page = office.page(client, PAGE)
    assert page.count("The letter has not gone out yet.") == 2


def test_two_rows_with_one_address_and_one_that_is_invited_are_left_out(client: Client, bea: User) -> None:
    people_lists.invited(bea, "Name,Email\nRuth B,ruth@example.org\n")
    people_lists.checked(bea, "Name,Email\nTom K,tom@example.org\nTom K,TOM@example.org\nRuth B,ruth@example.org\n")
    page = office.page(client, CHECK, show="refused")
    assert "The same e-mail address stands in row 2 already." in page
    assert "Your office has an invitation out to this e-mail address." in page


def test_a_list_is_its_coordinators_alone(client: Client, bea: User) -> None:
    carla = factories.coordinator(first_name="Carla")
    found = people_lists.checked(carla)
    assert client.get(CHECK).headers["Location"] == PAGE
    assert client.post(INVITE).status_code == 409
    for action in (office_lists.invite_people, office_lists.drop):
        with pytest.raises(NotAllowed):
            action(found, by=bea)
    assert people_lists.again(found).stage == ListStage.CHECKED


def test_a_new_file_takes_the_place_of_the_one_before(client: Client, bea: User) -> None:
    people_lists.checked(bea)
    people_lists.upload(client, b"Name,Email\nZoe T,zoe@example.org\n")
    assert "zoe@example.org" in OfficeList.objects.get().content


def test_a_list_that_is_deleted_is_gone(client: Client, bea: User) -> None:
    people_lists.checked(bea)
    assert client.post(DROP).headers["Location"] == PAGE
    assert not OfficeList.objects.exists()
    assert not Invitee.objects.exists()


def test_a_list_is_deleted_after_a_day_and_nobody_sees_it_later(client: Client, bea: User) -> None:
    found = people_lists.checked(bea)
    clock.move_on(timedelta(hours=23))
    retention.forget()
    assert "Invite 2 people" in office.page(client, CHECK)
    clock.move_on(timedelta(hours=2))
    assert client.get(CHECK).headers["Location"] == PAGE
    with pytest.raises(TooLate):
        office_lists.invite_people(found, by=bea)
    retention.forget()
    assert not OfficeList.objects.exists()


def test_each_step_is_written_down_without_a_word_of_the_list(bea: User) -> None:
    people_lists.invited(bea)
    entries = AuditEntry.objects.filter(verb__startswith="list.").order_by("pk")
    assert [one.verb for one in entries] == ["list.taken_in", "list.checked", "list.inviting", "list.invited"]
    assert entries[0].ids == {"rows": "2"}
    assert mail.outbox == []
