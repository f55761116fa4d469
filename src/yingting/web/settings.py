"""Settings. Everything that differs between installations comes from the environment; `docs/settings.md` lists it.

YINGTING_DATA_DIR      folder for database, secret key, lake, collected static files (default: ./var)
YINGTING_DATABASE_URL  sqlite:///FILE or postgresql://USER:PASSWORD@HOST:PORT/NAME (default: SQLite in the data folder)
YINGTING_SECRET_KEY    signing key (default: made once and kept in the data folder)
YINGTING_EARLIER_SECRET_KEYS  keys from before, comma separated: what they sealed and signed still opens
YINGTING_HOSTS         host names that the server answers to, comma separated (default: all, for a hall's own network)
YINGTING_HTTPS         1 when served behind TLS: cookies then travel on TLS only
YINGTING_LIVE_URL      address of the stream process as browsers see it (default: same host, the port after the web port)
YINGTING_LIVE_PORT     port of the stream process (default 8001)
YINGTING_PUBLIC_URL    address under which customers' phones reach this server, for QR codes (default: the host asked for)
YINGTING_DEMO          1 in a demo hall: the first page lists sign-ins, and the clock may be set
YINGTING_UPLOAD_LIMIT_MB  largest upload (default 50)
YINGTING_TWIN_PROCESSES  processes for a question to the twins of many halls (default: one less than processors)
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext_lazy as _

DATA_DIR = Path(os.environ.get("YINGTING_DATA_DIR", "var")).resolve()
TESTING = os.environ.get("YINGTING_TESTING") == "1"
DEBUG = False


def _secret_keys() -> list[str]:
    """The present key first, then earlier ones: from the environment, else the lines of a file that is made once."""
    earlier = [key for key in os.environ.get("YINGTING_EARLIER_SECRET_KEYS", "").split(",") if key]
    if key := os.environ.get("YINGTING_SECRET_KEY"):
        return [key, *earlier]
    if TESTING:
        return ["only-for-tests"]
    kept = DATA_DIR / "secret.key"
    if not kept.exists():
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
                file.write(secrets.token_urlsafe(50))
        except FileExistsError:
            pass  # another process of the same start was first; its key is the key
    return [*kept.read_text(encoding="ascii").split(), *earlier]


def _database() -> dict[str, object]:
    url = urlsplit(os.environ.get("YINGTING_DATABASE_URL") or f"sqlite:///{DATA_DIR / 'yingting.sqlite3'}")
    if url.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": url.path[1:] if url.path.startswith("//") else url.path,
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # FULL: an acknowledged ticket survives a power cut, not only a crash of the process.
                "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA cache_size=-16000;",
            },
            "TEST": {"NAME": os.environ.get("YINGTING_TEST_DB") or None},
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path[1:]),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        # A query such as ?host=/run/postgresql reaches a server by its socket.
        "HOST": dict(part.split("=", 1) for part in url.query.split("&") if part).get("host") or url.hostname or "",
        "PORT": url.port or "",
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "server_side_binding": True,
            "prepare_threshold": 3,
            # Short statements over indexes: planning them anew each time costs more than running them, and so does compiling.
            "options": "-c plan_cache_mode=force_generic_plan -c jit=off",
        },
    }


SECRET_KEY, *SECRET_KEY_FALLBACKS = _secret_keys()
ALLOWED_HOSTS = os.environ.get("YINGTING_HOSTS", "*").split(",")
DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_tasks",
    "django_tasks_db",
    "yingting.foundation.journal",
    "yingting.foundation.live",
    "yingting.foundation.sites",
    "yingting.foundation.people",
    "yingting.foundation.rulebook",
    "yingting.foundation.notify",
    "yingting.foundation.privacy",
    "yingting.foundation.texts",
    "yingting.foundation.evidence",
    "yingting.foundation.calendars",
    "yingting.foundation.catalogue",
    "yingting.foundation.lake",
    "yingting.foundation.alerting",
    "yingting.foundation.editing",
    "yingting.foundation.customers",
    "yingting.domains.queueing",
    "yingting.domains.peaks",
    "yingting.domains.floor",
    "yingting.domains.takings",
    "yingting.domains.selling",
    "yingting.domains.appointments",
    "yingting.domains.cases",
    "yingting.domains.detection",
    "yingting.domains.voices",
    "yingting.domains.shifts",
    "yingting.domains.relations",
    "yingting.reporting",
    "yingting.reporting.bulletins",
    "yingting.reporting.scorecards",
    "yingting.planning",
    "yingting.planning.twins",
    "yingting.planning.rosters",
    "yingting.web",
]

MIDDLEWARE = [
    "yingting.web.middleware.security_headers",
    "yingting.web.middleware.api_first",  # API requests turn off here; the rest is for pages
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "yingting.web.middleware.Refusals",
    "yingting.web.middleware.ActorOfPage",
]
# Requests below it are answered by the API: without session, forms and pages.
API_PREFIX = "/api/"
ROOT_URLCONF = "yingting.web.urls"
WSGI_APPLICATION = "yingting.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "yingting.web.context.house",
            ],
            "builtins": ["yingting.web.templatetags.house"],
        },
    }
]

AUTH_USER_MODEL = "people.Person"
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
if TESTING:
    # Argon2 is slow on purpose; tests sign in hundreds of times.
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_COOKIE_AGE = 12 * 3600  # a working day; a shared counter PC must not stay signed in overnight
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = os.environ.get("YINGTING_HTTPS") == "1"
SESSION_COOKIE_NAME = "yingting"
CSRF_COOKIE_NAME = "yingting_csrf"
LANGUAGE_COOKIE_NAME = "yingting_language"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
USE_I18N = USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    },
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 20000}}}

LAKE_DIR = DATA_DIR / "lake"
PROOFS_DIR = DATA_DIR / "proofs"
# How much longer than usual a reader waits for figures to catch up: a slow machine may change no number in a test.
PATIENCE = 60 if TESTING else 1
# Processes that a question to the twins of many halls may keep busy; one processor is left to the pages.
TWIN_PROCESSES = int(os.environ.get("YINGTING_TWIN_PROCESSES") or max(1, (os.cpu_count() or 1) - 1))
UPLOAD_LIMIT_MB = int(os.environ.get("YINGTING_UPLOAD_LIMIT_MB", "50"))
FILE_UPLOAD_MAX_MEMORY_SIZE = 1 << 20
DATA_UPLOAD_MAX_MEMORY_SIZE = 1 << 20
DEMO = os.environ.get("YINGTING_DEMO") == "1"
LIVE_PORT = int(os.environ.get("YINGTING_LIVE_PORT", "8001"))
LIVE_URL = os.environ.get("YINGTING_LIVE_URL", "")
PUBLIC_URL = os.environ.get("YINGTING_PUBLIC_URL", "")
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SILENCED_SYSTEM_CHECKS: list[str] = []
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "class": "yingting.foundation.privacy.log_lines.MaskingFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"yingting": {"level": "INFO"}},
}
