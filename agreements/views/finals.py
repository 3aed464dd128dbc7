"""The stored files of a version, sent as they were stored."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from agreements import access, finals, versions
from agreements.models import StoredFile
from municipalities import byte_ranges


@require_safe
def stored_file(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The stored bytes, whole or the part that is asked for; 304 for somebody who has them."""
    agreement, able = access.fetch(request, slug, versions=True, bare=True)
    file = finals.find(agreement, pk)
    if file is None:
        raise Http404
    tag = f'"{file.sha256}"'
    if _has(request.headers.get("If-None-Match", ""), tag):
        return _headed(HttpResponseNotModified(), file)
    # A range of another file than the one that was begun on would be put together wrong.
    header = request.headers.get("Range", "")
    if request.headers.get("If-Range", tag) != tag or request.method == "HEAD":
        header = ""
    try:
        part = byte_ranges.asked(header, file.size)
    except byte_ranges.UnsatisfiableError:
        answer = HttpResponse(status=416, content_type="text/plain")
        answer["Content-Range"] = f"bytes */{file.size}"
        return _headed(answer, file)
    if request.method != "HEAD":
        what = StoredFile.Kind(file.kind).label
        versions.downloaded(
            file.version,
            request.user,
            able.organisation,
            what,
            whole=part is None,
        )
    return _headed(_sent(file, part, head=request.method == "HEAD"), file)


def _has(header: str, tag: str) -> bool:
    """Whether one of the tags somebody has is the file's; a weak one is as good for a file."""
    known = [item.strip().removeprefix("W/") for item in header.split(",")]
    return tag in known or known == ["*"]


def _sent(file: StoredFile, part: tuple[int, int] | None, *, head: bool) -> HttpResponse:
    if part is None:
        content = b"" if head else finals.read(file)
        answer = HttpResponse(content, content_type=file.media_type)
        answer["Content-Length"] = str(file.size)
    else:
        start, length = part
        answer = HttpResponse(
            finals.read(file, start, length), content_type=file.media_type, status=206
        )
        answer["Content-Length"] = str(length)
        answer["Content-Range"] = f"bytes {start}-{start + length - 1}/{file.size}"
    answer["Content-Disposition"] = byte_ranges.disposition(file.file_name)
    return answer


def _headed(answer: HttpResponse, file: StoredFile) -> HttpResponse:
    """What every answer about a file says: its tag, who may keep it, and that nothing in it is run."""
    answer["ETag"] = f'"{file.sha256}"'
    answer["Accept-Ranges"] = "bytes"
    answer["Cache-Control"] = "private, no-cache"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    patch_vary_headers(answer, ["Cookie"])
    return answer
