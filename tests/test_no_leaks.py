"""Nothing of one region's agreement is told on any page, list, search or file that another region has."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.http import HttpResponse
from django.urls import reverse

from agreements.models import Agreement
from tests import permission_world
from tests.permission_rows import SLUG, Row
from tests.permission_world import TABLE, As, Real
from tests.test_fuzz_addresses import asked_for, query

ringerike, real = (
    permission_world.ringerike,
    permission_world.real,
)  # fixtures, found by their names
no_rendering = permission_world.no_rendering

THEIRS = "mosseregionen-2022"
SECRET, SOUGHT = "Hemmelighet", "Ulvetid"
READ = list(
    {(r.name, r.args): r for r in TABLE if r.method == "GET" and r.state == "draft"}.values()
)


def hide(real: Real) -> None:
    """Write the secret wherever a person may write in the agreement and in the plan of the region."""
    words = f"{SECRET} {SOUGHT}"
    agreement = real.agreement
    Agreement.objects.filter(pk=agreement.pk).update(title=words)
    agreement.clauses.update(heading=words, text=words)
    agreement.parties.update(signatory_name=words, mandate=words)
    agreement.services.update(text=words)
    agreement.comments.update(text=words, about=words)
    agreement.attachments.update(title=words)
    for plan in (agreement.plan, real.study):
        type(plan).objects.filter(pk=plan.pk).update(name=words)
        for position, alternative in enumerate(plan.alternatives.all()):
            plan.alternatives.filter(pk=alternative.pk).update(name=f"{words} {position}")


def told(answer: HttpResponse) -> bytes:
    """Everything an answer says; a package is unpacked."""
    content = b"".join(answer) if answer.streaming else answer.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            content = b"".join(package.read(name) for name in package.namelist())
    return content + repr(sorted(answer.headers.items())).encode()


@pytest.mark.parametrize("row", READ, ids=str)
def test_another_region_reads_nothing_of_it(row: Row, real: Real, as_: As) -> None:
    hide(real)
    args = [THEIRS if arg == SLUG else real.word(arg) for arg in row.args]
    addresses = {reverse(row.name, args=args), real.address(row)}
    outsider = as_("outsider")
    sought = [SOUGHT, SLUG, real.agreement.pk, real.agreement.plan_id, real.study.pk, "versjon/1"]
    for address in addresses:
        for value in ("", *map(str, sought)):
            asked = query(dict.fromkeys(sorted(asked_for()), value)) if value else ""
            answer = outsider.get(f"{address}?{asked}")
            assert SECRET.encode() not in told(answer), (address, value)


def test_the_secret_is_told_to_those_who_may_read_it(real: Real, as_: As) -> None:
    """Else the test above could not fail."""
    hide(real)
    seen = {
        row.name
        for row in READ
        if row.statuses["editor"] == 200
        and SECRET.encode() in told(as_("editor").get(real.address(row)))
    }
    wanted = {"desk", "agreements", "agreement", "text", "inputs", "plans", "economy", "parties"}
    assert wanted | {"agreement-docx", "contributions-json", "study-economy", "documents"} <= seen
