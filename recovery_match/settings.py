"""All settings, everything that differs between places from the environment.

A secret may also be given as a file: ``SECRET_KEY_FILE=/run/secrets/secret_key``. Without DATABASE_URL or
REDIS_URL, real engines are started from wheels in a private folder (``recovery_match.embedded``); that is
for the demo, for development and for tests.
"""

import os
from email.utils import parseaddr
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from accounts.roles import OWN_MATTERS
from recovery_match import embedded, mail

BASE_DIR = Path(__file__).resolve().parent.parent
VERSION = "0.1.0"

env = environ.FileAwareEnv()

# Local means: engines of our own, on this machine, for one person who tries or develops.
LOCAL = "DATABASE_URL" not in os.environ and "DATABASE_URL_FILE" not in os.environ
if LOCAL or os.environ.get("RECOVERY_MATCH_LOCAL") == "1":
    # Child processes and test workers see DATABASE_URL set, and must still know that it is ours.
    LOCAL = True
    os.environ["RECOVERY_MATCH_LOCAL"] = "1"
    if "DATABASE_URL" not in os.environ:
        os.environ["DATABASE_URL"] = embedded.ensure_postgres()
    if "REDIS_URL" not in os.environ:
        os.environ["REDIS_URL"] = embedded.ensure_valkey()

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
# A secret written into a file by hand ends with a newline, which is not part of it.
SECRET_KEY = embedded.secret_key() if LOCAL else env.str("SECRET_KEY").strip()
# Members' words stand sealed in the database. These keys open them, the current one first: "name:base64,name:base64",
# 32 bytes each. The other key stands for members' ids and addresses where those are only compared; it stays for ever.
MASTER_KEYS = (env.str("MASTER_KEYS", default="") or embedded.master_key() if LOCAL else env.str("MASTER_KEYS")).strip()
LOOKUP_KEY = embedded.lookup_key() if LOCAL else env.str("LOOKUP_KEY").strip()
# Seals backups; without it none are written.
BACKUP_KEY = env.str("BACKUP_KEY", default="").strip()
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if LOCAL else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# A neutral name: it stands in mails, tabs and on lock screens, where nobody should learn what this is.
SITE_NAME = env.str("SITE_NAME", default="Two Lights")
SITE_URL = env.str("SITE_URL", default="http://localhost:8000").rstrip("/")
# While true, every page says that the site is being looked after; what asks whether the process lives is answered.
MAINTENANCE = env.bool("MAINTENANCE", default=False)
QUICK_EXIT_URL = env.str("QUICK_EXIT_URL", default="https://www.wikipedia.org/")

INSTALLED_APPS = [
    "recovery_match.apps.RecoveryMatchConfig",
    "accounts.apps.AccountsConfig",
    "matching.apps.MatchingConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.admin",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "template_partials",
]

MIDDLEWARE = [
    # The outermost: files, redirects to https and refusals carry its headers too.
    "accounts.middleware.PrivatePagesMiddleware",
    "accounts.even_answers.EvenAnswersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # It pads each answer with random bytes, and Django's tokens are masked anew each time: lengths tell nothing.
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "accounts.maintenance.MaintenanceMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.late_forms.LateFormsMiddleware",
    "accounts.middleware.MemberMiddleware",
    "accounts.gate.SessionTimesMiddleware",
    "accounts.gate.ShowFirstMiddleware",
    "matching.views.overtaken.OvertakenMiddleware",
]

ROOT_URLCONF = "recovery_match.urls"
WSGI_APPLICATION = "recovery_match.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context_processors.site",
            ],
        },
    },
]

# Data -----------------------------------------------------------------------------------------------------

