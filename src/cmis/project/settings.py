"""Django settings. Everything that differs between installations comes from the environment.

``docs/reference/settings.md`` is generated from the ``setting(...)`` calls below.
"""

import os
from pathlib import Path

from csp.constants import NONE, SELF

from cmis.project.home import database, home, secret_key


def setting(name: str, default: str, meaning: str) -> str:
    """An environment variable with its default; ``meaning`` goes into the reference."""
    assert meaning
    return os.environ.get(name, default)


PACKAGE = Path(__file__).resolve().parent.parent
CMIS_HOME = home()
DATABASES = {
    "default": database(
        setting("CMIS_DATABASE_URL", "", "Database address; empty: SQLite under CMIS_HOME."),
        CMIS_HOME,
    )
}
SECRET_KEY = secret_key(CMIS_HOME)
DEBUG = setting("CMIS_DEBUG", "0", "1: show tracebacks in the browser. Never in production.") == "1"
ALLOWED_HOSTS = setting(
    "CMIS_HOSTS", "127.0.0.1,localhost,[::1],testserver", "Host names the web pages answer to."
).split(",")
HTTPS = setting("CMIS_HTTPS", "0", "1: served behind TLS; cookies only over HTTPS, HSTS on.") == "1"

CMIS_TRUSTED_PROXY = setting(
    "CMIS_TRUSTED_PROXY", "", "Address of the TLS proxy whose X-Forwarded-For is believed."
)

CMIS_CLOCK = setting(
    "CMIS_CLOCK", "", "A fixed time (2026-07-13T01:00:00+07:00) for rehearsals; empty: real time."
)
CMIS_DROP = Path(
    setting("CMIS_DROP", "", "Folder where returned books are dropped; empty: CMIS_HOME/drop.")
    or CMIS_HOME / "drop"
)
CMIS_WORKERS = int(
    setting("CMIS_WORKERS", "", "Processes of the night; empty: one per processor.")
    or os.cpu_count()
    or 1
)
CMIS_DEMO_SIGNING = (
    setting("CMIS_DEMO_SIGNING", "1", "0: never sign with a made-up demo key when none is set.")
    == "1"
)
CMIS_SIGNER = setting(
    "CMIS_SIGNER", "", "package.module:function that opens a signer (HSM, PKCS#11); empty: files."
)
CMIS_ALLOW_UNVERIFIED_PRICES = tuple(
    filter(
        None,
        setting(
            "CMIS_ALLOW_UNVERIFIED_PRICES",
            "",
            "Price items that may bill unverified: as 2699/QĐ-BCT SX_LT6, separated by commas.",
        ).split(","),
    )
)
CMIS_EMAIL_URL = setting(
    "CMIS_EMAIL_URL", "", "smtp://USER:PASSWORD@HOST:PORT or smtps://…; empty: files in CMIS_HOME."
)
CMIS_EMAIL_FROM = setting(
    "CMIS_EMAIL_FROM", "cskh@example.invalid", "Sender address of e-mail to customers."
)
CMIS_SMS_URL = setting(
    "CMIS_SMS_URL", "", "Address of the SMS gateway (HTTP POST, JSON); empty: files in CMIS_HOME."
)
CMIS_SMS_TOKEN = setting("CMIS_SMS_TOKEN", "", "Bearer token of the SMS gateway.")

INSTALLED_APPS = [
    "cmis.modules.translog",
    "cmis.modules.organisation",
    "cmis.modules.customers",
    "cmis.modules.metering",
    "cmis.modules.notifications",
    "cmis.modules.reading",
    "cmis.modules.billing",
    "cmis.modules.invoicing",
    "cmis.interfaces.ui",
    "cmis.interfaces.console",
    "cmis.interfaces.portal",
    "cmis.interfaces.api",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "csp",
    "django_htmx",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "cmis.interfaces.ui.middleware.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "cmis.project.urls"
WSGI_APPLICATION = "cmis.project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

AUTH_USER_MODEL = "organisation.Staff"
AUTHENTICATION_BACKENDS = ["cmis.modules.organisation.signing_in.StaffBackend"]
LOGIN_URL = "/console/login"
LOGIN_REDIRECT_URL = "/console/"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
FORMAT_MODULE_PATH = ["cmis.project.formats"]
USE_I18N = True
USE_THOUSAND_SEPARATOR = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STATIC_URL = "/static/"
STATIC_ROOT = None  # files are served from the packages by WhiteNoise
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 8 * 3600
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = False
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 70 * 1024 * 1024
SILENCED_SYSTEM_CHECKS: list[str] = []

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "cmis.project.logs.JsonLines"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line", "level": "WARNING"},
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
}
