"""Show once more that it is you, by a code in the mail: for those who have no second factor, and have no password or
forgot it."""

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import mailed_code, proof
from accounts.forms.prove import CodeForm


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def prove(request: HttpRequest) -> HttpResponse:
    """Send a code and take it back; then on to ``next``. Whoever has a better way is led to that one."""
    assert request.user.is_authenticated
    onward = _onward(request)
    ways = get_adapter().get_reauthentication_methods(request.user)
    better = [way["url"] for way in ways if way["id"].startswith("mfa_")]
    if better:
        return redirect(f"{better[0]}?{urlencode({'next': onward})}")
    if request.method != "POST":
        return _page(request, onward, CodeForm())
    if "send" in request.POST:
        mailed_code.send(request, request.user)
        return redirect(f"{reverse('prove')}?{urlencode({'next': onward})}")
    form = CodeForm(request.POST)
    if form.is_valid() and not mailed_code.is_right(request, request.user, form.cleaned_data["code"]):
        form.add_error("code", _("This is not the code, or it is too old. Look again, or ask for a new one."))
    if form.errors:
        return _page(request, onward, form, status=422)
    proof.record_mail(request, request.user)
    return redirect(onward)


def _page(request: HttpRequest, onward: str, form: CodeForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "next": onward, "waits": mailed_code.waits(request)}
    return render(request, "accounts/prove.html", context, status=status)


def _onward(request: HttpRequest) -> str:
    """Where they wanted to go; only ever a page of this site."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else reverse("home")
