"""The agreement as a Word document: with open input as comments, and changes since another tracked."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from agreements import access, documents, exporting, snapshot, versions, workflow
from agreements.documents.docx import MEDIA_TYPE, Remark
from agreements.models import Agreement, Comment, Version
from agreements.views import differences
from agreements.views.documents import sent


@require_GET
def agreement_docx(request: HttpRequest, slug: str) -> HttpResponse:
    """The draft with the open input as comments; the version's file while one counts.

    Of that `?med=innspill` has the comments too. `?mot=mal/1` marks what differs from what the address
    of a difference names; else 404.
    """
    agreement, able = access.fetch(request, slug)
    other = request.GET.get("mot")
    if other is None and (counts := workflow.current(agreement)):
        if request.GET.get("med") != "innspill":
            return redirect("version-docx", slug, counts.number)
        return _with_input(request, agreement, able, counts)
    document = snapshot.build(agreement)
    remarks = _remarks(agreement, able)
    if other is None:
        content = documents.agreement_docx(document, remarks)
        return sent(content, MEDIA_TYPE, f"{slug}-utkast.docx")
    kind, _, key = other.partition("/")
    choice = differences.chosen(request, agreement, kind, key)
    before = differences.document_of(request, choice, document)
    issue = None
    if counts := workflow.current(agreement):
        document, issue = workflow.document_of(counts), exporting.issue_of(counts)
    content = documents.changes_docx(
        before, document, f"Endret siden {choice.name}", agreement.updated_at, remarks, issue
    )
    return sent(content, MEDIA_TYPE, f"{slug}-endringer.docx")


def _with_input(
    request: HttpRequest, agreement: Agreement, able: access.Abilities, version: Version
) -> HttpResponse:
    """A version as it was frozen, with what is said about it since."""
    document, issue = workflow.document_of(version), exporting.issue_of(version)
    content = documents.agreement_docx(document, _remarks(agreement, able), issue)
    versions.downloaded(version, request.user, able.organisation, "avtale.docx")
    return sent(content, MEDIA_TYPE, f"{agreement.slug}-versjon-{version.number}-innspill.docx")


def _remarks(agreement: Agreement, able: access.Abilities) -> list[Remark]:
    """The open input that this person may see, replies with what they answer. Two queries."""
    rows = access.comments(agreement, able).select_related("author", "organisation", "suggestion")
    rows = rows.order_by("pk")
    replies: dict[int, list[Remark]] = {}
    for row in rows.filter(parent__state=Comment.State.OPEN):
        assert row.parent_id is not None  # filtered by it
        replies.setdefault(row.parent_id, []).append(_remark(row))
    return [
        _remark(row, tuple(replies.get(row.pk, ())))
        for row in rows.filter(parent=None, state=Comment.State.OPEN)
    ]


def _remark(row: Comment, replies: tuple[Remark, ...] = ()) -> Remark:
    text = row.text
    if row.kind == Comment.Kind.SUGGESTION:
        proposed = row.suggestion
        text = f"{text}\nForslag: {proposed.heading}\n{proposed.text}".lstrip()
    if row.service_key:
        text = f"Om «{row.about}»: {text}"
    author = f"{row.author.name}, {row.organisation.name}"
    return Remark(row.clause_key, author, row.created_at, text, replies)
