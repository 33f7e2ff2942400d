"""Django settings. What an installation may change stands in environment variables:

``KUNDENSTAMM_HOME``, ``DATABASE_URL``, ``KUNDENSTAMM_HOSTS`` (comma-separated),
``KUNDENSTAMM_HTTPS=1`` behind a TLS proxy, ``KUNDENSTAMM_HSTS_SECONDS`` (with it; 31536000 is a
year), ``KUNDENSTAMM_DEBUG=1`` for development,
``KUNDENSTAMM_URL`` (how people reach the site, for links that a command prints),
``KUNDENSTAMM_DEMO=1`` (one-click sign-in, set by ``kundenstamm demo``) and
``KUNDENSTAMM_SECOND_FACTOR=off`` (for tests and the demo only). Those of mail and of single
sign-on stand in ``config.accounts``.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from kundenstamm.config.accounts import *  # noqa: F403
from kundenstamm.kit.database import django_database
from kundenstamm.kit.home import home, private_folder, write_private

PACKAGE = Path(__file__).resolve().parent.parent


def _secret_key() -> str:
    path = home() / "secret-key"
    if not path.exists():
        write_private(path, secrets.token_urlsafe(60))
    return path.read_text(encoding="utf-8")


DEBUG = os.environ.get("KUNDENSTAMM_DEBUG") == "1"
SECRET_KEY = _secret_key()
HTTPS = os.environ.get("KUNDENSTAMM_HTTPS") == "1"
ALLOWED_HOSTS = [
    "localhost",
    "127.0.0.1",
    "[::1]",
    *filter(None, os.environ.get("KUNDENSTAMM_HOSTS", "").split(",")),
]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if HTTPS]
SITE_URL = os.environ.get("KUNDENSTAMM_URL", "http://127.0.0.1:8000").rstrip("/")
DEMO = os.environ.get("KUNDENSTAMM_DEMO") == "1"
SECOND_FACTOR_DEMANDED = os.environ.get("KUNDENSTAMM_SECOND_FACTOR") != "off"
# The TLS proxy adds the visitor's address as the last one; without a proxy nobody is believed.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if HTTPS else 0

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "lucide",
    "procrastinate.contrib.django",
    "kundenstamm.guard",
    "kundenstamm.company",
    "kundenstamm.customers",
    "kundenstamm.ledger",
    "kundenstamm.care",
    "kundenstamm.serving",
    "kundenstamm.lifecycle",
    "kundenstamm.relations",
    "kundenstamm.chain",
    "kundenstamm.playbooks",
    "kundenstamm.pursuits",
    "kundenstamm.acquisition",
    "kundenstamm.terms",
    "kundenstamm.decisions",
    "kundenstamm.departures",
    "kundenstamm.today",
    "kundenstamm.importers",
    "kundenstamm.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Above all that may answer in a view's place.
    "kundenstamm.web.shell.security.SecurityHeaders",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "kundenstamm.web.guard.sessions.SeenSessions",
    "kundenstamm.web.guard.second_factor.SecondFactorDemanded",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "kundenstamm.web.guard.acting.OnBehalf",
]

ROOT_URLCONF = "kundenstamm.config.urls"
WSGI_APPLICATION = "kundenstamm.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton"],
            "libraries": {
                "figures": "kundenstamm.web.shell.figures",
                "company": "kundenstamm.web.company.tabs",
            },
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kundenstamm.web.shell.context.shell",
            ],
        },
    }
]

DATABASES = {"default": django_database()}
# The database role to step down to in each transaction, where the log-in is not the site's own.
DATABASE_WALL_ROLE = ""
# Attempts to sign in are counted here, so all processes must share it. Past MAX_ENTRIES old
# entries go, and nobody may get there by trying a few hundred mail addresses.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "guard_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
# Where the tip of the audit's chain is kept outside the database: see guard.audit.tips.
AUDIT_TIPS = os.environ.get("KUNDENSTAMM_AUDIT_TIPS", "")
AUDIT_TIP_COMMAND = os.environ.get("KUNDENSTAMM_AUDIT_TIP_COMMAND", "")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "sign-in"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "kundenstamm.guard.passwords.PersonalWords"},
    {"NAME": "kundenstamm.guard.passwords.KnownOrGuessable"},
    {"NAME": "kundenstamm.company.passwords.CompanyName"},
]

LANGUAGE_CODE = "de"
LANGUAGES = [("de", _("German")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
FORMAT_MODULE_PATH = ["kundenstamm.config.formats"]
USE_THOUSAND_SEPARATOR = True
USE_TZ = True
TIME_ZONE = "Europe/Berlin"

STATIC_URL = "static/"
STATIC_ROOT = home() / "static"
STATIC_GENERATED = home() / "static-generated"
STATIC_GENERATED.mkdir(exist_ok=True)
STATICFILES_DIRS = [PACKAGE / "web" / "static", STATIC_GENERATED]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = private_folder("uploads")
FILE_UPLOAD_TEMP_DIR = private_folder("uploading")
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_HANDLERS = [
    "kundenstamm.web.shell.uploading.Limited",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# Each domain's jobs stand in its jobs.py.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
# Browsers then refuse the site without TLS for so long, and nobody can take that back from here.
SECURE_HSTS_SECONDS = int(os.environ.get("KUNDENSTAMM_HSTS_SECONDS", "0")) if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
X_FRAME_OPTIONS = "DENY"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
