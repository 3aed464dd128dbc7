"""Attachments: listed, sent in, edited, taken out, put back, and downloaded as they were sent."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agreements import access
from agreements import attachments as services
from agreements.attachment_forms import AttachmentForm, NewAttachmentForm
from agreements.models import Agreement, Attachment, AttachmentFile
from agreements.views.common import STEPS, actor, page
from municipalities import byte_ranges, revisions
from municipalities.answers import CONFLICT, INVALID, with_revision
from municipalities.forms import DeleteForm


def _rows(agreement: Agreement) -> QuerySet[Attachment]:
    """The attachments with their files, without the bytes. Two queries."""
    files = AttachmentFile.objects.defer("content").select_related("uploaded_by")
    return agreement.attachments.prefetch_related(Prefetch("files", files))


def _find(agreement: Agreement, pk: int, *, deleted: bool = False) -> Attachment:
    """Return one of the agreement's attachments; 404 otherwise."""
    row = _rows(agreement).filter(pk=pk, deleted_at__isnull=not deleted).first()
    if row is None:
        raise Http404
    row.agreement = agreement
    return row


@require_GET
def attachments(request: HttpRequest, slug: str) -> HttpResponse:
    """The list in its order, and for those who edit what has been taken out."""
    agreement, able = access.fetch(request, slug)
    rows = list(_rows(agreement))
    return page(
        request,
        "agreements/attachments.html",
        agreement,
        able,
        {
            "attachments": [row for row in rows if row.deleted_at is None],
            "deleted": [row for row in rows if row.deleted_at is not None],
        },
        tab="documents",
    )


@require_http_methods(["GET", "POST"])
def new_attachment(request: HttpRequest, slug: str) -> HttpResponse:
    """Send in a file."""
    agreement, able = access.fetch(request, slug, edit=True)
    posted = request.method == "POST"
    form = NewAttachmentForm(request.POST, request.FILES) if posted else NewAttachmentForm()
    if posted:
        if target := revisions.earlier(request.POST.get("token"), request.user):
            return redirect(target)
        if form.is_valid():
            data = form.cleaned_data

            def make() -> str:
                services.add_attachment(
                    actor(request, able), agreement, form.values(), data["file"]
                )
                messages.success(request, f"«{data['title']}» er lagt ved.")
                return reverse("attachments", args=[slug])

            try:
                return redirect(revisions.once(data["token"], request.user, make))
            except services.TooManyError:
                form.add_error(None, f"En avtale kan ha høyst {services.MOST} vedlegg")
    return page(
        request,
        "agreements/new_attachment.html",
        agreement,
        able,
        {"form": form},
        tab="documents",
        status=INVALID if posted else 200,
    )


@require_http_methods(["GET", "POST"])
def attachment(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Edit what an attachment is called, or replace its file."""
    agreement, able = access.fetch(request, slug, edit=True)
    row = _find(agreement, pk)
    status, current = 200, None
    if request.method == "GET":
        names = ("title", "kind", "access_code", "revision")
        form = AttachmentForm(initial={name: getattr(row, name) for name in names})
    else:
        form, status = AttachmentForm(request.POST, request.FILES), INVALID
        if form.is_valid():
            data = form.cleaned_data
            try:
                services.save_attachment(
                    actor(request, able), row, data["revision"], form.values(), data["file"]
                )
                messages.success(request, f"«{data['title']}» er lagret.")
                return redirect("attachments", slug)
            except Attachment.DoesNotExist:
                raise Http404 from None
            except revisions.StaleRevisionError as stale:
                form = AttachmentForm(with_revision(request.POST, stale.current), request.FILES)
                status, current = CONFLICT, stale.current
    return page(
        request,
        "agreements/attachment.html",
        agreement,
        able,
        {
            "form": form,
            "attachment": row,
            "current": current,
            "delete_form": DeleteForm(initial={"revision": row.revision}),
        },
        tab="documents",
        status=status,
    )


@require_POST
def delete_attachment(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take an attachment out of the agreement."""
    agreement, able = access.fetch(request, slug, edit=True)
    row = _find(agreement, pk)
    form = DeleteForm(request.POST)
    if not form.is_valid():
        return redirect("attachment", slug, pk)
    try:
        services.delete_attachment(actor(request, able), row, form.cleaned_data["revision"])
    except (revisions.StaleRevisionError, Attachment.DoesNotExist):
        messages.error(request, "Vedlegget ble endret av noen andre. Se over før du tar det ut.")
        return redirect("attachments", slug)
    messages.success(
        request, f"«{row.title}» er tatt ut. Du kan hente det tilbake nederst på siden."
    )
    return redirect("attachments", slug)


@require_POST
def restore_attachment(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Put an attachment back, last in the list."""
    agreement, able = access.fetch(request, slug, edit=True)
    row = agreement.attachments.filter(pk=pk).first()
    if row is None:
        raise Http404
    try:
        if services.restore_attachment(actor(request, able), row):
            messages.success(request, f"«{row.title}» er med igjen.")
    except services.TooManyError:
        messages.error(request, f"En avtale kan ha høyst {services.MOST} vedlegg.")
    return redirect("attachments", slug)


@require_POST
def move_attachment(request: HttpRequest, slug: str, pk: int, step: str) -> HttpResponse:
    """Move an attachment one place up or down."""
    agreement, able = access.fetch(request, slug, edit=True)
    if step not in STEPS:
        raise Http404
    services.move_attachment(actor(request, able), _find(agreement, pk), STEPS[step])
    return redirect(f"{reverse('attachments', args=[slug])}#vedlegg-{pk}")


@require_GET
def attachment_file(request: HttpRequest, slug: str, pk: int, file_pk: int) -> HttpResponse:
    """Send the bytes as they were stored, never shown by the browser.

    403 for one with an access code that the person may not see. What has been taken out, and files
    that were replaced, are for those who edit.
    """
    agreement, able = access.fetch(request, slug)
    row = agreement.attachments.filter(pk=pk).first()
    file = row and row.files.defer("content").filter(pk=file_pk).first()
    if row is None or file is None:
        raise Http404
    newest = row.files.values_list("pk", flat=True)[0]
    if not able.team and (row.deleted_at is not None or file.pk != newest):
        raise Http404
    if row.access_code and not able.restricted:
        raise PermissionDenied
    tag = f'"{file.sha256}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified()
    response = HttpResponse(bytes(file.content), content_type=file.media_type)
    response["Content-Disposition"] = byte_ranges.disposition(file.name)
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
