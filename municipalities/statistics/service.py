"""An import from Statistics Norway from the first question until it is taken into use or dropped.

Questions are asked outside of transactions; everything that is changed has its event.
"""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from municipalities import importing, register
from municipalities.models import County, Municipality, PopulationFigure, User
from municipalities.revisions import ConflictError
from municipalities.statistics import client as polite
from municipalities.statistics import formats, steps
from municipalities.statistics.models import FetchedResponse, StatisticsImport
from municipalities.statistics.review import Known, Review, review

LONGEST_WAIT = dt.timedelta(hours=1)
State = StatisticsImport.State


class ChangedMeanwhileError(ConflictError):
    """What would be changed is no longer what the person has seen."""


class NotAcceptedError(Exception):
    """There are serious findings that nobody has accepted, or some that nobody can."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: what was asked where and when, the bytes, and what they say."""

    step: steps.Step
    address: str
    fetched_at: dt.datetime
    content: bytes
    value: Any

    @property
    def sha256(self) -> str:
        """The hash of the bytes as they came."""
        return hashlib.sha256(self.content).hexdigest()


# --- asking --------------------------------------------------------------------------------------


def ask(step: steps.Step, day: dt.date | None, client: polite.Client) -> Answer:
    """Ask one question and read the answer; client.FetchError when there is none that can be used."""
    base = {
        "tables": settings.STATISTICS_TABLES_URL,
        "classifications": settings.STATISTICS_CLASSIFICATIONS_URL,
    }[step.service]
    frame = steps.Frame(day, timezone.localdate())
    address = base + step.path(frame)
    try:
        content = client.get(address)
    except polite.FetchError as problem:
        if problem.code != "refused" or step.otherwise is None:
            raise
        address = base + step.otherwise(frame)
        content = _get_otherwise(address, step, client)
    try:
        value = steps.read(step, content, day)
    except formats.UnreadableError as problem:
        code = "unreadable" if problem.is_json else "not_json"
        raise polite.FetchError(code, str(problem)) from problem
    return Answer(step, address, timezone.now(), content, value)


def _get_otherwise(address: str, step: steps.Step, client: polite.Client) -> bytes:
    try:
        return client.get(address)
    except polite.FetchError as problem:
        if problem.code == "refused" and step.optional:
            return b""
        raise


def start(actor: User, day: dt.date | None) -> StatisticsImport:
    """Begin an import; where one is open already, return that."""
    try:
        with transaction.atomic():
            return StatisticsImport.objects.create(asked_for=day, started_by=actor)
    except IntegrityError:
        return StatisticsImport.objects.get(state=State.OPEN)


def missing(row: StatisticsImport) -> list[steps.Step]:
    """Return the questions that are not answered yet, in order."""
    answered = set(row.responses.values_list("step", flat=True))
    return [step for step in steps.STEPS if step.key not in answered]


def fetch_next(row: StatisticsImport, client: polite.Client) -> None:
    """Ask the next question once, and keep the answer or the reason why there is none.

    Asks nothing when all is answered, when Statistics Norway has asked us to wait, or when somebody
    else is asking.
    """
    left = missing(row)
    if not left or not _claim(row, client):
        return
    try:
        answer = ask(left[0], row.day or row.asked_for, client)
    except polite.FetchError as problem:
        _fail(row, problem)
        return
    with transaction.atomic():
        row = StatisticsImport.objects.select_for_update().get(pk=row.pk)
        if row.state != State.OPEN or row.responses.filter(step=answer.step.key).exists():
            return
        _keep(row, answer)
        row.fault, row.fault_detail, row.failures, row.not_before = "", "", 0, None
        row.save()


def _claim(row: StatisticsImport, client: polite.Client) -> bool:
    """Take the turn to ask; wait for it where the last question was just now."""
    now = timezone.now()
    if row.attempted_at:
        left = (row.attempted_at - now).total_seconds() + polite.PAUSE
        if left > 0:
            client.sleep(min(left, polite.PAUSE))
            now = timezone.now()
    taken = StatisticsImport.objects.filter(
        Q(not_before=None) | Q(not_before__lte=now),
        pk=row.pk,
        state=State.OPEN,
        attempted_at=row.attempted_at,
    ).update(attempted_at=now)
    return bool(taken)


def _fail(row: StatisticsImport, problem: polite.FetchError) -> None:
    failures = min(row.failures + 1, 1000)
    seconds = polite.FIRST_WAIT * 2 ** min(failures, 6) if problem.wait is None else problem.wait
    wait = min(dt.timedelta(seconds=seconds), LONGEST_WAIT)
    StatisticsImport.objects.filter(pk=row.pk, state=State.OPEN).update(
        fault=problem.code,
        fault_detail=problem.detail,
        failures=failures,
        # Only what asks for it, or may pass, is worth a wait; a person may try the rest at once.
        not_before=timezone.now() + wait if problem.wait is not None else None,
    )


