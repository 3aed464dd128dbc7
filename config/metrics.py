"""/metrics: what Prometheus reads, for those who show the token. docs/operation.md has the list.

It is answered before the host name is looked at: Prometheus asks for the container's name, and the proxy
lets nobody else through.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from config import task_queue
from municipalities.measures import PREFIX
from municipalities.outbox import HELD_BACK, Outgoing

PATH = "/metrics"
GAUGES = {
    "queue_waiting": "Jobs that may be done now and are not begun.",
    "queue_oldest_seconds": "How long the oldest of them has waited.",
    "queue_doing": "Jobs a worker is doing.",
    "queue_failed": "Jobs that ended with an error in the last week.",
    "workers": "Workers that have said in the last minute that they live.",
    "mail_failing": "Mails that a mail server has not taken yet, and that are tried again.",
    "mail_given_up": "Mails that were tried for a week and never went out.",
}
# One question, whatever the number of rows; of the mail it reads what an index has (`Outgoing`).
TROUBLED = "SELECT dropped_at, error FROM {table} WHERE sent_at IS NULL AND error <> ''"
ASK = """
WITH due AS ({due}), troubled AS ({troubled})
SELECT
    (SELECT count(*) FROM due),
    (SELECT coalesce(greatest(extract(epoch FROM now() - min(since)), 0), 0) FROM due),
    (SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'),
    (SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'),
    ({workers}),
    (SELECT count(*) FROM troubled WHERE dropped_at IS NULL),
    (SELECT count(*) FROM troubled WHERE dropped_at IS NOT NULL AND error <> %s)
"""


def question() -> str:
    """Return the question: about every table of mail there is."""
    mail = sorted(model._meta.db_table for model in Outgoing.__subclasses__())
    troubled = " UNION ALL ".join(TROUBLED.format(table=name) for name in mail)
    return ASK.format(due=task_queue.DUE, troubled=troubled, workers=task_queue.WORKERS)


class FromDatabase(Collector):
    """The queue and the mail as they are now; only that it is down, where the database is."""

    def collect(self) -> Iterator[Metric]:
        """Ask the database once."""
        try:
            with connection.cursor() as cursor:
                cursor.execute(question(), [HELD_BACK])
                row: Iterable[float] = cursor.fetchone()
        except DatabaseError:
            row = ()
        up = GaugeMetricFamily(f"{PREFIX}_database_up", "1 where the database answers.")
        up.add_metric([], 1 if row else 0)
        yield up
        for (name, said), value in zip(GAUGES.items(), row, strict=False):
            gauge = GaugeMetricFamily(f"{PREFIX}_{name}", said)
            gauge.add_metric([], float(value))
            yield gauge


def written() -> bytes:
    """Return everything in Prometheus' own form: of all web processes where they share a folder."""
    counted = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        counted = CollectorRegistry()
        MultiProcessCollector(counted)
    now = CollectorRegistry()
    now.register(FromDatabase())
    return generate_latest(counted) + generate_latest(now)


class MetricsMiddleware:
    """Answers /metrics. Without a token in the settings, or with a wrong one, there is no such page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer Prometheus; pass everything else on."""
        if request.path_info != PATH or not settings.METRICS_TOKEN:
            return self.get_response(request)
        right = constant_time_compare(
            request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}"
        )
        if not right or request.method not in ("GET", "HEAD"):
            response = HttpResponse("not found\n", status=404, content_type="text/plain")
        else:
            response = HttpResponse(written(), content_type=CONTENT_TYPE_PLAIN_0_0_4)
        response["Cache-Control"] = "no-store"
        response.route = "metrics"
        return response
