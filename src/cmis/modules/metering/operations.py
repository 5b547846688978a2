"""Changes of the metering catalogue."""

import csv
from collections.abc import Iterable
from importlib.resources import files
from io import StringIO

from cmis.kernel.errors import Bilingual, UnableTo
from cmis.modules.metering.models import MeterType
from cmis.modules.metering.types import MeterTypeFacts

#: A dial of more digits than this does not exist; the column would hold them.
MOST_DIAL_DIGITS = 11


class UnableToReadMeterTypes(UnableTo):
    code = "MTR-001"
    what = Bilingual(
        "Danh mục loại công tơ sai ở dòng {line}: {problem}.",
        "The catalogue of meter types is wrong in line {line}: {problem}.",
    )
    next_step = Bilingual(
        "Sửa tệp: cột code,dial_digits,phase_count,name; số chữ số từ 1 đến 11.",
        "Mend the file: columns code,dial_digits,phase_count,name; digits from 1 to 11.",
    )


def parse_meter_types(text: str) -> list[MeterTypeFacts]:
    """Read a catalogue in CSV form: ``code,dial_digits,phase_count,name``, the last two optional.

    Raises:
        UnableToReadMeterTypes: a column is missing or a number is none.
    """
    reader = csv.DictReader(StringIO(text.removeprefix("\ufeff")))
    if not {"code", "dial_digits"} <= set(reader.fieldnames or ()):
        raise UnableToReadMeterTypes(line=1, problem="code, dial_digits?")
    found: list[MeterTypeFacts] = []
    for line in reader:
        code = (line["code"] or "").strip()
        digits = (line["dial_digits"] or "").strip()
        phases = (line.get("phase_count") or "1").strip()
        if not code or len(code) > MeterType._meta.get_field("code").max_length:
            raise UnableToReadMeterTypes(line=reader.line_num, problem="code")
        if digits and not (digits.isascii() and digits.isdigit()):
            raise UnableToReadMeterTypes(line=reader.line_num, problem="dial_digits")
        if digits and not 1 <= int(digits) <= MOST_DIAL_DIGITS:
            raise UnableToReadMeterTypes(line=reader.line_num, problem="dial_digits")
        if phases not in ("1", "3"):
            raise UnableToReadMeterTypes(line=reader.line_num, problem="phase_count")
        name = (line.get("name") or "").strip()
        found.append(MeterTypeFacts(code, int(digits) if digits else None, int(phases), name))
    return found


def sample_meter_types() -> list[MeterTypeFacts]:
    """The catalogue of the synthetic sample books (types 999 and 998)."""
    source = files("cmis.modules.metering") / "data" / "sample_meter_types.csv"
    return parse_meter_types(source.read_text(encoding="utf-8"))


def load_meter_types(types: Iterable[MeterTypeFacts]) -> int:
    """Enter or correct types of the catalogue; returns how many were new or changed."""
    known = {kind.code: kind for kind in MeterType.objects.all()}
    changed = 0
    for facts in types:
        kind = known.get(facts.code) or MeterType(code=facts.code)
        before = (kind.pk, kind.dial_digits, kind.phase_count, kind.name)
        kind.dial_digits, kind.phase_count, kind.name = (
            facts.dial_digits,
            facts.phase_count,
            facts.name,
        )
        if before != (kind.pk, kind.dial_digits, kind.phase_count, kind.name) or kind.pk is None:
            kind.save()
            known[kind.code] = kind
            changed += 1
    return changed
