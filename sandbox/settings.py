"""Settings of the sandbox: a small site that uses the package as a customer would.

It is a demonstration. The passwords are printed, the mailbox reads everybody's mail
and DEBUG is on: never serve it to anyone but yourself.
"""

import os
from pathlib import Path

import django

from sandbox.kept_secrets import kept_secret

SANDBOX_DIR = Path(__file__).resolve().parent
#: Everything that the sandbox writes. Delete it to begin anew.
VAR_DIR = Path(os.environ.get("SANDBOX_VAR") or SANDBOX_DIR / "var")
VAR_DIR.mkdir(parents=True, exist_ok=True)

PORT = os.environ.get("PORT") or "8000"
SITE_URL = f"http://127.0.0.1:{PORT}"

DEBUG = True
SECRET_KEY = kept_secret(VAR_DIR / "secret-key.txt")
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
# Cookies don't know ports: other projects on this computer keep theirs.
SESSION_COOKIE_NAME = "sandbox_sessionid"
CSRF_COOKIE_NAME = "sandbox_csrftoken"

INSTALLED_APPS = [
    "sandbox.home",
    "sandbox.desk",
    "sandbox.mailbox",
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
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

# Nothing but the site's own files. sandbox/csp.py says what Wagtail's admin needs more.
CONTENT_SECURITY_POLICY = {
    "default-src": ["'self'"],
    "object-src": ["'none'"],
    "base-uri": ["'self'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'self'"],
}
if django.VERSION >= (6, 0):
    SECURE_CSP = CONTENT_SECURITY_POLICY

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    (
        "django.middleware.csp.ContentSecurityPolicyMiddleware"
        if django.VERSION >= (6, 0)
        else "sandbox.csp.ContentSecurityPolicyMiddleware"
    ),
    "sandbox.csp.AdminPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "sandbox.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
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

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": VAR_DIR / "db.sqlite3",
        # Web server and cluster write side by side: readers don't wait (WAL), writers
        # wait for one another (timeout) and ask for the lock first (IMMEDIATE).
        "OPTIONS": {
            "timeout": 30,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Files, so that the web server and the cluster see the same cache.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": VAR_DIR / "cache",
    },
}

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
    # Attachments and stored mails: outside MEDIA_ROOT, so no URL leads to them.
    "wagtail_helpdesk": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": VAR_DIR / "private",
            "base_url": None,
            "file_permissions_mode": 0o600,
        },
    },
}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

# --- Wagtail ---------------------------------------------------------------------

WAGTAIL_SITE_NAME = "Museum of Everyday Things"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILSEARCH_BACKENDS = {
    "default": {"BACKEND": "wagtail.search.backends.database"},
}

# --- The help desk ---------------------------------------------------------------

DESK_DOMAIN = "everyday.example"
WAGTAIL_HELPDESK = {
    "BASE_URL": SITE_URL,
    "REPLY_DOMAIN": f"desk.{DESK_DOMAIN}",
    "INBOUND_PROVIDERS": ["postmark"],
    "PRIVATE_STORAGE": "wagtail_helpdesk",
}

# Made once and kept out of the repository, as a site keeps it out of its own.
ANYMAIL = {
    "WEBHOOK_SECRET": "postmark:" + kept_secret(VAR_DIR / "webhook-secret.txt"),
}
# A mail of 25 MB is a third larger in base64.
DATA_UPLOAD_MAX_MEMORY_SIZE = 40 * 1024 * 1024

DEFAULT_FROM_EMAIL = f"Museum of Everyday Things <help@{DESK_DOMAIN}>"
SERVER_EMAIL = f"server@{DESK_DOMAIN}"
if django.VERSION >= (6, 1):
    MAILERS = {"default": {"BACKEND": "sandbox.mailbox.backend.EmailBackend"}}
else:
    EMAIL_BACKEND = "sandbox.mailbox.backend.EmailBackend"

# A task that takes longer than `timeout` is ended; one that nobody finished is given
# out again after `retry`, which must be the longer of the two.
Q_CLUSTER = {
    "name": "sandbox",
    "label": "Task queue",
    "orm": "default",
    "workers": 2,
    "queue_limit": 20,
    "timeout": 120,
    "retry": 300,
    "max_attempts": 5,
    # Answers within half a second: someone sits in front of the mailbox and waits.
    "poll": 0.3,
    # Missed runs of a schedule are not made up for: each run finds all that is due.
    "catch_up": False,
    "save_limit": 500,
    "log_level": "WARNING",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"short": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "short"}},
    "loggers": {
        "wagtail_helpdesk": {"handlers": ["console"], "level": "INFO"},
        # An open mailbox asks for news every two seconds; only what fails is told.
        "django.server": {"level": "WARNING"},
    },
}
