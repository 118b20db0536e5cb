"""Bringing the list that an office keeps: the file, what its columns are, what was found, and the invitations."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Intergroup
from matching.actions import invitees, office_lists
from matching.actions.errors import NotAllowed, TooLate
from matching.forms.office_lists import LOOKED_AT, MOST_BYTES, TOO_LARGE, ColumnsForm, FileForm
from matching.list_words import MENDED, REFUSED
from matching.models import ListStage, OfficeList
from matching.models.invitee import WishWord
from matching.queries import office_lists as queries
from matching.sheet import Column, Person, Refused, guess, kept
from matching.sheet.columns import folded
from matching.views.coordinators import CoordinatorRequest, office_called, seen, signed_in

PAGE = 25
SHOWN = 50
FORM_AROUND = 16 * 1024
"""What a browser sends around the file."""


# Django's check reads the whole request: here it comes only after the size was looked at, on the inner view.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def office_list(request: CoordinatorRequest, slug: str) -> HttpResponse:
    """The form for a file, the list that was brought before, and who is invited; a POST brings a file."""
    office = office_called(request, slug)
    if request.method != "POST":
        return _page(request, office)
    if int(request.headers.get("Content-Length") or 0) > MOST_BYTES + FORM_AROUND:
        return _page(request, office, status=413, trouble=str(TOO_LARGE))
    # Never on a disk, not even for a moment.
    request.upload_handlers = [MemoryFileUploadHandler(request)]
    return _take_in(request, office)


@csrf_protect
def _take_in(request: CoordinatorRequest, office: Intergroup) -> HttpResponse:
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, office, form=form, status=422)
    try:
        office_lists.take_in(office, form.table, by=request.user)
    except NotAllowed as error:
        raise Http404 from error
    except TooLate:
        trouble = _("The people of your list before are still being invited. Wait until that is done.")
        return _page(request, office, status=409, trouble=trouble)
    return redirect("office_list_columns", slug=office.slug)


def _page(
    request: CoordinatorRequest,
    office: Intergroup,
    *,
    form: FileForm | None = None,
    status: int = 200,
    trouble: str = "",
) -> HttpResponse:
    page = Paginator(queries.invitees(office), PAGE).get_page(request.GET.get("page"))
    context = {
        "office": office,
        "form": form or FileForm(),
        "list": queries.own_list(request.user, office),
        "stage": ListStage,
        "page": page,
        "lines": queries.named(page.object_list),
        "trouble": trouble,
    }
    return render(request, "matching/office_list.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def office_list_columns(request: CoordinatorRequest, slug: str) -> HttpResponse:
    """Ask what the columns are; a POST says it, and the rest of the file is forgotten."""
    office = office_called(request, slug)
    found = queries.own_list(request.user, office)
    if found is None or found.stage != ListStage.COLUMNS:
        return _onward(found, slug)
    opened = kept.open_from_plain(found.read())
    if request.method != "POST":
        form = ColumnsForm(opened=opened, guessed=_guessed(opened, office), initial={"language": request.user.language})
        return _columns(request, office, form)
    form = ColumnsForm(request.POST, opened=opened)
    if not form.is_valid():
        return _columns(request, office, form, status=422)
    try:
        office_lists.choose_columns(found, form.choice, by=request.user)
    except NotAllowed as error:
        raise Http404 from error
    except TooLate:
        return _onward(None, slug)
    return redirect("office_list_check", slug=slug)


def _guessed(opened: kept.Open, office: Intergroup) -> list[Column]:
    habit = queries.habit(office)
    marks = {title: office_lists.title_mark(title) for title in opened.titles if title and habit}
    before = {folded(title): habit[mark].value for title, mark in marks.items() if mark in habit}
    return guess(opened.titles, [line.cells for line in opened.lines[:LOOKED_AT]], before)


def _columns(request: CoordinatorRequest, office: Intergroup, form: ColumnsForm, *, status: int = 200) -> HttpResponse:
    context = {"office": office, "form": form, "opened": form.opened, "rows": len(form.opened.lines)}
    return render(request, "matching/office_list_columns.html", context, status=status)


def _onward(found: OfficeList | None, slug: str) -> HttpResponse:
    """To where a list stands; to the beginning without one."""
    checked = found is not None and found.stage == ListStage.CHECKED
    return redirect("office_list_check" if checked else "office_list", slug=slug)


@require_http_methods(["GET", "HEAD"])
@signed_in
def office_list_check(request: CoordinatorRequest, slug: str) -> HttpResponse:
    """What would be done with each row, before anything is; ``?show=mended`` or ``?show=refused`` narrows it."""
    office = office_called(request, slug)
    found = queries.own_list(request.user, office)
    if found is None or found.stage != ListStage.CHECKED:
        columns = found is not None and found.stage == ListStage.COLUMNS
        return redirect("office_list_columns" if columns else "office_list", slug=slug)
    checked, show = queries.checked(found), request.GET.get("show", "")
    parts: dict[str, list[Any]] = {"refused": checked.refused, "mended": checked.mended}
    rows = parts.get(show, checked.people)
    page = Paginator(rows, SHOWN).get_page(request.GET.get("page"))
    context = {
        "office": office,
        "checked": checked,
        "tabs": _tabs(checked, show),
        "show": show,
        "page": page,
        "lines": [_line(one) for one in page.object_list],
        "mendings": [(words, number) for what, words in MENDED.items() if (number := checked.count(what))],
    }
    return render(request, "matching/office_list_check.html", context)


def _tabs(checked: queries.Checked, show: str) -> list[dict[str, Any]]:
    parts = [
        ("", _("Can be invited"), len(checked.people)),
        ("mended", _("Of these, mended"), len(checked.mended)),
        ("refused", _("Left out"), len(checked.refused)),
    ]
    return [
        {"label": label, "url": f"?show={part}" if part else "?", "count": count, "current": part == show}
        for part, label, count in parts
    ]


def _line(one: Person | Refused) -> dict[str, Any]:
    if isinstance(one, Refused):
        return {"row": one.line, "why": str(REFUSED[one.why]) % {"row": one.of}}
    return {
        "row": one.line,
        "person": one,
        "name": f"{one.first_name} {one.initial}." if one.initial else one.first_name,
        "wish": WishWord(one.wish.value).label,
        "language": dict(settings.LANGUAGES)[one.language],
        "mended": [MENDED[what] for what in one.mended],
    }


@require_POST
@signed_in
def office_list_invite(request: CoordinatorRequest, slug: str) -> HttpResponse:
    """Invite everybody who can be."""
    office = office_called(request, slug)
    found = queries.own_list(request.user, office)
    if found is None:
        return _page(request, office, status=409, trouble=_("This list is no longer here. Bring it once more."))
    try:
        office_lists.invite_people(found, by=request.user)
    except NotAllowed as error:
        raise Http404 from error
    except TooLate:
        return _onward(found, slug)
    words = ngettext(
        "%(count)d person is invited. The letter goes out in the next minutes.",
        "%(count)d people are invited. The letters go out in the next minutes, fifty a minute.",
        found.total,
    )
    messages.success(request, words % {"count": found.total})
    return redirect("office_list", slug=slug)


@require_POST
@signed_in
def office_list_drop(request: CoordinatorRequest, slug: str) -> HttpResponse:
    """Delete the list."""
    office = office_called(request, slug)
    found = queries.own_list(request.user, office)
    if found is not None:
        try:
            office_lists.drop(found, by=request.user)
        except (NotAllowed, TooLate) as error:
            raise Http404 from error
        messages.success(request, _("The list is deleted."))
    return redirect("office_list", slug=slug)


@require_POST
@signed_in
def invitee_withdraw(request: CoordinatorRequest, pk: UUID) -> HttpResponse:
    """Take an invitation back."""
    invitee = seen(request, queries.invitees_for(request.user), pk)
    slug = invitee.intergroup.slug
    try:
        invitees.withdraw_invitee(invitee, by=request.user)
    except NotAllowed as error:
        raise Http404 from error
    messages.success(request, _("Taken back. The link in the mail no longer works."))
    return redirect("office_list", slug=slug)
