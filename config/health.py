"""The addresses a load balancer, the container and an alarm ask. Words without secrets, no login."""

from __future__ import annotations

from functools import cache

from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from agreements import documents
from config import task_queue

OK, UNKNOWN = "ok", "unknown"
ASK = """
    SELECT ({workers}), EXISTS (SELECT FROM ({due}) due WHERE since < now() - interval '10 minutes')
"""
WORKER = ASK.format(workers=task_queue.WORKERS, due=task_queue.DUE)


@login_not_required
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Answer 200 where the database answers, 503 where it does not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return HttpResponse("database unreachable\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Say what works, as JSON: 503 where pages or documents cannot be made, else 200.

    A worker that is away, and a queue that stands, are told and no more: pages work without, mail waits,
    and a load balancer that took the web away for it would only do harm.
    """
    documents_work = documents.available()
    needed = {
        "database": "unreachable",
        "migrations": UNKNOWN,
        "documents": OK if documents_work else "unavailable",
    }
    told = {"worker": UNKNOWN, "queue": UNKNOWN}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT app, name FROM django_migrations")
            applied = set(cursor.fetchall())
            needed["database"] = OK
            needed["migrations"] = OK if _last_migrations() <= applied else "not applied"
            if needed["migrations"] == OK:
                cursor.execute(WORKER)
                seen, stands = cursor.fetchone()
                told = {
                    "worker": OK if seen else "not seen for a minute",
                    "queue": "a job has waited for more than ten minutes" if stands else OK,
                }
    except Error:
        needed["database"] = "unreachable or not migrated"
    works = set(needed.values()) == {OK}
    answer = JsonResponse(needed | told, status=200 if works else 503)
    answer["Cache-Control"] = "no-store"
    return answer


@cache
def _last_migrations() -> frozenset[tuple[str, str]]:
    """The last migration of each app in the code."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).graph.leaf_nodes())
