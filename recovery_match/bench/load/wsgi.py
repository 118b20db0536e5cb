"""The site, with one address more: a page that says nothing."""

from django.conf import settings

from recovery_match.wsgi import application

__all__ = ["application"]

settings.ROOT_URLCONF = "recovery_match.bench.load.urls"
