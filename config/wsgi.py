"""WSGI entry point for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

from config.environment import check_collected, ends_with_a_sentence

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# gunicorn starts a worker that ends again and again, unless it ends with 3: it cannot start.
with ends_with_a_sentence(3):
    application = get_wsgi_application()

    from django.conf import settings

    if not settings.LOCAL:
        check_collected(settings.STATIC_ROOT)

    from agreements.documents import bounded

    bounded.warm_up()
