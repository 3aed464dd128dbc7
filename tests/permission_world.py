"""The world the permission table speaks of: its words in a database, in any state of the agreement.

A test module takes the fixtures `ringerike`, `real` and `no_rendering` from here by their names.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from psycopg.sql import SQL, Identifier, Literal

from agreements import deciding, demo, documents
from agreements.domain.states import Action
from agreements.importing import docx, passing
from agreements.models import AccessLog, Agreement, Upload
from financing.models import Plan
from municipalities.invitations import service as invitations
from municipalities.models import Membership, Organisation, SharedCache, User
from tests import (
    demonstration,
    final_files,
    inputs,
    pages,
    public,
    rounds,
    template_desk,
    word_files,
)
from tests.conftest import CAST
from tests.permission_accounts import ROWS as ACCOUNTS
from tests.permission_people import ROWS
from tests.permission_rows import SLUG, Row
from tests.permission_table import TABLE as PROCESS
from tests.studies import a_study

As = Callable[[str], Client]
TABLE = [*PROCESS, *ROWS, *ACCOUNTS]


@dataclass
class Real:
    """The table's words in this database: primary keys, and the key of a service there is."""

    agreement: Agreement
    study: Plan
    inputs: dict[str, int]
    staged: dict[str, int | str]

    def word(self, word: object) -> str:
        name, agreement = str(word), self.agreement
        made = {**self.inputs, **self.staged}
        if name in made:
            return str(made[name])
        found: dict[str, Callable[[], object]] = {
            "first": lambda: agreement.plan.alternatives.order_by("position")[0].pk,
            "second": lambda: agreement.plan.alternatives.order_by("position")[1].pk,
            "nav": lambda: Organisation.objects.get(key="nav-ost-viken").pk,
            "sigdal": lambda: Organisation.objects.get(short_name="Sigdal").pk,
            "service": lambda: agreement.services.filter(level="minimum")[0].key,
            "attachment": lambda: agreement.attachments.get().pk,
            "attachment-file": lambda: agreement.attachments.get().files.get().pk,
            "study": lambda: self.study.pk,
            "third": lambda: self.study.alternatives.get().pk,
            "upload": lambda: Upload.objects.get().pk,
        }
        return str(found[name]()) if name in found else name

    def address(self, row: Row) -> str:
        return reverse(row.name, args=[self.word(arg) for arg in row.args])

    def data(self, row: Row, editor: Client) -> dict[str, Any]:
        """What an editor would send."""
        if row.form is None:
            return {}
        path, button = row.form
        path = "/".join(self.word(part) for part in path.split("/"))
        base = "" if path.startswith("/") else f"/avtaler/{self.word(SLUG)}/"
        own = {
            "Slett",
            "Deleger",
            "Trekk svaret",
            "Send svaret",
            "Fjern",
            "Ta ut",
            "Lagre valget",
            "Lag alternativet",
        }
        alone = button in own or row.name.endswith(("new-participant", "restore-wording"))
        asked_first = row.name.startswith("delete-") and row.name.endswith("-clause")
        action = self.address(row) if alone and not asked_first else ""
        sent = pages.form(editor.get(base + path), button, action)
        return pages.changed(sent, **{name: self.word(value) for name, value in row.data.items()})


def invited() -> dict[str, int | str]:
    """An invitation that nobody has used, and a role that may be ended."""
    hole, by = rounds.body(rounds.HOLE), User.objects.get(email=CAST["administrator"])
    region = hole.municipality.regions.get()
    row = invitations.invite(by, region, hole, "ny@hole.example", "reader")
    membership = Membership.objects.get(user__email=CAST["reader"])
    return {
        "invitation": row.pk,
        "token": invitations.token_of(row.nonce),
        "membership": membership.pk,
        "hole": hole.pk,
    }


def staged(agreement: Agreement, state: str) -> dict[str, int | str]:
    """Bring the agreement as far as a row of the table wants it, and return words for all there is."""
    words: dict[str, int | str] = {
        "delegation": 1,
        "extract": 1,
        "final-file": 1,
        "signed-file": 1,
        "public-file": 1,
        "mark": 1,
        "soon": str(timezone.localdate() + dt.timedelta(days=7)),
        "lars": User.objects.get(email=CAST["reader"]).pk,
        **invited(),
    }
    return words | brought(agreement, state)


