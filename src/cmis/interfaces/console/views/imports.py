"""Returned files: see the verdict on every row first, then take the file."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from cmis.formats.hhu.import_report import report_text
from cmis.interfaces.console import staging, tables, words
from cmis.interfaces.console.desk import Desk, language, room, show
from cmis.interfaces.console.forms import UploadForm
from cmis.journeys.import_a_book import import_book_file
from cmis.journeys.preview_an_import import preview_book_file
from cmis.kernel.errors import UnableTo
from cmis.modules.reading import queries as books
from cmis.modules.reading.types import RowVerdict

GOOD = "OK"
#: Doubtful rows a page shows; the exports have all.
SHOWN = 300


@room("import_book", methods=("GET", "POST"))
def upload(request: HttpRequest, desk: Desk) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid():
        file = form.cleaned_data["file"]
        if file.size <= staging.LARGEST_BYTES:
            digest = staging.keep(request, desk, name=file.name, data=file.read())
            return redirect("console:preview", sha256=digest)
        form.add_error("file", _("Tệp lớn quá 64 MB; sổ ghi chỉ số không lớn như vậy."))
    return show(request, desk, "upload.html", {"form": form}, status=422 if form.is_bound else 200)


@room("import_book", back="console:upload")
def preview(request: HttpRequest, desk: Desk, sha256: str) -> HttpResponse:
    """What the file would do. Nothing is kept of it yet."""
    found = staging.kept(request, desk, sha256)
    if found is None:
        raise Http404
    name, data = found
    try:
        outcome = preview_book_file(
            data, name=name, actor=desk.actor.username, at=desk.at, scope=desk.scope("import_book")
        )
    except UnableTo as error:
        staging.drop(request, desk, sha256)
        messages.error(request, error.message(language()))
        return redirect("console:upload")
    if tables.wants_file(request):
        return tables.as_file(request, f"ket-luan-{sha256[:12]}", _columns(), outcome.verdicts)
    context = {"outcome": outcome, "sha256": sha256, **_doubts(outcome.verdicts)}
    return show(request, desk, "import_preview.html", {**context, **tables.links(request)})


@room("import_book", methods=("POST",))
def take(request: HttpRequest, desk: Desk, sha256: str) -> HttpResponse:
    found = staging.kept(request, desk, sha256)
    if found is None:
        raise Http404
    name, data = found
    outcome = import_book_file(
        data, name=name, actor=desk.actor.username, at=desk.at, scope=desk.scope("import_book")
    )
    if not outcome.is_taken:
        messages.error(
            request, _("Không nhận được gì từ tệp này: không dòng nào khớp sổ đang xuất.")
        )
        return redirect("console:preview", sha256=sha256)
    staging.drop(request, desk, sha256)
    counts = {
        "accepted": outcome.accepted_count,
        "held": outcome.held_count,
        "refused": outcome.refused_count,
    }
    text = _("Đã nhận: %(accepted)s dòng tốt, %(held)s dòng giữ lại, %(refused)s dòng từ chối.")
    messages.success(request, text % counts)
    if not outcome.period_codes:
        return redirect("console:board")
    address = reverse("console:period", kwargs={"code": outcome.period_codes[0]})
    return redirect(f"{address}?part=files")


@room("see_board")
def report(request: HttpRequest, desk: Desk, file_id: int) -> HttpResponse:
    """The verdicts of a file that was taken."""
    page = books.file_page(desk.scope("see_board"), file_id)
    if request.GET.get("format") == "tsv":
        answer = HttpResponse(report_text(page.verdicts), content_type="text/tab-separated-values")
        answer["Content-Disposition"] = f'attachment; filename="{page.file.sha256[:12]}.tsv"'
        return answer
    if tables.wants_file(request):
        return tables.as_file(request, page.file.sha256[:12], _columns(), page.verdicts)
    context = {"page": page, "file": page.file, **_doubts(page.verdicts), **tables.links(request)}
    return show(request, desk, "file.html", context)


def _doubts(verdicts: Sequence[RowVerdict]) -> dict[str, Any]:
    """Rows with a doubt, each in a sentence, and how often each verdict was given."""
    doubtful = [one for one in verdicts if one.code != GOOD]
    counts: dict[str, int] = {}
    for one in doubtful:
        counts[one.code] = counts.get(one.code, 0) + 1
    return {
        "doubts": [
            (one, words.verdict_sentence(one.code), words.verdict_tone(one.code))
            for one in doubtful[:SHOWN]
        ],
        "doubt_count": len(doubtful),
        "counts": sorted(counts.items(), key=lambda pair: -pair[1]),
    }


def _columns() -> list[tables.Column]:
    return [
        tables.Column(_("Dòng"), "number", lambda one: one.row_number),
        tables.Column(_("Khóa dòng"), "text", lambda one: one.key),
        tables.Column(_("Kết luận"), "text", lambda one: one.code),
        tables.Column(_("Kết luận thêm"), "text", lambda one: " ".join(one.further)),
        tables.Column(_("Diễn giải"), "text", lambda one: words.verdict_sentence(one.code)),
    ]
