"""What a program may ask wrongly, and the one shape in which it is told."""

from http import HTTPStatus

from django.http import JsonResponse

from cmis.kernel.errors import Bilingual, UnableTo


class UnableToReadQuestion(UnableTo):
    """A parameter of the address is unknown or cannot be read."""

    code = "API-001"
    what = Bilingual(
        "Không hiểu tham số {name} của địa chỉ.", "The parameter {name} cannot be understood."
    )
    next_step = Bilingual(
        "Tham số duy nhất là on, một ngày như 2026-07-31.",
        "The only parameter is on, a day such as 2026-07-31.",
    )


class UnableToFindAddress(UnableTo):
    """There is nothing at this address of the API."""

    code = "API-002"
    what = Bilingual("Không có gì ở địa chỉ này.", "There is nothing at this address.")
    next_step = Bilingual("Bắt đầu từ /api/v1/tariffs.", "Start from /api/v1/tariffs.")


class UnableToChange(UnableTo):
    """The open data can only be read."""

    code = "API-003"
    what = Bilingual("Dữ liệu mở chỉ để đọc.", "Open data can only be read.")
    next_step = Bilingual("Hãy dùng GET.", "Use GET.")


STATUS: dict[type[UnableTo], HTTPStatus] = {
    UnableToReadQuestion: HTTPStatus.BAD_REQUEST,
    UnableToChange: HTTPStatus.METHOD_NOT_ALLOWED,
}


def error_response(failure: UnableTo) -> JsonResponse:
    """``{"error": {"code", "message": {"vi", "en"}, "next_step": {"vi", "en"}}}``; 404 unless the
    failure is of another kind."""

    def both(text: Bilingual) -> dict[str, str]:
        return {language: text.render(language, **failure.values) for language in ("vi", "en")}

    values = {
        "code": failure.code,
        "message": both(failure.what),
        "next_step": both(failure.next_step),
    }
    return JsonResponse(
        {"error": values},
        status=STATUS.get(type(failure), HTTPStatus.NOT_FOUND),
        json_dumps_params={"ensure_ascii": False},
    )
