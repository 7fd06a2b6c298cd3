"""Settings shared by every installation; the demo and the tests use them as they are."""

import importlib.util
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from django_guid.integrations import CeleryIntegration

from ivig_monitor.logs import logging_settings
from ivig_monitor.settings.keys import patient_keys, patient_search_secret
from ivig_monitor.settings.servers import database_url, parse_database_url, parse_redis_url, redis_url

BASE_DIR = Path(__file__).resolve().parents[2]
DEFAULT_SECRET_KEY = "not-secret-for-commands-that-sign-nothing"  # nosec B105  # production refuses it


def flag(name: str) -> bool:
    """Whether an environment variable says yes."""
    return os.environ.get(name, "").lower() in {"1", "true", "yes", "on"}


def words(name: str, default: str = "") -> list[str]:
    """The comma-separated values of an environment variable."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def package_files(package: str, folder: str) -> Path:
    """A folder inside an installed package, found without importing it."""
    found = importlib.util.find_spec(package)
    assert found is not None and found.origin is not None
    return Path(found.origin).parent / folder


DEBUG = flag("DEBUG")
SECRET_KEY = os.environ.get("SECRET_KEY") or DEFAULT_SECRET_KEY
# What names a patient lies sealed under these (docs/data-protection.md). The secret by which patients are found stays.
PATIENT_KEYS = patient_keys(os.environ)
PATIENT_SEARCH_SECRET = patient_search_secret(os.environ)
ALLOWED_HOSTS = words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
# The sign-in page lists these; only the demo launcher sets the variable.
DEMO_ACCOUNTS = "ivig_monitor.demo_accounts.DEMO_ACCOUNTS" if flag("IVIG_DEMO") else ""

INSTALLED_APPS = [
    "apps.accounts.admin_config.HouseAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "channels",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "pgtrigger",
    "django_guid",
    "ivig_monitor",
    "apps.edge",
    "apps.ledger",
    "apps.vigilance",
    "apps.audit",
    "apps.accounts",
    "apps.identity",
    "apps.machines",
    "apps.devices",
    "apps.guidelines",
    "apps.patients",
    "apps.alerts",
    "apps.courses",
    "apps.infusions",
    "apps.laboratory",
    "apps.followups",
    "apps.selfreport",
    "apps.discharge",
    "apps.lots",
    "apps.signals",
    "apps.meddra",
    "apps.safety",
    "apps.cases",
    "apps.submissions",
    "apps.inspection",
    "apps.retention",
    "apps.dashboard",
]
MIDDLEWARE = [
    "django_guid.middleware.guid_middleware",
    "django.middleware.security.SecurityMiddleware",
    "ivig_monitor.storage_errors.StorageErrors",
    "csp.middleware.CSPMiddleware",
    "apps.edge.headers.WebHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "apps.edge.limits.RequestLimits",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "apps.edge.door.DoorMiddleware",
    "apps.edge.origin.OriginMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "apps.edge.rights.RightsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "apps.devices.middleware.DeviceMiddleware",
    "apps.devices.middleware.ScreenLockMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "apps.audit.door.ReadingsMiddleware",
]
ROOT_URLCONF = "ivig_monitor.urls"
ASGI_APPLICATION = "ivig_monitor.asgi.application"
WSGI_APPLICATION = "ivig_monitor.wsgi.application"
LEDGER_WIRING = "ivig_monitor.wiring"
# The door sits below the accounts: who may come, and which of the numbers named are somebody else's.
RIGHTS = "apps.accounts.guarding.judge"
# The audit sits below them, too: which patients were opened to a person in an emergency.
EMERGENCIES = "apps.accounts.emergency.opened_to"
RIGHTS_FOREIGN = "apps.accounts.guarding.foreign"
RIGHTS_OBJECTS = "ivig_monitor.objects.OBJECTS"
# Accounts sit below the guidelines; the administrator's page asks for the names through here.
SPECIALTY_CHOICES = "apps.guidelines.choices.specialty_choices"

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
                "apps.dashboard.context.shell",
                "apps.devices.context.screen_lock",
            ]
        },
    }
]

# Servers. Processes that serve many requests at once share a pool; the others keep their connection.
DATABASES: dict[str, dict[str, Any]] = {"default": parse_database_url(database_url())}
# A connection whose other end is silent is given up after some ten seconds, on both sides.
DATABASES["default"]["OPTIONS"] = {
    "connect_timeout": "5",
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "3",
    "tcp_user_timeout": "10000",  # milliseconds
    "options": "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3"
    " -c tcp_user_timeout=10000",
    **DATABASES["default"]["OPTIONS"],
}
if flag("IVIG_DATABASE_POOL"):
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 2, "max_size": 10, "timeout": 10}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 600
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS = parse_redis_url(redis_url())

CELERY_BROKER_URL = REDIS.broker_url
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # Longer than any task may run, else a running task is delivered again.
    "visibility_timeout": 60,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 5,
    "socket_timeout": 5,
    "socket_keepalive": True,
    # A connection that died without a word is replaced within about twice this.
    "health_check_interval": 5,
}
CELERY_TASK_TIME_LIMIT = 50
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_RESULT_EXPIRES = None  # no results, hence nothing for beat to clean up by a time of day
# Acknowledged when taken: beat calls each task again, while a late acknowledgement through a connection that Redis took
# with it ends the whole worker.
CELERY_TASK_ACKS_LATE = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Timers go on firing while Redis is away; claims in the database keep what is delivered again from doubling.
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "ivig_monitor.beat:SteadyScheduler"
# What expires is compared with the worker's clock: wide enough for two machines that disagree by some seconds.
CELERY_BEAT_SCHEDULE = {
    "tick": {"task": "apps.ledger.tasks.tick", "schedule": 1.0, "options": {"expires": 30}},
    "relay": {"task": "apps.ledger.tasks.relay", "schedule": 1.0, "options": {"expires": 30}},
    "forget-timers": {"task": "apps.ledger.tasks.forget_timers", "schedule": 3600.0},
    "close-days": {"task": "apps.audit.tasks.close_days", "schedule": 3600.0},
}

# Where an alert goes that nobody takes, and the service's own trouble. Only to hosts that are listed.
PUBLIC_URL = os.environ.get("PUBLIC_URL", "").rstrip("/")
ALERT_FALLBACK_URL = os.environ.get("ALERT_FALLBACK_URL", "")
ALERT_FALLBACK_EMAIL = os.environ.get("ALERT_FALLBACK_EMAIL", "")
ALERT_FALLBACK_SMTP_URL = os.environ.get("ALERT_FALLBACK_SMTP_URL", "")
ALERT_FALLBACK_FROM = os.environ.get("ALERT_FALLBACK_FROM", "")
ALERT_FALLBACK_ALLOWED_HOSTS = words("ALERT_FALLBACK_ALLOWED_HOSTS")
ALERT_FALLBACK_LANGUAGE = os.environ.get("ALERT_FALLBACK_LANGUAGE") or "en"
ADMINISTRATOR_URL = os.environ.get("ADMINISTRATOR_URL", "")
ADMINISTRATOR_EMAIL = os.environ.get("ADMINISTRATOR_EMAIL", "")

# Patients who report from home: whom they call, how a link reaches them, how long it opens after the last check.
EMERGENCY_NUMBER = os.environ.get("EMERGENCY_NUMBER", "")  # of the country: 113 in Norway, 115 in Iran
HOSPITAL_NUMBER = os.environ.get("HOSPITAL_NUMBER", "")  # answered at any hour
PATIENT_SMTP_URL = os.environ.get("PATIENT_SMTP_URL", "")
PATIENT_MAIL_FROM = os.environ.get("PATIENT_MAIL_FROM", "")
PATIENT_SMS_URL = os.environ.get("PATIENT_SMS_URL", "")
_hours = os.environ.get("SELF_REPORT_GRACE_HOURS", "")
SELF_REPORT_GRACE_HOURS = int(_hours) if _hours.isascii() and _hours.isdigit() else 48
# Cases of pharmacovigilance: who sends them, what may leave the house, whose clocks run.
CASE_COUNTRY = os.environ.get("CASE_COUNTRY", "").strip().upper()  # ISO 3166-1: NO, IR
CASE_ORGANISATION_CODE = (
    os.environ.get("CASE_ORGANISATION_CODE", "").strip().upper()
)  # part of every case's number
CASE_ORGANISATION = os.environ.get("CASE_ORGANISATION", "").strip()
CASE_DEPARTMENT = os.environ.get("CASE_DEPARTMENT", "").strip()
CASE_CITY = os.environ.get("CASE_CITY", "").strip()
CASE_POSTCODE = os.environ.get("CASE_POSTCODE", "").strip()
CASE_TELEPHONE = os.environ.get("CASE_TELEPHONE", "").strip()
CASE_EMAIL = os.environ.get("CASE_EMAIL", "").strip()
CASE_SHOWS_INITIALS = flag("CASE_SHOWS_INITIALS")  # and the date of birth; otherwise both are masked
CASE_NAMES_REPORTER = flag("CASE_NAMES_REPORTER")
CASE_LANGUAGE = os.environ.get("CASE_LANGUAGE") or "en"  # of the ward's own words: en, nb or fa
CASE_REGIMES = words("CASE_REGIMES", "eu_post_marketing")  # codes of reporting_regimes.yaml
# Research: a secret of its own for pseudonyms (empty: SECRET_KEY), and how many patients a cell holds at least.
RESEARCH_SECRET = os.environ.get("RESEARCH_SECRET", "")
_patients = os.environ.get("RESEARCH_SMALLEST_CELL", "")
RESEARCH_SMALLEST_CELL = max(2, int(_patients)) if _patients.isascii() and _patients.isdigit() else 5
# How long things are kept: a YAML file in place of apps/retention/policy.yaml.
RETENTION_POLICY = os.environ.get("RETENTION_POLICY", "")
# Where cases are sent: a JSON file of receivers, and the hosts and private networks (10.20.0.0/16) a gateway may
# stand at; no other private address is reached.
SUBMISSION_RECEIVERS = os.environ.get("SUBMISSION_RECEIVERS", "")
SUBMISSION_GATEWAY_HOSTS = words("SUBMISSION_GATEWAY_HOSTS")
SUBMISSION_PRIVATE_NETWORKS = words("SUBMISSION_PRIVATE_NETWORKS")
# The header a proxy of ours overwrites with who asks; empty: nobody stands before the web processes.
CLIENT_ADDRESS_HEADER = ""

# People.
AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "apps.accounts.passwords.HouseWordsValidator"},
]
PASSWORD_WORDS = words("PASSWORD_WORDS")  # names of the hospital, its town, its wards
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in/"
SESSION_COOKIE_AGE = 12 * 60 * 60  # seconds: one shift
# Seals secrets of authenticators: the first key seals, all of them open. Without one SECRET_KEY does both.
IDENTITY_KEYS = words("IDENTITY_KEY") or [SECRET_KEY]
SECOND_FACTOR_ROLES = words("SECOND_FACTOR_ROLES")  # physician, pharmacovigilance, administrator, auditor
# The hospital's identity provider (docs/identity.md). Nothing is offered unless issuer, client and claim are set.
OIDC_ISSUER = os.environ.get("OIDC_ISSUER", "").strip()
OIDC_NAME = os.environ.get("OIDC_NAME", "").strip()  # what the button says
OIDC_CLIENT_ID = os.environ.get("OIDC_CLIENT_ID", "").strip()
OIDC_CLIENT_SECRET = os.environ.get("OIDC_CLIENT_SECRET", "")
OIDC_SCOPE = os.environ.get("OIDC_SCOPE", "").strip() or "openid profile email"
OIDC_CLAIM = os.environ.get("OIDC_CLAIM", "").strip()  # which claim names the account
OIDC_ACCOUNT_FIELD = os.environ.get("OIDC_ACCOUNT_FIELD", "").strip() or "username"  # or email
OIDC_ACR = words("OIDC_ACR")  # what the provider says when a second factor was used there
OIDC_AMR = words("OIDC_AMR")
DEVICE_COOKIE_NAME = "device"
# After how many minutes without a touch a page covers itself and the API answers 423; 0 is never.
_minutes = os.environ.get("SCREEN_LOCK_MINUTES", "")
SCREEN_LOCK_MINUTES = int(_minutes) if _minutes.isascii() and _minutes.isdigit() else 0

# API. Knox and Spectacular read their settings as dictionaries of their own.
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework.authentication.SessionAuthentication",
        "apps.edge.authentication.TokenAuthentication",
        "apps.machines.authentication.ServiceTokenAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["apps.edge.rights.DeclaredRight"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["apps.edge.parsers.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "apps.edge.schema.ApiSchema",
    "EXCEPTION_HANDLER": "ivig_monitor.api_errors.handle",
    "COERCE_DECIMAL_TO_STRING": True,
    "URL_FORMAT_OVERRIDE": None,  # `?format=` asks for nothing here
}
REST_KNOX = {"TOKEN_TTL": timedelta(hours=10)}
SPECTACULAR_SETTINGS = {
    "TITLE": "IVIG Monitor API",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {"ReactionOutcomeEnum": "apps.safety.domain.review.OUTCOMES"},
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "apps.edge.schema.with_refusals",
        "apps.edge.schema.answers_in_full_or_brief",
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

# Languages and times.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fa", _("Persian")), ("nb", _("Norwegian"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Assets come from this repository and from Python packages; there is no CDN.
STATIC_URL = "/static/"
STATICFILES_DIRS: list[Any] = [
    BASE_DIR / "static",
    ("vendor/fonts", package_files("fontpkg_noto_sans_arabic", "files")),
    ("vendor/uplot", package_files("youplot", "vendor")),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True

# Scripts are files of this origin, and text becomes markup in one module only. Why no nonces: docs/security.md.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],  # covers ws: and wss: to the same host
        "worker-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["ivig"],
    }
}
# Where browsers tell what the policy stopped; a path of the site's own collector.
if _reports := os.environ.get("CSP_REPORT_URI", ""):
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["report-uri"] = [_reports]
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# Short notices after a form travel with the session, never in a cookie.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
# Origins whose pages may open a socket; empty: those of ALLOWED_HOSTS, on any port.
SOCKET_ORIGINS: list[str] = []
# Requests per second that one person's sign-in may make, lastingly; 0: not limited (tests and measurements).
REQUESTS_PER_SECOND = 0
VIEW_COOKIE_NAME = "board_view"

# The watch over the service itself. Places that must be writable; who is told: "module.function" taking a text.
VIGILANCE_DISKS = words("VIGILANCE_DISKS", str(BASE_DIR))
VIGILANCE_NOTIFY = os.environ.get(
    "VIGILANCE_NOTIFY", "apps.alerts.delivery.administrator.notify_administrator"
)
# Prometheus sends it as a bearer token; without one there is no /metrics.
METRICS_TOKEN = os.environ.get("METRICS_TOKEN", "")

# The directory of ICH's schemas for E2B(R3), which may not be passed on; without it reports are checked by the
# business rules alone.
E2B_SCHEMAS = os.environ.get("IVIG_E2B_SCHEMAS", "")

# One JSON object a line; IVIG_PLAIN_LOGS for a person who reads along at a terminal.
LOGGING = logging_settings(plain=flag("IVIG_PLAIN_LOGS"))
# The id of a request goes with every line, every answer and the tasks that follow from it.
DJANGO_GUID = {
    "GUID_HEADER_NAME": "X-Request-ID",
    "VALIDATE_GUID": True,
    "RETURN_HEADER": True,
    "EXPOSE_HEADER": False,
    "INTEGRATIONS": [CeleryIntegration(log_parent=True, use_django_logging=True)],
}
