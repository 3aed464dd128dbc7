"""Everything that is printed of an agreement in nynorsk is nynorsk: pages on paper and spreadsheets."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from typing import Any

import openpyxl
import pytest

from agreements import documents, snapshot
from agreements.documents import comparison
from agreements.documents.agreement import agreement_html
from agreements.documents.contributions import contributions_html
from agreements.documents.issue import draft
from agreements.domain.document import Document, Language
from agreements.models import Agreement
from financing import xlsx
from financing.people_csv import people_csv
from financing.study import Study
from tests import pages, spreadsheets
from tests.domain.nynorsk import bokmal_only, foreign
from tests.model_agreement import agreement, in_nynorsk, plain_agreement
from tests.spreadsheets import needs_libreoffice

DOCUMENTS = {"full": agreement(), "plain": plain_agreement()}


def nynorsk(name: str) -> Document:
    """The agreement made from the nynorsk edition, signed with nynorsk titles, without its template."""
    made = in_nynorsk(DOCUMENTS[name])
    parties = tuple(
        replace(party, signatory_title="ordførar", mandate="Sak 3/26") for party in made.parties
    )
    return replace(made, parties=parties)


def said(html: str) -> str:
    """What a page says: its text, its title, and the words that the style sheet takes from attributes."""
    attributes = " ".join(re.findall(r'data-(?:stamp|title|page|of)="([^"]*)"', html))
    return f"{re.sub('<[^>]*>', ' ', html)} {attributes}"


@pytest.mark.parametrize("name", DOCUMENTS)
@pytest.mark.parametrize("make", [agreement_html, contributions_html])
def test_no_printed_word_is_bokmal(name: str, make: Any) -> None:
    document, bokmal = nynorsk(name), DOCUMENTS[name]
    html = make(document, draft(document))
    assert '<html lang="nn">' in html
    assert bokmal_only(said(html)) == []
    assert foreign(said(html)) == []
    assert len(bokmal_only(said(make(bokmal, draft(bokmal))))) > 10


@pytest.mark.parametrize("template", [True, False])
def test_what_is_said_of_the_template_is_nynorsk_too(template: bool) -> None:
    made = nynorsk("full")
    wanted = made if template else replace(made, template=None)
    html = agreement_html(wanted, draft(wanted))
    assert "ikkje juridisk kvalitetssikra" in html
    assert bokmal_only(said(html)) == []


def every_rule() -> Study:
    """Every kind of rule; the words that somebody has typed in the study are no fixed text."""
    return replace(spreadsheets.every_rule(), language="nn", invoicing="", population_source="")


def typed(study: Study) -> str:
    rules = [rule for alternative, _ in study.alternatives for rule in alternative.rules]
    sources = [f.source for alternative, _ in study.alternatives for f in alternative.index]
    names = [alternative.name for alternative, _ in study.alternatives]
    return " ".join([study.name, *names, *(rule.label for rule in rules), *sources])


def unsaid(text: str, study: Study) -> list[str]:
    """The bokmål words that nobody has typed."""
    return [word for word in bokmal_only(text) if word not in typed(study).lower()]


def test_the_comparison_is_nynorsk() -> None:
    study = every_rule()
    html = comparison.comparison_html(study, Language.NYNORSK)
    assert unsaid(said(html), study) == []
    assert "Sum kommunar" in html


def cells(content: bytes) -> str:
    book = openpyxl.load_workbook(io.BytesIO(content))
    values = [
        str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value
    ]
    lists = [str(v.formula1) for sheet in book for v in sheet.data_validations.dataValidation]
    return " ".join([*book.sheetnames, *values, *lists])


def test_the_workbook_is_nynorsk() -> None:
    study = every_rule()
    words = cells(xlsx.workbook(study))
    assert unsaid(words, study) == []
    for word in ("Føresetnader", "Nøklar", "Innbyggjarar", "bidreg ikkje", "Fordelingsnøklar"):
        assert word in words
    assert len(unsaid(cells(xlsx.workbook(replace(study, language="nb"))), study)) > 10


@needs_libreoffice
def test_the_nynorsk_workbook_reckons_the_same_amounts(tmp_path: Any) -> None:
    """The formulas compare with words: they must be the ones that stand in the cells."""
    content = xlsx.workbook(every_rule())
    control = spreadsheets.computed({"nn": content}, tmp_path)["nn"]["Kontroll"]
    assert control["A2"].value == "Reknearket stemmer med programmet: ingen skilnader."
    rows = list(control.iter_rows(min_row=6, values_only=True))
    assert len(rows) > 100
    assert {row[5] for row in rows} == {0}
    assert any(row[1] == "Sum utan ubekrefta bidrag" and row[3] for row in rows)


def test_the_csv_file_is_nynorsk() -> None:
    study = every_rule()
    text = people_csv((table for _, table in study.alternatives), "nn").decode("utf-8-sig")
    assert text.startswith("Alternativ;Bidragsytar;Status;Innbyggjarar;")
    assert ";bekrefta;" in text
    assert unsaid(text, study) == []


def test_the_files_follow_the_agreement(as_: Any, ringerike: Agreement) -> None:
    folder = f"/avtaler/{ringerike.slug}/dokumenter/"
    Agreement.objects.filter(pk=ringerike.pk).update(language="nn")
    client = as_("editor")
    assert "Bidragsytar" in client.get(f"{folder}bidragstabell.csv").content.decode()
    assert "Føresetnader" in cells(client.get(f"{folder}bidragstabell.xlsx").content)
    assert snapshot.build(Agreement.objects.get(pk=ringerike.pk)).language is Language.NYNORSK
    text = client.get(f"/avtaler/{ringerike.slug}/tekst/")
    assert pages.page(text).one("article", lang="nn") is not None


def word_text(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [
            archive.read(f"word/{name}.xml").decode() for name in ("document", "header1", "footer1")
        ]
    return re.sub("<[^>]*>", " ", " ".join(parts))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_word_documents_and_workbooks_are_nynorsk(name: str) -> None:
    document = nynorsk(name)
    issue = draft(document)
    texts = [
        word_text(documents.agreement_docx(document)),
        word_text(documents.contributions_docx(document, issue)),
        cells(documents.agreement_xlsx(document, issue)),
    ]
    for text in texts:
        assert bokmal_only(text) == []
        assert foreign(text) == []
    bokmal = DOCUMENTS[name]
    assert len(bokmal_only(cells(documents.agreement_xlsx(bokmal, draft(bokmal))))) > 10


def test_the_comparison_as_word_and_workbook_is_nynorsk() -> None:
    study = every_rule()
    for text in (
        word_text(documents.comparison_docx(study, Language.NYNORSK)),
        cells(documents.comparison_xlsx(study, Language.NYNORSK)),
    ):
        assert unsaid(text, study) == []
        assert "Sum kommunar" in text
    assert "Skilnad: KONTROLL" in text
