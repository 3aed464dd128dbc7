"""The task queue without a worker: what is in it is done here and now, on the test's own connection."""

from __future__ import annotations

from typing import Any

from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob


def queued(name: str = "") -> list[dict[str, Any]]:
    """The jobs that wait, oldest first, as {task, pk}; of one task where it is named."""
    rows = ProcrastinateJob.objects.filter(status="todo").order_by("id")
    found = [{"task": row.task_name, **row.args} for row in rows]
    return [job for job in found if not name or job["task"] == name]


def drop() -> int:
    """Lose every job that waits, as when a worker dies with them; return how many."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE status = 'todo'")
        return int(cursor.rowcount)


def run() -> int:
    """Do every job that waits; return how many."""
    jobs = queued()
    drop()
    for job in jobs:
        task = app.tasks[job.pop("task")]
        task.func(**job)
    return len(jobs)
