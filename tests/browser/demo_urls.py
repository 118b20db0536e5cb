"""The site's addresses with those of the demo."""

from django.urls import include, path

from recovery_match.urls import urlpatterns as ordinary

urlpatterns = [*ordinary, path("dev/", include("recovery_match.demo.urls"))]
