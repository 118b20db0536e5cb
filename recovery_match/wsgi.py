"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "recovery_match.settings")

application = get_wsgi_application()

from recovery_match.checks import refuse_unsafe  # noqa: E402

refuse_unsafe()

from recovery_match.ready import get_ready_meanwhile  # noqa: E402

get_ready_meanwhile()
