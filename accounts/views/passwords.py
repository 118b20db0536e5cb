"""A password beside the code by mail: sign in with it, choose one, go without again.

The doors (second factor, fresh proof) stand before these pages in :mod:`accounts.gate`, as operators come here too.
"""

from allauth.account.adapter import get_adapter
from allauth.account.views import LoginView
from allauth.decorators import rate_limit
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actions.passwords import remove_password, set_password
from accounts.forms.passwords import PasswordForm, PasswordSignInForm


class PasswordSignInView(LoginView):  # type: ignore[misc]
    """allauth's page to sign in, limits included, with a password in place of a code."""

    form_class = PasswordSignInForm
    template_name = "account/login_by_password.html"

    def get_form_class(self) -> type[PasswordSignInForm]:
        return self.form_class


password_sign_in = require_http_methods(["GET", "HEAD", "POST"])(PasswordSignInView.as_view())


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limit(action="change_password")  # type: ignore[untyped-decorator]
def password(request: HttpRequest) -> HttpResponse:
    """Choose a password, or another one. Whoever has just shown who they are need not know the old one."""
    user = request.user
    assert user.is_authenticated
    form = PasswordForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        had_one = user.has_usable_password()
        set_password(form.cleaned_data["password"], by=user)
        _go_on(request, "account/email/password_changed" if had_one else "account/email/password_set")
        messages.success(request, _("Saved. You can sign in with it from now on, or with a code as before."))
        return redirect("password")
    return render(request, "account/password.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_POST
def password_remove(request: HttpRequest) -> HttpResponse:
    """Go without a password again."""
    assert request.user.is_authenticated
    if request.user.has_usable_password():
        remove_password(by=request.user)
        _go_on(request, "account/email/password_removed")
        messages.success(request, _("Your password is gone. We send you a code when you sign in."))
    return redirect("password")


@login_required
def to_password(request: HttpRequest) -> HttpResponse:
    """In place of allauth's pages that set and change a password."""
    return redirect("password")


def to_code(request: HttpRequest, **_: str) -> HttpResponse:
    """In place of allauth's pages that reset a forgotten password by a link in a mail."""
    return redirect("account_request_login_code")


def _go_on(request: HttpRequest, letter: str) -> None:
    """This session goes on while all others end, and the owner of the mailbox hears of it."""
    update_session_auth_hash(request, request.user)  # type: ignore[arg-type]
    get_adapter().send_notification_mail(letter, request.user)
