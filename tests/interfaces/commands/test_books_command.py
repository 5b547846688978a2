"""``cmis books`` as somebody types it."""

from pathlib import Path
from typing import Any

import pytest

from cmis.interfaces.commands.main import main
from cmis.modules.metering.models import MeterType
from cmis.modules.reading.models import BookPeriod, ReadingEvent

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "hhu"
WALK = "PX0100102-2026-7-1"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(settings: Any) -> None:
    settings.CMIS_CLOCK = "2026-07-13T18:00:00+07:00"


def sample(name: str) -> str:
    return str(SAMPLES / f"{name}.xml")


def test_out_back_and_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["books", "adopt", sample(WALK)]) == 0
    assert "tiếp nhận PX0100102-2026-7-1, 10 bộ chỉ số" in capsys.readouterr().out
    assert main(["books", "adopt", sample(WALK)]) == 0
    assert "không đổi gì" in capsys.readouterr().out
    export = ["books", "export", "--book", "PX0100102", "--period", "2026-7-1"]
    assert main([*export, "--out", str(tmp_path / "out"), "--holder", "reader-7"]) == 0
    written = list((tmp_path / "out").iterdir())
    assert [path.name for path in written] == [f"{WALK}.xml"]
    assert written[0].read_bytes() == Path(sample(WALK)).read_bytes()
    report = tmp_path / "report.tsv"
    back = ["books", "import", sample(f"{WALK}.returned"), "--report", str(report)]
    assert main(back) == 0
    expected = "".join(f"{n}\t9000{3000 + 10 * n}\tOK\n" for n in range(1, 10))
    text = f"row\tBOCSO_ID\tcode\n{expected}10\t90003100\tUNREAD_ROW\n"
    assert report.read_text(encoding="utf-8") == text
    report.unlink()
    capsys.readouterr()
    assert main(back) == 0
    assert "SAME_FILE_ALREADY_IMPORTED" in capsys.readouterr().out
    assert report.read_text(encoding="utf-8") == text
    assert ReadingEvent.objects.count() == 9


def test_the_report_of_several_files_names_them(tmp_path: Path) -> None:
    book = "PX0100101-2026-7-1"
    assert main(["books", "adopt", sample(WALK), sample(book)]) == 0
    report = tmp_path / "report.tsv"
    files = [sample(f"{WALK}.returned"), sample(f"{book}.BAD")]
    assert main(["books", "import", *files, "--report", str(report)]) == 0
    lines = report.read_text(encoding="utf-8").splitlines()
    assert lines[0].split("\t") == ["row", "BOCSO_ID", "code", "file"]
    assert len(lines) == 1 + 10 + 22


def test_another_holder_is_refused_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["books", "adopt", sample(WALK)])
    export = ["books", "export", "--book", "PX0100102", "--period", "2026-7-1"]
    export += ["--out", str(tmp_path)]
    assert main([*export, "--holder", "reader-7"]) == 0
    assert main(["--language", "en", *export, "--holder", "reader-8"]) == 1
    assert "READ-002: The book PX0100102-2026-7-1 is held by reader-7." in capsys.readouterr().err
    steps = ["--book", "PX0100102", "--period", "2026-7-1", "--reason", "máy hỏng"]
    assert main(["books", "take-back", *steps]) == 0
    assert main([*export, "--holder", "reader-8"]) == 0
    assert main(["books", "import", sample(f"{WALK}.returned")]) == 0
    assert main(["books", "cancel-receive", *steps]) == 0
    assert BookPeriod.objects.get(code=WALK).state == "exported"
    assert main(["books", "cancel-receive", *steps]) == 1
    capsys.readouterr()
    assert main(["books", "list"]) == 0
    assert capsys.readouterr().out == f"PX0100102\tPX0100\t{WALK}\texported\t\n"


def test_a_damaged_file_fails_and_the_others_are_taken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["books", "adopt", sample(WALK)])
    damaged = tmp_path / "cut.xml"
    damaged.write_bytes(Path(sample(f"{WALK}.returned")).read_bytes()[:5_000])
    assert main(["books", "import", str(damaged), sample(f"{WALK}.returned")]) == 1
    assert "cut.xml: READ-103" in capsys.readouterr().err
    assert ReadingEvent.objects.count() == 9


def test_a_file_of_no_exported_book_is_not_taken(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["books", "import", sample(f"{WALK}.returned")]) == 1
    assert "BOOK_NOT_EXPORTED: 10" in capsys.readouterr().out


def test_the_catalogue_of_meter_types_is_the_operators(tmp_path: Path) -> None:
    catalogue = tmp_path / "types.csv"
    catalogue.write_text("code,dial_digits,phase_count,name\n999,4,3,Ba pha\n", encoding="utf-8")
    assert main(["books", "adopt", sample(WALK), "--meter-types", str(catalogue)]) == 0
    kinds = MeterType.objects.order_by("code").values_list("code", "dial_digits", "phase_count")
    assert list(kinds) == [("998", 6, 1), ("999", 4, 3)]


@pytest.mark.parametrize(
    "text", ["code\n999\n", "code,dial_digits\n999,-5\n", "code,dial_digits\n,5\n"]
)
def test_a_wrong_catalogue_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    catalogue = tmp_path / "types.csv"
    catalogue.write_text(text, encoding="utf-8")
    assert main(["books", "adopt", sample(WALK), "--meter-types", str(catalogue)]) == 1
    assert "MTR-001" in capsys.readouterr().err
    assert BookPeriod.objects.count() == 0
