"""Settings. Everything an operator may change is an environment variable, listed in docs/operation.md.

The database is never started from here: DATABASE_URL names it, or script/manage sets it.
"""

import os
from importlib.util import find_spec
from pathlib import Path

from csp.constants import NONE, SELF

from config import environment, logs
from config.accounts import *  # noqa: F403 - the settings of logging in
from config.accounts import OIDC_PROVIDERS

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("VAR_DIR", BASE_DIR / "var"))
NODE_MODULES = BASE_DIR / "node_modules"

# script/server sets LOCAL=1: plain http on this machine only, secret kept in a file under var/.
LOCAL = environment.boolean("LOCAL", False)
DEBUG = environment.boolean("DEBUG", False)
if DEBUG and not LOCAL:
    raise environment.BadEnvironment("DEBUG must be 0 on a server: its pages show source and data")
SECRET_KEY = environment.secret("SECRET_KEY", VAR_DIR / "secret_key" if LOCAL else None)
# The installation's own address, also for links in mail. Without it a mail says the name of the page.
BASE_URL = environment.own_address("BASE_URL", server=not LOCAL)
ALLOWED_HOSTS = environment.host_names("ALLOWED_HOSTS", BASE_URL, server=not LOCAL)
CSRF_TRUSTED_ORIGINS = environment.origins("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "municipalities",
    "financing",
    "agreements",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "crispy_forms",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "municipalities.request_ids.RequestIdMiddleware",
    "config.request_log.RequestLogMiddleware",
    "config.headers.HeadersMiddleware",
    "config.metrics.MetricsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    # Files are answered for by WhiteNoise: what is above it holds for them too.
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    # Everything needs a login unless a view says otherwise: a new page is closed by default.
    "municipalities.kept.KeepingLoginRequiredMiddleware",
    "municipalities.demonstration.NoDemonstrationMiddleware",
    "municipalities.accounts.second_factor.RequireSecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "municipalities.accounts.sessions.SeenMiddleware",
    "municipalities.kept.KeepTypedMiddleware",
    "municipalities.accounts.confirming.ConfirmingMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {
    "default": environment.database(
        "DATABASE_URL",
        default="postgresql:///samarbeidsavtaler" if LOCAL else "",
        pooled=environment.boolean("DATABASE_POOLED", False),
    )
}
DATABASES["default"]["ATOMIC_REQUESTS"] = False  # each service says where its transaction ends
# A database machine that is gone, rather than stopped, says nothing: give up soon, and say so.
DATABASES["default"]["OPTIONS"] = {
    "connect_timeout": 5,  # seconds
    "tcp_user_timeout": 20_000,  # milliseconds
    **DATABASES["default"].get("OPTIONS", {}),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Links in the footer, shown where they are set: the statement comes from uustatus.no.
ACCESSIBILITY_STATEMENT_URL = environment.link("ACCESSIBILITY_STATEMENT_URL")
FEEDBACK_EMAIL = environment.mailbox("FEEDBACK_EMAIL")

# Mail. Without a server nothing is sent; on this machine mails are files under var/mail.
_MAIL_SERVER = environment.mail_server("EMAIL_URL")
SENDS_MAIL = bool(_MAIL_SERVER) or LOCAL
EMAIL_HOST = _MAIL_SERVER.get("EMAIL_HOST", "localhost")
EMAIL_PORT = _MAIL_SERVER.get("EMAIL_PORT", 25)
EMAIL_HOST_USER = _MAIL_SERVER.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = _MAIL_SERVER.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = _MAIL_SERVER.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _MAIL_SERVER.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 30  # seconds
EMAIL_FILE_PATH = VAR_DIR / "mail"
if LOCAL and not _MAIL_SERVER:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
DEFAULT_FROM_EMAIL = environment.sender(
    "DEFAULT_FROM_EMAIL",
    "Samarbeidsavtaler <avtaler@localhost>",
    needed=bool(_MAIL_SERVER) and not LOCAL,
)

# The task queue, on the same database. `manage.py procrastinate worker` does the work.
PROCRASTINATE_WORKER_DEFAULTS = {"delete_jobs": "successful"}

# Where municipalities and their inhabitants are fetched from: Statistics Norway's tables (PxWebApi v2)
# and classifications (Klass v1).
STATISTICS_TABLES_URL = environment.address(
    "STATISTICS_TABLES_URL", "https://data.ssb.no/api/pxwebapi/v2/"
)
STATISTICS_CLASSIFICATIONS_URL = environment.address(
    "STATISTICS_CLASSIFICATIONS_URL", "https://data.ssb.no/api/klass/v1/"
)

# What one PDF may take, in seconds and in megabytes of memory: see municipalities/apart/process.py.
PDF_TIME_LIMIT = environment.whole_number("PDF_TIME_LIMIT", 60, 5, 600)
PDF_MEMORY_LIMIT = environment.whole_number("PDF_MEMORY_LIMIT", 1000, 400, 16_000)

# The interface is Norwegian bokmål for everybody: LocaleMiddleware is left out on purpose, as it
# gave an English-language browser English errors on a Norwegian page.
LANGUAGE_CODE = "nb"
TIME_ZONE = "Europe/Oslo"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False

# Tiptap comes as one ES module in this package; nothing else of it is used, so it is no app here.
PROSE_EDITOR = Path(str(find_spec("django_prose_editor").origin)).parent

STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT", BASE_DIR / "staticfiles"))
if LOCAL:
    # Nothing is collected here: files are served where they lie. WhiteNoise warns of a missing folder.
    STATIC_ROOT = VAR_DIR / "static"
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("vendor/designsystemet-css", NODE_MODULES / "@digdir/designsystemet-css/dist"),
    ("vendor/designsystemet-web", NODE_MODULES / "@digdir/designsystemet-web/dist/umd"),
    ("vendor/inter", NODE_MODULES / "inter-ui/variable"),
    ("vendor/prose-editor", PROSE_EDITOR / "static/django_prose_editor"),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # files live in PostgreSQL
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if LOCAL
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = LOCAL

CRISPY_ALLOWED_TEMPLATE_PACKS = ("designsystemet",)
CRISPY_TEMPLATE_PACK = "designsystemet"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # Designsystemet's icons are mask images in its css
        "font-src": [SELF],
        "connect-src": [SELF],
        # The button «Logg inn med …» leads to a provider.
        "form-action": [SELF, *(origin for one in OIDC_PROVIDERS for origin in one.origins)],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
CSRF_FAILURE_VIEW = "municipalities.kept.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 60 * 60 * 12
if not LOCAL:
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    # Browsers take a cookie of such a name from this very host over https, and from nowhere else.
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    SECURE_SSL_REDIRECT = environment.boolean("SSL_REDIRECT", True)
    # A load balancer asks these over plain http.
    SECURE_REDIRECT_EXEMPT = [r"^health/(ready/)?$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_HANDLERS = [
    "municipalities.uploads.CappedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

LOG_FORMAT = environment.one_of("LOG_FORMAT", logs.FORMATS, "lines" if LOCAL else "json")
LOGGING = logs.configuration(LOG_FORMAT, local=LOCAL)
# Who may read /metrics; without it nobody.
METRICS_TOKEN = environment.token("METRICS_TOKEN", 20)
