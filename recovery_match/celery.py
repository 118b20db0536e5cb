"""The Celery application. Settings are read from Django's under the prefix CELERY_."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "recovery_match.settings")

app = Celery("recovery_match")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
