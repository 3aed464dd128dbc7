"""Processes that are killed outright (SIGKILL) right before a statement, as by the kernel or a power cut."""

from __future__ import annotations

import os
import subprocess
import sys

from tests import database

# argv: what is done, and the statement to be killed before, as «words of it» and how many times it may
# be reached first.
PROGRAM = """
import os, signal, sys, datetime as dt, django
django.setup()
from django.db import connection
from django.utils import timezone
from agreements import documents, finals, workflow
from agreements.demo import one_line_pdf
from agreements.domain import canonical
from agreements.models import Agreement
from agreements.record import Actor
from municipalities.models import User

what, words, times = sys.argv[1], sys.argv[2], int(sys.argv[3])

def die(*given):
    os.kill(os.getpid(), signal.SIGKILL)

def watch(execute, sql, params, many, context):
    global times
    if words and str(sql).startswith(words):
        times -= 1
        if times < 0:
            die()
    return execute(sql, params, many, context)

documents.agreement_pdf = die if words == "" else lambda *given: one_line_pdf("x")
documents.contributions_pdf = lambda *given: one_line_pdf("x")
finals.gate, finals.limits = (lambda content: []), (lambda content, document: [])
agreement = Agreement.objects.get(slug="ringeriksregionen-2026")
actor = Actor(User.objects.get(email="admin@ringerike.example"), None)
with connection.execute_wrapper(watch):
    if what == "freeze":
        workflow.freeze(actor, agreement, deadline=timezone.localdate() + dt.timedelta(days=14),
                        seen_sha256=canonical.sha256(workflow.read_draft(agreement).document))
    else:
        finals.finalise(actor, agreement, source=agreement.status)
"""
SIGKILLED = -9


def killed(what: str, words: str = "", times: int = 0) -> None:
    """Do it in a process of its own that is killed at that place; fail where it got past it."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": database.database_url(),
    }
    command = [sys.executable, "-c", PROGRAM, what, words, str(times)]
    ran = subprocess.run(command, capture_output=True, env=environment, check=False)
    assert ran.returncode == SIGKILLED, ran.stderr.decode()[-2000:]
