"""The living style page: every component with synthetic content; served only while developing."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from cmis.interfaces.ui.samples import SampleForm, samples


def styleguide(request: HttpRequest) -> HttpResponse:
    """All components on one page; ``?errors=1`` shows the form with its errors."""
    form = SampleForm({"day": "31/02/2026"}) if "errors" in request.GET else SampleForm()
    page = Paginator(range(240), 10).get_page(request.GET.get("page", "6"))
    context = {"form": form, "page": page, **_progress(412), **samples()}
    return render(request, "ui/styleguide.html", context)


def progress_sample(request: HttpRequest) -> HttpResponse:
    """The fragment the progress bar of the style page polls."""
    done = min(2000, int(request.GET.get("done", "0")) + 120)
    return render(request, "ui/styleguide_progress.html", _progress(done))


def _progress(done: int) -> dict[str, object]:
    return {"done": done, "progress_url": f"{reverse('ui:progress_sample')}?done={done}"}
