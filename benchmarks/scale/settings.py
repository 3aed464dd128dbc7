"""The program's own settings, with one page more, queries that are counted on demand, and no mail out."""

from config.settings import *
from config.settings import MIDDLEWARE as _MIDDLEWARE

ROOT_URLCONF = "benchmarks.scale.urls"
MIDDLEWARE = ["benchmarks.scale.counting.CountQueriesMiddleware", *_MIDDLEWARE]
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
