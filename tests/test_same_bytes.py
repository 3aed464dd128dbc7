"""The same content gives the same bytes: every kind of file, in any process, place, language and time."""

from __future__ import annotations

import json
from pathlib import Path

from agreements import documents
from tests import pdf_reading

# One of each kind, in each capacity at least once. `clock` moves what Python says the time is.
PROGRAM = """
import datetime, json, time
from hashlib import sha256
clock = {clock}
if clock:
    local, utc = time.localtime, time.gmtime
    time.time = lambda: clock
    time.localtime = lambda at=None: local(clock if at is None else at)
    time.gmtime = lambda at=None: utc(clock if at is None else at)
import django
django.setup()
from agreements import documents
from financing import xlsx
from financing.people_csv import people_csv
from agreements.documents.signers import in_order, signers_csv, signers_xlsx
from agreements.domain.document import Language
from tests import builders, office_documents, papers, printed, spreadsheets
asked = set()
def noted(name):
    make = getattr(documents, name)
    def noting(*given, **named):
        asked.add(name)
        return make(*given, **named)
    setattr(documents, name, noting)
for name in {makers}:
    noted(name)
names = ("agreement-draft-nb", "agreement-version-nn", "agreement-final-nb", "contributions-final-nn",
         "contributions-withdrawn-nb", "casepaper-version-own-nb", "comparison-nb", "record-nn",
         "public-nb")
made = {{file.name: file.make() for file in printed.FILES if file.name in names}}
assert len(made) == len(names)
document = builders.a_document()
study = spreadsheets.every_rule()
made["agreement.docx"] = documents.agreement_docx(document)
day = datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC)
other = builders.a_document(title="En annen tittel")
made["changes.docx"] = documents.changes_docx(document, other, "Kari", day)
issue = printed.issue(document, documents.Kind.VERSION)
record = ("Avtale", "Region", office_documents.events())
made["casepaper.docx"] = documents.case_paper_docx(papers.a_paper())
made["comparison.docx"] = documents.comparison_docx(study)
made["contributions.docx"] = documents.contributions_docx(document, issue)
made["record.docx"] = documents.record_docx(*record)
made["agreement.xlsx"] = documents.agreement_xlsx(document, issue)
made["casepaper.xlsx"] = documents.case_paper_xlsx(papers.a_paper())
made["comparison.xlsx"] = documents.comparison_xlsx(study, Language.BOKMAL)
made["record.xlsx"] = documents.record_xlsx(*record)
made["contributions.xlsx"] = xlsx.workbook(study)
made["contributions.csv"] = people_csv((table for _, table in study.alternatives), "nb")
made["signers.csv"] = signers_csv(in_order(document, {{}}))
made["signers.xlsx"] = signers_xlsx(in_order(document, {{}}))
hashes = {{name: sha256(content).hexdigest() for name, content in made.items()}}
print(json.dumps([hashes, sorted(asked)]))
"""
# What `documents` has besides errors, kinds and these makes files.
NO_FILE = {"available", "check_address", "draft"}
MAKERS = sorted(name for name in documents.__all__ if name.islower() and name not in NO_FILE)
SURROUNDINGS = (
    (0, {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "LANG": "C", "LC_ALL": "C"}),
    (1_000_000_000, {"PYTHONHASHSEED": "2", "TZ": "America/Los_Angeles", "LC_ALL": "nb_NO.UTF-8"}),
    (4_000_000_000, {"PYTHONHASHSEED": "3", "TZ": "UTC", "LC_ALL": "tr_TR.UTF-8"}),
)


def hashes(clock: int, folder: Path, environment: dict[str, str]) -> dict[str, str]:
    folder.mkdir()
    program = PROGRAM.format(clock=clock, makers=MAKERS)
    said = pdf_reading.run_python(program, TMPDIR=str(folder), **environment).splitlines()[-1]
    found: dict[str, str]
    found, asked = json.loads(said)
    assert asked == MAKERS, "one of each kind"
    return found


def test_every_kind_of_file_is_the_same_bytes_whatever_surrounds_it(tmp_path: Path) -> None:
    first, *others = (
        hashes(clock, tmp_path / str(number), environment)
        for number, (clock, environment) in enumerate(SURROUNDINGS)
    )
    assert len(first) == 23
    assert len(set(first.values())) == len(first)
    for other in others:
        assert {name for name in first if first[name] != other[name]} == set()
