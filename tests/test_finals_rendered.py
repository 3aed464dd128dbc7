"""The final files as they are really rendered: refused where they are not fit, and the same everywhere."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from dataclasses import replace

import pytest

from agreements import documents, finals, workflow
from agreements.documents import file_facts, inspection, signers
from agreements.domain import canonical
from agreements.models import Agreement, StoredFile
from tests import builders, final_files, rounds, workers


def finalise(agreement: Agreement) -> None:
    finals.finalise(rounds.administrator(), agreement, source=agreement.status)


def test_a_file_that_the_signing_service_would_refuse_is_not_made(ringerike: Agreement) -> None:
    Agreement.objects.filter(pk=ringerike.pk).update(title="Avtale " * 20)
    ringerike.refresh_from_db()
    final_files.adopted(ringerike)
    with pytest.raises(workflow.NotReadyError, match="Tittelen har 140 tegn"):
        finalise(ringerike)
    assert not StoredFile.objects.exists()


def test_a_file_that_breaks_a_standard_is_not_kept(
    ringerike: Agreement, monkeypatch: pytest.MonkeyPatch
) -> None:
    final_files.adopted(ringerike)
    monkeypatch.setattr(inspection, "problems", lambda content: ["Noe er galt."])
    with pytest.raises(finals.RefusedError) as caught:
        finalise(ringerike)
    assert caught.value.problems == ("Avtalen: Noe er galt.", "Bidragstabellen: Noe er galt.")
    assert not StoredFile.objects.exists()


def test_only_the_agreement_has_fields_and_without_them_it_is_not_kept(
    ringerike: Agreement, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = final_files.adopted(ringerike)
    printed = documents.agreement_pdf
    with monkeypatch.context() as broken:
        broken.setattr(
            documents,
            "agreement_pdf",
            lambda document, issue: printed(document, replace(issue, signature_fields=False)),
        )
        with pytest.raises(finals.RefusedError, match="Signaturfeltene"):
            finalise(ringerike)
    assert not StoredFile.objects.exists()
    finalise(ringerike)
    names = signers.field_names(workflow.document_of(version))
    assert file_facts.read(final_files.final(version).content).signature_fields == tuple(names)
    table = final_files.final(version, StoredFile.Kind.CONTRIBUTIONS)
    assert file_facts.read(table.content).signature_fields == ()


RENDER = f"""
import os, sys, hashlib, django
django.setup()
from agreements import documents
from agreements.domain import canonical
{workers.IN_THIS_PROCESS}
document = canonical.load(sys.stdin.buffer.read())
final = (documents.Kind.FINAL, 1, "ab" * 32, "https://avtaler.example")
print(hashlib.sha256(documents.agreement_pdf(document, documents.Issue(*final, True))).hexdigest())
print(hashlib.sha256(documents.contributions_pdf(document, documents.Issue(*final))).hexdigest())
"""


def test_a_version_is_the_same_bytes_in_another_process_time_zone_and_locale() -> None:
    data = canonical.dump(builders.a_document())
    said = set()
    for zone, language in (("Pacific/Auckland", "C"), ("America/Los_Angeles", "nb_NO.UTF-8")):
        environment = {
            "TZ": zone,
            "LANG": language,
            "LC_ALL": language,
            "PYTHONHASHSEED": str(dt.datetime.now(dt.UTC).microsecond),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "LOCAL": "1",
            "PATH": "/usr/bin:/bin",
        }
        ran = subprocess.run(
            [sys.executable, "-c", RENDER],
            input=data,
            capture_output=True,
            env=environment,
            check=True,
        )
        said.add(ran.stdout)
    assert len(said) == 1
    assert len(said.pop().split()) == 2