DATABASES: dict[str, Any] = {"default": env.db_url_config(env.str("DATABASE_URL").strip())}
DATABASES["default"].update(
    {
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
    }
)
# A process that froze inside a transaction would hold its rows for ever, and whoever needs them would wait as long.
# To compile a query takes longer than any of ours does.
DATABASES["default"].setdefault("OPTIONS", {}).setdefault(
    "options", "-c idle_in_transaction_session_timeout=300s -c lock_timeout=30s -c jit=off"
)
REDIS_URL = env.str("REDIS_URL").strip()
# Limits and throttles live in PostgreSQL too: Valkey may vanish at any moment and must take no guard with it.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "django_cache",
        # Beyond its number of rows (300 by default) the cache throws counters away: whoever fills it would be free.
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# People ---------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
# E-mail addresses are unique without regard to case, by a constraint that this check does not know.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.password_rules.LengthRule"},
    {"NAME": "accounts.password_rules.GuessRule"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "landing"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.signup.SignupForm"
ACCOUNT_FORMS = {
    "login": "accounts.forms.address.AddressedLoginForm",
    "request_login_code": "accounts.forms.address.AddressedRequestLoginCodeForm",
    "signup": "accounts.forms.address.AddressedSignupForm",
    "change_email": "accounts.forms.address.AddressedChangeEmailForm",
    "reauthenticate": "accounts.forms.passwords.PasswordProofForm",
}
ACCOUNT_SIGNUP_REDIRECT_URL = "welcome"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# Tries from one address on the internet, and for one e-mail address; a minute later there are as many again.
_CODES_BY_MAIL = "10/m/ip,3/m/key"
ACCOUNT_RATE_LIMITS = {
    "login": "10/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "request_login_code": _CODES_BY_MAIL,
    "reset_password": _CODES_BY_MAIL,
    "signup": "10/m/ip",
}
# Answers to an address that somebody typed come at even moments, and mails leave beside them (accounts.even_answers).
ANSWER_STEP_SECONDS = 0 if LOCAL else 0.25
MAILS_BESIDE_ANSWERS = not LOCAL
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = int(OWN_MATTERS.total_seconds())
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
MFA_ADAPTER = "accounts.mfa.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = True
# A passkey may stand alone, so the device asks for a finger, a face or a PIN.
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = SITE_NAME
MFA_FORMS = {
    "activate_totp": "accounts.forms.second_factor.ActivateAppForm",
    "add_webauthn": "accounts.forms.second_factor.AddPasskeyForm",
    "edit_webauthn": "accounts.forms.second_factor.EditPasskeyForm",
}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = LOCAL
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
USERSESSIONS_TRACK_ACTIVITY = False

# Notices: the ways on which they reach members; mail comes first and reaches everybody ------------------------

NOTICE_CHANNELS = ["matching.channels.mail.Mail", "matching.channels.push.Push"]
# The site's key towards push services: 32 random bytes in URL-safe base64. Without one, push is not offered.
VAPID_PRIVATE_KEY = embedded.vapid_key() if LOCAL else env.str("VAPID_PRIVATE_KEY", default="").strip()
# Hosts that may be written to; "*." stands for one name or more. Members' browsers name the address, so nothing else
# may ever be called.
PUSH_HOSTS = env.list(
    "PUSH_HOSTS",
    default=["fcm.googleapis.com", "updates.push.services.mozilla.com", "*.push.apple.com", "*.notify.windows.com"],
)

# Mail -----------------------------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"{SITE_NAME} <hello@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Whom a push service may write to when something of ours troubles it.
VAPID_SUBJECT = env.str("VAPID_SUBJECT", default=f"mailto:{parseaddr(DEFAULT_FROM_EMAIL)[1]}")
if LOCAL and "EMAIL_URL" not in os.environ:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = env.str("EMAIL_FILE_PATH", default=str(embedded.data_folder() / "mail"))
else:
    EMAIL_URL = env.str("EMAIL_URL").strip()
    vars().update(mail.provider_settings(EMAIL_URL) or env.email_url_config(EMAIL_URL))
EMAIL_TIMEOUT = mail.SECONDS

# Words and time -------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish")), ("fr", _("French"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"
# The demo and the browser tests let time pass by writing seconds into this file; production has none.
CLOCK_SHIFT_FILE = embedded.data_folder() / "clock" if LOCAL else None

# Static files ---------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
# Locally files are served from where they are; an image collects, compresses and fingerprints them.
STATIC_ROOT = None if LOCAL else env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = LOCAL
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if LOCAL
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# The web --------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
        "worker-src": [SELF],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "accounts.cookies.MessageStorage"
MESSAGES_COOKIE_NAME, THEME_COOKIE_NAME = "messages", "theme"
KEEPER_COOKIE_NAME, DRAFT_COOKIE_NAME = "keeper", "draft"
CSRF_FAILURE_VIEW = "accounts.views.errors.token_is_old"
# The longest idle time of any role; accounts.roles has the others.
SESSION_COOKIE_AGE = 30 * 24 * 3600
DATA_UPLOAD_MAX_MEMORY_SIZE = 512 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400
if not LOCAL:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    # Browsers take a cookie of such a name only over https, for this very host and the whole of it.
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    LANGUAGE_COOKIE_NAME = "__Host-language"
    MESSAGES_COOKIE_NAME, THEME_COOKIE_NAME = "__Host-messages", "__Host-theme"
    KEEPER_COOKIE_NAME, DRAFT_COOKIE_NAME = "__Host-keeper", "__Host-draft"
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz/$"]
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    if ALLAUTH_TRUSTED_PROXY_COUNT:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Workers --------------------------------------------------------------------------------------------------

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10.0
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "socket_timeout": 10,
    "socket_connect_timeout": 5,
    # Whoever wakes a worker tries once: nobody waits at a page because the broker is gone, the tick sends anyway.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
}
# An expired tick is dropped: after an outage one tick catches up, a thousand stale ones would only get in its way.
TICK_SECONDS = env.int("TICK_SECONDS", default=15)
CELERY_BEAT_SCHEDULE = {
    name: {"task": f"matching.tasks.{name}", "schedule": TICK_SECONDS, "options": {"expires": 2 * TICK_SECONDS}}
    for name in (
        "beat_heart",
        "expire_offers",
        "carry_out_decisions",
        "remind_due",
        "tell_milestones",
        "send_outbox",
        "solve_rounds",
        "link_audit",
        "tend_recruiting",
    )
}
# Nothing of these is a matter of seconds.
CELERY_BEAT_SCHEDULE |= {
    name: {"task": f"matching.tasks.{name}", "schedule": 60, "options": {"expires": 120}}
    for name in (
        "watch_silence",
        "watch_bridges",
        "write_digests",
        "ask_roster",
        "watch_terms",
        "watch_numbers",
        "send_invitations",
        "carry_on_handovers",
        "settle_suspensions",
        "tend_lists",
        "send_invitees",
        "send_bridge_invitations",
    )
}
CELERY_BEAT_SCHEDULE["forget"] = {"task": "matching.tasks.forget", "schedule": 3600, "options": {"expires": 3600}}

# Of newcomers and sponsors: a search among so many is done while the coordinator waits, among more by a worker.
PAIRS_AT_ONCE = env.int("PAIRS_AT_ONCE", default=200_000)

# What Prometheus has to show at /metrics; without one the address does not exist.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="").strip()

# Logs: only what is on a list; nobody's words, addresses or tokens --------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"scrubbed": {"()": "recovery_match.logs.Scrubbed"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "scrubbed"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        # Named, so that Django's own handlers go, which know no such list.
        "django": {"level": "INFO"},
        "django.server": {"level": "INFO", "propagate": True},
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "ERROR"},
        # It would name the addresses of members' devices.
        "urllib3": {"level": "ERROR"},
        # It would name the passkeys that are made and used.
        "fido2": {"level": "ERROR"},
        "celery.app.trace": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
    },
}
