"""Every address of the site. A new one must be listed in the access matrix test."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.urls import include, path

# Operators sign in as everybody does, with the same limits and a second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", include("accounts.urls")),
    path("", include("matching.urls")),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("operators/", admin.site.urls),
]

handler400 = "accounts.views.errors.bad_request"
handler500 = "accounts.views.errors.server_error"

if settings.DEMO:
    urlpatterns += [path("dev/", include("recovery_match.demo.urls"))]
