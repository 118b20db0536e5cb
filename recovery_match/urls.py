"""Every address of the site. A new one must be listed in the access matrix test."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("accounts.urls")),
    path("", include("matching.urls")),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("operators/", admin.site.urls),
]

if settings.DEMO:
    urlpatterns += [path("dev/", include("recovery_match.demo.urls"))]
