"""The site that the tests run in: small, fast, and no kinder than a real one.

The database is SQLite in memory unless HELPDESK_TEST_DB says ``postgres`` or
``mariadb``; their address is the loopback's unless HELPDESK_TEST_DB_HOST, _PORT,
_USER, _PASSWORD and _NAME say otherwise. With SQLite, HELPDESK_TEST_DB_NAME is a file
that ``pytest --reuse-db`` finds again, which saves the time it takes to build one.
"""

import os
import tempfile
from pathlib import Path

import django

BASE_DIR = Path(__file__).resolve().parent
#: One directory for each process; removed when that process ends (conftest.py).
SCRATCH_DIR = Path(tempfile.mkdtemp(prefix="helpdesk-tests-"))

SECRET_KEY = "not a secret: the tests' own key"
DEBUG = False
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1", "desk.example"]
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "tests.urls"
STATIC_URL = "/static/"
MEDIA_URL = "/media/"
MEDIA_ROOT = SCRATCH_DIR / "media"

INSTALLED_APPS = [
    "tests",
    "wagtail_helpdesk",
    "wagtail_helpdesk.portal",
    "anymail",
    "django_q",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.routable_page",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
            ],
        },
    },
]

_SERVERS = {
    "postgres": ("django.db.backends.postgresql", "5432", "postgres"),
    "mariadb": ("django.db.backends.mysql", "3306", "root"),
}
DATABASE_KIND = os.environ.get("HELPDESK_TEST_DB", "sqlite")

if DATABASE_KIND == "sqlite":
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": SCRATCH_DIR / "helpdesk.sqlite3",
            "TEST": {"NAME": os.environ.get("HELPDESK_TEST_DB_NAME")},
        }
    }
else:
    _engine, _port, _user = _SERVERS[DATABASE_KIND]
    DATABASES = {
        "default": {
            "ENGINE": _engine,
            "NAME": os.environ.get("HELPDESK_TEST_DB_NAME", "wagtail_helpdesk"),
            "USER": os.environ.get("HELPDESK_TEST_DB_USER", _user),
            "PASSWORD": os.environ.get("HELPDESK_TEST_DB_PASSWORD", ""),
            "HOST": os.environ.get("HELPDESK_TEST_DB_HOST", "127.0.0.1"),
            "PORT": os.environ.get("HELPDESK_TEST_DB_PORT", _port),
        }
    }
    if DATABASE_KIND == "postgres":
        INSTALLED_APPS.append("django.contrib.postgres")
    else:
        DATABASES["default"]["OPTIONS"] = {"charset": "utf8mb4"}
        DATABASES["default"]["TEST"] = {"CHARSET": "utf8mb4"}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "wagtail_helpdesk": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": SCRATCH_DIR / "private",
            "base_url": None,
            "file_permissions_mode": 0o600,
        },
    },
}

DEFAULT_FROM_EMAIL = "desk@desk.example"
if django.VERSION >= (6, 1):
    MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
else:
    EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

#: What a webhook call must bring as basic authentication.
WEBHOOK_SECRET = "provider:a-made-up-secret"
ANYMAIL = {
    "WEBHOOK_SECRET": WEBHOOK_SECRET,
    "MAILERSEND_INBOUND_SECRET": "made-up-mailersend-secret",
    "MAILGUN_WEBHOOK_SIGNING_KEY": "made-up-mailgun-key",
    "MANDRILL_WEBHOOK_KEY": "made-up-mandrill-key",
}

#: ``sync`` runs a task where it is queued, which is after the commit. The fixture
#: ``task_queue`` (conftest.py) turns it off for tests of the queue itself.
Q_CLUSTER = {
    "name": "helpdesk-tests",
    "orm": "default",
    "sync": True,
    "timeout": 60,
    "retry": 300,
    "max_attempts": 3,
    "catch_up": False,
    "log_level": "ERROR",
}

WAGTAIL_SITE_NAME = "Tests"
WAGTAILADMIN_BASE_URL = "https://desk.example"
WAGTAILADMIN_GLOBAL_EDIT_LOCK = False
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

WAGTAIL_HELPDESK = {
    "BASE_URL": "https://desk.example",
    "REPLY_DOMAIN": "reply.desk.example",
    "INBOUND_PROVIDERS": [
        "amazon_ses",
        "brevo",
        "mailersend",
        "mailgun",
        "mailjet",
        "mailtrap",
        "mandrill",
        "postal",
        "postmark",
        "resend",
        "sendgrid",
        "sparkpost",
    ],
}