def brought(agreement: Agreement, state: str) -> dict[str, int | str]:
    """Bring the agreement as far as that, and return words for what there is then."""
    words: dict[str, int | str] = {}
    if state == "draft":
        return words
    if state == "ready":
        rounds.ready(agreement)
    elif state == "adopted":
        final_files.adopted(agreement)
    elif state == "vouched":
        version = final_files.finalised(agreement)
        scanned = demo.one_line_pdf(f"Skannet {agreement.slug}")
        file = final_files.sign(agreement, version, "33", content=scanned, confirmed=True)
        words["signed-file"] = file.pk
    elif state == "final":
        words["final-file"] = final_files.final(final_files.finalised(agreement)).pk
    elif state in ("marked", "public"):
        rounds.freeze(agreement)
        words["mark"] = public.words(agreement, "Ringerike").pk
        if state == "public":
            words["public-file"] = public.made(agreement).pk
    elif state == "resolution":
        version = rounds.to_councils(agreement)
        words["extract"] = rounds.an_extract(agreement, version).pk
    elif state == "two-versions":
        rounds.freeze(agreement)
        rounds.take(agreement, Action.WITHDRAW, "Feil.")
        rounds.freeze(agreement)
    else:
        version = rounds.freeze(agreement)
        if state == "answered":
            rounds.answer(version, rounds.HOLE)
        elif state == "delegated":
            lars = User.objects.get(email=CAST["reader"])
            days = (timezone.localdate(), timezone.localdate())
            hole = rounds.body(rounds.HOLE)
            made = deciding.delegate(rounds.director(rounds.HOLE), agreement, hole, lars, days, "!")
            words["delegation"] = made.pk
    return words


def _world(state: str) -> dict[str, Any]:
    """Everything the table speaks of, with the agreement as far as a row wants it."""
    agreement = Agreement.objects.get(slug=SLUG)
    template_desk.for_permissions()
    Upload.objects.create(
        user=User.objects.get(email=CAST["editor"]),
        region=agreement.region,
        name="avtale.docx",
        content=passing.dump(docx.read(word_files.an_agreement())),
    )
    # Input is given while it is a draft.
    given = inputs.for_permissions(agreement)
    words = staged(agreement, state)
    return {"inputs": given, "staged": words, "study": a_study().pk}


@pytest.fixture
def ringerike(db: None, request: pytest.FixtureRequest) -> Agreement:
    """The agreement in the state of the row that is tried, made once for each state."""
    row = request.node.callspec.params.get("row") if hasattr(request.node, "callspec") else None
    state = row.state if row else "draft"
    request.node.world = demonstration.further(f"permissions {state}", lambda: _world(state))
    return Agreement.objects.get(slug=SLUG)


@pytest.fixture
def real(ringerike: Agreement, request: pytest.FixtureRequest) -> Real:
    world = request.node.world
    study = Plan.objects.get(pk=world["study"])
    return Real(ringerike, study, world["inputs"], world["staged"])


def opener(row: Row) -> str:
    """Somebody who may open what the row is about: an editor where one may."""
    may = [who for who, status in row.statuses.items() if status in (200, 302, 422)]
    return "editor" if "editor" in may or not may else may[0]


@pytest.fixture(autouse=True)
def no_rendering(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who may have a PDF is decided before one is made; making it takes a second."""
    final_files.quick(monkeypatch)
    for name in (
        *("agreement_pdf", "contributions_pdf", "comparison_pdf", "record_pdf"),
        "case_paper_pdf",
        "public_pdf",
    ):
        monkeypatch.setattr(documents, name, lambda *given: rounds.PDF)


def send(client: Client, row: Row, address: str, data: dict[str, Any]) -> HttpResponse:
    return client.get(address) if row.method == "GET" else client.post(address, data)


JOBS = ProcrastinateJob._meta.label
# Who has opened what, and how often somebody has tried to log in.
UNSEEN = (AccessLog, SharedCache)
WHOLE, PERSON = SQL("t::text"), SQL("(to_jsonb(t) - 'last_login')::text")


@cache
def _question() -> str:
    """One question about the rows of every table: asked one by one they take most of a test."""
    tables = {
        model._meta.label: (model._meta.db_table, model._meta.pk.column)
        for room in ("municipalities", "financing", "agreements")
        for model in apps.get_app_config(room).get_models(include_auto_created=True)
        if model not in UNSEEN
    } | {JOBS: (ProcrastinateJob._meta.db_table, "id")}
    one = SQL("SELECT {}, count(*), md5(string_agg(md5({}), '' ORDER BY t.{})) FROM {} t")
    asked = SQL(" UNION ALL ").join(
        one.format(
            Literal(label),
            PERSON if label == User._meta.label else WHOLE,
            Identifier(key),
            Identifier(table),
        )
        for label, (table, key) in tables.items()
    )
    return asked.as_string()


def everything() -> dict[str, tuple[int, str | None]]:
    """How many rows each table of the three rooms has, and what they are as a sum; and the jobs that wait.

    To tell whether anything was written, and in which table.
    """
    with connection.cursor() as cursor:
        cursor.execute(_question())
        return {label: (count, content) for label, count, content in cursor}
