"""Every text people see has English, and the tool that says so can see."""

from pathlib import Path

import polib
import pytest

from tools import messages
from tools.messages import Message


def test_every_app_is_complete_in_english() -> None:
    found = messages.collect()
    assert any(app.name == "ui" for app in found)
    assert [fault for app, texts in found.items() for fault in messages.faults(app, texts)] == []
    assert messages.conflicts(found) == []


def test_texts_of_a_template() -> None:
    source = (
        '{% heading _("Giảm 10%") caption=_(\'Kỳ\') %}{% translate "Tháng" context "lịch" %}'
        "{% blocktranslate count n=rows %}{{ n }} dòng{% plural %}{{ n }} các dòng"
        "{% endblocktranslate %}{% blocktranslate trimmed %}\n  Xin\n  chào\n"
        "{% endblocktranslate %}"
        '{{ x|default:_("không") }}{# _("bỏ qua") #}'
    )
    assert list(messages.in_template(source)) == [
        Message("Giảm 10%%"),
        Message("Kỳ"),
        Message("Tháng", context="lịch"),
        Message("%(n)s dòng", "%(n)s các dòng"),
        Message("Xin chào"),
        Message("không"),
    ]


def test_texts_of_a_python_file() -> None:
    source = (
        'a = _("Một " "hai")\nb = gettext_lazy("Ba")\nc = ngettext("%(n)s sổ", "%(n)s các sổ", 2)\n'
        'd = pgettext("tiền", "Kỳ")\nother("không")\ngettext(name)\n'
    )
    assert list(messages.in_python(source, "x.py")) == [
        Message("Một hai"),
        Message("Ba"),
        Message("%(n)s sổ", "%(n)s các sổ"),
        Message("Kỳ", context="tiền"),
    ]


def test_an_f_string_is_refused() -> None:
    with pytest.raises(SystemExit, match="f-string"):
        list(messages.in_python('_(f"Xin {name}")', "x.py"))


def app(tmp_path: Path, template: str) -> Path:
    folder = tmp_path / "src" / "demo"
    (folder / "templates").mkdir(parents=True, exist_ok=True)
    (folder / "apps.py").write_text("")
    (folder / "templates" / "page.html").write_text(template)
    return folder


def faults_of(folder: Path) -> list[str]:
    return [fault.split(": ", 1)[1] for fault in messages.faults(folder, texts_of(folder))]


def texts_of(folder: Path) -> messages.Texts:
    return messages.collect(folder.parent)[folder]


def translate(folder: Path, english: dict[str, str]) -> None:
    path = folder / messages.CATALOG
    catalog = polib.pofile(str(path))
    for entry in catalog:
        entry.msgstr = english.get(entry.msgid, entry.msgstr)
    catalog.save()


def test_the_life_of_a_text(tmp_path: Path) -> None:
    folder = app(tmp_path, '{% translate "Sổ %(code)s" %}')
    assert faults_of(folder) == [
        "not collected: 'Sổ %%(code)s'",
        "django.mo is older than django.po",
    ]
    folder = app(tmp_path, '{% translate "Sổ ghi" %}')
    messages.write(folder, texts_of(folder))
    assert faults_of(folder) == ["no English for 'Sổ ghi'"]
    translate(folder, {"Sổ ghi": "Book"})
    assert faults_of(folder) == ["django.mo is older than django.po"]
    messages.write(folder, texts_of(folder))
    assert faults_of(folder) == []
    app(tmp_path, '{% translate "Sổ khác" %}')
    assert faults_of(folder) == ["not collected: 'Sổ khác'", "no longer used: 'Sổ ghi'"]
    messages.write(folder, texts_of(folder))
    app(tmp_path, '{% translate "Sổ ghi" %}')
    messages.write(folder, texts_of(folder))
    assert faults_of(folder) == []  # the English put aside came back


def test_places_must_agree_and_vietnamese_is_not_english(tmp_path: Path) -> None:
    folder = app(
        tmp_path, "{% blocktranslate %}Còn {{ n }} dòng{% endblocktranslate %}{% translate 'Sổ' %}"
    )
    messages.write(folder, texts_of(folder))
    translate(folder, {"Còn %(n)s dòng": "Rows left", "Sổ": "Sổ"})
    messages.write(folder, texts_of(folder))
    assert faults_of(folder) == [
        "the places in 'Rows left' differ from those in 'Còn %(n)s dòng'",
        "still Vietnamese: 'Sổ'",
    ]


def test_english_is_borrowed_and_must_not_differ(tmp_path: Path) -> None:
    one, other = (app(tmp_path / name, '{% translate "Kỳ" %}') for name in ("a", "b"))
    for folder, english in ((one, "Period"), (other, "Cycle")):
        messages.write(folder, texts_of(folder))
        translate(folder, {"Kỳ": english})
    assert messages.conflicts([one, other]) == [
        "'Kỳ' has different English: 'Cycle' (demo), 'Period' (demo)"
    ]
    third = app(tmp_path / "c", '{% translate "Kỳ" %}')
    messages.write(third, texts_of(third), [one])
    assert faults_of(third) == []
    assert polib.pofile(str(third / messages.CATALOG))[0].msgstr == "Period"
