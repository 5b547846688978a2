"""The one-time code as SMS and e-mail."""

from cmis.formats.notices.message_text import EmailText
from cmis.kernel.errors import Bilingual
from cmis.kernel.text import without_diacritics

_TEXT = Bilingual(
    "Mã đăng nhập cổng khách hàng điện lực: {code}. Mã có hiệu lực {minutes} phút."
    " Không đưa mã này cho bất kỳ ai.",
    "Your log-in code for the electricity portal: {code}. It is valid for {minutes} minutes."
    " Never give it to anybody.",
)
_SUBJECT = Bilingual("Mã đăng nhập cổng khách hàng", "Your log-in code")


def login_sms(code: str, minutes: int, language: str = "vi") -> str:
    """One part in the cheap alphabet."""
    return without_diacritics(_TEXT.render(language, code=code, minutes=minutes))


def login_email(code: str, minutes: int, language: str = "vi") -> EmailText:
    return EmailText(
        _SUBJECT.render(language), _TEXT.render(language, code=code, minutes=minutes) + "\n"
    )