def _keep(row: StatisticsImport, answer: Answer) -> None:
    """Store an answer, and the day of the figures once it is known."""
    FetchedResponse.objects.create(
        statistics_import=row,
        step=answer.step.key,
        address=answer.address[:500],
        fetched_at=answer.fetched_at,
        sha256=answer.sha256,
        content=gzip.compress(answer.content, mtime=0),
    )
    if isinstance(answer.value, formats.Figures):
        row.day = answer.value.day


# --- comparing -----------------------------------------------------------------------------------


def stored(row: StatisticsImport) -> steps.Fetched:
    """Read the kept answers of an import that has all of them.

    ConflictError where another version of the program could read them and this one cannot.
    """
    try:
        return fetched(
            {
                response.step: steps.read(
                    steps.BY_KEY[response.step], gzip.decompress(response.content), row.day
                )
                for response in row.responses.all()
            }
        )
    except formats.UnreadableError as problem:
        raise ConflictError(f"import {row.pk}: {problem}") from problem


def fetched(values: Mapping[str, Any]) -> steps.Fetched:
    """Put the answers to all questions together."""
    return steps.Fetched(**values)


def compare(answers: steps.Fetched) -> Review:
    """Compare the answers with the register as it is now. Three queries, none of which writes."""
    figures: dict[int, dict[dt.date, int]] = defaultdict(dict)
    for municipality_id, day, value in PopulationFigure.objects.order_by("pk").values_list(
        "municipality_id", "reference_date", "value"
    ):
        figures[municipality_id][day] = value  # the newest row comes last
    known = {
        row.number: Known(
            row.number,
            row.name,
            row.official_name,
            row.valid_from,
            row.valid_to,
            figures[row.pk],
        )
        for row in Municipality.objects.all()
    }
    counties = {
        row.number: Known(row.number, row.name, "", row.valid_from, row.valid_to)
        for row in County.objects.all()
    }
    return review(answers, known, counties, timezone.localdate())


# --- taking into use -----------------------------------------------------------------------------


def take_into_use(
    row: StatisticsImport, actor: User, *, seen: str, accept: bool
) -> importing.Outcome:
    """Bring the register in line with a fetched import, in one transaction.

    `seen` is the fingerprint of the review the person has seen. ConflictError when the import is
    finished, ChangedMeanwhileError when another review would be shown now, NotAcceptedError when
    something serious is not accepted. Nothing is stored then.
    """
    with transaction.atomic():
        register.lock()  # what is compared must still be so when it is changed
        row = StatisticsImport.objects.select_for_update().get(pk=row.pk)
        if row.state != State.OPEN or missing(row):
            raise ConflictError(f"import {row.pk} is {row.state}")
        found = compare(stored(row))
        if found.fingerprint != seen:
            raise ChangedMeanwhileError
        outcome = _apply(row, found, row.responses.all(), actor, accept)
        finish(row, State.APPLIED, actor, outcome)
    return outcome


def import_answers(
    answers: Iterable[Answer], found: Review, *, accept: bool, dry_run: bool
) -> importing.Outcome:
    """Do the same for the command, which has fetched everything at once; NotAcceptedError as there."""
    with transaction.atomic():
        row = StatisticsImport.objects.create(
            state=State.APPLIED, day=found.day, finished_at=timezone.now()
        )
        for answer in answers:
            _keep(row, answer)
        outcome = _apply(row, found, row.responses.all(), None, accept)
        finish(row, State.APPLIED, None, outcome)
        transaction.set_rollback(dry_run)
    return outcome


def _apply(
    row: StatisticsImport,
    found: Review,
    responses: Iterable[FetchedResponse],
    actor: User | None,
    accept: bool,
) -> importing.Outcome:
    if found.of_level("stop") or (found.of_level("error") and not accept):
        raise NotAcceptedError
    file = {
        "statistics_import": row.pk,
        "reference_date": found.day.isoformat(),
        "responses": [
            {
                "step": response.step,
                "address": response.address,
                "sha256": response.sha256,
                "fetched_at": response.fetched_at.isoformat(),
            }
            for response in responses
        ],
        "accepted": [finding.english for finding in found.of_level("error")],
    }
    return importing.apply(
        found.rows, source=steps.SOURCE, file=file, ended=found.endings, actor=actor
    )


def finish(
    row: StatisticsImport,
    state: StatisticsImport.State,
    actor: User | None,
    outcome: importing.Outcome | None = None,
) -> None:
    """Write down what became of an import."""
    row.state, row.finished_by, row.finished_at = state, actor, timezone.now()
    row.event = outcome.event if outcome else None
    row.save(update_fields=["state", "finished_by", "finished_at", "event", "day"])


def discard(row: StatisticsImport, actor: User) -> None:
    """Drop an open import; the register is untouched. One that is finished stays as it is."""
    with transaction.atomic():
        row = StatisticsImport.objects.select_for_update().get(pk=row.pk)
        if row.state == State.OPEN:
            finish(row, State.DISCARDED, actor)
