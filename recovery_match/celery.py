"""The Celery application. Settings are read from Django's under the prefix CELERY_."""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, celeryd_init, worker_process_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "recovery_match.settings")

app = Celery("recovery_match")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@celeryd_init.connect
@beat_init.connect
def refuse_unsafe(**_: Any) -> None:
    """Workers and beat serve members too. Raises SystemExit."""
    from recovery_match import checks

    checks.refuse_unsafe()


@worker_process_init.connect
def get_ready(**_: Any) -> None:
    """Beside the first tasks of a process: the first round that it is given must not wait for a compiler."""
    from recovery_match.ready import get_ready_meanwhile

    get_ready_meanwhile()
